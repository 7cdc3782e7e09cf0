//! Counts deliveries, so that the keeper learns of an hour that failed. What succeeds is noted once
//! a minute, what fails at once.

use std::sync::{Mutex, PoisonError};

use shared::{
    UnixSeconds,
    store::{
        Directory,
        received::{Tally, slot_of},
    },
};

/// Between two notes of an instance where all is well.
const PAUSE: UnixSeconds = 60;
/// The same while deliveries fail.
const PAUSE_OF_FAILURES: UnixSeconds = 1;

/// What this instance counts. It outlives the configuration, which is read again every few minutes.
pub(crate) static COUNTING: Counting = Counting::new();

/// What has not been noted yet.
#[derive(Debug)]
pub(crate) struct Counting(Mutex<Uncounted>);

#[derive(Debug)]
struct Uncounted {
    slot: UnixSeconds,
    tally: Tally,
    noted_at: UnixSeconds,
    failures_noted_at: UnixSeconds,
}

impl Counting {
    const fn new() -> Self {
        let tally = Tally { succeeded: 0, failed: 0 };
        Self(Mutex::new(Uncounted { slot: 0, tally, noted_at: 0, failures_noted_at: 0 }))
    }

    /// Counts a delivery, and notes what there is to note. A note that fails is made with the next.
    pub(crate) async fn note(&self, directory: &Directory, now: UnixSeconds, has_succeeded: bool) {
        for (slot, tally) in self.count(now, has_succeeded) {
            if let Err(error) = directory.note_received(slot, tally).await {
                tracing::warn!(code = error.code.as_str(), cause = error.cause, "deliveries not noted");
                self.put_back(slot, tally);
            }
        }
    }

    /// What is to be noted now: the half-hour that is over, and this one when it is time.
    fn count(&self, now: UnixSeconds, has_succeeded: bool) -> Vec<(UnixSeconds, Tally)> {
        let mut uncounted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut notes = Vec::new();
        if uncounted.slot != slot_of(now) {
            notes.push((uncounted.slot, std::mem::take(&mut uncounted.tally)));
            uncounted.slot = slot_of(now);
        }
        let one = if has_succeeded { Tally { succeeded: 1, failed: 0 } } else { Tally { succeeded: 0, failed: 1 } };
        uncounted.tally = uncounted.tally.and(one);
        let has_failed = uncounted.tally.failed > 0;
        let next = if has_failed { uncounted.failures_noted_at + PAUSE_OF_FAILURES } else { uncounted.noted_at + PAUSE };
        if now >= next {
            uncounted.noted_at = now;
            if has_failed {
                uncounted.failures_noted_at = now;
            }
            notes.push((uncounted.slot, std::mem::take(&mut uncounted.tally)));
        }
        notes.retain(|(_, tally)| *tally != Tally::default());
        notes
    }

    /// One of another half-hour is given up: its time is as good as over.
    fn put_back(&self, slot: UnixSeconds, tally: Tally) {
        let mut uncounted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if uncounted.slot == slot {
            uncounted.tally = uncounted.tally.and(tally);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = slot_of(1_793_404_800);

    #[test]
    fn successes_are_noted_once_a_minute_and_failures_at_once() {
        let counting = Counting::new();
        let tally = |succeeded, failed| Tally { succeeded, failed };
        assert_eq!(counting.count(NOW, true), [(NOW, tally(1, 0))]);
        assert!((1..60).all(|second| counting.count(NOW + second, true).is_empty()));
        assert_eq!(counting.count(NOW + 60, true), [(NOW, tally(60, 0))]);
        assert_eq!(counting.count(NOW + 60, false), [(NOW, tally(0, 1))]);
        assert!(counting.count(NOW + 60, false).is_empty(), "once a second");
        assert_eq!(counting.count(NOW + 61, true), [(NOW, tally(1, 1))], "also with a success");
    }

    #[test]
    fn each_half_hour_is_noted_by_itself_and_what_was_not_written_comes_again() {
        let counting = Counting::new();
        let tally = |succeeded, failed| Tally { succeeded, failed };
        assert_eq!(counting.count(NOW, true).len(), 1);
        assert!(counting.count(NOW + 1, true).is_empty());
        assert_eq!(counting.count(NOW + 1800, false), [(NOW, tally(1, 0)), (NOW + 1800, tally(0, 1))]);
        counting.put_back(NOW, tally(1, 0));
        counting.put_back(NOW + 1800, tally(0, 1));
        assert_eq!(counting.count(NOW + 1801, false), [(NOW + 1800, tally(0, 2))]);
    }
}
