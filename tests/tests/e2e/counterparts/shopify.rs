//! Shopify's own library as the app: what it sends where we send something, and how it gets on with the local Shopify.

use e2e::shopify::{LocalShopify, ShopifyApp};
use e2e::world::World;
use serde_json::{Value, json};
use shared::providers::shopify::DEFAULT_SCOPES;

use crate::counterparts::run::{Counterparts, app, app_of};
use crate::support::{case, parameter};

const SCRIPT: &str = "shopify.mjs";
const SHOP: &str = "acme.myshopify.com";

async fn authorize_url(counterparts: &Counterparts, app: &Value) -> String {
    let task = json!({ "task": "authorize", "app": app, "shop": SHOP, "callbackPath": "/shopify/callback" });
    counterparts.node(SCRIPT, task).await["location"].as_str().unwrap().to_owned()
}

/// The library's whole flow at a local Shopify; returns its session.
pub(crate) async fn linked_by_the_library(counterparts: &Counterparts, shopify: &LocalShopify, app: &Value) -> Value {
    let authorize = authorize_url(counterparts, app).await.replace("https:/", &shopify.url());
    let state = parameter(&authorize, "state").unwrap();
    let url = shopify.approve(&authorize);
    let session =
        counterparts.node(SCRIPT, json!({ "task": "callback", "app": app, "base": shopify.url(), "url": url, "state": state })).await;
    assert!(session["error"].is_null(), "{session}");
    session
}

async fn refreshed(counterparts: &Counterparts, shopify: &LocalShopify, app: &Value, token: &Value) -> Value {
    counterparts.node(SCRIPT, json!({ "task": "refresh", "app": app, "base": shopify.url(), "shop": SHOP, "refreshToken": token })).await
}

/// A URL's path with host, and its parameters without some, in the order of their names.
fn parts(url: &str, without: &[&str]) -> (String, Vec<(String, String)>) {
    let (path, query) = url.split_once('?').unwrap();
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    let mut pairs: Vec<_> = pairs.filter(|(name, _)| !without.contains(&name.as_str())).collect();
    pairs.sort();
    (path.to_owned(), pairs)
}

#[tokio::test(flavor = "multi_thread")]
async fn our_authorize_url_is_the_librarys_but_for_the_state() {
    let Some(counterparts) = Counterparts::find() else { return };
    for scopes in [DEFAULT_SCOPES, "write_products,read_locations"] {
        let world = World::builder().setting("SHOPIFY_SCOPES", scopes).without("SHOPIFY_ENDPOINT_URL").start().await;
        let mut app = app(&world);
        app["scopes"] = scopes.split(',').collect();
        let theirs = authorize_url(&counterparts, &app).await;
        let login = world.browser().get("/shopify/acme/login").await;
        // The library asks for a token of the store by an empty `grant_options[]`, we by none.
        assert_eq!(parameter(&theirs, "grant_options[]").as_deref(), Some(""));
        assert_eq!(parts(login.location(), &["state"]), parts(&theirs, &["state", "grant_options[]"]));
        // Its own state is 64 hexadecimal digits; ours has to be one value as well, whatever it goes through.
        let state = parameter(login.location(), "state").unwrap();
        assert!(state.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')), "{state}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_another_one_implies_is_left_out_by_the_library_alone() {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::builder().setting("SHOPIFY_SCOPES", "read_products,write_products").start().await;
    let mut app = app(&world);
    app["scopes"] = json!(["read_products", "write_products"]);
    let theirs = authorize_url(&counterparts, &app).await;
    let login = world.browser().get("/shopify/acme/login").await;
    assert_eq!(parameter(&theirs, "scope").as_deref(), Some("write_products"));
    assert_eq!(parameter(login.location(), "scope").as_deref(), Some("read_products,write_products"));
}

/// RFC 9700 section 4.14.
#[tokio::test(flavor = "multi_thread")]
async fn the_library_links_and_refreshes_at_the_local_shopify() {
    let Some(counterparts) = Counterparts::find() else { return };
    let app = app_of("key", "hush");
    let shopify = LocalShopify::start(ShopifyApp::new("key", "hush", "http://localhost:9000/shopify/callback"));
    let first = linked_by_the_library(&counterparts, &shopify, &app).await;
    assert_eq!((&first["shop"], &first["isOnline"]), (&json!(SHOP), &json!(false)));
    assert!(shopify.accepts(first["accessToken"].as_str().unwrap()));
    let scopes = |session: &Value| {
        let mut scopes: Vec<String> = session["scope"].as_str().unwrap().split(',').map(str::to_owned).collect();
        scopes.sort();
        scopes
    };
    let mut expected: Vec<&str> = DEFAULT_SCOPES.split(',').collect();
    expected.sort_unstable();
    assert_eq!(scopes(&first), expected);

    let second = refreshed(&counterparts, &shopify, &app, &first["refreshToken"]).await;
    assert!(shopify.accepts(second["accessToken"].as_str().unwrap()));
    assert_ne!(second["refreshToken"], first["refreshToken"]);
    let life = |session: &Value, end: &str| session[end].as_i64().unwrap() / 1000 - shopify.now();
    for session in [&first, &second] {
        assert!((3500..=3600).contains(&life(session, "expires")), "{session}");
        assert!((7_775_000..=7_776_000).contains(&life(session, "refreshTokenExpires")), "{session}");
    }
    // The reply may have been lost: the same refresh token works until its successor was used.
    let again = refreshed(&counterparts, &shopify, &app, &first["refreshToken"]).await;
    assert!(again["error"].is_null(), "{again}");
    let third = refreshed(&counterparts, &shopify, &app, &again["refreshToken"]).await;
    assert!(third["error"].is_null(), "{third}");
    let dead = refreshed(&counterparts, &shopify, &app, &first["refreshToken"]).await;
    assert_eq!(dead, json!({ "error": "HttpResponseError", "status": 401 }));
    // Another app's secret.
    let stranger = refreshed(&counterparts, &shopify, &app_of("key", "other"), &third["refreshToken"]).await;
    case(&stranger);
    assert_eq!(stranger["error"], "HttpResponseError");
}
