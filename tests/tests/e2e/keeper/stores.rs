//! Stores: renewed before they fade, asked about where nobody knows, marked when they are dead, and otherwise left alone.

mod brake;
mod checks;
mod crowd;
mod faults;
mod keys;
mod parts;
mod races;
mod renewals;
mod shop_ids;

use e2e::stored::domain;
use e2e::world::World;
use serde_json::{Value, json};

use crate::tokens::setup::{DAY, figure, linked, now, set_figure};

const FUNCTION: &str = "token-keeper";

/// One run on schedule.
async fn run(world: &World) -> Value {
    world.invoke(FUNCTION, json!({})).await
}

/// Demands a run's figures: due, refreshed, checked, reconnect_needed, failed, remaining.
#[track_caller]
fn assert_run(reply: &Value, figures: [u64; 6]) {
    let [due, refreshed, checked, reconnect_needed, failed, remaining] = figures;
    let expected = json!({
        "due": due, "refreshed": refreshed, "checked": checked,
        "reconnect_needed": reconnect_needed, "failed": failed, "remaining": remaining,
    });
    assert_eq!(super::without_lag(reply.clone()), expected);
}

/// Makes a store's refresh token one that has lived two thirds of its life, and the store due.
async fn fade(world: &World, uuid: &str) {
    set_figure(world, uuid, "issued_at", now() - 61 * DAY).await;
    set_figure(world, uuid, "refresh_expires_at", now() + 29 * DAY).await;
    world.expire_access_token(&store_of(world, uuid)).await;
    world.make_due(uuid, "store").await;
}

fn store_of(world: &World, uuid: &str) -> String {
    crate::tokens::setup::store(world, uuid).text("shop").unwrap().to_owned()
}

/// Links a store that is fading.
async fn fading(world: &World, handle: &str) -> String {
    let uuid = linked(world, handle).await;
    fade(world, &uuid).await;
    uuid
}

/// Links stores that are fading.
async fn many_fading(world: &World, count: usize) -> Vec<(String, String)> {
    let mut stores = Vec::new();
    for number in 0..count {
        let handle = format!("shop{number}");
        stores.push((fading(world, &handle).await, domain(&handle)));
    }
    stores
}

/// Links a store whose token does not end, and makes it due.
async fn endless(world: &World, handle: &str) -> String {
    let uuid = linked(world, handle).await;
    crate::tokens::setup::never_ends(world, &uuid, handle).await;
    world.make_due(&uuid, "store").await;
    uuid
}

/// Demands that a store is due again between so many days from now.
#[track_caller]
fn assert_due_in(world: &World, uuid: &str, days: std::ops::RangeInclusive<u64>) {
    let due = figure(world, uuid, "due_at").expect("it is in the index");
    assert!(
        (now() + days.start() * DAY - 60..=now() + days.end() * DAY).contains(&due),
        "due in {} s",
        due.cast_signed() - now().cast_signed()
    );
}
