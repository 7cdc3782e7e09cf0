//! Messages go on arriving: the subscription is looked at daily, put right where it drifted, and noted where it can't be.

use super::{Linked, number, report};
use e2e::faults::{Fault, Times};

const FIELDS: [&str; 5] = ["messages", "messaging_postbacks", "messaging_optins", "messaging_referrals", "message_echoes"];

fn told(linked: &Linked, page: &str) -> (bool, Option<String>) {
    let page = linked.page(page);
    (page.attributes["messaging_ready"]["BOOL"] == true, page.text("messaging_reason").map(str::to_owned))
}

#[tokio::test]
async fn a_subscription_that_stands_is_looked_at_and_nothing_is_written() {
    let linked = Linked::with_pages(2).await;
    let before = [linked.page(&linked.pages[0]), linked.page(&linked.pages[1])];
    assert_eq!(told(&linked, &linked.pages[0]), (true, None));
    assert_eq!(linked.visit().await, report(0, 3, 0, 0));
    assert_eq!([linked.page(&linked.pages[0]), linked.page(&linked.pages[1])], before);
    assert_eq!((linked.calls("subscribed_apps"), linked.calls("subscribe"), linked.calls("app_subscriptions")), (2, 0, 1));
}

#[tokio::test]
async fn a_subscription_that_drifted_is_put_right() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    linked.world.facebook.set_subscribed_fields(page, &["feed"]);
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    assert_eq!(linked.world.facebook.subscribed_fields(page), FIELDS);
    assert_eq!(told(&linked, page), (true, None));
}

#[tokio::test]
async fn what_can_not_be_put_right_is_noted_and_taken_back_when_it_is() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    let version = number(&linked.page(page), "version");
    linked.world.facebook.set_app_fields(Some(&["feed"]));
    linked.visit().await;
    assert_eq!(told(&linked, page), (false, Some("app_not_subscribed".to_owned())));
    assert_eq!(linked.page(page).text("status"), Some("active"), "its token works all the same");
    linked.world.facebook.set_app_fields(Some(&FIELDS));
    linked.visit().await;
    assert_eq!(told(&linked, page), (true, None));
    assert_eq!(number(&linked.page(page), "version"), version);
    assert_eq!(linked.deaths(), []);
}

#[tokio::test]
async fn trouble_with_a_subscription_changes_nothing_and_costs_no_check() {
    let linked = Linked::with_pages(1).await;
    let before = linked.page(&linked.pages[0]);
    for call in ["subscribed_apps", "app_subscriptions"] {
        for fault in [Fault::ServerError500, Fault::Throttled429, Fault::HtmlBody, Fault::Reset] {
            linked.world.facebook.switch_on(call, fault, Times::UntilCleared);
            assert_eq!(linked.visit().await, report(0, 2, 0, 0), "{call}");
            assert_eq!(linked.page(&linked.pages[0]), before, "{call}");
            linked.world.facebook.clear_faults();
        }
    }
}

fn routing(linked: &Linked, page: &str) -> Option<bool> {
    linked.page(page).attributes.get("thread_routing").and_then(|shared| shared["BOOL"].as_bool())
}

#[tokio::test]
async fn who_shares_a_pages_conversations_is_looked_at_daily_and_noted_when_it_changes() {
    let linked = Linked::with_pages(2).await;
    let page = &linked.pages[0];
    let other = linked.page(&linked.pages[1]);
    let version = number(&linked.page(page), "version");
    for shared in [Some(true), Some(false)] {
        linked.world.facebook.set_thread_routing(page, shared);
        linked.world.facebook.clear_requests();
        assert_eq!(linked.visit().await, report(0, 3, 0, 0));
        assert_eq!((routing(&linked, page), told(&linked, page)), (shared, (true, None)));
        assert_eq!(linked.calls("thread_routing"), 2, "once for each Page");
    }
    assert_eq!((number(&linked.page(page), "version"), linked.page(&linked.pages[1])), (version, other));
    // An item that an earlier version wrote.
    crate::tokens::setup::remove(&linked.world, &linked.uuid, &format!("page#{page}"), "thread_routing").await;
    linked.visit().await;
    assert_eq!(routing(&linked, page), Some(false));
}

#[tokio::test]
async fn who_shares_the_conversations_is_noted_beside_trouble_with_the_subscription_and_the_other_way_round() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    linked.world.facebook.set_thread_routing(page, Some(true));
    linked.world.facebook.switch_on("subscribed_apps", Fault::ServerError500, Times::UntilCleared);
    linked.visit().await;
    assert_eq!((routing(&linked, page), told(&linked, page)), (Some(true), (true, None)));
    linked.world.facebook.clear_faults();
    linked.world.facebook.set_thread_routing(page, Some(false));
    linked.world.facebook.set_app_fields(Some(&["feed"]));
    for fault in [Fault::ServerError500, Fault::Throttled429, Fault::HtmlBody, Fault::Reset] {
        linked.world.facebook.switch_on("thread_routing", fault, Times::UntilCleared);
        assert_eq!(linked.visit().await, report(0, 2, 0, 0));
        assert_eq!((routing(&linked, page), told(&linked, page)), (Some(true), (false, Some("app_not_subscribed".to_owned()))));
        linked.world.facebook.clear_faults();
    }
    linked.world.facebook.set_thread_routing(page, None);
    linked.visit().await;
    assert_eq!(routing(&linked, page), Some(true), "what Facebook does not tell stays");
}

#[tokio::test]
async fn a_dead_page_is_not_subscribed() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.change_password(&linked.person);
    linked.visit().await;
    assert_eq!(linked.calls("subscribed_apps") + linked.calls("subscribe"), 0);
}
