//! Refused signatures. Anybody can send unsigned requests, as often as the API lets them through,
//! and each log line costs money. So the instance counts them, and reports the count in the next
//! line that is logged anyway, or in a line for a refusal, once a minute.

use crate::UnixSeconds;

/// The minimum interval between lines that refusals write on their own.
const PAUSE: UnixSeconds = 60;

/// Those of this instance that no line has reported yet. When the instance ends, it loses at most
/// those that came within the pause.
#[derive(Debug, Default)]
pub(super) struct RefusedSignatures {
    untold: u64,
    next_line: UnixSeconds,
}

impl RefusedSignatures {
    /// Counts one, and says whether to log a line for it.
    pub(super) fn count(&mut self, now: UnixSeconds) -> bool {
        self.untold = self.untold.saturating_add(1);
        let is_told = now >= self.next_line;
        if is_told {
            self.next_line = now.saturating_add(PAUSE);
        }
        is_told
    }

    /// Those to report in the line that is being logged.
    pub(super) fn take(&mut self) -> u64 {
        std::mem::take(&mut self.untold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_logs_one_line_a_minute_and_every_refusal_is_counted() {
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
    fn any_other_line_reports_them_too() {
        let mut refused = RefusedSignatures::default();
        assert_eq!(refused.take(), 0);
        assert!(refused.count(60) && !refused.count(61) && !refused.count(119));
        assert_eq!(refused.take(), 3);
        assert!(refused.count(120));
    }
}
