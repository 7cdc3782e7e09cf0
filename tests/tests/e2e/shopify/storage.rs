//! What a link leaves in the tables.

use std::collections::BTreeSet;

use e2e::world::World;

use crate::shopify::{SHOP, approved, assert_linked, callback, exchanges, now, number, root, with, without};

/// WSTG-ATHZ-05.
#[tokio::test]
async fn nothing_secret_is_stored_in_the_clear() {
    let world = World::start().await;
    world.shopify.set_marker("LEAKMARK");
    let browser = world.browser();
    let mut cookies = Vec::new();
    let mut urls = Vec::new();
    for _ in 0..2 {
        let url = world.approve_shop(&browser, "acme").await;
        assert_linked(&browser.get(&url).await);
        cookies.extend(["session_id", "browser_id"].map(|name| browser.cookie(name).unwrap()));
        urls.extend(["state", "code", "hmac"].map(|name| {
            let query = url.split_once('?').unwrap().1;
            form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).unwrap().1.into_owned()
        }));
    }
    let items = world.database.dump();
    let secrets = world.secrets().into_iter().chain(cookies).chain(urls).chain(["LEAKMARK".to_owned(), "shpat_".to_owned()]);
    for secret in secrets {
        assert!(!items.iter().any(|item| item.contains(&secret)), "a table holds {secret}");
        assert!(!world.logs().contains(&secret), "a log holds {secret}");
    }
}

#[tokio::test]
async fn everything_in_the_sessions_table_ends_and_nothing_that_was_linked_does() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let declined = with(&without(&approved(&world, &browser, SHOP).await, "code"), "error", "access_denied");
    assert_eq!(browser.get(&callback(&world, &declined)).await.status(), 403);
    assert_linked(&world.link_shop(&browser, "acme").await);

    let sessions = world.database.scan("sessions");
    assert!(sessions.len() >= 3);
    for item in sessions {
        let ttl = number(&item, "ttl").unwrap_or_else(|| panic!("no end: {item:?}"));
        assert!(ttl > now() && ttl <= now() + 3600, "{item:?}");
        // What is checked on read must not be gone before its time.
        if let Some(end) = number(&item, "expires_at") {
            assert!(ttl >= end, "{item:?}");
        }
    }
    let connections = world.database.scan("connections");
    assert!(!connections.is_empty());
    for item in connections {
        // An event has gone its way when it is written.
        let is_event = item.text("sk").is_some_and(|sk| sk.starts_with("event#"));
        assert_eq!(item.attributes.contains_key("ttl"), is_event, "{item:?}");
    }
}

#[tokio::test]
async fn used_states_are_remembered_at_least_as_long_as_they_would_be_good() {
    let world = World::start().await;
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    let flow = world.database.scan("sessions").into_iter().find(|item| item.text("pk").unwrap().starts_with("flow#")).unwrap();
    assert!(number(&flow, "ttl").unwrap() > now() + 600);
}

#[tokio::test]
async fn no_two_stored_tokens_share_a_ciphertext() {
    let world = World::start().await;
    let browser = world.browser();
    let mut sealed = BTreeSet::new();
    for _ in 0..5 {
        assert_linked(&world.link_shop(&browser, "acme").await);
        for token in ["access_token", "refresh_token"] {
            let value = root(&world).attributes[token]["B"].as_str().unwrap().to_owned();
            assert!(sealed.insert(value));
        }
    }
    assert_eq!(exchanges(&world), 5);
}

#[tokio::test]
async fn starts_alone_leave_nothing_in_the_tables() {
    let world = World::start().await;
    let browser = world.browser();
    for _ in 0..20 {
        world.approve_shop(&browser, "acme").await;
    }
    assert!(world.database.dump().is_empty());
}

#[tokio::test]
async fn a_store_has_one_item_of_used_states_and_no_lease_is_left_in_it() {
    let world = World::start().await;
    let browser = world.browser();
    for _ in 0..3 {
        assert_linked(&world.link_shop(&browser, "acme").await);
    }
    // One item per store, whatever the number of flows, and no lease is left in it.
    let flows: Vec<_> = world.database.scan("sessions").into_iter().filter(|item| item.text("pk").unwrap().starts_with("flow#")).collect();
    let [flow] = &flows[..] else { panic!("{flows:?}") };
    assert!(!flow.attributes.contains_key("lease_owner"), "{flow:?}");
}
