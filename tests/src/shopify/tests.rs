use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::*;
use crate::faults::{Fault, Times};

const SHOP: &str = "acme.myshopify.com";
const REDIRECT_URI: &str = "http://localhost:9000/shopify/callback";
const DEAD: &str = "This request requires an active refresh_token";

struct Store {
    shopify: LocalShopify,
    client: reqwest::Client,
}

fn start() -> Store {
    let client = crate::provider::tests::client();
    Store { shopify: LocalShopify::start(ShopifyApp::new("key", "hush", REDIRECT_URI)), client }
}

fn parameters(url: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(url.split_once('?').unwrap().1.as_bytes()).into_owned().collect()
}

fn parameter(url: &str, name: &str) -> String {
    crate::provider::first(&parameters(url), name).unwrap().to_owned()
}

impl Store {
    fn authorize_url(&self, scope: &str) -> String {
        let pairs = [("client_id", "key"), ("scope", scope), ("redirect_uri", REDIRECT_URI), ("state", "s-1_")];
        format!("{}/{SHOP}/admin/oauth/authorize?{}", self.shopify.url(), crate::provider::encode(pairs))
    }

    fn code(&self) -> String {
        let scope = "read_products,read_locations,read_discounts,read_inventory";
        parameter(&self.shopify.approve(&self.authorize_url(scope)), "code")
    }

