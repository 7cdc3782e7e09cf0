//! The lease on a store: links of one store go one after the other, whoever dies or is late.

use e2e::database::DatabaseFault;
use e2e::faults::{Fault, Times};
use e2e::gate::{Gate, until};
use e2e::world::World;
use shared::providers::shopify;
use shared::store::flows::flow_key;

const SHOP: &str = "acme.myshopify.com";

/// Calls of the database, counted from where the test begins to count.
fn claims(world: &World) -> usize {
    world.database.usage().calls("UpdateItem")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_link_sends_its_code_only_when_the_first_pair_is_stored() {
    let world = World::builder().instances("shopify-callback", 2).start().await;
    let (one, two) = (world.browser(), world.browser());
    let (first, second) = (world.approve_shop(&one, "acme").await, world.approve_shop(&two, "acme").await);
    let gate = Gate::closed();
    world.shopify.switch_on("token", gate.fault(), Times::Once);
    let later = async {
        gate.reached(1).await;
        world.database.reset_usage();
        let waiting = async {
            // Its claim has been refused several times over, and still its code has not gone out.
            until("the second link has met the lease", || claims(&world) >= 3).await;
            assert_eq!(world.shopify.requests_of("token").len(), 1);
            gate.open();
        };
        tokio::join!(two.get(&second), waiting).0
    };
    let (first, second) = tokio::join!(one.get(&first), later);
    assert_eq!((first.status(), second.status()), (200, 200), "{} {}", first.text(), second.text());
    assert_eq!(first.json()["user_uuid"], second.json()["user_uuid"]);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_store_does_not_wait_for_the_lease() {
    let world = World::builder().instances("shopify-callback", 2).start().await;
    let (one, two) = (world.browser(), world.browser());
    let callback = world.approve_shop(&one, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("token", gate.fault(), Times::Once);
    let other = async {
        gate.reached(1).await;
        let other = world.link_shop(&two, "other").await;
        gate.open();
        other
    };
    let (first, other) = tokio::join!(one.get(&callback), other);
    assert_eq!((first.status(), other.status()), (200, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_was_killed_in_mid_exchange_is_replaced() {
    let world = World::start().await;
    let (dead, next) = (world.browser(), world.browser());
    let callback = world.approve_shop(&dead, "acme").await;
    world.shopify.switch_on("token", Fault::Hang, Times::Once);
    let kill = async {
        until("the code is on its way", || world.shopify.requests_of("token").len() == 1).await;
        world.function("shopify-callback").kill().await;
    };
    let (lost, ()) = tokio::join!(dead.get(&callback), kill);
    assert_eq!(lost.status(), 500, "what API Gateway makes of a dead function");
    world.function("shopify-callback").scale(1).await;
    assert!(world.item(&flow_key(&shopify::PLATFORM, SHOP), "").unwrap().text("lease_owner").is_some(), "the dead holder left its lease");
    assert!(world.database.scan("connections").is_empty());

    world.end_lease(SHOP).await;
    let linked = world.link_shop(&next, "acme").await;
    assert_eq!(linked.status(), 200, "{}", linked.text());
    world.assert_newest_pair(SHOP).await;
    let again = dead.get(&callback).await;
    assert_eq!(again.code().as_deref(), Some("used_state"), "the dead one's state stays used");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_waits_until_a_dead_holders_lease_has_run_out() {
    let world = World::builder().instances("shopify-callback", 2).start().await;
    let (dead, next) = (world.browser(), world.browser());
    let callback = world.approve_shop(&dead, "acme").await;
    world.shopify.switch_on("token", Fault::Hang, Times::Once);
    let kill = async {
        until("the code is on its way", || world.shopify.requests_of("token").len() == 1).await;
        world.function("shopify-callback").kill().await;
    };
    tokio::join!(dead.get(&callback), kill);
    world.function("shopify-callback").scale(1).await;

    let callback = world.approve_shop(&next, "acme").await;
    world.database.reset_usage();
    let release = async {
        until("the next link has met the lease", || claims(&world) >= 2).await;
        world.end_lease(SHOP).await;
    };
    let (linked, ()) = tokio::join!(next.get(&callback), release);
    assert_eq!(linked.status(), 200, "{}", linked.text());
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_holder_whose_lease_was_taken_over_writes_nothing() {
    let world = World::builder().instances("shopify-callback", 2).start().await;
    let (late, next) = (world.browser(), world.browser());
    let callback = world.approve_shop(&late, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("token", gate.fault(), Times::Once);
    let others = async {
        gate.reached(1).await;
        world.end_lease(SHOP).await;
        let linked = world.link_shop(&next, "acme").await;
        assert_eq!(linked.status(), 200, "{}", linked.text());
        let stored = world.database.scan("connections");
        gate.open();
        stored
    };
    let (refused, stored) = tokio::join!(late.get(&callback), others);
    assert_eq!(refused.code().as_deref(), Some("token_exchange_failed"), "{}", refused.text());
    assert_eq!(world.database.scan("connections"), stored, "the late one changed the link");
    assert!(late.cookie("session_id").is_none());
    world.assert_newest_pair(SHOP).await;

    let again = world.link_shop(&late, "acme").await;
    assert_eq!(again.status(), 200, "the late one's next try works: {}", again.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_holder_that_fails_leaves_the_lease_to_its_successor() {
    let world = World::builder().instances("shopify-callback", 2).start().await;
    let (late, next) = (world.browser(), world.browser());
    let (first, second) = (world.approve_shop(&late, "acme").await, world.approve_shop(&next, "acme").await);
    let (first_gate, second_gate) = (Gate::closed(), Gate::closed());
    world.shopify.switch_on("token", first_gate.fault(), Times::Once);
    world.shopify.switch_on("token", second_gate.fault(), Times::Once);
    let late_one = async {
        let reply = late.get(&first).await;
        let held = world.item(&flow_key(&shopify::PLATFORM, SHOP), "").unwrap().text("lease_owner").is_some();
        second_gate.open();
        (reply, held)
    };
    let successor = async {
        first_gate.reached(1).await;
        world.end_lease(SHOP).await;
        let opening = async {
            second_gate.reached(1).await;
            first_gate.open();
        };
        tokio::join!(next.get(&second), opening).0
    };
    let ((refused, held), linked) = tokio::join!(late_one, successor);
    assert_eq!(refused.code().as_deref(), Some("token_exchange_failed"), "{}", refused.text());
    assert!(held, "the late one gave away what was no longer its own");
    assert_eq!(linked.status(), 200, "{}", linked.text());
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_shopifys_answer_and_the_write_nothing_is_half_linked() {
    let world = World::start().await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    let kill = async {
        until("the write is on its way", || world.database.usage().calls("TransactWriteItems") == 1).await;
        world.function("shopify-callback").kill().await;
    };
    tokio::join!(browser.get(&callback), kill);
    world.function("shopify-callback").scale(1).await;
    assert!(world.database.scan("connections").is_empty(), "nothing of the link is there");
    assert!(!world.database.scan("sessions").iter().any(|item| item.text("pk").is_some_and(|pk| pk.starts_with("session#"))));

    world.end_lease(SHOP).await;
    let linked = world.link_shop(&browser, "acme").await;
    assert_eq!(linked.status(), 200, "{}", linked.text());
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_write_the_link_stands_and_the_lease_is_free() {
    let world = World::start().await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("graphql", Fault::Hang, Times::Once);
    let kill = async {
        until("the store is linked", || !world.identities_of(SHOP).is_empty()).await;
        world.function("shopify-callback").kill().await;
    };
    tokio::join!(browser.get(&callback), kill);
    world.function("shopify-callback").scale(1).await;
    let uuid = world.identities_of(SHOP);
    let again = browser.get(&callback).await;
    assert_eq!(again.code().as_deref(), Some("used_state"));
    assert_eq!(again.json()["next"], "/facebook/login?shop=acme.myshopify.com", "the link was made, and the answer leads on");
    let linked = world.link_shop(&browser, "acme").await;
    assert_eq!(linked.status(), 200, "{}", linked.text());
    assert_eq!(world.identities_of(SHOP), uuid);
    world.assert_newest_pair(SHOP).await;
}
