//! A new first key: what an old key sealed is sealed anew, after which the old one can go.

use std::collections::BTreeMap;

use base64::Engine as _;
use e2e::facebook::Consent;
use e2e::random;
use e2e::world::World;
use serde_json::json;
use shared::encryption;

use super::{FUNCTION, assert_run, fade, run};
use crate::support::{linked::killed_at, linked_pages, linked_shop};
use crate::tokens::setup::{SHOP, ask_shop, assert_active, assert_dead, figure, key_id, linked, set_text, shop_entry, store};

/// A world whose links are sealed with the old key, whose keeper has both and whose bot has the new one alone.
async fn between_keys() -> World {
    let (old, new) = (format!("k1:{}", random::key()), format!("k2:{}", random::key()));
    World::builder()
        .setting("TOKEN_ENCRYPTION_KEYS", &old)
        .env_of(FUNCTION, "TOKEN_ENCRYPTION_KEYS", &format!("{new},{old}"))
        .env_of("connection-tokens", "TOKEN_ENCRYPTION_KEYS", &new)
        .start()
        .await
}

#[tokio::test]
async fn what_an_old_key_sealed_is_sealed_with_the_first_one_and_the_old_one_can_go() {
    let world = between_keys().await;
    let uuid = linked(&world, "acme").await;
    let before = ["access_token", "refresh_token"].map(|name| world.opened(&uuid, "store", name));
    assert_eq!(ask_shop(&world, SHOP).await["error"]["code"], "storage_unavailable");
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    for name in ["access_token", "refresh_token"] {
        assert_eq!(key_id(&world, &uuid, "store", name), "k2");
    }
    assert_eq!(figure(&world, &uuid, "version"), Some(1), "the tokens are the same");
    assert_eq!(assert_active(&world, &shop_entry(&world, SHOP).await), before[0]);
    assert_eq!(world.shopify.requests_of("refresh").len(), 0);
    // The refresh token opens as well.
    fade(&world, &uuid).await;
    let entry = shop_entry(&world, SHOP).await;
    assert_active(&world, &entry);
    assert_eq!(world.shopify.requests_of("refresh")[0].field("refresh_token").as_deref(), Some(before[1].as_str()));
}

/// The key ids of all that is sealed.
fn sealed_with(world: &World) -> BTreeMap<String, usize> {
    let attributes = ["access_token", "refresh_token", "sealed"];
    let mut keys = BTreeMap::new();
    for item in world.database.scan("connections") {
        for sealed in attributes.iter().filter_map(|name| item.attributes.get(*name)?["B"].as_str()) {
            let sealed = base64::prelude::BASE64_STANDARD.decode(sealed).unwrap();
            *keys.entry(encryption::key_id(&sealed).unwrap().to_owned()).or_default() += 1;
        }
    }
    keys
}

/// A store, a person and two Pages.
async fn linked_with_pages(world: &World) -> String {
    let browser = world.browser();
    let uuid = linked_shop(world, &browser, "acme").await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "One");
    world.facebook.add_page(&person, "Two");
    linked_pages(world, &browser, &Consent::of(&person)).await;
    assert_eq!(sealed_with(world), BTreeMap::from([("k1".to_owned(), 5)]), "{uuid}");
    page
}

#[tokio::test]
async fn once_another_key_comes_first_everything_is_sealed_anew_whether_or_not_it_is_due() {
    let world = between_keys().await;
    let page = linked_with_pages(&world).await;
    assert_run(&run(&world).await, [0, 0, 0, 0, 0, 0]);
    assert_eq!(sealed_with(&world), BTreeMap::from([("k2".to_owned(), 5)]));
    let told = world.invoke("connection-tokens", json!({ "page_id": page })).await;
    assert!(told["pages"][0]["access_token"].is_string() && told["shops"][0]["access_token"].is_string(), "{told}");

    let before = world.database.dump();
    world.database.reset_usage();
    run(&world).await;
    assert_eq!(world.database.usage().calls("Query"), 1, "how deliveries went, and no second walk");
    assert_eq!(world.database.dump(), before);
}

#[tokio::test]
async fn what_the_older_key_sealed_in_the_first_minutes_is_found_by_a_second_walk() {
    let world = between_keys().await;
    linked_with_pages(&world).await;
    run(&world).await;
    // The callbacks of this world never hear of the new key.
    linked_shop(&world, &world.browser(), "acme").await;
    let mixed = BTreeMap::from([("k1".to_owned(), 2), ("k2".to_owned(), 3)]);
    run(&world).await;
    assert_eq!(sealed_with(&world), mixed, "not yet");
    world.set_number("keeper", "resealing", "again_at", 1).await;
    run(&world).await;
    assert_eq!(sealed_with(&world), BTreeMap::from([("k2".to_owned(), 5)]));

    linked_shop(&world, &world.browser(), "acme").await;
    run(&world).await;
    assert_eq!(sealed_with(&world), mixed, "two walks and no more");
}

#[tokio::test]
async fn sealing_anew_that_is_killed_anywhere_is_finished_by_the_next_run() {
    let mut at = 0;
    loop {
        let world = between_keys().await;
        linked_with_pages(&world).await;
        let answer = killed_at(&world, FUNCTION, at, world.function(FUNCTION).invoke_directly(json!({}))).await;
        let whole = answer.is_some_and(|answer| answer.is_ok());
        run(&world).await;
        assert_eq!(sealed_with(&world), BTreeMap::from([("k2".to_owned(), 5)]), "killed at call {at}");
        if whole {
            break;
        }
        // The reading of what is due comes first, and is another test's; before anything is sealed the index is read once more.
        at = match at {
            0 => 2,
            2 => 2 + 65,
            at => at + 1,
        };
    }
    assert!(at > 2 + 65, "{at}");
}

#[tokio::test]
async fn a_renewal_seals_with_the_first_key() {
    let world = between_keys().await;
    let uuid = linked(&world, "acme").await;
    fade(&world, &uuid).await;
    assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
    assert_eq!(key_id(&world, &uuid, "store", "refresh_token"), "k2");
    assert_active(&world, &shop_entry(&world, SHOP).await);
}

#[tokio::test]
async fn what_is_dead_is_sealed_anew_within_the_week_like_everything_else() {
    let world = between_keys().await;
    let uuid = linked(&world, "acme").await;
    set_text(&world, &uuid, "status", "reconnect_needed").await;
    set_text(&world, &uuid, "reason", "token_refused").await;
    crate::tokens::setup::set_figure(&world, &uuid, "dead_since", crate::tokens::setup::now()).await;
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    super::assert_due_in(&world, &uuid, 6..=7);
    assert_dead(&shop_entry(&world, SHOP).await, "token_refused");
    assert_eq!(store(&world, &uuid).text("status"), Some("reconnect_needed"));
}

#[tokio::test]
async fn what_no_known_key_opens_is_left_as_it_is() {
    let old = format!("k1:{}", random::key());
    let world = World::builder()
        .setting("TOKEN_ENCRYPTION_KEYS", &old)
        .env_of(FUNCTION, "TOKEN_ENCRYPTION_KEYS", &format!("k2:{}", random::key()))
        .start()
        .await;
    let uuid = linked(&world, "acme").await;
    world.make_due(&uuid, "store").await;
    let before = store(&world, &uuid);
    assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
    assert_eq!(world.end_pauses().await, 1);
    assert_eq!(store(&world, &uuid), before);
    assert!(world.function(FUNCTION).logs().contains("k1"), "the log names the key's id");
    assert_active(&world, &shop_entry(&world, SHOP).await);
}
