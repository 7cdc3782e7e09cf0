//! Answers in parts: DynamoDB ends one after a megabyte, and leaves keys of a batch out when it is busy. An empty key to go on from is the end as well.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Scripted, UUID, found};
use crate::{
    error::Code,
    store::keys::{KeysInUse, keys_in_use},
};

/// Two parts, the second of which ends with an empty key.
fn two_parts(first: Value, second: Value) -> Vec<Answer> {
    let next = json!({ "pk": { "S": "where it ended" } });
    vec![
        found(json!({ "Items": [first], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": next })),
        found(json!({ "Items": [second], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": {} })),
    ]
}

fn assert_went_on(table: &Scripted) {
    let asked = table.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!((&asked[0]["ExclusiveStartKey"], &asked[1]["ExclusiveStartKey"]["pk"]), (&Value::Null, &json!({ "S": "where it ended" })));
}

#[tokio::test]
async fn an_identity_is_read_to_its_end() {
    let table = Scripted::new(two_parts(json!({ "sk": { "S": "store" } }), json!({ "sk": { "S": "page#1" } })));
    assert_eq!(table.connections().everything(UUID).await.unwrap().len(), 2);
    assert_went_on(&table);
}

#[tokio::test]
async fn pages_are_read_to_their_end() {
    let table = Scripted::new(two_parts(json!({ "sk": { "S": "page#1" } }), json!({ "sk": { "S": "page#2" } })));
    let pages = table.connections().load_pages(UUID).await.unwrap();
    assert_eq!(pages.iter().map(|page| page.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_went_on(&table);
}

#[tokio::test]
async fn the_identities_of_a_person_are_read_to_their_end() {
    let other = uuid::Uuid::from_u128(8);
    let key = |uuid| json!({ "pk": { "S": format!("uuid#{uuid}") } });
    let table = Scripted::new(two_parts(key(UUID), key(other)));
    assert_eq!(table.connections().identities_of_person("1").await.unwrap(), BTreeSet::from([UUID, other]));
    assert_went_on(&table);
}

#[tokio::test]
async fn the_keys_in_use_are_counted_to_the_end_of_the_table() {
    let seal = |key: &str| {
        use base64::Engine as _;
        let place = crate::encryption::Place { user_uuid: UUID, platform: "p", account: "a", attribute: "x" };
        let sealed = super::keys(key).seal(place, &crate::secret::Secret::new("token")).unwrap();
        json!({ "B": base64::prelude::BASE64_STANDARD.encode(sealed) })
    };
    let first = json!({ "access_token": seal("k1"), "refresh_token": seal("k1") });
    let second = json!({ "access_token": { "B": "AAAA" }, "refresh_token": { "B": "AAAA" }, "sealed": seal("k2") });
    let table = Scripted::new(two_parts(first, second));
    let counted = keys_in_use(&table.client, "connections").await.unwrap();
    let values = [("k1".to_owned(), 2), ("k2".to_owned(), 1)].into();
    assert_eq!(counted, KeysInUse { values, unreadable: 2 });
    assert_went_on(&table);
}

/// One part of a batch: what it found, and the sort keys it left out.
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
async fn keys_that_were_left_out_are_asked_for_again() {
    let table = Scripted::new(vec![owner(), part(&["store"], &["page#1"]), part(&["page#1"], &[])]);
    let identity = table.connections().identity_of_page("1").await.unwrap().unwrap();
    assert_eq!((identity.store.shop.as_str(), identity.pages.len()), ("acme.myshopify.com", 1));
    let keys = &table.asked()[2]["RequestItems"]["connections"]["Keys"];
    assert_eq!(keys.as_array().unwrap().iter().map(|key| &key["sk"]["S"]).collect::<Vec<_>>(), ["page#1"]);
}

#[tokio::test]
async fn keys_that_are_left_out_for_long_are_a_failure() {
    let mut answers = vec![owner()];
    answers.extend((0..6).map(|_| part(&["store"], &["page#1"])));
    let table = Scripted::new(answers);
    let error = table.connections().identity_of_page("1").await.unwrap_err();
    assert_eq!((error.code, error.cause.as_deref()), (Code::StorageUnavailable, Some("identity: keys left over")));
    assert_eq!(table.asked().len(), 7);
}

#[tokio::test]
async fn a_page_that_changes_hands_between_two_reads_is_looked_for_again() {
    let table = Scripted::new(vec![owner(), part(&["store"], &[]), owner(), part(&["store", "page#1"], &[])]);
    let held = table.connections().identity_of_page("1").await.unwrap().unwrap();
    assert_eq!(held.pages.iter().map(|page| page.id.as_str()).collect::<Vec<_>>(), ["1"]);
    assert_eq!(table.asked().len(), 4);
    let never = (0..20).flat_map(|_| [owner(), part(&["store"], &[])]).collect();
    let error = Scripted::new(never).connections().identity_of_page("1").await.unwrap_err();
    assert_eq!(error.code, Code::StorageUnavailable);
}

#[tokio::test]
async fn a_grant_is_used_while_a_page_of_a_store_that_lives_rests_on_it() {
    let store = |status: &str| json!({ "sk": { "S": "store" }, "status": { "S": status } });
    let page = |person: &str, status: &str| json!({ "sk": { "S": "page#1" }, "status": { "S": status }, "granted_by": { "S": person }, "access_token": { "B": "eA==" } });
    let without_token = json!({ "sk": { "S": "page#1" }, "status": { "S": "moved" }, "granted_by": { "S": "5" } });
    for (items, is_used) in [
        (vec![store("active"), page("5", "active")], true),
        (vec![store("reconnect_needed"), page("5", "active")], true),
        (vec![store("erasing"), page("5", "active")], false),
        (vec![page("5", "active")], false),
        (vec![store("active"), page("6", "active")], false),
        // A Page that was declared dead keeps its token for a while.
        (vec![store("active"), page("5", "reconnect_needed")], true),
        (vec![store("active"), without_token.clone()], false),
        (vec![store("active")], false),
    ] {
        let told = format!("{items:?}");
        let count = items.len();
        let of_person = json!({ "Items": [{ "pk": { "S": format!("uuid#{UUID}") } }], "Count": 1, "ScannedCount": 1 });
        let everything = json!({ "Items": items, "Count": count, "ScannedCount": count });
        let table = Scripted::new(vec![found(of_person), found(everything)]);
        assert_eq!(table.connections().grant_is_used("5").await.unwrap(), is_used, "{told}");
    }
}
