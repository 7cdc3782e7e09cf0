//! Leaving: what is recorded about a request, what is audited, and which of two doubts stays.

use serde_json::{Value, json};

use super::{Answer, NOW, Scripted, UUID, condition_failed, echo, found, is_tried_five_times_more, logged, refused, value_of};
use crate::{
    error::Code,
    facts::{Notice, Uninstalled},
    platform::Subject,
    providers::facebook,
    reply::cookie::Token,
    store::{
        deliveries::{RequestId, SignedBytes},
        leave::{
            disconnect::Noted,
            doubts::{About, Doubt},
            requests::{Asked, NewRequest},
            uninstall::{Cause, Left},
        },
        records::{OpenShop, samples::grant_id},
        sessions::SessionKey,
    },
};

fn request() -> NewRequest {
    NewRequest {
        code: UUID,
        platform: &facebook::PLATFORM,
        asked: Asked::Deletion,
        subject: Subject::Grant(grant_id("5")),
        issued_at: NOW - 2,
    }
}

#[tokio::test]
async fn a_request_is_due_at_once_and_kept_as_long_as_an_audit_record() {
    let table = Scripted::new(vec![found(json!({}))]);
    let taken = table.tables().record_request(&request(), &[]).await.unwrap();
    assert_eq!((taken.received_at, taken.done_at, taken.records), (NOW, None, 0));
    let item = &table.asked()[0]["Item"];
    let number = |name: &str| item[name]["N"].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!((number("received_ms"), number("due_at"), number("ttl")), (NOW * 1000, NOW, NOW + 400 * 86_400));
}

#[tokio::test]
async fn a_throttled_request_is_retried_five_times() {
    let take = async |table: &Scripted| table.tables().record_request(&request(), &[]).await;
    is_tried_five_times_more(take, |error| error.code == Code::StorageUnavailable).await;
}

#[tokio::test]
async fn a_repeated_request_is_returned_as_stored() {
    let known = json!({ "asked": { "S": "facebook/deauthorize" }, "received_ms": { "N": "5999" }, "done_at": { "N": "7" }, "records": { "N": "3" } });
    let table = Scripted::new(vec![condition_failed(known.clone()), condition_failed(Value::Null), found(json!({ "Item": known }))]);
    for _ in 0..2 {
        let taken = table.tables().record_request(&request(), &[]).await.unwrap();
        assert_eq!((taken.asked, taken.received_at, taken.done_at, taken.records), (Asked::Deauthorize, 5, Some(7), 3));
    }
    assert_eq!(table.asked().len(), 3);
}

/// The transaction that settles a request with this many records, some of which were audited
/// before.
async fn settled(records: u64, audited: u64) -> Vec<Value> {
    let item = json!({ "asked": { "S": "facebook/data-deletion" }, "done_at": { "N": "7" },
        "records": { "N": records.to_string() }, "audited": { "N": audited.to_string() } });
    let read = || found(json!({ "Item": item }));
    let table = Scripted::new(vec![read(), read(), found(json!({}))]);
    table.tables().settle(UUID).await.unwrap();
    table.asked()[2]["TransactItems"].as_array().unwrap().clone()
}

#[tokio::test]
async fn late_erasures_are_audited() {
    assert_eq!(settled(5, 5).await.len(), 1);
    let late = settled(5, 3).await;
    assert_eq!(late.len(), 2);
    let record = &late[1]["Put"]["Item"];
    assert_eq!((&record["what"]["S"], &record["records"]["N"]), (&json!("facebook/data-deletion"), &json!("2")));
}

/// A linked store, as a webhook finds it.
async fn shop() -> OpenShop {
    let item =
        json!({ "Item": { "shop": { "S": "acme.myshopify.com" }, "status": { "S": "active" }, "linked_at": { "N": NOW.to_string() } } });
    Scripted::new(vec![found(item)]).tables().shop_to_leave(UUID).await.unwrap().unwrap()
}

/// A transaction in which the writes that are `meant` failed their conditions.
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

/// The words in a write's condition.
fn words(write: &Value) -> Vec<String> {
    let condition = write["ConditionExpression"].as_str().unwrap();
    let (_, list) = condition.split_once("#doubted IN (").unwrap();
    let named = list.trim_end_matches(')').split(", ");
    let mut words: Vec<String> = named.map(|name| write["ExpressionAttributeValues"][name]["S"].as_str().unwrap().to_owned()).collect();
    words.sort();
    words
}

