//! Who holds a Page: it stays where it is unless somebody who may moves it.

use std::time::Duration;

use e2e::browser::{Accept, Browser};
use e2e::database::DatabaseFault;
use e2e::facebook::{ALL_TASKS, Consent};
use e2e::faults::{Fault, Times};
use e2e::gate::Gate;
use e2e::world::World;

use crate::support::{
    approved, assert_error, connections, dump, give_tasks, holder, ids, item, linked_pages, linked_shop, page_of, page_token, parameter,
    person_with_page, sessions, warning, warnings,
};

/// The way to move these Pages to `other`, without its token.
fn way(pages: &[&str]) -> String {
    format!("/facebook/login?shop=other.myshopify.com&move={}&csrf_token=", pages.join(","))
}

/// The links of a page that move something, with what they move.
fn moves(html: &str) -> Vec<String> {
    let links = html.split("href=\"").skip(1).filter_map(|link| link.split('"').next()).map(|link| link.replace("&#38;", "&"));
    links.filter_map(|link| parameter(&link, "move")).collect()
}

/// Which of these Pages the session knows by name: the page that asks which of them is to move says so.
async fn left_behind<P: AsRef<str>>(browser: &Browser, pages: &[P]) -> Vec<(String, String)> {
    let browser = browser.copied().accepting(Accept::Html);
    let mut known = Vec::new();
    for pages in pages.chunks(30) {
        let ids: Vec<&str> = pages.iter().map(AsRef::as_ref).collect();
        let asked = browser.get(&format!("/facebook/login?move={}", ids.join(","))).await;
        assert_eq!(asked.status(), 200, "{}", asked.text());
        for entry in asked.text().split("<h3><bdi>").skip(1) {
            let (name, id) = (entry.split("</bdi>").next().unwrap().to_owned(), moves(entry).remove(0));
            if name != id {
                known.push((id, name));
            }
        }
    }
    known
}

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
    assert!(reply.json()["next"].as_str().unwrap().starts_with(&way(&[&page])), "{}", reply.text());
    assert!(!reply.text().contains(&acme) && !reply.text().contains("acme"), "{}", reply.text());
    assert!(reply.set_cookies().is_empty() && browser.cookie("session_id").is_some());
    assert_eq!(connections(&world), before);
    assert_eq!((holder(&world, &page), page_of(&world, &other, &page)), (Some(acme.clone()), None));
    assert_eq!(page_token(&world, &acme, &page), token);
    // Its page names what can move, each with a way of its own.
    let more = world.facebook.add_page(&person, "Also another's");
    let html = browser.accepting(Accept::Html);
    let third = world.browser();
    linked_shop(&world, &third, "third").await;
    linked_pages(&world, &third, &Consent::of(&person).with_pages([&more])).await;
    let reply = world.link_pages(&html, &Consent::of(&person).with_pages([&more])).await;
    assert_eq!(reply.status(), 409);
    assert_eq!(moves(&reply.text()), [more, page], "what an earlier flow left behind stands behind it");
    assert!(reply.text().contains("Acme Store") && reply.text().contains("Also another&#39;s"), "{}", reply.text());
    assert!(!reply.text().contains(&acme) && !reply.text().contains("acme.myshopify"), "{}", reply.text());
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
    assert!(reply.json()["next"].as_str().unwrap().starts_with(&way(&[&page])), "{}", reply.text());
    assert!(reply.json()["pages"]["data"].as_array().unwrap().iter().all(|page| page["moved"] == false));
}

