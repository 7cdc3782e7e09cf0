//! Pages: who is given their tokens, and when nobody is.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::facebook::Consent;
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{linked_pages, linked_shop, page_token, person_with_page, set};
use crate::tokens::setup::{SHOP, ask, assert_active, records, set_text};

/// A store with a Page; returns identity and Page.
async fn linked(world: &World) -> (String, String) {
    let browser = world.browser();
    let (person, page) = person_with_page(&world.facebook);
    let uuid = linked_shop(world, &browser, "acme").await;
    linked_pages(world, &browser, &Consent::of(&person)).await;
    (uuid, page)
}

async fn page_entry(world: &World, page: &str) -> Value {
    let reply = ask(world, json!({"page_id": page})).await;
    assert_eq!(reply["pages"].as_array().map(Vec::len), Some(1), "{reply}");
    reply["pages"][0].clone()
}

#[tokio::test]
async fn a_page_that_moved_is_told_to_its_new_holder_alone() {
    let world = World::start().await;
    let (former, later) = (world.browser(), world.browser());
    let (person, page) = person_with_page(&world.facebook);
    let kept = world.facebook.add_page(&person, "Kept by the first");
    let first = linked_shop(&world, &former, "acme").await;
    linked_pages(&world, &former, &Consent::of(&person)).await;
    let second = linked_shop(&world, &later, "other").await;
    assert_eq!(world.move_pages(&later, [&page], &Consent::of(&person).with_pages([&page])).await.status(), 200);

    let reply = ask(&world, json!({"page_id": page})).await;
    assert_eq!((&reply["user_uuid"], &reply["shops"][0]["shop"]), (&json!(second), &json!("other.myshopify.com")));
    assert_eq!(reply["pages"][0]["access_token"], page_token(&world, &second, &page));
    for payload in [json!({"shop": SHOP}), json!({"user_uuid": first})] {
        let reply = ask(&world, payload).await;
        let ids: Vec<&Value> = reply["pages"].as_array().unwrap().iter().map(|page| &page["page_id"]).collect();
        assert_eq!(ids, [&json!(kept)], "the former holder does not hear of it");
    }
    let reply = ask(&world, json!({"user_uuid": second})).await;
    assert_eq!(reply["pages"][0]["page_id"], page.as_str());
}

#[tokio::test]
async fn while_the_store_is_uninstalled_or_not_known_to_be_the_same_its_pages_yield_nothing() {
    let world = World::start().await;
    let (uuid, page) = linked(&world).await;
    assert_eq!(page_entry(&world, &page).await["status"], "active");
    set_text(&world, &uuid, "status", "uninstalled").await;
    let entry = page_entry(&world, &page).await;
    assert_eq!((&entry["status"], &entry["messaging_ready"]), (&json!("uninstalled"), &json!(false)));
    assert!(entry.get("access_token").is_none() && entry.get("login_url").is_none(), "{entry}");

    set_text(&world, &uuid, "status", "active").await;
    set(&world, "connections", &format!("uuid#{uuid}"), Some("store"), "unconfirmed", AttributeValue::Bool(true)).await;
    for payload in [json!({"page_id": page}), json!({"shop": SHOP})] {
        let reply = ask(&world, payload).await;
        assert_eq!(reply["pages"][0]["status"], "uninstalled");
        assert!(reply["pages"][0].get("access_token").is_none(), "{reply}");
        assert_active(&world, &reply["shops"][0]);
    }
}

#[tokio::test]
async fn a_store_linked_again_after_an_uninstall_gives_its_pages_back() {
    let world = World::start().await;
    let (uuid, page) = linked(&world).await;
    world.shopify.uninstall(SHOP);
    set_text(&world, &uuid, "status", "uninstalled").await;
    assert_eq!(super::setup::linked(&world, "acme").await, uuid);
    let entry = page_entry(&world, &page).await;
    assert_eq!((&entry["status"], &entry["access_token"]), (&json!("active"), &json!(page_token(&world, &uuid, &page))));
}

#[tokio::test]
async fn a_dead_page_says_why_and_leads_to_the_stores_login() {
    let world = World::start().await;
    let (uuid, page) = linked(&world).await;
    for (attribute, value) in [("status", "reconnect_needed"), ("reason", "password_changed")] {
        let value = AttributeValue::S(value.to_owned());
        set(&world, "connections", &format!("uuid#{uuid}"), Some(&format!("page#{page}")), attribute, value).await;
    }
    let reply = ask(&world, json!({"page_id": page})).await;
    let entry = &reply["pages"][0];
    assert_eq!((&entry["status"], &entry["reason"]), (&json!("reconnect_needed"), &json!("password_changed")));
    assert_eq!(entry["login_url"], "http://localhost:9000/shopify/acme.myshopify.com/login", "always the shop's login");
    assert_eq!(entry["messaging_ready"], false);
    assert!(entry.get("access_token").is_none());
    assert_active(&world, &reply["shops"][0]);
}

#[tokio::test]
async fn what_another_app_was_given_is_neither_tried_nor_given_out_nor_changed() {
    let world = World::start().await;
    let (uuid, page) = linked(&world).await;
    world.expire_access_token(SHOP).await;
    set_text(&world, &uuid, "app_id", "another").await;
    let value = AttributeValue::S("123456789012345".to_owned());
    set(&world, "connections", &format!("uuid#{uuid}"), Some(&format!("page#{page}")), "app_id", value).await;
    super::setup::set_figure(&world, &uuid, "due_at", 1).await;
    let before = records(&world);
    world.shopify.clear_requests();
    world.facebook.clear_requests();
    let reply = ask(&world, json!({"page_id": page})).await;
    for entry in [&reply["shops"][0], &reply["pages"][0]] {
        assert_eq!((&entry["status"], &entry["reason"]), (&json!("reconnect_needed"), &json!("another_app")), "{reply}");
        assert!(entry["login_url"].is_string() && entry.get("access_token").is_none(), "{reply}");
    }
    assert_eq!(world.shopify.requests().len() + world.facebook.requests().len(), 0);
    assert_eq!(records(&world), before);
}
