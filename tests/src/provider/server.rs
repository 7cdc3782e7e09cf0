//! The HTTP side: reads a request whole, records it, lets it meet its fault, and has the stand-in answer it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::http::header::CONNECTION;
use futures_util::stream;
use tokio::task::JoinHandle;

use super::gate::{ConnectionHandle, GateListener};
use super::{Provider, RecordedRequest, Reply, lock};
use crate::consent;
use crate::faults::Fault;

/// What a stand-in is to its server.
pub(crate) trait Answers: Send + Sync + 'static {
    /// The call a request is, by one of the provider's names or another that faults can't name.
    fn name(&self, request: &RecordedRequest) -> &'static str;
    /// The answer without any fault.
    fn answer(&self, request: &RecordedRequest) -> Reply;
    /// How this provider says that it is asked too often.
    fn throttled(&self) -> Reply;
    /// How this provider says that it failed.
    fn failed(&self) -> Reply;
}

/// A running server; ends with all its connections when dropped.
pub(crate) struct Server {
    provider: Arc<Provider>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(provider: Arc<Provider>, stand_in: Arc<dyn Answers>) -> Self {
        let listener = GateListener(Arc::clone(&provider.gate));
        let desk = Desk { provider: Arc::clone(&provider), stand_in };
        let service = Router::new().fallback(receive).with_state(desk).into_make_service_with_connect_info::<ConnectionHandle>();
        let task = tokio::spawn(async move {
            // Accepting never ends by itself: what could fail is retried by the listener.
            let _ended = axum::serve(listener, service).await;
        });
        Self { provider, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
        let _best_effort = self.provider.gate.end();
    }
}

#[derive(Clone)]
struct Desk {
    provider: Arc<Provider>,
    stand_in: Arc<dyn Answers>,
}

async fn receive(
    State(desk): State<Desk>,
    ConnectInfo(ConnectionHandle(connection)): ConnectInfo<ConnectionHandle>,
    request: Request,
) -> Response<Body> {
    const REQUEST_LIMIT: usize = 1024 * 1024;
    let _busy = connection.busy();
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, REQUEST_LIMIT).await else {
        return Reply::new(413, "text/plain", "too large").into_response(Body::from);
    };
    let mut request = RecordedRequest {
        call: "",
        method: head.method,
        path_and_query: head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: head.headers,
        body: body.to_vec(),
    };
    if let Some(reply) = own_page(&desk.provider, &request) {
        return reply.into_response(Body::from);
    }
    request.call = if request.path() == "/redirected" { "redirected" } else { desk.stand_in.name(&request) };
    desk.provider.record(request.clone());
    let delay = *lock(&desk.provider.delay);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let fault = lock(&desk.provider.plan).take(request.call);
    let mut response = answer(&desk, &request, fault.as_ref()).await;
    match fault {
        Some(Fault::Reset | Fault::LostReply) => connection.reset(),
        _ => close_if_told(&desk.provider, request.call, &mut response),
    }
    response
}

async fn answer(desk: &Desk, request: &RecordedRequest, fault: Option<&Fault>) -> Response<Body> {
    let reply = match fault {
        // Without an answer of any kind: the connection is reset below.
        Some(Fault::Reset) => Reply::new(200, "text/plain", ""),
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Throttled429) => desk.stand_in.throttled(),
        Some(Fault::ServerError500) => desk.stand_in.failed(),
        Some(Fault::HtmlBody) => Reply::html(200, "<!doctype html><title>Sorry</title><p>Something went wrong.".into()),
        Some(Fault::Redirect) => Reply::redirect(307, format!("{}/redirected", desk.provider.url())),
        Some(Fault::Reply { status, content_type, body }) => Reply::new(*status, content_type, body.clone()),
        Some(fault) => {
            if let Fault::Delay(delay) = fault {
                tokio::time::sleep(*delay).await;
            }
            fault.distort(desk.stand_in.answer(request))
        }
        None if request.call == "redirected" => Reply::json(200, &serde_json::json!({})),
        None => desk.stand_in.answer(request),
    };
    if matches!(fault, Some(Fault::HugeBody)) { reply.into_response(in_chunks) } else { reply.into_response(Body::from) }
}

/// Shuts the port before the answer leaves, so that who has the answer can't connect any more.
fn close_if_told(provider: &Provider, call: &str, response: &mut Response<Body>) {
    let is_last = {
        let mut plan = lock(&provider.plan);
        let outstanding = plan.refuse_after.len();
        plan.refuse_after.retain(|before| *before != call);
        outstanding > 0 && plan.refuse_after.is_empty()
    };
    if is_last {
        provider.stop();
    }
    if provider.gate.is_shut() {
        response.headers_mut().insert(CONNECTION, axum::http::HeaderValue::from_static("close"));
    }
}

fn in_chunks(body: Vec<u8>) -> Body {
    const CHUNK: usize = 64 * 1024;
    let chunks: Vec<_> = body.chunks(CHUNK).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
    Body::from_stream(stream::iter(chunks))
}

/// The form on the consent pages that switches faults; not a call of the provider.
fn own_page(provider: &Provider, request: &RecordedRequest) -> Option<Reply> {
    if request.path() != consent::FAULTS_PATH {
        return None;
    }
    let form = request.form();
    let back = super::first(&form, "back").filter(|back| back.starts_with('/') && !back.starts_with("//"));
    match (super::first(&form, "call"), super::first(&form, "fault")) {
        (Some(call), Some(name)) if provider.calls().contains(&call) => {
            let fault = Fault::matrix().into_iter().find(|(known, _)| *known == name);
            if let Some((_, fault)) = fault {
                provider.switch_on(call, fault, crate::faults::Times::Once);
            }
        }
        _ => provider.clear_faults(),
    }
    Some(Reply::redirect(303, back.unwrap_or("/").to_owned()))
}
