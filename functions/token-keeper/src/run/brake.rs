//! Circuit breaker: if too many tokens look dead in one run, suspect our configuration or the
//! provider before the merchants.
//!
//! The brake holds deaths back once more than ten records of a platform, and more than a fifth of
//! those checked, turn out newly dead in a run: the run then leaves the platform alone, and only
//! notes what was found dead. A noted record no longer counts, and loses the note if it works.
//! Found dead again a day later, it is marked regardless of the others, but at most ten in a run:
//! so nobody can hold the brake for longer than a day with their own records, and we have a day to
//! fix a mistake of ours.

use shared::clock::UnixSeconds;

use crate::outcome::{Outcome, SECOND_LOOK_AFTER};

/// Up to this many deaths are believed, whatever their share; also the number per run of deaths
/// first found a day ago.
const FEW: u64 = 10;
/// A larger share than this, in percent, is not believed.
const SHARE: u64 = 20;
/// Holds back deaths of one platform in one run.
#[derive(Debug, Default)]
pub(super) struct Brake {
    /// Records checked that were not known to be dead.
    judged: u64,
    /// Of these, the dead ones.
    dead: u64,
    /// Records found dead again.
    again: u64,
    /// Of these, the ones that were believed.
    believed: u64,
}

impl Brake {
    /// Counts a record: a grant's death affects all its accounts, but counts as one.
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

    /// Whether a death first seen at that time is believed; call once per death.
    pub(super) fn believes(&mut self, seen_at: Option<UnixSeconds>, now: UnixSeconds) -> bool {
        let Some(seen_at) = seen_at else { return !self.holds() };
        let believed = seen_at.saturating_add(SECOND_LOOK_AFTER) <= now && self.believed < FEW;
        self.believed += u64::from(believed);
        believed
    }

    /// Checked and dead, for the log.
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
