//! What stays in a browser's history and in referrers is worth nothing: whoever opens it again links nothing and unlocks nothing.

use e2e::chromium::{Setup, Tab};
use e2e::scenes::{Merchant, STORE, form_of};

use crate::chromium::{Stage, connections, linked, sessions};

/// Opens every address of a tab's history again, in the same profile and in another.
async fn is_worth_nothing(stage: &Stage, merchant: &Merchant<'_>) {
    let history = merchant.tab.history().await;
    assert!(history.iter().any(|url| url.contains("code=")), "the callbacks are in the history: {history:?}");
    let (linked, open) = (connections(merchant), sessions(merchant));
    let exchanges = || ["token", "refresh"].map(|call| merchant.world.shopify.requests_of(call).len());
    let sent = exchanges();
    let stranger = stage.tab(Setup::DESKTOP).await;
    let same = merchant.tab.beside().await;
    for url in &history {
        for tab in [&stranger, &same] {
            tab.open(url).await;
            assert_eq!(connections(merchant), linked, "{url} changes what is linked");
            assert_eq!(sessions(merchant), open, "{url} makes a session or ends one");
        }
        assert!(!cookies(&stranger, merchant).await.contains(&"session_id".to_owned()), "{url} unlocks something");
        if url.starts_with(&merchant.origin) && url != &merchant.at("/connections") {
            let text = stranger.text().await;
            assert!(stranger.status() >= 400 && !text.contains("Acme"), "{url} tells a stranger: {text}");
        }
    }
    assert_eq!(exchanges(), sent, "no code is sent twice");
}

async fn cookies(tab: &Tab, merchant: &Merchant<'_>) -> Vec<String> {
    tab.cookies(&merchant.origin).await.iter().filter_map(|cookie| cookie["name"].as_str().map(str::to_owned)).collect()
}

/// RFC 9700 section 4.2, RFC 9700 section 4.3.
#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_sign_in_is_worth_nothing() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    // Half of the way, with a session that is open.
    merchant.connects_store().await;
    is_worth_nothing(&stage, &merchant).await;
    // A cancel on the way, then the end.
    tab.follow("#next").await;
    merchant.logs_in().await;
    tab.follow("#decline").await;
    is_worth_nothing(&stage, &merchant).await;
    tab.follow("#next").await;
    merchant.logs_in().await;
    tab.follow("#approve").await;
    assert_eq!(linked(&merchant).1, merchant.pages, "{}", tab.text().await);
    is_worth_nothing(&stage, &merchant).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_after_a_disconnect_is_worth_nothing() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.opens_list().await;
    merchant.disconnects(&form_of(&merchant.pages[0])).await;
    is_worth_nothing(&stage, &merchant).await;
    merchant.disconnects(STORE).await;
    is_worth_nothing(&stage, &merchant).await;
    let history = tab.history().await;
    assert!(history.iter().all(|url| !url.contains("csrf") && !url.contains("/disconnect")), "{history:?}");
}

/// RFC 9700 section 4.2, RFC 9700 section 4.3.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_that_is_left_tells_the_next_one_its_address() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.comes_to_facebook().await;
    let at_facebook = tab.evaluated_text("document.referrer").await;
    tab.follow("#approve").await;
    tab.follow("#next").await;
    let at_the_end = tab.evaluated_text("document.referrer").await;
    for referrer in [at_facebook, at_the_end] {
        assert!(!referrer.contains('?'), "{referrer}");
    }
    let told = [merchant.world.shopify.requests(), merchant.world.facebook.requests()].concat();
    for request in told {
        let referrer = request.header("referer").unwrap_or_default();
        assert!(!referrer.contains("code=") && !referrer.contains("state=") || !referrer.starts_with(&merchant.origin), "{referrer}");
    }
}
