//! Handles Shopify's webhooks for a store that leaves or data to be erased. Each delivery takes
//! effect once and is answered within a second: what takes longer is in the tables by then, and the
//! keeper finishes it.

mod effect;
mod webhooks;

use std::time::Duration;

use lambda_http::lambda_runtime;
use serde_json::json;
use shared::{
    Error,
    lambda::{self, Routes},
    providers::shopify::webhook::{Delivery, Message},
    reply::Reply,
    request::Request,
    store::deliveries::RequestId,
};
use tokio::time::Instant;

use effect::Effect;
use webhooks::ShopifyWebhooks;

const ROUTE: &str = "/shopify/webhooks";
/// Separates delivery ids from those of other requests.
const LABEL: &str = "messenger-link/shopify-delivery/v1";
/// The answer is sent by then, no matter what has been done. Shopify waits for five seconds and
/// retries failures.
const LIMIT: Duration = Duration::from_millis(950);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<ShopifyWebhooks>().await
}

impl Routes for ShopifyWebhooks {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    fn methods(_route: &'static str) -> &'static [&'static str] {
        &["POST"]
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let started = Instant::now();
        let delivery = Delivery::read(request, &self.app.secrets)?;
        if delivery.message == Message::Nothing {
            tracing::info!("a delivery without effect: its topic is not known, or its body does not fit it");
            return Ok(received());
        }
        let id = RequestId::of(LABEL, delivery.id.as_bytes());
        // Every effect is written atomically, so whatever is cut off here is done by the next
        // delivery attempt or the keeper.
        let done = tokio::time::timeout_at(started + LIMIT, Effect::new(self, &delivery, id, started).happen()).await;
        done.unwrap_or_else(|_elapsed| Err(Error::storage_unavailable("webhook: not done in time")))?;
        Ok(received())
    }
}

fn received() -> Reply {
    Reply::json_ok(&json!({}))
}
