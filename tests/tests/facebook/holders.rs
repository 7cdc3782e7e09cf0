//! Who holds a Page: it stays where it is unless somebody who may moves it.

use std::time::Duration;

use e2e::browser::{Accept, Browser};
use e2e::facebook::{ALL_TASKS, Consent};
use e2e::faults::{Fault, Times};
use e2e::world::World;

use crate::support::{
    approved, assert_error, connections, give_tasks, holder, ids, item, linked_pages, linked_shop, page_of, page_token, person_with_page,
    sessions, warning, warnings,
};

const MOVE: &str = "/facebook/login?shop=other.myshopify.com&move=1";

/// A world in which `acme` holds a Page, and a browser with a session of `other`; both identities.
async fn held() -> (World, String, String, Browser, String, String) {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let first = world.browser();
    let acme = linked_shop(&world, &first, "acme").await;
    linked_pages(&world, &first, &Consent::of(&person)).await;
    let second = world.browser();
    let other = linked_shop(&world, &second, "other").await;
    (world, person, page, second, acme, other)
}

#[tokio::test]
async fn a_page_that_is_held_elsewhere_stays_and_its_holder_is_not_named() {
    let (world, person, page, browser, acme, other) = held().await;
    let before = connections(&world);
    let token = page_token(&world, &acme, &page);
    let reply = world.link_pages(&browser, &Consent::of(&person)).await;
    assert_error(&reply, 409, "held_elsewhere");
    assert_eq!(reply.json()["next"], MOVE);
    assert!(!reply.text().contains(&acme) && !reply.text().contains("acme"), "{}", reply.text());
    assert!(reply.set_cookies().is_empty() && browser.cookie("session_id").is_some());
    assert_eq!(connections(&world), before);
    assert_eq!((holder(&world, &page), page_of(&world, &other, &page)), (Some(acme.clone()), None));
    assert_eq!(page_token(&world, &acme, &page), token);
    let html = browser.accepting(Accept::Html);
    let reply = world.link_pages(&html, &Consent::of(&person)).await;
    assert_eq!(reply.status(), 409);
    assert!(reply.text().contains("move=1") && !reply.text().contains(&acme) && !reply.text().contains("acme"), "{}", reply.text());
}

#[tokio::test]
async fn free_pages_are_linked_beside_a_held_one() {
    let (world, person, page, browser, acme, other) = held().await;
    let free = world.facebook.add_page(&person, "Free");
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply), warnings(&reply)), (vec![free.clone()], vec![warning("held_elsewhere", &page)]));
    assert!(!reply.text().contains(&acme) && !reply.text().contains("acme"), "{}", reply.text());
    assert_eq!((holder(&world, &page), holder(&world, &free)), (Some(acme), Some(other.clone())));
    assert!(page_of(&world, &other, &page).is_none());
    assert_eq!(browser.cookie("session_id"), None);
}

#[tokio::test]
async fn who_may_manage_a_page_can_move_it_in_a_second_step() {
    let (world, person, page, browser, acme, other) = held().await;
    assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 409, "held_elsewhere");
    let callback = approved(&world, &browser, MOVE, &Consent::of(&person)).await;
    let reply = browser.get(&callback).await;
    assert_eq!((reply.status(), ids(&reply)), (200, vec![page.clone()]), "{}", reply.text());
    assert_eq!(holder(&world, &page), Some(other.clone()));
    assert!(world.facebook.accepts(&page_token(&world, &other, &page)));
    let former = page_of(&world, &acme, &page).unwrap();
    assert_eq!(former.text("status"), Some("moved"));
    assert!(!former.attributes.contains_key("access_token"), "{former:?}");
    assert!(!former.contains(&other) && !former.contains("other"), "nor does it say where to: {former:?}");
    assert!(!reply.text().contains(&acme) && !reply.text().contains("acme.myshopify.com"), "{}", reply.text());
}

#[tokio::test]
async fn the_page_of_a_partial_link_leads_to_the_move() {
    let (world, person, page, browser, _, other) = held().await;
    let free = world.facebook.add_page(&person, "Free");
    let browser = browser.accepting(Accept::Html);
    let partial = world.link_pages(&browser, &Consent::of(&person)).await;
    assert!(partial.text().contains("href=\"/shopify/other.myshopify.com/login?move=1\""), "{}", partial.text());
    let approve = browser.get("/shopify/other.myshopify.com/login?move=1").await;
    let shop = browser.get(&world.shopify.approve(approve.location())).await;
    assert!(shop.text().contains("href=\"/facebook/login?shop=other.myshopify.com&#38;move=1\""), "{}", shop.text());
    let callback = approved(&world, &browser, MOVE, &Consent::of(&person)).await;
    assert_eq!(browser.get(&callback).await.status(), 200);
    assert_eq!((holder(&world, &page), holder(&world, &free)), (Some(other.clone()), Some(other)));
}

#[tokio::test]
async fn a_moved_page_can_be_moved_back() {
    let (world, person, page, browser, acme, other) = held().await;
    let callback = approved(&world, &browser, MOVE, &Consent::of(&person)).await;
    assert_eq!(browser.get(&callback).await.status(), 200);
    let first = world.browser();
    linked_shop(&world, &first, "acme").await;
    assert_error(&world.link_pages(&first, &Consent::of(&person)).await, 409, "held_elsewhere");
    let callback = approved(&world, &first, "/facebook/login?move=1", &Consent::of(&person)).await;
    assert_eq!(first.get(&callback).await.status(), 200);
    assert_eq!(holder(&world, &page), Some(acme.clone()));
    assert!(world.facebook.accepts(&page_token(&world, &acme, &page)));
    assert_eq!(page_of(&world, &other, &page).unwrap().text("status"), Some("moved"));
}

