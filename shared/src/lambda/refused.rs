//! Refused signatures. Anyone can send unsigned requests, as often as the API allows, and each log
//! line costs money. So the instance counts them, and a line reports their number: the next line
//! that is written anyway, or one for a refusal, once a minute.

use crate::UnixSeconds;

/// Between two lines that refusals cause themselves.
const PAUSE: UnixSeconds = 60;

/// Refusals of this instance not logged yet. When an instance ends, at most those within the pause
/// are lost.
#[derive(Debug, Default)]
pub(super) struct RefusedSignatures {
    untold: u64,
    next_line: UnixSeconds,
}

impl RefusedSignatures {
    /// Counts one, and says whether it gets its own line.
    pub(super) fn count(&mut self, now: UnixSeconds) -> bool {
        self.untold = self.untold.saturating_add(1);
        let is_told = now >= self.next_line;
        if is_told {
            self.next_line = now.saturating_add(PAUSE);
        }
        is_told
    }

    /// Takes those that the current line reports.
    pub(super) fn take(&mut self) -> u64 {
        std::mem::take(&mut self.untold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_writes_a_line_a_minute_and_every_one_of_it_is_told() {
        let mut refused = RefusedSignatures::default();
        let now = 1_700_000_000;
        assert!(refused.count(now), "the first one is told at once");
        assert_eq!(refused.take(), 1);
        let flood: Vec<bool> = (0..120_000).map(|number| refused.count(now + number / 1_000)).collect();
        let told: Vec<usize> = (0..flood.len()).filter(|at| flood[*at]).collect();
        assert_eq!(told, [60_000]);
        assert_eq!((refused.take(), refused.take()), (120_000, 0));
    }

    #[test]
    fn any_other_line_tells_of_them_as_well() {
        let mut refused = RefusedSignatures::default();
        assert_eq!(refused.take(), 0);
        assert!(refused.count(60) && !refused.count(61) && !refused.count(119));
        assert_eq!(refused.take(), 3);
        assert!(refused.count(120));
    }
}
