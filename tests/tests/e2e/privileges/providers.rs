//! What providers bring about.

use e2e::facebook::{AccountEvent, Happening, WhatsAppConsent, delivery};
use e2e::faults::{Fault, Times};

use crate::privileges::{ACME, Linked, Play};

#[tokio::test(flavor = "multi_thread")]
async fn what_leaving_facebook_takes_is_allowed_and_no_more() {
    let play = Play::begin().await;
    let world = &play.world;
    let Linked { page, person, .. } = play.link("acme").await;
    let leaves = [
        ("/facebook/deauthorize", world.facebook.signed_leave_of_page(&page)),
        ("/facebook/deauthorize", world.facebook.signed_leave(&person)),
    ];
    for (route, leave) in &leaves {
        assert_eq!(world.gateway().send(&delivery(route, leave)).await.status, 200);
    }
    let Linked { person, .. } = play.link("other").await;
    let told = world.gateway().send(&delivery("/facebook/data-deletion", &world.facebook.signed_leave(&person))).await;
    let url = told.json()["url"].as_str().unwrap().to_owned();
    assert_eq!(world.browser().get(&url).await.json()["records"], 2);
    play.needed_all_that_is_allowed("facebook-lifecycle");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_shopifys_webhooks_take_is_allowed_and_no_more() {
    const FUNCTION: &str = "shopify-webhooks";
    let play = Play::begin().await;
    let world = &play.world;
    let store = format!("uuid#{}", play.link("acme").await.uuid);
    for topic in ["app/scopes_update", "customers/redact", "app/uninstalled", "shop/redact"] {
        let linked_at = world.item(&store, "store").unwrap().text("linked_at").unwrap().parse::<u64>().unwrap();
        world.set_number(&store, "store", "linked_at", linked_at - 60).await;
        let webhook = world.shopify.webhook(topic, ACME).request();
        assert_eq!(world.gateway().send(&webhook).await.status, 200, "{}", world.function(FUNCTION).logs());
    }
    assert!(world.item(&store, "store").is_none(), "erased");
    play.needed_all_that_is_allowed(FUNCTION);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_metas_webhooks_take_is_allowed_and_no_more() {
    const FUNCTION: &str = "meta-webhooks";
    let play = Play::with_whatsapp().await;
    let world = &play.world;
    let Linked { uuid, page, person } = play.link("acme").await;
    let instagram = world.facebook.link_instagram(&page, "acme.mugs");
    for account in [page, instagram] {
        let delivery = world.facebook.webhook_about(&account, &Happening::Text("Hi".to_owned()));
        assert_eq!(world.gateway().send(&delivery.request()).await.status, 200, "{}", world.function(FUNCTION).logs());
    }
    assert_eq!(world.bus.puts().len(), 1, "Instagram was not linked");

    let (store, browser) = (format!("uuid#{uuid}"), world.browser());
    let business = world.facebook.add_business(&person, "Acme Inc.");
    let waba = world.facebook.add_account(&business, "Acme");
    let number = world.facebook.add_number(&waba, "+1 631-555-0101");
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    assert_eq!(world.link_numbers(&browser, &WhatsAppConsent::of(&business)).await.status(), 200);
    world.set_number(&store, &format!("phone#{number}"), "linked_at", 1_700_000_000).await;
    world.set_number(&store, &format!("phone#{number}"), "linked_ms", 1_700_000_000_000).await;
    // A restriction, a word about which Meta does not answer, and one that it confirms.
    world.facebook.switch_on("whatsapp_account", Fault::ServerError500, Times::Once);
    for event in [AccountEvent::Violation { kind: "ADULT" }, AccountEvent::Removed, AccountEvent::Removed] {
        let delivery = world.facebook.account_event(&waba, &event);
        assert_eq!(world.gateway().send(&delivery.request()).await.status, 200, "{}", world.function(FUNCTION).logs());
    }
    assert!(world.item(&store, &format!("phone#{number}")).is_none(), "ended");
    play.needed_all_that_is_allowed(FUNCTION);
}
