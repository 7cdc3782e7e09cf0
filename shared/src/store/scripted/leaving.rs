//! Requests to leave: what is taken down, what the audit is told, and which of two doubts stays.

use serde_json::{Value, json};

use super::{Answer, NOW, Scripted, UUID, condition_failed, echo, found, is_tried_five_times_more};
use crate::{
    error::Code,
    providers::facebook::signed_request::Subject,
    store::{
        deliveries::{RequestId, SignedBytes},
        departures::{Asked, Leave},
        doubts::About,
        erase::Cause,
        leaving::{Leaver, Left},
    },
};

fn leave() -> Leave {
    Leave { code: UUID, asked: Asked::Deletion, subject: Subject::Person("5".to_owned()), issued_at: NOW - 2 }
}

#[tokio::test]
async fn a_request_is_due_at_once_and_kept_as_long_as_an_audit_record() {
    let table = Scripted::new(vec![found(json!({}))]);
    let taken = table.connections().take_leave(&leave(), &[]).await.unwrap();
    assert_eq!((taken.received_at, taken.done_at, taken.records), (NOW, None, 0));
    let item = &table.asked()[0]["Item"];
    let number = |name: &str| item[name]["N"].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!((number("received_ms"), number("due_at"), number("ttl")), (NOW * 1000, NOW, NOW + 400 * 86_400));
}

#[tokio::test]
async fn a_request_that_is_held_back_is_tried_five_times_more() {
    let take = async |table: &Scripted| table.connections().take_leave(&leave(), &[]).await;
    is_tried_five_times_more(take, |error| error.code == Code::StorageUnavailable).await;
}

#[tokio::test]
async fn a_request_that_came_before_is_given_back_as_it_stands() {
    let known = json!({ "asked": { "S": "facebook/deauthorize" }, "received_ms": { "N": "5999" }, "done_at": { "N": "7" }, "records": { "N": "3" } });
    let table = Scripted::new(vec![condition_failed(known.clone()), condition_failed(Value::Null), found(json!({ "Item": known }))]);
    for _ in 0..2 {
        let taken = table.connections().take_leave(&leave(), &[]).await.unwrap();
        assert_eq!((taken.asked, taken.received_at, taken.done_at, taken.records), (Asked::Deauthorize, 5, Some(7), 3));
    }
    assert_eq!(table.asked().len(), 3);
}

