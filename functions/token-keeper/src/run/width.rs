//! How many records a run maintains concurrently: a few at first, one more with each success, fewer
//! when a platform fails or comes close to its limit.
//!
//! A record spends nearly all of its time waiting for a platform's answer. So the limits are the
//! share of a processor that Lambda allots with the memory, and what the platforms accept.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::outcome::Outcome;

/// A run begins with this many, and never goes below.
const FIRST: usize = 16;
/// Megabytes of memory per record. With 256 megabytes Lambda allots a seventh of a processor, which
/// is enough for about seventy records a second, and a record takes about one.
const MEMORY_FOR_ONE: usize = 4;
/// Connections to one platform are not free either.
const MOST: usize = 512;
/// A failed record reduces the number by this fraction: with one failure in a hundred it stays at
/// the maximum, with one in three it falls to the initial few.
const STEP_BACK: usize = 8;

/// The maximum for this much memory, in megabytes.
fn at_most(memory: usize) -> usize {
    (memory / MEMORY_FOR_ONE).clamp(FIRST, MOST)
}

/// The concurrency of one run.
#[derive(Debug)]
pub(super) struct Width {
    now: AtomicUsize,
    most: usize,
}

impl Width {
    pub(super) fn of_memory(memory: usize) -> Self {
        Self::up_to(at_most(memory))
    }

    const fn up_to(most: usize) -> Self {
        Self { now: AtomicUsize::new(FIRST), most }
    }

    pub(super) fn now(&self) -> usize {
        self.now.load(Ordering::Relaxed)
    }

    /// Adjusts to the outcome of a record.
    pub(super) fn follow(&self, outcome: &Outcome) {
        let now = self.now();
        let next = if outcome.failed == 0 { now + 1 } else { now - now / STEP_BACK };
        self.now.store(next.clamp(FIRST, self.most.max(FIRST)), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After a thousand records of which every `every`-th failed.
    fn after(every: usize) -> usize {
        let width = Width::up_to(64);
        for record in 1..=1000_usize {
            let outcome = if record.is_multiple_of(every) { Outcome::failed() } else { Outcome::default() };
            width.follow(&outcome);
        }
        width.now()
    }

    #[test]
    fn memory_limits_the_width() {
        for (memory, most) in [(0, 16), (128, 32), (256, 64), (512, 128), (1024, 256), (10_240, 512)] {
            assert_eq!(at_most(memory), most, "{memory}");
        }
    }

    #[test]
    fn the_width_grows_with_success_and_falls_with_failures() {
        assert_eq!(Width::up_to(64).now(), 16);
        assert_eq!(after(usize::MAX), 64);
        assert!(after(100) >= 56, "{}", after(100));
        assert!(after(3) <= 20, "{}", after(3));
        assert_eq!(after(1), 16);
    }
}
