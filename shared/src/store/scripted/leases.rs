//! Leases: what is retried, why one is not granted, and how it is returned.

use std::time::Duration;

use serde_json::{Value, json};

use super::{NOW, Scripted, condition_failed, found, is_tried_five_times_more, logged, refused, value_of};
use crate::{
    Code, Error,
    providers::shopify,
    store::leases::{Lease, LeaseAnswer},
};

const SINCE: u64 = NOW * 1000 - 500;
const LENGTH: Duration = Duration::from_secs(10);

async fn ask(table: &Scripted) -> Result<LeaseAnswer, Error> {
    table.sessions().lease(&shopify::PLATFORM, "acme.myshopify.com", LENGTH, SINCE).await
}

async fn lease(table: &Scripted) -> Lease {
    match ask(table).await {
        Ok(LeaseAnswer::Granted(lease)) => lease,
        answer => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn a_throttled_lease_request_is_retried_five_times() {
    is_tried_five_times_more(async |table| ask(table).await, |error| error.code == Code::StorageUnavailable).await;
}

#[tokio::test]
async fn a_lease_lasts_as_requested_and_its_item_longer() {
    let table = Scripted::new(vec![found(json!({}))]);
    let lease = lease(&table).await;
    let asked = &table.asked()[0];
    let set = json!({ "UpdateExpression": asked["UpdateExpression"], "ExpressionAttributeValues": asked["ExpressionAttributeValues"] });
    assert_eq!(value_of(&set, "lease_until")["N"], (NOW * 1000 + 10_000).to_string());
    let ttl: u64 = value_of(&set, "ttl")["N"].as_str().unwrap().parse().unwrap();
    assert!(ttl > NOW + 10 && ttl < NOW + 24 * 3600, "in seconds: {ttl}");
    assert!(table.sessions().lasts(&lease, LENGTH));
    assert!(!table.sessions().lasts(&lease, LENGTH + Duration::from_millis(1)));
}

#[tokio::test]
async fn a_failure_counts_from_the_requested_moment_on() {
    let failed = |at: u64| condition_failed(json!({ "failed_at": { "N": at.to_string() }, "failure": { "S": "misconfigured" } }));
    let table = Scripted::new(vec![failed(SINCE), failed(SINCE - 1), condition_failed(json!({})), condition_failed(Value::Null)]);
    assert!(matches!(ask(&table).await.unwrap(), LeaseAnswer::Failed(failure) if failure == "misconfigured"));
    for _ in 0..3 {
        assert!(matches!(ask(&table).await.unwrap(), LeaseAnswer::Held));
    }
}

#[tokio::test]
async fn losing_a_lease_is_silent_but_failing_to_return_one_is_logged() {
    let table =
        Scripted::new(vec![found(json!({})), found(json!({})), condition_failed(Value::Null), refused("ResourceNotFoundException")]);
    let lease = lease(&table).await;
    let sessions = table.sessions();
    for is_told in [false, false, true] {
        let log = logged(sessions.release(&lease, None)).await;
        assert_eq!(log.contains("lease not released"), is_told, "{log}");
    }
}
