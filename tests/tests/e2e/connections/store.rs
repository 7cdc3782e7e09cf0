//! Disconnecting the store: its tokens go, its Pages pause, and the app is removed from it where that is wished.

use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::{Value, json};

use crate::connections::{ACME, LIST, Linked, assert_back, disconnects, form, list};
use crate::support::{assert_error, case, dump, linked_shop, sessions};

/// Disconnects the store, with or without removing the app from it.
async fn leaves(linked: &Linked, uninstall: bool) {
    let more: &[(&str, &str)] = if uninstall { &[("uninstall", "1")] } else { &[] };
    assert_back(&disconnects(&linked.browser, "shopify", ACME, more).await);
}

/// What the store's notice says.
fn told(uninstalled: &str) -> Value {
    json!({ "disconnected": "store", "uninstalled": uninstalled })
}

#[tokio::test]
async fn the_stores_tokens_go_and_its_pages_pause() {
    let linked = Linked::with_pages(2).await;
    let token = linked.world.opened(&linked.uuid, "store", "access_token");
    leaves(&linked, false).await;
    let store = linked.store();
    assert_eq!(
        (store.text("status"), store.text("reason"), store.text("generation")),
        (Some("uninstalled"), Some("disconnected"), Some("2"))
    );
    for name in ["access_token", "refresh_token", "access_expires_at", "refresh_expires_at", "dead_since"] {
        assert!(!store.attributes.contains_key(name), "{name}");
    }
    let listed = linked.list().await;
    assert_eq!((&listed["shops"][0]["status"], &listed["shops"][0]["reason"]), (&json!("uninstalled"), &json!("disconnected")));
    assert!(listed["shops"][0]["login_url"].is_string());
    for page in listed["pages"].as_array().unwrap() {
        assert_eq!((&page["status"], &page["messaging_ready"]), (&json!("uninstalled"), &json!(false)));
    }
    assert_eq!(listed["notice"], told("not_asked"));
    let tokens = linked.tokens().await;
    assert_eq!((&tokens["shops"][0]["status"], &tokens["pages"][0]["status"]), (&json!("uninstalled"), &json!("uninstalled")));
    assert!(!tokens.to_string().contains("access_token"), "{tokens}");
    assert_eq!(linked.disconnected(), [("shopify".to_owned(), ACME.to_owned())]);
    // The app stays in the store: nobody wished otherwise.
    assert!(linked.world.shopify.requests_of("uninstall").is_empty() && linked.world.shopify.accepts(&token));
    assert!(linked.world.facebook.requests().is_empty(), "the Pages may be wanted again");
}

#[tokio::test]
async fn the_app_is_removed_where_that_is_wished() {
    let linked = Linked::with_pages(1).await;
    let token = linked.world.opened(&linked.uuid, "store", "access_token");
    leaves(&linked, true).await;
    assert_eq!(linked.notice().await, told("done"));
    assert!(!linked.world.shopify.accepts(&token));
    let [request] = &linked.world.shopify.requests_of("uninstall")[..] else { panic!("one call") };
    assert_eq!(request.header("x-shopify-access-token"), Some(token.as_str()));
    assert!(!request.path_and_query.contains(&token));
    // What Shopify then delivers, at a time that says nothing, finds nothing left to do, and ends no session.
    let is_note = |pk: &str| pk.starts_with("delivery#") || pk.starts_with("body#");
    let before = dump(&linked.world);
    let webhook = e2e::shopify::Webhook { triggered_at: None, ..linked.world.shopify.webhook("app/uninstalled", ACME) };
    assert_eq!(linked.world.gateway().send(&webhook.request()).await.status, 200);
    let mut after = dump(&linked.world);
    after.retain(|(_, pk, _), _| !is_note(pk));
    assert_eq!(after, before);
    assert_eq!(linked.list().await["shops"][0]["reason"], "disconnected");
    // It was delivered all the same: the same bytes end no later link on their own word.
    linked.signs_in().await;
    let replay = e2e::shopify::Webhook { id: Some("another".to_owned()), ..linked.world.shopify.webhook("app/uninstalled", ACME) };
    assert_eq!(linked.world.gateway().send(&replay.triggered(in_a_second(&linked)).request()).await.status, 200);
    assert_eq!(linked.store().text("status"), Some("active"));
}

/// A moment after the link that was just made, which has come by the service's clock.
fn in_a_second(linked: &Linked) -> u64 {
    let linked_at: u64 = linked.store().text("linked_at").unwrap().parse().unwrap();
    linked_at + 1
}

