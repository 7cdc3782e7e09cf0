//! Stands in for the two calls of EventBridge that play an archive again, as
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html> and `API_DescribeReplay` have them: JSON, a target in the header.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

pub(crate) const ARCHIVE: &str = "arn:aws:events:us-east-1:000000000000:archive/links";
pub(crate) const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/messenger-link";

/// A replay as it was asked for, and the states that it is found in, one after the other.
#[derive(Default)]
struct Replay {
    asked: Option<Value>,
    states: Vec<&'static str>,
    looks: usize,
}

/// It ends when dropped.
pub(crate) struct Replays {
    url: String,
    replay: Arc<Mutex<Replay>>,
    server: JoinHandle<()>,
}

impl Replays {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let replay = Arc::new(Mutex::new(Replay { states: vec!["STARTING", "RUNNING", "COMPLETED"], ..Replay::default() }));
        let service = Router::new().fallback(answer).with_state(Arc::clone(&replay));
        let server = tokio::spawn(async move {
            let _ended = axum::serve(listener, service).await;
        });
        Self { url, replay, server }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on a replay is found in these states, one after the other.
    pub(crate) fn go_through(&self, states: &[&'static str]) {
        *self.replay.lock().unwrap() = Replay { states: states.to_vec(), ..Replay::default() };
    }

    /// What was asked for, and how often somebody looked.
    pub(crate) fn asked(&self) -> (Value, usize) {
        let replay = self.replay.lock().unwrap();
        (replay.asked.clone().expect("a replay was started"), replay.looks)
    }
}

impl Drop for Replays {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(replay): State<Arc<Mutex<Replay>>>, headers: HeaderMap, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut replay = replay.lock().unwrap();
    let refused =
        |kind: &str, message: &str| (StatusCode::BAD_REQUEST, json!({ "__type": kind, "message": message }).to_string()).into_response();
    match headers.get("x-amz-target").and_then(|target| target.to_str().ok()) {
        Some("AWSEvents.StartReplay") if body["EventSourceArn"] != ARCHIVE => refused("ResourceNotFoundException", "No such archive."),
        Some("AWSEvents.StartReplay") => {
            replay.asked = Some(body.clone());
            let arn = format!("arn:aws:events:us-east-1:000000000000:replay/{}", body["ReplayName"].as_str().unwrap_or_default());
            json!({ "ReplayArn": arn, "State": "STARTING" }).to_string().into_response()
        }
        Some("AWSEvents.DescribeReplay") => {
            let state = replay.states.get(replay.looks).or(replay.states.last()).copied().unwrap_or_default();
            replay.looks += 1;
            let asked = replay.asked.clone().unwrap_or_default();
            let so_far = (state == "RUNNING").then(|| asked["EventStartTime"].clone());
            let told = json!({
                "ReplayName": body["ReplayName"], "State": state, "StateReason": "told by a test", "EventLastReplayedTime": so_far,
                "EventStartTime": asked["EventStartTime"], "EventEndTime": asked["EventEndTime"],
            });
            told.to_string().into_response()
        }
        _ => refused("UnknownOperationException", "No such operation."),
    }
}
