//! What the tests of the functions after the link begin with, and how they reach into what is stored.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::database::StoredItem;
use e2e::outbox::Event;
use e2e::stored::domain;
use e2e::world::World;
use serde_json::{Value, json};
use shared::providers::shopify;
use shared::store::flows::flow_key;

use crate::support::{Dump, connections, linked_shop, number, set};

pub(crate) const SHOP: &str = "acme.myshopify.com";
pub(crate) const DAY: u64 = 24 * 3600;

/// Unix time.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Links a store in a browser of its own; returns the identity.
pub(crate) async fn linked(world: &World, handle: &str) -> String {
    linked_shop(world, &world.browser(), handle).await
}

/// Links a store whose access token has ended; returns the identity.
pub(crate) async fn ended(world: &World, handle: &str) -> String {
    let uuid = linked(world, handle).await;
    world.expire_access_token(&domain(handle)).await;
    uuid
}

/// Asks for tokens.
pub(crate) async fn ask(world: &World, payload: Value) -> Value {
    world.invoke("connection-tokens", payload).await
}

/// Asks for a store's identity.
pub(crate) async fn ask_shop(world: &World, shop: &str) -> Value {
    ask(world, json!({ "shop": shop })).await
}

/// The one store in the reply to [`ask_shop`].
pub(crate) async fn shop_entry(world: &World, shop: &str) -> Value {
    let reply = ask_shop(world, shop).await;
    assert_eq!(reply["shops"].as_array().map(Vec::len), Some(1), "{reply}");
    reply["shops"][0].clone()
}

/// Demands a store's live token, which Shopify takes; returns the token.
#[track_caller]
pub(crate) fn assert_active(world: &World, entry: &Value) -> String {
    assert_eq!(entry["status"], "active", "{entry}");
    let token = entry["access_token"].as_str().unwrap_or_else(|| panic!("no token in {entry}"));
    assert!(world.shopify.accepts(token), "a dead token was given out");
    assert!(entry.get("reason").is_none() && entry.get("login_url").is_none(), "{entry}");
    token.to_owned()
}

/// Demands that there is no token at this moment, and why.
#[track_caller]
pub(crate) fn assert_later(entry: &Value, reason: &str) {
    assert_eq!((&entry["status"], &entry["access_token"], &entry["reason"]), (&json!("active"), &Value::Null, &json!(reason)), "{entry}");
    assert!(entry.as_object().unwrap().contains_key("access_token") && entry.get("login_url").is_none(), "{entry}");
}

/// Demands that the merchant is needed, and why.
#[track_caller]
pub(crate) fn assert_dead(entry: &Value, reason: &str) {
    assert_eq!((&entry["status"], &entry["reason"]), (&json!("reconnect_needed"), &json!(reason)), "{entry}");
    let login = format!("http://localhost:9000/shopify/{}/login", entry["shop"].as_str().unwrap());
    assert_eq!(entry["login_url"], login);
    assert!(entry.get("access_token").is_none(), "{entry}");
}

/// A store as it is stored.
pub(crate) fn store(world: &World, uuid: &str) -> StoredItem {
    world.item(&format!("uuid#{uuid}"), "store").expect("the store is linked")
}

/// A number of a store.
pub(crate) fn figure(world: &World, uuid: &str, attribute: &str) -> Option<u64> {
    store(world, uuid).text(attribute).map(|text| text.parse().unwrap())
}

/// Sets a number of a store.
pub(crate) async fn set_figure(world: &World, uuid: &str, attribute: &str, value: u64) {
    set(world, "connections", &format!("uuid#{uuid}"), Some("store"), attribute, number(value)).await;
}

/// Sets a text of a store.
pub(crate) async fn set_text(world: &World, uuid: &str, attribute: &str, value: &str) {
    set(world, "connections", &format!("uuid#{uuid}"), Some("store"), attribute, AttributeValue::S(value.to_owned())).await;
}

/// Takes attributes of an identity's item away.
pub(crate) async fn remove(world: &World, uuid: &str, sk: &str, attributes: &str) {
    let update = world.database.client().update_item().table_name("connections");
    let update = update.key("pk", AttributeValue::S(format!("uuid#{uuid}"))).key("sk", AttributeValue::S(sk.to_owned()));
    update.update_expression(format!("REMOVE {attributes}")).send().await.unwrap();
}

/// Makes a store's token one that does not end, at Shopify and here.
pub(crate) async fn never_ends(world: &World, uuid: &str, handle: &str) {
    world.shopify.never_expires(&domain(handle));
    remove(world, uuid, "store", "refresh_token, access_expires_at, refresh_expires_at").await;
}

/// All of the connections table but the events.
pub(crate) fn records(world: &World) -> Dump {
    connections(world).into_iter().filter(|((_, _, sk), _)| !sk.starts_with("event#")).collect()
}

/// The events of one type.
pub(crate) fn events(world: &World, detail_type: &str) -> Vec<Event> {
    world.events().into_iter().filter(|event| event.detail_type == detail_type).collect()
}

/// How often Shopify was asked for the next pair.
pub(crate) fn refreshes(world: &World) -> usize {
    world.shopify.requests_of("refresh").len()
}

/// Demands that nobody holds a store's lease.
#[track_caller]
pub(crate) fn assert_free(world: &World, shop: &str) {
    let flows = world.item(&flow_key(&shopify::PLATFORM, shop), "").expect("there was a flow");
    assert!(!flows.attributes.contains_key("lease_owner"), "{flows:?}");
}

/// The id of the key that a token is sealed with.
pub(crate) fn key_id(world: &World, uuid: &str, sk: &str, attribute: &str) -> String {
    use base64::Engine as _;
    let item = world.item(&format!("uuid#{uuid}"), sk).unwrap();
    let sealed = base64::prelude::BASE64_STANDARD.decode(item.attributes[attribute]["B"].as_str().unwrap()).unwrap();
    String::from_utf8(sealed[2..2 + usize::from(sealed[1])].to_vec()).unwrap()
}
