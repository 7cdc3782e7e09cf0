use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::gate::until;
use crate::provider::{encode, first};

mod dialog;
mod inbox;
mod lists;
mod messenger;
mod send;
mod webhooks;
mod whatsapp;

const APP: &str = "123456789012345";
const REDIRECT_URI: &str = "http://localhost:9000/facebook/callback";
const SCOPE: &str = "pages_messaging,pages_show_list,pages_manage_metadata";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

struct World {
    facebook: LocalFacebook,
    client: reqwest::Client,
    jo: String,
}

fn start_with(edit: impl FnOnce(&mut FacebookApp)) -> World {
    let mut app = FacebookApp::new(APP, "secret", REDIRECT_URI);
    edit(&mut app);
    let facebook = LocalFacebook::start(app);
    let jo = facebook.add_person("Jo Doe");
    let client = crate::provider::tests::client();
    World { facebook, client, jo }
}

fn start() -> World {
    start_with(|_| {})
}

fn parameter(url: &str, name: &str) -> Option<String> {
    let query: Vec<_> = form_urlencoded::parse(url.split_once('?')?.1.as_bytes()).into_owned().collect();
    first(&query, name).map(str::to_owned)
}

fn is_error(answer: &(u16, Value), status: u16, code: u32, subcode: Option<u32>) -> bool {
    let error = &answer.1["error"];
    answer.0 == status && error["code"] == code && error["error_subcode"] == json!(subcode)
}

impl World {
    fn dialog_url(&self, more: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut pairs = vec![("client_id", APP), ("redirect_uri", REDIRECT_URI), ("state", "s-1_")];
        pairs.extend([("response_type", "code"), ("code_challenge", &challenge), ("code_challenge_method", "S256")]);
        pairs.extend(more);
        format!("{}/v26.0/dialog/oauth?{}", self.facebook.url(), encode(pairs))
    }

    fn code(&self, consent: &Consent) -> String {
        let callback = self.facebook.approve(&self.dialog_url(&[("scope", SCOPE)]), consent);
        assert_eq!(parameter(&callback, "state").unwrap(), "s-1_");
        parameter(&callback, "code").unwrap()
    }