#[tokio::test]
async fn a_success_that_left_something_behind_keeps_its_session_until_nothing_is_left() {
    let (world, person, page, browser, _, other) = held().await;
    let free = world.facebook.add_page(&person, "Free");
    let before = (browser.cookie("session_id"), browser.cookie("browser_id"));
    let partial = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert!(partial.set_cookies().is_empty() && before.0.is_some());
    assert_eq!((browser.cookie("session_id"), browser.cookie("browser_id")), before);
    assert_eq!(left_behind(&browser, &[&page]).await, [(page.clone(), "Acme Store".to_owned())]);
    let session = sessions(&world).into_values().next().unwrap();
    let stored = serde_json::to_string(&session).unwrap();
    for named in [page.as_str(), "Acme", "acme"] {
        assert!(!stored.contains(named), "the table names neither the Page nor who holds it: {stored}");
    }
    let listed = item(&world, &format!("uuid#{other}"), "store").unwrap().attributes["sessions"]["M"].as_object().unwrap().len();
    assert_eq!(listed, 1, "whatever erases the store finds the session");
    assert_eq!(browser.get("/connections").await.status(), 200);
    // Its own way on moves the Page.
    let login = partial.json()["next"].as_str().unwrap().to_owned();
    let callback = approved(&world, &browser, &login, &Consent::of(&person)).await;
    let reply = browser.get(&callback).await;
    assert_eq!((reply.status(), ids(&reply)), (200, vec![page.clone(), free.clone()]), "{}", reply.text());
    let told: Vec<_> =
        reply.json()["pages"]["data"].as_array().unwrap().iter().map(|page| (page["moved"].clone(), page["status"].clone())).collect();
    assert_eq!(told, [(true.into(), "moved".into()), (false.into(), "linked".into())]);
    assert!(reply.json().get("next").is_none());
    assert_eq!((holder(&world, &page), holder(&world, &free)), (Some(other.clone()), Some(other)));
    assert_eq!((browser.cookie("session_id"), sessions(&world).len()), (None, 0));
}

#[tokio::test]
async fn only_what_is_named_moves() {
    let (world, person, page, browser, acme, other) = held().await;
    let first = world.browser();
    linked_shop(&world, &first, "acme").await;
    let more = world.facebook.add_page(&person, "Stays");
    linked_pages(&world, &first, &Consent::of(&person)).await;
    // One that was not granted, and one that nobody knows, are named as well.
    let hidden = world.facebook.add_page(&person, "Not granted");
    let names = [page.as_str(), &hidden, "18446744073709551615"];
    let reply = world.move_pages(&browser, names, &Consent::of(&person).with_pages([&page, &more])).await;
    assert_eq!((reply.status(), ids(&reply), warnings(&reply)), (200, vec![page.clone()], vec![warning("held_elsewhere", &more)]));
    assert!(reply.json()["next"].as_str().unwrap().starts_with(&way(&[&more])), "{}", reply.text());
    assert_eq!((holder(&world, &page), holder(&world, &more), holder(&world, &hidden)), (Some(other), Some(acme), None));
    assert_eq!(left_behind(&browser, &[&more, &hidden]).await, [(more, "Stays".to_owned())]);
}

#[tokio::test]
async fn what_is_named_and_not_granted_stays_and_is_told() {
    let (world, person, page, browser, acme, other) = held().await;
    let free = world.facebook.add_page(&person, "Free");
    // What the session knows by name, and after it what no flow of the session has seen.
    let refused = world.link_pages(&browser, &Consent::of(&person).with_pages([&page])).await;
    assert_error(&refused, 409, "held_elsewhere");
    let known = refused.json()["next"].as_str().unwrap().to_owned();
    let fresh = world.browser();
    linked_shop(&world, &fresh, "other").await;
    let hidden = world.facebook.add_page(&person, "Not granted, and held by nobody");
    let unknown = world.move_login(&fresh, [&page, &hidden, "18446744073709551615"]).await;
    for (browser, login, name) in [(&browser, known, Some("Acme Store")), (&fresh, unknown, None)] {
        let callback = approved(&world, browser, &login, &Consent::of(&person).with_pages([&free])).await;
        let reply = browser.get(&callback).await;
        assert_eq!((reply.status(), ids(&reply)), (200, vec![free.clone()]), "{}", reply.text());
        assert_eq!(warnings(&reply), [warning("held_elsewhere", &page)]);
        assert!(reply.json()["next"].as_str().unwrap().starts_with(&way(&[&page])), "{}", reply.text());
        assert!(reply.set_cookies().is_empty() && !reply.text().contains(&acme) && !reply.text().contains("acme"), "{}", reply.text());
        let named = name.map(|name| (page.clone(), name.to_owned()));
        assert_eq!(left_behind(browser, &[&page, &hidden]).await, named.into_iter().collect::<Vec<_>>());
        assert_eq!(holder(&world, &page).as_deref(), Some(acme.as_str()));
    }
    // Held by the very store that asks, nothing is said of it.
    assert_eq!(world.move_pages(&fresh, [&page], &Consent::of(&person).with_pages([&page])).await.status(), 200);
    let reply = world.move_pages(&browser, [&page], &Consent::of(&person).with_pages([&free])).await;
    assert_eq!((reply.status(), warnings(&reply).len()), (200, 0), "{}", reply.text());
    assert_eq!((holder(&world, &page), browser.cookie("session_id")), (Some(other), None));
}