#[tokio::test]
async fn a_token_that_has_ended_is_renewed_to_remove_the_app() {
    let linked = Linked::with_pages(0).await;
    linked.world.expire_access_token(ACME).await;
    leaves(&linked, true).await;
    assert_eq!(linked.notice().await, told("done"));
    assert_eq!((linked.world.shopify.requests_of("refresh").len(), linked.world.shopify.requests_of("uninstall").len()), (1, 1));
    // Without that wish nothing is renewed.
    linked.signs_in().await;
    linked.world.expire_access_token(ACME).await;
    linked.world.shopify.clear_requests();
    leaves(&linked, false).await;
    assert!(linked.world.shopify.requests().is_empty());
}

#[tokio::test]
async fn an_app_that_could_not_be_removed_is_told_as_such_and_the_store_is_disconnected() {
    for (name, fault) in Fault::matrix().into_iter().filter(|(name, _)| *name != "hang") {
        case(name);
        let linked = Linked::with_pages(0).await;
        linked.world.shopify.switch_on("uninstall", fault, Times::UntilCleared);
        leaves(&linked, true).await;
        linked.world.shopify.clear_faults();
        assert_eq!(linked.notice().await, told("failed"), "{name}");
        assert_eq!(linked.store().text("status"), Some("uninstalled"));
        assert!(!linked.store().attributes.contains_key("access_token"));
    }
    let errors = json!({ "data": { "appUninstall": { "userErrors": [{ "field": null, "message": "No" }] } } });
    let linked = Linked::with_pages(0).await;
    linked.world.shopify.switch_on("uninstall", Fault::json(200, &errors), Times::Once);
    leaves(&linked, true).await;
    assert_eq!(linked.notice().await, told("failed"));
}

#[tokio::test]
async fn a_token_that_can_not_be_renewed_leaves_the_app_where_it_is() {
    let linked = Linked::with_pages(0).await;
    linked.world.expire_access_token(ACME).await;
    linked.world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    leaves(&linked, true).await;
    assert_eq!(linked.notice().await, told("failed"));
    assert!(linked.world.shopify.requests_of("uninstall").is_empty());
    assert_eq!(linked.store().text("status"), Some("uninstalled"));
    // And where it is dead, no death is told of what its merchant ends anyway.
    let linked = Linked::with_pages(0).await;
    linked.world.expire_access_token(ACME).await;
    linked.world.shopify.uninstall(ACME);
    leaves(&linked, true).await;
    assert_eq!(linked.notice().await, told("failed"));
    assert!(linked.world.events().iter().all(|event| event.detail_type != "reconnect_needed"));
}

#[tokio::test]
async fn shopify_that_hangs_is_waited_for_no_longer_than_it_may() {
    let linked = Linked::with_pages(0).await;
    linked.world.shopify.switch_on("uninstall", Fault::Hang, Times::UntilCleared);
    let started = std::time::Instant::now();
    leaves(&linked, true).await;
    assert!(started.elapsed().as_secs() < 12, "{:?}", started.elapsed());
    assert_eq!(linked.notice().await, told("failed"));
}

/// WSTG-SESS-06.
#[tokio::test]
async fn other_sessions_end_and_the_acting_one_only_lists() {
    let linked = Linked::with_pages(1).await;
    let colleague = linked.world.browser();
    linked_shop(&linked.world, &colleague, "acme").await;
    assert_eq!(colleague.get(LIST).await.status(), 200);
    leaves(&linked, false).await;
    assert_error(&colleague.get(LIST).await, 400, "invalid_session");
    assert_eq!(sessions(&linked.world).len(), 1);
    assert_eq!(linked.browser.get(LIST).await.status(), 200);
    // No Pages are connected to a store that is disconnected.
    assert_error(&linked.browser.get("/facebook/login").await, 400, "invalid_session");
}

#[tokio::test]
async fn a_facebook_flow_that_was_under_way_does_not_outlive_it() {
    let linked = Linked::with_pages(1).await;
    let callback = linked.world.approve_pages(&linked.browser, &Consent::of(&linked.person)).await;
    leaves(&linked, false).await;
    assert_error(&linked.browser.get(&callback).await, 400, "invalid_session");
    assert_eq!(linked.page_item(&linked.pages[0]).unwrap().text("version"), Some("1"));
}

