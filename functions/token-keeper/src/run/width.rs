//! How many records a run looks after at the same time: a few at first, more with each that went
//! well, fewer where a platform fails or comes near its limit.
//!
//! A record is waiting, nearly all of the time, for a platform to answer. So what bounds the number
//! is the share of a processor that Lambda gives with the memory, and what the platforms take.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::outcome::Outcome;

/// With so many a run begins, and it never goes below.
const FIRST: usize = 16;
/// Megabytes of memory for each. With 256 of them Lambda gives a seventh of a processor, which is
/// enough for about seventy records a second, and a record takes about one.
const MEMORY_FOR_ONE: usize = 4;
/// Connections to one platform are not free either.
const MOST: usize = 512;
/// By this part fewer after a record that failed: a hundredth of failures leaves the number as high
/// as it may be, a third brings it down to the first few.
const STEP_BACK: usize = 8;

/// How many it may be with so much memory, in megabytes.
fn at_most(memory: usize) -> usize {
    (memory / MEMORY_FOR_ONE).clamp(FIRST, MOST)
}

/// The number of one run.
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

    /// After a record of which that came.
    pub(super) fn follow(&self, outcome: &Outcome) {
        let now = self.now();
        let next = if outcome.failed == 0 { now + 1 } else { now - now / STEP_BACK };
        self.now.store(next.clamp(FIRST, self.most.max(FIRST)), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After a thousand records of which each so-manieth failed.
    fn after(every: usize) -> usize {
        let width = Width::up_to(64);
        for record in 1..=1000_usize {
            let outcome = if record.is_multiple_of(every) { Outcome::failed() } else { Outcome::default() };
            width.follow(&outcome);
        }
        width.now()
    }

    #[test]
    fn memory_bounds_it() {
        for (memory, most) in [(0, 16), (128, 32), (256, 64), (512, 128), (1024, 256), (10_240, 512)] {
            assert_eq!(at_most(memory), most, "{memory}");
        }
    }

    #[test]
    fn it_grows_while_all_goes_well_and_falls_back_where_much_fails() {
        assert_eq!(Width::up_to(64).now(), 16);
        assert_eq!(after(usize::MAX), 64);
        assert!(after(100) >= 56, "{}", after(100));
        assert!(after(3) <= 20, "{}", after(3));
        assert_eq!(after(1), 16);
    }
}
