//! After an hour of our own failure Meta unsubscribes the app from Pages, without a word: the
//! keeper reads every subscription back.

use e2e::event_bus::PUT_EVENTS;
use e2e::faults::{Fault, Times};
use serde_json::json;
use shared::store::schedule::{CHECKED_EVERY, early};

use crate::messages::{Linked, text};
use crate::support::{number, set};

const HALF: u64 = 1800;

fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

impl Linked {
    /// What the half-hours say, the oldest first: when each began, what succeeded and what failed.
    fn received(&self) -> Vec<(u64, u64, u64)> {
        let items = self.world.database.scan("connections").into_iter();
        let slot = |item: &e2e::database::StoredItem| item.text("sk")?.strip_prefix("received#")?.parse::<u64>().ok();
        let figure = |item: &e2e::database::StoredItem, name| item.text(name).map_or(0, |text| text.parse().unwrap());
        let mut received: Vec<_> =
            items.filter_map(|item| Some((slot(&item)?, figure(&item, "succeeded"), figure(&item, "failed")))).collect();
        received.sort_unstable();
        received
    }

    /// As if a half-hour that began so many half-hours ago had gone so.
    async fn went(&self, halves_ago: u64, succeeded: u64, failed: u64) {
        let slot = now() / HALF * HALF - halves_ago * HALF;
        for (name, value) in [("succeeded", succeeded), ("failed", failed), ("ttl", slot + 26 * 3600)] {
            set(&self.world, "connections", "keeper", Some(&format!("received#{slot}")), name, number(value)).await;
        }
    }

    /// As if it had been checked so many seconds ago.
    async fn was_checked(&self, seconds_ago: u64) {
        let checked_at = now() - seconds_ago;
        let due_at = early(self.uuid.parse().unwrap(), checked_at, CHECKED_EVERY);
        for (name, value) in [("due_at", due_at), ("checked_at", checked_at)] {
            set(&self.world, "connections", &self.partition(), Some(&format!("person#{}", self.person)), name, number(value)).await;
        }
    }

    /// How often the keeper asks for subscriptions of Pages in a run.
    async fn reads_back(&self) -> usize {
        self.world.facebook.clear_requests();
        self.world.invoke("token-keeper", json!({})).await;
        self.world.facebook.requests_of("subscribed_apps").len()
    }
}

#[tokio::test]
async fn deliveries_are_counted_by_the_half_hour() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    assert!(linked.told(page, &text("Hi")).await.is_some());
    assert_eq!(linked.received().iter().map(|(_, succeeded, failed)| (*succeeded, *failed)).collect::<Vec<_>>(), [(1, 0)]);
    assert!(linked.told(page, &text("Hi")).await.is_some());
    assert_eq!(linked.received().last().unwrap().1, 1, "successes are noted once a minute");
    linked.world.bus.switch_on(PUT_EVENTS, Fault::ServerError500, Times::UntilCleared);
    let delivery = linked.world.facebook.webhook_about(page, &text("Hi"));
    assert_eq!(linked.answer(&delivery).await.status, 503);
    let noted = linked.received();
    assert_eq!(noted.iter().fold((0, 0), |sum, (_, succeeded, failed)| (sum.0 + succeeded, sum.1 + failed)), (2, 1));
    let (slot, ..) = noted.last().unwrap();
    assert!(slot % HALF == 0 && now() - slot <= HALF);
    // What is no delivery of Meta's says nothing about us.
    assert_eq!(linked.world.gateway().send(&delivery.signed(None)).await.status, 401);
    assert_eq!(linked.received(), noted);
}

#[tokio::test]
async fn after_a_failed_hour_what_was_not_checked_since_is_read_back_once() {
    let linked = Linked::with_pages(2).await;
    linked.was_checked(4 * 3600).await;
    assert_eq!(linked.reads_back().await, 0, "nothing is due");
    linked.went(3, 4, 1).await;
    linked.went(2, 1, 9).await;
    linked.world.facebook.set_subscribed_fields(&linked.pages[0], &[]);
    assert!(linked.reads_back().await >= 2);
    assert!(!linked.world.facebook.subscribed_fields(&linked.pages[0]).is_empty());
    assert_eq!(linked.reads_back().await, 0, "once");
    linked.was_checked(4 * 3600).await;
    assert_eq!(linked.reads_back().await, 0, "all of the index has been gone through");
    // Another hour that failed.
    linked.went(1, 0, 3).await;
    linked.went(0, 0, 0).await;
    assert_eq!(linked.reads_back().await, 0, "which is not over");
}

#[tokio::test]
async fn what_was_checked_since_or_waits_after_a_failure_is_left_alone() {
    let linked = Linked::with_pages(1).await;
    linked.went(4, 0, 9).await;
    linked.went(3, 0, 9).await;
    linked.was_checked(600).await;
    assert_eq!(linked.reads_back().await, 0, "checked after it");

    let linked = Linked::with_pages(1).await;
    linked.went(4, 0, 9).await;
    linked.was_checked(12 * 3600).await;
    set(&linked.world, "connections", &linked.partition(), Some(&format!("person#{}", linked.person)), "failures", number(2)).await;
    assert_eq!(linked.reads_back().await, 0, "it waits for its own time");
}

#[tokio::test]
async fn what_cannot_be_read_back_now_is_by_the_next_run() {
    let linked = Linked::with_pages(1).await;
    linked.was_checked(12 * 3600).await;
    linked.went(3, 0, 9).await;
    let shard = linked.item(&format!("person#{}", linked.person)).unwrap().text("due_shard").unwrap().to_owned();
    let part: u8 = shard.parse().unwrap();
    let elsewhere = if part < 32 { [32, 63] } else { [0, 31] };
    linked.world.facebook.clear_requests();
    linked.world.invoke("token-keeper", json!({ "shards": elsewhere })).await;
    assert!(linked.world.facebook.requests_of("subscribed_apps").is_empty(), "another part of the index");
    assert!(linked.reads_back().await > 0);
    let note = linked.world.item("keeper", "received#read_back").expect("a note");
    assert_eq!(note.attributes.keys().filter(|name| name.starts_with("part_")).count(), 64);
    assert!(note.attributes["part_00"].get("N").is_some() && note.attributes.contains_key("ttl"));
}
