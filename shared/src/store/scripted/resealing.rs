//! Where sealing anew goes on.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use super::{Scripted, found};
use crate::store::{Item, due::DueKey, resealing::Walk};

fn place(n: &str) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(n.to_owned()))])
}

#[tokio::test]
async fn it_goes_on_where_it_was_and_begins_anew_with_another_key() {
    let note = |key: &str, next: Value| {
        let mut note = json!({ "sealed_with": { "S": key } });
        if !next.is_null() {
            note["next"] = json!({ "M": next });
        }
        found(json!({ "Item": note }))
    };
    let next = json!({ "pk": { "S": "here" } });
    // The ring's first key is k1.
    let answers = vec![found(json!({})), note("k2", next.clone()), note("k2", Value::Null), note("k1", next), note("k1", Value::Null)];
    let table = Scripted::new(answers);
    let connections = table.connections();
    for expected in [Walk::Begins, Walk::Begins, Walk::Begins, Walk::GoesOn(place("here")), Walk::Done] {
        assert_eq!(connections.resealing().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn it_walks_over_the_whole_index_a_part_at_a_time() {
    let uuid = super::UUID;
    let items = json!([{ "pk": { "S": format!("uuid#{uuid}") }, "sk": { "S": "store" } }, { "pk": { "S": "of another version" } }]);
    let table = Scripted::new(vec![
        found(json!({ "Items": items, "LastEvaluatedKey": { "pk": { "S": "here" } } })),
        found(json!({})),
        found(json!({ "Items": [], "LastEvaluatedKey": {} })),
        found(json!({})),
    ]);
    let connections = table.connections();
    let first = connections.next_to_reseal(None, 2).await.unwrap();
    assert_eq!((&first.keys[..], &first.next), (&[DueKey::Store(uuid)][..], &Some(place("here"))));
    connections.note_resealing(first.next.as_ref()).await.unwrap();
    let last = connections.next_to_reseal(first.next, 2).await.unwrap();
    assert_eq!((last.keys.len(), &last.next), (0, &None));
    connections.note_resealing(None).await.unwrap();

    let asked = table.asked();
    assert_eq!((&asked[0]["IndexName"], &asked[0]["Limit"], &asked[0]["ExclusiveStartKey"]), (&json!("by_due"), &json!(2), &Value::Null));
    assert_eq!(asked[2]["ExclusiveStartKey"], json!({ "pk": { "S": "here" } }));
    assert_eq!(asked[1]["Item"]["next"], json!({ "M": { "pk": { "S": "here" } } }));
    assert_eq!((&asked[3]["Item"]["next"], &asked[3]["Item"]["sealed_with"]), (&Value::Null, &json!({ "S": "k1" })));
}
