//! Real runs of the real keeper over very many due persons, and whether the model says the same.

use std::time::{Duration, Instant};

use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::json;

use super::crowd::Crowd;
use super::model::{Place, run_of};
use super::process;

/// What counts as the same.
const TOLERANCE: f64 = 0.2;
/// Persons, memory in MB, and the provider's latency in milliseconds. From the first two follows what the model needs. Of
/// ten thousand in one run some forty a second have to be done; more than some sixty would measure this machine alone.
const RUNS: [(u64, u32, u64); 6] =
    [(1_000, 64, 300), (1_000, 1024, 0), (1_000, 256, 300), (1_000, 64, 100), (10_000, 256, 450), (10_000, 512, 900)];

/// A measured run, and what the model says of it.
pub(crate) struct Measured {
    pub(crate) persons: u64,
    pub(crate) memory: u32,
    pub(crate) latency: Duration,
    pub(crate) took: Duration,
    /// Of the keeper's process, for each person.
    pub(crate) cpu: Duration,
    pub(crate) modelled: Duration,
    /// The most memory that the process held, in MiB.
    pub(crate) rss: f64,
}

impl Measured {
    pub(crate) fn a_minute(&self) -> f64 {
        self.persons as f64 * 60.0 / self.took.as_secs_f64()
    }

    /// How far the model is off.
    pub(crate) fn off_by(&self) -> f64 {
        self.modelled.as_secs_f64() / self.took.as_secs_f64() - 1.0
    }

    pub(crate) fn is_met(&self) -> bool {
        self.off_by().abs() <= TOLERANCE
    }
}

/// The runs, and what a visit takes besides its calls: waiting, and busy.
pub(crate) async fn measure() -> (Vec<Measured>, Duration, Duration) {
    let mut measured = Vec::new();
    for (persons, memory, latency) in RUNS {
        let latency = Duration::from_millis(latency);
        let (took, cpu, rss) = run(persons, memory, latency).await;
        eprintln!("bench: {persons} persons, {memory} MB, {latency:?} a call: {took:?}, {cpu:?} of CPU each");
        measured.push(Measured { persons, memory, latency, took, cpu, modelled: Duration::ZERO, rss });
    }
    // The one without latency is bounded by what is busy, the one with the fewest in hand by what is waited for.
    let busy = measured[1].took / u32::try_from(measured[1].persons).expect("few enough");
    let place = |of: &Measured, besides| Place { memory: of.memory.into(), latency: of.latency, besides, busy };
    let mut besides = Duration::ZERO;
    while run_of(place(&measured[0], besides), measured[0].persons) < measured[0].took && besides < Duration::from_secs(1) {
        besides += Duration::from_millis(1);
    }
    for run in &mut measured {
        run.modelled = run_of(place(run, besides), run.persons);
    }
    (measured, besides, busy)
}

/// How long it took, the processor's time for each person, and the memory.
async fn run(persons: u64, memory: u32, latency: Duration) -> (Duration, Duration, f64) {
    let world = World::builder().env_of("token-keeper", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory.to_string()).start().await;
    let crowd = Crowd::begin(&world).await;
    // Connections and the first looks of a new service.
    world.invoke("token-keeper", json!({})).await;
    crowd.come(&world, persons).await;
    if !latency.is_zero() {
        for call in ["debug_token", "subscribed_apps", "thread_routing"] {
            world.facebook.switch_on(call, Fault::Delay(latency), Times::UntilCleared);
        }
    }
    let pid = world.function("token-keeper").instances()[0].pid;
    let (begun, cpu) = (Instant::now(), process::cpu(pid));
    let reply = world.invoke("token-keeper", json!({})).await;
    let (took, cpu) = (begun.elapsed(), process::cpu(pid).saturating_sub(cpu));
    assert_eq!((&reply["failed"], &reply["remaining"]), (&json!(0), &json!(0)), "{reply}");
    (took, cpu / u32::try_from(persons).expect("few enough"), process::max_rss_mib(pid))
}
