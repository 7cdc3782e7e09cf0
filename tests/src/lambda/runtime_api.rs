//! The Lambda Runtime API as one instance sees it:
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};

use super::outcome::FunctionError;

/// An event on its way to an instance.
pub(super) struct Invocation {
    pub(super) id: String,
    pub(super) event: Vec<u8>,
    pub(super) reply: oneshot::Sender<Result<Vec<u8>, FunctionError>>,
}

/// The events of a function that no instance has taken yet, and how long each may take from then on.
pub(super) struct Queue {
    timeout: Duration,
    sender: mpsc::UnboundedSender<Invocation>,
    receiver: tokio::sync::Mutex<mpsc::UnboundedReceiver<Invocation>>,
}

impl Queue {
    pub(super) fn new(timeout: Duration) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self { timeout, sender, receiver: tokio::sync::Mutex::new(receiver) }
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(super) fn push(&self, invocation: Invocation) {
        assert!(self.sender.send(invocation).is_ok(), "the queue holds its own receiver");
    }

    async fn pop(&self) -> Option<Invocation> {
        loop {
            let invocation = self.receiver.lock().await.recv().await?;
            // An event whose sender gave up (all instances gone, test over) is not for a later instance.
            if !invocation.reply.is_closed() {
                return Some(invocation);
            }
        }
    }
}

type InFlight = Mutex<Option<(String, oneshot::Sender<Result<Vec<u8>, FunctionError>>)>>;

/// What the emulation knows of one instance.
pub(super) struct RuntimeApi {
    queue: Arc<Queue>,
    in_flight: InFlight,
    /// Set at the first poll: the instance is initialised.
    ready: watch::Sender<bool>,
    /// Set to end the instance: by the caller, at a timeout, or when the process has ended by itself.
    over: watch::Sender<bool>,
}

impl RuntimeApi {
    pub(super) fn new(queue: Arc<Queue>) -> Self {
        Self { queue, in_flight: Mutex::default(), ready: watch::Sender::new(false), over: watch::Sender::new(false) }
    }

    pub(super) fn ready(&self) -> watch::Receiver<bool> {
        self.ready.subscribe()
    }

    pub(super) fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }

    pub(super) fn end(&self) {
        self.over.send_replace(true);
    }

    /// Answers what is in flight, if it is still the event `id` (any event without one).
    pub(super) fn answer(&self, id: Option<&str>, result: Result<Vec<u8>, FunctionError>) -> bool {
        let mut in_flight = self.in_flight.lock().unwrap();
        match in_flight.take_if(|(current, _)| id.is_none_or(|id| id == current)) {
            Some((_, reply)) => {
                // The caller may have stopped waiting.
                let _ = reply.send(result);
                true
            }
            None => false,
        }
    }

    /// Serves the API until the instance is over.
    pub(super) async fn serve(self: Arc<Self>, listener: TcpListener) {
        let mut over = self.over();
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            // A reply may have 6 MB; the default limit is 2.
            .layer(DefaultBodyLimit::max(8 << 20))
            .with_state(self);
        tokio::select! {
            served = axum::serve(listener, router) => served.expect("the Runtime API serves"),
            _ = over.wait_for(|over| *over) => {}
        }
    }
}

async fn next(State(api): State<Arc<RuntimeApi>>) -> Response {
    api.ready.send_replace(true);
    let mut over = api.over();
    let invocation = tokio::select! {
        _ = over.wait_for(|over| *over) => None,
        invocation = api.queue.pop() => invocation,
    };
    let Some(Invocation { id, event, reply }) = invocation else {
        return StatusCode::GONE.into_response();
    };
    *api.in_flight.lock().unwrap() = Some((id.clone(), reply));
    tokio::spawn(end_at_timeout(Arc::clone(&api), id.clone()));

    let deadline = SystemTime::now() + api.queue.timeout;
    let deadline_ms = deadline.duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_millis();
    let trace = format!("Root=1-{:08x}-{}", deadline_ms / 1000, &id.replace('-', "")[..24]);
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:e2e".to_owned()),
        ("lambda-runtime-trace-id", format!("{trace};Parent=0123456789abcdef;Sampled=0")),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event).into_response()
}

/// As Lambda does: what has not answered in time is ended together with its instance.
async fn end_at_timeout(api: Arc<RuntimeApi>, id: String) {
    let timeout = api.queue.timeout;
    tokio::time::sleep(timeout).await;
    let message = format!("Task timed out after {} seconds", timeout.as_secs());
    if api.answer(Some(&id), Err(FunctionError::new("Sandbox.Timedout", message))) {
        api.end();
    }
}

async fn response(State(api): State<Arc<RuntimeApi>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    accepted(api.answer(Some(&id), Ok(body.to_vec())))
}

async fn error(State(api): State<Arc<RuntimeApi>>, Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> StatusCode {
    accepted(api.answer(Some(&id), Err(reported(&headers, &body))))
}

async fn init_error(State(api): State<Arc<RuntimeApi>>) -> StatusCode {
    api.end();
    StatusCode::ACCEPTED
}

fn accepted(known: bool) -> StatusCode {
    if known { StatusCode::ACCEPTED } else { StatusCode::BAD_REQUEST }
}

fn reported(headers: &HeaderMap, body: &[u8]) -> FunctionError {
    let report: Value = serde_json::from_slice(body).unwrap_or_default();
    let header = headers.get("lambda-runtime-function-error-type").and_then(|value| value.to_str().ok());
    let error_type = report["errorType"].as_str().or(header).unwrap_or("Unknown");
    FunctionError::new(error_type, report["errorMessage"].as_str().unwrap_or_default())
}
