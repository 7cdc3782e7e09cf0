//! Answers in parts: DynamoDB ends one after a megabyte, and leaves keys of a batch out when it is busy. An empty key to go on from is the end as well.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Scripted, UUID, found};
use crate::{
    error::Code,
    store::keys::{KeysInUse, keys_in_use},
};

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
