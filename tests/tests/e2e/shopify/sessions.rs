//! How many browsers a store can be linked from at a time.

use e2e::world::World;

use crate::shopify::uninstall::edit;
use crate::shopify::{SHOP, assert_code, assert_linked, now, root, uuids};

/// The sessions that the store lists, and those there are.
fn sessions(world: &World) -> (Vec<String>, Vec<String>) {
    let mut listed: Vec<String> = root(world).attributes["sessions"]["M"].as_object().unwrap().keys().cloned().collect();
    let items = world.database.scan("sessions").into_iter();
    let mut stored: Vec<String> = items.filter_map(|item| Some(item.text("pk")?.strip_prefix("session#")?.to_owned())).collect();
    listed.sort();
    stored.sort();
    (listed, stored)
}

#[tokio::test]
async fn the_newest_twenty_stay_and_an_uninstall_ends_them_all() {
    let world = World::start().await;
    let (first, second) = (world.browser(), world.browser());
    assert_linked(&world.link_shop(&first, "acme").await);
    let (oldest, _) = sessions(&world);
    // A minute older than all others.
    let listed = format!("SET sessions.#name = :end || {}", oldest[0]);
    edit(&world, "connections", &root(&world), &listed, &[(":end", &(now() + 3540).to_string())]).await;
    for _ in 0..18 {
        assert_linked(&world.link_shop(&world.browser(), "acme").await);
    }
    assert_linked(&world.link_shop(&second, "acme").await);
    assert_eq!(first.get("/facebook/login").await.status(), 302, "one of twenty");
    assert_linked(&world.link_shop(&second, "acme").await);
    assert_code(&first.get("/facebook/login").await, 400, "invalid_session");
    assert_eq!(second.get("/facebook/login").await.status(), 302);
    let (listed, stored) = sessions(&world);
    assert_eq!((listed.len(), &listed), (20, &stored));
    assert!(!listed.contains(&oldest[0]));

    let uuid = uuids(&world).first().unwrap().clone();
    world.set_number(&format!("uuid#{uuid}"), "store", "linked_at", now() - 60).await;
    let uninstalled = world.shopify.webhook("app/uninstalled", SHOP).request();
    assert_eq!(world.gateway().send(&uninstalled).await.status, 200);
    assert_eq!(sessions(&world), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_store_that_lists_hundreds_gets_rid_of_them_link_by_link() {
    let world = World::start().await;
    assert_linked(&world.link_shop(&world.browser(), "acme").await);
    for number in 0..150 {
        let listed = format!("SET sessions.#name = :end || hash{number}");
        edit(&world, "connections", &root(&world), &listed, &[(":end", &(now() + 1000 + number).to_string())]).await;
    }
    let mut left: usize = 151;
    while left > 20 {
        assert_linked(&world.link_shop(&world.browser(), "acme").await);
        let (listed, _) = sessions(&world);
        assert_eq!(listed.len(), (left + 1).saturating_sub(60).max(20));
        left = listed.len();
    }
}
