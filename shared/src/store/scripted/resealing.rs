//! Where resealing resumes.

use serde_json::{Value, json};

use super::{Answer, NOW, Scripted, echo, found};
use crate::store::{
    keep::{due::DueKey, resealing::Part},
    table::Position,
};

fn part(shard: &str, from: u64, after: Option<Position>) -> Part {
    Part { shard: shard.to_owned(), from, after }
}

#[tokio::test]
async fn resealing_resumes_restarts_with_another_key_and_walks_twice() {
    let parts = json!({ "M": { "07": { "N": "5" } } });
    let of_before = json!({ "M": { "pk": { "S": "uuid#1" }, "sk": { "S": "person#2" } } });
    let rest = || Some((vec![part("07", 5, None)], false));
    let whole = |second| Some(((0..64).map(|shard| part(&format!("{shard:02}"), 0, None)).collect(), second));
    // The ring's first key is k1. The note, what is then left, and whether that is the second walk.
    for (note, expected) in [
        (json!({}), whole(false)),
        (json!({ "sealed_with": { "S": "k2" }, "parts": parts }), whole(false)),
        (json!({ "sealed_with": { "S": "k2" } }), whole(false)),
        (json!({ "sealed_with": { "S": "k1" }, "parts": parts }), rest()),
        (json!({ "sealed_with": { "S": "k1" }, "parts": parts, "second": { "BOOL": true } }), rest().map(|(parts, _)| (parts, true))),
        // In an earlier version's format.
        (json!({ "sealed_with": { "S": "k1" }, "next": of_before }), whole(false)),
        (json!({ "sealed_with": { "S": "k1" }, "next": of_before, "second": { "BOOL": true } }), whole(true)),
        (json!({ "sealed_with": { "S": "k1" }, "again_at": { "N": NOW.to_string() } }), whole(true)),
        (json!({ "sealed_with": { "S": "k1" }, "again_at": { "N": (NOW + 1).to_string() } }), None),
        (json!({ "sealed_with": { "S": "k1" } }), None),
    ] {
        let table = Scripted::new(vec![found(json!({ "Item": note }))]);
        let walk = table.tables().resealing().await.unwrap();
        assert_eq!(walk.map(|walk| (walk.parts, walk.second)), expected, "{note}");
    }
}

/// A shard with one record, and more after it in the one with this name.
fn shard_with_more_in(which: &'static str) -> Answer {
    echo(move |asked| {
        let shard = asked["ExpressionAttributeValues"][":v0"]["S"].as_str().unwrap();
        let key = json!({ "pk": { "S": format!("uuid#{}", super::UUID) }, "sk": { "S": "store" }, "due_shard": { "S": shard }, "due_at": { "N": "9" } });
        let last = if shard == which { key.clone() } else { json!({}) };
        json!({ "Items": [key, { "pk": { "S": "of another version" } }], "LastEvaluatedKey": last })
    })
}

#[tokio::test]
async fn resealing_covers_the_index_in_parts_and_notes_nobodys_keys() {
    let written = || found(json!({}));
    let note = found(json!({}));
    let mut answers = vec![note];
    answers.extend((0..64).map(|_| shard_with_more_in("07")));
    answers.push(written());
    answers.push(shard_with_more_in("none"));
    answers.extend([written(), written()]);
    let table = Scripted::new(answers);
    let tables = table.tables();
    let mut walk = tables.resealing().await.unwrap().unwrap();
    let first = tables.next_to_reseal(&mut walk, 2).await.unwrap();
    assert_eq!((first.len(), &first[0]), (64, &DueKey::Shop(super::UUID)));
    tables.note_resealing(&walk).await.unwrap();
    assert!(!walk.is_over());
    assert_eq!(tables.next_to_reseal(&mut walk, 2).await.unwrap().len(), 1);
    tables.note_resealing(&walk).await.unwrap();
    assert!(walk.is_over());
    walk.second = true;
    tables.note_resealing(&walk).await.unwrap();

    let asked = table.asked();
    let first = &asked[1];
    assert_eq!((&first["IndexName"], &first["Limit"], &first["ExclusiveStartKey"]), (&json!("by_due"), &json!(2), &Value::Null));
    assert_eq!(first["KeyConditionExpression"], "#due_shard = :v0 AND #due_at >= :v1");
    let again = &asked[66];
    assert_eq!(
        (&again["ExclusiveStartKey"]["sk"], &again["ExpressionAttributeValues"][":v1"]),
        (&json!({ "S": "store" }), &json!({ "N": "9" }))
    );
    let noted = |n: usize| ["sealed_with", "parts", "next", "again_at", "second"].map(|name| asked[n]["Item"][name].clone());
    let key = json!({ "S": "k1" });
    assert_eq!(noted(65), [key.clone(), json!({ "M": { "07": { "N": "9" } } }), Value::Null, Value::Null, Value::Null]);
    assert_eq!(noted(67), [key.clone(), Value::Null, Value::Null, json!({ "N": (NOW + 600).to_string() }), Value::Null]);
    assert_eq!(noted(68), [key, Value::Null, Value::Null, Value::Null, Value::Null]);
}
