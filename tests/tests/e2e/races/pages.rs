//! Facebook flows at once: a Page has one holder, a grant that can do more stays, a session ends once.

use std::collections::BTreeSet;

use e2e::browser::Browser;
use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::gate::{Gate, until};
use e2e::world::World;

/// A browser with a store's session, and the store's UUID.
async fn linked(world: &World, shop: &str) -> (Browser, String) {
    let browser = world.browser();
    let reply = world.link_shop(&browser, shop).await;
    (browser, reply.json()["user_uuid"].as_str().unwrap().to_owned())
}

/// Two Facebook flows whose answers with the Pages leave Facebook together, so that both know the same of the tables.
async fn together(world: &World, one: (&Browser, &str), two: (&Browser, &str)) -> [e2e::browser::Page; 2] {
    let gate = Gate::closed();
    world.facebook.switch_on("accounts", gate.fault(), Times::Exactly(2));
    let opening = async {
        gate.reached(2).await;
        gate.open();
    };
    let (one, two, ()) = tokio::join!(one.0.get(one.1), two.0.get(two.1), opening);
    [one, two]
}

async fn approve(world: &World, browser: &Browser, person: &str) -> String {
    approve_at(world, browser, person, "/facebook/login").await
}

/// The same in a flow that is to move a Page.
async fn approve_move(world: &World, browser: &Browser, person: &str, page: &str) -> String {
    approve_at(world, browser, person, &world.move_login(browser, [page]).await).await
}

