//! What others do while the keeper is at work wins over the keeper.

use e2e::facebook::{ALL_TASKS, Consent};
use e2e::faults::Times;
use e2e::gate::Gate;
use e2e::world::World;

use super::{DAY, Linked, now, report};
use crate::support::{approved, connections, give_tasks, holder, linked_pages, linked_shop, page_of, page_token, raise_generation, set};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_moves_away_while_its_token_is_derived_is_left_to_its_new_holder() {
    let linked = Linked::with_pages(2).await;
    let world = &linked.world;
    let [moved, kept] = &linked.pages[..] else { panic!("two Pages") };
    for page in &linked.pages {
        world.facebook.kill_token(&linked.page_token(page), None);
    }
    linked.age().await;
    linked.make_due().await;
    let gate = Gate::closed();
    world.facebook.switch_on("accounts", gate.fault(), Times::Once);
    let moving = async {
        gate.reached(1).await;
        let browser = world.browser();
        let other = linked_shop(world, &browser, "other").await;
        // Somebody else who may manage that Page moves it.
        let kim = world.facebook.add_person("Kim Roe");
        give_tasks(&world.facebook, moved, &kim, ALL_TASKS);
        let callback = approved(world, &browser, &world.move_login(&browser, [moved]).await, &Consent::of(&kim)).await;
        assert_eq!(browser.get(&callback).await.status(), 200);
        let theirs = page_of(world, &other, moved).unwrap();
        gate.open();
        (other, theirs)
    };
    let (reply, (other, theirs)) = tokio::join!(linked.run(), moving);
    assert_eq!(reply["refreshed"], 1);
    assert_eq!(page_of(world, &other, moved), Some(theirs), "the new holder's record was touched");
    let former = linked.page(moved);
    assert_eq!((former.text("status"), former.attributes.get("access_token")), (Some("moved"), None));
    assert_eq!(holder(world, moved), Some(other));
    assert!(world.facebook.accepts(&linked.page_token(kept)), "the other Page got its new token");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_another_person_granted_meanwhile_keeps_that_grant() {
    let linked = Linked::with_pages(1).await;
    let world = &linked.world;
    let page = &linked.pages[0];
    let kim = world.facebook.add_person("Kim Roe");
    give_tasks(&world.facebook, page, &kim, ALL_TASKS);
    world.facebook.kill_token(&linked.page_token(page), Some(460));
    linked.make_due().await;
    let gate = Gate::closed();
    world.facebook.switch_on("debug_token", gate.fault(), Times::Once);
    let granting = async {
        gate.reached(1).await;
        let browser = world.browser();
        linked_shop(world, &browser, "acme").await;
        linked_pages(world, &browser, &Consent::of(&kim)).await;
        gate.open();
    };
    let (reply, ()) = tokio::join!(linked.run(), granting);
    assert_eq!(reply["reconnect_needed"], 0, "what was judged is not there any more");
    let found = linked.page(page);
    assert_eq!((found.text("status"), found.text("granted_by")), (Some("active"), Some(&*kim)));
    assert!(world.facebook.accepts(&page_token(world, &linked.uuid, page)));
    assert_eq!(linked.deaths(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_ends_during_the_exchange_wins() {
    let linked = Linked::with_pages(1).await;
    let world = &linked.world;
    linked.age().await;
    linked.make_due().await;
    let gate = Gate::closed();
    world.facebook.switch_on("long_lived_exchange", gate.fault(), Times::Once);
    let linking = async {
        gate.reached(1).await;
        let browser = world.browser();
        linked_shop(world, &browser, "acme").await;
        linked_pages(world, &browser, &Consent::of(&linked.person)).await;
        let stored = (linked.grant(), linked.page(&linked.pages[0]));
        gate.open();
        stored
    };
    let (reply, stored) = tokio::join!(linked.run(), linking);
    assert_eq!(reply["refreshed"], 0);
    assert_eq!((linked.grant(), linked.page(&linked.pages[0])), stored);
    linked.assert_lives();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_ended_is_not_written_to() {
    for call in ["debug_token", "long_lived_exchange"] {
        let linked = Linked::with_pages(1).await;
        let world = &linked.world;
        linked.age().await;
        linked.make_due().await;
        let gate = Gate::closed();
        world.facebook.switch_on(call, gate.fault(), Times::Once);
        let ending = async {
            gate.reached(1).await;
            raise_generation(world, &linked.uuid).await;
            let stored = connections(world);
            gate.open();
            stored
        };
        let (reply, stored) = tokio::join!(linked.run(), ending);
        assert_eq!(reply["refreshed"], 0, "{call}");
        assert_eq!(connections(world), stored, "{call}");
    }
}

#[tokio::test]
async fn nothing_is_done_in_the_name_of_a_store_that_left() {
    let linked = Linked::with_pages(1).await;
    let uninstalled = aws_sdk_dynamodb::types::AttributeValue::S("uninstalled".to_owned());
    set(&linked.world, "connections", &format!("uuid#{}", linked.uuid), Some("store"), "status", uninstalled).await;
    linked.age().await;
    let token = linked.user_token();
    assert_eq!(linked.visit().await, report(0, 0, 0, 0));
    assert_eq!((linked.world.facebook.requests().len(), linked.user_token()), (0, token));
    assert!(super::number(&linked.grant(), "due_at") > now(), "it comes again, but not at once");
}

#[tokio::test]
async fn a_page_that_rests_on_another_persons_grant_is_not_this_ones() {
    let linked = Linked::with_pages(1).await;
    let world = &linked.world;
    let kim = world.facebook.add_person("Kim Roe");
    let theirs = world.facebook.add_page(&kim, "Kim's Corner");
    give_tasks(&world.facebook, &theirs, &linked.person, ALL_TASKS);
    let browser = world.browser();
    linked_shop(world, &browser, "acme").await;
    linked_pages(world, &browser, &Consent::of(&kim)).await;
    world.facebook.kill_token(&linked.page_token(&theirs), Some(460));
    world.facebook.clear_requests();
    let before = linked.page(&theirs);
    linked.age().await;
    assert_eq!(linked.visit().await, report(1, 1, 0, 0));
    assert_eq!((linked.page(&theirs), linked.calls("debug_token")), (before, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_visits_at_once_the_later_one_writes_nothing() {
    let linked = Linked::with_pages(1).await;
    let world = &linked.world;
    linked.make_due().await;
    let gate = Gate::closed();
    world.facebook.switch_on("debug_token", gate.fault(), Times::Once);
    let due_at = now() + DAY / 3;
    let other = async {
        gate.reached(1).await;
        linked.set_of_person("due_at", due_at).await;
        gate.open();
    };
    let (reply, ()) = tokio::join!(linked.run(), other);
    assert_eq!((reply, super::number(&linked.grant(), "due_at")), (report(0, 2, 0, 0), due_at));
    assert_eq!(linked.run().await["due"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_keepers_at_once_one_exchanges() {
    let linked = Linked::in_world(World::builder().instances("token-keeper", 2), 1).await;
    linked.age().await;
    linked.make_due().await;
    let gate = Gate::closed();
    linked.world.facebook.switch_on("long_lived_exchange", gate.fault(), Times::Once);
    let second = async {
        gate.reached(1).await;
        let reply = linked.run().await;
        gate.open();
        reply
    };
    let (first, second) = tokio::join!(linked.run(), second);
    assert_eq!((first, second), (report(1, 1, 0, 0), report(0, 1, 0, 0)));
    assert_eq!(linked.calls("long_lived_exchange"), 1);
    linked.assert_lives();
}
