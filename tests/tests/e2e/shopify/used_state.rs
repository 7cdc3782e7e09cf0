//! What the second use of a state is told.

use std::time::Duration;

use e2e::browser::Accept;
use e2e::faults::{Fault, Times};
use e2e::world::World;

use crate::shopify::{SHOP, assert_code, assert_linked, exchanges, until};

#[tokio::test]
async fn after_a_success_it_says_that_the_link_is_made_and_leads_on() {
    let world = World::start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    assert_linked(&browser.get(&url).await);
    let session = browser.cookie("session_id");
    let items = world.database.dump();
    for _ in 0..3 {
        let page = browser.get(&url).await;
        assert_code(&page, 400, "used_state");
        assert_eq!(page.json()["next"], format!("/facebook/login?shop={SHOP}"));
        assert!(page.set_cookies().is_empty());
    }
    assert_eq!(exchanges(&world), 1);
    assert_eq!(world.database.dump(), items, "a reload changes something");
    assert_eq!(browser.cookie("session_id"), session);
    // The way on works.
    assert_eq!(browser.get(&format!("/facebook/login?shop={SHOP}")).await.status(), 302);

    let page = browser.accepting(Accept::Html).get(&url).await;
    assert_eq!(page.status(), 400);
    assert!(page.text().contains(&format!("href=\"/facebook/login?shop={SHOP}\"")), "{}", page.text());
}

#[tokio::test]
async fn after_a_failure_it_says_so_and_offers_a_new_start() {
    let world = World::start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("token", Fault::ServerError500, Times::Once);
    assert_code(&browser.get(&url).await, 502, "provider_error");
    let page = browser.get(&url).await;
    assert_code(&page, 400, "used_state");
    let next = format!("/shopify/{SHOP}/login");
    assert_eq!(page.json()["next"], next);
    assert_eq!(exchanges(&world), 1, "a code is never sent twice");
    assert!(world.database.scan("connections").is_empty());
    let login = browser.get(&next).await;
    assert_linked(&browser.get(&world.shopify.approve(login.location())).await);
}

#[tokio::test]
async fn while_it_is_in_flight_it_says_so_and_offers_a_new_start() {
    let world = World::builder().instances("shopify-callback", 2).start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("token", Fault::Delay(Duration::from_secs(2)), Times::Once);
    let second = async {
        until(|| exchanges(&world) == 1).await;
        browser.get(&url).await
    };
    let (first, second) = tokio::join!(browser.get(&url), second);
    assert_linked(&first);
    assert_code(&second, 400, "used_state");
    assert_eq!(second.json()["next"], format!("/shopify/{SHOP}/login"));
    assert!(second.set_cookies().is_empty());
    assert_eq!(exchanges(&world), 1);
}

#[tokio::test]
async fn a_state_stays_used_in_another_tab_and_after_a_restart() {
    let world = World::start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    assert_linked(&browser.get(&url).await);
    world.function("shopify-callback").restart().await;
    assert_linked(&world.link_shop(&browser, "acme").await);
    assert_code(&browser.get(&url).await, 400, "used_state");
    assert_eq!(exchanges(&world), 2);
}
