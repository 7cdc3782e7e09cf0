//! A bus or tables that fail: nothing is said to be taken that is not on the bus, and the answer
//! leaves in time.

use std::collections::BTreeSet;

use e2e::database::DatabaseFault;
use e2e::event_bus::PUT_EVENTS;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use crate::messages::{FUNCTION, Linked, measured, text};

impl Linked {
    /// Meta is told to come again.
    async fn is_put_off(&self, account: &str) {
        let reply = self.answer(&self.world.facebook.webhook_about(account, &text("Hi"))).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (503, Some("storage_unavailable")), "{}", reply.text());
        assert!(reply.header("retry-after").is_some());
    }
}

#[tokio::test]
async fn a_bus_that_fails_has_meta_come_again_in_time() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    for fault in [Fault::ServerError500, Fault::Throttled429, Fault::Hang, Fault::HtmlBody, Fault::Reset, Fault::TruncatedJson] {
        let name = format!("{fault:?}");
        linked.world.bus.switch_on(PUT_EVENTS, fault, Times::UntilCleared);
        linked.is_put_off(page).await;
        linked.world.bus.clear_faults();
        linked.world.bus.take_puts();
        assert!(linked.told(page, &text(&name)).await.is_some(), "{name}: and then it is well");
    }
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    for fault in [Fault::ServerError500, Fault::Throttled429, Fault::Reset, Fault::Hang] {
        linked.world.bus.switch_on(PUT_EVENTS, fault, Times::Once);
        assert!(linked.told(page, &text("Hi")).await.is_some());
        linked.world.bus.clear_faults();
    }
    linked.world.bus.switch_on(PUT_EVENTS, Fault::LostReply, Times::Once);
    let told = linked.deliver(&linked.world.facebook.webhook_about(page, &text("Hi"))).await;
    assert_eq!((told.len(), &told[0]), (2, &told[1]), "twice, under the same id");
}

#[tokio::test]
async fn of_a_call_only_what_was_refused_is_put_again() {
    let linked = Linked::with_pages(1).await;
    let facebook = &linked.world.facebook;
    for code in ["ThrottlingException", "InternalFailure"] {
        let delivery = facebook.webhook((0..10).map(|n| facebook.update(&linked.pages[0], "7", &text(&n.to_string()))));
        linked.world.bus.refuse(code, Times::Exactly(3));
        let told = linked.deliver(&delivery).await;
        let ids: BTreeSet<String> = told.iter().map(|told| told["event_id"].to_string()).collect();
        assert_eq!((told.len(), ids.len()), (10, 10), "{code}");
    }
    linked.world.bus.refuse("ThrottlingException", Times::UntilCleared);
    linked.is_put_off(&linked.pages[0]).await;
    linked.world.bus.clear_refusals();
    // What is wrong with our own settings is for Meta to keep.
    linked.world.bus.refuse("NotAuthorizedForSourceException", Times::Once);
    linked.is_put_off(&linked.pages[0]).await;
}

#[tokio::test]
async fn what_the_bus_refuses_for_good_holds_up_nobody() {
    let linked = Linked::with_pages(1).await;
    let facebook = &linked.world.facebook;
    let delivery = || facebook.webhook(["good", "bad", "well"].map(|words| facebook.update(&linked.pages[0], "7", &text(words))));
    let is_bad = |put: &e2e::event_bus::Put| put.detail["text"] == "bad";
    linked.world.bus.refuse_where("MalformedDetail", Times::Once, is_bad);
    let told = linked.deliver(&delivery()).await;
    let truncated: Vec<(&Value, bool)> = told.iter().map(|told| (&told["text"], told.get("truncated").is_some())).collect();
    assert_eq!(truncated, [(&json!("good"), false), (&json!("well"), false), (&json!("bad"), true)]);
    assert_eq!(measured(&linked.world, "MessagesPut"), Some(3));
    linked.world.bus.refuse_where("MalformedDetail", Times::UntilCleared, is_bad);
    let told = linked.deliver(&delivery()).await;
    assert_eq!((told.len(), measured(&linked.world, "MessagesLost"), measured(&linked.world, "MessagesPut")), (2, Some(1), Some(2)));
    assert!(linked.world.function(FUNCTION).logs().contains("takes these messages in no form"));
}

#[tokio::test]
async fn a_bus_that_is_not_there_is_no_loss() {
    let world = World::builder().env_of(FUNCTION, "MESSAGE_BUS_NAME", "nowhere").start().await;
    let linked = Linked::begun(world, 1).await;
    linked.is_put_off(&linked.pages[0]).await;
}

#[tokio::test]
async fn tables_that_fail_have_meta_come_again_in_time() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    for fault in [DatabaseFault::Hang, DatabaseFault::InternalError, DatabaseFault::Throttled] {
        linked.world.database.fail(fault, 1000);
        linked.is_put_off(page).await;
        linked.world.database.clear_faults();
        assert!(linked.world.bus.take_puts().is_empty());
        assert!(linked.told(page, &text("Hi")).await.is_some());
    }
}

#[tokio::test]
async fn a_note_of_how_it_went_costs_no_message() {
    let linked = Linked::with_pages(1).await;
    for fault in [DatabaseFault::Hang, DatabaseFault::InternalError] {
        linked.world.database.fail_operation("UpdateItem", fault, 1000);
        assert!(linked.told(&linked.pages[0], &text("Hi")).await.is_some());
        linked.world.database.clear_faults();
    }
}
