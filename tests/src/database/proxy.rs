//! Stands between the functions and the engine: counts calls, refuses what a function's role does not allow, and fails on request.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, HOST};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use super::capacity::{Usage, metered};
use crate::privileges::{self, Privilege, Roles};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseFault {
    /// 400 `ProvisionedThroughputExceededException`.
    Throttled,
    /// 500 `InternalServerError`.
    InternalError,
    /// 400 `TransactionCanceledException` for a conflict with another transaction, which the engine never has itself.
    TransactionConflict,
    /// The connection is cut before the call is carried out.
    RequestLost,
    /// The call is carried out and the connection cut before its answer.
    AnswerLost,
    /// No answer ever comes, and the call is not carried out.
    Hang,
}

/// The operations that change items.
const WRITES: [&str; 5] = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];

type HttpClient = Client<HttpConnector, Full<Bytes>>;

struct PlannedFault {
    operation: Option<String>,
    fault: DatabaseFault,
    /// Calls that are let through before.
    passing: usize,
    calls: usize,
}

/// A call that waits on its way to the engine until the test lets it go; it goes when this is dropped.
pub struct Held {
    arrived: oneshot::Receiver<()>,
    _let_go: oneshot::Sender<()>,
}

struct PlannedHold {
    operation: String,
    arrived: oneshot::Sender<()>,
    let_go: oneshot::Receiver<()>,
}

#[derive(Default)]
struct Plan {
    faults: Vec<PlannedFault>,
    holds: Vec<PlannedHold>,
    delay: Duration,
    usage: Usage,
    /// By function.
    needed: BTreeMap<String, BTreeSet<Privilege>>,
}

pub(super) struct Proxy {
    address: SocketAddr,
    upstream: String,
    authorization: Option<String>,
    client: HttpClient,
    roles: Arc<Roles>,
    plan: Arc<Mutex<Plan>>,
    written: Arc<Notify>,
    /// The accept loop, which owns the connections: aborting it cuts them.
    accepting: Mutex<Option<JoinHandle<()>>>,
}

/// Ends the connection without an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("cut on request")
    }
}

impl std::error::Error for Cut {}

