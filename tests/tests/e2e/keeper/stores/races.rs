//! Runs, links, the bot and SIGKILL at the same time.

use e2e::database::DatabaseFault;
use e2e::faults::Times;
use e2e::gate::{Gate, until};
use e2e::world::World;
use serde_json::json;

use super::{FUNCTION, assert_run, endless, fading, many_fading, run};
use crate::support::case;
use crate::tokens::setup::{
    SHOP, assert_active, assert_free, ended, events, figure, linked, records, refreshes, set_text, shop_entry, store,
};

async fn killed_when(world: &World, what: &str, moment: impl FnMut() -> bool) {
    let kill = async {
        until(what, moment).await;
        world.function(FUNCTION).kill().await;
    };
    let (answer, ()) = tokio::join!(world.function(FUNCTION).invoke_directly(json!({})), kill);
    assert!(answer.is_err(), "it was killed");
    world.function(FUNCTION).scale(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_write_it_loses_nothing() {
    for dead in [false, true] {
        case(dead);
        let world = World::start().await;
        world.function(FUNCTION).scale(1).await;
        fading(&world, "acme").await;
        if dead {
            world.shopify.uninstall(SHOP);
        }
        let before = records(&world);
        for operation in ["UpdateItem", "TransactWriteItems"] {
            world.database.fail_operation(operation, DatabaseFault::Hang, 1);
            world.database.reset_usage();
            killed_when(&world, "the write is on its way", || world.database.usage().calls(operation) == 1).await;
            world.database.clear_faults();
            assert_eq!(records(&world), before);
            world.free_lease(SHOP).await;
        }
        assert_run(&run(&world).await, if dead { [1, 0, 0, 1, 0, 0] } else { [1, 1, 0, 0, 0, 0] });
        assert_eq!(events(&world, "reconnect_needed").len(), usize::from(dead));
        if !dead {
            world.assert_newest_pair(SHOP).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_a_migration_the_answer_is_had_again() {
    let world = World::start().await;
    let uuid = endless(&world, "acme").await;
    world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    world.database.reset_usage();
    killed_when(&world, "the pair is on its way", || world.database.usage().calls("TransactWriteItems") == 1).await;
    assert_eq!(figure(&world, &uuid, "version"), Some(1));
    world.end_lease(SHOP).await;
    // The old token is dead for the Admin API by now, and still brings the pair.
    let reply = run(&world).await;
    assert_eq!(store(&world, &uuid).text("status"), Some("active"), "{reply}");
    assert_run(&reply, [1, 1, 0, 0, 0, 0]);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_an_erasing_the_next_run_ends_it() {
    let world = World::start().await;
    world.function(FUNCTION).scale(1).await;
    let uuid = linked(&world, "acme").await;
    set_text(&world, &uuid, "status", "erasing").await;
    world.make_due(&uuid, "store").await;
    world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    world.database.reset_usage();
    killed_when(&world, "the erasing is on its way", || world.database.usage().calls("TransactWriteItems") == 1).await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    assert!(world.item(&format!("uuid#{uuid}"), "store").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_renew_each_store_once() {
    let world = World::builder().instances(FUNCTION, 2).start().await;
    let stores = many_fading(&world, 10).await;
    let (one, two) = tokio::join!(run(&world), run(&world));
    let sum = |name: &str| one[name].as_u64().unwrap() + two[name].as_u64().unwrap();
    assert_eq!((sum("refreshed"), sum("failed"), sum("remaining"), refreshes(&world)), (10, 0, 0, 10), "{one} {two}");
    for (uuid, _) in &stores {
        assert_eq!(figure(&world, uuid, "version"), Some(2));
    }
    assert_run(&run(&world).await, [0; 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_mark_each_death_once() {
    let world = World::builder().instances(FUNCTION, 2).start().await;
    for (_, shop) in many_fading(&world, 8).await {
        world.shopify.uninstall(&shop);
    }
    let (one, two) = tokio::join!(run(&world), run(&world));
    let marked = one["reconnect_needed"].as_u64().unwrap() + two["reconnect_needed"].as_u64().unwrap();
    assert_eq!((marked, events(&world, "reconnect_needed").len()), (8, 8), "{one} {two}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_and_the_bot_share_one_renewal() {
    let world = World::start().await;
    let uuid = fading(&world, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("refresh", gate.fault(), Times::Once);
    let bot = async {
        gate.reached(1).await;
        world.database.reset_usage();
        let opening = async {
            until("the bot waits", || world.database.usage().calls("UpdateItem") >= 2).await;
            gate.open();
        };
        tokio::join!(shop_entry(&world, SHOP), opening).0
    };
    let (reply, entry) = tokio::join!(run(&world), bot);
    assert_run(&reply, [1, 1, 0, 0, 0, 0]);
    assert_eq!(assert_active(&world, &entry), world.opened(&uuid, "store", "access_token"));
    assert_eq!(refreshes(&world), 1);
    assert_free(&world, SHOP);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_during_a_run_waits_for_it_and_its_pair_stays() {
    let world = World::start().await;
    fading(&world, "acme").await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("refresh", gate.fault(), Times::Once);
    let link = async {
        gate.reached(1).await;
        world.database.reset_usage();
        let opening = async {
            until("the link waits", || world.database.usage().calls("UpdateItem") >= 3).await;
            gate.open();
        };
        tokio::join!(browser.get(&callback), opening).0
    };
    let (reply, link) = tokio::join!(run(&world), link);
    assert_run(&reply, [1, 1, 0, 0, 0, 0]);
    assert_eq!(link.status(), 200, "{}", link.text());
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_overtook_a_run_wins_over_its_pair_and_over_its_verdict() {
    for dead in [false, true] {
        case(dead);
        let world = World::start().await;
        let uuid = fading(&world, "acme").await;
        let gate = Gate::closed();
        if dead {
            world.shopify.uninstall(SHOP);
        }
        world.shopify.switch_on("refresh", gate.fault(), Times::Once);
        let link = async {
            gate.reached(1).await;
            world.end_lease(SHOP).await;
            linked(&world, "acme").await;
            let stored = store(&world, &uuid);
            gate.open();
            stored
        };
        let (reply, stored) = tokio::join!(run(&world), link);
        assert_run(&reply, [1, 0, 0, 0, 0, 0]);
        assert_eq!(store(&world, &uuid), stored);
        assert!(events(&world, "reconnect_needed").is_empty());
        world.assert_newest_pair(SHOP).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_waits_for_a_link_in_flight_and_leaves_its_pair_alone() {
    let world = World::start().await;
    let uuid = endless(&world, "acme").await;
    world.shopify.uninstall(SHOP);
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("token", gate.fault(), Times::Once);
    let check = async {
        gate.reached(1).await;
        world.database.reset_usage();
        let opening = async {
            until("the run waits", || world.database.usage().calls("UpdateItem") >= 2).await;
            gate.open();
        };
        tokio::join!(run(&world), opening).0
    };
    let (link, reply) = tokio::join!(browser.get(&callback), check);
    assert_run(&reply, [1, 0, 0, 0, 0, 0]);
    assert_eq!((link.status(), world.shopify.requests_of("migrate").len()), (200, 0), "{}", link.text());
    assert_eq!(store(&world, &uuid).text("status"), Some("active"));
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_in_flight_wins_over_a_death_that_is_marked_meanwhile() {
    let world = World::start().await;
    let uuid = linked(&world, "acme").await;
    // Of a kind that can't be renewed, and nobody knows of which shop.
    crate::tokens::setup::remove(&world, &uuid, "store", "shop_id, refresh_token, refresh_expires_at").await;
    world.make_due(&uuid, "store").await;
    world.shopify.uninstall(SHOP);
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("token", gate.fault(), Times::Once);
    let death = async {
        gate.reached(1).await;
        let reply = run(&world).await;
        assert_eq!(store(&world, &uuid).text("status"), Some("reconnect_needed"));
        gate.open();
        reply
    };
    let (link, reply) = tokio::join!(browser.get(&callback), death);
    assert_run(&reply, [1, 0, 0, 1, 0, 0]);
    assert_eq!(link.status(), 200, "{}", link.text());
    assert!(!store(&world, &uuid).attributes.contains_key("dead_since"));
    assert_active(&world, &shop_entry(&world, SHOP).await);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_a_link_overtook_marks_nothing() {
    let world = World::start().await;
    let uuid = endless(&world, "acme").await;
    world.shopify.uninstall(SHOP);
    let gate = Gate::closed();
    world.shopify.switch_on("graphql", gate.fault(), Times::Once);
    let link = async {
        gate.reached(1).await;
        linked(&world, "acme").await;
        gate.open();
    };
    let (reply, ()) = tokio::join!(run(&world), link);
    assert_run(&reply, [1, 0, 0, 0, 0, 0]);
    assert_eq!(store(&world, &uuid).text("status"), Some("active"));
    assert!(events(&world, "reconnect_needed").is_empty());
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test]
async fn what_the_bot_renewed_a_moment_ago_is_not_renewed_again() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    super::fade(&world, &uuid).await;
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_run(&run(&world).await, [0; 6]);
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    assert_eq!(refreshes(&world), 1);
}