#[tokio::test]
async fn reload_back_and_a_second_tab_end_well() {
    let linked = Linked::with_pages(1).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let fields = [("csrf_token", token.as_str()), ("platform", "shopify"), ("account", ACME)];
    let sent: Request = form(&fields);
    assert_back(&linked.browser.send(sent.clone()).await);
    let after = dump(&linked.world);
    for more in [&[][..], &[("uninstall", "1")]] {
        assert_back(&linked.browser.send(sent.clone()).await);
        let all: Vec<_> = fields.iter().chain(more).copied().collect();
        assert_back(&linked.browser.send(form(&all)).await);
    }
    assert_eq!(dump(&linked.world), after);
    assert_eq!(linked.disconnected().len(), 1);
}

#[tokio::test]
async fn linking_it_again_revives_the_same_identity_with_its_pages() {
    let linked = Linked::with_pages(2).await;
    leaves(&linked, true).await;
    linked.signs_in().await;
    let listed = linked.list().await;
    assert_eq!(listed["shops"], json!([{ "shop": ACME, "name": "Acme Store", "status": "active" }]));
    for page in listed["pages"].as_array().unwrap() {
        assert_eq!((&page["status"], &page["messaging_ready"]), (&json!("active"), &json!(true)));
    }
    let store = linked.store();
    for name in ["reason", "uninstalled_at", "unconfirmed"] {
        assert!(!store.attributes.contains_key(name), "{name}");
    }
    let tokens = linked.tokens().await;
    assert!(linked.world.shopify.accepts(tokens["shops"][0]["access_token"].as_str().unwrap()));
    assert!(linked.world.facebook.accepts(tokens["pages"][0]["access_token"].as_str().unwrap()));
    // The new session begins flows as any other.
    assert_eq!(linked.browser.get("/facebook/login").await.status(), 302);
    linked.disconnects_page(&linked.pages[0]).await;
}

#[tokio::test]
async fn another_shop_under_the_domain_does_not_inherit_what_was_disconnected() {
    let linked = Linked::with_pages(1).await;
    leaves(&linked, false).await;
    linked.world.shopify.edit_shop(ACME, |shop| shop.id += 1);
    let browser = linked.world.browser();
    let uuid = linked_shop(&linked.world, &browser, "acme").await;
    assert_ne!(uuid, linked.uuid);
    assert_eq!(list(&browser).await["pages"], json!([]));
}

#[tokio::test]
async fn after_thirty_days_it_is_erased() {
    let linked = Linked::with_pages(1).await;
    leaves(&linked, false).await;
    let now = u64::try_from(linked.world.shopify.now()).unwrap();
    let partition = format!("uuid#{}", linked.uuid);
    linked.world.set_number(&partition, "store", "uninstalled_at", now - 29 * 86_400).await;
    linked.world.make_due(&linked.uuid, "store").await;
    linked.world.invoke("token-keeper", json!({})).await;
    assert_eq!(linked.store().text("reason"), Some("disconnected"));
    linked.world.set_number(&partition, "store", "uninstalled_at", now - 31 * 86_400).await;
    linked.world.make_due(&linked.uuid, "store").await;
    linked.world.invoke("token-keeper", json!({})).await;
    assert!(linked.item("store").is_none() && linked.page_item(&linked.pages[0]).is_none());
    assert_eq!(sessions(&linked.world).len(), 0, "the session that disconnected it goes with it");
    assert_error(&linked.browser.get(LIST).await, 400, "invalid_session");
}

#[tokio::test]
async fn a_redact_erases_what_was_disconnected() {
    let linked = Linked::with_pages(1).await;
    leaves(&linked, true).await;
    let redact = linked.world.shopify.webhook("shop/redact", ACME).triggered(u64::try_from(linked.world.shopify.now()).unwrap()).request();
    assert_eq!(linked.world.gateway().send(&redact).await.status, 200);
    linked.world.invoke("token-keeper", json!({})).await;
    for item in linked.world.database.dump() {
        assert!(!item.contains(&linked.uuid) || item.text("sk").is_some_and(|sk| sk.starts_with("event#")), "{item:?}");
    }
}

