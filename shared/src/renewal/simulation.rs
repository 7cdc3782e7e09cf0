//! The real renewal over a model of Shopify and the tables, in very many orders.
//!
//! A seed makes a schedule: two to twelve workers ([`workers`]), whose calls each take effect at
//! one moment and are answered later, with others in between. Workers die; calls fail, are late,
//! lose their answers or arrive twice; leases run out under sleeping workers; tokens expire. The
//! seed decides everything, so a failing schedule can be repeated, and traced step by step, from
//! its number alone.
//!
//! [`rules`] has what must hold at every step, and [`schedule`] what must hold at the end;
//! [`guards`] proves that violations would be noticed. The model counts milliseconds of its own;
//! nothing here sleeps.

mod chance;
mod guards;
mod rules;
mod schedule;
mod shopify;
mod tables;
mod tally;
mod workers;
mod world;

use super::Verdict;
use chance::Chance;
use schedule::{Job, Schedule, Setting};
use tables::Guards;
use tally::Tally;
use workers::End;
use world::Mood;

/// Schedules per test, so that the runner can distribute them.
const EACH: u64 = 15_000;

/// Runs a range of seeds. The first that fails is run again with a trace.
fn run(seeds: std::ops::Range<u64>, setting: Setting) -> Tally {
    let mut sum = Tally::default();
    for seed in seeds {
        match Schedule::of_seed(seed, setting) {
            Ok(tally) => sum.add(tally),
            Err(violation) => {
                let told = Schedule::of_seed(seed, Setting { traced: true, ..setting });
                panic!("seed {seed}: {}\n{}", violation.what, told.map_or_else(|told| told.trace, |_| "not repeatable".to_owned()));
            }
        }
    }
    sum
}

macro_rules! schedules {
    ($($name:ident: $part:literal,)*) => {
        $(
            #[test]
            fn $name() {
                run($part * EACH..($part + 1) * EACH, Setting::PLAIN);
            }
        )*
    };
}

schedules! {
    no_order_of_events_loses_a_pair_0: 0,
    no_order_of_events_loses_a_pair_1: 1,
    no_order_of_events_loses_a_pair_2: 2,
    no_order_of_events_loses_a_pair_3: 3,
    no_order_of_events_loses_a_pair_4: 4,
    no_order_of_events_loses_a_pair_5: 5,
    no_order_of_events_loses_a_pair_6: 6,
    no_order_of_events_loses_a_pair_7: 7,
}

#[test]
fn writes_that_arrive_twice_lose_no_pair() {
    run(0..EACH, Setting { echoing: true, ..Setting::PLAIN });
}

/// Repeats one schedule: `SIMULATION_SEED=17 cargo nextest run --workspace -E
/// 'test(one_schedule)'`.
#[test]
fn one_schedule_is_repeatable() {
    let seed = std::env::var("SIMULATION_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(17);
    let traced = Setting { traced: true, ..Setting::PLAIN };
    assert_eq!(run(seed..seed + 1, Setting::PLAIN), run(seed..seed + 1, traced));
}

#[test]
fn the_schedules_reach_their_targets() {
    let tally = run(1_000_000..1_003_000, Setting::PLAIN);
    let Tally { refreshes, recovered, renewed, taken_over, stale_saves, links, stale_links, lost_links, refused, condemned, late, kills } =
        tally;
    for (count, at_least) in [
        (refreshes, 3_000),
        (recovered, 150),
        (renewed, 2_500),
        (taken_over, 500),
        (stale_saves, 70),
        (links, 2_000),
        (stale_links, 70),
        (lost_links, 300),
        (refused, 150),
        (condemned, 100),
        (late, 1_500),
        (kills, 1_000),
    ] {
        assert!(count >= at_least, "{tally:?}");
    }
}

/// No matter how many find the token expired, only one of them asks Shopify.
#[test]
fn many_concurrent_renewals_ask_shopify_once() {
    for seed in 0..500 {
        let mut chance = Chance::new(seed);
        let workers = chance.between(2, 50);
        let mut schedule = Schedule::new(chance, Guards::ALL, Mood::default(), false);
        {
            let mut world = schedule.world();
            world.shopify.access_life = 3_600;
            world.clock += 3_600_000;
        }
        for _ in 0..workers {
            schedule.start(Job::GiveOut, 0);
        }
        schedule.run();
        let world = schedule.world();
        assert_eq!((world.broken, world.tally.refreshes, world.tables.row.version), (None, 1, 2), "seed {seed}");
        let renewed = schedule.ends.iter().filter(|end| **end == Some(End::Verdict(Verdict::Renewed))).count();
        let as_it_is = schedule.ends.iter().filter(|end| **end == Some(End::Verdict(Verdict::AsItIs))).count();
        assert_eq!((renewed, renewed + as_it_is), (1, schedule.ends.len()), "seed {seed}");
    }
}
