//! The shop's data, fetched beside the link: whatever happens to them, the link stands.

use e2e::faults::{Fault, Times};
use e2e::shopify::{Condition, graphql_too_expensive};
use e2e::world::World;
use serde_json::{Value, json};

use crate::shopify::{SHOP, assert_linked, root, uuids};

/// The link stands without data, says so, and the next link fills in the shop's id.
async fn stands_without_data(world: &World, what: &str) {
    let browser = world.browser();
    let page = world.link_shop(&browser, "acme").await;
    assert_linked(&page);
    assert_eq!(page.json()["shopify_data"], Value::Null, "{what}");
    let warnings = page.json()["warnings"].as_array().unwrap().clone();
    let [warning] = &warnings[..] else { panic!("{what}: {warnings:?}") };
    assert!(warning["code"].is_string() && warning["detail"].is_string(), "{what}: {warning}");
    assert_eq!(browser.get("/facebook/login").await.status(), 302, "{what}");
}

#[tokio::test]
async fn a_failed_fetch_leaves_the_link_and_the_next_one_fills_in_the_id() {
    let world = World::start().await;
    let id = world.shopify.shop(SHOP).id.to_string();
    let faults = [
        ("500", Fault::ServerError500),
        ("429", Fault::Throttled429),
        ("reset", Fault::Reset),
        ("HTML", Fault::HtmlBody),
        ("cut", Fault::TruncatedJson),
        ("types", Fault::WrongTypes),
        ("huge", Fault::HugeBody),
        ("redirect", Fault::Redirect),
        ("401", Fault::json(401, &json!({"errors": "[API] Invalid API key or access token"}))),
        ("no data", Fault::json(200, &json!({"data": null}))),
        ("null", Fault::json(200, &Value::Null)),
        ("errors as text", Fault::json(200, &json!({"errors": "Not Found"}))),
    ];
    for (what, fault) in faults {
        world.shopify.switch_on("graphql", fault, Times::UntilCleared);
        stands_without_data(&world, what).await;
        world.shopify.clear_faults();
        assert_eq!(root(&world).text("shop_id"), None, "{what}");
    }
    assert!(!world.shopify.requests().iter().any(|request| request.path_and_query.contains("redirected")));
    let before = uuids(&world);
    let page = world.link_shop(&world.browser(), "acme").await;
    assert_eq!(page.json()["warnings"], json!([]));
    assert_eq!(root(&world).text("shop_id"), Some(id.as_str()));
    assert_eq!(uuids(&world), before);

    // Once known, it stays known.
    world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    stands_without_data(&world, "500 with a known id").await;
    assert_eq!(root(&world).text("shop_id"), Some(id.as_str()));
}

#[tokio::test]
async fn a_frozen_locked_or_throttled_store_can_be_linked() {
    let world = World::start().await;
    for condition in [Condition::Frozen, Condition::Locked] {
        world.shopify.edit_shop(SHOP, |shop| shop.condition = condition);
        stands_without_data(&world, "frozen or locked").await;
    }
    world.shopify.edit_shop(SHOP, |shop| shop.condition = Condition::Open);
    world.shopify.drain_points(SHOP);
    stands_without_data(&world, "throttled").await;
}

#[tokio::test]
async fn another_shops_data_are_not_taken() {
    let world = World::start().await;
    world.shopify.switch_on(
        "graphql",
        Fault::edit(|reply| reply["data"]["shop"]["myshopifyDomain"] = json!("other.myshopify.com")),
        Times::Once,
    );
    stands_without_data(&world, "another shop").await;
    assert_eq!(root(&world).text("shop_id"), None);
}

#[tokio::test]
async fn a_strange_shop_id_is_no_id() {
    let world = World::start().await;
    for id in
        ["gid://shopify/Shop/", "gid://shopify/Shop/1x", "gid://shopify/Product/1", "1", &format!("gid://shopify/Shop/{}", "1".repeat(33))]
    {
        let id = id.to_owned();
        world.shopify.switch_on("graphql", Fault::edit(move |reply| reply["data"]["shop"]["id"] = json!(id)), Times::Once);
        assert_linked(&world.link_shop(&world.browser(), "acme").await);
        assert_eq!(root(&world).text("shop_id"), None);
    }
}

#[tokio::test]
async fn a_query_that_costs_too_much_is_halved_once() {
    let world = World::start().await;
    let sizes = |world: &World| -> Vec<Value> {
        let requests = world.shopify.requests_of("graphql");
        requests.iter().map(|request| serde_json::from_slice::<Value>(&request.body).unwrap()["variables"].clone()).collect()
    };
    world.shopify.switch_on("graphql", graphql_too_expensive(), Times::Once);
    let page = world.link_shop(&world.browser(), "acme").await;
    assert_linked(&page);
    assert!(page.json()["shopify_data"]["products"].is_array());
    assert_eq!(page.json()["warnings"], json!([]));
    let asked = sizes(&world);
    assert_eq!(asked.len(), 2);
    for (name, first) in asked[0].as_object().unwrap() {
        assert_eq!(asked[1][name].as_u64().map(|half| half * 2), first.as_u64(), "{name}");
    }

    world.shopify.clear_requests();
    world.shopify.switch_on("graphql", graphql_too_expensive(), Times::Exactly(2));
    stands_without_data(&world, "too expensive twice").await;
    assert_eq!(sizes(&world).len(), 2, "never a third time");
}

#[tokio::test]
async fn what_the_grant_does_not_reach_is_missing_with_a_warning() {
    let world = World::builder().setting("SHOPIFY_SCOPES", "read_products").start().await;
    let page = world.link_shop(&world.browser(), "acme").await;
    assert_linked(&page);
    let data = &page.json()["shopify_data"];
    assert_eq!(data["shop"]["name"], "Acme Store");
    assert!(data["products"].is_array());
    assert_eq!((&data["locations"], &data["discounts"]), (&Value::Null, &Value::Null));
    let warnings = page.json()["warnings"].as_array().unwrap().clone();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(root(&world).text("shop_id").is_some(), "the shop itself was readable");
}
