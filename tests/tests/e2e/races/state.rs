//! Many callbacks at once: one exchange of each code, one UUID for each store.

use e2e::browser::{Browser, Page};
use e2e::facebook::Consent;
use e2e::faults::Times;
use e2e::gate::Gate;
use e2e::stored::domain;
use e2e::world::World;
use futures_util::future::join_all;
use std::collections::BTreeSet;

async fn at_once(browser: &Browser, url: &str, times: usize) -> Vec<Page> {
    join_all((0..times).map(|_| browser.get(url))).await
}

fn with_status(pages: &[Page], status: u16) -> usize {
    pages.iter().filter(|page| page.status() == status).count()
}

fn with_code(pages: &[Page], code: &str) -> usize {
    pages.iter().filter(|page| page.code().as_deref() == Some(code)).count()
}

/// WSTG-ATHZ-05.
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_callbacks_with_one_shopify_state_one_exchanges_the_code() {
    let world = World::builder().instances("shopify-callback", 12).start().await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    let replies = at_once(&browser, &callback, 50).await;
    assert_eq!(with_status(&replies, 200), 1);
    assert_eq!(with_code(&replies, "used_state"), 49);
    assert_eq!(world.shopify.requests_of("token").len(), 1);
    world.assert_newest_pair(&domain("acme")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_shopify_code_is_being_exchanged_every_other_callback_is_refused_without_waiting() {
    let world = World::builder().instances("shopify-callback", 8).start().await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    let gate = Gate::closed();
    world.shopify.switch_on("token", gate.fault(), Times::Once);
    let others = async {
        gate.reached(1).await;
        let replies = at_once(&browser, &callback, 49).await;
        gate.open();
        replies
    };
    let (first, others) = tokio::join!(browser.get(&callback), others);
    assert_eq!(first.status(), 200, "{}", first.text());
    assert_eq!(with_code(&others, "used_state"), 49);
    assert!(others.iter().all(|page| page.set_cookies().is_empty()), "a refused callback sets a cookie");
    assert_eq!(world.shopify.requests_of("token").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_callbacks_with_one_facebook_state_one_exchanges_the_code() {
    let world = World::builder().instances("facebook-callback", 12).start().await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let browser = world.browser();
    let shop = world.link_shop(&browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    let replies = at_once(&browser, &callback, 50).await;
    assert_eq!(with_status(&replies, 200), 1);
    assert_eq!(with_code(&replies, "used_state"), 49);
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 1);
    assert_eq!(world.holders_of(&page), BTreeSet::from([shop.json()["user_uuid"].as_str().unwrap().to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_of_one_state_in_other_browsers_neither_win_nor_spoil_it() {
    let world = World::builder().instances("shopify-callback", 8).start().await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    let thieves: Vec<Browser> = (0..10).map(|_| world.browser()).collect();
    let stolen = join_all(thieves.iter().map(|thief| thief.get(&callback)));
    let (own, stolen) = tokio::join!(browser.get(&callback), stolen);
    assert_eq!(own.status(), 200, "{}", own.text());
    assert_eq!(with_code(&stolen, "invalid_state"), 10);
    assert_eq!(world.shopify.requests_of("token").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_first_links_of_one_store_end_with_one_uuid_and_the_pair_issued_last() {
    let world = World::builder().instances("shopify-callback", 20).start().await;
    let browsers: Vec<Browser> = (0..20).map(|_| world.browser()).collect();
    let callbacks = join_all(browsers.iter().map(|browser| world.approve_shop(browser, "acme"))).await;
    let replies = join_all(browsers.iter().zip(&callbacks).map(|(browser, callback)| browser.get(callback))).await;
    let wrong: Vec<String> = replies.iter().filter(|reply| reply.status() != 200).map(Page::text).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let uuid = world.assert_newest_pair(&domain("acme")).await;
    assert!(replies.iter().all(|reply| reply.json()["user_uuid"] == uuid.as_str()), "one UUID in every reply");
    let cookies: BTreeSet<_> = browsers.iter().map(|browser| browser.cookie("session_id")).collect();
    assert_eq!(cookies.len(), 20, "a session for each browser");
}

#[tokio::test(flavor = "multi_thread")]
async fn first_links_of_many_stores_at_once_do_not_mix() {
    let world = World::builder().instances("shopify-callback", 8).start().await;
    let browsers: Vec<Browser> = (0..8).map(|_| world.browser()).collect();
    let links = browsers.iter().enumerate().map(|(number, browser)| {
        let world = &world;
        async move { world.link_shop(browser, &format!("store-{number}")).await }
    });
    let replies = join_all(links).await;
    let uuids: BTreeSet<String> = replies.iter().map(|reply| reply.json()["user_uuid"].to_string()).collect();
    assert_eq!(uuids.len(), 8, "a UUID for each store");
    for (number, reply) in replies.iter().enumerate() {
        let shop = domain(&format!("store-{number}"));
        assert_eq!(reply.json()["shop"], shop.as_str());
        let uuid = reply.json()["user_uuid"].as_str().unwrap().to_owned();
        assert_eq!(world.identities_of(&shop), BTreeSet::from([uuid]));
    }
}
