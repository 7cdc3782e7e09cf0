//! Months of the keeper, simulated: an index with real due times, runs every five minutes, and the [model](super::model) of
//! what a run gets done. One hundredth of the persons fail whenever they are asked about, one has 2,500 Pages, and Meta is away
//! for a day.
//!
//! Of runs side by side each has its part of the index and they are much the same, so one is simulated, with its share of the
//! merchants.

use std::time::Duration;

use shared::store::schedule::{LOOK_EVERY, early};
use uuid::Uuid;

use super::model::{Place, Run};

const DAY: u64 = 86_400;
/// When Meta is away, from and until.
const OUTAGE: std::ops::Range<u64> = 10 * DAY..11 * DAY;
const DAYS: u64 = 30;
const EVERY: u64 = 300;
/// After this nothing is begun any more.
const USABLE: f64 = 245.0;
const MINUTE: u64 = 60;
/// A person's pauses, and what a visit of one with 2,500 Pages takes and after what it goes on.
const LARGE_VISIT: f64 = 45.0;
const LARGE_VISITS: u64 = 20;
/// Write and read units: of a person without news, one that failed, a store that is looked at and one that is renewed.
const PERSON: (u64, u64) = (3, 1);
const FAILED: (u64, u64) = (3, 2);
const LOOKED: (u64, u64) = (3, 1);
const RENEWED: (u64, u64) = (7, 2);
/// A run's own reads.
const RUN_READS: u64 = 70;
/// A pair is renewed about once in so many looks.
const LOOKS_A_RENEWAL: u64 = 8;

/// What is simulated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) merchants: u64,
    /// `KeeperRuns`.
    pub(crate) runs: u64,
    pub(crate) place: Place,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Month {
    /// The longest that something due had waited when a run ended, in seconds: of days without, and of the time with the
    /// outage and after it.
    pub(crate) lag: u64,
    pub(crate) lag_of_outage: u64,
    /// How long after the outage the lag was below an hour again.
    pub(crate) recovered_after: u64,
    /// Calls a second, in the busiest run, and of Shopify on average.
    pub(crate) facebook: f64,
    pub(crate) shopify: f64,
    pub(crate) writes: u64,
    pub(crate) reads: u64,
    /// Runs until the person with 2,500 Pages was through.
    pub(crate) large: u64,
}

/// Records by the minute in which they fall due.
struct Index {
    minutes: Vec<Vec<u32>>,
    /// The first minute that is not empty, or a later one.
    first: u64,
}

impl Index {
    fn new(days: u64) -> Self {
        Self { minutes: vec![Vec::new(); usize::try_from(days * DAY / MINUTE).expect("a month")], first: 0 }
    }

    fn put(&mut self, id: u32, due: u64) {
        if let Some(minute) = self.minutes.get_mut(usize::try_from(due / MINUTE).expect("a month")) {
            minute.push(id);
            self.first = self.first.min(due / MINUTE);
        }
    }

    /// The oldest that is due, with its time.
    fn take(&mut self, now: u64) -> Option<(u32, u64)> {
        while self.first <= now / MINUTE {
            let minute = self.minutes.get_mut(usize::try_from(self.first).expect("a month"))?;
            if let Some(id) = minute.pop() {
                return Some((id, self.first * MINUTE));
            }
            minute.shrink_to_fit();
            self.first += 1;
        }
        None
    }

    fn oldest(&mut self, now: u64) -> Option<u64> {
        let (id, due) = self.take(now)?;
        self.put(id, due);
        Some(due)
    }
}

fn uuid_of(id: u32) -> Uuid {
    // Spread as random ones are.
    let mixed = u64::from(id).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Uuid::from_u64_pair(mixed, mixed.rotate_left(31).wrapping_mul(0xBF58_476D_1CE4_E5B9))
}

fn pause(failures: u8) -> u64 {
    (300_u64 << failures.min(16)).min(6 * 3600)
}

