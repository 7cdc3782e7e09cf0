//! How close one run's or request's calls have come to a platform's limits.

use std::sync::atomic::{AtomicU32, Ordering};

/// From here on fewer calls run concurrently.
const HIGH: u32 = 85;
/// From here on deferrable calls wait: the rest belongs to the bot. The thresholds are those of
/// Airbyte's connector, a long-lived public client.
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

    /// Whether deferrable calls have to wait.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= EXHAUSTED
    }

    /// How many calls may run concurrently, given the usual number.
    #[must_use]
    pub fn width(&self, usual: usize) -> usize {
        if self.0.load(Ordering::Relaxed) >= HIGH { usual.div_ceil(8) } else { usual }
    }
}