#[tokio::test]
async fn a_redact_that_came_before_does_not_erase_what_was_only_disconnected() {
    let linked = Linked::with_pages(1).await;
    let partition = format!("uuid#{}", linked.uuid);
    let redact = linked.world.shopify.webhook("shop/redact", ACME);
    let deliver = async |id: &str| {
        let redact = e2e::shopify::Webhook { id: Some(id.to_owned()), ..redact.clone() }.request();
        assert_eq!(linked.world.gateway().send(&redact).await.status, 200);
    };
    let linked_at = in_a_second(&linked) - 61;
    linked.world.set_number(&partition, "store", "linked_at", linked_at).await;
    deliver("of a link that works").await;
    leaves(&linked, false).await;
    deliver("another").await;
    assert_eq!(linked.store().text("reason"), Some("disconnected"));
    linked.world.invoke("token-keeper", json!({})).await;
    assert!(linked.page_item(&linked.pages[0]).is_some());
    linked.signs_in().await;
    assert_eq!(linked.list().await["pages"][0]["status"], "active", "the merchant comes back to all of it");
}

#[tokio::test]
async fn an_uninstall_of_what_was_disconnected_is_shopifys_word_for_the_redact_that_follows() {
    let linked = Linked::with_pages(1).await;
    let partition = format!("uuid#{}", linked.uuid);
    let deliver = async |webhook: e2e::shopify::Webhook, id: &str| {
        let request = e2e::shopify::Webhook { id: Some(id.to_owned()), ..webhook }.request();
        assert_eq!(linked.world.gateway().send(&request).await.status, 200);
    };
    let linked_at = in_a_second(&linked) - 61;
    linked.world.set_number(&partition, "store", "linked_at", linked_at).await;
    let redact = linked.world.shopify.webhook("shop/redact", ACME);
    deliver(redact.clone(), "of a link that works").await;
    leaves(&linked, false).await;
    deliver(linked.world.shopify.webhook("app/uninstalled", ACME), "uninstalled").await;
    assert_eq!((linked.store().text("status"), linked.store().text("reason")), (Some("uninstalled"), None));
    assert_eq!(linked.list().await["shops"][0]["status"], "uninstalled", "the session that disconnected it still shows that");
    deliver(redact, "two days later").await;
    linked.world.invoke("token-keeper", json!({})).await;
    assert!(linked.page_item(&linked.pages[0]).is_none());
}

#[tokio::test]
async fn a_redact_that_nobody_answered_yet_outlives_the_disconnect() {
    for came_before in [false, true] {
        let linked = Linked::with_pages(1).await;
        let partition = format!("uuid#{}", linked.uuid);
        let linked_at = in_a_second(&linked) - 61;
        linked.world.set_number(&partition, "store", "linked_at", linked_at).await;
        let redact = linked.world.shopify.webhook("shop/redact", ACME);
        if came_before {
            assert_eq!(linked.world.gateway().send(&redact.request()).await.status, 200);
        }
        // A token that has ended says nothing.
        linked.world.expire_access_token(ACME).await;
        let redact = e2e::shopify::Webhook { id: Some("in doubt".to_owned()), ..redact };
        assert_eq!(linked.world.gateway().send(&redact.request()).await.status, 200);
        assert!(linked.item("doubt").is_some());
        leaves(&linked, false).await;
        linked.world.invoke("token-keeper", json!({})).await;
        assert!(linked.item("doubt").is_none());
        assert_eq!(linked.page_item(&linked.pages[0]).is_some(), came_before, "bytes that came before end nothing");
    }
}

#[tokio::test]
async fn a_store_that_needs_a_new_link_can_be_disconnected() {
    let linked = Linked::with_pages(1).await;
    linked.world.expire_access_token(ACME).await;
    linked.world.shopify.revoke_refresh_tokens(ACME);
    let tokens = linked.tokens().await;
    assert_eq!(tokens["shops"][0]["status"], "reconnect_needed");
    leaves(&linked, true).await;
    assert_eq!(linked.store().text("reason"), Some("disconnected"));
    assert_eq!(linked.notice().await, told("failed"));
}

#[tokio::test]
async fn a_store_that_uninstalled_the_app_has_nothing_to_disconnect() {
    let linked = Linked::in_world(World::start().await, 1).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let linked_at: u64 = linked.store().text("linked_at").unwrap().parse().unwrap();
    linked.world.set_number(&format!("uuid#{}", linked.uuid), "store", "linked_at", linked_at - 60).await;
    linked.world.shopify.uninstall(ACME);
    let webhook = linked.world.shopify.webhook("app/uninstalled", ACME).request();
    assert_eq!(linked.world.gateway().send(&webhook).await.status, 200);
    // Its sessions ended with it.
    assert_error(
        &linked.browser.send(form(&[("csrf_token", &token), ("platform", "shopify"), ("account", ACME)])).await,
        400,
        "invalid_session",
    );
    assert!(linked.disconnected().is_empty());
}
