//! The current event: what its log lines have in common, the remote calls made for it and how long
//! each took, and what was counted.

use std::{cell::RefCell, fmt, future::Future, time::Instant};

use crate::{metrics::Metric, platform::Platform};

tokio::task_local! {
    static IN_HAND: InHand;
}

#[derive(Default)]
struct InHand {
    marks: RefCell<Marks>,
    done: RefCell<Done>,
}

/// What every log line of an event contains, so that one line leads to the others.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// API Gateway's id of the request; empty without one.
    pub request_id: String,
    /// Lambda's id of the invocation.
    pub lambda_request_id: String,
    /// The root of X-Ray's trace, if there is one.
    pub trace_id: Option<String>,
    /// The same for all requests of a browser's flow; none for other callers.
    pub journey: Option<String>,
}

/// A remote call, as the log names it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The platform it goes to; none for AWS.
    pub platform: Option<&'static Platform>,
    /// The operation's name.
    pub name: &'static str,
}

impl Call {
    /// A call to a platform.
    #[must_use]
    pub const fn to(platform: &'static Platform, name: &'static str) -> Self {
        Self { platform: Some(platform), name }
    }
}

impl From<&'static str> for Call {
    fn from(name: &'static str) -> Self {
        Self { platform: None, name }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.platform {
            Some(platform) => write!(f, "{}.{}", platform.name, self.name),
            None => f.write_str(self.name),
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What was done for an event.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Each call with its milliseconds, in order of completion.
    pub calls: Vec<(Call, u64)>,
    /// What was counted.
    pub counts: Vec<(Metric, u64)>,
}

impl Done {
    /// How often a metric was counted.
    #[must_use]
    pub fn count_of(&self, metric: &Metric) -> u64 {
        self.counts.iter().find(|(counted, _)| counted == metric).map_or(0, |(_, count)| *count)
    }
}

/// Runs `future` as the work on one event.
pub async fn in_hand<F: Future>(marks: Marks, future: F) -> F::Output {
    IN_HAND.scope(InHand { marks: RefCell::new(marks), done: RefCell::default() }, future).await
}

/// Takes what was recorded for the current event so far.
#[must_use]
pub fn done() -> Done {
    IN_HAND.try_with(|event| event.done.take()).unwrap_or_default()
}

/// Passes the marks of the current event, if there is one.
pub(crate) fn with_marks(look: impl FnOnce(&Marks)) {
    let _ = IN_HAND.try_with(|event| look(&event.marks.borrow()));
}

/// From now on, the current event's log lines belong to this journey.
pub fn on_journey(journey: String) {
    let _ = IN_HAND.try_with(|event| event.marks.borrow_mut().journey = Some(journey));
}

/// Counts for the current event; outside one, does nothing.
pub fn count(metric: Metric, more: u64) {
    let _ = IN_HAND.try_with(|event| {
        let counts = &mut event.done.borrow_mut().counts;
        match counts.iter_mut().find(|(counted, _)| *counted == metric) {
            Some((_, count)) => *count = count.saturating_add(more),
            None => counts.push((metric, more)),
        }
    });
}

/// Records how long a call takes; outside [`in_hand`] it just runs it.
pub fn timed<F: Future>(call: impl Into<Call>, future: F) -> impl Future<Output = F::Output> {
    // On the heap: a call's future is some kilobytes, which everything awaiting it would otherwise
    // hold and copy.
    let (call, future) = (call.into(), Box::pin(future));
    async move {
        let started = Instant::now();
        let output = future.await;
        let millis = millis_since(started);
        let _ = IN_HAND.try_with(|event| event.done.borrow_mut().calls.push((call, millis)));
        output
    }
}

/// Whole milliseconds since then.
#[must_use]
pub fn millis_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Up to this many calls are listed one by one.
const TOLD: usize = 32;

/// The calls as the log line lists them: `name=milliseconds`. If there are very many, one word per
/// name, `name*calls=milliseconds of the longest`.
#[must_use]
pub fn summary(calls: &[(Call, u64)]) -> String {
    let words: Vec<String> = if calls.len() <= TOLD {
        calls.iter().map(|(call, millis)| format!("{call}={millis}")).collect()
    } else {
        let mut told: Vec<(Call, usize, u64)> = Vec::new();
        for &(call, millis) in calls {
            match told.iter_mut().find(|(known, ..)| *known == call) {
                Some((_, count, longest)) => (*count, *longest) = (*count + 1, (*longest).max(millis)),
                None => told.push((call, 1, millis)),
            }
        }
        told.iter().map(|(call, count, longest)| format!("{call}*{count}={longest}")).collect()
    };
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::metrics::{KEEPER_DUE, KEEPER_FAILED};

    #[test]
    fn very_many_calls_are_grouped_by_name() {
        assert_eq!(summary(&[("a".into(), 1), ("b".into(), 2), ("a".into(), 3)]), "a=1 b=2 a=3");
        let many: Vec<_> = (0..40).map(|millis| (if millis % 2 == 0 { "a" } else { "b" }.into(), millis)).collect();
        assert_eq!(summary(&many), "a*20=38 b*20=39");
    }

    #[test]
    fn elapsed_time_is_in_milliseconds() {
        let started = Instant::now().checked_sub(Duration::from_millis(1500)).unwrap();
        let millis = millis_since(started);
        assert!((1500..300_000).contains(&millis), "{millis}");
    }

    #[tokio::test]
    async fn each_event_has_its_own_counts_calls_and_marks() {
        let event = |id: &'static str, more: u64| {
            in_hand(Marks { request_id: id.to_owned(), ..Marks::default() }, async move {
                count(KEEPER_DUE, more);
                tokio::task::yield_now().await;
                timed("a", async {}).await;
                count(KEEPER_DUE, 1);
                on_journey(format!("of {id}"));
                with_marks(|marks| assert_eq!((marks.request_id.as_str(), marks.journey.clone()), (id, Some(format!("of {id}")))));
                done()
            })
        };
        let (one, two) = futures_util::future::join(event("one", 1), event("two", 5)).await;
        assert_eq!((one.count_of(&KEEPER_DUE), two.count_of(&KEEPER_DUE)), (2, 6));
        assert_eq!((one.calls.len(), one.count_of(&KEEPER_FAILED)), (1, 0));
        count(KEEPER_DUE, 1);
        assert!(done().counts.is_empty(), "nothing is in hand");
    }
}