async fn approve_at(world: &World, browser: &Browser, person: &str, login: &str) -> String {
    world.facebook.approve(browser.get(login).await.location(), &Consent::of(person))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_claimed_by_two_stores_at_once_has_one_holder() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Shared");
    let ((one, first), (two, second)) = (linked(&world, "one").await, linked(&world, "two").await);
    let callbacks = (approve(&world, &one, &person).await, approve(&world, &two, &person).await);
    let replies = together(&world, (&one, &callbacks.0), (&two, &callbacks.1)).await;

    let winners = replies.iter().filter(|reply| reply.status() == 200).count();
    let losers: Vec<_> = replies.iter().filter(|reply| reply.code().as_deref() == Some("held_elsewhere")).collect();
    assert_eq!((winners, losers.len()), (1, 1), "{} {}", replies[0].text(), replies[1].text());
    let holders = world.holders_of(&page);
    assert_eq!(holders.len(), 1);
    assert_eq!(world.owner(&format!("page#{page}")), holders.first().cloned());
    let holder = holders.first().unwrap();
    assert!(!losers[0].text().contains(holder.as_str()), "the loser learns the holder's UUID");
    let loser = if holder == &first { &second } else { &first };
    assert!(world.item(&format!("uuid#{loser}"), &format!("page#{page}")).is_none(), "half a link at the loser");
    let loser = if holder == &first { &two } else { &one };
    assert!(loser.cookie("session_id").is_some(), "the loser's session stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_move_one_page_at_once_leave_one_holder() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Wanted");
    let (former, first_holder) = linked(&world, "former").await;
    assert_eq!(world.link_pages(&former, &Consent::of(&person)).await.status(), 200);
    let ((one, first), (two, second)) = (linked(&world, "one").await, linked(&world, "two").await);
    let callbacks = (approve_move(&world, &one, &person, &page).await, approve_move(&world, &two, &person, &page).await);
    let replies = together(&world, (&one, &callbacks.0), (&two, &callbacks.1)).await;
    assert!(replies.iter().all(|reply| reply.status() == 200), "{} {}", replies[0].text(), replies[1].text());

    let holders = world.holders_of(&page);
    assert_eq!(holders.len(), 1, "{holders:?}");
    assert_eq!(world.owner(&format!("page#{page}")), holders.first().cloned());
    for uuid in [first_holder, first, second].iter().filter(|uuid| !holders.contains(*uuid)) {
        let moved = world.item(&format!("uuid#{uuid}"), &format!("page#{page}")).unwrap();
        assert_eq!(moved.text("status"), Some("moved"));
        assert!(!moved.attributes.contains_key("access_token"), "a token stayed with a former holder");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_its_owner_links_anew_while_another_moves_it_has_one_holder() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Wanted");
    let (owner, held) = linked(&world, "owner").await;
    assert_eq!(world.link_pages(&owner, &Consent::of(&person)).await.status(), 200);
    world.link_shop(&owner, "owner").await;
    let (mover, _) = linked(&world, "mover").await;
    let callbacks = (approve(&world, &owner, &person).await, approve_move(&world, &mover, &person, &page).await);
    let replies = together(&world, (&owner, &callbacks.0), (&mover, &callbacks.1)).await;
    assert_eq!(replies[1].status(), 200, "{}", replies[1].text());
    assert!(matches!(replies[0].status(), 200 | 409), "{}", replies[0].text());
    let holders = world.holders_of(&page);
    assert_eq!(holders.len(), 1, "{holders:?}");
    assert!(!holders.contains(&held), "the move came last or won");
    assert_eq!(world.owner(&format!("page#{page}")), holders.first().cloned());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_with_one_session_one_links_and_the_other_finds_no_session() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let (browser, uuid) = linked(&world, "acme").await;
    let callbacks = (approve(&world, &browser, &person).await, approve(&world, &browser, &person).await);
    let replies = together(&world, (&browser, &callbacks.0), (&browser, &callbacks.1)).await;
    let won = replies.iter().filter(|reply| reply.status() == 200).count();
    let lost = replies.iter().filter(|reply| reply.code().as_deref() == Some("invalid_session")).count();
    assert_eq!((won, lost), (1, 1), "{} {}", replies[0].text(), replies[1].text());
    assert_eq!(world.holders_of(&page), BTreeSet::from([uuid]));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_browsers_of_one_store_both_link_the_same_page() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let ((one, uuid), (two, same)) = (linked(&world, "acme").await, linked(&world, "acme").await);
    assert_eq!(uuid, same);
    let callbacks = (approve(&world, &one, &person).await, approve(&world, &two, &person).await);
    let replies = together(&world, (&one, &callbacks.0), (&two, &callbacks.1)).await;
    assert!(replies.iter().all(|reply| reply.status() == 200), "{} {}", replies[0].text(), replies[1].text());
    assert_eq!(world.holders_of(&page), BTreeSet::from([uuid.clone()]));
    assert!(world.facebook.accepts(&world.opened(&uuid, &format!("page#{page}"), "access_token")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_can_do_less_does_not_win_by_coming_last() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let strong = world.facebook.add_person("Strong");
    let weak = world.facebook.add_person("Weak");
    let page = world.facebook.add_page(&strong, "Acme Store");
    world.facebook.edit_page(&page, |page| {
        page.tasks.insert(weak.clone(), vec!["MESSAGING".to_owned(), "MODERATE".to_owned()]);
    });
    let ((one, uuid), (two, _)) = (linked(&world, "acme").await, linked(&world, "acme").await);
    let (first, second) = (approve(&world, &one, &strong).await, approve(&world, &two, &weak).await);
    let gate = Gate::closed();
    world.facebook.switch_on("accounts", gate.fault(), Times::Once);
    // The weaker one has read the tables before the stronger one links, and writes after it.
    let stronger = async {
        gate.reached(1).await;
        let reply = one.get(&first).await;
        gate.open();
        reply
    };
    let (weaker, stronger) = tokio::join!(two.get(&second), stronger);
    assert_eq!((weaker.status(), stronger.status()), (200, 200), "{} {}", weaker.text(), stronger.text());
    let stored = world.item(&format!("uuid#{uuid}"), &format!("page#{page}")).unwrap();
    assert_eq!(stored.text("granted_by"), Some(strong.as_str()), "the weaker grant replaced the stronger one");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_mid_exchange_the_session_and_a_new_try_live_on() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let (browser, uuid) = linked(&world, "acme").await;
    for call in ["code_exchange", "long_lived_exchange", "debug_token", "accounts"] {
        let callback = approve(&world, &browser, &person).await;
        world.facebook.clear_requests();
        world.facebook.switch_on(call, Fault::Hang, Times::Once);
        let kill = async {
            until("the call is on its way", || !world.facebook.requests_of(call).is_empty()).await;
            world.function("facebook-callback").kill().await;
        };
        tokio::join!(browser.get(&callback), kill);
        world.function("facebook-callback").scale(1).await;
        world.facebook.clear_faults();
        assert!(world.holders_of(&page).is_empty(), "{call}");
        assert_eq!(browser.get(&callback).await.code().as_deref(), Some("used_state"), "{call}");
    }
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    assert_eq!(world.holders_of(&page), BTreeSet::from([uuid]));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_facebooks_answer_and_the_write_nothing_is_half_linked() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let (browser, uuid) = linked(&world, "acme").await;
    let before = world.database.scan("connections");
    let callback = approve(&world, &browser, &person).await;
    world.database.reset_usage();
    world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    let kill = async {
        until("the write is on its way", || world.database.usage().calls("TransactWriteItems") == 1).await;
        world.function("facebook-callback").kill().await;
    };
    tokio::join!(browser.get(&callback), kill);
    world.function("facebook-callback").scale(1).await;
    assert_eq!(world.database.scan("connections"), before);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    assert_eq!(world.holders_of(&page), BTreeSet::from([uuid]));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_two_batches_every_page_is_whole_or_absent_and_the_next_try_links_all() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages: Vec<String> = (0..65).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();
    let (browser, uuid) = linked(&world, "acme").await;
    let callback = approve(&world, &browser, &person).await;
    // Slow enough that the second batch is on its way when the first is seen.
    world.database.delay(std::time::Duration::from_millis(150));
    let kill = async {
        until("the first batch is there", || !world.holders_of(&pages[0]).is_empty()).await;
        world.function("facebook-callback").kill().await;
    };
    tokio::join!(browser.get(&callback), kill);
    world.database.delay(std::time::Duration::ZERO);
    world.function("facebook-callback").scale(1).await;
    let held = pages.iter().filter(|page| !world.holders_of(page).is_empty()).count();
    assert!(held > 0 && held < pages.len(), "{held} of {} Pages were there", pages.len());
    for page in &pages {
        assert_eq!(world.owner(&format!("page#{page}")).is_some(), !world.holders_of(page).is_empty(), "half of {page}");
    }
    let linked = world.link_pages(&browser, &Consent::of(&person)).await;
    assert_eq!(linked.status(), 200, "{}", linked.text());
    assert!(pages.iter().all(|page| world.holders_of(page) == BTreeSet::from([uuid.clone()])));
}
