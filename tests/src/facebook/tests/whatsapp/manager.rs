//! The pages: what a merchant, Meta and customers do there.

use super::*;

impl Shop {
    async fn page(&self, path: &str) -> String {
        let response = self.world.client.get(format!("{}{path}", self.facebook().url())).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }

    async fn press(&self, path: &str, form: &[(&str, &str)]) {
        let response = self.world.client.post(format!("{}{path}", self.facebook().url())).form(form).send().await.unwrap();
        assert_eq!(response.status(), 303, "{path} {form:?}");
    }

    /// What the page of deliveries says, once nothing is on its way.
    async fn told(&self) -> String {
        until("everything is delivered", || self.facebook().is_idle()).await;
        self.page("/inbox").await
    }
}

#[tokio::test]
async fn every_account_and_number_has_its_buttons() {
    let shop = open();
    let html = shop.page("/whatsapp").await;
    for decision in ["remove", "uninstall", "restrict", "ban", "reinstate", "delete", "disconnect", "reason", "lift"] {
        assert!(html.contains(&format!("id=\"{decision}-{}\"", shop.account)), "{decision}");
    }
    for decision in ["text", "hidden", "image", "ad", "reaction", "failed", "pin_set", "chat"] {
        assert!(html.contains(&format!("id=\"{decision}-{}\"", shop.number)), "{decision}");
    }
    assert!(html.contains("nobody has granted whatsapp_business_messaging"), "{html}");
    assert!(shop.page("/inbox").await.contains("id=\"whatsapp\""));
    let without = start();
    let inbox = without.client.get(format!("{}/inbox", without.facebook.url())).send().await.unwrap().text().await.unwrap();
    assert!(!inbox.contains("id=\"whatsapp\""));
}

#[tokio::test]
async fn a_merchant_switches_the_pin_off_and_on() {
    let shop = open();
    let token = shop.connected().await;
    shop.press("/whatsapp", &[("number", &shop.number), ("decision", "pin_off")]).await;
    assert_eq!(shop.facebook().number(&shop.number).pin, None);
    shop.press("/whatsapp", &[("number", &shop.number), ("decision", "pin_set")]).await;
    assert!(is_error(&shop.register(&token, "314159").await, 400, 133_005, None));
    assert_eq!(shop.register(&token, MERCHANTS_PIN).await.0, 200);
}

#[tokio::test]
async fn what_becomes_of_accounts_is_delivered_by_buttons() {
    let shop = open();
    let token = shop.connected().await;
    let press = async |decision: &str| {
        shop.press("/whatsapp", &[("account", &shop.account), ("decision", decision), ("reason", "CHANGE_NUMBER")]).await;
    };
    press("ban").await;
    assert_eq!(shop.facebook().number(&shop.number).status, "BANNED");
    press("reinstate").await;
    press("restrict").await;
    press("lift").await;
    assert_eq!(shop.facebook().number(&shop.number).status, "CONNECTED");
    press("disconnect").await;
    assert!(!shop.facebook().accepts(&token));
    let told = shop.told().await;
    for words in ["Meta bans the account", "Meta takes the ban back", "Meta restricts the account", "CHANGE_NUMBER"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("not delivered"), "{told}");
    press("delete").await;
    assert!(shop.told().await.contains("not delivered: the app is not subscribed to its account"));
    assert!(shop.page("/whatsapp").await.contains("There is no account yet."));
}

#[tokio::test]
async fn customers_write_by_buttons_where_the_app_is_subscribed() {
    let shop = open();
    let press =
        async |decision: &str| shop.press("/whatsapp", &[("number", &shop.number), ("decision", decision), ("text", "Mugs?")]).await;
    press("text").await;
    assert!(shop.told().await.contains("not delivered: nobody has granted"));
    shop.connected().await;
    for decision in ["text", "hidden", "template_button", "image", "ad", "reaction", "location"] {
        press(decision).await;
    }
    let told = shop.told().await;
    assert_eq!(told.matches("not reached").count(), 7 * 3, "nobody listens, and each is tried three times: {told}");
    press("nonsense").await;
    shop.press("/whatsapp", &[("number", "1"), ("decision", "text")]).await;
    assert_eq!(shop.told().await.matches("not reached").count(), 7 * 3);
}

#[tokio::test]
async fn a_conversation_shows_what_was_said_and_what_can_be_chosen() {
    let shop = open();
    let token = shop.connected().await;
    let path = format!("/whatsapp/{}", shop.number);
    shop.press(&path, &[("text", "Do you have <mugs>?")]).await;
    let html = shop.page(&path).await;
    assert!(html.contains("Do you have &lt;mugs&gt;?") && !html.contains("<mugs>"), "{html}");
    let contact = shop.facebook().own_contact().wa_id.unwrap();
    let rows = json!([{ "id": "blue", "title": "Blue", "description": "Of clay" }, { "id": "green", "title": "Green" }]);
    let list = json!({ "type": "list", "body": { "text": "Which?" }, "action": { "button": "Choose", "sections": [{ "rows": rows }] } });
    let (status, reply) = shop.send(&token, &contact, json!({ "type": "interactive", "interactive": list })).await;
    assert_eq!(status, 200, "{reply}");
    let html = shop.page(&path).await;
    assert!(html.contains("Which?") && html.contains("id=\"press-1-0\"") && html.contains("Of clay"), "{html}");
    shop.press(&path, &[("press", "1-1")]).await;
    let told = shop.told().await;
    assert!(told.contains("list_reply") && told.contains("green"), "{told}");
    shop.press(&path, &[("decision", "block")]).await;
    assert!(is_error(&shop.send(&token, &contact, json!({ "type": "text", "text": { "body": "Hi" } })).await, 400, 131_026, None));
    shop.press(&path, &[("text", "unheard")]).await;
    assert!(!shop.page(&path).await.contains("unheard"));
    shop.press(&path, &[("decision", "unblock")]).await;
    assert!(shop.page(&path).await.contains("id=\"send\""));
    let nobody = shop.world.client.get(format!("{}/whatsapp/1", shop.facebook().url())).send().await.unwrap();
    assert_eq!(nobody.status(), 404);
}

#[tokio::test]
async fn a_populated_one_has_numbers_of_every_sort() {
    let world = start_with(|app| app.whatsapp = Some(WhatsAppApp::new(APP, "secret", CONFIG, CALLBACK)));
    world.facebook.populate();
    let html = world.client.get(format!("{}/whatsapp", world.facebook.url())).send().await.unwrap().text().await.unwrap();
    for words in ["+1 631-555-0101", "+1 631-555-0104", "NOT_VERIFIED", "CONNECTED", "pin_off-"] {
        assert!(html.contains(words), "{words}");
    }
}
