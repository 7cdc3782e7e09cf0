//! `CHECK_EVERY_DAYS`: how often a person is asked about, and what does not wait for that.

use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::json;

use super::{DAY, Linked, now, number};
use crate::support::{linked_pages, linked_shop, set};

async fn weekly(pages: usize) -> Linked {
    Linked::in_world(World::builder().env_of("token-keeper", "CHECK_EVERY_DAYS", "7"), pages).await
}

#[tokio::test]
async fn a_week_may_pass_between_two_checks_but_not_before_the_first() {
    let linked = weekly(1).await;
    assert!(number(&linked.grant(), "due_at") <= now() + DAY, "a new link is looked at within a day");
    linked.visit().await;
    let due = number(&linked.grant(), "due_at");
    assert!((now() + 6 * DAY..=now() + 7 * DAY).contains(&due), "{due}");
}

#[tokio::test]
async fn a_token_that_could_not_be_exchanged_is_tried_daily_all_the_same() {
    let linked = weekly(1).await;
    linked.age().await;
    let refused = Fault::json(400, &json!({"error": {"code": 200, "message": "…"}}));
    linked.world.facebook.switch_on("long_lived_exchange", refused, Times::UntilCleared);
    linked.visit().await;
    let due = number(&linked.grant(), "due_at");
    assert!(due <= now() + DAY, "{due}");
}

#[tokio::test]
async fn after_a_failed_hour_everything_is_read_back_whatever_the_interval_is_and_was() {
    let half = now() / 1800 * 1800;
    for (days, age) in [("7", 3 * DAY), ("1", 3 * DAY)] {
        let linked = Linked::in_world(World::builder().env_of("token-keeper", "CHECK_EVERY_DAYS", days), 1).await;
        linked.visit().await;
        // Checked three days ago, when a week was to pass until the next check.
        linked.set_of_person("checked_at", now() - age).await;
        linked.set_of_person("due_at", now() - age + 7 * DAY).await;
        linked.world.facebook.clear_requests();
        linked.run().await;
        assert_eq!(linked.calls("subscribed_apps"), 0, "{days}: nothing has failed");
        for slot in [half - 3 * 1800, half - 2 * 1800] {
            set(&linked.world, "connections", "keeper", Some(&format!("received#{slot}")), "failed", crate::support::number(9)).await;
        }
        linked.run().await;
        assert!(linked.calls("subscribed_apps") > 0, "{days}");
        linked.world.facebook.clear_requests();
        linked.run().await;
        assert_eq!(linked.calls("subscribed_apps"), 0, "{days}: once");
    }
}

#[tokio::test]
async fn a_link_is_looked_at_as_after_any_link() {
    let linked = weekly(1).await;
    linked.visit().await;
    let browser = linked.world.browser();
    linked_shop(&linked.world, &browser, "acme").await;
    linked_pages(&linked.world, &browser, &Consent::of(&linked.person)).await;
    assert!(number(&linked.grant(), "due_at") <= now() + DAY);
}
