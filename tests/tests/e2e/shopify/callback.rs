//! `GET /shopify/callback`: its replies, its parameters, and the order of its checks.

use e2e::browser::{Accept, Browser};
use e2e::faults::{Fault, Times};
use e2e::shopify::Approval;
use e2e::world::World;

use crate::shopify::{Mint, Pairs, SHOP, approved, assert_code, assert_linked, callback, exchanges, now, with, without};

#[tokio::test]
async fn success_is_json_with_what_was_linked() {
    let world = World::start().await;
    let browser = world.browser();
    let page = world.link_shop(&browser, "acme").await;
    assert_linked(&page);
    assert_eq!(page.header("content-type"), Some("application/json"));
    let body = page.json();
    let mut names: Vec<&String> = body.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["next", "scope", "shop", "shopify_data", "user_uuid", "warnings"]);
    let uuid: uuid::Uuid = body["user_uuid"].as_str().unwrap().parse().unwrap();
    assert_eq!(uuid.get_version_num(), 4);
    assert_eq!(body["shop"], SHOP);
    assert_eq!(body["next"], "/facebook/login");
    assert_eq!(body["warnings"], serde_json::json!([]));
    assert_eq!(body["scope"], "read_product_listings,read_inventory,read_discounts,read_locations,read_products");
    assert_eq!(body["shopify_data"]["shop"]["name"], "Acme Store");
    for list in ["products", "locations", "discounts"] {
        assert!(!body["shopify_data"][list].as_array().unwrap().is_empty(), "{list}");
    }
    let session = browser.cookie("session_id").unwrap();
    for secret in world.secrets().iter().chain([&session]) {
        assert!(!page.text().contains(secret.as_str()), "the body shows a secret");
    }
}

#[tokio::test]
async fn success_is_a_page_for_a_browser_and_names_from_outside_are_escaped() {
    let world = World::start().await;
    world.shopify.edit_shop(SHOP, |shop| shop.name = "<script>alert(1)</script>\" onload=x \u{202e}evil".to_owned());
    let browser = world.browser().accepting(Accept::Html);
    let page = world.link_shop(&browser, "acme").await;
    assert_eq!(page.status(), 200, "{}", page.text());
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let html = page.text();
    assert!(html.contains("href=\"/facebook/login?shop=acme.myshopify.com\""), "{html}");
    assert!(!html.contains("<script") && !html.contains("\" onload") && !html.contains('\u{202e}'), "{html}");
    for foreign in ["src=", "http://", "https://", "@import", "url("] {
        assert!(!html.contains(foreign), "{foreign} in {html}");
    }
    assert!(browser.cookie("session_id").is_some());
}

#[tokio::test]
async fn the_code_goes_to_shopify_once_in_a_body_and_the_token_in_a_header() {
    let world = World::start().await;
    let browser = world.browser();
    let pairs = approved(&world, &browser, SHOP).await;
    let code = &pairs.iter().find(|(name, _)| name == "code").unwrap().1;
    assert_linked(&browser.get(&callback(&world, &pairs)).await);

    let exchanges = world.shopify.requests_of("token");
    let [exchange] = &exchanges[..] else { panic!("{exchanges:?}") };
    assert_eq!(exchange.path_and_query, format!("/{SHOP}/admin/oauth/access_token"));
    assert_eq!(exchange.header("accept"), Some("application/json"));
    let agent = exchange.header("user-agent").unwrap_or_default();
    assert!(agent.starts_with(concat!("messenger-link/", env!("CARGO_PKG_VERSION"))), "{agent}");
    for (name, value) in [
        ("client_id", world.setting("SHOPIFY_API_KEY")),
        ("client_secret", world.setting("SHOPIFY_API_SECRET")),
        ("code", code),
        ("expiring", "1"),
    ] {
        assert_eq!(exchange.field(name).as_deref(), Some(value), "{name}");
    }
    let queries = world.shopify.requests_of("graphql");
    let [query] = &queries[..] else { panic!("{queries:?}") };
    assert_eq!(query.path_and_query, format!("/{SHOP}/admin/api/2026-10/graphql.json"));
    assert!(world.shopify.accepts(query.header("x-shopify-access-token").unwrap()));
}

