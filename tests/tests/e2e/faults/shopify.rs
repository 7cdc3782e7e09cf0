//! Shopify fails.

use e2e::faults::Times;
use e2e::stored::domain;
use e2e::world::World;
use serde_json::Value;
use shared::providers::shopify;
use shared::store::flows::flow_key;

use crate::faults::{quick_faults, without_flows};
use crate::support::{assert_error, case, connections, dump, item, linked_shop};

#[tokio::test]
async fn a_failing_code_exchange_links_nothing_and_frees_the_store() {
    let world = World::start().await;
    for (number, (name, fault)) in quick_faults().into_iter().enumerate() {
        let shop = format!("shop{number}");
        let browser = world.browser();
        let callback = world.approve_shop(&browser, &shop).await;
        let before = without_flows(dump(&world));
        world.shopify.clear_requests();
        world.shopify.switch_on("token", fault, Times::Once);
        let reply = browser.get(&callback).await;
        case(("token", name));
        assert_error(&reply, 502, "provider_error");
        assert_eq!(reply.json()["next"], format!("/shopify/{shop}.myshopify.com/login"));
        assert!(reply.set_cookies().is_empty());
        assert_eq!(without_flows(dump(&world)), before, "only the state is used");
        let flow = dump(&world).remove(&("sessions".to_owned(), flow_key(&shopify::PLATFORM, &domain(&shop)), String::new())).unwrap();
        assert!(!flow.contains_key("lease_owner"), "{flow:?}");
        assert!(world.shopify.requests_of("token").len() <= 1, "a code is sent once");
        assert_eq!((world.shopify.requests_of("redirected").len(), world.shopify.requests_of("graphql").len()), (0, 0));
        world.shopify.clear_faults();
        assert_error(&browser.get(&callback).await, 400, "used_state");
        linked_shop(&world, &browser, &shop).await;
    }
}

#[tokio::test]
async fn a_failed_relink_leaves_the_earlier_link_as_it_was() {
    let world = World::start().await;
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    for (name, fault) in quick_faults() {
        let callback = world.approve_shop(&browser, "acme").await;
        let before = without_flows(dump(&world));
        world.shopify.switch_on("token", fault, Times::Once);
        case(("token", name));
        assert_error(&browser.get(&callback).await, 502, "provider_error");
        assert_eq!(without_flows(dump(&world)), before);
        world.shopify.clear_faults();
    }
    assert_eq!(browser.get("/facebook/login").await.status(), 302, "the session stays");
    assert_eq!(linked_shop(&world, &browser, "acme").await, uuid);
}

#[tokio::test]
async fn a_failing_data_fetch_leaves_the_link_and_is_made_up_for() {
    let world = World::start().await;
    for (number, (name, fault)) in quick_faults().into_iter().enumerate() {
        let shop = format!("shop{number}");
        let browser = world.browser();
        let callback = world.approve_shop(&browser, &shop).await;
        world.shopify.clear_requests();
        world.shopify.switch_on("graphql", fault, Times::UntilCleared);
        let reply = browser.get(&callback).await;
        case(("graphql", name));
        assert_eq!(reply.status(), 200, "{}", reply.text());
        let body = reply.json();
        assert_eq!(body["shopify_data"], Value::Null);
        assert!(body["warnings"].as_array().is_some_and(|warnings| warnings.len() == 1 && warnings[0]["code"].is_string()), "{body}");
        let uuid = body["user_uuid"].as_str().unwrap();
        let store = item(&world, &format!("uuid#{uuid}"), "store").unwrap();
        assert_eq!((store.text("status"), store.text("shop_id")), (Some("active"), None));
        assert!(store.attributes["access_token"]["B"].is_string() && store.attributes["refresh_token"]["B"].is_string());
        assert_eq!(world.shopify.requests_of("redirected").len(), 0, "no redirect is followed");
        world.shopify.clear_faults();
        assert_eq!(browser.get("/facebook/login").await.status(), 302, "the session works");
        assert_eq!(linked_shop(&world, &browser, &shop).await, uuid);
        assert!(item(&world, &format!("uuid#{uuid}"), "store").unwrap().text("shop_id").is_some(), "filled in by the next link");
    }
    let owners = connections(&world).keys().filter(|(_, pk, _)| pk.starts_with("shop#")).count();
    assert_eq!(owners, quick_faults().len());
}