impl Proxy {
    /// Calls go on as they came, or with another `Authorization` where the engine keeps accounts apart by it.
    pub(super) async fn start(upstream: &str, authorization: Option<String>, port: u16, roles: Roles) -> std::io::Result<Arc<Self>> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let proxy = Arc::new(Self {
            address: listener.local_addr()?,
            upstream: upstream.to_owned(),
            authorization,
            client: Client::builder(TokioExecutor::new()).build_http(),
            roles: Arc::new(roles),
            plan: Arc::default(),
            written: Arc::default(),
            accepting: Mutex::default(),
        });
        proxy.accept(listener);
        Ok(proxy)
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) async fn written(&self) {
        self.written.notified().await;
    }

    pub(super) fn fail(&self, operation: Option<&str>, fault: DatabaseFault, calls: usize) {
        let operation = operation.map(str::to_owned);
        self.plan.lock().unwrap().faults.push(PlannedFault { operation, fault, passing: 0, calls });
    }

    pub(super) fn fail_after(&self, passing: usize, fault: DatabaseFault) {
        self.plan.lock().unwrap().faults.push(PlannedFault { operation: None, fault, passing, calls: usize::MAX });
    }

    pub(super) fn hold(&self, operation: &str) -> Held {
        let ((arrived, has_arrived), (let_go, is_let_go)) = (oneshot::channel(), oneshot::channel());
        self.plan.lock().unwrap().holds.push(PlannedHold { operation: operation.to_owned(), arrived, let_go: is_let_go });
        Held { arrived: has_arrived, _let_go: let_go }
    }

    pub(super) fn delay(&self, delay: Duration) {
        self.plan.lock().unwrap().delay = delay;
    }

    pub(super) fn clear_faults(&self) {
        let mut plan = self.plan.lock().unwrap();
        plan.faults.clear();
        plan.delay = Duration::ZERO;
    }

    pub(super) fn usage(&self) -> Usage {
        self.plan.lock().unwrap().usage.clone()
    }

    pub(super) fn reset_usage(&self) {
        self.plan.lock().unwrap().usage = Usage::default();
    }

    pub(super) fn needed_by(&self, function: &str) -> BTreeSet<Privilege> {
        self.plan.lock().unwrap().needed.get(function).cloned().unwrap_or_default()
    }

    pub(super) async fn stop(&self) {
        let accepting = self.accepting.lock().unwrap().take();
        if let Some(accepting) = accepting {
            accepting.abort();
            // The listener is closed only when the aborted task has been dropped.
            let _ = accepting.await;
        }
    }

    pub(super) async fn resume(&self) {
        self.stop().await;
        let listener = TcpListener::bind(self.address).await.expect("the port is free again");
        self.accept(listener);
    }

    fn accept(&self, listener: TcpListener) {
        let (roles, plan, written) = (Arc::clone(&self.roles), Arc::clone(&self.plan), Arc::clone(&self.written));
        let authorization = self.authorization.clone();
        let call = Call { upstream: self.upstream.clone(), authorization, client: self.client.clone(), roles, plan, written };
        let accepting = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                while connections.try_join_next().is_some() {}
                let Ok((stream, _)) = listener.accept().await else { continue };
                // Small answers must not wait for the other side's acknowledgement.
                let _ = stream.set_nodelay(true);
                let call = call.clone();
                connections.spawn(async move {
                    let service = service_fn(move |request| call.clone().handle(request));
                    // An error is a cut connection, on request or by the function's end.
                    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        *self.accepting.lock().unwrap() = Some(accepting);
    }
}

impl Held {
    /// Waits until the call is there.
    ///
    /// # Panics
    ///
    /// When it does not come.
    pub async fn arrived(&mut self) {
        let arrived = tokio::time::timeout(Duration::from_secs(20), &mut self.arrived).await;
        assert!(matches!(arrived, Ok(Ok(()))), "no such call came");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(accepting) = self.accepting.lock().unwrap().take() {
            accepting.abort();
        }
    }
}

#[derive(Clone)]
struct Call {
    upstream: String,
    authorization: Option<String>,
    client: HttpClient,
    roles: Arc<Roles>,
    plan: Arc<Mutex<Plan>>,
    written: Arc<Notify>,
}

impl Call {
    async fn handle(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
        let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let (fault, delay) = self.plan.lock().unwrap().next(&operation);
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
        let signed = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (caller, needed) = (privileges::caller(signed), privileges::of_database_call(&operation, &body));
        // Also what is refused was needed.
        self.plan.lock().unwrap().needed.entry(caller.to_owned()).or_default().extend(needed.iter().cloned());
        if let Some((resource, action)) = self.roles.lacking(caller, &needed) {
            let message =
                format!("{caller} is not authorized to perform {action} on {resource}: its role in template.yaml does not allow it");
            return Ok(refusal(400, "AccessDeniedException", &message));
        }
        tokio::time::sleep(delay).await;
        let hold = self.plan.lock().unwrap().take_hold(&operation);
        if let Some(hold) = hold {
            let _ = hold.arrived.send(());
            let _ = hold.let_go.await;
        }
        match fault {
            Some(DatabaseFault::Throttled) => {
                return Ok(refusal(400, "ProvisionedThroughputExceededException", "Throttled on request"));
            }
            Some(DatabaseFault::InternalError) => {
                return Ok(refusal(500, "InternalServerError", "Failed on request"));
            }
            Some(DatabaseFault::TransactionConflict) => return Ok(conflict()),
            Some(DatabaseFault::RequestLost) => return Err(Cut),
            Some(DatabaseFault::Hang) => match std::future::pending::<Infallible>().await {},
            Some(DatabaseFault::AnswerLost) | None => {}
        }
        let answer = self.forward(head, metered(&operation, body.to_vec())).await?;
        self.plan.lock().unwrap().usage.add_reply(&operation, answer.body());
        if WRITES.contains(&&*operation) && answer.status().is_success() {
            self.written.notify_one();
        }
        if fault == Some(DatabaseFault::AnswerLost) {
            return Err(Cut);
        }
        Ok(answer.map(Full::new))
    }

    async fn forward(&self, mut head: Parts, body: Vec<u8>) -> Result<Response<Bytes>, Cut> {
        head.uri = self.upstream.parse().map_err(|_| Cut)?;
        for name in [HOST, CONTENT_LENGTH, ACCEPT_ENCODING] {
            head.headers.remove(name);
        }
        if let Some(authorization) = &self.authorization {
            head.headers.insert(AUTHORIZATION, authorization.parse().map_err(|_| Cut)?);
        }
        let request = Request::from_parts(head, Full::new(Bytes::from(body)));
        let (head, body) = self.client.request(request).await.map_err(|_| Cut)?.into_parts();
        Ok(Response::from_parts(head, body.collect().await.map_err(|_| Cut)?.to_bytes()))
    }
}

impl Plan {
    fn take_hold(&mut self, operation: &str) -> Option<PlannedHold> {
        let place = self.holds.iter().position(|hold| hold.operation == operation)?;
        Some(self.holds.remove(place))
    }

    /// Counts a call and takes its fault from the plan.
    fn next(&mut self, operation: &str) -> (Option<DatabaseFault>, Duration) {
        self.usage.count_call(operation);
        let fits = |planned: &PlannedFault| planned.operation.as_deref().is_none_or(|wanted| wanted == operation);
        let place = self.faults.iter().position(|planned| planned.calls > 0 && fits(planned));
        let fault = place.and_then(|place| {
            let planned = &mut self.faults[place];
            if planned.passing > 0 {
                planned.passing -= 1;
                return None;
            }
            planned.calls -= 1;
            Some(planned.fault)
        });
        (fault, self.delay)
    }
}

fn refusal(status: u16, kind: &str, message: &str) -> Response<Full<Bytes>> {
    answer(status, &json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{kind}"), "message": message }))
}

fn conflict() -> Response<Full<Bytes>> {
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]",
        "CancellationReasons": [{ "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" }],
    });
    answer(400, &body)
}

fn answer(status: u16, body: &serde_json::Value) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header("content-type", "application/x-amz-json-1.0")
        .body(Full::new(Bytes::from(body.to_string())))
        .expect("a response of constants")
}
