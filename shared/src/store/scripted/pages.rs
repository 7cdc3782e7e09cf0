//! Answers in parts: DynamoDB ends one after a megabyte, and leaves keys of a batch out when it is busy. An empty key to go on from is the end as well.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Scripted, UUID, found};
use crate::{
    error::Code,
    store::keys::{KeysInUse, keys_in_use},
};

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

