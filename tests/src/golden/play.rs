//! A recording in a world of its own.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::change::{Change, changes, dump, in_order};
use super::known::{Known, Run};
use super::moments::moved;
use super::reading::{Read, Reading, Versions};
use super::scenes::Scene;
use super::store::Golden;
use crate::database::StoredItem;
use crate::world::World;

/// What came of the readings, as it came.
pub(super) struct Played {
    run: Run,
    outcomes: Vec<Outcome>,
}

struct Outcome {
    reading: Reading,
    reply: Value,
    asked: Vec<String>,
    changes: Vec<Change>,
}

/// Plays a recording: its items stand in the tables as if they had been recorded a moment ago, and
/// its readings are done by the binaries of these profiles in turn. What came of them, comparable
/// with what was recorded.
pub async fn play(golden: &Golden, scene: &Scene, profiles: &[&str]) -> Vec<Read> {
    played(golden, scene, profiles).await.plain(&Known::of(golden))
}

pub(super) async fn played(golden: &Golden, scene: &Scene, profiles: &[&str]) -> Played {
    let world = scene.builder(&golden.settings).profile(profiles[0]).start().await;
    let later = now() - golden.time;
    world.shopify.remember(&golden.shopify, later);
    world.facebook.remember(&golden.facebook, later);
    for (table, item) in golden.items() {
        world.database.put(&StoredItem { table: table.to_owned(), attributes: moved(item, later) });
    }
    let mut versions = Versions::new(&world, profiles);
    let mut outcomes = Vec::new();
    let mut before = dump(&world.database);
    for read in &golden.readings {
        let reading = read.reading.clone();
        world.shopify.clear_requests();
        world.facebook.clear_requests();
        let reply = reading.act.perform(&world, &mut versions).await;
        let after = dump(&world.database);
        let changes = changes(&before, &after);
        outcomes.push(Outcome { reading, reply, asked: asked(&world), changes });
        before = after;
    }
    let places = vec![(world.shopify.url(), "SHOPIFY"), (world.facebook.url(), "FACEBOOK")];
    Played { run: Run { later, places }, outcomes }
}

impl Played {
    /// Everything that came, as text.
    pub(super) fn text(&self) -> String {
        let outcomes = self.outcomes.iter().map(|outcome| {
            let changes: Vec<String> = outcome.changes.iter().map(Change::text).collect();
            format!("{} {}", outcome.reply, json!(changes))
        });
        outcomes.collect()
    }

    /// The same in a form that is the same in every run.
    pub(super) fn plain(&self, known: &Known) -> Vec<Read> {
        let plain = self.outcomes.iter().map(|Outcome { reading, reply, asked, changes }| {
            let changes = changes.iter().map(|change| change.plain(known, &self.run)).collect();
            let (reading, reply) = (reading.clone(), known.json(&self.run, reply));
            Read { reading, reply, asked: asked.clone(), changes: in_order(changes) }
        });
        plain.collect()
    }
}

/// Which calls the providers got; how often depends on how long they took.
fn asked(world: &World) -> Vec<String> {
    let shopify = world.shopify.requests().into_iter().map(|request| ("shopify", request.call));
    let facebook = world.facebook.requests().into_iter().map(|request| ("facebook", request.call));
    let asked = shopify.chain(facebook).map(|(platform, call)| format!("{platform} {call}"));
    asked.collect::<BTreeSet<String>>().into_iter().collect()
}

pub(super) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    i64::try_from(now.as_secs()).expect("the clock is before the year 292 billion")
}
