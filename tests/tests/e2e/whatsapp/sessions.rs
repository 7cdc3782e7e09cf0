//! How long a session lasts where several platforms are on, and what is offered on the way.

use e2e::browser::Accept;
use e2e::facebook::Consent;
use e2e::world::World;
use serde_json::json;

use crate::support::{linked_pages, person_with_page, sessions};
use crate::whatsapp::support::Shop;

#[tokio::test]
async fn a_flow_leaves_the_session_while_another_platform_is_open() {
    let shop = Shop::open().await;
    let (jo, _) = person_with_page(&shop.world.facebook);
    linked_pages(&shop.world, &shop.browser, &Consent::of(&jo)).await;
    assert!(shop.browser.cookie("session_id").is_some() && sessions(&shop.world).len() == 1);
    assert_eq!(shop.links().await.status(), 200);
    assert!(shop.browser.cookie("session_id").is_none() && sessions(&shop.world).is_empty(), "nothing is left to connect");
}

#[tokio::test]
async fn the_state_of_a_flow_is_used_though_its_session_goes_on() {
    let shop = Shop::open().await;
    let callback = shop.world.approve_numbers(&shop.browser, &shop.consent()).await;
    assert_eq!(shop.browser.get(&callback).await.status(), 200);
    let again = shop.browser.get(&callback).await;
    assert_eq!((again.status(), again.code().as_deref()), (400, Some("used_state")));
    assert_eq!(again.json()["next"], json!("/shopify/acme.myshopify.com/login"));
}

#[tokio::test]
async fn a_session_whose_other_platform_is_linked_already_ends() {
    let shop = Shop::linked().await;
    shop.signs_in().await;
    let (jo, _) = person_with_page(&shop.world.facebook);
    linked_pages(&shop.world, &shop.browser, &Consent::of(&jo)).await;
    assert!(shop.browser.cookie("session_id").is_none());
}

#[tokio::test]
async fn every_platform_that_is_on_is_offered() {
    let shop = Shop::of(World::builder().whatsapp()).await;
    let people = shop.browser.copied().accepting(Accept::Html);
    let store = shop.world.link_shop(&people, "acme").await;
    let (pages, numbers) = ("/facebook/login?shop=acme.myshopify.com", "/whatsapp/login?shop=acme.myshopify.com");
    assert!(store.text().contains(pages) && store.text().contains(numbers), "{}", store.text());
    let list = people.get("/connections").await;
    assert!(list.text().contains(pages) && list.text().contains(numbers), "{}", list.text());
    let (jo, _) = person_with_page(&shop.world.facebook);
    let connected = shop.world.link_pages(&people, &Consent::of(&jo)).await;
    assert!(connected.text().contains(numbers) && !connected.text().contains(pages), "{}", connected.text());
}
