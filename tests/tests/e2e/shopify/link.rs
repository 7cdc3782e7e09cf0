//! `GET /shopify/{shop_name}/login`.

use e2e::gateway::Request;
use e2e::world::World;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::shopify::{SHOP, assert_code, value_of};

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
const DEFAULT_SCOPES: &str = "read_product_listings,read_inventory,read_discounts,read_locations,read_products";

pub(crate) fn shop_vectors() -> Vec<(String, Option<String>)> {
    let vectors: Value = serde_json::from_str(include_str!("../../../../shared/vectors/shopify.json")).unwrap();
    let cases = vectors["shop_domain"].as_array().unwrap().iter();
    let cases: Vec<_> =
        cases.map(|case| (case["input"].as_str().unwrap().to_owned(), case["strict"].as_str().map(str::to_owned))).collect();
    assert!(cases.len() > 50);
    cases
}

/// A `Location` up to the state, which is another one each time.
fn up_to_state(location: &str) -> &str {
    location.split_once("&state=").unwrap_or_else(|| panic!("no state in {location}")).0
}

#[tokio::test]
async fn a_handle_and_a_domain_in_any_case_lead_to_the_stores_own_grant_screen() {
    let world = World::start().await;
    for name in ["acme", "ACME", "acme.myshopify.com", "Acme.MyShopify.COM"] {
        let login = world.browser().get(&format!("/shopify/{name}/login")).await;
        assert_eq!(login.status(), 302, "{name}");
        let state = value_of(login.location(), "state");
        assert!(state.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{state}");
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let expected = format!(
            "{}/{SHOP}/admin/oauth/authorize?client_id={}&scope={}&redirect_uri={}&state={state}",
            world.shopify.url(),
            world.setting("SHOPIFY_API_KEY"),
            encode(DEFAULT_SCOPES),
            encode(world.setting("SHOPIFY_REDIRECT_URI")),
        );
        assert_eq!(login.location(), expected, "{name}");
        assert_eq!(login.text(), "");
    }
}

/// RFC 9700 section 4.1.
#[tokio::test]
async fn on_https_the_redirect_uri_is_the_configured_one_byte_for_byte() {
    let world = World::builder().https().setting("SHOPIFY_REDIRECT_URI", "https://LINK.example.com:443/shopify/callback").start().await;
    let login = world.browser().get("/shopify/acme/login").await;
    assert_eq!(value_of(login.location(), "redirect_uri"), "https://LINK.example.com:443/shopify/callback");
}

/// RFC 9700 section 4.9, RFC 9700 section 4.10.
#[tokio::test]
async fn what_is_no_shop_leads_nowhere() {
    let world = World::start().await;
    let browser = world.browser();
    for (input, strict) in shop_vectors() {
        let page = browser.get(&format!("/shopify/{}/login", utf8_percent_encode(&input, SEGMENT))).await;
        // In the path a bare handle is completed.
        let bare = ["my-shop", "testshop"].contains(&input.as_str()).then(|| format!("{input}.myshopify.com"));
        match strict.or(bare) {
            Some(shop) => assert!(page.location().starts_with(&format!("{}/{shop}/admin/", world.shopify.url())), "{input}"),
            // The HTTP API decodes the path before the function sees it, so these reach it as another path.
            None if input.contains(['/', '?']) => assert!([400, 404].contains(&page.status()), "{input}: {}", page.text()),
            None => assert_code(&page, 400, "invalid_shop"),
        }
        if page.status() != 302 {
            assert!(page.set_cookies().is_empty(), "{input}");
            assert_eq!(page.header("location"), None, "{input}");
        }
    }
}

#[tokio::test]
async fn a_handle_has_at_most_63_characters() {
    let world = World::start().await;
    let browser = world.browser();
    let (longest, longer) = ("a".repeat(63), "a".repeat(64));
    for suffix in ["", ".myshopify.com"] {
        assert_eq!(browser.get(&format!("/shopify/{longest}{suffix}/login")).await.status(), 302);
        assert_code(&browser.get(&format!("/shopify/{longer}{suffix}/login")).await, 400, "invalid_shop");
    }
}

#[tokio::test]
async fn a_login_calls_neither_the_database_nor_the_provider() {
    let world = World::start().await;
    world.database.reset_usage();
    let browser = world.browser();
    browser.get("/shopify/acme/login").await.location();
    browser.get(&world.shopify.launch_url(SHOP)).await.location();
    assert_code(&browser.get("/shopify/a_b/login").await, 400, "invalid_shop");
    assert_eq!(world.database.usage().total().calls, 0);
    assert!(world.shopify.requests().is_empty());
}

/// RFC 9700 section 4.11.
#[tokio::test]
async fn no_parameter_chooses_where_a_login_leads() {
    let world = World::start().await;
    let browser = world.browser();
    let usual = browser.get("/shopify/acme/login").await.location().to_owned();
    let names = [
        "return_to",
        "next",
        "redirect",
        "redirect_uri",
        "url",
        "host",
        "shop",
        "client_id",
        "scope",
        "state",
        "grant_options[]",
        "response_type",
    ];
    let values = [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "%2f%2fevil.example",
        "https://acme.myshopify.com@evil.example",
        "x%0d%0aLocation:%20https://evil.example",
        "data:text/html,x",
        "javascript:alert(1)",
        "per-user",
    ];
    for value in values {
        let query: Vec<String> = names.iter().map(|name| format!("{name}={value}")).collect();
        let login = browser.get(&format!("/shopify/acme/login?{}", query.join("&"))).await;
        assert_eq!(up_to_state(login.location()), up_to_state(&usual), "{value}");
        assert!(!login.location().contains("evil") && !login.location().contains("per-user"), "{}", login.location());
        assert_ne!(value_of(login.location(), "state"), value);
    }
}

/// WSTG-ATHZ-05, RFC 9700 section 4.13.
#[tokio::test]
async fn host_and_forwarding_headers_have_no_effect() {
    let world = World::start().await;
    let usual = world.browser().get("/shopify/acme/login").await.location().to_owned();
    let request = Request::get("/shopify/acme/login")
        .with_header("host", "evil.example")
        .with_header("x-forwarded-host", "evil.example")
        .with_header("x-forwarded-proto", "https")
        .with_header("x-forwarded-port", "443")
        .with_header("forwarded", "host=evil.example;proto=https")
        .with_header("x-original-url", "/shopify/evil/login");
    let login = world.browser().send(request).await;
    assert_eq!(up_to_state(login.location()), up_to_state(&usual));
    let [cookie] = login.set_cookies() else { panic!("{:?}", login.set_cookies()) };
    assert!(cookie.starts_with("browser_id=") && !cookie.contains("Secure"), "{cookie}");
    assert!(!cookie.to_lowercase().contains("domain"), "{cookie}");
}

#[tokio::test]
async fn no_two_logins_have_one_state() {
    let world = World::start().await;
    let browser = world.browser();
    let mut states = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let state = value_of(browser.get("/shopify/acme/login").await.location(), "state");
        // 128 bits of chance alone take 22 characters.
        assert!(state.len() > 22 && !state.contains("acme"));
        assert!(states.insert(state));
    }
}