#[tokio::test]
async fn a_doubt_replaces_only_weaker_ones_and_joins_a_stronger() {
    let request = RequestId::of("test", b"1");
    for (about, weaker, stronger) in [
        (About::Scopes, &["scopes"][..], &["redact", "uninstalled"][..]),
        (About::Uninstalled, &["scopes", "uninstalled"], &["redact"]),
        (About::Redact, &["redact", "scopes", "uninstalled"], &[]),
    ] {
        let table = Scripted::new(vec![cancelled(is_doubt), found(json!({}))]);
        let left = table.tables().doubt_store(&shop().await, about, &request).await.unwrap();
        let asked = table.asked();
        let raised = asked[0]["TransactItems"].as_array().unwrap().iter().find(|write| is_doubt(write)).unwrap();
        let condition = raised["Put"]["ConditionExpression"].as_str().unwrap();
        assert!(condition.starts_with("(attribute_not_exists(#pk) OR #linked_at <> :v0) OR #doubted IN (:v1"), "{condition}");
        assert_eq!(raised["Put"]["ExpressionAttributeValues"][":v0"], json!({ "N": NOW.to_string() }));
        assert_eq!(words(&raised["Put"]), weaker);
        // If this fails, the request is settled only if there is a stronger one.
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
async fn bytes_first_delivered_with_another_request_are_a_change() {
    let request = RequestId::of("test", b"1").bringing(SignedBytes::of(b"bytes"));
    let is_bytes = |write: &Value| write["Put"]["Item"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("body#"));
    let table = Scripted::new(vec![cancelled(is_bytes), found(json!({}))]);
    assert_eq!(table.tables().note_delivery(&request).await.unwrap(), Left::Changed);
    assert_eq!(table.tables().note_delivery(&request).await.unwrap(), Left::Written);
    let asked = table.asked();
    let note = &asked[1]["TransactItems"].as_array().unwrap().iter().find(|write| is_bytes(write)).unwrap()["Put"];
    assert_eq!(note["ConditionExpression"], "attribute_not_exists(#pk)");
    assert_eq!(note["Item"]["ttl"]["N"], (NOW + 3650 * 86_400).to_string());
}

#[tokio::test]
async fn a_request_is_remembered_for_a_week() {
    let table = Scripted::new(vec![found(json!({}))]);
    table.tables().note_request("redact", &RequestId::of("test", b"1")).await.unwrap();
    let asked = table.asked();
    let note = asked[0]["TransactItems"].as_array().unwrap().iter().find(|write| write["Put"]["TableName"] == "sessions").unwrap();
    assert_eq!(note["Put"]["Item"]["ttl"], json!({ "N": (NOW + 7 * 86_400).to_string() }));
}

#[tokio::test]
async fn a_repeated_request_is_told_apart_from_a_changed_link() {
    let request = RequestId::of("test", b"1");
    // Regardless of which write notes the request: only its failure means that the request was
    // seen.
    for (on_delivery, left) in [(true, Left::Seen), (false, Left::Changed)] {
        let is_note = |write: &Value| write["Put"]["TableName"] == "sessions";
        let fails = move |write: &Value| is_note(write) == on_delivery;
        let table = Scripted::new(vec![cancelled(fails), cancelled(fails)]);
        assert_eq!(table.tables().doubt_store(&shop().await, About::Scopes, &request).await.unwrap(), left);
    }
}

#[tokio::test]
async fn a_request_noted_with_its_doubt_is_not_noted_again() {
    let request = RequestId::of("test", b"1");
    for (request, noted, notes) in [(Some(&request), false, 1), (Some(&request), true, 0), (None, false, 0)] {
        let table = Scripted::new(vec![found(json!({}))]);
        let cause = Cause { what: "redact", request, noted };
        assert_eq!(table.tables().begin_erasing(&shop().await, &cause).await.unwrap(), Left::Written);
        let asked = table.asked();
        let writes = asked[0]["TransactItems"].as_array().unwrap();
        assert_eq!(writes.iter().filter(|write| write["Put"]["TableName"] == "sessions").count(), notes, "{noted}");
    }
}

#[tokio::test]
async fn a_replaced_doubt_is_left_alone_and_failures_are_returned() {
    let doubt = Doubt {
        user_uuid: UUID,
        about: About::Redact,
        linked_at: NOW,
        due_at: NOW,
        request: Some(RequestId::of("test", b"1")),
        is_replayed: false,
        joined: None,
    };
    let table = Scripted::new(vec![
        condition_failed(Value::Null),
        refused("ResourceNotFoundException"),
        condition_failed(Value::Null),
        refused("ResourceNotFoundException"),
    ]);
    let tables = table.tables();
    tables.end_doubt(&doubt).await.unwrap();
    assert_eq!(tables.end_doubt(&doubt).await.unwrap_err().code, Code::StorageUnavailable);
    tables.postpone_doubt(&doubt, NOW + 60).await.unwrap();
    assert_eq!(tables.postpone_doubt(&doubt, NOW + 60).await.unwrap_err().code, Code::StorageUnavailable);
    let asked = table.asked();
    assert_eq!(asked.len(), 4);
    for asked in asked {
        assert_eq!(value_of(&asked, "request")["S"], doubt.request.as_ref().unwrap().as_str());
        assert!(asked["ConditionExpression"].as_str().unwrap().contains("#request = :v2 OR"));
    }
}

#[tokio::test]
async fn a_newer_notice_wins_silently_and_a_storage_failure_is_logged() {
    let key = SessionKey::of(&Token::generate().unwrap());
    let (before, after) = (Notice::Store { uninstalled: Uninstalled::NotAsked }, Notice::Store { uninstalled: Uninstalled::Done });
    let table = Scripted::new(vec![found(json!({})), condition_failed(Value::Null), refused("ResourceNotFoundException")]);
    let sessions = table.sessions();
    let noted = Noted { notice: before, at_ms: NOW * 1000 };
    sessions.note(&key, noted, before).await;
    assert!(table.asked().is_empty(), "it says so already");
    for is_told in [false, false, true] {
        let log = logged(sessions.note(&key, noted, after)).await;
        assert_eq!(log.contains("what a disconnect did is not noted"), is_told, "{log}");
    }
}

#[tokio::test]
async fn a_link_is_identified_by_generation_version_and_time() {
    let item = json!({ "Item": {
        "shop": { "S": "acme.myshopify.com" }, "generation": { "N": "2" }, "version": { "N": "5" }, "linked_at": { "N": "7" }, "linked_ms": { "N": "7999" },
    } });
    let shop = Scripted::new(vec![found(item)]).tables().shop_to_leave(UUID).await.unwrap().unwrap();
    assert_eq!((shop.generation, shop.version), (2, 5));
    assert_eq!((shop.linked_at, shop.linked_ms), (7, 7999));
}

#[tokio::test]
async fn a_grant_is_used_while_a_page_of_a_live_store_rests_on_it() {
    let store = |status: &str| json!({ "sk": { "S": "store" }, "status": { "S": status } });
    let account = |grant: &str, status: &str| json!({ "sk": { "S": "page#1" }, "status": { "S": status }, "granted_by": { "S": grant }, "access_token": { "B": "eA==" } });
    let without_token = json!({ "sk": { "S": "page#1" }, "status": { "S": "moved" }, "granted_by": { "S": "5" } });
    for (items, is_used) in [
        (vec![store("active"), account("5", "active")], true),
        (vec![store("reconnect_needed"), account("5", "active")], true),
        (vec![store("erasing"), account("5", "active")], false),
        (vec![account("5", "active")], false),
        (vec![store("active"), account("6", "active")], false),
        // An account declared dead keeps its token for a while.
        (vec![store("active"), account("5", "reconnect_needed")], true),
        (vec![store("active"), without_token.clone()], false),
        (vec![store("active")], false),
    ] {
        let told = format!("{items:?}");
        let count = items.len();
        let of_person = json!({ "Items": [{ "pk": { "S": format!("uuid#{UUID}") } }], "Count": 1, "ScannedCount": 1 });
        let everything = json!({ "Items": items, "Count": count, "ScannedCount": count });
        let table = Scripted::new(vec![found(of_person), found(everything)]);
        assert_eq!(table.tables().grant_is_used(&grant_id("5")).await.unwrap(), is_used, "{told}");
    }
}
