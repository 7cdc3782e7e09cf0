//! What a run of the keeper does, as a model: how long a record takes, how many are in hand at once, and what a record
//! that fails does to that. It is the model of the simulated months, and is held against measured runs.

use std::time::Duration;

/// As `token-keeper`'s `run/width.rs` has it.
const FIRST: f64 = 16.0;
const MEMORY_FOR_ONE: f64 = 4.0;
const STEP_BACK: f64 = 8.0;
/// Sequential calls of Facebook for a person with one Page: the person's token, the Page's, and its messages.
const CALLS: f64 = 3.0;

/// Where the keeper runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Its memory in MB.
    pub(crate) memory: f64,
    /// What a provider takes for an answer.
    pub(crate) latency: Duration,
    /// What the rest of a visit takes, waiting for the tables for the most part.
    pub(crate) besides: Duration,
    /// How long a visit keeps a processor (the whole of what serves it) busy: no more than one of these at a time.
    pub(crate) busy: Duration,
}

/// A run under way: a clock, and how many records are in hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    place: Place,
    width: f64,
    /// Seconds since it began.
    pub(crate) clock: f64,
}

impl Run {
    pub(crate) const fn begin(place: Place) -> Self {
        Self { place, width: FIRST, clock: 0.0 }
    }

    fn most(&self) -> f64 {
        (self.place.memory / MEMORY_FOR_ONE).clamp(FIRST, 512.0)
    }

    /// A person is visited with so many sequential calls, and fails or does not. With many in hand each costs the run a
    /// part of its time alone.
    fn takes(&mut self, calls: f64, fails: bool) {
        let visit = self.place.latency.as_secs_f64() * calls + self.place.besides.as_secs_f64();
        self.clock += (visit / self.width).max(self.place.busy.as_secs_f64());
        let next = if fails { self.width - (self.width / STEP_BACK).floor() } else { self.width + 1.0 };
        self.width = next.clamp(FIRST, self.most());
    }

    pub(crate) fn visits(&mut self) {
        self.takes(CALLS, false);
    }

    /// One that fails ends with the question that was not answered.
    pub(crate) fn fails(&mut self) {
        self.takes(1.0, true);
    }

    /// A store is looked at: no call.
    pub(crate) fn looks(&mut self) {
        self.takes(0.0, false);
    }

    /// A visit that takes so long has one of the places meanwhile.
    pub(crate) fn is_held_for(&mut self, seconds: f64) {
        self.clock += seconds / self.width;
    }
}

/// How long a run with so many persons takes, the last of whom are waited for.
pub(crate) fn run_of(place: Place, persons: u64) -> Duration {
    let mut run = Run::begin(place);
    (0..persons).for_each(|_| run.visits());
    let last = place.latency.as_secs_f64() * CALLS + place.besides.as_secs_f64();
    Duration::from_secs_f64(run.clock + last)
}
