//! DynamoDB fails at a disconnect: once, and for as long as anybody tries.

use e2e::browser::Page;
use e2e::database::DatabaseFault;
use serde_json::json;

use crate::connections::{ACME, LIST, Linked, assert_back, form};
use crate::support::{assert_error, case, dump, holder};

const OPERATIONS: [&str; 5] = ["GetItem", "Query", "TransactWriteItems", "UpdateItem", "DeleteItem"];

fn faults(operation: &str) -> Vec<DatabaseFault> {
    use DatabaseFault::{AnswerLost, InternalError, RequestLost, Throttled, TransactionConflict};
    let mut faults = vec![Throttled, InternalError, RequestLost, AnswerLost];
    if operation == "TransactWriteItems" {
        faults.push(TransactionConflict);
    }
    faults
}

/// The form of a Page or the store, made while all was well.
async fn sent(linked: &Linked, store: bool) -> e2e::gateway::Request {
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let (platform, account) = if store { ("shopify", ACME) } else { ("facebook", linked.pages[0].as_str()) };
    form(&[("csrf_token", &token), ("platform", platform), ("account", account), ("uninstall", "1")])
}

#[track_caller]
fn assert_unavailable(page: &Page) {
    assert_error(page, 503, "storage_unavailable");
    assert_eq!((page.header("retry-after"), &page.json()["next"]), (Some("2"), &json!(LIST)));
}

/// Whole or not at all.
async fn assert_whole(linked: &Linked, store: bool) -> bool {
    if store {
        let item = linked.store();
        let is_away = item.text("status") == Some("uninstalled");
        assert_eq!(item.attributes.contains_key("access_token"), !is_away);
        return is_away;
    }
    let gone = linked.page_item(&linked.pages[0]).is_none();
    assert_eq!((holder(&linked.world, &linked.pages[0]).is_none(), linked.grant().is_none()), (gone, gone));
    gone
}

#[tokio::test]
async fn a_fault_that_passes_is_not_noticed() {
    for store in [false, true] {
        for operation in OPERATIONS {
            for fault in faults(operation) {
                case((store, operation, fault));
                let linked = Linked::with_pages(1).await;
                let sent = sent(&linked, store).await;
                linked.world.database.fail_operation(operation, fault, 1);
                assert_back(&linked.browser.send(sent).await);
                linked.world.database.clear_faults();
                assert!(assert_whole(&linked, store).await);
                assert_eq!(linked.disconnected().len(), 1);
                let told = linked.notice().await;
                let done = if store { json!("done") } else { json!("revoked") };
                assert_eq!(told[if store { "uninstalled" } else { "permission" }], done, "{told}");
            }
        }
    }
}

#[tokio::test]
async fn a_fault_that_lasts_is_told_or_leaves_the_rest_to_the_keeper() {
    for store in [false, true] {
        for operation in OPERATIONS {
            for fault in faults(operation) {
                case((store, operation, fault));
                let linked = Linked::with_pages(1).await;
                let sent = sent(&linked, store).await;
                let before = dump(&linked.world);
                linked.world.database.fail_operation(operation, fault, 1000);
                let reply = linked.browser.send(sent.clone()).await;
                linked.world.database.clear_faults();
                let gone = assert_whole(&linked, store).await;
                if reply.status() == 303 {
                    assert!(gone);
                } else {
                    assert_unavailable(&reply);
                    assert!(!gone || fault == DatabaseFault::AnswerLost);
                    if !gone {
                        assert_eq!(dump(&linked.world), before);
                    }
                }
                // Again, by the merchant and by the keeper: then all is done.
                assert_back(&linked.browser.send(sent).await);
                assert!(assert_whole(&linked, store).await);
                linked.keeper_runs().await;
                assert_eq!((linked.disconnected().len(), linked.jobs().len()), (1, 0));
                assert!(store || !linked.grant_works());
            }
        }
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_or_hangs_is_told_in_time() {
    for store in [false, true] {
        let linked = Linked::with_pages(1).await;
        let sent = sent(&linked, store).await;
        let before = dump(&linked.world);
        linked.world.database.stop().await;
        let page = linked.browser.send(sent.clone()).await;
        assert_unavailable(&page);
        assert_error(&linked.browser.get(LIST).await, 503, "storage_unavailable");
        linked.world.database.resume().await;
        linked.world.database.fail(DatabaseFault::Hang, 1000);
        let started = std::time::Instant::now();
        let page = linked.browser.send(sent.clone()).await;
        assert!(started.elapsed().as_secs() < 12, "{:?}", started.elapsed());
        linked.world.database.clear_faults();
        assert_unavailable(&page);
        assert_eq!(dump(&linked.world), before);
        assert_back(&linked.browser.send(sent).await);
        assert!(assert_whole(&linked, store).await);
    }
}

#[tokio::test]
async fn a_key_that_is_not_known_here_yet_is_waited_for() {
    let linked = Linked::with_pages(1).await;
    let sk = format!("page#{}", linked.pages[0]);
    // As an instance that has read the newer secret seals it.
    let mut sealed = vec![1, 2];
    sealed.extend_from_slice(b"k2");
    sealed.extend_from_slice(&[7; 60]);
    let value = aws_sdk_dynamodb::types::AttributeValue::B(aws_sdk_dynamodb::primitives::Blob::new(sealed));
    crate::support::set(&linked.world, "connections", &format!("uuid#{}", linked.uuid), Some(&sk), "access_token", value).await;
    let page = linked.disconnects("facebook", &linked.pages[0]).await;
    assert_unavailable(&page);
    assert!(linked.page_item(&linked.pages[0]).is_some());
    // The list itself needs no token.
    assert_eq!(linked.list().await["pages"][0]["status"], "active");
}
