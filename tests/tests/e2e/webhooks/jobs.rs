//! Unsubscribing what was erased: with the Page's own token, only while nobody holds the Page, until it worked or can't work any more.

use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use serde_json::json;

use crate::support::{give_tasks, linked_pages, linked_shop, set};
use crate::webhooks::{Linked, REDACT, SHOP, UNINSTALLED, items, now};

/// A store that is erased, with a job for each Page.
async fn erased(pages: usize) -> Linked {
    let linked = Linked::with_pages(pages).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.deliver(&linked.webhook(REDACT)).await;
    linked.assert_erased(pages);
    linked
}

fn calls(linked: &Linked) -> usize {
    linked.world.facebook.requests_of("unsubscribe").len()
}

#[tokio::test]
async fn a_page_that_somebody_else_connected_meanwhile_is_left_alone() {
    let linked = erased(2).await;
    let (other, colleague) = (linked.world.browser(), linked.world.facebook.add_person("Kim Roe"));
    give_tasks(&linked.world.facebook, &linked.pages[0], &colleague, &["MANAGE", "MESSAGING"]);
    linked_shop(&linked.world, &other, "other").await;
    linked_pages(&linked.world, &other, &Consent::of(&colleague)).await;
    linked.keeper_runs().await;
    assert_eq!(calls(&linked), 1);
    assert!(!linked.world.facebook.subscribed_fields(&linked.pages[0]).is_empty());
    assert!(linked.world.facebook.subscribed_fields(&linked.pages[1]).is_empty());
    assert_eq!(items(&linked.world, "job#").len(), 0);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_nothing_is_called_twice() {
    let linked = erased(1).await;
    for fault in [Fault::ServerError500, Fault::Reset, Fault::Throttled429] {
        linked.world.facebook.switch_on("unsubscribe", fault, Times::Once);
        let told = linked.keeper_runs().await;
        assert_eq!((&told["due"], &told["failed"]), (&json!(1), &json!(1)), "{told}");
        linked.assert_erased(1);
    }
    assert_eq!(linked.keeper_runs().await["failed"], 0);
    linked.assert_erased(0);
    assert_eq!(calls(&linked), 4);
    assert_eq!(linked.keeper_runs().await["due"], 0);
    assert_eq!(calls(&linked), 4);
}

#[tokio::test]
async fn a_token_that_can_do_nothing_any_more_ends_the_job() {
    let linked = erased(1).await;
    linked.world.facebook.remove_app(&linked.person);
    linked.keeper_runs().await;
    linked.assert_erased(0);
}

#[tokio::test]
async fn after_a_week_it_is_given_up() {
    let linked = erased(1).await;
    let job = items(&linked.world, "job#").remove(0);
    let pk = job.text("pk").unwrap();
    let end: u64 = job.text("ttl").unwrap().parse().unwrap();
    assert!(end.abs_diff(now() + 7 * super::DAY) < 60);
    linked.world.set_number(pk, "unsubscribe", "ttl", now()).await;
    linked.keeper_runs().await;
    assert_eq!(calls(&linked), 0);
    linked.assert_erased(0);
}

#[tokio::test]
async fn another_apps_token_is_not_tried() {
    let linked = Linked::with_pages(1).await;
    let app = aws_sdk_dynamodb::types::AttributeValue::S("999999999999999".to_owned());
    set(&linked.world, "connections", &linked.partition(), Some(&format!("page#{}", linked.pages[0])), "app_id", app).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.deliver(&linked.webhook(REDACT)).await;
    linked.keeper_runs().await;
    assert_eq!(calls(&linked), 0);
    linked.assert_erased(1);
}

#[tokio::test]
async fn a_page_that_moved_away_and_one_without_a_token_need_no_job() {
    let linked = Linked::with_pages(2).await;
    let other = linked.world.browser();
    let holder = linked_shop(&linked.world, &other, "other").await;
    let consent = Consent::of(&linked.person).with_pages(&linked.pages[..1]);
    assert_eq!(linked.world.move_pages(&other, &linked.pages[..1], &consent).await.status(), 200);
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.deliver(&linked.webhook(REDACT)).await;
    assert_eq!(items(&linked.world, "job#").len(), 1);
    assert_eq!(crate::support::holder(&linked.world, &linked.pages[0]), Some(holder));
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 1, "of the other store's link alone: {SHOP} was not asked about");
}
