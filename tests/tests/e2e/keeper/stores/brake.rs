//! When too many turn out dead at once, or our own credentials are refused, the mistake is likely ours.

use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use super::{FUNCTION, assert_run, endless, fading, many_fading, run};
use crate::support::Dump;
use crate::tokens::answers::error;
use crate::tokens::setup::{DAY, events, figure, now, records, refreshes, set_figure, store};

fn alarms(world: &World, name: &str) -> Vec<Value> {
    let logs = world.function(FUNCTION).logs();
    let lines = logs.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON lines"));
    lines.filter(|line| line["alarm"] == name).collect()
}

/// All records but for the notes of when they were found dead, and since when they are due.
fn unnoted(world: &World) -> Dump {
    let mut records = records(world);
    for item in records.values_mut() {
        item.remove("dead_seen_at");
        item.remove("due_at");
    }
    records
}

#[tokio::test]
async fn twelve_deaths_of_twelve_stop_the_run_until_an_operator_believes_them() {
    let world = World::start().await;
    for (_, shop) in many_fading(&world, 12).await {
        world.shopify.uninstall(&shop);
    }
    let before = unnoted(&world);
    for runs in 1..=2 {
        let reply = run(&world).await;
        assert_run(&reply, [12, 0, 0, 0, 12, 0]);
        assert_eq!(reply["lag_seconds"], 0, "they are due anew, and nobody waits for them");
        assert_eq!(unnoted(&world), before, "none is marked");
        let alarms = alarms(&world, "too_many_dead");
        assert_eq!(alarms.len(), runs);
        assert!(alarms.iter().all(|line| line["level"] == "ERROR" && line["platform"] == "shopify" && line["dead"] == 12));
    }
    assert!(events(&world, "reconnect_needed").is_empty());
    assert_run(&world.invoke(FUNCTION, json!({"brake": "off"})).await, [12, 0, 0, 12, 0, 0]);
    assert_eq!((events(&world, "reconnect_needed").len(), alarms(&world, "too_many_dead").len()), (12, 2));
    assert_run(&run(&world).await, [0; 6]);
}

#[tokio::test]
async fn three_deaths_of_three_are_believed() {
    let world = World::start().await;
    for (_, shop) in many_fading(&world, 3).await {
        world.shopify.uninstall(&shop);
    }
    assert_run(&run(&world).await, [3, 0, 0, 3, 0, 0]);
    assert_eq!((events(&world, "reconnect_needed").len(), alarms(&world, "too_many_dead").len()), (3, 0));
}

#[tokio::test]
async fn refused_credentials_change_no_record_and_stop_the_half_that_they_are_for() {
    let world = World::start().await;
    many_fading(&world, 3).await;
    endless(&world, "endless").await;
    let before = records(&world);
    world.shopify.rotate_secret("shpss_the-next-one");
    world.shopify.revoke_old_secrets();
    assert_run(&run(&world).await, [4, 0, 0, 0, 4, 0]);
    assert_eq!(records(&world), before);
    assert!(events(&world, "reconnect_needed").is_empty());
    assert!(alarms(&world, "credentials_refused").iter().all(|line| line["level"] == "ERROR" && line["platform"] == "shopify"));
    assert_eq!(alarms(&world, "credentials_refused").len(), 4);
}

#[tokio::test]
async fn each_way_of_refusing_our_credentials_is_told_from_a_death() {
    let world = World::start().await;
    fading(&world, "acme").await;
    let before = records(&world);
    for (status, word) in
        [(400, "application_cannot_be_found"), (401, "invalid_client"), (403, "invalid_client"), (400, "unauthorized_client")]
    {
        world.shopify.switch_on("refresh", error(status, word), Times::Once);
        assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
        assert_eq!(records(&world), before, "{status} {word}");
    }
    assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn many_that_can_not_be_judged_are_no_deaths() {
    let world = World::start().await;
    many_fading(&world, 12).await;
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    assert_run(&run(&world).await, [12, 0, 0, 0, 12, 0]);
    assert_eq!(world.end_pauses().await, 12);
    world.shopify.clear_faults();
    assert!(alarms(&world, "too_many_dead").is_empty());
    assert_run(&run(&world).await, [12, 12, 0, 0, 0, 0]);
    assert_eq!(refreshes(&world), 24);
}

/// Stores that were found dead in a run in which too many were; their UUIDs and domains.
async fn held_back(world: &World, count: usize) -> Vec<(String, String)> {
    let stores = many_fading(world, count).await;
    stores.iter().for_each(|(_, shop)| world.shopify.uninstall(shop));
    assert_eq!(run(world).await["failed"], count);
    stores
}

#[tokio::test]
async fn whoever_holds_the_brake_with_dead_stores_of_their_own_holds_up_nobody_else() {
    let world = World::start().await;
    let theirs = held_back(&world, 11).await;
    let real = fading(&world, "real").await;
    world.shopify.uninstall("real.myshopify.com");
    let alive = fading(&world, "alive").await;
    assert_run(&run(&world).await, [13, 1, 0, 1, 11, 0]);
    assert_eq!((store(&world, &real).text("status"), store(&world, &alive).text("status")), (Some("reconnect_needed"), Some("active")));
    for (uuid, _) in &theirs {
        assert_eq!(store(&world, uuid).text("status"), Some("active"), "not yet: it may be a mistake");
        set_figure(&world, uuid, "dead_seen_at", now() - DAY).await;
    }
    assert_run(&run(&world).await, [11, 0, 0, 10, 1, 0]);
    assert_run(&run(&world).await, [1, 0, 0, 1, 0, 0]);
    assert_run(&run(&world).await, [0; 6]);
    assert_eq!(events(&world, "reconnect_needed").len(), 12);
}

#[tokio::test]
async fn a_mistake_that_is_put_right_leaves_no_trace() {
    let world = World::start().await;
    let stores = many_fading(&world, 12).await;
    world.shopify.switch_on("refresh", error(400, "invalid_grant"), Times::UntilCleared);
    assert_run(&run(&world).await, [12, 0, 0, 0, 12, 0]);
    assert!(stores.iter().all(|(uuid, _)| figure(&world, uuid, "dead_seen_at").is_some_and(|at| at.abs_diff(now()) < 60)));
    world.shopify.clear_faults();
    assert_run(&run(&world).await, [12, 12, 0, 0, 0, 0]);
    assert!(stores.iter().all(|(uuid, _)| figure(&world, uuid, "dead_seen_at").is_none()));
}

#[tokio::test]
async fn a_mistake_that_lasts_for_more_than_a_day_marks_ten_in_a_run() {
    let world = World::start().await;
    for (uuid, _) in held_back(&world, 25).await {
        set_figure(&world, &uuid, "dead_seen_at", now() - DAY).await;
    }
    for (marked, held) in [(10, 15), (10, 5), (5, 0)] {
        let reply = run(&world).await;
        assert_eq!((&reply["reconnect_needed"], &reply["failed"]), (&json!(marked), &json!(held)), "{reply}");
    }
}
