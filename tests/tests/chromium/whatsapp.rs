//! The local WhatsApp: its sign-up, the page of a merchant, and a conversation in which what is sent appears by itself.

use e2e::chromium::Setup;
use e2e::facebook::appsecret_proof;
use e2e::gate::until;
use e2e::scenes;
use serde_json::json;

use crate::Stage;
use crate::messenger::shows;

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