/// The transaction that a request with so many records, of which the audit knows some, is settled with.
async fn settled(records: u64, audited: u64) -> Vec<Value> {
    let item = json!({ "asked": { "S": "facebook/data-deletion" }, "done_at": { "N": "7" },
        "records": { "N": records.to_string() }, "audited": { "N": audited.to_string() } });
    let read = || found(json!({ "Item": item }));
    let table = Scripted::new(vec![read(), read(), found(json!({}))]);
    table.connections().settle_leave(UUID).await.unwrap();
    table.asked()[2]["TransactItems"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_was_erased_late_is_told_to_the_audit() {
    assert_eq!(settled(5, 5).await.len(), 1);
    let late = settled(5, 3).await;
    assert_eq!(late.len(), 2);
    let record = &late[1]["Put"]["Item"];
    assert_eq!((&record["what"]["S"], &record["records"]["N"]), (&json!("facebook/data-deletion"), &json!("2")));
}

/// A linked store, as a webhook finds it.
async fn leaver() -> Leaver {
    let item =
        json!({ "Item": { "shop": { "S": "acme.myshopify.com" }, "status": { "S": "active" }, "linked_at": { "N": NOW.to_string() } } });
    Scripted::new(vec![found(item)]).connections().leaver(UUID).await.unwrap().unwrap()
}

/// A transaction of which the writes that are `meant` failed for their conditions.
fn cancelled(meant: impl Fn(&Value) -> bool + Send + 'static) -> Answer {
    let failed = echo(move |asked| {
        let code = |write| if meant(write) { "ConditionalCheckFailed" } else { "None" };
        let reasons: Vec<Value> = asked["TransactItems"].as_array().unwrap().iter().map(|write| json!({ "Code": code(write) })).collect();
        json!({ "__type": "TransactionCanceledException", "CancellationReasons": reasons })
    });
    (400, failed.1)
}

fn is_doubt(write: &Value) -> bool {
    write["Put"]["Item"]["sk"]["S"] == "doubt"
}

/// The words that a write's condition names.
fn words(write: &Value) -> Vec<String> {
    let values = write["ExpressionAttributeValues"].as_object().unwrap();
    let named = values.iter().filter(|(name, _)| name.starts_with(":word"));
    let mut words: Vec<String> = named.map(|(_, value)| value["S"].as_str().unwrap().to_owned()).collect();
    words.sort();
    words
}

#[tokio::test]
async fn a_doubt_takes_the_place_of_none_that_is_stronger() {
    let request = RequestId::of("test", b"1");
    for (about, weaker, stronger) in [
        (About::Scopes, &["scopes"][..], &["redact", "uninstalled"][..]),
        (About::Uninstalled, &["scopes", "uninstalled"], &["redact"]),
        (About::Redact, &["redact", "scopes", "uninstalled"], &[]),
    ] {
        let table = Scripted::new(vec![cancelled(is_doubt), found(json!({}))]);
        let left = table.connections().doubt_store(&leaver().await, about, &request).await.unwrap();
        let asked = table.asked();
        let raised = asked[0]["TransactItems"].as_array().unwrap().iter().find(|write| is_doubt(write)).unwrap();
        let condition = raised["Put"]["ConditionExpression"].as_str().unwrap();
        assert!(condition.starts_with("attribute_not_exists(pk) OR linked_at <> :linked_at OR doubted IN (:word0"), "{condition}");
        assert_eq!(words(&raised["Put"]), weaker);
        // Where it fails, a stronger one has to be there for the request to be settled.
        if stronger.is_empty() {
            assert_eq!((left, asked.len()), (Left::Changed, 1));
        } else {
            assert_eq!((left, asked.len()), (Left::Written, 2));
            let writes = asked[1]["TransactItems"].as_array().unwrap();
            assert!(!writes.iter().any(is_doubt));
            assert_eq!(words(&writes[1]["Update"]), stronger);
        }
    }
}

#[tokio::test]
async fn bytes_that_came_first_with_another_request_are_a_change() {
    let request = RequestId::of("test", b"1").bringing(SignedBytes::of(b"bytes"));
    let is_bytes = |write: &Value| write["Put"]["Item"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("body#"));
    let table = Scripted::new(vec![cancelled(is_bytes), found(json!({}))]);
    assert_eq!(table.connections().note_delivery(&request).await.unwrap(), Left::Changed);
    assert_eq!(table.connections().note_delivery(&request).await.unwrap(), Left::Written);
    let asked = table.asked();
    let note = &asked[1]["TransactItems"].as_array().unwrap().iter().find(|write| is_bytes(write)).unwrap()["Put"];
    assert_eq!(note["ConditionExpression"], "attribute_not_exists(pk)");
    assert_eq!(note["Item"]["ttl"]["N"], (NOW + 3650 * 86_400).to_string());
}

#[tokio::test]
async fn a_request_is_remembered_for_a_week() {
    let table = Scripted::new(vec![found(json!({}))]);
    table.connections().note_request("redact", &RequestId::of("test", b"1")).await.unwrap();
    let asked = table.asked();
    let note = asked[0]["TransactItems"].as_array().unwrap().iter().find(|write| write["Put"]["TableName"] == "sessions").unwrap();
    assert_eq!(note["Put"]["Item"]["ttl"], json!({ "N": (NOW + 7 * 86_400).to_string() }));
}

#[tokio::test]
async fn a_request_that_has_had_its_effect_is_told_from_a_link_that_changed() {
    let request = RequestId::of("test", b"1");
    // Whichever of the writes is the note of the request: it alone is a request that was seen.
    for (on_delivery, left) in [(true, Left::Seen), (false, Left::Changed)] {
        let is_note = |write: &Value| write["Put"]["TableName"] == "sessions";
        let fails = move |write: &Value| is_note(write) == on_delivery;
        let table = Scripted::new(vec![cancelled(fails), cancelled(fails)]);
        assert_eq!(table.connections().doubt_store(&leaver().await, About::Scopes, &request).await.unwrap(), left);
    }
}

#[tokio::test]
async fn a_request_that_was_noted_with_its_doubt_is_not_noted_again() {
    let request = RequestId::of("test", b"1");
    for (request, noted, notes) in [(Some(&request), false, 1), (Some(&request), true, 0), (None, false, 0)] {
        let table = Scripted::new(vec![found(json!({}))]);
        let cause = Cause { what: "redact", request, noted };
        assert_eq!(table.connections().begin_erasing(&leaver().await, &cause).await.unwrap(), Left::Written);
        let asked = table.asked();
        let writes = asked[0]["TransactItems"].as_array().unwrap();
        assert_eq!(writes.iter().filter(|write| write["Put"]["TableName"] == "sessions").count(), notes, "{noted}");
    }
}
