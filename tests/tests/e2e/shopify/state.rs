//! Which states a callback takes.

use e2e::facebook::Consent;
use e2e::shopify::{Approval, Misbehaviour};
use e2e::world::World;

use crate::shopify::{Mint, SHOP, approved, approved_with_state, assert_code, assert_linked, callback, exchanges, now, value_of, with};

#[tokio::test]
async fn what_this_service_never_issues_is_malformed() {
    let world = World::start().await;
    let browser = world.browser();
    let good = approved(&world, &browser, SHOP).await;
    let state = value_of(&callback(&world, &good), "state");
    world.database.reset_usage();
    let strange = [
        "x".to_owned(),
        "0.6784241404160823".to_owned(),
        "A".repeat(600),
        "A".repeat(3000),
        state[..40].to_owned(),
        format!("{state}="),
        format!("{state}!"),
        format!(" {state}"),
        format!("{state}\n"),
        state.replace(&state[10..12], "é"),
        format!("{state}.{state}"),
        "<script>alert(1)</script>".to_owned(),
    ];
    for strange in strange {
        assert_code(&browser.get(&callback(&world, &with(&good, "state", &strange))).await, 400, "malformed_state");
    }
    assert_eq!(world.database.usage().total().calls, 0);
    assert_eq!(exchanges(&world), 0);
    assert_linked(&browser.get(&callback(&world, &good)).await);
}

#[tokio::test]
async fn a_state_with_any_character_changed_is_refused() {
    let world = World::start().await;
    let browser = world.browser();
    let good = approved(&world, &browser, SHOP).await;
    let state = value_of(&callback(&world, &good), "state");
    world.database.reset_usage();
    for at in (0..state.len()).step_by(5).chain([state.len() - 1]) {
        let other = if state.as_bytes()[at] == b'A' { "Q" } else { "A" };
        let mut changed = state.clone();
        changed.replace_range(at..=at, other);
        let page = browser.get(&callback(&world, &with(&good, "state", &changed))).await;
        assert!(matches!(page.code().as_deref(), Some("malformed_state" | "invalid_state")), "{at}: {}", page.text());
    }
    for changed in [state[..state.len() - 4].to_owned(), format!("{state}AAAA"), format!("AQAA{state}")] {
        let page = browser.get(&callback(&world, &with(&good, "state", &changed))).await;
        assert!(matches!(page.code().as_deref(), Some("malformed_state" | "invalid_state")), "{}", page.text());
    }
    assert_eq!(world.database.usage().total().calls, 0);
    assert_eq!(exchanges(&world), 0);
}

#[tokio::test]
async fn a_state_of_the_other_platform_is_refused() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    let facebook_state = value_of(&world.approve_pages(&browser, &Consent::of(&person)).await, "state");
    let minted = Mint { platform: "facebook", ..Mint::usual(&world) }.state(&browser);
    for state in [facebook_state, minted] {
        assert_code(&browser.get(&approved_with_state(&world, &browser, &state).await).await, 400, "invalid_state");
    }
    assert_eq!(exchanges(&world), 1);
}

#[tokio::test]
async fn a_shopify_state_is_refused_at_the_facebook_callback() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let state = Mint::usual(&world).state(&browser);
    let page = browser.get(&format!("/facebook/callback?code=x&state={state}")).await;
    assert_code(&page, 400, "invalid_state");
    assert!(world.facebook.requests().is_empty());
}

/// RFC 9700 section 4.4.
#[tokio::test]
async fn a_state_of_another_shop_is_refused() {
    let world = World::start().await;
    let browser = world.browser();
    let login = browser.get("/shopify/acme/login").await;
    let other = Approval { misbehaviour: Some(Misbehaviour::OtherShop("other.myshopify.com".to_owned())), ..Approval::default() };
    let url = world.shopify.approve_with(login.location(), &other).unwrap();
    assert_code(&browser.get(&url).await, 400, "invalid_state");
    assert_eq!(exchanges(&world), 0);
    // Nothing was spent: the rightful callback still counts.
    assert_linked(&browser.get(&world.shopify.approve(login.location())).await);
}

