//! Shopify's `hmac`, on launch and callback alike.

use e2e::browser::Page;
use e2e::shopify::{Canonical, sign};
use e2e::world::World;

use crate::shopify::{Pairs, SHOP, approved, assert_code, assert_linked, exchanges, now, pairs, signed_with, with};

const LAUNCH: &str = "/shopify/login";
const CALLBACK: &str = "/shopify/callback";
const FORMS: [Canonical; 5] =
    [Canonical::LegacyEscape, Canonical::Decoded, Canonical::FormWithSpaces, Canonical::PercentEncoded, Canonical::FormEncoded];

fn usual() -> Pairs {
    pairs(&[("shop", SHOP), ("timestamp", &now().to_string())])
}

async fn launch(world: &World, secret: &str, canonical: Canonical, pairs: &Pairs) -> Page {
    world.browser().get(&signed_with(secret, canonical, LAUNCH, pairs)).await
}

#[tokio::test]
async fn every_documented_form_of_the_signed_text_counts() {
    let world = World::start().await;
    let secret = world.setting("SHOPIFY_API_SECRET").to_owned();
    for canonical in FORMS {
        for value in ["plain", "two words", "50% off", "é ✓", "a+b", "%2526", "it's ~ (so)!"] {
            let page = launch(&world, &secret, canonical, &with(&usual(), "note", value)).await;
            assert_eq!(page.status(), 302, "{canonical:?} {value}: {}", page.text());
        }
        let browser = world.browser();
        let pairs = with(&approved(&world, &browser, SHOP).await, "note", "two words, 50%");
        assert_linked(&browser.get(&signed_with(&secret, canonical, CALLBACK, &pairs)).await);
    }
}

#[tokio::test]
async fn the_unescaped_form_does_not_count_where_two_queries_would_share_it() {
    let world = World::start().await;
    let secret = world.setting("SHOPIFY_API_SECRET").to_owned();
    for value in ["a&b", "1&shop=evil.myshopify.com"] {
        let pairs = with(&usual(), "note", value);
        assert_code(&launch(&world, &secret, Canonical::Decoded, &pairs).await, 400, "invalid_hmac");
        assert_eq!(launch(&world, &secret, Canonical::PercentEncoded, &pairs).await.status(), 302, "{value}");
    }
    // Signed as one strange parameter, presented as a store's name.
    let timestamp = now().to_string();
    let genuine = pairs(&[("a", "1&shop=evil.myshopify.com"), ("timestamp", &timestamp)]);
    for canonical in [Canonical::LegacyEscape, Canonical::FormWithSpaces, Canonical::PercentEncoded, Canonical::FormEncoded] {
        let hmac = sign(&genuine, &secret, canonical);
        let forged = format!("{LAUNCH}?a=1&shop=evil.myshopify.com&timestamp={timestamp}&hmac={hmac}");
        assert_code(&world.browser().get(&forged).await, 400, "invalid_hmac");
    }
}

#[tokio::test]
async fn a_changed_request_or_signature_is_refused() {
    let world = World::start().await;
    let url = super::signed(&world, LAUNCH, &usual());
    let hmac = url.rsplit_once("hmac=").unwrap().1.to_owned();
    let flipped = |at: usize| {
        let other = if hmac.as_bytes()[at] == b'0' { "1" } else { "0" };
        let mut changed = hmac.clone();
        changed.replace_range(at..=at, other);
        changed
    };
    let forged = [
        flipped(0),
        flipped(63),
        hmac[..63].to_owned(),
        format!("{hmac}0"),
        format!("{hmac}%00"),
        "0".repeat(64),
        "zz".to_owned(),
        "é".to_owned(),
        "0".repeat(4000),
        sign(&usual(), "another secret", Canonical::default()),
        sign(&usual(), "", Canonical::default()),
    ];
    for forged in forged {
        assert_code(&world.browser().get(&url.replace(&hmac, &forged)).await, 400, "invalid_hmac");
    }
    for changed in [url.replace("acme", "evil"), format!("{url}&extra=1"), url.replace("timestamp=", "timestamp=0")] {
        assert_code(&world.browser().get(&changed).await, 400, "invalid_hmac");
    }
}

#[tokio::test]
async fn a_callback_with_a_forged_signature_reaches_neither_table_nor_provider() {
    let world = World::start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    world.database.reset_usage();
    let code = super::value_of(&url, "code");
    for changed in [url.replace(&code, "0123456789abcdef"), url.replace("acme.", "evil."), format!("{url}&extra=1")] {
        assert_code(&browser.get(&changed).await, 400, "invalid_hmac");
    }
    assert_eq!(world.database.usage().total().calls, 0);
    assert_eq!(exchanges(&world), 0);
    assert_linked(&browser.get(&url).await);
}

#[tokio::test]
async fn the_previous_client_secret_still_verifies_and_no_other_does() {
    let world = World::builder().setting("SHOPIFY_API_SECRET_PREVIOUS", "shpss_previous").start().await;
    assert_eq!(launch(&world, "shpss_previous", Canonical::default(), &usual()).await.status(), 302);
    assert_code(&launch(&world, "shpss_before", Canonical::default(), &usual()).await, 400, "invalid_hmac");
    let browser = world.browser();
    let pairs = approved(&world, &browser, SHOP).await;
    assert_linked(&browser.get(&signed_with("shpss_previous", Canonical::default(), CALLBACK, &pairs)).await);
    // Towards Shopify the current one counts.
    let sent = world.shopify.requests_of("token")[0].field("client_secret");
    assert_eq!(sent.as_deref(), Some(world.setting("SHOPIFY_API_SECRET")));

    let world = World::start().await;
    assert_code(&launch(&world, "shpss_previous", Canonical::default(), &usual()).await, 400, "invalid_hmac");
}
