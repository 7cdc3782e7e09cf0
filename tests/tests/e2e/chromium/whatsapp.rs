//! A merchant links a number beside store and Page, and the local WhatsApp: its sign-up, the page of a merchant, and a conversation in which what is sent appears by itself.

use e2e::chromium::{Setup, Tab};
use e2e::facebook::{MERCHANTS_PIN, appsecret_proof};
use e2e::gate::until;
use e2e::scenes::{self, Merchant, SIGN_UP, STORE, form_of, pin_form_of};
use serde_json::json;
use shared::facts::Unready;
use shared::providers::whatsapp::PHONE;
use shared::texts::Language;

use crate::chromium::messenger::shows;
use crate::chromium::{Stage, linked, numbers};

#[tokio::test(flavor = "multi_thread")]
async fn merchants_and_customers_of_whatsapp_have_their_pages() {
    let Some(stage) = Stage::set_in(scenes::world().whatsapp()).await else { return };
    let (tab, world, inspector) = (stage.tab(Setup::PHONE).await, &stage.front.world, stage.inspector());
    let facebook = &world.facebook;
    let business = facebook.add_business(&facebook.add_person("Jo Doe"), "Mugs Inc.");
    let account = facebook.add_account(&business, "Mugs for everyone");
    let number = facebook.add_number(&account, "+49 151 00000001");

    let of = |name: &str| world.setting(name);
    tab.open(&format!(
        "{}/v26.0/dialog/oauth?client_id={}&redirect_uri={}&state=s&response_type=code&config_id={}&override_default_response_type=true",
        facebook.url(),
        of("FACEBOOK_APP_ID"),
        of("WHATSAPP_REDIRECT_URI"),
        of("WHATSAPP_CONFIG_ID")
    ))
    .await;
    assert_eq!(tab.heading().await, "Connect your WhatsApp account");
    assert!(tab.has(&format!("#accounts-{account}")).await && tab.text().await.contains("+49 151 00000001"));

    let token = facebook.connect_account(&account, "161803");
    tab.open(&format!("{}/whatsapp", facebook.url())).await;
    inspector.inspect_stand_in(&tab, "the merchant's page").await;
    tab.follow(&format!("#chat-{number}")).await;
    assert_eq!(tab.heading().await, "Mugs for everyone");
    tab.click("#text").await;
    tab.write("Do you have a <b>blue</b> mug?").await;
    tab.loading(tab.press_enter()).await;
    shows(&tab, "#conversation > li.own").await;
    assert!(tab.text().await.contains("Do you have a <b>blue</b> mug?"));
    until("the service has answered", || facebook.is_idle()).await;

    let rows = json!([{ "id": "blue", "title": "Blue mug", "description": "12.00 €" }, { "id": "green", "title": "Green mug" }]);
    let list = json!({
        "type": "list", "body": { "text": "Which of them?" }, "action": { "button": "Choose", "sections": [{ "rows": rows }] },
    });
    let to = facebook.own_contact().wa_id.unwrap_or_default();
    let body = json!({ "messaging_product": "whatsapp", "to": to, "type": "interactive", "interactive": list });
    let proof = appsecret_proof(&token, of("FACEBOOK_APP_SECRET"), None);
    let (status, answer) = facebook.send_as_number(&number, &token, &proof, &body).await;
    assert_eq!(status, 200, "{answer}");
    shows(&tab, "#press-1-1").await;
    assert!(tab.text().await.contains("12.00 €"));
    // Once the message's status is delivered nothing is awaited, and the page stays as it is.
    until("the service has answered", || facebook.is_idle()).await;
    tab.open(&format!("{}/whatsapp/{number}", facebook.url())).await;
    inspector.inspect_stand_in(&tab, "a conversation in WhatsApp").await;
    tab.follow("#press-1-1").await;
    until("the service has answered", || facebook.is_idle()).await;
    tab.open(&format!("{}/inbox", facebook.url())).await;
    let told = tab.source().await;
    assert!(told.contains("list_reply") && told.contains("answered 200"), "{told}");
    let problems = inspector.found().await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The permissions of a Page whose Instagram account is answered for as well.
const WITH_INSTAGRAM: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_links_a_store_a_page_with_instagram_and_a_number_and_ends_all_of_it() {
    let Some(stage) = Stage::set_in(scenes::world().whatsapp().setting("FACEBOOK_SCOPES", WITH_INSTAGRAM)).await else { return };
    let (tab, facebook) = (stage.tab(Setup::PHONE).await, &stage.front.world.facebook);
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    for page in &merchant.pages[1..] {
        facebook.remove_page(page);
    }
    let page = merchant.pages[0].as_str();
    facebook.edit_page(page, |page| page.instagram = Some(("17841400000000001".to_owned(), "acme.mugs".to_owned())));
    let number = merchant.gets_number("+1 631-555-0101");
    facebook.set_pin(&number, Some(MERCHANTS_PIN));

    merchant.connects_pages().await;
    let text = tab.text().await;
    assert!(text.contains("Acme Store") && text.contains("acme.mugs"), "{text}");
    // The last page leads on to what is not connected yet, in the same session.
    tab.follow(SIGN_UP).await;
    assert_eq!(tab.heading().await, "Connect your WhatsApp account");
    merchant.logs_in().await;
    assert!(tab.evaluate(&format!("document.querySelector('#accounts-{}').checked", merchant.account)).await == true);
    tab.follow("#approve").await;
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
    let text = tab.text().await;
    assert!(text.contains("+1 631-555-0101") && text.contains(unready().as_str()), "{text}");
    assert!(!tab.has(SIGN_UP).await, "all is connected: {text}");
    assert_eq!((linked(&merchant).1, numbers(&merchant)), (merchant.pages[..1].to_vec(), vec![number.clone()]));
    assert!(facebook.number(&number).status != "CONNECTED" && facebook.is_subscribed(&merchant.account));

    merchant.launches().await;
    merchant.opens("/connections").await;
    merchant.gives_pin(&number, "000000").await;
    assert!(notice(&tab).await.contains("did not accept") && tab.has(&pin_form_of(&number)).await, "{}", tab.text().await);
    merchant.gives_pin(&number, MERCHANTS_PIN).await;
    assert!(notice(&tab).await.contains("is registered") && !tab.has(&pin_form_of(&number)).await, "{}", tab.text().await);
    assert_eq!(facebook.number(&number).status, "CONNECTED");
    assert!(!tab.source().await.contains(MERCHANTS_PIN));
    let told = stage.front.world.invoke("connection-tokens", json!({ "shop": merchant.domain() })).await;
    let ready = |list: &str| told[list].as_array().into_iter().flatten().filter(|one| one["messaging_ready"] == true).count();
    assert_eq!((ready("pages"), ready("phone_numbers")), (1, 1), "{told}");

    for ended in [form_of(&number), form_of(page), STORE.to_owned()] {
        merchant.disconnects(&ended).await;
        assert!(tab.status() == 200 && !notice(&tab).await.is_empty(), "{}", tab.text().await);
    }
    assert_eq!((linked(&merchant).1, numbers(&merchant)), (vec![], vec![]));
    assert!(facebook.subscribed_fields(page).is_empty() && !facebook.is_subscribed(&merchant.account));
    let told = stage.front.world.invoke("connection-tokens", json!({ "shop": merchant.domain() })).await;
    assert!(told["shops"][0]["status"] == "uninstalled" && !told.to_string().contains("access_token\":\""), "{told}");
}

/// What is said of a number whose PIN is not known.
fn unready() -> String {
    Language::English.words().unready(&PHONE, Unready::PinRequired).to_owned()
}

async fn notice(tab: &Tab) -> String {
    tab.evaluated_text("document.querySelector('[role=status]')?.innerText ?? ''").await
}