#[tokio::test]
async fn a_state_counts_only_in_the_browser_in_which_it_was_issued() {
    let world = World::start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    world.database.reset_usage();
    let stranger = world.browser();
    assert_code(&stranger.get(&url).await, 400, "invalid_state");
    stranger.get("/shopify/acme/login").await.location();
    assert_code(&stranger.get(&url).await, 400, "invalid_state");

    let own = browser.cookie("browser_id").unwrap();
    let foreign = stranger.cookie("browser_id").unwrap();
    for cookies in [
        format!("browser_id={own}; browser_id={foreign}"),
        format!("browser_id={foreign}; browser_id={own}"),
        format!("browser_id={own}; browser_id={own}"),
        format!("__Host-browser_id={own}"),
        format!("session_id={own}"),
        format!("browser_id={}", &own[..42]),
        "browser_id=".to_owned(),
    ] {
        let request = e2e::gateway::Request::get(url.strip_prefix("http://localhost:9000").unwrap()).with_header("cookie", &cookies);
        assert_code(&world.browser().send(request).await, 400, "invalid_state");
    }
    // Neither does the value count from anywhere but its cookie.
    let elsewhere = with(&super::pairs_of(&url), "browser_id", &own);
    assert_code(&world.browser().get(&callback(&world, &elsewhere)).await, 400, "invalid_state");

    assert_eq!(world.database.usage().total().calls, 0);
    assert_eq!(exchanges(&world), 0);
    assert_linked(&browser.get(&url).await);
}

#[tokio::test]
async fn a_state_is_good_for_600_seconds() {
    let world = World::start().await;
    let browser = world.browser();
    browser.get("/shopify/acme/login").await.location();
    for (age, is_good) in [(590, true), (601, false), (86_400, false)] {
        let state = Mint { issued_at: now() - age, ..Mint::usual(&world) }.state(&browser);
        let page = browser.get(&approved_with_state(&world, &browser, &state).await).await;
        if is_good {
            assert_linked(&page);
        } else {
            assert_code(&page, 400, "expired_state");
            assert_eq!(page.json()["next"], format!("/shopify/{SHOP}/login"));
        }
    }
    assert_eq!(exchanges(&world), 1);
}

#[tokio::test]
async fn a_state_from_the_future_is_refused() {
    let world = World::start().await;
    let browser = world.browser();
    browser.get("/shopify/acme/login").await.location();
    for issued_at in [now() + 600, u64::MAX] {
        let state = Mint { issued_at, ..Mint::usual(&world) }.state(&browser);
        assert_code(&browser.get(&approved_with_state(&world, &browser, &state).await).await, 400, "invalid_state");
    }
    assert_eq!(exchanges(&world), 0);
}

#[tokio::test]
async fn the_previous_state_secret_verifies_and_no_other_does() {
    let previous = "the previous secret of 32 bytes and some more";
    let world = World::builder().setting("STATE_TOKEN_SECRET_PREVIOUS", previous).start().await;
    let browser = world.browser();
    browser.get("/shopify/acme/login").await.location();
    let old = Mint { secret: previous, ..Mint::usual(&world) }.state(&browser);
    let unknown = Mint { secret: "an unknown secret of 32 bytes and some more", ..Mint::usual(&world) }.state(&browser);
    let api_secret = Mint { secret: world.setting("SHOPIFY_API_SECRET"), ..Mint::usual(&world) }.state(&browser);
    for state in [unknown, api_secret] {
        assert_code(&browser.get(&approved_with_state(&world, &browser, &state).await).await, 400, "invalid_state");
    }
    assert_linked(&browser.get(&approved_with_state(&world, &browser, &old).await).await);
}
