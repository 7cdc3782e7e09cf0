//! Brings a delivery to the service, again where it was not taken, and keeps what came of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use crate::gateway::Request;
use crate::provider::lock;

/// "A few times at once" is all that is documented.
const TRIES: usize = 3;
/// Meta waits no longer for an answer (Messenger Platform, webhooks).
const PATIENCE: Duration = Duration::from_secs(5);
/// More of an answer is of no use to a person.
const SHOWN: usize = 300;

/// What was sent or left unsent, and what the service said to each try.
#[derive(Clone, Debug)]
pub(in crate::facebook) struct Told {
    /// What happened, for a person.
    pub(super) what: String,
    /// What was sent, as it was.
    pub(super) sent: String,
    pub(super) answers: Vec<String>,
    /// What stood in the last answer.
    pub(super) body: String,
    pub(in crate::facebook) is_over: bool,
}

/// Everything that was told, in its order.
pub(in crate::facebook) type Log = Arc<Mutex<Vec<Told>>>;

impl Told {
    /// Something that is not sent, and why.
    pub(super) fn unsent(what: String, why: &str) -> Self {
        Self { what, sent: String::new(), answers: vec![format!("not delivered: {why}")], body: String::new(), is_over: true }
    }
}

/// Notes something that is not sent, and why.
pub(in crate::facebook) fn unsent(log: &Log, what: String, why: &str) {
    lock(log).push(Told::unsent(what, why));
}

/// Sends in the background. What `is_taken` denies is sent again, if there are more tries.
pub(super) fn send(log: Log, what: String, origin: &str, request: Request, tries: usize, is_taken: impl Fn(u16) -> bool + Send + 'static) {
    let url = format!("{origin}{}", request.target);
    let sent = if request.body.is_empty() { request.target.clone() } else { String::from_utf8_lossy(&request.body).into_owned() };
    let position = {
        let mut log = lock(&log);
        log.push(Told { what, sent, answers: Vec::new(), body: String::new(), is_over: false });
        log.len() - 1
    };
    tokio::spawn(async move {
        for number in 1..=tries {
            let (answer, body, is_taken) = match timeout(PATIENCE, ask(&url, request.clone())).await {
                Ok(Some((status, body))) => {
                    let text = String::from_utf8_lossy(&body);
                    let shown: String = text.chars().take(SHOWN).collect();
                    (format!("answered {status}"), shown, is_taken(status))
                }
                Ok(None) => ("not reached".to_owned(), String::new(), false),
                Err(_) => (format!("no answer within {} s", PATIENCE.as_secs()), String::new(), false),
            };
            let is_over = is_taken || number == tries;
            if let Some(told) = lock(&log).get_mut(position) {
                told.answers.push(answer);
                told.body = body;
                told.is_over = is_over;
            }
            if is_over {
                break;
            }
        }
    });
}

/// The same for a delivery: only 200 takes it.
pub(in crate::facebook) fn deliver(log: Log, what: String, origin: &str, request: Request) {
    send(log, what, origin, request, TRIES, |status| status == 200);
}

/// One request on plain http; none where nobody answers.
pub(in crate::facebook) async fn ask(url: &str, request: Request) -> Option<(u16, Bytes)> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let built = hyper::Request::builder().method(request.method.as_str()).uri(url);
    let built = request.headers.iter().fold(built, |built, (name, value)| built.header(name, value));
    let answer = client.request(built.body(Full::from(request.body)).ok()?).await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.into_body().collect().await.ok()?.to_bytes()))
}
