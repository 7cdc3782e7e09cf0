//! What is done about a store by its status and its pair.

use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::json;

use super::{FUNCTION, assert_due_in, assert_run, fading, run};
use crate::tokens::setup::{
    DAY, SHOP, assert_active, assert_dead, assert_free, events, figure, linked, now, records, refreshes, remove, set_figure, set_text,
    shop_entry, store,
};

#[tokio::test]
async fn a_fading_pair_is_renewed_once_and_due_again_within_the_week() {
    let world = World::start().await;
    let uuid = fading(&world, "acme").await;
    let before = world.opened(&uuid, "store", "access_token");
    assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
    assert_eq!((refreshes(&world), figure(&world, &uuid, "version")), (1, Some(2)));
    assert_ne!(world.opened(&uuid, "store", "access_token"), before);
    assert_due_in(&world, &uuid, 6..=7);
    assert_free(&world, SHOP);
    assert_run(&run(&world).await, [0; 6]);
    assert_eq!(refreshes(&world), 1);
    assert!(events(&world, "reconnect_needed").is_empty());
    assert_active(&world, &shop_entry(&world, SHOP).await);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test]
async fn what_is_not_due_costs_nothing_and_what_does_not_fade_is_only_looked_at() {
    let world = World::start().await;
    let uuid = linked(&world, "acme").await;
    // The first run of all looks for what another key sealed.
    run(&world).await;
    let before = records(&world);
    world.database.reset_usage();
    world.shopify.clear_requests();
    assert_run(&run(&world).await, [0; 6]);
    assert_eq!(records(&world), before);
    let usage = world.database.usage();
    let calls = ["Scan", "Query", "GetItem"].map(|operation| usage.calls(operation));
    assert_eq!(
        (calls, usage.total().calls),
        ([1, 1, 2], 4),
        "the index in one request, how deliveries went, and whether all is sealed with the first key, and marked"
    );

    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    assert_eq!(world.shopify.requests().len(), 0);
    assert_due_in(&world, &uuid, 6..=7);
    let mut after = records(&world);
    for (key, item) in &mut after {
        if let Some(old) = before.get(key) {
            item.insert("due_at".to_owned(), old.get("due_at").cloned().unwrap_or_default());
            if !old.contains_key("due_at") {
                item.remove("due_at");
            }
        }
    }
    assert_eq!(after, before, "nothing but the due time changed");
}

#[tokio::test]
async fn any_payload_starts_a_run() {
    let world = World::start().await;
    for payload in [json!(null), json!([]), json!("brake"), json!({"brake": true}), json!({"source": "aws.scheduler", "detail": {}})] {
        assert_run(&world.invoke(FUNCTION, payload).await, [0; 6]);
    }
}

#[tokio::test]
async fn a_dead_pair_is_marked_once_with_one_event_and_left_alone_from_then_on() {
    let world = World::start().await;
    let uuid = fading(&world, "acme").await;
    world.shopify.uninstall(SHOP);
    world.shopify.clear_requests();
    assert_run(&run(&world).await, [1, 0, 0, 1, 0, 0]);
    let told = events(&world, "reconnect_needed");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].account.as_str(), told[0].reason.as_deref(), &told[0].user_uuid), (SHOP, Some("token_refused"), &uuid));
    assert_eq!(figure(&world, &uuid, "version"), Some(1), "a link in flight is not refused for it");
    assert_run(&run(&world).await, [0; 6]);
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    assert_dead(&shop_entry(&world, SHOP).await, "token_refused");
    assert_eq!((world.shopify.requests().len(), events(&world, "reconnect_needed").len()), (1, 1), "no further calls, on both ways");

    assert_eq!(linked(&world, "acme").await, uuid);
    assert!(!store(&world, &uuid).attributes.contains_key("unconfirmed"));
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_due_in(&world, &uuid, 6..=7);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test]
async fn dead_tokens_are_kept_for_thirty_days_and_then_forgotten() {
    let world = World::start().await;
    let uuid = fading(&world, "acme").await;
    world.shopify.uninstall(SHOP);
    run(&world).await;
    set_figure(&world, &uuid, "dead_since", now() - 30 * DAY + 120).await;
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    assert!(store(&world, &uuid).attributes.contains_key("refresh_token"), "not before the thirty days are over");
    assert!(figure(&world, &uuid, "due_at").is_some_and(|due| due <= now() + 121));

    set_figure(&world, &uuid, "dead_since", now() - 30 * DAY - 1).await;
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    let forgotten = store(&world, &uuid);
    for gone in ["access_token", "refresh_token", "due_at"] {
        assert!(!forgotten.attributes.contains_key(gone), "{gone}");
    }
    assert_eq!((forgotten.text("status"), forgotten.text("shop")), (Some("reconnect_needed"), Some(SHOP)), "the link stays");
    assert_run(&run(&world).await, [0; 6]);
    assert_dead(&shop_entry(&world, SHOP).await, "token_refused");
    assert_eq!(linked(&world, "acme").await, uuid);
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_due_in(&world, &uuid, 6..=7);
}

