//! Stands in for AWS Secrets Manager: one secret, whose content a test changes. Notes who reads it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::privileges::caller;
use crate::settings::Variables;
use crate::world::{World, WorldBuilder};

/// The name by which the functions ask for the secret.
pub const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:messenger-link-AbCdEf";

/// What is answered.
#[derive(Clone)]
pub enum Answer {
    /// The secret with this text.
    Text(String),
    /// An error of this status and type.
    Error(u16, &'static str),
}

#[derive(Clone)]
struct Shared {
    answer: Arc<Mutex<Answer>>,
    /// How often each caller has read it.
    reads: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// The store; it ends when dropped.
pub struct SecretStore {
    url: String,
    shared: Shared,
    server: JoinHandle<()>,
}

impl SecretStore {
    /// On a free port.
    pub async fn start(answer: Answer) -> Self {
        Self::start_on("127.0.0.1:0", answer).await
    }

    /// On this address.
    pub async fn start_on(address: &str, answer: Answer) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Shared { answer: Arc::new(Mutex::new(answer)), reads: Arc::default() };
        let router = Router::new().fallback(read).with_state(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shared, server }
    }

    /// Where the functions find it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Answers this from now on.
    pub fn set(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// How often the secret was asked for.
    pub fn reads(&self) -> usize {
        self.shared.reads.lock().unwrap().values().sum()
    }

    /// Whether a function has asked for it.
    pub fn was_read_by(&self, function: &str) -> bool {
        self.shared.reads.lock().unwrap().contains_key(function)
    }

    /// A world whose functions have these secrets from here and none from the environment.
    pub fn world(&self, secrets: &Variables) -> WorldBuilder {
        let mut world = World::builder().env("SECRETS_ARN", ARN).env("AWS_ENDPOINT_URL_SECRETS_MANAGER", self.url());
        for (name, value) in secrets {
            world = world.setting(name, value).without(name);
        }
        world
    }
}

impl Drop for SecretStore {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Answer {
    /// The secret as the service wants it: a JSON object of these variables.
    pub fn secrets(variables: &Variables) -> Self {
        Self::Text(json!(variables).to_string())
    }
}

async fn read(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    assert_eq!(target, Some("secretsmanager.GetSecretValue"));
    let request: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(request["SecretId"], ARN);
    let signed = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    *shared.reads.lock().unwrap().entry(caller(signed).to_owned()).or_default() += 1;
    let answer = shared.answer.lock().unwrap().clone();
    let (status, body) = match answer {
        Answer::Text(text) => (200, json!({"ARN": ARN, "Name": "messenger-link", "VersionId": "1", "SecretString": text})),
        Answer::Error(status, kind) => (status, json!({"__type": kind, "Message": "on request"})),
    };
    (StatusCode::from_u16(status).unwrap(), [("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
}
