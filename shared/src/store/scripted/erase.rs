//! What erasing an identity deletes, and how many records it reports.

use base64::Engine as _;
use serde_json::{Value, json};

use super::{Scripted, UUID, found, keys, refused, value_of};
use crate::{
    Secret,
    encryption::Place,
    platform::FlowsOf,
    providers::PLATFORMS,
    store::{erasing::Erased, flows::flow_key},
};

fn everything() -> Value {
    let place = Place { user_uuid: UUID, platform: "facebook", account: "2", attribute: "page_token" };
    let sealed = base64::prelude::BASE64_STANDARD.encode(keys("k1").seal(place, &Secret::new("page-token")).unwrap());
    json!({ "Items": [
        with_session(),
        { "sk": { "S": "person#5" }, "status": { "S": "active" } },
        { "sk": { "S": "page#1" }, "status": { "S": "moved" } },
        { "sk": { "S": "page#2" }, "status": { "S": "active" }, "access_token": { "B": sealed }, "app_id": { "S": "1" } },
        { "sk": { "S": "event#7" } },
        { "sk": { "S": "of another version" } },
    ] })
}

/// The used states of an identity.
fn flow_keys() -> Vec<String> {
    let of_identity = PLATFORMS.0.iter().filter(|platform| platform.flows_of == FlowsOf::Identity);
    of_identity.map(|platform| flow_key(platform, &UUID.to_string())).collect()
}

/// The store of a marked identity.
fn marked(more: Value) -> Value {
    let mut store = json!({ "sk": { "S": "store" }, "status": { "S": "erasing" } });
    store.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    store
}

fn with_session() -> Value {
    marked(json!({ "sessions": { "M": { "hash": { "N": "1" } } } }))
}

/// Only the mark leads to them: if the work stopped after everything else was gone, nobody would
/// come back for them.
#[tokio::test]
async fn sessions_and_flows_are_deleted_first() {
    let mut items = vec![with_session()];
    items.extend((0..54).map(|n| json!({ "sk": { "S": format!("event#{n}") } })));
    let table = Scripted::new(vec![found(json!({ "Items": items })), found(json!({})), refused("ResourceNotFoundException")]);
    assert!(table.tables().erase(UUID, None).await.is_err(), "it stops in the middle");
    let asked = table.asked();
    let first: Vec<&str> = asked[1]["TransactItems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|write| write["Delete"]["TableName"] == "sessions")
        .map(|write| write["Delete"]["Key"]["pk"]["S"].as_str().unwrap())
        .collect();
    assert_eq!(first[0], "session#hash");
    assert_eq!(first[1..], flow_keys());
}

#[tokio::test]
async fn a_lone_identitys_sessions_are_deleted_before_its_mark() {
    let root = json!({ "Items": [with_session()] });
    let table = Scripted::new(vec![found(root.clone()), found(json!({})), found(root), found(json!({}))]);
    assert_eq!(table.tables().erase(UUID, None).await.unwrap(), Erased::Whole);
    let asked = table.asked();
    assert_eq!(asked[1]["TransactItems"][1]["Delete"]["Key"]["pk"], json!({ "S": "session#hash" }));
    assert_eq!(asked[3]["TransactItems"][0]["Delete"]["Key"]["sk"], json!({ "S": "store" }), "the mark");
}

#[tokio::test]
async fn everything_is_deleted_and_only_a_held_page_is_unsubscribed() {
    let rest = json!({ "Items": [marked(json!({ "erase_records": { "N": "8" } }))] });
    let table = Scripted::new(vec![found(everything()), found(json!({})), found(rest), found(json!({}))]);
    assert_eq!(table.tables().erase(UUID, None).await.unwrap(), Erased::Whole);

    let asked = table.asked();
    let writes = asked[1]["TransactItems"].as_array().unwrap();
    // The store and its owner, two accounts with theirs, the person, the session, and an unknown
    // item; an event is no record.
    assert_eq!(*value_of(&writes[0]["Update"], "erase_records"), json!({ "N": "9" }));
    let key = |write: &Value| {
        let text = |name: &str| write["Delete"]["Key"][name]["S"].as_str().unwrap_or_default().to_owned();
        (text("pk"), text("sk"))
    };
    let mut deleted: Vec<_> = writes.iter().filter(|write| write["Delete"].is_object()).map(key).collect();
    deleted.sort();
    let own = format!("uuid#{UUID}");
    let mut all = ["event#7", "of another version", "page#1", "page#2", "person#5"].map(|sk| (own.clone(), sk.to_owned())).to_vec();
    all.extend([("page#2", "owner"), ("session#hash", "")].map(|(pk, sk)| (pk.to_owned(), sk.to_owned())));
    all.extend(flow_keys().into_iter().map(|pk| (pk, String::new())));
    all.sort();
    assert_eq!(deleted, all);
    let jobs: Vec<_> = writes.iter().filter(|write| write["Put"]["Item"]["sk"]["S"] == "unsubscribe").collect();
    assert_eq!(jobs.len(), 1);

    let audit = asked[3]["TransactItems"].as_array().unwrap().iter().find(|write| write["Put"]["Item"]["sk"]["S"] == "audit").unwrap();
    assert_eq!(audit["Put"]["Item"]["records"], json!({ "N": "8" }));
}