#[tokio::test]
async fn an_uninstalled_store_and_one_of_another_app_are_left_alone() {
    let world = World::start().await;
    let uninstalled = fading(&world, "gone").await;
    let foreign = fading(&world, "foreign").await;
    set_text(&world, &uninstalled, "status", "uninstalled").await;
    set_text(&world, &foreign, "app_id", "another").await;
    let before = [&uninstalled, &foreign].map(|uuid| store(&world, uuid));
    world.shopify.clear_requests();
    assert_run(&run(&world).await, [2, 0, 0, 0, 0, 0]);
    assert_eq!(world.shopify.requests().len(), 0);
    assert_due_in(&world, &foreign, 1..=1);
    for (uuid, before) in [&uninstalled, &foreign].into_iter().zip(before) {
        set_figure(&world, uuid, "due_at", 1).await;
        assert_eq!(store(&world, uuid), before, "but for the due time");
    }
    assert!(events(&world, "reconnect_needed").is_empty());
}

#[tokio::test]
async fn an_erasing_that_stopped_half_way_is_finished() {
    let world = World::start().await;
    let browser = world.browser();
    let (person, page) = crate::support::person_with_page(&world.facebook);
    let uuid = crate::support::linked_shop(&world, &browser, "acme").await;
    crate::support::linked_pages(&world, &browser, &e2e::facebook::Consent::of(&person)).await;
    set_text(&world, &uuid, "status", "erasing").await;
    remove(&world, &uuid, "store", "access_token, refresh_token").await;
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    assert!(world.item(&format!("uuid#{uuid}"), "store").is_none());
    assert_eq!(crate::support::holder(&world, &page), None);
    let left: Vec<_> =
        world.database.scan("connections").into_iter().filter(|item| item.text("pk") == Some(&format!("uuid#{uuid}"))).collect();
    assert_eq!(left, []);
}

#[tokio::test]
async fn a_pair_that_may_do_less_is_stored_and_the_merchant_is_needed() {
    let world = World::start().await;
    let uuid = fading(&world, "acme").await;
    world.shopify.switch_on("refresh", Fault::edit(|answer| answer["scope"] = json!("read_products")), Times::Once);
    assert_run(&run(&world).await, [1, 1, 0, 1, 0, 0]);
    let told = events(&world, "reconnect_needed");
    assert_eq!((told.len(), told[0].reason.as_deref()), (1, Some("missing_scope")));
    assert_eq!((store(&world, &uuid).text("status"), figure(&world, &uuid, "version")), (Some("reconnect_needed"), Some(2)));
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test]
async fn a_pair_whose_end_is_not_known_is_used_weekly() {
    let world = World::start().await;
    let uuid = linked(&world, "acme").await;
    remove(&world, &uuid, "store", "refresh_expires_at").await;
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    assert_due_in(&world, &uuid, 6..=7);
    set_figure(&world, &uuid, "issued_at", now() - 7 * DAY).await;
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
}
