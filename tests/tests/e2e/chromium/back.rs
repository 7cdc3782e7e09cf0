//! Reload and back, which people press on every page: nothing happens twice, and every page still leads on.

use e2e::chromium::Setup;
use e2e::scenes::{Merchant, Scene, Way};

use shared::Code;

use crate::chromium::{Stage, connections, linked};

/// Reloads the page of a scene and goes back from it. Neither changes what is linked, and what comes up is a page, not a failure.
pub(crate) async fn survives(merchant: &Merchant<'_>, scene: &Scene) {
    let tab = merchant.tab;
    let before = connections(merchant);
    tab.reload().await;
    let (status, text) = (tab.status(), tab.text().await);
    assert!(status < 500, "{}: a reload is answered with {status}: {text}", scene.name);
    // What failed before anything was used goes on from where it was, be it to Facebook.
    let goes_on = scene.code == Some(Code::StorageUnavailable) && status == 200;
    let is_end = scene.way == Way::Done;
    assert!(goes_on || is_end || tab.has("#next").await, "{}: a reload ends without a way on: {text}", scene.name);
    assert!(goes_on || !tab.heading().await.is_empty(), "{}: a reload shows no page of ours: {text}", scene.name);
    assert!(goes_on || connections(merchant) == before, "{}: a reload changes what is linked", scene.name);
    let before = connections(merchant);
    if tab.history().await.len() > 2 {
        tab.back().await;
        let (status, text) = (tab.status(), tab.text().await);
        assert!(status < 500 && !text.is_empty(), "{}: back is answered with {status}: {text}", scene.name);
        assert_eq!(connections(merchant), before, "{}: going back changes what is linked", scene.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_of_the_stores_page_leads_on_to_facebook() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.connects_store().await;
    tab.reload().await;
    tab.follow("#next").await;
    merchant.logs_in().await;
    tab.follow("#approve").await;
    assert_eq!((tab.status(), linked(&merchant).1), (200, merchant.pages.clone()));
    tab.reload().await;
    assert_eq!(linked(&merchant).1, merchant.pages);
    assert_eq!(merchant.world.facebook.requests_of("code_exchange").len(), 1, "no code is sent twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_back_to_facebook_and_approves_once_more_hears_that_all_is_done() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.connects_pages().await;
    let before = connections(&merchant);
    tab.reload().await;
    let heading = tab.heading().await;
    tab.back().await;
    tab.follow("#approve").await;
    assert_eq!(tab.heading().await, heading, "the same as a reload says");
    assert_eq!(connections(&merchant), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cancelled_and_goes_back_to_approve_is_led_on() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.comes_to_facebook().await;
    tab.follow("#decline").await;
    tab.back().await;
    merchant.logs_in().await;
    tab.follow("#approve").await;
    assert_eq!(tab.status(), 400, "this sign-in was declined: {}", tab.text().await);
    tab.follow("#next").await;
    if !tab.url().await.starts_with(&merchant.world.facebook.url()) {
        if tab.url().await.starts_with(&merchant.world.shopify.url()) {
            tab.follow("#approve").await;
        }
        tab.follow("#next").await;
    }
    merchant.logs_in().await;
    tab.follow("#approve").await;
    assert_eq!((tab.status(), linked(&merchant).1), (200, merchant.pages.clone()), "{}", tab.text().await);
}
