//! Two tabs of one browser, which share its cookies.

use e2e::chromium::Setup;
use e2e::scenes::{Merchant, STORE, form_of};

use crate::chromium::{Stage, connections, linked};

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_end_their_own_sign_ins_at_the_store() {
    let Some(stage) = Stage::set().await else { return };
    let one = stage.tab(Setup::DESKTOP).await;
    let first = Merchant::new(&stage.front, &one, "acme");
    let two = one.beside().await;
    let second = Merchant { tab: &two, ..first.with_shop("other") };
    first.comes_to_shopify().await;
    second.comes_to_shopify().await;
    one.follow("#approve").await;
    two.follow("#approve").await;
    assert_eq!((one.status(), two.status()), (200, 200), "{} {}", one.text().await, two.text().await);
    assert!(linked(&first).0.is_some() && linked(&second).0.is_some() && linked(&first).0 != linked(&second).0);
    // The browser holds the session of the second store. The first tab's way on says so, and leads on to the first store.
    one.follow("#next").await;
    assert_eq!(one.status(), 400, "{}", one.text().await);
    one.follow("#next").await;
    first.connects_pages().await;
    assert_eq!((linked(&first).1, linked(&second).1), (first.pages.clone(), vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_tabs_at_facebook_hears_that_it_starts_from_the_store() {
    let Some(stage) = Stage::set().await else { return };
    let one = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &one, "acme");
    merchant.comes_to_facebook().await;
    let two = one.beside().await;
    two.open(&merchant.at("/facebook/login")).await;
    two.follow("#next").await;
    one.follow("#approve").await;
    assert_eq!(one.status(), 200);
    let before = connections(&merchant);
    two.follow("#approve").await;
    assert_eq!(two.status(), 400, "{}", two.text().await);
    assert_eq!(connections(&merchant), before);
    assert!(two.has("#next").await, "{}", two.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_in_a_second_tab_that_is_out_of_date_ends_well() {
    let Some(stage) = Stage::set().await else { return };
    let one = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &one, "acme");
    merchant.opens_list().await;
    let two = one.beside().await;
    let late = Merchant { tab: &two, ..merchant.with_shop("acme") };
    late.opens("/connections").await;
    let page = form_of(&merchant.pages[0]);
    merchant.disconnects(&page).await;
    assert_eq!(linked(&merchant).1, [merchant.pages[1].clone()]);
    let before = connections(&merchant);
    late.disconnects(&page).await;
    assert!(two.status() == 200 && two.url().await == merchant.at("/connections"), "{}", two.text().await);
    assert_eq!(connections(&merchant), before, "what is gone is not disconnected again");

    late.opens("/connections").await;
    merchant.disconnects(STORE).await;
    late.disconnects(&form_of(&merchant.pages[1])).await;
    assert!(two.status() == 200 && !two.heading().await.is_empty(), "{}", two.text().await);
}
