//! Circuit breaker: if too many records look dead, suspect our configuration or the provider first.
//!
//! In a run, deaths are held back once more than ten records of a platform, and more than a fifth
//! of those judged, turn out newly dead. The platform is then left alone for the rest of the run,
//! and what was found dead is noted. A noted record no longer counts, and loses the note when it
//! works. If it is found dead again a day later, it is marked regardless of other deaths, but at
//! most ten per run. So nobody can hold the brake for longer than a day with records of their own,
//! and we have a day to fix a mistake of ours.

use shared::clock::UnixSeconds;

use crate::outcome::{Outcome, SECOND_LOOK_AFTER};

/// This few deaths are believed, whatever their share, as are this many per run that were first
/// found a day ago.
const FEW: u64 = 10;
/// A greater share than this, in percent, is not believed.
const SHARE: u64 = 20;
/// Holds back one platform's deaths in one run.
#[derive(Debug, Default)]
pub(super) struct Brake {
    /// Records checked that were not known to be dead.
    judged: u64,
    /// How many of these were dead.
    dead: u64,
    /// Records found dead again.
    again: u64,
    /// How many of these were believed.
    believed: u64,
}

impl Brake {
    /// Counts a record: a grant's death takes all its accounts with it, but is still one death.
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

    /// Whether to believe a death that was first seen then; called once per death.
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
    fn a_few_deaths_are_believed_and_many_only_among_many() {
        for (living, dying, holds) in [(0, 10, false), (0, 0, false), (0, 11, true), (40, 11, true), (44, 11, false), (10_000, 500, false)]
        {
            let mut brake = counted(living, dying, 0);
            assert_eq!((brake.holds(), brake.believes(None, 5)), (holds, !holds), "{living} {dying}");
        }
    }

    #[test]
    fn known_deaths_hold_nothing_up_and_wait_a_day() {
        let mut brake = counted(3, 1, 500);
        assert!(!brake.holds() && brake.believes(None, 5));
        assert_eq!(brake.figures(), (504, 501));
        let seen = 1_000;
        assert!(!brake.believes(Some(seen), seen + SECOND_LOOK_AFTER - 1));
        assert!(brake.believes(Some(seen), seen + SECOND_LOOK_AFTER));
    }

    #[test]
    fn a_mistake_lasting_over_a_day_marks_ten_per_run() {
        let mut brake = counted(0, 64, 500);
        let believed = (0..500).filter(|_| brake.believes(Some(1), u64::MAX)).count();
        assert_eq!((believed, brake.believes(None, u64::MAX)), (10, false));
    }
}
