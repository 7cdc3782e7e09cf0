//! Stands in for AWS Secrets Manager: one secret, whose content a test changes.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use e2e::settings::Variables;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The name by which the functions ask for the secret.
pub(crate) const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:messenger-link-AbCdEf";

/// What is answered.
#[derive(Clone)]
pub(crate) enum Answer {
    /// The secret with this text.
    Text(String),
    /// An error of this status and type.
    Error(u16, &'static str),
}

#[derive(Clone)]
struct Shared {
    answer: Arc<Mutex<Answer>>,
    reads: Arc<Mutex<usize>>,
}

/// The store; it ends when dropped.
pub(crate) struct SecretStore {
    url: String,
    shared: Shared,
    server: JoinHandle<()>,
}

impl SecretStore {
    pub(crate) async fn start(answer: Answer) -> Self {
        Self::start_on("127.0.0.1:0", answer).await
    }

    pub(crate) async fn start_on(address: &str, answer: Answer) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Shared { answer: Arc::new(Mutex::new(answer)), reads: Arc::default() };
        let router = Router::new().fallback(read).with_state(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shared, server }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn set(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// How often the secret was asked for.
    pub(crate) fn reads(&self) -> usize {
        *self.shared.reads.lock().unwrap()
    }
}

impl Drop for SecretStore {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Answer {
    /// The secret as the service wants it: a JSON object of these variables.
    pub(crate) fn secrets(variables: &Variables) -> Self {
        Self::Text(json!(variables).to_string())
    }
}

async fn read(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    assert_eq!(target, Some("secretsmanager.GetSecretValue"));
    let request: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(request["SecretId"], ARN);
    *shared.reads.lock().unwrap() += 1;
    let answer = shared.answer.lock().unwrap().clone();
    let (status, body) = match answer {
        Answer::Text(text) => (200, json!({"ARN": ARN, "Name": "messenger-link", "VersionId": "1", "SecretString": text})),
        Answer::Error(status, kind) => (status, json!({"__type": kind, "Message": "on request"})),
    };
    (StatusCode::from_u16(status).unwrap(), [("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
}
