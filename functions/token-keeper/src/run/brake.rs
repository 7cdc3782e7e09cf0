//! When so many turned out dead that the mistake is likely ours, or the provider's.
//!
//! In a run, deaths are held back once more than ten records of a platform, and more than a fifth
//! of those judged, turned out dead that were not known to be: the platform is then left alone for
//! the rest of the run, and what was found dead is noted. A record that is noted counts no more,
//! and loses the note when it lives. Found dead again a day later, it is marked whatever else turns
//! out dead, but no more than ten in a run: so nobody holds the brake for longer than a day with
//! records of their own, and there is a day to put a mistake of ours right.

use shared::clock::UnixSeconds;

use crate::outcome::{Outcome, SECOND_LOOK_AFTER};

/// So few deaths are believed, whatever their share; and so many in a run that were found a day
/// ago.
const FEW: u64 = 10;
/// More than this share, in percent, is not.
const SHARE: u64 = 20;
/// Holds deaths of one platform back in one run.
#[derive(Debug, Default)]
pub(super) struct Brake {
    /// Records asked about that were not known to be dead.
    judged: u64,
    /// Of these.
    dead: u64,
    /// Records found dead again.
    again: u64,
    /// Of these, the ones that were believed.
    believed: u64,
}

impl Brake {
    /// Counts a record: a grant's death takes all its accounts along, and is one death for all
    /// that.
    pub(super) fn count(&mut self, outcome: &Outcome) {
        match (!outcome.dead.is_empty(), outcome.dead_seen_at()) {
            (true, seen_at) => self.count_dead(seen_at),
            (false, _) if outcome.checked + outcome.refreshed > 0 => self.judged += 1,
            (false, _) => {}
        }
    }

    fn count_dead(&mut self, seen_at: Option<UnixSeconds>) {
        if seen_at.is_some() {
            self.again += 1;
        } else {
            self.judged += 1;
            self.dead += 1;
        }
    }

    /// Whether too many turned out dead.
    pub(super) fn holds(&self) -> bool {
        self.dead > FEW && self.dead * 100 > self.judged * SHARE
    }

    /// Whether a death is believed, which was first seen then; each one is asked about once.
    pub(super) fn believes(&mut self, seen_at: Option<UnixSeconds>, now: UnixSeconds) -> bool {
        let Some(seen_at) = seen_at else { return !self.holds() };
        let believed = seen_at.saturating_add(SECOND_LOOK_AFTER) <= now && self.believed < FEW;
        self.believed += u64::from(believed);
        believed
    }

    /// Judged and dead, for the log.
    pub(super) fn figures(&self) -> (u64, u64) {
        (self.judged + self.again, self.dead + self.again)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alive() -> Outcome {
        Outcome { checked: 1, ..Outcome::default() }
    }

    fn counted(living: u64, dying: u64, known: u64) -> Brake {
        let mut brake = Brake::default();
        (0..living).for_each(|_| brake.count(&alive()));
        (0..dying).for_each(|_| brake.count_dead(None));
        (0..known).for_each(|_| brake.count_dead(Some(1)));
        brake
    }

    #[test]
    fn few_deaths_are_believed_and_many_only_among_many() {
        for (living, dying, holds) in [(0, 10, false), (0, 0, false), (0, 11, true), (40, 11, true), (44, 11, false), (10_000, 500, false)]
        {
            let mut brake = counted(living, dying, 0);
            assert_eq!((brake.holds(), brake.believes(None, 5)), (holds, !holds), "{living} {dying}");
        }
    }

    #[test]
    fn what_was_found_dead_before_holds_nothing_up_and_waits_for_a_day_itself() {
        let mut brake = counted(3, 1, 500);
        assert!(!brake.holds() && brake.believes(None, 5));
        assert_eq!(brake.figures(), (504, 501));
        let seen = 1_000;
        assert!(!brake.believes(Some(seen), seen + SECOND_LOOK_AFTER - 1));
        assert!(brake.believes(Some(seen), seen + SECOND_LOOK_AFTER));
    }

    #[test]
    fn a_mistake_that_lasts_for_more_than_a_day_marks_ten_in_a_run() {
        let mut brake = counted(0, 64, 500);
        let believed = (0..500).filter(|_| brake.believes(Some(1), u64::MAX)).count();
        assert_eq!((believed, brake.believes(None, u64::MAX)), (10, false));
    }
}
