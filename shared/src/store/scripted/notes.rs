//! Writes beside the main ones: another's newer word stands, and a failure is told or logged.

use serde_json::{Value, json};

use super::{NOW, Scripted, UUID, condition_failed, found, logged, refused, refused_with};
use crate::{
    error::Code,
    facts::notice::{Notice, Uninstalled},
    providers::facebook::pages::PageId,
    reply::cookie::Token,
    store::{
        pages::{MessagingNote, Seen},
        sessions::{self, SessionKey},
        stores::{Confirmation, Linked, NewLink},
    },
};

#[tokio::test]
async fn a_look_that_is_put_off_gives_way_to_a_newer_record_and_its_failure_is_told() {
    let item = json!({ "Item": { "shop": { "S": "acme.myshopify.com" }, "generation": { "N": "2" }, "version": { "N": "5" }, "due_at": { "N": "9" } } });
    let answers = vec![found(item), found(json!({})), condition_failed(Value::Null), refused("ResourceNotFoundException")];
    let connections = Scripted::new(answers).connections();
    let record = connections.store_tokens(UUID).await.unwrap().unwrap();
    assert_eq!(
        [connections.postpone_store(&record, NOW).await.unwrap(), connections.postpone_store(&record, NOW).await.unwrap()],
        [true, false]
    );
    assert_eq!(connections.postpone_store(&record, NOW).await.unwrap_err().code, Code::StorageUnavailable);
}

#[tokio::test]
async fn notes_about_messages_are_written_without_those_whose_page_has_changed() {
    let seen = Seen { messaging: Some(Ok(())), thread_routing: Some(true) };
    let note = |id: &str| MessagingNote { page_id: PageId::parse(id).unwrap(), version: 1, granted_by: "5".to_owned(), seen };
    let failed = |place: usize| {
        let reasons: Vec<Value> =
            (0..4).map(|index| json!({ "Code": if index == place { "ConditionalCheckFailed" } else { "None" } })).collect();
        refused_with("TransactionCanceledException", json!({ "CancellationReasons": reasons }))
    };
    let notes = [note("1"), note("2"), note("3")];
    let table = Scripted::new(vec![failed(2), found(json!({}))]);
    table.connections().note_messaging(UUID, 1, &notes).await.unwrap();
    let pages = |asked: &Value| -> Vec<String> {
        let writes = asked["TransactItems"].as_array().unwrap().iter();
        writes.filter_map(|write| write["Update"]["Key"]["sk"]["S"].as_str().map(str::to_owned)).collect()
    };
    let asked = table.asked();
    assert_eq!(asked.iter().map(pages).collect::<Vec<_>>(), [vec!["page#1", "page#2", "page#3"], vec!["page#1", "page#3"]]);

    let table = Scripted::new(vec![failed(0), found(json!({}))]);
    assert_eq!(table.connections().note_messaging(UUID, 1, &notes).await.unwrap_err().code, Code::InvalidSession);
    assert_eq!(table.asked().len(), 1);
}
