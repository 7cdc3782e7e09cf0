//! `GET /whatsapp/login` and `/whatsapp/callback` when Meta does as it should: what is linked, and how it is told.

use e2e::browser::Accept;
use e2e::facebook::{Misbehaviour, WhatsAppConsent};
use e2e::world::World;
use serde_json::json;

use crate::support::{assert_error, parameter};
use crate::whatsapp::support::{Shop, ids, warnings};

#[tokio::test]
async fn the_login_leads_to_the_sign_up_of_the_configuration() {
    let shop = Shop::open().await;
    let login = shop.browser.get("/whatsapp/login").await;
    assert_eq!(login.status(), 302);
    let dialog = login.location();
    let names: Vec<String> =
        form_urlencoded::parse(dialog.split_once('?').unwrap().1.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["client_id", "redirect_uri", "state", "response_type", "config_id", "override_default_response_type"]);
    assert_eq!(parameter(dialog, "client_id").as_deref(), Some(shop.world.setting("FACEBOOK_APP_ID")));
    assert_eq!(parameter(dialog, "redirect_uri").as_deref(), Some(shop.world.setting("WHATSAPP_REDIRECT_URI")));
    assert!(dialog.contains("/v26.0/dialog/oauth?"), "{dialog}");
}

#[tokio::test]
async fn a_number_is_linked_subscribed_to_and_registered() {
    let shop = Shop::open().await;
    let reply = shop.links().await;
    assert_eq!(reply.status(), 200, "{}", reply.text());
    let body = reply.json();
    assert_eq!((body["user_uuid"].as_str(), body["shop"].as_str()), (Some(shop.uuid.as_str()), Some("acme.myshopify.com")));
    let [number] = &body["phone_numbers"]["data"].as_array().unwrap()[..] else { panic!("one number: {body}") };
    assert_eq!(number["id"], shop.number);
    assert_eq!(number["waba_id"], shop.waba);
    assert_eq!(number["display_phone_number"], "+1 631-555-0101");
    assert_eq!((&number["name"], &number["messaging_ready"]), (&json!("Acme"), &json!(true)));
    assert_eq!((&body["warnings"], &body["phone_numbers"]["paging"]), (&json!([]), &json!({})));
    assert!(shop.world.facebook.is_subscribed(&shop.waba));
    let [registration] = &shop.world.facebook.registrations(&shop.number)[..] else { panic!("one try") };
    assert!(registration.error.is_none() && registration.pin.len() == 6);
    assert_eq!(shop.world.facebook.number(&shop.number).status, "CONNECTED");
    assert!(shop.is_ready(&shop.number));
    let secrets = shop.world.secrets();
    assert!(!secrets.iter().any(|secret| reply.text().contains(secret)) && !reply.text().contains(&registration.pin));
    assert!(!shop.world.logs().contains(&registration.pin) && !shop.world.logs().contains("555-0101"));
}

#[tokio::test]
async fn the_exchange_sends_what_the_dialog_had_and_no_verifier() {
    let shop = Shop::linked_in(World::builder().whatsapp_apart()).await;
    shop.signs_in().await;
    assert_eq!(shop.links().await.status(), 200);
    let [exchange] = &shop.world.facebook.requests_of("whatsapp_exchange")[..] else { panic!("one exchange") };
    assert_eq!(exchange.method, "POST");
    assert_eq!(exchange.field("client_id").as_deref(), Some(shop.world.setting("WHATSAPP_APP_ID")));
    assert_eq!(exchange.field("redirect_uri").as_deref(), Some(shop.world.setting("WHATSAPP_REDIRECT_URI")));
    assert_eq!(exchange.field("code_verifier"), None);
    assert!(!exchange.path_and_query.contains('?'));
}

#[tokio::test]
async fn the_page_for_people_names_the_number_and_the_store() {
    let shop = Shop::open().await;
    let browser = shop.browser.copied().accepting(Accept::Html);
    let reply = shop.world.link_numbers(&browser, &shop.consent()).await;
    assert_eq!(reply.status(), 200);
    for expected in ["Acme", "+1 631-555-0101", "acme.myshopify.com", "Connect your Facebook Pages"] {
        assert!(reply.text().contains(expected), "{expected}: {}", reply.text());
    }
}

#[tokio::test]
async fn all_numbers_of_all_accounts_are_linked_in_several_parts() {
    let shop = Shop::open().await;
    let outlet = shop.world.facebook.add_account(&shop.business, "Outlet");
    for number in 0..105 {
        shop.world.facebook.add_number(&outlet, &format!("+1 631-555-{number:04}"));
    }
    let reply = shop.links().await;
    assert_eq!(reply.status(), 200, "{}", reply.text());
    assert_eq!(ids(&reply).len(), 106);
    assert_eq!(shop.asked("whatsapp_subscribe"), 2, "once for each account");
    assert_eq!(shop.asked("whatsapp_phone_numbers"), 3, "by cursor");
    assert_eq!(shop.pins().len(), 106);
}

#[tokio::test]
async fn what_is_connected_already_is_not_registered() {
    let shop = Shop::open().await;
    let in_app = shop.adds_number();
    shop.world.facebook.edit_number(&shop.number, |number| "CONNECTED".clone_into(&mut number.status));
    shop.world.facebook.edit_number(&in_app, |number| number.is_on_biz_app = true);
    let reply = shop.links().await;
    assert_eq!((reply.status(), warnings(&reply)), (200, vec![]), "{}", reply.text());
    assert_eq!(shop.asked("whatsapp_register"), 0);
    assert!(shop.is_ready(&shop.number) && shop.is_ready(&in_app) && shop.pins().is_empty());
}

#[tokio::test]
async fn a_merchant_who_declines_keeps_the_session() {
    let shop = Shop::open().await;
    let login = shop.browser.get("/whatsapp/login").await;
    let declined = shop.browser.get(&shop.world.facebook.decline(login.location())).await;
    assert_error(&declined, 403, "access_denied");
    assert_eq!(shop.links().await.status(), 200);
}

#[tokio::test]
async fn another_apps_token_is_refused() {
    let shop = Shop::open().await;
    let consent = WhatsAppConsent::of(&shop.business).with(Misbehaviour::ForeignToken);
    assert_error(&shop.world.link_numbers(&shop.browser, &consent).await, 400, "token_exchange_failed");
    assert!(shop.grant().is_none() && shop.stored(&shop.number).is_none());
}

#[tokio::test]
async fn a_state_is_used_once_and_belongs_to_its_platform() {
    let shop = Shop::open().await;
    let callback = shop.world.approve_numbers(&shop.browser, &shop.consent()).await;
    let elsewhere = callback.replace("/whatsapp/callback", "/facebook/callback");
    assert_error(&shop.browser.get(&elsewhere).await, 400, "invalid_state");
    assert_eq!(shop.browser.get(&callback).await.status(), 200);
    let again = shop.browser.get(&callback).await;
    assert_error(&again, 400, "used_state");
    let other = shop.world.browser();
    assert_error(&other.get(&callback).await, 400, "invalid_state");
    assert_eq!(shop.asked("whatsapp_exchange"), 1);
}
