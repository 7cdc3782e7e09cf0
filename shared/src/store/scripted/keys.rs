//! Counting sealed values by key.

use serde_json::json;

use super::{
    Scripted, UUID,
    identity::{assert_went_on, two_parts},
};
use crate::store::keep::keys::{KeysInUse, count};

#[tokio::test]
async fn keys_in_use_are_counted_to_the_end_of_the_table() {
    let seal = |key: &str| {
        use base64::Engine as _;
        let place = crate::encryption::Place { user_uuid: UUID, platform: "p", account: "a", attribute: "x" };
        let sealed = super::keys(key).seal(place, &crate::secret::Secret::new("token")).unwrap();
        json!({ "B": base64::prelude::BASE64_STANDARD.encode(sealed) })
    };
    let first = json!({ "access_token": seal("k1"), "refresh_token": seal("k1") });
    let second = json!({ "access_token": { "B": "AAAA" }, "refresh_token": { "B": "AAAA" }, "sealed": seal("k2") });
    let table = Scripted::new(two_parts(first, second));
    let counted = count(&table.database()).await.unwrap();
    let values = [("k1".to_owned(), 2), ("k2".to_owned(), 1)].into();
    assert_eq!(counted, KeysInUse { values, unreadable: 2 });
    assert_went_on(&table);
}