#[tokio::test]
async fn what_a_sessions_flows_left_behind_is_offered_by_name_and_anything_else_by_number() {
    let (world, person, page, browser, acme, _) = held().await;
    let browser = browser.accepting(Accept::Html);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 409);
    assert_eq!(left_behind(&browser, &[&page]).await, [(page.clone(), "Acme Store".to_owned())]);
    let before = dump(&world);
    let asked = browser.get(&format!("/facebook/login?move=424242,{page}&csrf_token=guessed")).await;
    assert_eq!(asked.status(), 200);
    assert_eq!(moves(&asked.text()), [page.as_str(), "424242"], "what is known comes first");
    for part in ["Acme Store", "424242", "other.myshopify.com"] {
        assert!(asked.text().contains(part), "{part}: {}", asked.text());
    }
    assert!(!asked.text().contains("guessed") && !asked.text().contains(&acme) && !asked.text().contains("acme.myshopify"));
    let main = asked.text().split("id=\"next\"").nth(1).unwrap().split("</a>").next().unwrap().to_owned();
    assert!(!main.contains("move="), "{main}");
    assert_eq!(dump(&world), before, "nothing is written, nothing counted");
    // Its link moves what it names.
    let link = asked
        .text()
        .split("href=\"")
        .find(|link| link.contains(&format!("move={page}")))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&");
    let callback = approved(&world, &browser, &link, &Consent::of(&person)).await;
    assert_eq!(browser.get(&callback).await.status(), 200);
    assert_ne!(holder(&world, &page), Some(acme));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusal_stands_though_the_session_can_not_note_what_was_left() {
    let (world, person, page, browser, _, _) = held().await;
    let callback = approved(&world, &browser, "/facebook/login", &Consent::of(&person)).await;
    let gate = Gate::closed();
    world.facebook.switch_on("accounts", gate.fault(), Times::Once);
    let failing = async {
        gate.reached(1).await;
        world.database.fail_operation("UpdateItem", DatabaseFault::InternalError, 100);
        gate.open();
    };
    let (reply, ()) = tokio::join!(browser.get(&callback), failing);
    world.database.clear_faults();
    assert_error(&reply, 409, "held_elsewhere");
    assert!(reply.json()["next"].as_str().unwrap().starts_with(&way(&[&page])));
    assert!(left_behind(&browser, &[&page]).await.is_empty());
}

#[tokio::test]
async fn who_may_manage_a_page_can_move_it_in_a_second_step() {
    let (world, person, page, browser, acme, other) = held().await;
    assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 409, "held_elsewhere");
    let reply = world.move_pages(&browser, [&page], &Consent::of(&person)).await;
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
async fn the_page_of_a_partial_link_offers_each_page_that_was_left_behind() {
    let (world, person, page, browser, _, other) = held().await;
    let free = world.facebook.add_page(&person, "Free");
    let browser = browser.accepting(Accept::Html);
    let partial = world.link_pages(&browser, &Consent::of(&person)).await;
    assert_eq!((partial.status(), moves(&partial.text())), (200, vec![page.clone()]), "{}", partial.text());
    let link =
        partial.text().split("href=\"").find(|link| link.contains("move=")).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let callback = approved(&world, &browser, &link, &Consent::of(&person)).await;
    let moved = browser.get(&callback).await;
    assert_eq!((moved.status(), moves(&moved.text()).len()), (200, 0), "{}", moved.text());
    assert_eq!((holder(&world, &page), holder(&world, &free)), (Some(other.clone()), Some(other)));
}

