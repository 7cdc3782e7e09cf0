//! A run of a part of the index, and how long what is due has waited.

use std::time::Duration;

use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use super::crowd::crowd;
use super::{FUNCTION, assert_run, run};
use crate::tokens::setup::{linked, now, set_figure, set_text};

async fn run_of(world: &World, shards: Value) -> Value {
    world.invoke(FUNCTION, json!({ "shards": shards })).await
}

#[tokio::test]
async fn a_run_of_some_parts_leaves_the_others_alone() {
    let world = World::start().await;
    crowd(&world, 3, 1).await;
    for others in [[0, 4], [6, 63]] {
        assert_run(&run_of(&world, json!(others)).await, [0; 6]);
    }
    assert_run(&run_of(&world, json!([5, 5])).await, [3, 0, 0, 0, 0, 0]);
    assert_run(&run(&world).await, [0; 6]);
}

#[tokio::test]
async fn parts_that_are_no_pair_are_refused_before_anything_is_read() {
    let world = World::start().await;
    run(&world).await;
    world.database.reset_usage();
    for wrong in [json!(null), json!([]), json!([1]), json!([3, 2]), json!([0, 64]), json!([0, 1, 2]), json!("0-3"), json!([0, 1.5])] {
        let reply = run_of(&world, wrong.clone()).await;
        assert_eq!(reply["error"]["code"], "invalid_request", "{wrong} {reply}");
    }
    assert_eq!(world.database.usage().total().calls, 0);
}

#[tokio::test]
async fn a_run_tells_how_long_the_oldest_record_has_waited_that_it_leaves_due() {
    let world = World::builder().timeout(FUNCTION, Duration::from_secs(9)).start().await;
    assert_eq!(run(&world).await["lag_seconds"], 0);
    crowd(&world, 100, 61).await;
    world.shopify.switch_on("refresh", Fault::Hang, Times::UntilCleared);
    let reply = run(&world).await;
    assert!(reply["remaining"].as_u64() > Some(0), "{reply}");
    let lag = reply["lag_seconds"].as_u64().unwrap();
    assert!((now() - 100..=now()).contains(&lag), "the crowd is due since the second after 1970 began: {lag}");
    world.shopify.clear_faults();
    assert_eq!(run_of(&world, json!([6, 63])).await["lag_seconds"], 0);
}

/// Stores that make a run wait for Shopify, in these partitions, due since a moment ago.
async fn silent(world: &World, count: u64, partition: &str) {
    crowd(world, count, 61).await;
    for index in 0..count {
        let uuid = format!("05000000-0000-4000-8000-{index:012}");
        set_text(world, &uuid, "due_shard", partition).await;
        set_figure(world, &uuid, "due_at", now() - 60).await;
    }
    world.shopify.switch_on("refresh", Fault::Hang, Times::UntilCleared);
}

#[tokio::test]
async fn what_waits_behind_urgent_work_that_takes_the_whole_run_is_told() {
    let world = World::builder().timeout(FUNCTION, Duration::from_secs(9)).start().await;
    let uuid = linked(&world, "acme").await;
    world.make_due(&uuid, "store").await;
    silent(&world, 20, "u05").await;
    let reply = run(&world).await;
    let lag = reply["lag_seconds"].as_u64().unwrap();
    assert!((now() - 100..=now()).contains(&lag), "acme is due since the second after 1970 began: {reply}");
}

#[tokio::test]
async fn under_a_backlog_a_part_of_what_earlier_versions_left_is_marked_in_every_run() {
    let world = World::builder().timeout(FUNCTION, Duration::from_secs(9)).start().await;
    run(&world).await;
    world.set_number("keeper", "persons", "begin_at", 1).await;
    silent(&world, 20, "05").await;
    assert!(run(&world).await["remaining"].as_u64() > Some(0));
    assert_eq!(world.item("keeper", "persons").unwrap().text("segment"), Some("1"));
}
