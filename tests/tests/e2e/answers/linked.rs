//! What becomes of a message whose link changes before the bot gets it: the tokens are asked for
//! each time anew.

use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::shopify::Product;

use crate::answers::{BUSY, SHOP, Stage};
use crate::support::{linked_shop, number, set};

const BOLT: &str = "bolt.myshopify.com";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_moved_is_answered_for_with_the_products_of_its_new_store() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = [stage.writes(&stage.page, "Do you have mugs?").await, stage.writes(&stage.instagram, "Do you have mugs?").await];
    let browser = stage.world.browser();
    let bolt = linked_shop(&stage.world, &browser, "bolt").await;
    stage.world.shopify.set_products(BOLT, &[Product::new("Thermo mug", "Kitchen", "Keeps warm.", 2200)]);
    let moved = stage.world.move_pages(&browser, [&stage.page], &Consent::of(&stage.person)).await;
    assert_eq!((moved.status(), stage.world.owner(&format!("page#{}", stage.page))), (200, Some(bolt)), "{}", moved.text());
    for asked in &asked {
        assert_eq!(asked.event["detail"]["shop"], SHOP, "it was written to the old store");
        stage.answers(asked).await;
        assert_eq!(stage.sent_to(&asked.customer), ["Thermo mug"], "{}", stage.told());
    }
    assert_eq!(stage.world.shopify.catalog_questions(SHOP).len(), 0);
    assert_eq!(stage.world.shopify.catalog_questions(BOLT).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_uninstalls_is_answered_for_no_more_until_it_is_back() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.writes(&stage.page, "Do you have mugs?").await;
    stage.world.shopify.uninstall(SHOP);
    let webhook = stage.world.shopify.webhook("app/uninstalled", SHOP).request();
    assert_eq!(stage.world.gateway().send(&webhook).await.status, 200);
    stage.answers(&asked).await;
    stage.assert_wrote("", "uninstalled\n").await;
    let later = stage.world.facebook.webhook_about(&stage.page, &e2e::facebook::Happening::Text("Hello?".to_owned()));
    for event in stage.delivers(&later).await {
        assert_eq!(stage.bot.take(&event).await, 200);
    }
    assert_eq!(stage.world.facebook.requests_of("send").len(), 0);
    assert_eq!(stage.world.shopify.catalog_questions(SHOP).len(), 0);

    linked_shop(&stage.world, &stage.browser, "acme").await;
    let asked = stage.hears("Do you have mugs?").await;
    assert_eq!(stage.sent_to(&asked.customer).len(), 1, "{}", stage.told());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_linked_to_nobody_any_more_is_left_alone() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let mut asked = stage.writes(&stage.page, "Do you have mugs?").await;
    asked.event["detail"]["account"] = "100000000009999".into();
    stage.answers(&asked).await;
    stage.assert_wrote("", "not_found\n").await;
    assert_eq!(stage.world.facebook.requests_of("send").len(), 0);
}

/// The catalog is open to everybody, so a store's dead token is missed only where its catalog fails.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_a_token_is_answered_for_from_its_catalog() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    stage.world.shopify.revoke_refresh_tokens(SHOP);
    set(&stage.world, "connections", &format!("uuid#{}", stage.uuid), Some("store"), "access_expires_at", number(1)).await;
    let asked = stage.hears("Do you have mugs?").await;
    assert_eq!(stage.sent_to(&asked.customer), ["Stoneware mug\nEnamel mug"], "{}", stage.told());
    let told = stage.world.invoke("connection-tokens", serde_json::json!({ "page_id": stage.page })).await;
    assert_eq!(told["shops"][0]["status"], "reconnect_needed");

    stage.world.shopify.protect(SHOP, true);
    let asked = stage.hears("Do you have mugs?").await;
    assert_eq!(stage.sent_to(&asked.customer), [BUSY], "{}", stage.told());
}

/// A fault of this service's own is none of the message's: it comes again.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_waits_until_tokens_can_be_had_again() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.writes(&stage.page, "Do you have mugs?").await;
    stage.world.database.fail(DatabaseFault::InternalError, 100);
    assert_eq!(stage.bot.take(&asked.event).await, 500);
    stage.world.database.clear_faults();
    assert_eq!(stage.world.facebook.requests_of("send").len(), 0);
    stage.answers(&asked).await;
    assert_eq!(stage.sent_to(&asked.customer).len(), 1, "{}", stage.told());
}
