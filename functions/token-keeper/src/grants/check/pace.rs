//! How long a check may ask, and how much concurrently.

use std::future::Future;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use shared::providers::load::Load;
use tokio::time::{Instant, timeout_at};

/// Concurrent calls, while the app's usage allows it.
const CONCURRENCY: usize = 8;

/// The time budget of a check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// No call starts after this.
    last_start: Instant,
    /// Calls without an answer by now are abandoned: the rest of the time is for writing the
    /// results.
    last_answer: Instant,
}

impl Pace {
    /// For a check that must finish by `end`.
    pub(super) fn until(end: Instant) -> Self {
        let now = Instant::now();
        let time = end.saturating_duration_since(now);
        Self { last_start: now + time * 3 / 4, last_answer: now + time * 7 / 8 }
    }

    /// Runs something until its time is over.
    pub(super) async fn keep<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        timeout_at(self.last_answer, work).await.ok()
    }

    /// Asks about each item, several concurrently, while time remains, the app's limit is not near,
    /// and no answer is the last. Returns the answers received.
    pub(super) async fn ask<I, F: Future>(
        &self,
        load: &Load,
        items: impl IntoIterator<Item = I>,
        ask: impl Fn(I) -> F,
        is_last: impl Fn(&F::Output) -> bool,
    ) -> Vec<F::Output> {
        let (mut items, mut asked, mut answers) = (items.into_iter(), FuturesUnordered::new(), Vec::new());
        loop {
            while asked.len() < load.width(CONCURRENCY) && Instant::now() < self.last_start && !load.is_exhausted() {
                let Some(item) = items.next() else { break };
                asked.push(ask(item));
            }
            let Some(Some(answer)) = self.keep(asked.next()).await else { return answers };
            let enough = is_last(&answer);
            answers.push(answer);
            if enough {
                return answers;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::{pending, ready},
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    fn in_time() -> Pace {
        Pace::until(Instant::now() + Duration::from_secs(3600))
    }

    #[test]
    fn a_quarter_of_the_time_is_for_answers_and_half_of_that_for_writing() {
        let now = Instant::now();
        let pace = Pace::until(now + Duration::from_secs(40));
        let (start, answer) = (pace.last_start.duration_since(now), pace.last_answer.duration_since(now));
        assert_eq!((start.as_secs(), answer.as_secs()), (30, 35));
    }

    #[test]
    fn a_person_with_2500_pages_at_a_second_a_call_takes_ten_token_visits() {
        let now = Instant::now();
        let time = Pace::until(now + Duration::from_secs(45)).last_start.duration_since(now);
        // Calls begun right before the deadline are answered within the second after it.
        let asked = CONCURRENCY * usize::try_from(time.as_secs() + 1).unwrap();
        assert_eq!((asked, 2500_usize.div_ceil(asked)), (272, 10));
    }

    #[tokio::test]
    async fn all_are_asked_eight_at_a_time_and_in_order() {
        let (open, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let ask = |number| {
            let (open, most) = (&open, &most);
            async move {
                most.fetch_max(open.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                open.fetch_sub(1, Ordering::Relaxed);
                number
            }
        };
        let mut answers = in_time().ask(&Load::default(), 0..50, ask, |_| false).await;
        answers.sort_unstable();
        assert_eq!((answers, most.into_inner()), ((0..50).collect(), 8));
    }

    #[tokio::test]
    async fn a_final_answer_ends_the_asking() {
        let answers = in_time().ask(&Load::default(), 0..100, ready, |number| *number == 4).await;
        assert_eq!(answers, [0, 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn without_time_nothing_starts_and_pending_calls_are_abandoned() {
        let now = Instant::now();
        let over = Pace { last_start: now, last_answer: now + Duration::from_secs(3600) };
        assert_eq!(over.ask(&Load::default(), 0..3, ready, |_| false).await.len(), 0);
        let late = Pace { last_start: now + Duration::from_secs(3600), last_answer: now };
        assert_eq!(late.ask(&Load::default(), 0..3, |_| pending::<u8>(), |_| false).await.len(), 0);
    }
}
