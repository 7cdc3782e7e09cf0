//! Which failures are tried again, how long that is waited for, and what the log says of them.

use std::time::Duration;

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use serde_json::{Value, json};

use super::{Answer, NOW, Scripted, echo, found, refused, refused_with};
use crate::{
    config::Vars,
    error::{Code, Error},
    reply::cookie::Token,
    store::{Cancelled, Connections, Pause, Sessions, TRIES, last_part, sessions::SessionKey, table},
};

/// A transaction that was cancelled for these reasons, by code.
fn cancelled(reasons: &[&str]) -> Answer {
    let reasons: Vec<Value> = reasons.iter().map(|code| json!({ "Code": code, "Item": { "pk": { "S": *code } } })).collect();
    refused_with("TransactionCanceledException", json!({ "CancellationReasons": reasons }))
}

async fn transact(connections: &Connections) -> Result<(), Cancelled> {
    connections.transact("link", "the-token", Vec::new()).await
}

fn failure(result: Result<(), Cancelled>) -> Option<String> {
    match result.unwrap_err() {
        Cancelled::Failed(error) => error.cause,
        Cancelled::Conditions(failed) => panic!("{failed:?}"),
    }
}

#[tokio::test]
async fn what_passes_is_tried_again_as_the_same_write() {
    for passing in [
        cancelled(&["None", "TransactionConflict"]),
        cancelled(&["ThrottlingError", "ProvisionedThroughputExceeded"]),
        refused_with("TransactionCanceledException", json!({ "CancellationReasons": [{}] })),
        refused("ThrottlingException"),
        refused("TransactionInProgressException"),
    ] {
        let table = Scripted::new(vec![passing, found(json!({}))]);
        transact(&table.connections()).await.unwrap();
        let tokens: Vec<_> = table.asked().iter().map(|asked| asked["ClientRequestToken"].clone()).collect();
        assert_eq!(tokens, ["the-token", "the-token"]);
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told_at_once() {
    for (lasting, cause) in [
        (cancelled(&["TransactionConflict", "ValidationError"]), "link: TransactionCanceledException"),
        (refused("ResourceNotFoundException"), "link: ResourceNotFoundException"),
    ] {
        let table = Scripted::new(vec![lasting, found(json!({}))]);
        assert_eq!(failure(transact(&table.connections()).await).as_deref(), Some(cause));
        assert_eq!(table.asked().len(), 1);
    }
}

#[tokio::test]
async fn conditions_that_did_not_hold_are_named_by_their_place() {
    let table = Scripted::new(vec![cancelled(&["TransactionConflict", "ConditionalCheckFailed", "None", "ConditionalCheckFailed"])]);
    let Err(Cancelled::Conditions(failed)) = transact(&table.connections()).await else { panic!("written") };
    assert_eq!(failed.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [1, 3]);
    assert!(failed.iter().all(|(_, item)| item["pk"].as_s().unwrap() == "ConditionalCheckFailed"));
}

#[tokio::test]
async fn a_conflict_that_lasts_is_given_up() {
    let tries = usize::try_from(TRIES).unwrap();
    let mut answers: Vec<Answer> = (0..tries).map(|_| cancelled(&["TransactionConflict"])).collect();
    answers.push(found(json!({})));
    let table = Scripted::new(answers);
    assert_eq!(failure(transact(&table.connections()).await).as_deref(), Some("link: TransactionCanceledException"));
    assert_eq!(table.asked().len(), tries);
}

#[test]
fn pauses_double_up_to_the_longest_and_half_of_each_is_chance() {
    let mut pauses = (Pause::default(), Pause::default());
    for millis in [20, 40, 80, 160, 250, 250] {
        assert_eq!(pauses.0.next(0), Duration::from_millis(millis) / 2);
        let nearly = pauses.1.next(255);
        assert!(nearly < Duration::from_millis(millis) && nearly > Duration::from_millis(millis).mul_f64(0.99), "{nearly:?}");
    }
    assert_eq!((pauses.0.tries, pauses.1.tries), (6, 6));
}

/// What reading a session fails with.
async fn read(sessions: &Sessions) -> Error {
    sessions.load(&SessionKey::of(&Token::generate().unwrap())).await.unwrap_err()
}

#[tokio::test]
async fn a_failure_is_told_with_its_kind() {
    let told = |error: Error| (error.code, error.cause.unwrap());
    let storage = |cause: &str| (Code::StorageUnavailable, cause.to_owned());
    let table = Scripted::new(vec![refused("ResourceNotFoundException"), found(json!("no object"))]);
    let sessions = table.sessions();
    assert_eq!(told(read(&sessions).await), storage("session: ResourceNotFoundException"));
    assert_eq!(told(read(&sessions).await), storage("session: unknown"));
    // Nobody listens any more.
    assert_eq!(told(read(&sessions).await), storage("session: no connection"));

    let never = echo(|_| {
        loop {
            std::thread::park();
        }
    });
    let table = Scripted::new(vec![never]);
    let soon = TimeoutConfig::builder().operation_timeout(Duration::from_millis(50)).build();
    let client = aws_sdk_dynamodb::Client::from_conf(table.client.config().to_builder().timeout_config(soon).build());
    let sessions = Sessions { client, ..table.sessions() };
    assert_eq!(told(read(&sessions).await), storage("session: timeout"));
    assert_eq!(table.clock.now(), NOW);
}

#[test]
fn a_table_has_a_name_or_an_address() {
    let named = |name: &str| table(&Vars::from_pairs([("T", name)]), "T").is_ok();
    for good in ["abc", "arn:aws:dynamodb:eu-central-1:123456789012:table/links", &"a".repeat(1024)] {
        assert!(named(good), "{good}");
    }
    for bad in ["ab", "a b c", "täble", &"a".repeat(1025), ""] {
        assert!(!named(bad), "{bad}");
    }
}

#[test]
fn the_last_part_is_never_empty_unless_there_is_nothing() {
    let begins = |count| last_part(count, 45);
    assert_eq!([begins(0), begins(1), begins(45), begins(46), begins(90), begins(91), begins(250)], [0, 0, 0, 45, 45, 90, 225]);
}
