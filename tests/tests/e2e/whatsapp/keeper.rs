//! The keeper checks numbers daily, exchanges a token that ends, and registers what was left.

use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::json;

use crate::whatsapp::support::Shop;

const DAY: u64 = 86_400;

fn told(what: &str, number: &str, reason: Option<&str>) -> (String, String, Option<String>) {
    (what.to_owned(), number.to_owned(), reason.map(str::to_owned))
}

#[tokio::test]
async fn a_token_is_asked_about_once_for_all_its_numbers() {
    let shop = Shop::open().await;
    let second = shop.adds_number();
    assert_eq!(shop.links().await.status(), 200);
    shop.clear_requests();
    let reply = shop.kept().await;
    assert_eq!((&reply["failed"], &reply["reconnect_needed"]), (&json!(0), &json!(0)), "{reply}");
    assert_eq!((shop.asked("whatsapp_debug_token"), shop.asked("whatsapp_phone_number")), (1, 2));
    assert!(shop.is_ready(&shop.number) && shop.is_ready(&second) && shop.events().is_empty());
}

#[tokio::test]
async fn a_token_that_is_dead_ends_all_its_numbers() {
    let shop = Shop::open().await;
    let second = shop.adds_number();
    assert_eq!(shop.links().await.status(), 200);
    shop.world.facebook.remove_app_from_business(&shop.business);
    shop.kept().await;
    let mut expected = [&shop.number, &second].map(|number| told("reconnect_needed", number, Some("app_removed"))).to_vec();
    expected.sort();
    assert_eq!(shop.events(), expected);
    let entry = shop.tokens(&second).await["phone_numbers"][0].clone();
    assert_eq!((&entry["status"], &entry["reason"], entry.get("access_token")), (&json!("reconnect_needed"), &json!("app_removed"), None));
    assert!(entry["login_url"].as_str().unwrap().ends_with("/shopify/acme.myshopify.com/login"));
    // Linked again it works.
    shop.signs_in().await;
    assert_eq!(shop.links().await.status(), 200);
    assert!(shop.tokens(&second).await["phone_numbers"][0]["access_token"].is_string());
}

#[tokio::test]
async fn an_account_that_is_no_longer_granted_ends_its_numbers_alone() {
    let shop = Shop::open().await;
    let outlet = shop.world.facebook.add_account(&shop.business, "Outlet");
    let other = shop.world.facebook.add_number(&outlet, "+1 631-555-0102");
    assert_eq!(shop.links().await.status(), 200);
    shop.world.facebook.unshare_account(&shop.business, &outlet);
    shop.kept().await;
    assert_eq!(shop.events(), [told("reconnect_needed", &other, Some("missing_permission"))]);
    assert!(shop.is_ready(&shop.number));
}

#[tokio::test]
async fn a_token_of_sixty_days_is_exchanged_in_time() {
    let shop = Shop::linked_in(World::builder().whatsapp().facebook_app(|app| {
        app.whatsapp.as_mut().unwrap().token_seconds = Some(60 * 86_400);
    }))
    .await;
    let before = shop.tokens(&shop.number).await["phone_numbers"][0]["access_token"].clone();
    shop.kept().await;
    assert_eq!(shop.asked("whatsapp_extension"), 0);
    let now = u64::try_from(shop.world.facebook.now()).unwrap();
    let end = now + 15 * DAY;
    shop.set_of_grant("issued_at", now - 45 * DAY).await;
    let ends_then = Fault::edit(move |answer| answer["data"]["expires_at"] = end.into());
    shop.world.facebook.switch_on("whatsapp_debug_token", ends_then, Times::Once);
    let reply = shop.kept().await;
    assert_eq!((&reply["refreshed"], shop.asked("whatsapp_extension")), (&json!(1), 1), "{reply}");
    let after = shop.tokens(&shop.number).await["phone_numbers"][0]["access_token"].clone();
    assert!(after.is_string() && after != before);
    let [request] = &shop.world.facebook.requests_of("whatsapp_extension")[..] else { panic!("one exchange") };
    assert_eq!(request.field("set_token_expires_in_60_days").as_deref(), Some("true"));
}

#[tokio::test]
async fn what_was_left_is_registered_and_a_lost_subscription_repaired() {
    let shop = Shop::open().await;
    shop.world.facebook.switch_on("whatsapp_register", Fault::ServerError500, Times::UntilCleared);
    shop.world.facebook.switch_on("whatsapp_subscribe", Fault::ServerError500, Times::UntilCleared);
    assert_eq!(shop.links().await.status(), 200);
    assert_eq!(shop.reason(&shop.number).as_deref(), Some("not_checked"));
    shop.world.facebook.clear_faults();
    shop.kept().await;
    assert!(shop.is_ready(&shop.number) && shop.world.facebook.is_subscribed(&shop.waba));
    shop.world.facebook.lose_subscription(&shop.waba);
    shop.kept().await;
    assert!(shop.is_ready(&shop.number) && shop.world.facebook.is_subscribed(&shop.waba));
}

#[tokio::test]
async fn a_number_that_is_restricted_says_so_until_that_is_lifted() {
    let shop = Shop::linked().await;
    shop.world.facebook.edit_number(&shop.number, |number| "RESTRICTED".clone_into(&mut number.status));
    shop.kept().await;
    assert_eq!(shop.reason(&shop.number).as_deref(), Some("account_restricted"));
    shop.world.facebook.edit_number(&shop.number, |number| "CONNECTED".clone_into(&mut number.status));
    shop.kept().await;
    assert!(shop.is_ready(&shop.number));
}
