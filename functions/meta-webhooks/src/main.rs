//! What Meta delivers for our apps: messages of customers, each put on the bus for the identity
//! that holds the account, and what became of accounts themselves. A delivery is answered within a
//! second, and only once everything in it is on the bus or in the table; what is not, Meta sends
//! again.

mod counting;
mod deliver;
mod meta_webhooks;
mod updates;

use std::time::Duration;

use futures_util::future::join;
use lambda_http::lambda_runtime;
use serde_json::json;
use shared::{
    Code, Error,
    lambda::{self, Routes},
    providers::meta::webhook::{Delivery, challenge},
    reply::Reply,
    request::Request,
};
use tokio::time::{Instant, timeout_at};

use counting::COUNTING;
use meta_webhooks::{MetaWebhooks, SwitchedOn};

const ROUTE: &str = "/meta/webhooks";
/// By then Meta has said whether a link has ended, or the keeper asks.
const ASKING: Duration = Duration::from_millis(600);
/// By then all is on the bus, or has to come again.
const LIMIT: Duration = Duration::from_millis(850);
/// By then the answer leaves. Meta itself waits for five seconds, and unsubscribes the app after an
/// hour of failures.
const ANSWER: Duration = Duration::from_millis(950);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<MetaWebhooks>().await
}

impl Routes for MetaWebhooks {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    fn methods(_route: &'static str) -> &'static [&'static str] {
        &["GET", "POST"]
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let started = Instant::now();
        let Some(SwitchedOn { verify_token, bus }) = &self.switched_on else { return Err(Error::of(Code::NotFound)) };
        if request.method == "GET" {
            return Ok(Reply::text_ok(challenge(request, verify_token)?));
        }
        let delivery = Delivery::read(request, &self.inboxes)?;
        // Neither waits for the other, nor fails with it.
        let all = async { join(deliver::all(self, bus, &delivery), updates::all(self, &delivery, started + ASKING)).await };
        let done = timeout_at(started + LIMIT, all).await.map(|(messages, updates)| messages.and(updates));
        let done = done.unwrap_or_else(|_elapsed| Err(Error::storage_unavailable("delivery: not done in time")));
        let noting = COUNTING.note(&self.directory, self.clock.now(), done.is_ok());
        let _ = timeout_at(started + ANSWER, noting).await;
        done?;
        Ok(Reply::json_ok(&json!({})))
    }
}
