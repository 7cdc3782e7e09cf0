//! Numbers are disconnected one by one; their account is unsubscribed with its last, and the grant revoked with the last of all.

use e2e::faults::{Fault, Times};
use serde_json::json;

use crate::support::dump;
use crate::whatsapp::support::Shop;

#[tokio::test]
async fn the_account_and_the_grant_go_with_the_last_number() {
    let shop = Shop::open().await;
    let second = shop.adds_number();
    assert_eq!(shop.links().await.status(), 200);
    let token = shop.tokens(&second).await["phone_numbers"][0]["access_token"].as_str().unwrap().to_owned();
    shop.signs_in().await;
    assert_eq!(shop.disconnects(&shop.number).await, json!({ "disconnected": "phone", "unsubscribed": "done", "permission": "kept" }));
    assert!(shop.world.facebook.is_subscribed(&shop.waba) && shop.world.facebook.accepts(&token));
    assert_eq!(shop.tokens(&shop.number).await["error"]["code"], "not_found");
    assert_eq!(shop.tokens(&second).await["phone_numbers"][0]["access_token"], token);
    assert_eq!(shop.disconnects(&second).await, json!({ "disconnected": "phone", "unsubscribed": "done", "permission": "revoked" }));
    assert!(!shop.world.facebook.is_subscribed(&shop.waba) && !shop.world.facebook.accepts(&token));
    assert!(shop.grant().is_none() && shop.jobs().is_empty());
    let text = format!(
        "{:?}",
        shop.world
            .database
            .scan("connections")
            .iter()
            .filter(|item| item.text("sk").is_some_and(|sk| !sk.starts_with("event#")))
            .collect::<Vec<_>>()
    );
    assert!(!text.contains(&second) && !text.contains(&shop.waba) && !text.contains("555-01"), "{text}");
}

#[tokio::test]
async fn what_could_not_be_done_at_once_is_the_keepers() {
    let shop = Shop::linked().await;
    let token = shop.tokens(&shop.number).await["phone_numbers"][0]["access_token"].as_str().unwrap().to_owned();
    shop.signs_in().await;
    shop.world.facebook.switch_on("whatsapp_unsubscribe", Fault::ServerError500, Times::UntilCleared);
    assert_eq!(shop.disconnects(&shop.number).await, json!({ "disconnected": "phone", "unsubscribed": "later", "permission": "later" }));
    assert_eq!(shop.jobs().len(), 2);
    shop.world.facebook.clear_faults();
    shop.kept().await;
    assert!(!shop.world.facebook.is_subscribed(&shop.waba));
    assert_eq!(shop.jobs(), ["whatsapp/revoke"], "it waits for ten minutes");
    assert!(shop.world.facebook.accepts(&token));
    shop.kept_later().await;
    assert!(shop.jobs().is_empty() && !shop.world.facebook.accepts(&token));
}

#[tokio::test]
async fn an_account_whose_number_another_store_holds_stays_subscribed() {
    let shop = Shop::open().await;
    let second = shop.adds_number();
    shop.world.facebook.edit_number(&second, |number| "CONNECTED".clone_into(&mut number.status));
    assert_eq!(shop.links().await.status(), 200);
    shop.signs_in().await;
    shop.disconnects(&second).await;
    let (browser, uuid) = shop.other_store().await;
    let reply = shop.world.link_numbers(&browser, &shop.consent()).await;
    assert_eq!((reply.status(), super::support::ids(&reply)), (200, vec![second.clone()]), "{}", reply.text());
    shop.disconnects(&shop.number).await;
    assert!(shop.world.facebook.is_subscribed(&shop.waba), "{uuid} hears of its number by it");
    let held = shop.tokens(&second).await["phone_numbers"][0]["access_token"].as_str().unwrap().to_owned();
    assert!(shop.world.facebook.accepts(&held));
}

#[tokio::test]
async fn a_second_disconnect_changes_nothing() {
    let shop = Shop::linked().await;
    shop.signs_in().await;
    shop.disconnects(&shop.number).await;
    let before = dump(&shop.world);
    shop.sends("/connections/disconnect", &[("account", &shop.number)]).await;
    assert_eq!(dump(&shop.world), before);
}
