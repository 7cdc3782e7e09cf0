//! `GET /shopify/login`: the launch that Shopify signs.

use e2e::shopify::Canonical;
use e2e::world::World;

use crate::shopify::link::shop_vectors;
use crate::shopify::{Pairs, SHOP, assert_code, now, pairs, signed, signed_with, with, without};

const LAUNCH: &str = "/shopify/login";

fn usual() -> Pairs {
    pairs(&[("host", "YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvYWNtZQ"), ("shop", SHOP), ("timestamp", &now().to_string())])
}

#[tokio::test]
async fn a_signed_launch_leads_to_the_stores_grant_screen() {
    let world = World::start().await;
    let page = format!("{}/{SHOP}/admin/oauth/authorize?", world.shopify.url());
    let browser = world.browser();
    assert!(browser.get(&world.shopify.launch_url(SHOP)).await.location().starts_with(&page));
    for launch in [usual(), without(&usual(), "host"), with(&usual(), "embedded", "1"), with(&usual(), "shop", "ACME.myshopify.com")] {
        let login = browser.get(&signed(&world, LAUNCH, &launch)).await;
        assert!(login.location().starts_with(&page), "{}", login.location());
    }
}

#[tokio::test]
async fn a_launched_flow_ends_in_a_link() {
    let world = World::start().await;
    let browser = world.browser();
    let login = browser.get(&world.shopify.launch_url(SHOP)).await;
    super::assert_linked(&browser.get(&world.shopify.approve(login.location())).await);
}

#[tokio::test]
async fn a_missing_or_empty_parameter_is_named() {
    let world = World::start().await;
    let browser = world.browser();
    for name in ["shop", "timestamp"] {
        for launch in [without(&usual(), name), with(&usual(), name, "")] {
            let page = browser.get(&signed(&world, LAUNCH, &launch)).await;
            assert_code(&page, 400, "missing_parameter");
            assert!(page.json()["detail"].as_str().unwrap().contains(name));
        }
    }
    for hmac in ["", "&hmac", "&hmac="] {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(usual()).finish();
        assert_code(&browser.get(&format!("{LAUNCH}?{query}{hmac}")).await, 400, "missing_parameter");
    }
    assert_code(&browser.get(LAUNCH).await, 400, "missing_parameter");
}

#[tokio::test]
async fn a_repeated_parameter_is_refused_before_anything_else() {
    let world = World::start().await;
    let browser = world.browser();
    let url = signed(&world, LAUNCH, &usual());
    let repeats =
        ["shop=acme.myshopify.com", "shop=evil.myshopify.com", "sho%70=evil.myshopify.com", "hmac=00", "timestamp=1", "host=x", "shop"];
    for repeat in repeats {
        assert_code(&browser.get(&format!("{url}&{repeat}")).await, 400, "repeated_parameter");
        // A broken escape elsewhere changes nothing about it.
        assert_code(&browser.get(&format!("{url}&x=%zz&{repeat}")).await, 400, "repeated_parameter");
    }
}

#[tokio::test]
async fn a_parameter_that_cannot_be_read_is_refused() {
    let world = World::start().await;
    let browser = world.browser();
    for timestamp in ["Infinity", "-Infinity", "-1", "+1", "1.5", "1e9", "0x10", " 1", "1700000000 ", "99999999999999999999", "١٧٠٠٠٠٠٠٠٠"]
    {
        let launch = with(&usual(), "timestamp", timestamp);
        assert_code(&browser.get(&signed(&world, LAUNCH, &launch)).await, 400, "malformed_parameter");
    }
    for broken in ["x=%", "x=%4", "x=%zz", "x=%ff", "%c3=1"] {
        let url = format!("{}&{broken}", signed(&world, LAUNCH, &usual()));
        assert_code(&browser.get(&url).await, 400, "malformed_parameter");
    }
}

#[tokio::test]
async fn a_signed_launch_of_what_is_no_shop_is_refused() {
    let world = World::start().await;
    let browser = world.browser();
    for (input, strict) in shop_vectors() {
        let page = browser.get(&signed(&world, LAUNCH, &with(&usual(), "shop", &input))).await;
        match strict {
            Some(shop) => assert!(page.location().starts_with(&format!("{}/{shop}/admin/", world.shopify.url())), "{input}"),
            None => assert_code(&page, 400, "invalid_shop"),
        }
    }
}

#[tokio::test]
async fn a_timestamp_counts_from_600_seconds_ago_to_90_ahead() {
    let world = World::start().await;
    let browser = world.browser();
    // The accepted side of the older edge leaves room for the clock to go on while the request is on its way.
    for (offset, is_fresh) in [(-590, true), (-601, false), (-86_400, false), (90, true), (100, false), (86_400, false)] {
        let timestamp = now().saturating_add_signed(offset).to_string();
        let page = browser.get(&signed(&world, LAUNCH, &with(&usual(), "timestamp", &timestamp))).await;
        if is_fresh {
            page.location();
        } else {
            assert_code(&page, 400, "stale_request");
        }
    }
    for timestamp in ["0", "1", "999999999999999"] {
        let page = browser.get(&signed(&world, LAUNCH, &with(&usual(), "timestamp", timestamp))).await;
        assert_code(&page, 400, "stale_request");
    }
}

#[tokio::test]
async fn a_stale_launch_leads_on_to_the_store_that_its_signature_names() {
    let world = World::start().await;
    let launch = with(&usual(), "timestamp", &(now() - 3600).to_string());
    let page = world.browser().get(&signed(&world, LAUNCH, &launch)).await;
    assert_code(&page, 400, "stale_request");
    assert_eq!(page.json()["next"], format!("/shopify/{SHOP}/login"));
}

#[tokio::test]
async fn no_signed_parameter_chooses_where_a_launch_leads() {
    let world = World::start().await;
    let usual_page = format!("{}/{SHOP}/admin/oauth/authorize?client_id=", world.shopify.url());
    for value in ["//evil.example", "https://evil.example/", "javascript:alert(1)", "x\r\nLocation: https://evil.example", "per-user"] {
        let mut launch = usual();
        for name in ["return_to", "next", "redirect_uri", "url", "session", "scope"] {
            launch = with(&launch, name, value);
        }
        let login =
            world.browser().get(&signed_with(world.setting("SHOPIFY_API_SECRET"), Canonical::PercentEncoded, LAUNCH, &launch)).await;
        assert!(login.location().starts_with(&usual_page), "{}", login.location());
        assert!(!login.location().contains("evil") && !login.location().contains("per-user"), "{}", login.location());
    }
}

#[tokio::test]
async fn a_refused_launch_sets_no_cookie() {
    let world = World::start().await;
    let stale = with(&usual(), "timestamp", "1");
    for url in [format!("{LAUNCH}?x"), signed(&world, LAUNCH, &stale), format!("{}1", signed(&world, LAUNCH, &usual()))] {
        let page = world.browser().get(&url).await;
        assert_eq!(page.status(), 400);
        assert!(page.set_cookies().is_empty(), "{:?}", page.set_cookies());
    }
}
