//! Grants that name other Pages for one permission than for another.

use e2e::browser::Accept;
use e2e::facebook::Consent;
use e2e::world::World;

use crate::support::{assert_error, connections, holder, ids, linked_pages, linked_shop, page_of, sessions, warning, warnings};

const ALL: [&str; 3] = ["pages_messaging", "pages_show_list", "pages_manage_metadata"];

/// A world with three Pages of one person.
async fn three() -> (World, String, Vec<String>) {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages = ["One", "Two", "Three"].iter().map(|name| world.facebook.add_page(&person, name)).collect();
    (world, person, pages)
}

#[tokio::test]
async fn a_page_that_one_permission_leaves_out_is_not_linked_as_if_it_had_all() {
    for permission in ALL {
        let (world, person, pages) = three().await;
        let browser = world.browser();
        let uuid = linked_shop(&world, &browser, "acme").await;
        let consent = Consent::of(&person).leaving_out(permission, &pages[1]);
        let reply = linked_pages(&world, &browser, &consent).await;
        assert_eq!(ids(&reply), [pages[0].clone(), pages[2].clone()], "{permission}");
        assert_eq!(warnings(&reply), [warning("missing_permission", &pages[1])]);
        let detail = reply.json()["warnings"][0]["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(permission) && ALL.iter().all(|other| *other == permission || !detail.contains(other)), "{detail}");
        assert!(page_of(&world, &uuid, &pages[1]).is_none() && holder(&world, &pages[1]).is_none());
        assert!(world.facebook.subscribed_fields(&pages[1]).is_empty());
    }
}

#[tokio::test]
async fn the_page_for_people_says_what_is_missing_and_why() {
    let (world, person, pages) = three().await;
    let browser = world.browser().accepting(Accept::Html);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let consent = Consent::of(&person).leaving_out("pages_messaging", &pages[1]);
    let page = world.link_pages(&browser, &consent).await.text();
    assert!(
        page.contains("Two") && page.contains("answer the messages that customers send to your Page <code>pages_messaging</code>"),
        "{page}"
    );
}

#[tokio::test]
async fn when_every_page_is_left_out_nothing_is_stored_and_the_session_stays() {
    let (world, person, pages) = three().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let before = connections(&world);
    let consent = pages.iter().fold(Consent::of(&person), |consent, page| consent.leaving_out("pages_messaging", page));
    let reply = world.link_pages(&browser, &consent).await;
    assert_error(&reply, 403, "missing_permission");
    assert!(reply.json()["detail"].as_str().unwrap().contains("pages_messaging"), "{}", reply.text());
    assert_eq!(reply.json()["next"], "/facebook/login?shop=acme.myshopify.com&rerequest=1");
    assert_eq!((connections(&world), sessions(&world).len()), (before, 1));
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}
