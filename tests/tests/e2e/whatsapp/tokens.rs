//! The bot gets a number's token as it gets a Page's.

use e2e::world::World;
use serde_json::json;

use crate::whatsapp::support::Shop;

#[tokio::test]
async fn a_numbers_entry_has_what_a_bot_sends_with() {
    let shop = Shop::linked_in(World::builder().whatsapp_apart()).await;
    let second = shop.adds_number();
    let reply = shop.tokens(&shop.number).await;
    let [entry] = &reply["phone_numbers"].as_array().unwrap()[..] else { panic!("one number: {reply}") };
    assert_eq!(entry["phone_number_id"], shop.number);
    assert_eq!((&entry["waba_id"], &entry["display_phone_number"]), (&json!(shop.waba), &json!("+1 631-555-0101")));
    assert_eq!((&entry["name"], &entry["status"], &entry["expires_at"]), (&json!("Acme"), &json!("active"), &json!(null)));
    assert_eq!((&entry["messaging_ready"], &entry["messaging_reason"]), (&json!(true), &json!(null)));
    let token = entry["access_token"].as_str().unwrap();
    assert!(shop.world.facebook.accepts(token));
    let proof = shared::providers::meta::appsecret_proof(
        &shared::Secret::new(shop.world.setting("WHATSAPP_APP_SECRET")),
        &shared::Secret::new(token),
    );
    assert_eq!(entry["appsecret_proof"], proof);
    assert_eq!((&reply["pages"], &reply["user_uuid"]), (&json!([]), &json!(shop.uuid)));
    assert_eq!(shop.tokens(&second).await["error"]["code"], "not_found");
    let by_shop = shop.world.invoke("connection-tokens", json!({ "shop": "acme.myshopify.com" })).await;
    assert_eq!(by_shop["phone_numbers"], reply["phone_numbers"]);
}

#[tokio::test]
async fn a_token_that_ends_says_when() {
    let shop = Shop::linked_in(World::builder().whatsapp().facebook_app(|app| {
        app.whatsapp.as_mut().unwrap().token_seconds = Some(60 * 86_400);
    }))
    .await;
    let entry = shop.tokens(&shop.number).await["phone_numbers"][0].clone();
    assert!(entry["expires_at"].as_str().is_some_and(|end| end.ends_with('Z')), "{entry}");
}

#[tokio::test]
async fn a_token_is_kept_once() {
    let shop = Shop::open().await;
    let second = shop.adds_number();
    assert_eq!(shop.links().await.status(), 200);
    assert!(shop.grant().unwrap().attributes.contains_key("access_token"));
    for number in [&shop.number, &second] {
        assert!(!shop.stored(number).unwrap().attributes.contains_key("access_token"));
    }
}

#[tokio::test]
async fn a_store_that_is_away_yields_no_numbers_token() {
    let shop = Shop::linked().await;
    shop.signs_in().await;
    let token = shop.list().await["csrf_token"].as_str().unwrap().to_owned();
    let fields = [("csrf_token", token.as_str()), ("platform", "shopify"), ("account", "acme.myshopify.com")];
    let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request =
        e2e::gateway::Request::get("/connections/disconnect").with_method("POST").with_body("application/x-www-form-urlencoded", body);
    assert_eq!(shop.browser.send(request).await.status(), 303);
    let entry = shop.tokens(&shop.number).await["phone_numbers"][0].clone();
    assert_eq!((&entry["status"], entry.get("access_token")), (&json!("uninstalled"), None));
    assert_eq!(shop.world.link_shop(&shop.browser, "acme").await.status(), 200);
    assert!(shop.tokens(&shop.number).await["phone_numbers"][0]["access_token"].is_string(), "linking it again revives them");
}
