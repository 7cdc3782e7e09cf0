//! A recording in a world of its own.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::change::{Change, changes, dump, in_order};
use super::known::{Known, Run};
use super::moments::moved;
use super::reading::{Read, Reading};
use super::scenes::Scene;
use super::store::Golden;
use crate::database::StoredItem;
use crate::gateway::Gateway;

/// What came of the readings, as it came.
pub(super) struct Played {
    run: Run,
    outcomes: Vec<(Reading, Value, Vec<Change>)>,
}

/// Plays a recording: its items stand in the tables as if they had been recorded a moment ago, and its readings are done by the binaries of these profiles in turn.
/// What came of them, comparable with what was recorded.
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
    let gateways: Vec<Arc<Gateway>> = profiles.iter().map(|profile| Arc::new(world.gateway().of_profile(profile))).collect();
    let mut outcomes = Vec::new();
    let mut before = dump(&world.database);
    for (reading, gateway) in golden.readings.iter().map(|read| &read.reading).zip(gateways.iter().cycle()) {
        let reply = reading.act.perform(&world, gateway).await;
        let after = dump(&world.database);
        outcomes.push((reading.clone(), reply, changes(&before, &after)));
        before = after;
    }
    let places = vec![(world.shopify.url(), "SHOPIFY"), (world.facebook.url(), "FACEBOOK")];
    Played { run: Run { later, places }, outcomes }
}

impl Played {
    /// Everything that came, as text.
    pub(super) fn text(&self) -> String {
        let outcomes = self.outcomes.iter().map(|(_, reply, changes)| {
            let changes: Vec<String> = changes.iter().map(Change::text).collect();
            format!("{reply} {}", json!(changes))
        });
        outcomes.collect()
    }

    /// The same in a form that is the same in every run.
    pub(super) fn plain(&self, known: &Known) -> Vec<Read> {
        let plain = self.outcomes.iter().map(|(reading, reply, changes)| Read {
            reading: reading.clone(),
            reply: known.json(&self.run, reply),
            changes: in_order(changes.iter().map(|change| change.plain(known, &self.run)).collect()),
        });
        plain.collect()
    }
}

pub(super) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    i64::try_from(now.as_secs()).expect("the clock is before the year 292 billion")
}
