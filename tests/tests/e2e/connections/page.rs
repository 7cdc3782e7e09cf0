//! Disconnecting a Page: it goes, with its token and who holds it, and Facebook is told.

use e2e::facebook::Consent;
use e2e::search::Secrets;
use e2e::world::World;
use serde_json::{Value, json};

use crate::connections::{ACME, LIST, Linked, assert_back, disconnects, form, list};
use crate::support::{case, dump, give_tasks, holder, linked_pages, linked_shop, number, page_of, person_with_page, set};

#[tokio::test]
async fn a_page_goes_with_its_token_and_its_holder_and_is_unsubscribed() {
    let linked = Linked::with_pages(2).await;
    let [gone, stays] = &linked.pages[..] else { panic!("two Pages") };
    let token = linked.world.opened(&linked.uuid, &format!("page#{gone}"), "access_token");
    linked.disconnects_page(gone).await;
    assert!(linked.page_item(gone).is_none() && holder(&linked.world, gone).is_none());
    assert_eq!(linked.world.facebook.subscribed_fields(gone), Vec::<String>::new());
    // With the Page's own token, which stands in no URL.
    let [request] = &linked.world.facebook.requests_of("unsubscribe")[..] else { panic!("one call") };
    assert_eq!(request.header("authorization"), Some(format!("Bearer {token}").as_str()));
    assert!(!request.path_and_query.contains(&token));
    // The other Page and the grant that it rests on work on.
    assert!(linked.page_item(stays).is_some() && linked.grant().is_some() && linked.grant_works());
    assert!(!linked.world.facebook.subscribed_fields(stays).is_empty());
    assert_eq!(linked.ended(), (1, 0));
    assert_eq!(linked.disconnected(), [("facebook".to_owned(), gone.clone())]);
    assert!(linked.jobs().is_empty(), "nothing is left to do");
    let tokens = linked.tokens().await;
    assert_eq!(tokens["pages"].as_array().map(Vec::len), Some(1), "{tokens}");
    let asked = linked.world.invoke("connection-tokens", json!({ "page_id": gone })).await;
    assert_eq!(asked["error"]["code"], "not_found");
    assert_eq!(linked.store().text("generation"), Some("1"), "nothing else of the identity ended");
}

#[tokio::test]
async fn the_list_tells_what_was_done_and_forgets_it_after_a_while() {
    let linked = Linked::with_pages(2).await;
    assert_eq!(linked.notice().await, Value::Null);
    linked.disconnects_page(&linked.pages[0]).await;
    assert_eq!(linked.notice().await, json!({ "disconnected": "page", "unsubscribed": "done", "permission": "kept" }));
    let listed = linked.list().await;
    assert_eq!(listed["pages"].as_array().map(Vec::len), Some(1));
    linked.disconnects_page(&linked.pages[1]).await;
    assert_eq!(linked.notice().await, json!({ "disconnected": "page", "unsubscribed": "done", "permission": "revoked" }));
    // It is of the session, not of the address, and names nothing.
    let asked = linked.browser.get(&format!("{LIST}?notice=store&disconnected=1")).await;
    assert_eq!(asked.json()["notice"]["disconnected"], "page");
    let kept = linked.world.database.scan("sessions").into_iter().find_map(|item| item.text("notice").map(str::to_owned));
    assert_eq!(kept.as_deref(), Some("page done revoked"));
    let at = linked.world.database.scan("sessions").into_iter().find_map(|item| item.text("notice_at")?.parse::<u64>().ok()).unwrap();
    crate::support::set_in_session(&linked.world, "notice_at", number(at - 600_000)).await;
    assert_eq!(linked.notice().await, Value::Null);
}

#[tokio::test]
async fn reload_back_and_a_second_tab_end_well() {
    let linked = Linked::with_pages(2).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let sent = form(&[("csrf_token", &token), ("platform", "facebook"), ("account", &linked.pages[0])]);
    assert_back(&linked.browser.send(sent.clone()).await);
    let after = dump(&linked.world);
    for _ in 0..3 {
        assert_back(&linked.browser.send(sent.clone()).await);
    }
    assert_eq!(dump(&linked.world), after, "a second time nothing happens");
    assert_eq!(linked.ended(), (1, 0));
    assert_eq!(linked.notice().await["disconnected"], "page", "and the first time is still told");
}