async fn refused(world: &World, browser: &Browser, pairs: &Pairs, code: &str) {
    assert_code(&browser.get(&callback(world, pairs)).await, 400, code);
}

/// WSTG-INPV-04.
#[tokio::test]
async fn missing_repeated_and_malformed_parameters_are_refused_before_the_database() {
    let world = World::start().await;
    let browser = world.browser();
    let good = approved(&world, &browser, SHOP).await;
    let url = callback(&world, &good);
    world.database.reset_usage();
    for name in ["code", "shop", "state", "timestamp"] {
        refused(&world, &browser, &without(&good, name), "missing_parameter").await;
        refused(&world, &browser, &with(&good, name, ""), "missing_parameter").await;
    }
    let unsigned = url.split("hmac=").next().unwrap().trim_end_matches('&').to_owned();
    assert_code(&browser.get(&unsigned).await, 400, "missing_parameter");
    for name in ["code", "shop", "state", "hmac", "timestamp", "host", "c%6fde"] {
        assert_code(&browser.get(&format!("{url}&{name}=x")).await, 400, "repeated_parameter");
        assert_code(&browser.get(&format!("/shopify/callback?{name}=x&{name}=x")).await, 400, "repeated_parameter");
    }
    for code in ["a b", "a\nb", "a\0", "é", &"c".repeat(513)] {
        refused(&world, &browser, &with(&good, "code", code), "malformed_parameter").await;
    }
    for timestamp in ["Infinity", "1e9", "-5", "999999999999999999999"] {
        refused(&world, &browser, &with(&good, "timestamp", timestamp), "malformed_parameter").await;
    }
    for shop in ["acme", "evil.example", "acme.myshopify.com.evil.example", "acme.myshopify.com\n", "<script>"] {
        refused(&world, &browser, &with(&good, "shop", shop), "invalid_shop").await;
    }
    assert_eq!(world.database.usage().total().calls, 0);
    assert_eq!(exchanges(&world), 0);
    assert_linked(&browser.get(&url).await);
}

/// From a request that is wrong in every respect on, one fault is repaired at a time.
#[tokio::test]
async fn checks_come_in_the_contracts_order() {
    let world = World::start().await;
    let browser = world.browser();
    let good = approved(&world, &browser, SHOP).await;
    let other = world.browser();
    approved(&world, &other, SHOP).await;
    world.database.reset_usage();

    let tampered = |pairs: &Pairs| format!("{}0", callback(&world, pairs));
    let stale = |pairs: &Pairs| with(pairs, "timestamp", &(now() - 3600).to_string());
    let mint = |issued_at: u64| Mint { issued_at, ..Mint::usual(&world) };
    let foreign = |issued_at: u64| mint(issued_at).state(&other);
    let with_error = with(&good, "error", "access_denied");

    let worst = with(&without(&good, "code"), "timestamp", "x");
    assert_code(&browser.get(&format!("{}&shop=x&%zz", tampered(&worst))).await, 400, "repeated_parameter");
    assert_code(&browser.get(&tampered(&worst)).await, 400, "missing_parameter");
    assert_code(&browser.get(&tampered(&with(&good, "timestamp", "x"))).await, 400, "malformed_parameter");
    assert_code(&browser.get(&tampered(&stale(&with(&with_error, "state", "x")))).await, 400, "invalid_hmac");
    assert_code(&browser.get(&callback(&world, &stale(&with(&with_error, "state", "x")))).await, 400, "stale_request");
    refused(&world, &browser, &with(&with_error, "state", "x"), "malformed_state").await;
    refused(&world, &browser, &with(&with_error, "state", &foreign(now() - 3600)), "invalid_state").await;
    refused(&world, &browser, &with(&with_error, "state", &mint(now() - 3600).state(&browser)), "expired_state").await;
    assert_eq!(world.database.usage().total().calls, 0, "the database is touched before the state was verified");

    assert_code(&browser.get(&callback(&world, &with_error)).await, 403, "access_denied");
    assert_eq!(exchanges(&world), 0);
    refused(&world, &browser, &with_error, "used_state").await;
    refused(&world, &browser, &good, "used_state").await;
    assert_eq!(exchanges(&world), 0);
}

