//! A link after an uninstall, and one that an uninstall overtakes. The uninstall is made by hand: tokens out, status and
//! generation changed.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::database::StoredItem;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::Value;

use crate::shopify::{SHOP, assert_linked, exchanges, number, root, until, uuids};

/// Changes one item. Values are numbers where they read as such; a name after `||` stands for `#name`, and `#ttl`,
/// `#status` for themselves.
pub(crate) async fn edit(world: &World, table: &str, item: &StoredItem, update: &str, values: &[(&str, &str)]) {
    let (expression, name) = update.split_once(" || ").unwrap_or((update, ""));
    let mut request = world.database.client().update_item().table_name(table).update_expression(expression);
    for key in ["pk", "sk"] {
        if let Some(value) = item.text(key) {
            request = request.key(key, AttributeValue::S(value.to_owned()));
        }
    }
    for (placeholder, name) in [("#ttl", "ttl"), ("#status", "status"), ("#name", name)] {
        if expression.contains(placeholder) {
            request = request.expression_attribute_names(placeholder, name);
        }
    }
    for (name, value) in values {
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let value = if is_number { AttributeValue::N((*value).to_owned()) } else { AttributeValue::S((*value).to_owned()) };
        request = request.expression_attribute_values(*name, value);
    }
    request.send().await.unwrap();
}

async fn uninstall(world: &World) {
    let update =
        "SET #status = :gone, generation = generation + :one REMOVE access_token, refresh_token, access_expires_at, refresh_expires_at";
    edit(world, "connections", &root(world), update, &[(":gone", "uninstalled"), (":one", "1")]).await;
    world.shopify.uninstall(SHOP);
}

fn unconfirmed(world: &World) -> Option<bool> {
    root(world).attributes.get("unconfirmed").and_then(|value| value["BOOL"].as_bool())
}

#[tokio::test]
async fn a_link_after_an_uninstall_revives_the_same_uuid() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let before = uuids(&world);
    uninstall(&world).await;
    assert_linked(&world.link_shop(&browser, "acme").await);
    let root = root(&world);
    assert_eq!(uuids(&world), before);
    assert_eq!(root.text("status"), Some("active"));
    assert_eq!(number(&root, "generation"), Some(2));
    assert_eq!(unconfirmed(&world), None);
    assert_eq!(browser.get("/facebook/login").await.status(), 302);
}

#[tokio::test]
async fn until_the_shops_id_is_read_a_link_after_an_uninstall_is_unconfirmed() {
    let world = World::start().await;
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    let before = uuids(&world);
    uninstall(&world).await;
    for _ in 0..2 {
        world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
        let page = world.link_shop(&world.browser(), "acme").await;
        world.shopify.clear_faults();
        assert_linked(&page);
        assert_eq!(page.json()["shopify_data"], Value::Null);
        assert_eq!(unconfirmed(&world), Some(true));
        assert_eq!(uuids(&world), before);
    }
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    assert_eq!(unconfirmed(&world), None);
    assert_eq!(uuids(&world), before);
}

#[tokio::test]
async fn after_an_uninstall_another_shop_under_the_domain_revives_nothing() {
    let world = World::start().await;
    let old = world.link_shop(&world.browser(), "acme").await.json()["user_uuid"].as_str().unwrap().to_owned();
    uninstall(&world).await;
    world.shopify.edit_shop(SHOP, |shop| shop.id += 1);
    world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    world.shopify.clear_faults();
    assert_eq!(unconfirmed(&world), Some(true));
    let browser = world.browser();
    let new = world.link_shop(&browser, "acme").await.json()["user_uuid"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    assert_eq!(unconfirmed(&world), None);
    let left: Vec<_> = world.database.dump().into_iter().filter(|item| item.contains(&old)).collect();
    assert!(left.is_empty(), "{left:#?}");
    assert_eq!(browser.get("/facebook/login").await.status(), 302, "the session just set is dead");
}

#[tokio::test]
async fn a_callback_that_an_uninstall_overtakes_stores_nothing() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let url = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("token", Fault::Delay(Duration::from_secs(1)), Times::Once);
    let overtake = async {
        until(|| exchanges(&world) == 2).await;
        let update = "SET #status = :gone, generation = generation + :one REMOVE access_token, refresh_token";
        edit(&world, "connections", &root(&world), update, &[(":gone", "uninstalled"), (":one", "1")]).await;
    };
    let (page, ()) = tokio::join!(browser.get(&url), overtake);
    assert!(page.status() >= 400, "{}", page.text());
    assert!(page.set_cookies().is_empty());
    let root = root(&world);
    assert_eq!(root.text("status"), Some("uninstalled"));
    assert!(!root.attributes.contains_key("access_token") && !root.attributes.contains_key("refresh_token"));
    assert_eq!(number(&root, "generation"), Some(2));
    let again = browser.get(&url).await;
    super::assert_code(&again, 400, "used_state");
    assert_eq!(again.json()["next"], format!("/shopify/{SHOP}/login"));
    assert_linked(&world.link_shop(&browser, "acme").await);
}
