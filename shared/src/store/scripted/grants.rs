//! Changes to a grant: what is left out because it changed since it was read, and when nothing more
//! is written.

use serde_json::{Value, json};

use super::{Answer, NOW, Scripted, UUID, condition_failed, found, refused, refused_with};
use crate::{
    Code, Error,
    store::{
        keep::grants::{Changed, Due, GrantChange, tests::holding},
        records::{Status, samples::grant_id},
    },
};

/// A transaction in which the conditions at these places failed: the identity's comes first, the
/// grant's last.
fn cancelled(failed: [bool; 2]) -> Answer {
    let reasons: Vec<Value> =
        failed.iter().map(|failed| json!({ "Code": if *failed { "ConditionalCheckFailed" } else { "None" } })).collect();
    refused_with("TransactionCanceledException", json!({ "CancellationReasons": reasons }))
}

async fn change(answers: Vec<Answer>) -> (Result<Changed, Error>, usize) {
    let table = Scripted::new(answers);
    let looked_after = GrantChange { recovered: true, due: Due::At(NOW), ..GrantChange::default() };
    let written = table.tables().change_grant(&holding(Status::Active, false), &[], Some(&looked_after), None).await;
    let asked = table.asked().len();
    (written, asked)
}

#[tokio::test]
async fn changes_are_written_once_and_stale_ones_left_out() {
    let (written, asked) = change(vec![found(json!({}))]).await;
    assert_eq!((written.unwrap(), asked), (Changed { grant: true, ..Changed::default() }, 1));
    let (written, asked) = change(vec![cancelled([false, true]), found(json!({}))]).await;
    assert_eq!((written.unwrap(), asked), (Changed::default(), 1), "the person changed, and there is nothing else");
}

#[tokio::test]
async fn a_visit_without_news_is_one_write_conditional_on_the_due_time() {
    let table = Scripted::new(vec![found(json!({})), condition_failed(Value::Null)]);
    let looked_after = GrantChange { checked: true, due: Due::At(NOW), ..GrantChange::default() };
    for grant in [true, false] {
        let written = table.tables().change_grant(&holding(Status::Active, false), &[], Some(&looked_after), None).await;
        assert_eq!(written.unwrap(), Changed { grant, ..Changed::default() });
    }
    let asked = &table.asked()[0];
    let condition = asked["ConditionExpression"].as_str().unwrap();
    assert!(condition.contains("#due_at") && condition.contains("#status"), "{condition}");
    assert!(asked["UpdateExpression"].as_str().unwrap().contains("#checked_at"), "{asked}");
}

#[tokio::test]
async fn nothing_more_is_written_once_the_identity_has_changed() {
    for failed in [[true, false], [true, true]] {
        let (written, asked) = change(vec![cancelled(failed), found(json!({}))]).await;
        assert_eq!((written.unwrap(), asked), (Changed { ended: true, ..Changed::default() }, 1), "{failed:?}");
    }
}

#[tokio::test]
async fn a_storage_failure_is_returned() {
    let (written, _) = change(vec![refused("ResourceNotFoundException")]).await;
    assert_eq!(written.unwrap_err().code, Code::StorageUnavailable);
}

#[tokio::test]
async fn a_grant_has_the_pages_it_gave_that_are_still_held() {
    let account = |id: &str, grant: &str, status: &str| json!({ "sk": { "S": format!("page#{id}") }, "granted_by": { "S": grant }, "status": { "S": status } });
    let items = [
        json!({ "sk": { "S": "store" }, "status": { "S": "active" } }),
        json!({ "sk": { "S": "person#5" }, "status": { "S": "active" } }),
        account("1", "5", "active"),
        account("2", "5", "reconnect_needed"),
        account("3", "5", "moved"),
        account("4", "6", "active"),
        account("5", "6", "moved"),
    ];
    let table = Scripted::new(vec![found(json!({ "Items": items, "Count": 7, "ScannedCount": 7 }))]);
    let holding = table.tables().load_grant(UUID, &grant_id("5")).await.unwrap().unwrap();
    assert_eq!(holding.accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
}
