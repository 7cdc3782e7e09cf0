//! The whole flow, on a desktop and on a phone: the short way, and the ways of those who hesitate.

use e2e::chromium::{Device, Setup};
use e2e::scenes::Merchant;
use serde_json::Value;
use shared::providers::facebook;

use crate::chromium::{Stage, heading_of_store, linked};

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_links_a_store_and_its_pages_by_clicking() {
    let Some(stage) = Stage::set().await else { return };
    for setup in [Setup::DESKTOP, Setup::PHONE] {
        let tab = stage.tab(setup).await;
        let shop = if setup.device == Device::Phone { "by-phone" } else { "at-the-desk" };
        let merchant = Merchant::new(&stage.front, &tab, shop);
        let origin = &merchant.origin;
        merchant.comes_to_shopify().await;
        tab.follow("#approve").await;
        assert_eq!(tab.heading().await, heading_of_store());
        let text = tab.text().await;
        assert!(text.contains("Store") && text.contains(&merchant.domain()), "{text}");
        assert!(tab.url().await.starts_with(&format!("{origin}/shopify/callback?")));

        let cookies = tab.cookies(origin).await;
        let names: Vec<_> = cookies.iter().filter_map(|cookie| cookie["name"].as_str()).collect();
        assert!(names.contains(&"session_id") && names.contains(&"browser_id") && names.len() == 2, "{names:?}");
        assert!(cookies.iter().all(|cookie| cookie["httpOnly"] == true && cookie["sameSite"] == "Lax"), "{cookies:?}");

        tab.follow("#next").await;
        merchant.logs_in().await;
        tab.follow("#approve").await;
        assert_eq!(tab.status(), 200);
        let text = tab.text().await;
        assert!(text.contains("Acme Store") && text.contains("Acme Outlet"), "{text}");
        let (uuid, pages) = linked(&merchant);
        assert!(uuid.is_some() && pages == merchant.pages, "one UUID holds the store and its Pages: {uuid:?} {pages:?}");
        let names: Vec<Value> = tab.cookies(origin).await.iter().map(|cookie| cookie["name"].clone()).collect();
        assert_eq!(names, ["browser_id"], "the session has ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cancels_at_shopify_comes_back_and_approves() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.comes_to_shopify().await;
    tab.follow("#decline").await;
    assert!(tab.url().await.starts_with(&merchant.world.shopify.url()), "Shopify calls no app after a cancel");
    assert_eq!(linked(&merchant), (None, vec![]));
    merchant.connects_pages().await;
    assert_eq!(linked(&merchant).1, merchant.pages);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cancels_at_facebook_tries_again_and_chooses_one_page() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.comes_to_facebook().await;
    tab.follow("#decline").await;
    assert_eq!(tab.status(), 403);
    assert_eq!(linked(&merchant).1, Vec::<String>::new());
    tab.follow("#next").await;
    assert!(tab.url().await.contains("auth_type=rerequest"), "{}", tab.url().await);
    merchant.logs_in().await;
    tab.click(&format!("#pages-{}", merchant.pages[1])).await;
    tab.follow("#approve").await;
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
    assert_eq!(linked(&merchant).1, [merchant.pages[0].clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_withholds_a_permission_is_told_what_it_is_for_and_asked_again() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.comes_to_facebook().await;
    tab.click("#permissions-pages_messaging").await;
    tab.follow("#approve").await;
    let text = tab.text().await;
    let what_for = (facebook::PLATFORM.words.english.permission)("pages_messaging").expect("its purpose is known");
    assert!(tab.status() == 403 && text.contains(what_for), "{text}");
    tab.follow("#next").await;
    assert!(tab.url().await.contains("auth_type=rerequest"), "{}", tab.url().await);
    merchant.logs_in().await;
    tab.follow("#approve").await;
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
    assert_eq!(linked(&merchant).1, merchant.pages);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_another_store_holds_moves_when_the_merchant_says_so() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let former = Merchant::new(&stage.front, &tab, "former");
    former.connects_pages().await;
    let merchant = former.with_shop("acme");
    merchant.comes_to_facebook().await;
    tab.follow("#approve").await;
    let text = tab.text().await;
    assert!(tab.status() == 409 && !text.contains("former"), "{text}");
    assert_eq!(linked(&former).1, merchant.pages);
    let (first, second) = (&merchant.pages[0], &merchant.pages[1]);
    let way = |page: &str| format!("a[href*='&move={page}&']");
    assert!(text.contains("Acme Store") && text.contains("Acme Outlet") && tab.has(&way(first)).await && tab.has(&way(second)).await);
    // One at a time, each by its own way; the end of the one leads on to the other.
    tab.follow(&way(first)).await;
    tab.follow("#approve").await;
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
    assert_eq!((linked(&former).1, linked(&merchant).1), (vec![second.clone()], vec![first.clone()]));
    tab.follow(&way(second)).await;
    tab.follow("#approve").await;
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
    assert_eq!((linked(&former).1, linked(&merchant).1), (vec![], merchant.pages.clone()));
    assert!(!tab.has("a[href*='move=']").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_of_a_linked_store_ends_on_its_list_without_a_question() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.connects_pages().await;
    let before = tab.requested().len();
    merchant.launches().await;
    let asked = tab.requested().split_off(before);
    let asked: Vec<&str> =
        asked.iter().map(|url| url.split('?').next().unwrap_or_default()).filter(|url| !url.starts_with("data:")).collect();
    let authorize = format!("{}/{}/admin/oauth/authorize", merchant.world.shopify.url(), merchant.domain());
    assert_eq!(asked, [merchant.at("/shopify/login"), authorize, merchant.at("/shopify/callback")], "one round trip");
    let text = tab.text().await;
    assert!(tab.status() == 200 && text.contains("Acme Store") && text.contains("Acme Outlet"), "{text}");
    assert!(!tab.has("form").await && tab.has("a[href=\"/connections\"]").await, "the list itself is one step away: {text}");
    tab.follow("a[href=\"/connections\"]").await;
    assert!(tab.status() == 200 && tab.has("form").await, "{}", tab.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_their_data_deleted_and_reads_what_became_of_it() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.connects_pages().await;
    tab.open(&format!("{}/settings", merchant.world.facebook.url())).await;
    tab.follow("#delete_data").await;
    while !tab.has("a.status").await {
        tab.reload().await;
    }
    tab.follow("a.status").await;
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
    let text = tab.text().await;
    assert!(!text.contains("Jo Doe") && !text.contains("Acme") && !text.contains(&merchant.person), "{text}");
    assert_eq!(linked(&merchant).1, Vec::<String>::new());
    // Somebody without our cookies reads the same.
    let url = tab.url().await;
    let stranger = stage.tab(Setup::DESKTOP).await;
    stranger.open(&url).await;
    assert_eq!(stranger.heading().await, tab.heading().await);
}
