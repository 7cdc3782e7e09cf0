//! DynamoDB fails at a later step of a callback, after the state was claimed.

use std::time::Duration;

use e2e::browser::{Browser, Page};
use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::provider::Provider;
use e2e::world::World;
use shared::providers::shopify;
use shared::store::flows::flow_key;

use crate::faults::without_flows;
use crate::support::{assert_error, connections, dump, holder, ids, item, linked_pages, linked_shop, person_with_page, sessions};

/// Long enough for a fault to be switched on before the provider's answer.
const MEANWHILE: Fault = Fault::Delay(Duration::from_millis(700));

/// Opens the URL, and lets UpdateItem fail from the moment the provider is asked.
async fn failing_from(world: &World, browser: &Browser, url: &str, provider: &Provider, call: &str, fault: DatabaseFault) -> Page {
    provider.clear_requests();
    provider.switch_on(call, MEANWHILE, Times::Once);
    let (reply, ()) = tokio::join!(browser.get(url), async {
        while provider.requests_of(call).is_empty() {
            tokio::task::yield_now().await;
        }
        world.database.fail_operation("UpdateItem", fault, 1000);
    });
    world.database.clear_faults();
    reply
}

#[tokio::test]
async fn a_store_whose_id_can_not_be_noted_is_linked_or_told_and_the_next_link_notes_it() {
    let world = World::start().await;
    for (number, fault) in [DatabaseFault::Throttled, DatabaseFault::RequestLost].into_iter().enumerate() {
        let (shop, browser) = (format!("shop{number}"), world.browser());
        let url = world.approve_shop(&browser, &shop).await;
        let reply = failing_from(&world, &browser, &url, &world.shopify, "graphql", fault).await;
        assert!([200, 503].contains(&reply.status()), "{}", reply.text());
        assert_eq!(reply.status() == 200, browser.cookie("session_id").is_some());
        let owner = item(&world, &format!("shop#{shop}.myshopify.com"), "owner").unwrap();
        let uuid = owner.text("uuid").unwrap();
        assert_eq!(linked_shop(&world, &browser, &shop).await, uuid);
        assert!(item(&world, &format!("uuid#{uuid}"), "store").unwrap().text("shop_id").is_some());
    }
}

#[tokio::test]
async fn a_link_that_stands_is_not_told_as_a_failure() {
    let world = World::start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    let reply = failing_from(&world, &browser, &url, &world.shopify, "graphql", DatabaseFault::Throttled).await;
    assert!(connections(&world).keys().any(|(_, pk, _)| pk == "shop#acme.myshopify.com"), "the link was written");
    assert_eq!(reply.status(), 200, "{}", reply.text());
    assert_eq!(browser.get("/facebook/login").await.status(), 302, "and its session leads on");
}

#[tokio::test]
async fn a_failure_that_can_not_be_noted_is_still_told_as_what_it_was() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let url = world.approve_pages(&browser, &Consent::of(&person)).await;
    let before = without_flows(dump(&world));
    world.facebook.switch_on("debug_token", Fault::ServerError500, Times::UntilCleared);
    let reply = failing_from(&world, &browser, &url, &world.facebook, "accounts", DatabaseFault::Throttled).await;
    assert_error(&reply, 502, "provider_error");
    world.facebook.clear_faults();
    assert_eq!(without_flows(dump(&world)), before);
    assert_error(&browser.get(&url).await, 400, "used_state");
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await), [page]);
}

#[tokio::test]
async fn a_store_whose_failure_can_not_be_noted_is_free_again_after_its_lease() {
    let world = World::start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    // The code is refused because it was used: the provider's answer comes after the fault is on.
    assert_eq!(browser.get(&url).await.status(), 200);
    let code = crate::support::parameter(&url, "code").unwrap();
    let state = crate::support::parameter(browser.get("/shopify/acme/login").await.location(), "state").unwrap();
    let timestamp = world.shopify.now().to_string();
    let query = world.shopify.sign_query(&[("code", &code), ("shop", "acme.myshopify.com"), ("state", &state), ("timestamp", &timestamp)]);
    let before = connections(&world);
    let reply =
        failing_from(&world, &browser, &format!("/shopify/callback?{query}"), &world.shopify, "token", DatabaseFault::InternalError).await;
    assert_error(&reply, 400, "token_exchange_failed");
    assert_eq!(connections(&world), before);
    let flow = flow_key(&shopify::PLATFORM, "acme.myshopify.com");
    // In place of waiting for the lease to run out.
    crate::support::set(&world, "sessions", &flow, None, "lease_until", crate::support::number(1)).await;
    linked_shop(&world, &browser, "acme").await;
}

#[tokio::test]
async fn many_pages_that_stop_half_way_are_whole_each_and_running_again_heals_them() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages: Vec<String> = (0..70).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let url = world.approve_pages(&browser, &Consent::of(&person)).await;
    // The first batch is carried out, but nobody hears of it.
    world.database.fail_operation("TransactWriteItems", DatabaseFault::AnswerLost, 1000);
    let reply = browser.get(&url).await;
    world.database.clear_faults();
    assert_error(&reply, 503, "storage_unavailable");
    let linked: Vec<&String> = pages.iter().filter(|page| holder(&world, page).is_some()).collect();
    assert!(!linked.is_empty() && linked.len() < pages.len(), "half way: {}", linked.len());
    for page in &pages {
        let stored = item(&world, &format!("uuid#{uuid}"), &format!("page#{page}"));
        assert_eq!(
            stored.is_some_and(|stored| stored.attributes.contains_key("access_token")),
            linked.contains(&page),
            "whole or not at all"
        );
    }
    assert_eq!(sessions(&world).len(), 1, "the session shows the flow as unfinished");
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await).len(), 70);
    assert!(pages.iter().all(|page| holder(&world, page).as_deref() == Some(uuid.as_str())));
}