#[tokio::test]
async fn what_was_never_there_is_gone_as_well() {
    let linked = Linked::with_pages(1).await;
    let (_, kims) = person_with_page(&linked.world.facebook);
    let before = dump(&linked.world);
    for (platform, account) in [("facebook", kims.as_str()), ("facebook", "1"), ("shopify", "other.myshopify.com")] {
        assert_back(&linked.disconnects(platform, account).await);
    }
    assert_eq!(dump(&linked.world), before);
    assert!(linked.world.facebook.requests().is_empty() && linked.world.shopify.requests().is_empty());
}

/// WSTG-ATHZ-04.
#[tokio::test]
async fn a_page_of_another_identity_is_not_reached() {
    let linked = Linked::with_pages(1).await;
    let (kim, kims) = person_with_page(&linked.world.facebook);
    let other = linked.world.browser();
    let other_uuid = linked_shop(&linked.world, &other, "other").await;
    linked_pages(&linked.world, &other, &Consent::of(&kim)).await;
    let before = dump(&linked.world);
    assert_back(&linked.disconnects("facebook", &kims).await);
    assert_eq!(dump(&linked.world), before);
    assert_eq!(holder(&linked.world, &kims), Some(other_uuid));
    assert!(!linked.world.facebook.subscribed_fields(&kims).is_empty());
}

#[tokio::test]
async fn of_a_page_that_moved_away_only_the_note_goes() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    let kim = linked.world.facebook.add_person("Kim Roe");
    give_tasks(&linked.world.facebook, page, &kim, &["MANAGE", "MODERATE", "MESSAGING"]);
    let browser = linked.world.browser();
    let other = linked_shop(&linked.world, &browser, "other").await;
    assert_eq!(linked.world.move_pages(&browser, [page], &Consent::of(&kim)).await.status(), 200);
    linked.world.facebook.clear_requests();
    linked.disconnects_page(page).await;
    assert_eq!(linked.list().await["pages"], json!([]));
    assert_eq!(linked.notice().await, json!({ "disconnected": "moved_page" }));
    assert_eq!(holder(&linked.world, page), Some(other.clone()));
    assert!(page_of(&linked.world, &other, page).unwrap().attributes.contains_key("access_token"));
    assert!(linked.world.facebook.requests().is_empty() && linked.jobs().is_empty());
    assert!(linked.disconnected().is_empty(), "for the bot it was gone when it moved");
    assert!(!linked.world.facebook.subscribed_fields(page).is_empty());
    assert!(linked.grant().is_none(), "the token of a person on whom nothing rests here is not kept");
}

#[tokio::test]
async fn a_page_whose_token_is_gone_is_disconnected_without_a_call() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    let leave = linked.world.facebook.signed_leave(&linked.person);
    linked.world.facebook.remove_app(&linked.person);
    let reply = linked.world.gateway().send(&e2e::facebook::delivery("/facebook/deauthorize", &leave)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(linked.list().await["pages"][0]["status"], "reconnect_needed");
    linked.disconnects_page(page).await;
    assert_eq!(linked.notice().await, json!({ "disconnected": "page", "unsubscribed": "not_possible", "permission": "not_possible" }));
    assert!(linked.page_item(page).is_none() && holder(&linked.world, page).is_none() && linked.jobs().is_empty());
    assert_eq!(linked.ended(), (0, 0));
}

#[tokio::test]
async fn a_page_whose_token_is_dead_is_disconnected_all_the_same() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.change_password(&linked.person);
    linked.disconnects_page(&linked.pages[0]).await;
    assert_eq!(linked.notice().await, json!({ "disconnected": "page", "unsubscribed": "not_possible", "permission": "not_possible" }));
    assert!(linked.page_item(&linked.pages[0]).is_none() && linked.grant().is_none());
    assert!(linked.jobs().is_empty(), "with these tokens nothing can be done any more");
}

