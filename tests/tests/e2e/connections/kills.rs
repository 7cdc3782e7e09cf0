//! The process is killed between any two calls: of the database, and of a provider. The merchant tries again, or never comes back and the keeper does the rest.

use e2e::faults::Times;
use e2e::gate::Gate;
use e2e::gateway::Request;

use crate::connections::{ACME, FUNCTION, Linked, form};
use crate::support::{holder, linked::killed_at};

/// Sends the form and kills the function at its call number `at` of the database; whether it was done before that.
async fn is_done_before(linked: &Linked, sent: Request, at: usize) -> bool {
    killed_at(&linked.world, FUNCTION, at, linked.browser.send(sent)).await.is_some_and(|page| page.status() == 303)
}

async fn sent(linked: &Linked, store: bool) -> Request {
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let (platform, account) = if store { ("shopify", ACME) } else { ("facebook", linked.pages[0].as_str()) };
    form(&[("csrf_token", &token), ("platform", platform), ("account", account)])
}

fn is_done(linked: &Linked, store: bool) -> bool {
    if store {
        let item = linked.store();
        let away = item.text("status") == Some("uninstalled");
        assert_eq!(item.attributes.contains_key("access_token"), !away);
        return away;
    }
    let gone = linked.page_item(&linked.pages[0]).is_none();
    assert_eq!((holder(&linked.world, &linked.pages[0]).is_none(), linked.grant().is_none()), (gone, gone));
    gone
}

async fn at_every_call(store: bool) {
    for at in 0.. {
        let linked = Linked::with_pages(1).await;
        let sent = sent(&linked, store).await;
        let finished = is_done_before(&linked, sent.clone(), at).await;
        // Whole or not at all, and told once.
        let done = is_done(&linked, store);
        assert_eq!(linked.disconnected().len(), usize::from(done), "killed at call {at}");
        assert!(done || !finished);
        if done {
            // What was not done at Facebook any more is the keeper's.
            linked.keeper_runs().await;
            assert!(store || (!linked.grant_works() && linked.world.facebook.subscribed_fields(&linked.pages[0]).is_empty()), "call {at}");
            assert!(linked.jobs().is_empty(), "killed at call {at}");
            let told = linked.notice().await;
            assert!(["page", "store"].iter().any(|kind| told["disconnected"] == *kind), "{told}");
        }
        assert_eq!(linked.browser.send(sent).await.status(), 303, "killed at call {at}");
        assert!(is_done(&linked, store));
        if finished {
            assert!(at > if store { 2 } else { 6 }, "only {at} calls");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnect_of_a_page_that_is_killed_anywhere_is_whole_or_not_at_all() {
    at_every_call(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnect_of_the_store_that_is_killed_anywhere_is_whole_or_not_at_all() {
    at_every_call(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_facebook_is_asked_the_keeper_finishes() {
    for call in ["unsubscribe", "permissions"] {
        let linked = Linked::with_pages(1).await;
        let sent = sent(&linked, false).await;
        let gate = Gate::closed();
        linked.world.facebook.switch_on(call, gate.fault(), Times::Once);
        let kill = async {
            gate.reached(1).await;
            linked.world.function(FUNCTION).kill().await;
            gate.open();
        };
        let (page, ()) = tokio::join!(linked.browser.send(sent), kill);
        assert_ne!(page.status(), 303);
        linked.world.function(FUNCTION).scale(1).await;
        assert!(is_done(&linked, false));
        assert_eq!(linked.notice().await["permission"], "later", "what is not known is not promised");
        linked.keeper_runs().await;
        assert!(!linked.grant_works() && linked.jobs().is_empty(), "{call}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_app_is_being_removed_says_that_it_is_not_known() {
    let linked = Linked::with_pages(0).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let sent = form(&[("csrf_token", &token), ("platform", "shopify"), ("account", ACME), ("uninstall", "1")]);
    let gate = Gate::closed();
    linked.world.shopify.switch_on("uninstall", gate.fault(), Times::Once);
    let kill = async {
        gate.reached(1).await;
        linked.world.function(FUNCTION).kill().await;
        gate.open();
    };
    let (page, ()) = tokio::join!(linked.browser.send(sent), kill);
    assert_ne!(page.status(), 303);
    linked.world.function(FUNCTION).scale(1).await;
    assert!(is_done(&linked, true));
    assert_eq!(linked.notice().await["uninstalled"], "failed");
}
