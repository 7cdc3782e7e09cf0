//! Notes about messages: what is left out once an account has changed, and when nothing is written.

use serde_json::{Value, json};

use super::{Scripted, UUID, found, refused_with};
use crate::{
    error::Code,
    store::{
        messaging::{MessagingNote, Seen},
        records::samples::account_id,
    },
};

#[tokio::test]
async fn notes_are_written_without_those_of_changed_pages() {
    let seen = Seen { messaging: Some(Ok(())), thread_routing: Some(true) };
    let note = |id: &str| MessagingNote { account: account_id(id), version: 1, granted_by: "5".to_owned(), seen };
    let failed = |place: usize| {
        let reasons: Vec<Value> =
            (0..4).map(|index| json!({ "Code": if index == place { "ConditionalCheckFailed" } else { "None" } })).collect();
        refused_with("TransactionCanceledException", json!({ "CancellationReasons": reasons }))
    };
    let notes = [note("1"), note("2"), note("3")];
    let table = Scripted::new(vec![failed(2), found(json!({}))]);
    table.tables().note_messaging(UUID, 1, &notes).await.unwrap();
    let accounts = |asked: &Value| -> Vec<String> {
        let writes = asked["TransactItems"].as_array().unwrap().iter();
        writes.filter_map(|write| write["Update"]["Key"]["sk"]["S"].as_str().map(str::to_owned)).collect()
    };
    let asked = table.asked();
    assert_eq!(asked.iter().map(accounts).collect::<Vec<_>>(), [vec!["page#1", "page#2", "page#3"], vec!["page#1", "page#3"]]);

    let table = Scripted::new(vec![failed(0), found(json!({}))]);
    assert_eq!(table.tables().note_messaging(UUID, 1, &notes).await.unwrap_err().code, Code::InvalidSession);
    assert_eq!(table.asked().len(), 1);
}