#[tokio::test]
async fn without_the_task_to_manage_a_page_stays_even_in_a_moving_flow() {
    let (world, _, page, browser, acme, _) = held().await;
    let kim = world.facebook.add_person("Kim Roe");
    let tasks: Vec<&str> = ALL_TASKS.iter().copied().filter(|task| *task != "MANAGE").collect();
    give_tasks(&world.facebook, &page, &kim, &tasks);
    let before = connections(&world);
    let callback = approved(&world, &browser, MOVE, &Consent::of(&kim)).await;
    assert_error(&browser.get(&callback).await, 409, "held_elsewhere");
    assert_eq!((connections(&world), holder(&world, &page)), (before, Some(acme)));
}

#[tokio::test]
async fn only_the_state_decides_whether_pages_may_move() {
    let (world, person, page, browser, acme, _) = held().await;
    for query in ["", "?move=0", "?move=", "?move=true"] {
        let callback = approved(&world, &browser, &format!("/facebook/login{query}"), &Consent::of(&person)).await;
        assert_error(&browser.get(&format!("{callback}&move=1")).await, 409, "held_elsewhere");
    }
    assert_eq!(holder(&world, &page), Some(acme));
}

#[tokio::test]
async fn many_held_pages_move_and_stay_as_few_do() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages: Vec<String> = (0..70).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();
    let first = world.browser();
    let acme = linked_shop(&world, &first, "acme").await;
    linked_pages(&world, &first, &Consent::of(&person)).await;
    let browser = world.browser();
    let other = linked_shop(&world, &browser, "other").await;
    let before = connections(&world);
    assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 409, "held_elsewhere");
    assert_eq!((connections(&world), sessions(&world).len()), (before, 1), "nothing was written for any of them");
    // Two that are free stand in the last batch.
    let free = [world.facebook.add_page(&person, "Free"), world.facebook.add_page(&person, "Free as well")];
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply).as_slice(), warnings(&reply).len()), (free.as_slice(), 70));
    let browser = world.browser();
    linked_shop(&world, &browser, "other").await;
    let callback = approved(&world, &browser, MOVE, &Consent::of(&person)).await;
    let reply = browser.get(&callback).await;
    assert_eq!((reply.status(), ids(&reply).len(), warnings(&reply).len()), (200, 72, 0), "{}", reply.text());
    for page in &pages {
        assert_eq!(holder(&world, page).as_deref(), Some(other.as_str()));
        assert_eq!(page_of(&world, &acme, page).unwrap().text("status"), Some("moved"));
    }
}

#[tokio::test]
async fn a_grant_that_can_do_less_never_replaces_one_that_can_do_more() {
    let world = World::start().await;
    let (jo, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&jo)).await;
    let token = page_token(&world, &uuid, &page);
    let kim = world.facebook.add_person("Kim Roe");
    give_tasks(&world.facebook, &page, &kim, &["MODERATE"]);
    linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&kim)).await;
    assert_eq!((ids(&reply), warnings(&reply)), (vec![page.clone()], vec![warning("kept_existing", &page)]));
    let stored = page_of(&world, &uuid, &page).unwrap();
    assert_eq!((stored.text("granted_by"), page_token(&world, &uuid, &page)), (Some(jo.as_str()), token));
    assert!(item(&world, &format!("uuid#{uuid}"), &format!("person#{kim}")).is_none(), "nothing rests on Kim's token");
    // One that can do as much takes its place.
    give_tasks(&world.facebook, &page, &kim, ALL_TASKS);
    linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&kim)).await;
    assert_eq!(page_of(&world, &uuid, &page).unwrap().text("granted_by"), Some(kim.as_str()));
}

#[tokio::test]
async fn a_lesser_grant_that_began_first_does_not_win_by_ending_last() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let (jo, page) = person_with_page(&world.facebook);
    let kim = world.facebook.add_person("Kim Roe");
    give_tasks(&world.facebook, &page, &kim, &["MODERATE"]);
    let (one, two) = (world.browser(), world.browser());
    let uuid = linked_shop(&world, &one, "acme").await;
    linked_shop(&world, &two, "acme").await;
    let lesser = world.approve_pages(&one, &Consent::of(&kim)).await;
    let greater = world.approve_pages(&two, &Consent::of(&jo)).await;
    // The lesser flow has read which Pages there are, and waits for Facebook while the other one links.
    world.facebook.switch_on("accounts", Fault::Delay(Duration::from_secs(3)), Times::Once);
    let (first, second) = tokio::join!(one.get(&lesser), async {
        while world.facebook.requests_of("accounts").is_empty() {
            tokio::task::yield_now().await;
        }
        two.get(&greater).await
    });
    assert_eq!((first.status(), second.status()), (200, 200), "{} {}", first.text(), second.text());
    assert_eq!(page_of(&world, &uuid, &page).unwrap().text("granted_by"), Some(jo.as_str()));
    assert_eq!(warnings(&first), [warning("kept_existing", &page)]);
}
