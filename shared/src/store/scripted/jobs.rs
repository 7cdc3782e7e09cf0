//! Jobs that are late, or whose key is not known.

use base64::Engine as _;
use serde_json::{Value, json};

use super::{NOW, Scripted, UUID, condition_failed, found, keys, refused, value_of};
use crate::{Secret, encryption::Place, error::Code, providers::facebook::PAGE, store::jobs::FoundJob};

/// A job sealed with the key of that id.
fn job(key: &str, end: u64) -> Value {
    let place = Place { user_uuid: UUID, platform: "facebook", account: "job", attribute: "unsubscribe" };
    let sealed = keys(key).seal(place, &Secret::new("101 page-token")).unwrap();
    let sealed = base64::prelude::BASE64_STANDARD.encode(sealed);
    json!({ "Item": { "app_id": { "S": "1" }, "sealed": { "B": sealed }, "ttl": { "N": end.to_string() } } })
}

#[tokio::test]
async fn a_job_is_over_when_its_time_is() {
    let table = Scripted::new(vec![found(job("k1", NOW + 1)), found(job("k1", NOW)), found(json!({}))]);
    let tables = table.tables();
    let Some(FoundJob::Unsubscribe(job)) = tables.load_job(UUID, PAGE.job).await.unwrap() else { panic!("not to be done") };
    assert_eq!((job.account.as_str(), job.token.expose(), job.app_id.as_str()), ("101", "page-token", "1"));
    assert!(matches!(tables.load_job(UUID, PAGE.job).await.unwrap(), Some(FoundJob::Over)));
    assert!(tables.load_job(UUID, PAGE.job).await.unwrap().is_none());
}

#[tokio::test]
async fn a_key_that_is_not_known_yet_is_waited_for_until_the_job_is_over() {
    let table = Scripted::new(vec![found(job("k2", NOW + 1)), found(job("k2", NOW))]);
    let tables = table.tables();
    assert_eq!(tables.load_job(UUID, PAGE.job).await.unwrap_err().code, Code::StorageUnavailable);
    assert!(matches!(tables.load_job(UUID, PAGE.job).await.unwrap(), Some(FoundJob::Over)));
}

#[tokio::test]
async fn a_job_that_another_did_is_not_put_off_and_a_failure_is_told() {
    let table = Scripted::new(vec![found(json!({})), condition_failed(Value::Null), refused("ResourceNotFoundException")]);
    let tables = table.tables();
    tables.postpone_job(UUID, PAGE.job, NOW + 60).await.unwrap();
    tables.postpone_job(UUID, PAGE.job, NOW + 60).await.unwrap();
    assert_eq!(tables.postpone_job(UUID, PAGE.job, NOW + 60).await.unwrap_err().code, Code::StorageUnavailable);
    assert_eq!(*value_of(&table.asked()[0], "due_at"), json!({ "N": (NOW + 60).to_string() }));
}
