//! Answers in parts: DynamoDB ends one after a megabyte, and omits keys of a batch when busy. An
//! empty continuation key is also the end.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Scripted, UUID, found};
use crate::{
    error::Code,
    providers::facebook::PAGE,
    store::{
        identity::{everything, identities_of_grant},
        records::samples::{account_id, grant_id},
    },
};

/// Two parts, the second of which ends with an empty key.
pub(super) fn two_parts(first: Value, second: Value) -> Vec<Answer> {
    let next = json!({ "pk": { "S": "where it ended" } });
    vec![
        found(json!({ "Items": [first], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": next })),
        found(json!({ "Items": [second], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": {} })),
    ]
}

pub(super) fn assert_went_on(table: &Scripted) {
    let asked = table.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!((&asked[0]["ExclusiveStartKey"], &asked[1]["ExclusiveStartKey"]["pk"]), (&Value::Null, &json!({ "S": "where it ended" })));
}

#[tokio::test]
async fn an_identity_is_read_to_the_end() {
    let table = Scripted::new(two_parts(json!({ "sk": { "S": "store" } }), json!({ "sk": { "S": "page#1" } })));
    let all = everything(&table.tables(), UUID).await.unwrap();
    assert!(all.shop.is_some() && all.account(&account_id("1")).is_some());
    assert_went_on(&table);
}

#[tokio::test]
async fn the_identities_of_a_person_are_read_to_the_end() {
    let other = Uuid::from_u128(8);
    let key = |uuid| json!({ "pk": { "S": format!("uuid#{uuid}") } });
    let table = Scripted::new(two_parts(key(UUID), key(other)));
    assert_eq!(identities_of_grant(&table.tables(), &grant_id("1")).await.unwrap(), BTreeSet::from([UUID, other]));
    assert_went_on(&table);
}

#[tokio::test]
async fn pages_are_read_to_the_end() {
    let table = Scripted::new(two_parts(json!({ "sk": { "S": "page#1" } }), json!({ "sk": { "S": "page#2" } })));
    let accounts = table.tables().load_accounts(UUID, &PAGE).await.unwrap();
    assert_eq!(accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_went_on(&table);
}

/// One part of a batch: what it found, and the sort keys it omitted.
fn part(items: &[&str], left_out: &[&str]) -> Answer {
    let items: Vec<Value> = items.iter().map(|sk| item(sk)).collect();
    let left: Vec<Value> = left_out.iter().map(|sk| json!({ "pk": { "S": format!("uuid#{UUID}") }, "sk": { "S": sk } })).collect();
    let left = if left.is_empty() { json!({}) } else { json!({ "connections": { "Keys": left, "ConsistentRead": true } }) };
    found(json!({ "Responses": { "connections": items }, "UnprocessedKeys": left }))
}

fn item(sk: &str) -> Value {
    json!({ "sk": { "S": sk }, "shop": { "S": "acme.myshopify.com" }, "status": { "S": "active" } })
}

fn owner() -> Answer {
    found(json!({ "Item": { "uuid": { "S": UUID.to_string() } } }))
}

#[tokio::test]
async fn omitted_keys_are_requested_again() {
    let table = Scripted::new(vec![owner(), part(&["store"], &["page#1"]), part(&["page#1"], &[])]);
    let identity = table.tables().identity_of_account(&account_id("1")).await.unwrap().unwrap();
    assert_eq!((identity.shop.shop.as_str(), identity.accounts.len()), ("acme.myshopify.com", 1));
    let keys = &table.asked()[2]["RequestItems"]["connections"]["Keys"];
    assert_eq!(keys.as_array().unwrap().iter().map(|key| &key["sk"]["S"]).collect::<Vec<_>>(), ["page#1"]);
}

#[tokio::test]
async fn keys_omitted_for_too_long_are_a_failure() {
    let mut answers = vec![owner()];
    answers.extend((0..6).map(|_| part(&["store"], &["page#1"])));
    let table = Scripted::new(answers);
    let error = table.tables().identity_of_account(&account_id("1")).await.unwrap_err();
    assert_eq!((error.code, error.cause.as_deref()), (Code::StorageUnavailable, Some("identity: keys left over")));
    assert_eq!(table.asked().len(), 7);
}

#[tokio::test]
async fn a_page_that_changes_hands_between_two_reads_is_looked_up_again() {
    let table = Scripted::new(vec![owner(), part(&["store"], &[]), owner(), part(&["store", "page#1"], &[])]);
    let held = table.tables().identity_of_account(&account_id("1")).await.unwrap().unwrap();
    assert_eq!(held.accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["1"]);
    assert_eq!(table.asked().len(), 4);
    let never = (0..20).flat_map(|_| [owner(), part(&["store"], &[])]).collect();
    let error = Scripted::new(never).tables().identity_of_account(&account_id("1")).await.unwrap_err();
    assert_eq!(error.code, Code::StorageUnavailable);
}