#[tokio::test]
async fn a_declined_connection_stores_nothing_and_spends_its_state() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let before = world.database.scan("connections");
    let session = browser.cookie("session_id");

    let good = approved(&world, &browser, SHOP).await;
    let declined = with(&without(&good, "code"), "error", "access_denied");
    let declined = with(&declined, "error_description", "<script>alert(1)</script>");
    let page = browser.get(&callback(&world, &declined)).await;
    assert_code(&page, 403, "access_denied");
    assert!(!page.text().contains("script"));
    assert_eq!(page.json()["next"], format!("/shopify/{SHOP}/login"));
    assert_code(&browser.get(&callback(&world, &good)).await, 400, "used_state");
    assert_eq!(exchanges(&world), 1);

    assert_eq!(world.database.scan("connections"), before);
    assert_eq!(browser.cookie("session_id"), session);
    assert_eq!(browser.get("/facebook/login").await.status(), 302);
}

#[tokio::test]
async fn a_refused_code_is_token_exchange_failed_and_the_next_try_works() {
    let world = World::start().await;
    let browser = world.browser();
    let foreign = with(&approved(&world, &browser, SHOP).await, "code", "never-issued");
    let page = browser.get(&callback(&world, &foreign)).await;
    assert_code(&page, 400, "token_exchange_failed");
    assert_eq!(page.json()["next"], format!("/shopify/{SHOP}/login"));
    assert!(world.database.scan("connections").is_empty());
    assert_eq!(browser.cookie("session_id"), None);
    assert_linked(&world.link_shop(&browser, "acme").await);
}

#[tokio::test]
async fn what_a_provider_says_is_never_repeated_to_the_merchant() {
    let world = World::start().await;
    let text = "<script>PROVIDERTEXT</script>";
    for status in [400, 401, 403, 404, 500] {
        let body = serde_json::json!({ "error": text, "error_description": text });
        world.shopify.switch_on("token", Fault::json(status, &body), Times::Once);
        for accept in [Accept::Json, Accept::Html] {
            let browser = world.browser().accepting(accept);
            let page = world.link_shop(&browser, "acme").await;
            assert!(!page.text().contains("PROVIDERTEXT"), "{}", page.text());
        }
    }
    assert!(!world.logs().contains("PROVIDERTEXT"));
}

#[tokio::test]
async fn a_stolen_code_is_of_no_use_in_another_browser() {
    let world = World::start().await;
    let (merchant, attacker) = (world.browser(), world.browser());
    let stolen = approved(&world, &merchant, SHOP).await;
    // As it stands, and pasted into a flow of the attacker's own: only Shopify can sign that.
    assert_code(&attacker.get(&callback(&world, &stolen)).await, 400, "invalid_state");
    let own = world.approve_shop(&attacker, "acme").await;
    let code = &stolen.iter().find(|(name, _)| name == "code").unwrap().1;
    let pasted = own.replace(&super::value_of(&own, "code"), code);
    assert_code(&attacker.get(&pasted).await, 400, "invalid_hmac");
    assert_eq!(exchanges(&world), 0);
    assert_linked(&merchant.get(&callback(&world, &stolen)).await);
}

#[tokio::test]
async fn nobody_elses_callback_changes_the_session_of_a_browser() {
    let world = World::start().await;
    let (victim, attacker) = (world.browser(), world.browser());
    assert_linked(&world.link_shop(&victim, "acme").await);
    let session = victim.cookie("session_id");
    let login = attacker.get("/shopify/evil/login").await;
    let bait = world.shopify.approve_with(login.location(), &Approval::default()).unwrap();
    let page = victim.get(&bait).await;
    assert_code(&page, 400, "invalid_state");
    assert!(page.set_cookies().is_empty());
    assert_eq!(victim.cookie("session_id"), session);
}
