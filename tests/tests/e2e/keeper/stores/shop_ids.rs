//! Which shop a store is, where a link could not tell.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::database::DatabaseFault;
use e2e::faults::{Fault, Times};
use e2e::gate::{Gate, until};
use e2e::world::World;

use super::{assert_due_in, assert_run, run};
use crate::support::set;
use crate::tokens::setup::{
    SHOP, assert_active, assert_dead, events, figure, linked, now, refreshes, remove, set_figure, set_text, shop_entry, store,
};

/// A store whose id is not known, and that is due for it.
async fn unknown(world: &World) -> String {
    let uuid = linked(world, "acme").await;
    remove(world, &uuid, "store", "shop_id").await;
    world.make_due(&uuid, "store").await;
    uuid
}

async fn unconfirmed(world: &World, uuid: &str) {
    set(world, "connections", &format!("uuid#{uuid}"), Some("store"), "unconfirmed", AttributeValue::Bool(true)).await;
}

fn shop_id(world: &World) -> String {
    world.shopify.shop(SHOP).id.to_string()
}

#[tokio::test]
async fn an_id_that_a_link_could_not_read_is_filled_in_ten_minutes_later() {
    let world = World::start().await;
    world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    let uuid = linked(&world, "acme").await;
    world.shopify.clear_faults();
    assert!(store(&world, &uuid).text("shop_id").is_none());
    let due = figure(&world, &uuid, "due_at").unwrap();
    assert!((now() + 500..=now() + 600).contains(&due));
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 1, 0, 0, 0]);
    assert_eq!(store(&world, &uuid).text("shop_id"), Some(shop_id(&world).as_str()));
    assert_due_in(&world, &uuid, 6..=7);
    assert_eq!(refreshes(&world), 0);
}

#[tokio::test]
async fn a_store_that_was_uninstalled_is_confirmed_and_its_pages_come_back() {
    let world = World::start().await;
    let browser = world.browser();
    let (person, _) = crate::support::person_with_page(&world.facebook);
    let uuid = crate::support::linked_shop(&world, &browser, "acme").await;
    crate::support::linked_pages(&world, &browser, &e2e::facebook::Consent::of(&person)).await;
    set_text(&world, &uuid, "status", "uninstalled").await;
    world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    assert_eq!(linked(&world, "acme").await, uuid);
    world.shopify.clear_faults();
    assert_eq!(crate::tokens::setup::ask_shop(&world, SHOP).await["pages"][0]["status"], "uninstalled");
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 1, 0, 0, 0]);
    assert!(!store(&world, &uuid).attributes.contains_key("unconfirmed"));
    assert_eq!(crate::tokens::setup::ask_shop(&world, SHOP).await["pages"][0]["status"], "active");
}

#[tokio::test]
async fn with_an_ended_token_the_pair_is_renewed_first() {
    let world = World::start().await;
    let uuid = unknown(&world).await;
    world.expire_access_token(SHOP).await;
    assert_run(&run(&world).await, [1, 1, 1, 0, 0, 0]);
    assert_eq!(store(&world, &uuid).text("shop_id"), Some(shop_id(&world).as_str()));
    assert_due_in(&world, &uuid, 6..=7);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test]
async fn the_bots_renewal_does_not_put_the_question_off() {
    let world = World::start().await;
    for what in ["unknown", "unconfirmed"] {
        let uuid = unknown(&world).await;
        if what == "unconfirmed" {
            set_text(&world, &uuid, "shop_id", &shop_id(&world)).await;
            unconfirmed(&world, &uuid).await;
        }
        world.expire_access_token(SHOP).await;
        assert_active(&world, &shop_entry(&world, SHOP).await);
        assert_eq!(figure(&world, &uuid, "due_at"), Some(1), "{what}");
        assert_run(&run(&world).await, [1, 0, 1, 0, 0, 0]);
        assert!(!store(&world, &uuid).attributes.contains_key("unconfirmed"));
    }
}

#[tokio::test]
async fn a_question_that_was_not_answered_is_asked_again() {
    let world = World::start().await;
    let uuid = unknown(&world).await;
    world.shopify.switch_on("graphql", Fault::Throttled429, Times::Once);
    assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
    assert_eq!(world.end_pauses().await, 1);
    assert!(store(&world, &uuid).text("shop_id").is_none());
    // A token that Shopify refuses though it has not ended says nothing about the pair.
    world.shopify.switch_on("graphql", Fault::json(401, &serde_json::json!({"errors": "x"})), Times::Once);
    assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
    assert_eq!(store(&world, &uuid).text("status"), Some("active"));
    assert_eq!(world.end_pauses().await, 1);
    assert_run(&run(&world).await, [1, 0, 1, 0, 0, 0]);
}

