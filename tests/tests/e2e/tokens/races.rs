//! Renewals, links and kills at the same time; where an order matters, a gate at the provider sets it.

use e2e::database::DatabaseFault;
use e2e::faults::{Fault, Times};
use e2e::gate::{Gate, until};
use e2e::world::World;
use serde_json::json;
use shared::providers::shopify;
use shared::store::flows::flow_key;

use crate::tokens::setup::{
    SHOP, ask_shop, assert_active, assert_dead, assert_free, ended, events, figure, linked, refreshes, shop_entry, store,
};

const FUNCTION: &str = "connection-tokens";

/// Asks, kills the function once `moment` has come, and starts it again.
async fn killed_when(world: &World, what: &str, moment: impl FnMut() -> bool) {
    world.function(FUNCTION).scale(1).await;
    let kill = async {
        until(what, moment).await;
        world.function(FUNCTION).kill().await;
    };
    let (answer, ()) = tokio::join!(world.function(FUNCTION).invoke_directly(json!({"shop": SHOP})), kill);
    assert!(answer.is_err(), "it was killed");
    world.function(FUNCTION).scale(1).await;
}

fn used_tokens(world: &World) -> Vec<Option<String>> {
    world.shopify.requests_of("refresh").iter().map(|request| request.field("refresh_token")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_the_answer_and_the_write_the_link_lives() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    world.database.reset_usage();
    killed_when(&world, "the write is on its way", || world.database.usage().calls("TransactWriteItems") == 1).await;
    assert_eq!((refreshes(&world), figure(&world, &uuid, "version")), (1, Some(1)));
    assert!(store(&world, &uuid).text("status") == Some("active"));
    world.end_lease(SHOP).await;
    assert_active(&world, &shop_entry(&world, SHOP).await);
    let used = used_tokens(&world);
    assert_eq!((used.len(), &used[0]), (2, &used[1]), "the lost answer is had again with the same token");
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_shopify_answers_the_link_lives() {
    let world = World::start().await;
    ended(&world, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("refresh", gate.fault(), Times::Once);
    killed_when(&world, "Shopify has made the pair", || refreshes(&world) == 1).await;
    gate.open();
    world.end_lease(SHOP).await;
    assert_active(&world, &shop_entry(&world, SHOP).await);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_write_the_next_one_reads_the_pair() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    world.database.fail_operation("TransactWriteItems", DatabaseFault::AnswerLost, 1000);
    killed_when(&world, "the pair is stored", || figure(&world, &uuid, "version") == Some(2)).await;
    world.database.clear_faults();
    assert_free(&world, SHOP);
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_eq!(refreshes(&world), 1);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_a_death_is_noted_the_next_one_notes_it() {
    let world = World::start().await;
    ended(&world, "acme").await;
    world.shopify.uninstall(SHOP);
    world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    world.database.reset_usage();
    killed_when(&world, "the death is on its way", || world.database.usage().calls("TransactWriteItems") == 1).await;
    assert!(events(&world, "reconnect_needed").is_empty());
    world.end_lease(SHOP).await;
    assert_dead(&shop_entry(&world, SHOP).await, "token_refused");
    assert_eq!(events(&world, "reconnect_needed").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_wait_for_a_dead_holder_go_on_when_its_lease_has_run_out() {
    let world = World::start().await;
    ended(&world, "acme").await;
    world.shopify.switch_on("refresh", Fault::Hang, Times::Once);
    killed_when(&world, "the token is on its way", || refreshes(&world) == 1).await;
    assert!(world.item(&flow_key(&shopify::PLATFORM, SHOP), "").unwrap().attributes.contains_key("lease_owner"));
    world.database.reset_usage();
    let release = async {
        until("the next one has met the lease", || world.database.usage().calls("UpdateItem") >= 3).await;
        assert_eq!(refreshes(&world), 1, "it does not go on before");
        world.end_lease(SHOP).await;
    };
    let (entry, ()) = tokio::join!(shop_entry(&world, SHOP), release);
    assert_active(&world, &entry);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_waits_for_a_renewal_and_its_pair_stays() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("refresh", gate.fault(), Times::Once);
    let link = async {
        gate.reached(1).await;
        world.database.reset_usage();
        let opening = async {
            until("the link has met the lease", || world.database.usage().calls("UpdateItem") >= 3).await;
            assert_eq!(world.shopify.requests_of("token").len(), 1, "its code has not gone out");
            gate.open();
        };
        tokio::join!(browser.get(&callback), opening).0
    };
    let (entry, link) = tokio::join!(shop_entry(&world, SHOP), link);
    assert_eq!(link.status(), 200, "{}", link.text());
    assert_active(&world, &entry);
    assert_eq!(figure(&world, &uuid, "version"), Some(3));
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_waits_for_a_link_and_then_reads_its_pair() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("token", gate.fault(), Times::Once);
    let renewal = async {
        gate.reached(1).await;
        world.database.reset_usage();
        let opening = async {
            until("the renewal has met the lease", || world.database.usage().calls("UpdateItem") >= 3).await;
            gate.open();
        };
        tokio::join!(shop_entry(&world, SHOP), opening).0
    };
    let (link, entry) = tokio::join!(browser.get(&callback), renewal);
    assert_eq!(link.status(), 200, "{}", link.text());
    assert_eq!(assert_active(&world, &entry), world.opened(&uuid, "store", "access_token"));
    assert_eq!(refreshes(&world), 0, "the link's pair needs no renewal");
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_a_link_overtook_writes_nothing_and_gives_the_links_token() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("refresh", gate.fault(), Times::Once);
    let link = async {
        gate.reached(1).await;
        world.end_lease(SHOP).await;
        linked(&world, "acme").await;
        let stored = store(&world, &uuid);
        gate.open();
        stored
    };
    let (entry, stored) = tokio::join!(shop_entry(&world, SHOP), link);
    assert_eq!(store(&world, &uuid), stored, "the late one changed the link");
    assert_eq!(assert_active(&world, &entry), world.opened(&uuid, "store", "access_token"));
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_another_overtook_writes_nothing_and_gives_the_others_token() {
    let world = World::builder().instances(FUNCTION, 2).start().await;
    let uuid = ended(&world, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("refresh", gate.fault(), Times::Once);
    let other = async {
        gate.reached(1).await;
        world.end_lease(SHOP).await;
        let reply = ask_shop(&world, SHOP).await;
        gate.open();
        reply
    };
    let (late, other) = tokio::join!(shop_entry(&world, SHOP), other);
    let stored = world.opened(&uuid, "store", "access_token");
    assert_eq!(assert_active(&world, &other["shops"][0]), stored);
    assert_eq!((assert_active(&world, &late), figure(&world, &uuid, "version")), (stored, Some(2)));
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_uninstalled_or_erased_meanwhile_is_not_revived() {
    for status in ["uninstalled", "erasing"] {
        let world = World::start().await;
        let uuid = ended(&world, "acme").await;
        let gate = Gate::closed();
        world.shopify.switch_on("refresh", gate.fault(), Times::Once);
        let end = async {
            gate.reached(1).await;
            super::setup::set_text(&world, &uuid, "status", status).await;
            super::setup::set_figure(&world, &uuid, "generation", 2).await;
            let stored = store(&world, &uuid);
            gate.open();
            stored
        };
        let (entry, stored) = tokio::join!(shop_entry(&world, SHOP), end);
        assert_eq!(store(&world, &uuid), stored);
        assert_eq!(entry["status"], "uninstalled");
        assert!(entry.get("access_token").is_none());
        assert_free(&world, SHOP);
    }
}