/// Simulates a month.
pub(crate) fn simulate(setting: Setting) -> Month {
    let Setting { merchants, runs, place } = setting;
    let count = u32::try_from(merchants / runs).expect("a part of them");
    let (mut persons, mut stores) = (Index::new(DAYS + 8), Index::new(DAYS + 8));
    let mut failures = vec![0_u8; usize::try_from(count).expect("a part of them")];
    for id in 0..count {
        // As if they had been linked at any time before.
        let at = u64::from(id) * 7919;
        persons.put(id, at % DAY);
        stores.put(id, at % LOOK_EVERY);
    }
    let mut month = Month::default();
    let (mut large_left, mut shopify) = (LARGE_VISITS, 0_u64);
    for begin in (0..DAYS * DAY).step_by(usize::try_from(EVERY).expect("minutes")) {
        let (mut run, mut asked) = (Run::begin(place), 0_u64);
        let is_away = OUTAGE.contains(&begin);
        month.reads += RUN_READS;
        if large_left > 0 {
            run.is_held_for(LARGE_VISIT);
            large_left -= 1;
            month.large += 1;
        }
        while run.clock < USABLE {
            let now = begin + run.clock as u64;
            if let Some((id, _)) = stores.take(begin) {
                run.looks();
                let is_renewed = (now / DAY + u64::from(id)).is_multiple_of(LOOKS_A_RENEWAL);
                let (writes, reads) = if is_renewed { RENEWED } else { LOOKED };
                shopify += u64::from(is_renewed);
                (month.writes, month.reads) = (month.writes + writes, month.reads + reads);
                stores.put(id, early(uuid_of(id), now, LOOK_EVERY));
            }
            let Some((id, _)) = persons.take(begin) else { break };
            let failed = &mut failures[usize::try_from(id).expect("a part of them")];
            let (due, (writes, reads)) = if is_away || id.is_multiple_of(100) {
                run.fails();
                asked += 1;
                let due = now + pause(*failed);
                *failed = failed.saturating_add(1);
                (due, FAILED)
            } else {
                run.visits();
                asked += 4;
                *failed = 0;
                (early(uuid_of(id), now, DAY), PERSON)
            };
            (month.writes, month.reads) = (month.writes + writes, month.reads + reads);
            persons.put(id, due);
        }
        let lag = persons.oldest(begin).map_or(0, |due| begin + run.clock as u64 - due);
        month.facebook = month.facebook.max(asked as f64 * runs as f64 / run.clock.max(1.0));
        if !(OUTAGE.start..=OUTAGE.end + 5 * DAY).contains(&begin) {
            // The first day begins with all of it at once.
            month.lag = month.lag.max(if begin < DAY { 0 } else { lag });
        } else {
            month.lag_of_outage = month.lag_of_outage.max(lag);
            if begin >= OUTAGE.end && lag >= 3600 {
                month.recovered_after = begin + EVERY - OUTAGE.end;
            }
        }
    }
    month.shopify = (shopify * runs) as f64 / (DAYS * DAY) as f64;
    (month.writes, month.reads) = (month.writes * runs, month.reads * runs);
    month
}

/// The settings of the table.
pub(crate) fn settings(besides: Duration, cpu: Duration) -> Vec<Setting> {
    let setting = |merchants, runs, memory: u32, latency| {
        // Lambda gives a whole processor with 1,769 MB.
        let busy = cpu.mul_f64(1769.0 / f64::from(memory).min(1769.0));
        let place = Place { memory: memory.into(), latency: Duration::from_millis(latency), besides, busy };
        Setting { merchants, runs, place }
    };
    vec![
        setting(10_000, 1, 256, 100),
        setting(10_000, 1, 256, 300),
        setting(10_000, 1, 256, 1_000),
        setting(1_000_000, 1, 256, 100),
        setting(1_000_000, 1, 256, 300),
        setting(1_000_000, 1, 256, 1_000),
        setting(10_000_000, 4, 256, 300),
        setting(10_000_000, 8, 256, 100),
        setting(10_000_000, 8, 256, 300),
        setting(10_000_000, 8, 256, 390),
        setting(10_000_000, 8, 512, 1_000),
    ]
}
