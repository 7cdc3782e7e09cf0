//! Lists of Pages: long ones, odd ones, and single Pages that are not as they should be.

use e2e::facebook::{Consent, Quirk};
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{assert_error, connections, holder, ids, linked_pages, linked_shop, person_with_page, sessions, warning, warnings};

/// Links so many Pages in one flow and looks at every one of them.
async fn all_are_linked(count: usize) {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let mut pages: Vec<String> = (0..count).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    let mut linked = ids(&reply);
    linked.sort();
    pages.sort();
    assert_eq!(linked, pages);
    assert_eq!(warnings(&reply), []);
    let stored = connections(&world);
    for page in &pages {
        let owner = &stored[&("connections".to_owned(), format!("page#{page}"), "owner".to_owned())];
        assert_eq!(owner["uuid"]["S"], uuid.as_str());
        assert!(stored[&("connections".to_owned(), format!("uuid#{uuid}"), format!("page#{page}"))]["access_token"]["B"].is_string());
    }
    assert!(sessions(&world).is_empty(), "the last batch ends the session");
    assert_eq!(world.facebook.requests_of("accounts").len(), count.div_ceil(100));
    assert_eq!(world.facebook.requests_of("page").len(), 0);
}

#[tokio::test]
async fn twenty_six_pages_are_linked() {
    all_are_linked(26).await;
}

#[tokio::test]
async fn a_hundred_pages_are_linked() {
    all_are_linked(100).await;
}

#[tokio::test]
async fn a_hundred_and_one_pages_are_linked() {
    all_are_linked(101).await;
}

#[tokio::test]
async fn two_hundred_and_fifty_pages_are_linked() {
    all_are_linked(250).await;
}

/// A world with so many Pages of one person, three on each answer of the list.
async fn world_with(count: usize, quirks: impl IntoIterator<Item = Quirk>) -> (World, String, Vec<String>) {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages = (0..count).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();
    world.facebook.set_largest_page(3);
    world.facebook.set_quirks(quirks);
    (world, person, pages)
}

#[tokio::test]
async fn an_empty_answer_in_the_middle_does_not_end_the_list() {
    let (world, person, pages) = world_with(8, [Quirk::EmptyMiddlePage]).await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply), warnings(&reply)), (pages, vec![]));
}

#[tokio::test]
async fn a_page_that_comes_twice_is_linked_once() {
    let (world, person, pages) = world_with(8, [Quirk::DuplicateIds]).await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply), warnings(&reply)), (pages, vec![]));
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_list_and_no_page_is_lost() {
    let (world, person, pages) = world_with(8, [Quirk::RepeatedCursor]).await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(ids(&reply), pages, "what the grant names is fetched one by one");
    assert_eq!(warnings(&reply), [warning("truncated", "")]);
    assert!(world.facebook.requests_of("accounts").len() <= 3, "{}", world.facebook.requests_of("accounts").len());
}

/// RFC 9700 section 4.9, RFC 9700 section 4.10.
#[tokio::test]
async fn the_address_of_the_next_page_is_never_followed() {
    let (world, person, pages) = world_with(5, []).await;
    let elsewhere = |answer: &mut Value| {
        if answer["paging"]["next"].is_string() {
            answer["paging"]["next"] = json!("http://127.0.0.1:9/elsewhere?access_token=x");
        }
    };
    world.facebook.switch_on("accounts", Fault::edit(elsewhere), Times::UntilCleared);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await), pages);
}

#[tokio::test]
async fn a_page_without_a_token_is_a_warning_and_the_others_are_linked() {
    let (world, person, mut pages) = world_with(4, []).await;
    let without = pages.remove(1);
    world.facebook.set_quirks([Quirk::PageWithoutToken(without.clone())]);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply), warnings(&reply)), (pages, vec![warning("insufficient_tasks", &without)]));
    assert_eq!(holder(&world, &without), None);
}

/// Makes one Page of the list odd; the list itself is good.
async fn one_odd_page(edit: impl Fn(&mut Value) + Send + Sync + 'static) {
    let (world, person, pages) = world_with(3, []).await;
    world.facebook.switch_on("accounts", Fault::edit(move |answer| edit(&mut answer["data"][1])), Times::Once);
    // Nor can it be read by itself.
    world.facebook.switch_on("page", Fault::ServerError500, Times::UntilCleared);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(ids(&reply), [pages[0].clone(), pages[2].clone()]);
    assert_eq!(warnings(&reply).iter().map(|(_, page)| page.as_str()).collect::<Vec<_>>(), [pages[1].as_str()], "{}", reply.text());
}

#[tokio::test]
async fn one_page_in_another_form_leaves_the_others_linked() {
    one_odd_page(|page| page["tasks"] = json!({"0": "MANAGE"})).await;
    one_odd_page(|page| page["name"] = json!(7)).await;
    one_odd_page(|page| page["access_token"] = json!(["x"])).await;
    one_odd_page(|page| *page = json!("no Page")).await;
}

#[tokio::test]
async fn an_id_that_is_no_number_never_reaches_a_path_or_a_key() {
    one_odd_page(|page| page["id"] = json!("../me")).await;
    one_odd_page(|page| page["id"] = json!("1#owner")).await;
    one_odd_page(|page| page["id"] = json!("1".repeat(33))).await;
}

#[tokio::test]
async fn an_empty_or_unprintable_token_is_none() {
    one_odd_page(|page| page["access_token"] = json!("")).await;
    one_odd_page(|page| page["access_token"] = json!("a\r\nb")).await;
    one_odd_page(|page| page["access_token"] = Value::Null).await;
}

#[tokio::test]
async fn without_any_page_nothing_is_stored_and_the_session_stays() {
    let world = World::start().await;
    let person = world.facebook.add_person("Nobody's host");
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let before = (connections(&world), sessions(&world).into_keys().collect::<Vec<_>>());
    let reply = world.link_pages(&browser, &Consent::of(&person)).await;
    assert_error(&reply, 403, "no_page");
    assert_eq!(reply.json()["next"], "/facebook/login?shop=acme.myshopify.com&rerequest=1");
    assert_eq!((connections(&world), sessions(&world).into_keys().collect::<Vec<_>>()), before);
    world.facebook.add_page(&person, "Made meanwhile");
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn when_no_page_has_a_token_there_is_no_page() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    world.facebook.set_quirks([Quirk::PageWithoutToken(page)]);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let before = connections(&world);
    assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 403, "no_page");
    assert_eq!(connections(&world), before);
}
