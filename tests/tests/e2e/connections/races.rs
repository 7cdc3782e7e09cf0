//! Disconnects beside whatever else may happen at the same moment. The order is the test's: a provider's answer waits at a gate.

use e2e::facebook::Consent;
use e2e::faults::Times;
use e2e::gate::{Gate, until};
use e2e::world::World;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::connections::{ACME, FUNCTION, Linked, assert_back, disconnects, form, list};
use crate::support::{approved, assert_error, give_tasks, holder, linked_shop, page_of};

#[tokio::test(flavor = "multi_thread")]
async fn of_many_disconnects_of_one_page_one_has_the_effect() {
    let linked = Linked::in_world(World::builder().instances(FUNCTION, 8).start().await, 1).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let sent = form(&[("csrf_token", &token), ("platform", "facebook"), ("account", &linked.pages[0])]);
    let replies = join_all((0..8).map(|_| linked.browser.send(sent.clone()))).await;
    replies.iter().for_each(assert_back);
    assert_eq!((linked.disconnected().len(), linked.ended()), (1, (1, 1)));
    assert!(linked.jobs().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnects_of_different_pages_at_once_all_have_their_effect() {
    let linked = Linked::in_world(World::builder().instances(FUNCTION, 6).start().await, 6).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let sent = |page: &String| form(&[("csrf_token", &token), ("platform", "facebook"), ("account", page)]);
    let replies = join_all(linked.pages.iter().map(|page| linked.browser.send(sent(page)))).await;
    replies.iter().for_each(assert_back);
    assert_eq!(linked.list().await["pages"], json!([]));
    assert_eq!(linked.disconnected().len(), 6);
    // Whoever was the last, the grant goes once, at once or with the keeper.
    let run = linked.keeper_runs().await;
    let left = (linked.grant_works(), linked.grant().is_some(), linked.jobs());
    assert_eq!(left, (false, false, Vec::new()), "{run}\n{}", linked.world.logs());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_two_pages_disconnected_at_once_do_not_leave_the_grant_to_each_other() {
    for _ in 0..8 {
        let linked = Linked::in_world(World::builder().instances(FUNCTION, 2).start().await, 2).await;
        let other = linked.world.browser();
        linked_shop(&linked.world, &other, "acme").await;
        // From two sessions, so that nothing of them is written by both.
        let replies =
            tokio::join!(linked.disconnects("facebook", &linked.pages[0]), disconnects(&other, "facebook", &linked.pages[1], &[]));
        assert_back(&replies.0);
        assert_back(&replies.1);
        linked.keeper_runs().await;
        assert_eq!((linked.grant().is_some(), linked.grant_works(), linked.jobs()), (false, false, Vec::new()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_and_its_pages_at_once() {
    let linked = Linked::in_world(World::builder().instances(FUNCTION, 6).start().await, 3).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let wishes: Vec<(&str, &str)> = linked.pages.iter().map(|page| ("facebook", page.as_str())).chain([("shopify", ACME); 3]).collect();
    let sent = |(platform, account): &(&str, &str)| form(&[("csrf_token", &token), ("platform", platform), ("account", account)]);
    let replies = join_all(wishes.iter().map(|wish| linked.browser.send(sent(wish)))).await;
    replies.iter().for_each(assert_back);
    let listed = linked.list().await;
    assert_eq!((&listed["shops"][0]["status"], &listed["pages"]), (&json!("uninstalled"), &json!([])));
    assert_eq!(linked.disconnected().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sessions_that_disconnect_the_store_leave_one_of_them() {
    let linked = Linked::in_world(World::builder().instances(FUNCTION, 2).start().await, 1).await;
    let other = linked.world.browser();
    linked_shop(&linked.world, &other, "acme").await;
    let (mine, theirs) = (linked.list().await["csrf_token"].clone(), list(&other).await["csrf_token"].clone());
    let sent = |token: &Value| form(&[("csrf_token", token.as_str().unwrap()), ("platform", "shopify"), ("account", ACME)]);
    let (first, second) = tokio::join!(linked.browser.send(sent(&mine)), other.send(sent(&theirs)));
    for reply in [&first, &second] {
        assert!(reply.status() == 303 || reply.code().as_deref() == Some("invalid_session"), "{}", reply.text());
    }
    assert!(first.status() == 303 || second.status() == 303);
    assert_eq!((linked.disconnected().len(), linked.store().text("generation")), (1, Some("2")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_facebook_flow_that_ends_meanwhile_links_the_page_again_and_keeps_its_grant() {
    let linked = Linked::with_pages(1).await;
    let callback = linked.world.approve_pages(&linked.browser, &Consent::of(&linked.person)).await;
    let gate = Gate::closed();
    // The flow has read what it knows, and waits for Facebook.
    linked.world.facebook.switch_on("debug_token", gate.fault(), Times::Once);
    let flow = async { linked.browser.copied().get(&callback).await };
    let disconnect = async {
        gate.reached(1).await;
        let page = linked.disconnects("facebook", &linked.pages[0]).await;
        assert_back(&page);
        // What is about to be linked rests on the grant, so that is left to the keeper.
        assert_eq!(linked.ended().1, 0);
        gate.open();
    };
    let (ended, ()) = tokio::join!(flow, disconnect);
    assert_eq!(ended.status(), 200, "{}", ended.text());
    assert_eq!(holder(&linked.world, &linked.pages[0]).as_deref(), Some(linked.uuid.as_str()));
    let token = linked.world.opened(&linked.uuid, &format!("page#{}", linked.pages[0]), "access_token");
    linked.keeper_runs().await;
    assert!(linked.world.facebook.accepts(&token) && linked.jobs().is_empty());
    assert!(!linked.world.facebook.subscribed_fields(&linked.pages[0]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_facebook_flow_that_ends_after_the_store_was_disconnected_links_nothing() {
    let linked = Linked::with_pages(1).await;
    let extra = linked.world.facebook.add_page(&linked.person, "One more");
    let callback = linked.world.approve_pages(&linked.browser, &Consent::of(&linked.person)).await;
    let gate = Gate::closed();
    linked.world.facebook.switch_on("debug_token", gate.fault(), Times::Once);
    let flow = async { linked.browser.copied().get(&callback).await };
    let disconnect = async {
        gate.reached(1).await;
        assert_back(&disconnects(&linked.browser, "shopify", ACME, &[]).await);
        gate.open();
    };
    let (ended, ()) = tokio::join!(flow, disconnect);
    assert_error(&ended, 400, "invalid_session");
    assert_eq!(holder(&linked.world, &extra), None);
    assert_eq!(linked.page_item(&linked.pages[0]).unwrap().text("version"), Some("1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_another_store_takes_meanwhile_is_not_unsubscribed() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    let kim = linked.world.facebook.add_person("Kim Roe");
    give_tasks(&linked.world.facebook, page, &kim, &["MANAGE", "MODERATE", "MESSAGING"]);
    let browser = linked.world.browser();
    let other = linked_shop(&linked.world, &browser, "other").await;
    let callback = approved(&linked.world, &browser, "/facebook/login", &Consent::of(&kim)).await;
    // The call that unsubscribes is lost, and by the time of the next one another store has the Page.
    linked.world.facebook.switch_on("unsubscribe", e2e::faults::Fault::Reset, Times::Once);
    linked.disconnects_page(page).await;
    assert_eq!(browser.get(&callback).await.status(), 200);
    assert_eq!(holder(&linked.world, page), Some(other.clone()));
    linked.keeper_runs().await;
    assert!(!linked.world.facebook.subscribed_fields(page).is_empty());
    let theirs = linked.world.opened(&other, &format!("page#{page}"), "access_token");
    assert!(linked.world.facebook.accepts(&theirs) && linked.jobs().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_moves_at_the_same_moment_has_one_end() {
    for _ in 0..6 {
        let world = World::builder().instances(FUNCTION, 1).start().await;
        let linked = Linked::in_world(world, 1).await;
        let page = &linked.pages[0];
        let kim = linked.world.facebook.add_person("Kim Roe");
        give_tasks(&linked.world.facebook, page, &kim, &["MANAGE", "MODERATE", "MESSAGING"]);
        let browser = linked.world.browser();
        let other = linked_shop(&linked.world, &browser, "other").await;
        let callback = approved(&linked.world, &browser, &linked.world.move_login(&browser, [page]).await, &Consent::of(&kim)).await;
        let (moved, gone) = tokio::join!(browser.get(&callback), linked.disconnects("facebook", page));
        assert_eq!(moved.status(), 200, "{}", moved.text());
        assert_back(&gone);
        assert_eq!(holder(&linked.world, page), Some(other.clone()));
        let theirs = page_of(&linked.world, &other, page).unwrap();
        assert_eq!((theirs.text("status"), theirs.attributes.contains_key("access_token")), (Some("active"), true));
        let mine = linked.page_item(page).and_then(|item| item.text("status").map(str::to_owned));
        assert!(mine.is_none() || mine.as_deref() == Some("moved"), "{mine:?}");
        linked.keeper_runs().await;
        let token = linked.world.opened(&other, &format!("page#{page}"), "access_token");
        assert!(linked.world.facebook.accepts(&token));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keeper_that_looks_after_the_person_meanwhile_revives_nothing() {
    let linked = Linked::with_pages(2).await;
    let sk = format!("person#{}", linked.person);
    linked.world.set_number(&format!("uuid#{}", linked.uuid), &sk, "issued_at", 1).await;
    linked.world.make_due(&linked.uuid, &sk).await;
    let gate = Gate::closed();
    linked.world.facebook.switch_on("long_lived_exchange", gate.fault(), Times::Once);
    let keeper = linked.world.invoke("token-keeper", json!({}));
    let disconnect = async {
        gate.reached(1).await;
        for page in &linked.pages {
            linked.disconnects_page(page).await;
        }
        gate.open();
    };
    let (_run, ()) = tokio::join!(keeper, disconnect);
    assert!(linked.pages.iter().all(|page| linked.page_item(page).is_none() && holder(&linked.world, page).is_none()));
    assert!(linked.grant().is_none(), "nor does the person come back");
    linked.keeper_runs().await;
    assert!(!linked.grant_works() && linked.jobs().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_of_the_stores_pair_that_ends_too_late_is_not_stored() {
    let linked = Linked::with_pages(0).await;
    linked.world.expire_access_token(ACME).await;
    let gate = Gate::closed();
    linked.world.shopify.switch_on("refresh", gate.fault(), Times::Once);
    let asked = linked.tokens();
    let disconnect = async {
        gate.reached(1).await;
        assert_back(&disconnects(&linked.browser, "shopify", ACME, &[]).await);
        gate.open();
    };
    let (tokens, ()) = tokio::join!(asked, disconnect);
    assert_eq!(tokens["shops"][0]["status"], "uninstalled", "{tokens}");
    assert!(!linked.store().attributes.contains_key("access_token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_the_store_that_ends_meanwhile_leaves_one_truth() {
    let linked = Linked::with_pages(1).await;
    let second = linked.world.browser();
    let callback = linked.world.approve_shop(&second, "acme").await;
    let gate = Gate::closed();
    linked.world.shopify.switch_on("token", gate.fault(), Times::Once);
    let disconnect = async {
        gate.reached(1).await;
        assert_back(&disconnects(&linked.browser, "shopify", ACME, &[]).await);
        gate.open();
    };
    let (link, ()) = tokio::join!(second.get(&callback), disconnect);
    assert_error(&link, 400, "token_exchange_failed");
    let store = linked.store();
    assert_eq!((store.text("status"), store.attributes.contains_key("access_token")), (Some("uninstalled"), false));
    // The merchant's next login makes it good.
    linked.signs_in().await;
    assert_eq!(linked.list().await["shops"][0]["status"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_shopify_delivers_while_the_app_is_being_removed_changes_nothing() {
    let linked = Linked::with_pages(1).await;
    let gate = Gate::closed();
    linked.world.shopify.switch_on("uninstall", gate.fault(), Times::Once);
    let leave = async { disconnects(&linked.browser, "shopify", ACME, &[("uninstall", "1")]).await };
    let deliver = async {
        gate.reached(1).await;
        let now = u64::try_from(linked.world.shopify.now()).unwrap();
        let webhook = linked.world.shopify.webhook("app/uninstalled", ACME).triggered(now + 1).request();
        assert_eq!(linked.world.gateway().send(&webhook).await.status, 200);
        gate.open();
    };
    let (page, ()) = tokio::join!(leave, deliver);
    assert_back(&page);
    assert_eq!(linked.notice().await, json!({ "disconnected": "store", "uninstalled": "done" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_another_store_begins_to_rest_on_meanwhile_is_kept() {
    let linked = Linked::with_pages(1).await;
    let gate = Gate::closed();
    // The Page is being unsubscribed while the same person connects a Page to another store.
    linked.world.facebook.switch_on("unsubscribe", gate.fault(), Times::Once);
    let disconnect = linked.disconnects("facebook", &linked.pages[0]);
    let other = async {
        gate.reached(1).await;
        until("the Page is free", || holder(&linked.world, &linked.pages[0]).is_none()).await;
        let (_, uuid, page) = linked.other_store_of_the_person().await;
        gate.open();
        (uuid, page)
    };
    let (gone, (uuid, page)) = tokio::join!(disconnect, other);
    assert_back(&gone);
    assert_eq!(linked.notice().await["permission"], "kept");
    let token = linked.world.opened(&uuid, &format!("page#{page}"), "access_token");
    assert!(linked.world.facebook.accepts(&token));
}
