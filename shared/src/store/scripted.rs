//! A DynamoDB that replies from a test's script: for answers that the engine behind the end-to-end
//! tests never gives, and for moments that a wall clock never hits.

mod by_hand;
mod erase;
mod flows;
mod grants;
mod identity;
mod jobs;
mod keys;
mod leases;
mod leaving;
mod links;
mod messaging;
mod renewals;
mod resealing;
pub(super) mod sessions;
mod transactions;

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Sessions, Tables, table::Database, tables::AUDIT_RETENTION};
use crate::{
    Clock,
    config::Vars,
    encryption::KeyRing,
    providers::PLATFORMS,
    scripted::{Log, serve},
};

pub(super) const NOW: u64 = 1_700_000_000;
pub(super) const UUID: Uuid = Uuid::from_u128(7);

/// One answer: the status, and the body as a function of the request.
pub(super) type Answer = (u16, Box<dyn Fn(&Value) -> Value + Send>);

pub(super) struct Scripted {
    client: Client,
    asked: Arc<Mutex<Vec<Value>>>,
    clock: Clock,
}

impl Scripted {
    /// Gives these answers in this order, and no more.
    pub(super) fn new(answers: Vec<Answer>) -> Self {
        let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
        let heard = Arc::clone(&asked);
        let endpoint = serve(answers, move |(status, body), request| {
            let request = serde_json::from_slice(&request).unwrap();
            let body = body(&request).to_string();
            heard.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            (status, body)
        });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .endpoint_url(endpoint)
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .retry_config(aws_sdk_dynamodb::config::retry::RetryConfig::disabled())
            .build();
        Self { client: Client::from_conf(config), asked, clock: Clock::fixed(NOW) }
    }

    fn database(&self) -> Database {
        Database::new(self.client.clone(), Some("sessions".to_owned()), Some("connections".to_owned()))
    }

    fn sessions(&self) -> Sessions {
        Sessions { database: self.database(), clock: self.clock.clone(), platforms: PLATFORMS }
    }

    pub(super) fn tables(&self) -> Tables {
        Tables {
            database: self.database(),
            keys: keys("k1"),
            clock: self.clock.clone(),
            platforms: PLATFORMS,
            audit_retention: AUDIT_RETENTION,
        }
    }

    /// The requests so far.
    fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A ring with one key with this id.
pub(super) fn keys(id: &str) -> KeyRing {
    KeyRing::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", format!("{id}:{}=", "A".repeat(43)).as_str())])).unwrap()
}

/// What `work` logs.
async fn logged(work: impl Future<Output = ()>) -> String {
    let log = Log::listen();
    work.await;
    log.take()
}

/// A success.
fn found(body: Value) -> Answer {
    (200, Box::new(move |_| body.clone()))
}

/// A success that depends on the request.
fn echo(body: impl Fn(&Value) -> Value + Send + 'static) -> Answer {
    (200, Box::new(body))
}

/// An error with this code.
fn refused(code: &str) -> Answer {
    refused_with(code, json!({}))
}

/// The same with more in its body.
fn refused_with(code: &str, mut body: Value) -> Answer {
    body["__type"] = format!("com.amazonaws.dynamodb.v20120810#{code}").into();
    (400, Box::new(move |_| body.clone()))
}

/// A failed condition, and the item as it is.
fn condition_failed(item: Value) -> Answer {
    refused_with("ConditionalCheckFailedException", if item.is_null() { json!({}) } else { json!({ "Item": item }) })
}

/// The value that a request compares or sets for an attribute: `#name = :v3`, also if it is set
/// only when absent.
pub(super) fn value_of<'a>(asked: &'a Value, name: &str) -> &'a Value {
    let text =
        format!("{} {}", asked["UpdateExpression"].as_str().unwrap_or_default(), asked["ConditionExpression"].as_str().unwrap_or_default());
    let text = text.replace(&format!("if_not_exists(#{name}, "), "");
    let after = text.split(&format!("#{name} = ")).nth(1).unwrap_or_default();
    let placeholder: String = after.chars().take_while(|c| !matches!(c, ' ' | ',' | ')')).collect();
    &asked["ExpressionAttributeValues"][placeholder]
}

/// Asserts that a throttled write is retried five times unchanged, and that a rejected one is not
/// retried.
async fn is_tried_five_times_more<T, E>(write: impl AsyncFn(&Scripted) -> Result<T, E>, is_failure: impl Fn(&E) -> bool) {
    let held_back = |times: usize| (0..times).map(|_| refused("ThrottlingException"));
    for (answers, tries, succeeds) in [
        (held_back(5).chain([found(json!({}))]).collect(), 6, true),
        (held_back(7).collect(), 6, false),
        (vec![refused("ResourceNotFoundException"), found(json!({}))], 1, false),
    ] {
        let table = Scripted::new(answers);
        match write(&table).await {
            Ok(_) => assert!(succeeds),
            Err(error) => assert!(!succeeds && is_failure(&error)),
        }
        let asked = table.asked();
        assert_eq!(asked.len(), tries, "and what was refused is not given back");
        assert!(asked.iter().all(|again| again == &asked[0]), "the same write");
    }
}