    async fn token(&self, fields: &[(&str, &str)]) -> (u16, Value) {
        let mut form = fields.to_vec();
        form.extend([("client_id", APP), ("client_secret", "secret")]);
        let url = format!("{}/v26.0/oauth/access_token", self.facebook.url());
        let response = self.client.post(url).form(&form).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn exchange(&self, code: &str) -> (u16, Value) {
        self.token(&[("code", code), ("redirect_uri", REDIRECT_URI), ("code_verifier", VERIFIER)]).await
    }

    async fn short_lived(&self, consent: &Consent) -> String {
        let (status, body) = self.exchange(&self.code(consent)).await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    async fn extend(&self, token: &str) -> (u16, Value) {
        self.token(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", token)]).await
    }

    async fn long_lived(&self, consent: &Consent) -> String {
        let (status, body) = self.extend(&self.short_lived(consent).await).await;
        assert_eq!((status, &body["expires_in"]), (200, &json!(5_183_944)));
        body["access_token"].as_str().unwrap().to_owned()
    }

    async fn debug(&self, input: &str) -> (u16, Value) {
        let url = format!("{}/v26.0/debug_token", self.facebook.url());
        let request = self.client.get(url).query(&[("input_token", input)]).bearer_auth(format!("{APP}|secret"));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn call(&self, method: Method, path: &str, token: &str, query: &[(&str, &str)]) -> (u16, Value) {
        let time = self.facebook.now();
        let (proof, time) = (appsecret_proof(token, "secret", Some(time)), time.to_string());
        let url = format!("{}/v26.0/{path}", self.facebook.url());
        let request = self.client.request(method, url).bearer_auth(token).query(query);
        let response = request.query(&[("appsecret_proof", &proof), ("appsecret_time", &time)]).send().await.unwrap();
        assert_eq!(response.headers()["facebook-api-version"], "v26.0");
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        self.call(Method::GET, path, token, &[]).await
    }
}

#[tokio::test]
async fn a_link_works_from_the_dialog_to_the_pages() {
    let world = start();
    let page = world.facebook.add_page(&world.jo, "Acme");
    let token = world.long_lived(&Consent::of(&world.jo)).await;
    let (_, debug) = world.debug(&token).await;
    let data = &debug["data"];
    assert_eq!((&data["is_valid"], &data["app_id"], &data["type"]), (&json!(true), &json!(APP), &json!("USER")));
    assert_eq!(data["user_id"], world.jo);
    let granular = data["granular_scopes"].as_array().unwrap();
    assert!(granular.contains(&json!({"scope": "pages_show_list", "target_ids": [page]})));
    let (_, accounts) = world.get("me/accounts?fields=id,name,access_token,tasks,category&limit=100", &token).await;
    assert_eq!((&accounts["data"][0]["id"], &accounts["data"][0]["name"]), (&json!(page), &json!("Acme")));
    assert!(accounts["paging"].get("next").is_none());
    let (_, debug) = world.debug(accounts["data"][0]["access_token"].as_str().unwrap()).await;
    assert_eq!((&debug["data"]["type"], &debug["data"]["expires_at"]), (&json!("PAGE"), &json!(0)));
    assert_eq!(debug["data"]["profile_id"], page);
    let calls: Vec<_> = world.facebook.requests().iter().map(|request| request.call).collect();
    assert_eq!(calls, ["dialog", "code_exchange", "long_lived_exchange", "debug_token", "accounts", "debug_token"]);
}

#[tokio::test]
async fn a_code_is_bound_to_what_it_was_issued_for_and_works_once() {
    let world = start();
    let code = world.code(&Consent::of(&world.jo));
    let with = |redirect_uri: &'static str, verifier: &'static str| {
        let fields = [("code", code.clone()), ("redirect_uri", redirect_uri.into()), ("code_verifier", verifier.into())];
        let world = &world;
        async move {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            world.token(&fields).await
        }
    };
    assert!(is_error(&with("http://localhost:9000/facebook/callback/", VERIFIER).await, 400, 100, Some(36008)));
    assert!(is_error(&with(REDIRECT_URI, "wrong").await, 400, 100, None));
    assert!(is_error(&world.token(&[("client_secret", "wrong"), ("code", &code)]).await, 400, 1, None));
    assert!(is_error(&world.token(&[("client_id", "1"), ("code", &code)]).await, 400, 101, None));
    assert_eq!(with(REDIRECT_URI, VERIFIER).await.0, 200);
    assert!(is_error(&with(REDIRECT_URI, VERIFIER).await, 400, 100, Some(36009)));
    let late = world.code(&Consent::of(&world.jo));
    world.facebook.advance_clock(Duration::from_secs(601));
    assert!(is_error(&world.exchange(&late).await, 400, 100, Some(36007)));
}

#[tokio::test]
async fn the_exchange_takes_get_and_json_too() {
    let world = start();
    let url = format!("{}/v26.0/oauth/access_token", world.facebook.url());
    for by_get in [true, false] {
        let code = world.code(&Consent::of(&world.jo));
        let fields = json!({"client_id": APP, "client_secret": "secret", "redirect_uri": REDIRECT_URI, "code": code,
            "code_verifier": VERIFIER});
        let request = if by_get { world.client.get(&url).query(&fields) } else { world.client.post(&url).json(&fields) };
        let body: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("bearer"), &json!(7200)));
    }
}

#[tokio::test]
async fn tokens_die_of_what_they_are_said_to_die_of() {
    let world = start();
    let page = world.facebook.add_page(&world.jo, "Acme");
    let other = world.facebook.add_page(&world.jo, "Other");
    let page_token = async || {
        let token = world.long_lived(&Consent::of(&world.jo)).await;
        let (_, accounts) = world.get("me/accounts", &token).await;
        (token, accounts["data"][0]["access_token"].as_str().unwrap().to_owned())
    };
    let (user, token) = page_token().await;
    assert!(world.facebook.accepts(&token));
    world.facebook.change_password(&world.jo);
    for dead in [&user, &token] {
        assert!(is_error(&world.get("me", dead).await, 400, 190, Some(460)));
    }
    let (_, token) = page_token().await;
    world.code(&Consent::of(&world.jo).with_pages([&other]));
    assert!(is_error(&world.get("me", &token).await, 400, 190, None), "unticked");
    let (_, token) = page_token().await;
    world.facebook.edit_page(&page, |page| page.tasks.clear());
    assert!(is_error(&world.get("me", &token).await, 400, 190, Some(492)));
    let (user, token) = page_token().await;
    world.facebook.advance_clock(Duration::from_secs(5_183_945));
    assert!(is_error(&world.extend(&user).await, 400, 190, Some(463)));
    assert!(world.facebook.accepts(&token), "from a long-lived token: no expiry");
    assert_eq!(world.debug(&user).await.1["data"]["is_valid"], false);
    world.facebook.remove_app(&world.jo);
    assert!(is_error(&world.get("me", &token).await, 400, 190, Some(458)));
}

#[tokio::test]
async fn pages_from_a_short_lived_token_expire_with_it() {
    let world = start();
    world.facebook.add_page(&world.jo, "Acme");
    let token = world.short_lived(&Consent::of(&world.jo)).await;
    let (_, accounts) = world.get("me/accounts", &token).await;
    let page_token = accounts["data"][0]["access_token"].as_str().unwrap();
    world.facebook.advance_clock(Duration::from_secs(7201));
    assert!(is_error(&world.get("me", page_token).await, 400, 190, Some(463)));
    assert!(is_error(&world.extend(&token).await, 400, 190, Some(463)));
}

#[tokio::test]
async fn calls_with_a_token_need_its_proof() {
    let world = start();
    let token = world.long_lived(&Consent::of(&world.jo)).await;
    let url = format!("{}/v26.0/me", world.facebook.url());
    let with = async |query: &[(&str, String)]| {
        let response = world.client.get(&url).bearer_auth(&token).query(query).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let missing = with(&[]).await;
    assert!(is_error(&missing, 400, 100, None));
    assert!(missing.1["error"]["message"].as_str().unwrap().contains("require an appsecret_proof argument"));
    assert_eq!(with(&[("appsecret_proof", appsecret_proof(&token, "secret", None))]).await.0, 200);
    let wrong = with(&[("appsecret_proof", appsecret_proof(&token, "other", None))]).await;
    assert_eq!(wrong.1["error"]["message"], "Invalid appsecret_proof provided in the API argument");
    let timed = |time: i64| [("appsecret_proof", appsecret_proof(&token, "secret", Some(time))), ("appsecret_time", time.to_string())];
    assert_eq!(with(&timed(world.facebook.now() - 200)).await.0, 200);
    assert_eq!(with(&timed(world.facebook.now() - 400)).await.0, 400);
}

#[tokio::test]
async fn a_foreign_token_is_refused_by_its_inspection() {
    let world = start();
    let token = world.long_lived(&Consent::of(&world.jo).with(Misbehaviour::ForeignToken)).await;
    let refused = world.debug(&token).await;
    assert!(is_error(&refused, 400, 100, None));
    let unknown = world.debug("nonsense").await.1;
    assert_eq!((&unknown["data"]["is_valid"], &unknown["data"]["error"]["code"]), (&json!(false), &json!(190)));
    let own = world.get(&format!("debug_token?input_token={token}"), &token).await;
    assert_eq!(own.0, 400, "only the app may ask");
}

#[tokio::test]
async fn ended_versions_are_served_by_the_oldest_usable_one() {
    let world = start();
    for (asked, served) in [("v19.0", "v21.0"), ("v25.0", "v25.0")] {
        let response = world.client.get(format!("{}/{asked}/me", world.facebook.url())).send().await.unwrap();
        assert_eq!(response.headers()["facebook-api-version"], served);
    }
    assert_eq!(world.client.get(format!("{}/v27.0/me", world.facebook.url())).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_page_tells_whether_several_apps_share_its_conversations() {
    let world = start();
    let page = world.facebook.add_page(&world.jo, "Acme");
    let token = world.long_lived(&Consent::of(&world.jo)).await;
    let path = format!("{page}?fields=messaging_feature_status");
    for (shared, told) in [(None, Value::Null), (Some(true), json!(true)), (Some(false), json!(false))] {
        world.facebook.set_thread_routing(&page, shared);
        let (_, answer) = world.get(&path, &token).await;
        assert_eq!((&answer["id"], &answer["messaging_feature_status"]["msgr_multi_app"]), (&json!(page), &told));
    }
    assert_eq!(world.facebook.requests_of("thread_routing").len(), 3);
}
