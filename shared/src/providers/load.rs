//! How near the calls of one run or request have come to a platform's limits.

use std::sync::atomic::{AtomicU32, Ordering};

/// From here on fewer calls run concurrently.
const HIGH: u32 = 85;
/// From here on what can wait is left for later: the rest is for the bot. The thresholds are those
/// of Airbyte's connector, a long-lived public client.
pub(super) const EXHAUSTED: u32 = 95;

/// The highest usage seen, in percent.
#[derive(Debug, Default)]
pub struct Load(AtomicU32);

impl Load {
    /// Records a usage; true if it is the first beyond a threshold.
    pub(super) fn raise(&self, percent: u32) -> bool {
        let before = self.0.fetch_max(percent, Ordering::Relaxed);
        [HIGH, EXHAUSTED].into_iter().any(|threshold| before < threshold && percent >= threshold)
    }

    /// Whether what can wait must wait.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= EXHAUSTED
    }

    /// How many concurrent calls are allowed instead of the usual number.
    #[must_use]
    pub fn width(&self, usual: usize) -> usize {
        if self.0.load(Ordering::Relaxed) >= HIGH { usual.div_ceil(8) } else { usual }
    }
}