#[tokio::test]
async fn another_shop_under_the_same_domain_is_not_taken_for_the_former_one() {
    for endless in [false, true] {
        let world = World::start().await;
        world.shopify.refuse_non_expiring(false);
        let uuid = linked(&world, "acme").await;
        unconfirmed(&world, &uuid).await;
        if endless {
            crate::tokens::setup::never_ends(&world, &uuid, "acme").await;
        }
        world.make_due(&uuid, "store").await;
        let known = store(&world, &uuid).text("shop_id").map(str::to_owned);
        world.shopify.edit_shop(SHOP, |shop| shop.id += 1);
        assert_run(&run(&world).await, [1, 0, 0, 1, 0, 0]);
        assert_dead(&shop_entry(&world, SHOP).await, "another_shop");
        assert_eq!(events(&world, "reconnect_needed").len(), 1);
        let after = store(&world, &uuid);
        assert_eq!(after.text("shop_id").map(str::to_owned), known);
        assert!(after.attributes.contains_key("unconfirmed"));
        // The merchant's login gives it an identity of its own.
        let new = linked(&world, "acme").await;
        assert_ne!(new, uuid);
        assert_active(&world, &shop_entry(&world, SHOP).await);
    }
}

/// A store with a Page, whose domain is another shop's by now; no uninstall was heard of.
async fn changed_hands() -> (World, String) {
    let world = World::start().await;
    let browser = world.browser();
    let (person, _) = crate::support::person_with_page(&world.facebook);
    let uuid = crate::support::linked_shop(&world, &browser, "acme").await;
    crate::support::linked_pages(&world, &browser, &e2e::facebook::Consent::of(&person)).await;
    world.shopify.edit_shop(SHOP, |shop| shop.id += 1);
    (world, uuid)
}

/// Demands that the keeper finds out within ten minutes, and that the merchant's login then makes an identity of its own.
async fn assert_found_out(world: &World, uuid: &str) {
    let due = figure(world, uuid, "due_at").unwrap();
    assert!(due <= now() + 600, "due in {} s", due - now());
    world.make_due(uuid, "store").await;
    assert_run(&run(world).await, [1, 0, 0, 1, 0, 0]);
    assert_dead(&shop_entry(world, SHOP).await, "another_shop");
    let pages = crate::tokens::setup::ask_shop(world, SHOP).await["pages"].clone();
    assert_eq!(pages[0]["status"], "uninstalled", "they are the former shop's: {pages}");
    assert!(!pages.to_string().contains("access_token"));
    let new = linked(world, "acme").await;
    assert_ne!(new, uuid);
    assert!(!world.database.dump().iter().any(|item| item.contains(uuid)), "the former shop is erased");
}

#[tokio::test]
async fn a_link_of_another_shop_whose_data_could_not_be_read_is_found_out_soon() {
    let (world, uuid) = changed_hands().await;
    world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    assert_eq!(linked(&world, "acme").await, uuid);
    world.shopify.clear_faults();
    assert_found_out(&world, &uuid).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_another_shop_that_got_no_identity_of_its_own_is_found_out_soon() {
    let (world, uuid) = changed_hands().await;
    let (gate, browser) = (Gate::closed(), world.browser());
    world.shopify.switch_on("graphql", gate.fault(), Times::Once);
    let failing = async {
        gate.reached(1).await;
        until("the link is stored", || figure(&world, &uuid, "version") == Some(2)).await;
        world.database.fail_operation("TransactWriteItems", DatabaseFault::InternalError, 100);
        gate.open();
    };
    let (page, ()) = tokio::join!(world.link_shop(&browser, "acme"), failing);
    world.database.clear_faults();
    assert_eq!(page.status(), 503, "{}", page.text());
    assert_found_out(&world, &uuid).await;
}

#[tokio::test]
async fn a_link_of_the_same_shop_works_on_and_is_looked_at_as_ever() {
    let world = World::start().await;
    let uuid = linked(&world, "acme").await;
    world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    assert_eq!(linked(&world, "acme").await, uuid);
    world.shopify.clear_faults();
    assert_active(&world, &shop_entry(&world, SHOP).await);
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 1, 0, 0, 0]);
    for _ in 0..2 {
        assert!(!store(&world, &uuid).attributes.contains_key("uncompared"));
        assert_due_in(&world, &uuid, 6..=7);
        assert_eq!(linked(&world, "acme").await, uuid);
    }
}

#[tokio::test]
async fn a_fading_store_is_renewed_and_asked_about_in_one_run() {
    let world = World::start().await;
    let uuid = unknown(&world).await;
    super::fade(&world, &uuid).await;
    assert_run(&run(&world).await, [1, 1, 1, 0, 0, 0]);
    set_figure(&world, &uuid, "due_at", 1).await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
}