#[tokio::test]
async fn the_page_of_a_partial_link_offers_what_earlier_flows_left_behind_as_well() {
    let (world, person, page, browser, _, _) = held().await;
    let (more, free) = (world.facebook.add_page(&person, "Another's"), world.facebook.add_page(&person, "Free"));
    let third = world.browser();
    linked_shop(&world, &third, "third").await;
    linked_pages(&world, &third, &Consent::of(&person).with_pages([&more])).await;
    let html = browser.copied().accepting(Accept::Html);
    assert_eq!(world.link_pages(&html, &Consent::of(&person).with_pages([&page])).await.status(), 409);
    let partial = world.link_pages(&html, &Consent::of(&person).with_pages([&more, &free])).await;
    assert_eq!((partial.status(), moves(&partial.text())), (200, vec![more, page]), "{}", partial.text());
    assert!(partial.text().contains("Acme Store") && partial.text().contains("Another&#39;s"), "{}", partial.text());
}

#[tokio::test]
async fn a_start_at_the_store_knows_nothing_of_moves() {
    let (world, _, _, browser, _, _) = held().await;
    let browser = browser.accepting(Accept::Html);
    let state = |location: &str| parameter(location, "state").unwrap().len();
    let (plain, moving) = (browser.get("/shopify/other/login").await, browser.get("/shopify/other/login?move=1").await);
    assert_eq!(state(plain.location()), state(moving.location()));
    let shop = browser.get(&world.shopify.approve(moving.location())).await;
    assert!(shop.text().contains("href=\"/facebook/login?shop=other.myshopify.com\"") && !shop.text().contains("move"), "{}", shop.text());
}

#[tokio::test]
async fn a_moved_page_can_be_moved_back() {
    let (world, person, page, browser, acme, other) = held().await;
    assert_eq!(world.move_pages(&browser, [&page], &Consent::of(&person)).await.status(), 200);
    let first = world.browser();
    linked_shop(&world, &first, "acme").await;
    assert_error(&world.link_pages(&first, &Consent::of(&person)).await, 409, "held_elsewhere");
    assert_eq!(world.move_pages(&first, [&page], &Consent::of(&person)).await.status(), 200);
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
    assert_error(&world.move_pages(&browser, [&page], &Consent::of(&kim)).await, 409, "held_elsewhere");
    assert_eq!((connections(&world), holder(&world, &page)), (before, Some(acme)));
}

#[tokio::test]
async fn only_the_state_decides_whether_pages_may_move() {
    let (world, person, page, browser, acme, _) = held().await;
    for query in ["", "?move="] {
        let callback = approved(&world, &browser, &format!("/facebook/login{query}"), &Consent::of(&person)).await;
        for more in ["&move=1".to_owned(), format!("&move={page}")] {
            let reply = browser.get(&format!("{callback}{more}")).await;
            assert!(matches!(reply.code().as_deref(), Some("held_elsewhere" | "used_state")), "{}", reply.text());
        }
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
    assert_eq!(left_behind(&browser, &pages).await.len(), 70);
    // Two that are free stand in the last batch.
    let free = [world.facebook.add_page(&person, "Free"), world.facebook.add_page(&person, "Free as well")];
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply).as_slice(), warnings(&reply).len()), (free.as_slice(), 70));
    // Thirty at once: each answer leads to those that are left.
    let mut reply = reply;
    for left in [40, 10, 0_usize] {
        let login = reply.json()["next"].as_str().unwrap().to_owned();
        assert_eq!(parameter(&login, "move").unwrap().split(',').count(), if left == 0 { 10 } else { 30 });
        let callback = approved(&world, &browser, &login, &Consent::of(&person)).await;
        reply = browser.get(&callback).await;
        assert_eq!((reply.status(), ids(&reply).len(), warnings(&reply).len()), (200, 72 - left, left), "{}", reply.text());
    }
    assert_eq!(sessions(&world).len(), 0);
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
