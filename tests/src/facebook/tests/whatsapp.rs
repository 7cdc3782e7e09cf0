//! WhatsApp: sign-up, tokens, accounts and numbers, registration.

use super::*;
use crate::provider::with_query;

mod accounts;
mod manager;
mod registration;
mod send;
mod tokens;
mod webhooks;

const WHATSAPP: &str = "543210987654321";
const CONFIG: &str = "9990001112223";
const CALLBACK: &str = "http://localhost:9000/whatsapp/callback";

/// What a dialog is asked with.
type Pairs = Vec<(&'static str, String)>;

/// A portfolio with one account and one number, of a WhatsApp app apart from that of Pages.
struct Shop {
    world: World,
    business: String,
    account: String,
    number: String,
}

fn start_apart(edit: impl FnOnce(&mut WhatsAppApp)) -> Shop {
    let mut app = WhatsAppApp::new(WHATSAPP, "whatsapp-secret", CONFIG, CALLBACK);
    edit(&mut app);
    let world = start_with(|facebook| facebook.whatsapp = Some(app));
    let business = world.facebook.add_business(&world.jo, "Acme Inc.");
    let account = world.facebook.add_account(&business, "Acme");
    let number = world.facebook.add_number(&account, "+1 631-555-0101");
    Shop { world, business, account, number }
}

fn open() -> Shop {
    start_apart(|_| {})
}

impl Shop {
    fn facebook(&self) -> &LocalFacebook {
        &self.world.facebook
    }

    fn dialog(&self, edit: impl FnOnce(&mut Pairs)) -> String {
        let pairs = [
            ("client_id", WHATSAPP),
            ("redirect_uri", CALLBACK),
            ("state", "s-2_"),
            ("response_type", "code"),
            ("config_id", CONFIG),
            ("override_default_response_type", "true"),
        ];
        let mut pairs = pairs.map(|(name, value)| (name, value.to_owned())).to_vec();
        edit(&mut pairs);
        with_query(&format!("{}/v26.0/dialog/oauth", self.facebook().url()), &encode(pairs))
    }

    fn code(&self, consent: &WhatsAppConsent) -> String {
        let callback = self.facebook().approve_whatsapp(&self.dialog(|_| {}), consent);
        assert_eq!(parameter(&callback, "state").unwrap(), "s-2_");
        parameter(&callback, "code").unwrap()
    }

    async fn token_endpoint(&self, fields: &[(&str, &str)]) -> (u16, Value) {
        let mut form = fields.to_vec();
        form.extend([("client_id", WHATSAPP), ("client_secret", "whatsapp-secret")]);
        let url = format!("{}/v26.0/oauth/access_token", self.facebook().url());
        let response = self.world.client.post(url).form(&form).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn exchange(&self, code: &str) -> (u16, Value) {
        self.token_endpoint(&[("code", code), ("redirect_uri", CALLBACK)]).await
    }

    async fn token_of(&self, consent: &WhatsAppConsent) -> String {
        let (status, body) = self.exchange(&self.code(consent)).await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// A token for everything that the portfolio has.
    async fn token(&self) -> String {
        self.token_of(&WhatsAppConsent::of(&self.business)).await
    }

    async fn debug(&self, input: &str) -> (u16, Value) {
        self.debug_by(input, &format!("{WHATSAPP}|whatsapp-secret")).await
    }

    async fn debug_by(&self, input: &str, caller: &str) -> (u16, Value) {
        let url = format!("{}/v26.0/debug_token", self.facebook().url());
        let response = self.world.client.get(url).query(&[("input_token", input)]).bearer_auth(caller).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn call(&self, method: Method, path: &str, token: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/v26.0/{path}", self.facebook().url());
        let proof = appsecret_proof(token, "whatsapp-secret", None);
        let request = self.world.client.request(method, url).bearer_auth(token).query(&[("appsecret_proof", proof)]);
        let response = if body.is_null() { request } else { request.json(&body) }.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        self.call(Method::GET, path, token, Value::Null).await
    }

    /// A token and a number that can send.
    async fn connected(&self) -> String {
        let token = self.token().await;
        assert_eq!(self.register(&token, "314159").await.0, 200);
        let path = format!("{}/subscribed_apps", self.account);
        assert_eq!(self.call(Method::POST, &path, &token, Value::Null).await.0, 200);
        token
    }

    async fn send(&self, token: &str, to: &str, members: Value) -> (u16, Value) {
        let mut body = json!({ "messaging_product": "whatsapp", "to": to });
        members.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
        let proof = appsecret_proof(token, "whatsapp-secret", None);
        self.facebook().send_as_number(&self.number, token, &proof, &body).await
    }

    async fn register(&self, token: &str, pin: &str) -> (u16, Value) {
        let body = json!({ "messaging_product": "whatsapp", "pin": pin });
        self.call(Method::POST, &format!("{}/register", self.number), token, body).await
    }
}

#[tokio::test]
async fn a_link_works_from_the_sign_up_to_the_registration() {
    let shop = open();
    let token = shop.token().await;
    let data = shop.debug(&token).await.1["data"].clone();
    assert_eq!((&data["app_id"], &data["is_valid"], &data["expires_at"]), (&json!(WHATSAPP), &json!(true), &json!(0)));
    assert_eq!(data["type"], "SYSTEM_USER");
    let granular = data["granular_scopes"].as_array().unwrap();
    assert!(granular.contains(&json!({ "scope": "whatsapp_business_messaging", "target_ids": [shop.account] })), "{data}");
    let (_, me) = shop.get("me?fields=client_business_id", &token).await;
    assert_eq!(me["client_business_id"], shop.business);
    let (_, account) = shop.get(&format!("{}?fields=id,name,owner_business_info", shop.account), &token).await;
    assert_eq!((&account["name"], &account["owner_business_info"]["id"]), (&json!("Acme"), &json!(shop.business)));
    let numbers = shop.get(&format!("{}/phone_numbers?fields=id,display_phone_number,status", shop.account), &token).await.1;
    assert_eq!(numbers["data"], json!([{ "id": shop.number, "display_phone_number": "+1 631-555-0101", "status": "PENDING" }]));
    let subscribed = shop.call(Method::POST, &format!("{}/subscribed_apps", shop.account), &token, Value::Null).await;
    assert_eq!((subscribed, shop.facebook().is_subscribed(&shop.account)), ((200, json!({ "success": true })), true));
    assert_eq!(shop.register(&token, "314159").await, (200, json!({ "success": true })));
    let number = shop.get(&format!("{}?fields=status,platform_type,is_pin_enabled", shop.number), &token).await.1;
    let expected = json!({ "id": shop.number, "status": "CONNECTED", "platform_type": "CLOUD_API", "is_pin_enabled": true });
    assert_eq!(number, expected);
    let calls: Vec<_> = shop.facebook().requests().iter().map(|request| request.call).collect();
    let expected = [
        "dialog",
        "whatsapp_exchange",
        "whatsapp_debug_token",
        "whatsapp_me",
        "whatsapp_account",
        "whatsapp_phone_numbers",
        "whatsapp_subscribe",
        "whatsapp_register",
        "whatsapp_phone_number",
    ];
    assert_eq!(calls, expected);
}

#[tokio::test]
async fn one_app_can_have_both() {
    let world = start_with(|app| app.whatsapp = Some(WhatsAppApp::new(APP, "secret", CONFIG, CALLBACK)));
    world.facebook.add_page(&world.jo, "Acme");
    let business = world.facebook.add_business(&world.jo, "Acme Inc.");
    let account = world.facebook.add_account(&business, "Acme");
    let pages = world.long_lived(&Consent::of(&world.jo)).await;
    let mut dialog = vec![("client_id", APP), ("redirect_uri", CALLBACK), ("state", "s"), ("response_type", "code")];
    dialog.extend([("config_id", CONFIG), ("override_default_response_type", "true")]);
    let url = with_query(&format!("{}/v26.0/dialog/oauth", world.facebook.url()), &encode(dialog));
    let code = parameter(&world.facebook.approve_whatsapp(&url, &WhatsAppConsent::of(&business)), "code").unwrap();
    let (_, token) = world.token(&[("code", &code), ("redirect_uri", CALLBACK)]).await;
    let numbers = token["access_token"].as_str().unwrap();
    assert_eq!(world.debug(&pages).await.1["data"]["type"], "USER");
    assert_eq!(world.debug(numbers).await.1["data"]["type"], "SYSTEM_USER");
    assert_eq!(world.get("me", &pages).await.1["name"], "Jo Doe");
    assert_eq!(world.get(&account, numbers).await.1["name"], "Acme");
    assert!(is_error(&world.get(&account, &pages).await, 403, 200, None), "a person's token is not the portfolio's");
    assert!(is_error(&world.token(&[("code", "nonsense")]).await, 400, 100, None));
}

#[test]
fn the_app_is_that_for_pages_unless_the_settings_say_another() {
    let mut settings = crate::settings::fresh_credentials();
    assert!(WhatsAppApp::of(&settings).is_none(), "off");
    settings.extend(crate::settings::whatsapp("http://localhost:9000"));
    let app = WhatsAppApp::of(&settings).unwrap();
    assert_eq!((&app.app_id, &app.app_secret), (&settings["FACEBOOK_APP_ID"], &settings["FACEBOOK_APP_SECRET"]));
    assert_eq!((&*app.redirect_uris, app.config_id), (&[CALLBACK.to_owned()][..], settings["WHATSAPP_CONFIG_ID"].clone()));
    settings.extend(crate::settings::whatsapp_app());
    let app = WhatsAppApp::of(&settings).unwrap();
    assert_eq!((&app.app_id, &app.app_secret), (&settings["WHATSAPP_APP_ID"], &settings["WHATSAPP_APP_SECRET"]));
    assert!(app.app_id != settings["FACEBOOK_APP_ID"] && (15..=20).contains(&app.app_id.len()));
}

#[tokio::test]
async fn a_number_can_be_there_as_a_link_would_leave_it() {
    let shop = open();
    let token = shop.facebook().connect_account(&shop.account, "161803");
    let number = shop.facebook().number(&shop.number);
    assert_eq!((&*number.status, number.pin.as_deref()), ("CONNECTED", Some("161803")));
    assert!(shop.facebook().is_subscribed(&shop.account) && shop.facebook().registrations(&shop.number).is_empty());
    assert_eq!(shop.get(&shop.account, &token).await.0, 200);
    assert_eq!(shop.facebook().why_whatsapp_is_silent(&shop.account, "messages"), None);
}
