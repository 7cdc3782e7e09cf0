//! Which UUID a shop has.

use e2e::facebook::Consent;
use e2e::world::World;

use crate::shopify::uninstall::edit;
use crate::shopify::{SHOP, assert_code, assert_linked, now, root, roots};

#[tokio::test]
async fn a_shop_keeps_its_uuid_in_any_browser_and_two_shops_have_two() {
    let world = World::start().await;
    let browser = world.browser();
    let uuid = world.link_shop(&browser, "acme").await.json()["user_uuid"].clone();
    assert!(uuid.is_string());
    for again in [&browser, &world.browser()] {
        assert_eq!(world.link_shop(again, "ACME.myshopify.com").await.json()["user_uuid"], uuid);
    }
    assert_eq!(roots(&world).len(), 1);

    // The same browser, with a live session of the first shop.
    let other = world.link_shop(&browser, "other").await.json()["user_uuid"].clone();
    assert!(other.is_string());
    assert_ne!(other, uuid);
    assert_eq!(world.link_shop(&browser, "acme").await.json()["user_uuid"], uuid);
    assert_eq!(roots(&world).len(), 2);
}

#[tokio::test]
async fn a_uuid_is_no_credential() {
    let world = World::start().await;
    let uuid = world.link_shop(&world.browser(), "acme").await.json()["user_uuid"].as_str().unwrap().to_owned();
    let stranger = world.browser();
    for query in [format!("user_uuid={uuid}"), format!("session_id={uuid}"), format!("shop={SHOP}"), format!("uuid={uuid}&shop={SHOP}")] {
        assert_code(&stranger.get(&format!("/facebook/login?{query}")).await, 400, "missing_session");
    }
    stranger.with_jar(|jar| jar.store("http://localhost:9000", "/", &format!("session_id={uuid}; Path=/")));
    assert_code(&stranger.get("/facebook/login").await, 400, "invalid_session");
}

/// Links a store and a Page, then gives the domain to another shop, which links it.
async fn domain_changes_hands(world: &World) -> (e2e::browser::Browser, String, String) {
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let before = world.browser();
    let old = world.link_shop(&before, "acme").await.json()["user_uuid"].as_str().unwrap().to_owned();
    assert_eq!(world.link_pages(&before, &Consent::of(&person)).await.status(), 200);
    // Two more sessions of the old shop, one of which has begun a Facebook flow.
    assert_linked(&world.link_shop(&before, "acme").await);
    world.approve_pages(&before, &Consent::of(&person)).await;
    assert_linked(&world.link_shop(&world.browser(), "acme").await);

    world.shopify.edit_shop(SHOP, |shop| shop.id += 1);
    let after = world.browser();
    let linked = world.link_shop(&after, "acme").await;
    assert_linked(&linked);
    let new = linked.json()["user_uuid"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    assert!(!world.database.dump().iter().any(|item| item.contains(&page)), "the old shop's Page is still there");
    assert_code(&before.get("/facebook/login").await, 400, "invalid_session");
    (after, old, new)
}

#[tokio::test]
async fn the_same_domain_with_another_id_is_another_shop_and_the_old_one_is_erased() {
    let world = World::start().await;
    let (_, old, new) = domain_changes_hands(&world).await;
    let left: Vec<_> = world.database.dump().into_iter().filter(|item| item.contains(&old)).collect();
    assert!(left.is_empty(), "{left:#?}");
    let root = root(&world);
    assert_eq!(root.text("pk"), Some(format!("uuid#{new}").as_str()));
    assert_eq!(root.text("shop_id"), Some(world.shopify.shop(SHOP).id.to_string().as_str()));
    assert_eq!(root.text("status"), Some("active"));
    for secret in world.secrets() {
        assert!(!world.database.dump().iter().any(|item| item.contains(&secret)));
    }
}

#[tokio::test]
async fn the_session_of_the_new_shop_leads_on() {
    let world = World::start().await;
    let (browser, _, new) = domain_changes_hands(&world).await;
    assert_eq!(browser.get("/facebook/login").await.status(), 302, "the session just set is dead");
    let person = world.facebook.add_person("Kim Roe");
    world.facebook.add_page(&person, "New Acme");
    let linked = world.link_pages(&browser, &Consent::of(&person)).await;
    assert_eq!(linked.status(), 200, "{}", linked.text());
    assert_eq!(linked.json()["user_uuid"], new);
}

#[tokio::test]
async fn the_new_shop_keeps_its_uuid_on_later_links() {
    let world = World::start().await;
    let (_, _, new) = domain_changes_hands(&world).await;
    for _ in 0..2 {
        assert_eq!(world.link_shop(&world.browser(), "acme").await.json()["user_uuid"], new);
    }
}

#[tokio::test]
async fn erasing_reaches_sessions_that_are_over_but_not_yet_deleted() {
    let world = World::start().await;
    let old = world.link_shop(&world.browser(), "acme").await.json()["user_uuid"].as_str().unwrap().to_owned();
    let sessions = world.database.scan("sessions");
    let session = sessions.iter().find(|item| item.text("pk").unwrap().starts_with("session#")).unwrap();
    let hash = session.text("pk").unwrap().trim_start_matches("session#").to_owned();
    let past = (now() - 10).to_string();
    edit(&world, "sessions", session, "SET expires_at = :past, #ttl = :past", &[(":past", &past)]).await;
    let listed = format!("SET sessions.#name = :past || {hash}");
    edit(&world, "connections", &root(&world), &listed, &[(":past", &past)]).await;

    // DynamoDB deletes days late; the link in between forgets the session that is over.
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    world.shopify.edit_shop(SHOP, |shop| shop.id += 1);
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    let left: Vec<_> = world.database.dump().into_iter().filter(|item| item.contains(&old)).collect();
    assert!(left.is_empty(), "{left:#?}");
}