#[tokio::test]
async fn connecting_it_again_is_a_link_like_the_first() {
    let linked = Linked::with_pages(1).await;
    linked.disconnects_page(&linked.pages[0]).await;
    linked.links_pages().await;
    assert_eq!(linked.list().await["pages"][0]["status"], "active");
    assert_eq!(linked.notice().await, Value::Null, "the new session says nothing of the old one");
    assert_eq!(holder(&linked.world, &linked.pages[0]).as_deref(), Some(linked.uuid.as_str()));
    assert!(!linked.world.facebook.subscribed_fields(&linked.pages[0]).is_empty());
    linked.keeper_runs().await;
    assert!(!linked.world.facebook.subscribed_fields(&linked.pages[0]).is_empty() && linked.grant_works());
}

#[tokio::test]
async fn nothing_of_a_page_is_left_in_any_table() {
    let linked = Linked::with_pages(1).await;
    let mut gone = Secrets::default();
    gone.add("the Page's id", &linked.pages[0]);
    gone.add("the Page's name", "Page 0 of Jo");
    gone.add("the person's id", &linked.person);
    gone.add_all("a token", linked.world.facebook.issued_secrets());
    linked.disconnects_page(&linked.pages[0]).await;
    // The event is under way, and names the Page.
    for stored in linked.world.database.dump().into_iter().filter(|item| !item.text("sk").is_some_and(|sk| sk.starts_with("event#"))) {
        gone.assert_not_stored(&stored);
    }
}

#[tokio::test]
async fn while_the_store_is_away_its_pages_can_be_disconnected() {
    let linked = Linked::with_pages(2).await;
    assert_back(&disconnects(&linked.browser, "shopify", ACME, &[]).await);
    assert_eq!(linked.list().await["pages"][0]["status"], "uninstalled");
    linked.disconnects_page(&linked.pages[0]).await;
    assert_eq!(linked.notice().await, json!({ "disconnected": "page", "unsubscribed": "done", "permission": "kept" }));
    linked.disconnects_page(&linked.pages[1]).await;
    assert_eq!(linked.notice().await["permission"], "revoked");
    assert_eq!(linked.list().await["pages"], json!([]));
}

#[tokio::test]
async fn the_token_of_another_app_is_neither_used_nor_kept() {
    let linked = Linked::with_pages(1).await;
    let partition = format!("uuid#{}", linked.uuid);
    let other = || aws_sdk_dynamodb::types::AttributeValue::S("999999999999999".to_owned());
    for sk in [format!("page#{}", linked.pages[0]), format!("person#{}", linked.person)] {
        set(&linked.world, "connections", &partition, Some(&sk), "app_id", other()).await;
    }
    assert_eq!(linked.list().await["pages"][0]["reason"], "another_app");
    linked.disconnects_page(&linked.pages[0]).await;
    assert!(linked.page_item(&linked.pages[0]).is_none() && linked.grant().is_none());
    assert!(linked.world.facebook.requests().is_empty());
    assert_eq!(linked.notice().await["unsubscribed"], "later", "the app that it belongs to may come back");
}

#[tokio::test]
async fn many_notes_of_pages_that_moved_do_not_keep_a_page_from_being_disconnected() {
    let world = World::start().await;
    let linked = Linked::in_world(world, 120).await;
    let kim = linked.world.facebook.add_person("Kim Roe");
    for page in &linked.pages[1..] {
        give_tasks(&linked.world.facebook, page, &kim, &["MANAGE", "MODERATE", "MESSAGING"]);
    }
    let browser = linked.world.browser();
    linked_shop(&linked.world, &browser, "other").await;
    for some in linked.pages[1..].chunks(30) {
        assert_eq!(linked.world.move_pages(&browser, some, &Consent::of(&kim)).await.status(), 200);
    }
    linked.disconnects_page(&linked.pages[0]).await;
    assert!(linked.grant().is_none(), "no Page rests on it");
    let listed = list(&linked.browser).await;
    assert_eq!(listed["pages"].as_array().map(Vec::len), Some(119));
    // Who wants to be forgotten is found by what is left.
    case("data deletion");
    let leave = linked.world.facebook.signed_leave(&linked.person);
    let reply = linked.world.gateway().send(&e2e::facebook::delivery("/facebook/data-deletion", &leave)).await;
    assert_eq!(reply.status, 200);
    linked.world.invoke("token-keeper", json!({})).await;
    assert!(linked.pages[1..].iter().all(|page| linked.page_item(page).is_none()), "the notes are gone");
}
