//! Init, first reply, memory and processor time of each function, beside a function that does nothing.

use std::path::PathBuf;
use std::time::Duration;

use e2e::chart::{self, Bar};
use e2e::lambda::{Function, binary};
use e2e::svg;

use super::flow::{Prepared, prepare, refused};
use super::observed::Observed;
use super::process::{cpu, max_rss_mib, zipped_mb};

/// Starts of each candidate, one round after the other.
const STARTS: usize = 81;
/// Batches of warm requests of each candidate, again one round after the other.
const BATCHES: usize = 6;
/// Requests of a batch, sent right after each other: the first few warm up, of the others the processor time is read.
const WARM_UP: usize = 5;
const WARM: usize = 20;
/// Until a function that has answered is idle again.
const SETTLE: Duration = Duration::from_millis(5);

/// What is started and asked.
#[derive(Clone, Copy)]
pub(crate) enum Candidate<'w> {
    /// The function that answers a constant.
    Minimal(&'w Observed, &'w Function),
    /// A handler's request as in the flow.
    Whole(&'w Observed, &'static str),
    /// A request that the handler refuses at once.
    Refused(&'w Observed, &'static str),
}

/// The figures of one candidate.
pub(crate) struct Figures {
    pub(crate) init: Duration,
    pub(crate) first: Duration,
    pub(crate) sum: Duration,
    /// The sum without the time in which a call of the database or a provider was under way.
    pub(crate) own: Duration,
    pub(crate) cpu: Duration,
    pub(crate) max_rss_mib: f64,
    pub(crate) zipped_mb: f64,
}

/// One start.
struct Start {
    init: Duration,
    first: Duration,
    sum: Duration,
    own: Duration,
    max_rss_mib: f64,
}

impl Candidate<'_> {
    fn function(&self) -> &Function {
        match self {
            Self::Minimal(_, function) => function,
            Self::Whole(observed, handler) | Self::Refused(observed, handler) => observed.world.function(handler),
        }
    }

    fn binary(&self) -> PathBuf {
        match self {
            Self::Minimal(..) => minimal(),
            Self::Whole(_, handler) | Self::Refused(_, handler) => binary(handler),
        }
    }

    async fn prepare(&self) -> Prepared {
        match self {
            // Any event will do; this is the one that the function it is compared with gets.
            Self::Minimal(observed, _) => prepare(&observed.world, "shopify-login").await.answered_with(200),
            Self::Whole(observed, handler) => prepare(&observed.world, handler).await,
            Self::Refused(observed, handler) => refused(&observed.world, handler),
        }
    }

    fn observed(&self) -> &Observed {
        match self {
            Self::Minimal(observed, _) | Self::Whole(observed, _) | Self::Refused(observed, _) => observed,
        }
    }
}

/// The binary of the minimal function.
pub(crate) fn minimal() -> PathBuf {
    binary("shopify-login").with_file_name("examples").join("minimal")
}

/// Measures the candidates, interleaved.
pub(crate) async fn measure(candidates: &[Candidate<'_>]) -> Vec<Figures> {
    let mut starts: Vec<Vec<Start>> = candidates.iter().map(|_| Vec::new()).collect();
    for _ in 0..STARTS {
        for (candidate, starts) in candidates.iter().zip(&mut starts) {
            let request = candidate.prepare().await;
            let function = candidate.function();
            let _ = candidate.observed().calls.take();
            function.restart().await;
            let instance = function.instances()[0];
            let first = request.send(function).await;
            let sum = instance.init + first;
            let own = sum.saturating_sub(candidate.observed().calls.take());
            starts.push(Start { init: instance.init, first, sum, own, max_rss_mib: max_rss_mib(instance.pid) });
        }
    }
    let mut warm: Vec<Vec<Duration>> = candidates.iter().map(|_| Vec::new()).collect();
    for _ in 0..BATCHES {
        for (candidate, warm) in candidates.iter().zip(&mut warm) {
            let mut requests = Vec::new();
            for _ in 0..WARM_UP + WARM {
                requests.push(candidate.prepare().await);
            }
            let measured = requests.split_off(WARM_UP);
            let function = candidate.function();
            let pid = function.instances()[0].pid;
            for request in requests {
                request.send(function).await;
            }
            let before = cpu(pid);
            for request in measured {
                request.send(function).await;
            }
            tokio::time::sleep(SETTLE).await;
            warm.push(cpu(pid).saturating_sub(before) / WARM as u32);
        }
    }
    let figures = candidates.iter().zip(starts).zip(warm).map(|((candidate, starts), warm)| Figures {
        init: median(starts.iter().map(|start| start.init)),
        first: median(starts.iter().map(|start| start.first)),
        sum: median(starts.iter().map(|start| start.sum)),
        own: median(starts.iter().map(|start| start.own)),
        cpu: median(warm),
        max_rss_mib: starts.iter().map(|start| start.max_rss_mib).fold(max_rss_mib(candidate.function().instances()[0].pid), f64::max),
        zipped_mb: zipped_mb(&candidate.binary()),
    });
    figures.collect()
}

/// Draws init and first reply of each; the first is the yardstick.
pub(crate) fn draw(names: &[String], figures: &[Figures]) {
    let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
    let bars = names.iter().zip(figures).map(|(name, of)| Bar {
        name: name.clone(),
        parts: [ms(of.init), ms(of.first)],
        says: format!("{:.1} ms, {:.2} ×", ms(of.sum), of.sum.as_secs_f64() / figures[0].sum.as_secs_f64()),
    });
    let says = "Init and first reply of each function, compared with a minimal function";
    svg::write("docs/diagrams/starts.svg", &chart::bars(says, ["init", "first reply"], &Vec::from_iter(bars)));
}

/// The middle one.
pub(crate) fn median(values: impl IntoIterator<Item = Duration>) -> Duration {
    let mut values: Vec<Duration> = values.into_iter().collect();
    values.sort_unstable();
    values[values.len() / 2]
}
