//! The real renewal over a model of Shopify and of the tables, in very many orders.
//!
//! A seed makes a schedule: two to nine workers ([`workers`]), each of whose calls takes effect at one moment and is answered at a later one, with others in between; workers die,
//! calls fail, are late, lose their answers or arrive twice, leases run out under those who sleep, tokens end. Everything that happens is decided by the seed, so a schedule
//! that fails is repeated, and told step by step, by its number alone.
//!
//! What must hold stands in [`world`] (at every step) and in [`schedule`] (in the end). The model counts time in milliseconds of its own; nothing here sleeps.

mod chance;
mod schedule;
mod shopify;
mod tables;
mod workers;
mod world;

use super::Verdict;
use chance::Chance;
use schedule::{Job, Schedule};
use tables::Guards;
use workers::End;
use world::{Mood, Tally};

/// Schedules of one test, so that the runner can share them out.
const EACH: u64 = 12_500;

/// Runs a range of seeds. The first that fails is run again to be told.
fn run(seeds: std::ops::Range<u64>) -> Tally {
    let mut sum = Tally::default();
    for seed in seeds {
        match Schedule::of_seed(seed, Guards::ALL, false, false) {
            Ok(tally) => sum.add(tally),
            Err(violation) => tell(seed, violation.what),
        }
    }
    sum
}

fn tell(seed: u64, what: &str) -> ! {
    let trace = Schedule::of_seed(seed, Guards::ALL, false, true).map_or_else(|violation| violation.trace, |_| "(not repeatable)".to_owned());
    panic!("seed {seed}: {what}\n{trace}");
}

macro_rules! schedules {
    ($($name:ident: $part:literal,)*) => {
        $(
            #[test]
            fn $name() {
                run($part * EACH..($part + 1) * EACH);
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

/// Repeats one schedule and tells it: `SEED=17 cargo nextest run --workspace -E 'test(one_schedule)' --no-capture`.
#[test]
fn one_schedule_is_repeatable() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(17);
    let (first, second) = (Schedule::of_seed(seed, Guards::ALL, false, false), Schedule::of_seed(seed, Guards::ALL, false, true));
    match (first, second) {
        (Ok(first), Ok(second)) => assert_eq!(first, second),
        (_, Err(violation)) => panic!("seed {seed}: {}\n{}", violation.what, violation.trace),
        (Err(_), Ok(_)) => panic!("seed {seed} is not repeatable"),
    }
}

#[test]
fn the_schedules_reach_what_they_are_for() {
    let tally = run(1_000_000..1_003_000);
    println!("{tally:?}");
    let Tally { refreshes, recovered, renewed, taken_over, stale_saves, links, stale_links, lost_links, refused, condemned, late, kills } = tally;
    for (count, at_least) in [
        (refreshes, 3_000),
        (recovered, 300),
        (renewed, 3_000),
        (taken_over, 300),
        (stale_saves, 100),
        (links, 3_000),
        (stale_links, 100),
        (lost_links, 100),
        (refused, 100),
        (condemned, 50),
        (late, 1_000),
        (kills, 1_000),
    ] {
        assert!(count >= at_least, "{tally:?}");
    }
}

/// However many find the token at its end, one of them asks Shopify.
#[test]
fn many_at_once_ask_shopify_once() {
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

#[test]
fn explore() {
    let all = Guards::ALL;
    let cases: &[(&str, Guards)] = &[
        ("save_version", Guards { save_version: false, ..all }),
        ("save_lease", Guards { save_lease: false, ..all }),
        ("save both", Guards { save_lease: false, save_version: false, ..all }),
        ("link_version", Guards { link_version: false, ..all }),
        ("link_lease", Guards { link_lease: false, ..all }),
        ("link both", Guards { link_lease: false, link_version: false, ..all }),
        ("condemn_version", Guards { condemn_version: false, ..all }),
        ("read_again", Guards { read_again: false, ..all }),
        ("condemn_version+read_again", Guards { condemn_version: false, read_again: false, ..all }),
        ("generation", Guards { generation: false, ..all }),
        ("renewal_lasts", Guards { renewal_lasts: false, ..all }),
        ("link_lasts", Guards { link_lasts: false, ..all }),
        ("one_lease", Guards { one_lease: false, ..all }),
        ("exclusive", Guards { exclusive: false, ..all }),
        ("exclusive+versions", Guards { exclusive: false, save_version: false, link_version: false, ..all }),
    ];
    for (name, guards) in cases {
        let mut found = std::collections::BTreeMap::<&str, (u32, u64)>::new();
        for seed in 0..std::env::var("N").map_or(20_000, |n| n.parse().unwrap()) {
            if let Err(violation) = Schedule::of_seed(seed, *guards, true, false) {
                let entry = found.entry(violation.what).or_insert((0, seed));
                entry.0 += 1;
            }
        }
        println!("{name}: {found:?}");
    }
}
