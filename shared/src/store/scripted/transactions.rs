//! Which failures are retried, how long the pauses are, and what the log says.

use std::time::Duration;

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use serde_json::{Value, json};

use super::{Answer, NOW, Scripted, echo, found, refused, refused_with};
use crate::{
    Code, Error,
    reply::cookie::Token,
    store::{
        Sessions,
        sessions::SessionKey,
        table::{Database, Key, PK, TRIES, Transaction, Write, Written},
    },
};

/// What a write is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    One,
    Other,
}

/// A transaction cancelled for these reasons, by code.
fn cancelled(reasons: &[&str]) -> Answer {
    let reasons: Vec<Value> = reasons.iter().map(|code| json!({ "Code": code, "Item": { "pk": { "S": *code } } })).collect();
    refused_with("TransactionCanceledException", json!({ "CancellationReasons": reasons }))
}

async fn transact(table: &Scripted) -> Result<Written<Role>, Error> {
    let delete = || Write::delete(Key::in_sessions("a"));
    let transaction = Transaction::repeated("dynamodb.link", "the-token").and(delete());
    let transaction = transaction.and_as(Role::One, delete()).and_as(Role::Other, delete()).and(delete());
    table.database().write(transaction).await
}

fn failure(result: Result<Written<Role>, Error>) -> Option<String> {
    result.unwrap_err().cause
}

#[tokio::test]
async fn transient_failures_are_retried_as_the_same_write() {
    for passing in [
        cancelled(&["None", "TransactionConflict"]),
        cancelled(&["ThrottlingError", "ProvisionedThroughputExceeded"]),
        refused_with("TransactionCanceledException", json!({ "CancellationReasons": [{}] })),
        refused("ThrottlingException"),
        refused("TransactionInProgressException"),
    ] {
        let table = Scripted::new(vec![passing, found(json!({}))]);
        assert!(transact(&table).await.unwrap().is_whole());
        let tokens: Vec<_> = table.asked().iter().map(|asked| asked["ClientRequestToken"].clone()).collect();
        assert_eq!(tokens, ["the-token", "the-token"]);
    }
}

#[tokio::test]
async fn permanent_failures_are_returned_at_once() {
    for (lasting, cause) in [
        (cancelled(&["TransactionConflict", "ValidationError"]), "link: TransactionCanceledException"),
        (refused("ResourceNotFoundException"), "link: ResourceNotFoundException"),
    ] {
        let table = Scripted::new(vec![lasting, found(json!({}))]);
        assert_eq!(failure(transact(&table).await).as_deref(), Some(cause));
        assert_eq!(table.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_names_the_roles_that_refused_with_their_items() {
    let table = Scripted::new(vec![cancelled(&["ConditionalCheckFailed", "TransactionConflict", "ConditionalCheckFailed", "None"])]);
    let written = transact(&table).await.unwrap();
    assert!(!written.is_whole());
    let Written::Refused(refused) = written else { panic!("written") };
    assert_eq!(refused.roles().collect::<Vec<_>>(), [&Role::Other]);
    assert!(refused.has(&Role::Other) && !refused.has(&Role::One));
    let each: Vec<_> = refused.each().collect();
    assert_eq!(each.iter().map(|(role, _)| *role).collect::<Vec<_>>(), [None, Some(Role::Other)]);
    assert!(each.iter().all(|(_, row)| row.text(&PK) == Some("ConditionalCheckFailed")));
}

#[tokio::test]
async fn a_lasting_conflict_is_given_up() {
    let tries = usize::try_from(TRIES).unwrap() + 1;
    let mut answers: Vec<Answer> = (0..tries).map(|_| cancelled(&["TransactionConflict"])).collect();
    answers.push(found(json!({})));
    let table = Scripted::new(answers);
    assert_eq!(failure(transact(&table).await).as_deref(), Some("link: TransactionCanceledException"));
    assert_eq!(table.asked().len(), tries);
}

/// The error that reading a session returns.
async fn read(sessions: &Sessions) -> Error {
    sessions.load(&SessionKey::of(&Token::generate().unwrap())).await.unwrap_err()
}

#[tokio::test]
async fn a_failure_is_reported_by_kind() {
    let told = |error: Error| (error.code, error.cause.unwrap());
    let storage = |cause: &str| (Code::StorageUnavailable, cause.to_owned());
    let table = Scripted::new(vec![refused("ResourceNotFoundException"), found(json!("no object"))]);
    let sessions = table.sessions();
    assert_eq!(told(read(&sessions).await), storage("session: ResourceNotFoundException"));
    assert_eq!(told(read(&sessions).await), storage("session: unknown"));
    // Nobody is listening any more.
    assert_eq!(told(read(&sessions).await), storage("session: no connection"));

    let never = echo(|_| {
        loop {
            std::thread::park();
        }
    });
    let table = Scripted::new(vec![never]);
    let soon = TimeoutConfig::builder().operation_timeout(Duration::from_millis(50)).build();
    let client = aws_sdk_dynamodb::Client::from_conf(table.client.config().to_builder().timeout_config(soon).build());
    let sessions = Sessions { database: Database::new(client, Some("sessions".to_owned()), None), ..table.sessions() };
    assert_eq!(told(read(&sessions).await), storage("session: timeout"));
    assert_eq!(table.clock.now(), NOW);
}
