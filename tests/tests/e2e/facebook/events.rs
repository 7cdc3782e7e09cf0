//! What is told to the event bus: one event for each change, in the change's own transaction.

use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;

use crate::support::{approved, assert_error, connections, give_tasks, linked_pages, linked_shop, person_with_page};

/// The events about Pages as (type, UUID, Page), in order.
fn events(world: &World) -> Vec<(String, String, String)> {
    let of_pages = world.events().into_iter().filter(|event| event.platform == "facebook");
    let mut events: Vec<_> = of_pages.map(|event| (event.detail_type, event.user_uuid, event.account)).collect();
    events.sort();
    events
}

fn event(kind: &str, uuid: &str, page: &str) -> (String, String, String) {
    (kind.to_owned(), uuid.to_owned(), page.to_owned())
}

#[tokio::test]
async fn each_linked_page_is_told_and_those_that_were_not_linked_are_not() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let second = world.facebook.add_page(&person, "Second");
    let watched = world.facebook.add_page(&person, "Analyst only");
    give_tasks(&world.facebook, &watched, &person, &["ANALYZE"]);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    let expected = vec![event("linked", &uuid, &page), event("linked", &uuid, &second)];
    assert_eq!(events(&world), expected);
    let stored = connections(&world);
    let items: Vec<_> =
        stored.iter().filter(|((_, _, sk), item)| sk.starts_with("event#") && item["platform"]["S"] == "facebook").collect();
    assert_eq!(items.len(), 2);
    let now = u64::try_from(world.facebook.now()).unwrap();
    for ((_, pk, sk), item) in items {
        assert_eq!((pk, item["event_id"]["S"].as_str()), (&format!("uuid#{uuid}"), sk.strip_prefix("event#")));
        let ttl: u64 = item["ttl"]["N"].as_str().unwrap().parse().unwrap();
        assert!(ttl.abs_diff(now + 3600) < 60 && item["at"]["S"].as_str().unwrap().ends_with('Z'));
        assert!(!item.contains_key("reason"));
    }
}

#[tokio::test]
async fn a_move_tells_both_holders_and_neither_learns_of_the_other() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let (one, two) = (world.browser(), world.browser());
    let former = linked_shop(&world, &one, "acme").await;
    linked_pages(&world, &one, &Consent::of(&person)).await;
    let holder = linked_shop(&world, &two, "other").await;
    let before = events(&world);
    assert_error(&world.link_pages(&two, &Consent::of(&person)).await, 409, "held_elsewhere");
    assert_eq!(events(&world), before, "nothing happened, nothing is told");
    let callback = approved(&world, &two, &world.move_login(&two, [&page]).await, &Consent::of(&person)).await;
    assert_eq!(two.get(&callback).await.status(), 200);
    let mut expected = vec![event("linked", &former, &page), event("linked", &holder, &page), event("moved", &former, &page)];
    expected.sort();
    assert_eq!(events(&world), expected);
    for ((_, pk, sk), item) in connections(&world) {
        let other = if pk.contains(&former) { &holder } else { &former };
        assert!(!sk.starts_with("event#") || !serde_json::to_string(&item).unwrap().contains(other.as_str()), "{item:?}");
    }
}

#[tokio::test]
async fn a_grant_that_stays_is_no_change() {
    let world = World::start().await;
    let (jo, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&jo)).await;
    let kim = world.facebook.add_person("Kim Roe");
    give_tasks(&world.facebook, &page, &kim, &["MODERATE"]);
    linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&kim)).await;
    assert_eq!(events(&world), [event("linked", &uuid, &page)]);
}

#[tokio::test]
async fn a_flow_that_fails_tells_nothing() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    for call in ["code_exchange", "accounts", "debug_token"] {
        world.facebook.switch_on(call, Fault::ServerError500, Times::UntilCleared);
        assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 502, "provider_error");
        world.facebook.clear_faults();
    }
    assert_eq!(events(&world), []);
}

#[tokio::test]
async fn many_pages_are_told_once_each_however_many_transactions_it_takes() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages: Vec<String> = (0..70).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();
    let (one, two) = (world.browser(), world.browser());
    let former = linked_shop(&world, &one, "acme").await;
    linked_pages(&world, &one, &Consent::of(&person)).await;
    let holder = linked_shop(&world, &two, "other").await;
    // As many as a login names; the others stay.
    let moved = &pages[..30];
    assert_eq!(world.move_pages(&two, moved, &Consent::of(&person)).await.status(), 200);
    let mut expected: Vec<_> = pages.iter().map(|page| event("linked", &former, page)).collect();
    expected.extend(moved.iter().flat_map(|page| [event("linked", &holder, page), event("moved", &former, page)]));
    expected.sort();
    assert_eq!(events(&world), expected);
}
