//! Where sealing anew goes on.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use super::{NOW, Scripted, found};
use crate::store::{Item, due::DueKey, resealing::Walk};

fn place(n: &str) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(n.to_owned()))])
}

#[tokio::test]
async fn it_goes_on_where_it_was_begins_anew_with_another_key_and_walks_twice() {
    let next = json!({ "M": { "pk": { "S": "here" } } });
    // The ring's first key is k1. What is noted, where a walk goes on then, and whether that is the second one.
    for (note, expected) in [
        (json!({}), Some((None, false))),
        (json!({ "sealed_with": { "S": "k2" }, "next": next }), Some((None, false))),
        (json!({ "sealed_with": { "S": "k2" } }), Some((None, false))),
        (json!({ "sealed_with": { "S": "k1" }, "next": next }), Some((Some(place("here")), false))),
        (json!({ "sealed_with": { "S": "k1" }, "next": next, "second": { "BOOL": true } }), Some((Some(place("here")), true))),
        (json!({ "sealed_with": { "S": "k1" }, "again_at": { "N": NOW.to_string() } }), Some((None, true))),
        (json!({ "sealed_with": { "S": "k1" }, "again_at": { "N": (NOW + 1).to_string() } }), None),
        (json!({ "sealed_with": { "S": "k1" } }), None),
    ] {
        let table = Scripted::new(vec![found(json!({ "Item": note }))]);
        let walk = table.connections().resealing().await.unwrap();
        assert_eq!(walk, expected.map(|(from, second)| Walk { from, second }), "{note}");
    }
}

#[tokio::test]
async fn it_walks_over_the_whole_index_a_part_at_a_time() {
    let uuid = super::UUID;
    let items = json!([{ "pk": { "S": format!("uuid#{uuid}") }, "sk": { "S": "store" } }, { "pk": { "S": "of another version" } }]);
    let part = |last: Value| found(json!({ "Items": items, "LastEvaluatedKey": last }));
    let written = || found(json!({}));
    let table = Scripted::new(vec![part(json!({ "pk": { "S": "here" } })), written(), part(json!({})), written(), written()]);
    let connections = table.connections();
    let mut walk = Walk { from: None, second: false };
    for from in [Some(place("here")), None] {
        let part = connections.next_to_reseal(&walk, 2).await.unwrap();
        assert_eq!((&part.keys[..], &part.next), (&[DueKey::Store(uuid)][..], &from));
        walk.from = from;
        connections.note_resealing(&walk).await.unwrap();
    }
    connections.note_resealing(&Walk { from: None, second: true }).await.unwrap();

    let asked = table.asked();
    assert_eq!((&asked[0]["IndexName"], &asked[0]["Limit"], &asked[0]["ExclusiveStartKey"]), (&json!("by_due"), &json!(2), &Value::Null));
    assert_eq!(asked[2]["ExclusiveStartKey"], json!({ "pk": { "S": "here" } }));
    let noted = |n: usize| ["sealed_with", "next", "again_at", "second"].map(|name| asked[n]["Item"][name].clone());
    let key = json!({ "S": "k1" });
    assert_eq!(noted(1), [key.clone(), json!({ "M": { "pk": { "S": "here" } } }), Value::Null, Value::Null]);
    assert_eq!(noted(3), [key.clone(), Value::Null, json!({ "N": (NOW + 600).to_string() }), Value::Null]);
    assert_eq!(noted(4), [key, Value::Null, Value::Null, Value::Null]);
}
