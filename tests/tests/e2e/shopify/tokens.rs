//! What Shopify may issue, and what of it is stored.

use e2e::faults::{Fault, Times};
use e2e::shopify::Approval;
use e2e::world::World;
use serde_json::{Value, json};

use crate::shopify::{SHOP, assert_code, assert_linked, exchanges, now, number, root};

/// Links with a token reply that was changed.
async fn link_with(world: &World, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> e2e::browser::Page {
    world.shopify.switch_on("token", Fault::edit(edit), Times::Once);
    world.link_shop(&world.browser(), "acme").await
}

fn take(reply: &mut Value, names: &[&str]) {
    for name in names {
        reply.as_object_mut().unwrap().remove(*name);
    }
}

async fn link_granting(world: &World, scopes: &[&str]) -> e2e::browser::Page {
    let browser = world.browser();
    let login = browser.get("/shopify/acme/login").await;
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let approval = Approval { scopes: Some(scopes), ..Approval::default() };
    browser.get(&world.shopify.approve_with(login.location(), &approval).unwrap()).await
}

#[tokio::test]
async fn a_missing_scope_is_named_and_nothing_is_stored() {
    let world = World::start().await;
    let all = ["read_product_listings", "read_inventory", "read_discounts", "read_locations", "read_products"];
    for missing in all {
        let granted: Vec<&str> = all.into_iter().filter(|scope| *scope != missing).collect();
        let page = link_granting(&world, &granted).await;
        assert_code(&page, 403, "missing_permission");
        assert!(page.json()["detail"].as_str().unwrap().contains(missing));
        assert_eq!(page.json()["next"], format!("/shopify/{SHOP}/login"));
        assert!(page.set_cookies().is_empty());
    }
    assert_code(&link_granting(&world, &[]).await, 403, "missing_permission");
    assert!(world.database.scan("connections").is_empty());
    assert!(!world.database.scan("sessions").iter().any(|item| item.text("pk").unwrap().starts_with("session#")));
    assert!(world.shopify.requests_of("graphql").is_empty());
    assert_linked(&link_granting(&world, &all).await);
}

#[tokio::test]
async fn a_grant_that_can_do_less_never_replaces_one_that_can_do_more() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let before = world.database.scan("connections");
    assert_code(&link_granting(&world, &["read_products"]).await, 403, "missing_permission");
    assert_eq!(world.database.scan("connections"), before);
    assert_eq!(browser.get("/facebook/login").await.status(), 302, "the session stays");
}

#[tokio::test]
async fn writing_includes_reading() {
    let world = World::builder().setting("SHOPIFY_SCOPES", "read_products,write_products,unauthenticated_read_content").start().await;
    let page = link_granting(&world, &["write_products", "unauthenticated_write_content"]).await;
    assert_linked(&page);
    assert_eq!(page.json()["scope"], "write_products,unauthenticated_write_content");
    let granted: Vec<Value> = root(&world).attributes["scopes"]["L"].as_array().unwrap().clone();
    assert_eq!(granted, [json!({"S": "write_products"}), json!({"S": "unauthenticated_write_content"})]);

    // Not the other way round, and not across the kinds.
    for scopes in [&["read_products", "unauthenticated_read_content"][..], &["write_products", "write_content"]] {
        assert_code(&link_granting(&world, scopes).await, 403, "missing_permission");
    }
}

#[tokio::test]
async fn a_persons_token_is_refused() {
    let world = World::start().await;
    let browser = world.browser();
    let login = browser.get("/shopify/acme/login").await;
    let approval = Approval { online: true, ..Approval::default() };
    let page = browser.get(&world.shopify.approve_with(login.location(), &approval).unwrap()).await;
    assert_code(&page, 400, "token_exchange_failed");
    assert!(world.database.scan("connections").is_empty());
    assert_eq!(browser.cookie("session_id"), None);
    assert_linked(&world.link_shop(&browser, "acme").await);
}

#[tokio::test]
async fn a_pair_is_stored_with_its_ends_scopes_and_app() {
    let world = World::start().await;
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    let root = root(&world);
    let left = |name: &str| number(&root, name).unwrap() - now();
    assert!((3590..=3600).contains(&left("access_expires_at")));
    assert!((7_775_990..=7_776_000).contains(&left("refresh_expires_at")));
    assert_eq!(root.text("app_id"), Some(world.setting("SHOPIFY_API_KEY")));
    assert_eq!(root.text("status"), Some("active"));
    for token in ["access_token", "refresh_token"] {
        assert!(root.attributes[token]["B"].is_string(), "{token} is not sealed");
    }
    assert_ne!(root.attributes["access_token"], root.attributes["refresh_token"]);
}

#[tokio::test]
async fn a_token_without_refresh_and_end_lasts() {
    let world = World::start().await;
    // From an expiring pair on, so that what it leaves behind would show.
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    assert_linked(&link_with(&world, |reply| take(reply, &["expires_in", "refresh_token", "refresh_token_expires_in"])).await);
    let root = root(&world);
    for gone in ["access_expires_at", "refresh_token", "refresh_expires_at"] {
        assert!(!root.attributes.contains_key(gone), "{gone} is a leftover of the earlier pair");
    }
    assert!(root.attributes.contains_key("access_token"));
}

#[tokio::test]
async fn a_token_with_refresh_and_no_end_counts_as_short_lived() {
    let world = World::start().await;
    assert_linked(&link_with(&world, |reply| take(reply, &["expires_in"])).await);
    let ends = number(&root(&world), "access_expires_at").expect("it does not count as lasting");
    assert!(ends > now() && ends <= now() + 3600, "{ends}");
    for null in ["expires_in", "refresh_token_expires_in", "associated_user"] {
        assert_linked(&link_with(&world, move |reply| reply[null] = Value::Null).await);
    }
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_is_a_provider_error_and_stores_nothing() {
    let world = World::start().await;
    let unreadable: [fn(&mut Value); 9] = [
        |reply| take(reply, &["access_token"]),
        |reply| take(reply, &["scope"]),
        |reply| reply["access_token"] = json!(""),
        |reply| reply["access_token"] = json!("two words"),
        |reply| reply["access_token"] = json!("line\nbreak"),
        |reply| reply["refresh_token"] = json!(""),
        |reply| reply["expires_in"] = json!(-1),
        |reply| reply["expires_in"] = json!("3600"),
        |reply| *reply = json!([]),
    ];
    for edit in unreadable {
        assert_code(&link_with(&world, edit).await, 502, "provider_error");
    }
    assert!(world.database.scan("connections").is_empty());
    assert_eq!(exchanges(&world), 9);
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
}

#[tokio::test]
async fn an_enormous_lifetime_breaks_nothing() {
    let world = World::start().await;
    assert_linked(&link_with(&world, |reply| reply["expires_in"] = json!(u64::MAX)).await);
    assert_linked(&link_with(&world, |reply| reply["refresh_token_expires_in"] = json!(u64::MAX)).await);
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
}

#[tokio::test]
async fn linking_again_retires_the_earlier_pair_and_the_stored_one_works() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let first = root(&world);
    assert_linked(&world.link_shop(&browser, "acme").await);
    let second = root(&world);
    assert_ne!(first.attributes["access_token"], second.attributes["access_token"]);
    assert_ne!(first.attributes["refresh_token"], second.attributes["refresh_token"]);
    assert_eq!(number(&second, "version"), number(&first, "version").map(|version| version + 1));
    assert_eq!(number(&second, "generation"), number(&first, "generation"));
}
