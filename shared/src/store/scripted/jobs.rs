//! Jobs that are late, or whose key is unknown.

use base64::Engine as _;
use serde_json::{Value, json};

use super::{NOW, Scripted, UUID, condition_failed, found, keys, refused, value_of};
use crate::{
    Secret,
    encryption::Place,
    error::Code,
    platform::CompanionId,
    providers::{
        facebook::PAGE,
        news::{End, Removal},
        whatsapp::{PLATFORM, WABA},
    },
    store::jobs::FoundJob,
};

/// A job sealed with the key with this id.
fn job(key: &str, end: u64) -> Value {
    sealed(key, ("facebook", "unsubscribe"), "101 page-token", end)
}

fn sealed(key: &str, (platform, kind): (&str, &str), content: &str, end: u64) -> Value {
    let place = Place { user_uuid: UUID, platform, account: "job", attribute: kind };
    let sealed = keys(key).seal(place, &Secret::new(content)).unwrap();
    let sealed = base64::prelude::BASE64_STANDARD.encode(sealed);
    json!({ "Item": { "app_id": { "S": "1" }, "sealed": { "B": sealed }, "ttl": { "N": end.to_string() } } })
}

#[tokio::test]
async fn a_job_is_over_after_its_time() {
    let table = Scripted::new(vec![found(job("k1", NOW + 1)), found(job("k1", NOW)), found(json!({}))]);
    let tables = table.tables();
    let Some(FoundJob::Unsubscribe(job)) = tables.load_job(UUID, PAGE.job).await.unwrap() else { panic!("not to be done") };
    assert_eq!((job.account.as_str(), job.token.expose(), job.app_id.as_str()), ("101", "page-token", "1"));
    assert!(matches!(tables.load_job(UUID, PAGE.job).await.unwrap(), Some(FoundJob::Over)));
    assert!(tables.load_job(UUID, PAGE.job).await.unwrap().is_none());
}

#[tokio::test]
async fn a_job_waits_for_an_unknown_key_until_it_is_over() {
    let table = Scripted::new(vec![found(job("k2", NOW + 1)), found(job("k2", NOW))]);
    let tables = table.tables();
    assert_eq!(tables.load_job(UUID, PAGE.job).await.unwrap_err().code, Code::StorageUnavailable);
    assert!(matches!(tables.load_job(UUID, PAGE.job).await.unwrap(), Some(FoundJob::Over)));
}

#[tokio::test]
async fn a_finished_job_is_not_postponed_and_failures_are_returned() {
    let table = Scripted::new(vec![found(json!({})), condition_failed(Value::Null), refused("ResourceNotFoundException")]);
    let tables = table.tables();
    tables.postpone_job(UUID, PAGE.job, NOW + 60).await.unwrap();
    tables.postpone_job(UUID, PAGE.job, NOW + 60).await.unwrap();
    assert_eq!(tables.postpone_job(UUID, PAGE.job, NOW + 60).await.unwrap_err().code, Code::StorageUnavailable);
    assert_eq!(*value_of(&table.asked()[0], "due_at"), json!({ "N": (NOW + 60).to_string() }));
}

fn removal() -> Removal {
    let companion = CompanionId::parse(&WABA, "102").unwrap();
    Removal { companion, end: End::NeedsLink, reason: "change_number".to_owned(), at: NOW - 60 }
}

#[tokio::test]
async fn a_doubt_is_read_back_and_another_versions_is_over() {
    let kind = WABA.doubt.unwrap();
    let doubt = |content: &str| {
        let mut job = sealed("k1", ("whatsapp", kind), content, NOW + 1);
        job["Item"]["issued_at"] = json!({ "N": (NOW - 60).to_string() });
        found(job)
    };
    let wrong = ["102 needs_link", "x gone why", "102 other why", "102"];
    let timeless = found(sealed("k1", ("whatsapp", kind), "102 gone why", NOW + 1));
    let read = ["102 needs_link change_number"].into_iter().chain(wrong).map(doubt).chain([timeless]);
    let table = Scripted::new(read.collect());
    let tables = table.tables();
    let Some(FoundJob::Doubt(said)) = tables.load_job(UUID, kind).await.unwrap() else { panic!("not to be settled") };
    assert_eq!(said, removal());
    for wrong in wrong.into_iter().chain(["without a time"]) {
        assert!(matches!(tables.load_job(UUID, kind).await.unwrap(), Some(FoundJob::Over)), "{wrong}");
    }
}

#[tokio::test]
async fn repeated_reports_are_one_doubt_and_illegible() {
    let other = Removal { at: NOW - 61, ..removal() };
    let table = Scripted::new(vec![found(json!({})), condition_failed(Value::Null), found(json!({}))]);
    let tables = table.tables();
    for removal in [removal(), removal(), other] {
        tables.doubt_accounts(&removal, &PLATFORM, "1").await.unwrap();
    }
    let asked = table.asked();
    let keys: Vec<&str> = asked.iter().map(|asked| asked["Item"]["pk"]["S"].as_str().unwrap()).collect();
    assert!(keys[0] == keys[1] && keys[0] != keys[2], "{keys:?}");
    let now = json!(NOW.to_string());
    assert!(asked.iter().all(|asked| asked["ConditionExpression"].is_string() && asked["Item"]["due_at"]["N"] == now));
    assert!(!asked[0].to_string().contains("change_number"));
}