    async fn token(&self, fields: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![("client_id", "key"), ("client_secret", "hush")];
        form.extend(fields);
        let url = format!("{}/{SHOP}/admin/oauth/access_token", self.shopify.url());
        let response = self.client.post(url).header("accept", "application/json").form(&form).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn exchange(&self) -> Value {
        let (status, body) = self.token(&[("code", &self.code()), ("expiring", "1")]).await;
        assert_eq!(status, 200);
        body
    }

    async fn refresh(&self, pair: &Value) -> (u16, Value) {
        let token = pair["refresh_token"].as_str().unwrap();
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn query(&self, token: &Value, query: &str) -> (u16, Value) {
        let url = format!("{}/{SHOP}/admin/api/2026-10/graphql.json", self.shopify.url());
        let request = self.client.post(url).header("x-shopify-access-token", token.as_str().unwrap_or_default());
        let response = request.json(&json!({"query": query})).send().await.unwrap();
        assert_eq!(response.headers()["x-shopify-api-version"], "2026-10");
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

#[tokio::test]
async fn a_link_works_from_the_grant_screen_to_the_data() {
    let store = start();
    let callback = store.shopify.approve(&store.authorize_url("read_products"));
    assert!(callback.starts_with(REDIRECT_URI));
    let pairs = parameters(&callback);
    let names: Vec<_> = pairs.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["code", "hmac", "host", "shop", "state", "timestamp"]);
    assert_eq!(sign(&pairs, "hush", Canonical::PercentEncoded), parameter(&callback, "hmac"));
    assert_eq!(parameter(&callback, "state"), "s-1_");

    let (status, pair) = store.token(&[("code", &parameter(&callback, "code")), ("expiring", "1")]).await;
    assert_eq!((status, &pair["expires_in"], &pair["scope"]), (200, &json!(3600), &json!("read_products")));
    assert_eq!(pair["refresh_token_expires_in"], 7_776_000);
    let (status, answer) = store.query(&pair["access_token"], "{ shop { id myshopifyDomain } }").await;
    assert_eq!((status, &answer["data"]["shop"]["myshopifyDomain"]), (200, &json!(SHOP)));
    assert_eq!(answer["data"]["shop"]["id"], store.shopify.shop(SHOP).gid());
    let calls: Vec<_> = store.shopify.requests().iter().map(|request| request.call).collect();
    assert_eq!(calls, ["authorize", "token", "graphql"]);
}

#[tokio::test]
async fn a_code_works_once_and_for_its_store_only() {
    let store = start();
    let code = store.code();
    let elsewhere = format!("{}/other.myshopify.com/admin/oauth/access_token", store.shopify.url());
    let form = [("client_id", "key"), ("client_secret", "hush"), ("code", &code), ("expiring", "1")];
    assert_eq!(store.client.post(&elsewhere).form(&form).send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    assert_eq!(store.token(&[("code", &code), ("expiring", "1")]).await.0, 200);
    let (status, body) = store.token(&[("code", &code), ("expiring", "1")]).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
}

#[tokio::test]
async fn errors_are_pages_unless_json_is_asked_for() {
    let store = start();
    let url = format!("{}/{SHOP}/admin/oauth/access_token", store.shopify.url());
    let body = json!({"client_id": "key", "client_secret": "hush", "grant_type": "refresh_token", "refresh_token": "x"});
    let response = store.client.post(&url).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(response.text().await.unwrap().contains(DEAD));
    let (status, body) = store.token(&[("client_secret", "wrong"), ("code", "x")]).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")), "the first value counts");
    let wrong = [("client_id", "key"), ("client_secret", "wrong")];
    let response = store.client.post(&url).header("accept", "application/json").form(&wrong).send().await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap()["error"], "invalid_client");
}

#[tokio::test]
async fn an_older_refresh_token_works_until_a_newer_one_is_used() {
    let store = start();
    let first = store.exchange().await;
    let (_, second) = store.refresh(&first).await;
    let (status, third) = store.refresh(&first).await;
    assert_eq!(status, 200, "the reply may have been lost");
    assert_eq!(store.refresh(&third).await.0, 200);
    for older in [&first, &second] {
        let (status, body) = store.refresh(older).await;
        assert_eq!((status, &body["error_description"]), (401, &json!(DEAD)));
    }
    let tokens = [&first, &second, &third].map(|pair| pair["access_token"].as_str().unwrap());
    assert!(tokens.iter().all(|token| store.shopify.accepts(token)), "access tokens live to their own end");
}

#[tokio::test]
async fn a_used_refresh_token_ends_thirty_days_after_its_first_use() {
    let store = start();
    let first = store.exchange().await;
    assert_eq!(store.refresh(&first).await.0, 200);
    store.shopify.advance_clock(Duration::from_secs(29 * 86_400));
    let (status, latest) = store.refresh(&first).await;
    assert_eq!(status, 200);
    store.shopify.advance_clock(Duration::from_secs(2 * 86_400));
    assert_eq!(store.refresh(&first).await.0, 401);
    store.shopify.advance_clock(Duration::from_secs(89 * 86_400));
    assert_eq!(store.refresh(&latest).await.0, 401, "its own end");
}

#[tokio::test]
async fn another_code_retires_every_refresh_token_of_the_store() {
    let store = start();
    let first = store.exchange().await;
    let (_, refreshed) = store.refresh(&first).await;
    let second = store.exchange().await;
    assert_eq!(store.refresh(&first).await.0, 401);
    assert_eq!(store.refresh(&refreshed).await.0, 401);
    assert_eq!(store.refresh(&second).await.0, 200);
}

#[tokio::test]
async fn tokens_without_expiry_are_refused_and_can_be_migrated() {
    let store = start();
    let (_, old) = store.token(&[("code", &store.code())]).await;
    assert!(old.get("expires_in").is_none());
    assert_eq!(store.query(&old["access_token"], "{ shop { id } }").await.0, 403);
    let offline = "urn:shopify:params:oauth:token-type:offline-access-token";
    let migrate = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", old["access_token"].as_str().unwrap()),
        ("subject_token_type", offline),
        ("requested_token_type", offline),
        ("expiring", "1"),
    ];
    let (status, pair) = store.token(&migrate).await;
    assert_eq!(status, 200);
    assert_eq!(store.query(&old["access_token"], "{ shop { id } }").await.0, 401, "the old one is dead");
    assert_eq!(store.query(&pair["access_token"], "{ shop { id } }").await.0, 200);
    assert_eq!(store.token(&migrate).await.1, pair, "a lost reply can be had again");
    store.shopify.advance_clock(Duration::from_secs(8 * 86_400));
    assert_eq!(store.token(&migrate).await.0, 400);
}

#[tokio::test]
async fn the_admin_api_refuses_dead_tokens_and_closed_stores() {
    let store = start();
    let pair = store.exchange().await;
    let token = &pair["access_token"];
    store.shopify.edit_shop(SHOP, |shop| shop.condition = Condition::Frozen);
    assert_eq!(store.query(token, "{ shop { id } }").await.0, 402);
    store.shopify.edit_shop(SHOP, |shop| shop.condition = Condition::Open);
    let (_, throttled) = {
        store.shopify.drain_points(SHOP);
        store.query(token, "{ shop { plan { shopifyPlus } } products(first: 200) { nodes { id } } }").await
    };
    assert_eq!(throttled["errors"][0]["extensions"]["code"], "THROTTLED");
    let (_, expensive) = store.query(token, "{ products(first: 250) { nodes { variants(first: 9) { nodes { id } } } } }").await;
    assert_eq!(expensive["errors"][0]["extensions"]["code"], "MAX_COST_EXCEEDED");
    store.shopify.advance_clock(Duration::from_secs(3601));
    assert_eq!(store.query(token, "{ shop { id } }").await.0, 401);
    let (_, fresh) = store.refresh(&pair).await;
    assert_eq!(store.query(&fresh["access_token"], "mutation { appUninstall { userErrors { message } } }").await.0, 200);
    assert_eq!(store.query(&fresh["access_token"], "{ shop { id } }").await.0, 401);
    assert_eq!(store.refresh(&fresh).await.0, 401);
}

#[tokio::test]
async fn the_grant_screen_refuses_what_shopify_refuses() {
    let store = start();
    let good = store.authorize_url("read_products");
    for (from, to, text) in [
        ("client_id=key", "client_id=other", "application_cannot_be_found"),
        ("localhost%3A9000", "localhost%3A9001", "matching hosts"),
        ("%2Fcallback", "%2Fcallback%2F", "not whitelisted"),
        ("read_products", "everything", "invalid_scope"),
    ] {
        let error = store.shopify.approve_with(&good.replace(from, to), &Approval::default()).unwrap_err();
        assert!(error.contains(text), "{error}");
        let page = store.client.get(good.replace(from, to)).send().await.unwrap();
        assert_eq!(page.status(), 400);
    }
}

#[tokio::test]
async fn the_grant_screen_can_be_clicked_through() {
    let store = start();
    let url = store.authorize_url("read_products,read_locations");
    let page = store.client.get(&url).send().await.unwrap().text().await.unwrap();
    for id in ["approve", "decline", "scopes-read_locations", "tampered_hmac", "switch-on"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let decide = async |form: &'static str| {
        let request = store.client.post(&url).header("content-type", "application/x-www-form-urlencoded");
        request.body(form).send().await.unwrap()
    };
    let approved = decide("decision=approve&scopes=read_locations").await;
    assert_eq!(approved.status(), 302);
    let code = parameter(approved.headers()["location"].to_str().unwrap(), "code");
    let (_, pair) = store.token(&[("code", &code), ("expiring", "1")]).await;
    assert_eq!(pair["scope"], "read_locations");
    // What was granted is not asked for again; more than that is.
    let asked = async |scopes: &str| store.client.get(store.authorize_url(scopes)).send().await.unwrap().status();
    assert_eq!((asked("read_locations").await, asked("read_products").await), (StatusCode::FOUND, StatusCode::OK));
    assert!(decide("decision=decline").await.text().await.unwrap().contains("id=\"admin\""));
    let admin = store.client.get(format!("{}/{SHOP}/admin", store.shopify.url())).send().await.unwrap();
    assert!(admin.text().await.unwrap().contains("id=\"open-app\""));
}

#[tokio::test]
async fn callbacks_can_misbehave() {
    let store = start();
    let url = store.authorize_url("read_products");
    let callback = |misbehaviour| {
        let approval = Approval { misbehaviour: Some(misbehaviour), ..Approval::default() };
        store.shopify.approve_with(&url, &approval).unwrap()
    };
    let signature_holds = |callback: &str| sign(&parameters(callback), "hush", Canonical::default()) == parameter(callback, "hmac");
    assert!(!signature_holds(&callback(Misbehaviour::TamperedHmac)));
    let stale = callback(Misbehaviour::StaleTimestamp);
    assert!(signature_holds(&stale));
    assert!(parameter(&stale, "timestamp").parse::<i64>().unwrap() < store.shopify.now() - 3000);
    assert_eq!(callback(Misbehaviour::RepeatedParameter).matches("code=").count(), 2);
    let other = callback(Misbehaviour::OtherShop("other.myshopify.com".to_owned()));
    assert!(signature_holds(&other) && parameter(&other, "shop") == "other.myshopify.com");
}

#[tokio::test]
async fn a_token_reply_that_is_lost_spent_the_code() {
    let store = start();
    let code = store.code();
    store.shopify.switch_on("token", Fault::LostReply, Times::Once);
    let url = format!("{}/{SHOP}/admin/oauth/access_token", store.shopify.url());
    let form = [("client_id", "key"), ("client_secret", "hush"), ("code", &code), ("expiring", "1")];
    assert!(store.client.post(url).form(&form).send().await.is_err());
    assert_eq!(store.token(&[("code", &code), ("expiring", "1")]).await.0, 400);
}

#[tokio::test]
async fn an_online_token_names_its_person() {
    let store = start();
    let approval = Approval { online: true, ..Approval::default() };
    let callback = store.shopify.approve_with(&store.authorize_url("read_products"), &approval).unwrap();
    let (_, token) = store.token(&[("code", &parameter(&callback, "code")), ("expiring", "1")]).await;
    assert!(token["associated_user"].is_object() && token.get("refresh_token").is_none());
}

#[tokio::test]
async fn old_client_secrets_work_until_they_are_revoked() {
    let store = start();
    store.shopify.rotate_secret("newer");
    assert_eq!(store.token(&[("code", &store.code()), ("expiring", "1")]).await.0, 200);
    let callback = store.shopify.approve(&store.authorize_url("read_products"));
    assert_eq!(sign(&parameters(&callback), "newer", Canonical::default()), parameter(&callback, "hmac"));
    store.shopify.revoke_old_secrets();
    let (status, body) = store.token(&[("code", &store.code()), ("expiring", "1")]).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_client")));
}
