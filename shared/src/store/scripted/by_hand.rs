//! An operator's commands about a record, and records that change at that moment.

use serde_json::{Value, json};

use super::{NOW, Scripted, UUID, condition_failed, found, refused_with, value_of};
use crate::{
    providers::PLATFORMS,
    store::{
        keep::{by_hand::ByHand, due::DueKey},
        leave::sign_out::SignedOut,
        records::{Shop, samples},
    },
};

/// A due record with these extra attributes.
fn due(more: Value) -> Value {
    let mut item = json!({ "due_shard": { "S": "07" }, "due_at": { "N": "5" }, "failures": { "N": "3" } });
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "Item": item })
}

fn named(place: &str) -> DueKey {
    DueKey::named(&format!("uuid#{UUID}/{place}"), PLATFORMS).unwrap()
}

fn job() -> DueKey {
    DueKey::named(&format!("job#{UUID}/unsubscribe"), PLATFORMS).unwrap()
}

fn cancelled() -> super::Answer {
    refused_with(
        "TransactionCanceledException",
        json!({ "CancellationReasons": [{ "Code": "ConditionalCheckFailed" }, { "Code": "None" }] }),
    )
}

#[tokio::test]
async fn a_record_is_rescheduled_only_as_it_was_read() {
    let table = Scripted::new(vec![
        found(due(json!({}))),
        found(json!({})),
        found(due(json!({}))),
        condition_failed(Value::Null),
        found(json!({})),
    ]);
    let tables = table.tables();
    assert_eq!(tables.retry_by_hand(&named("store")).await.unwrap(), ByHand::Done);
    assert_eq!(tables.put_off_by_hand(&named("store"), NOW + 60).await.unwrap(), ByHand::Changed);
    assert_eq!(tables.retry_by_hand(&named("store")).await.unwrap(), ByHand::Gone);
    let asked = table.asked();
    for (write, then) in [(&asked[1], NOW), (&asked[3], NOW + 60)] {
        assert_eq!(write["UpdateExpression"], "SET #due_at = :v3");
        assert_eq!(write["ExpressionAttributeValues"][":v3"], json!({ "N": then.to_string() }));
        assert_eq!((value_of(write, "due_shard"), value_of(write, "failures")), (&json!({ "S": "07" }), &json!({ "N": "3" })));
    }
    assert_eq!(asked.len(), 5);
}

#[tokio::test]
async fn unscheduled_records_are_left_alone() {
    let forgotten = json!({ "Item": { "due_shard": { "S": "07" }, "status": { "S": "reconnect_needed" } } });
    let table = Scripted::new((0..3).map(|_| found(forgotten.clone())).collect());
    let tables = table.tables();
    assert_eq!(tables.retry_by_hand(&named("store")).await.unwrap(), ByHand::Gone);
    assert_eq!(tables.put_off_by_hand(&named("store"), NOW + 60).await.unwrap(), ByHand::Gone);
    assert_eq!(tables.drop_by_hand(&named("store")).await.unwrap(), ByHand::Gone);
}

#[tokio::test]
async fn a_record_to_erase_is_retried_but_never_postponed_or_dropped() {
    let request = DueKey::named(&format!("deletion#{}/status", UUID.simple()), PLATFORMS).unwrap();
    let redact = || due(json!({ "doubted": { "S": "redact" } }));
    for (key, item) in [
        (named("store"), due(json!({ "status": { "S": "erasing" } }))),
        (named("doubt"), redact()),
        (named("doubt"), due(json!({ "doubted": { "S": "of-a-later-version" } }))),
        (request, due(json!({}))),
    ] {
        let table = Scripted::new(vec![found(item.clone()), found(item.clone()), found(item), found(json!({}))]);
        let tables = table.tables();
        assert_eq!(tables.put_off_by_hand(&key, NOW + 60).await.unwrap(), ByHand::Erasing, "{key:?}");
        assert_eq!(tables.drop_by_hand(&key).await.unwrap(), ByHand::Erasing, "{key:?}");
        assert_eq!(tables.retry_by_hand(&key).await.unwrap(), ByHand::Done, "{key:?}");
    }
}

#[tokio::test]
async fn jobs_and_other_doubts_are_dropped_as_read_with_an_audit_record() {
    let doubt = || due(json!({ "doubted": { "S": "scopes" }, "request": { "S": "hash" } }));
    let table = Scripted::new(vec![found(due(json!({}))), found(json!({})), found(doubt()), cancelled(), found(doubt()), found(json!({}))]);
    let tables = table.tables();
    assert_eq!(tables.drop_by_hand(&job()).await.unwrap(), ByHand::Done);
    assert_eq!(tables.drop_by_hand(&named("doubt")).await.unwrap(), ByHand::Changed);
    assert_eq!(tables.drop_by_hand(&named("doubt")).await.unwrap(), ByHand::Done);
    let asked = table.asked();
    for (write, what) in [(&asked[1], "operator/drop-unsubscribe"), (&asked[5], "operator/drop-doubt")] {
        let [delete, audit] = &write["TransactItems"].as_array().unwrap()[..] else { panic!("{write}") };
        assert_eq!(audit["Put"]["Item"]["what"], json!({ "S": what }));
        assert!(delete["Delete"]["ConditionExpression"].as_str().unwrap().contains("#due_at = "), "{delete}");
    }
    let condition = &asked[5]["TransactItems"][0]["Delete"];
    assert_eq!(value_of(condition, "request"), &json!({ "S": "hash" }));
}

#[tokio::test]
async fn stores_and_grants_are_not_dropped() {
    for key in [named("store"), named("person#8")] {
        let table = Scripted::new(vec![found(due(json!({ "status": { "S": "active" } })))]);
        assert_eq!(table.tables().drop_by_hand(&key).await.unwrap(), ByHand::LookedAfter);
    }
}

#[tokio::test]
async fn sessions_end_eighty_at_a_time_until_the_link_changes() {
    let sessions = (0..170).map(|n| (format!("hash-{n:03}"), 1)).collect();
    let shop = Shop { sessions, ..samples::shop() };
    let table = Scripted::new(vec![found(json!({})), found(json!({})), found(json!({})), found(json!({})), cancelled()]);
    let tables = table.tables();
    assert_eq!(tables.sign_out(&shop).await.unwrap(), SignedOut::Whole(170));
    assert_eq!(tables.sign_out(&shop).await.unwrap(), SignedOut::Changed(80));
    let asked = table.asked();
    let sizes: Vec<usize> = asked.iter().map(|write| write["TransactItems"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [81, 81, 11, 81, 81]);
    let update = &asked[0]["TransactItems"][0]["Update"];
    assert!(!update["UpdateExpression"].as_str().unwrap().contains("SET"), "nothing but the list of sessions changes: {update}");
    assert!(update["ConditionExpression"].as_str().unwrap().contains("#generation = "), "{update}");
}
