//! The Admin API: one GraphQL request, checked as Shopify checks it.

use serde_json::{Value, json};

use super::shop::Condition;
use super::{Shopify, State, document, graphql};
use crate::faults::Fault;
use crate::provider::{RecordedRequest, Reply, lock};

/// Versions on 2026-10-03 (shopify.dev, versioning), the oldest first.
const VERSIONS: &[&str] = &["2026-01", "2026-04", "2026-07", "2026-10"];
/// The bucket of a Standard plan refills by this much a second; its size is not documented.
const RESTORE_RATE: f64 = 100.0;
const BUCKET: f64 = 2000.0;

/// What is left of a store's points.
pub(super) struct Bucket {
    pub(super) shop: String,
    pub(super) available: f64,
    pub(super) at: i64,
}

impl Shopify {
    /// `POST /{shop}/admin/api/{version}/graphql.json`.
    pub(super) fn admin(&self, shop: &str, version: &str, request: &RecordedRequest) -> Reply {
        let is_version = version.len() == 7 && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let last = VERSIONS.last().copied().unwrap_or_default();
        if !is_version || version > last {
            return Reply::json(404, &json!({"errors": "Not Found"}));
        }
        // An expired version silently becomes the oldest one that is supported (shopify.dev, versioning).
        let served = VERSIONS.iter().find(|known| **known >= version).copied().unwrap_or(last);
        self.admitted(shop, request).unwrap_or_else(|refusal| refusal).with_header("x-shopify-api-version", served)
    }

    fn admitted(&self, shop: &str, request: &RecordedRequest) -> Result<Reply, Reply> {
        let now = self.provider.now();
        let mut state = lock(&self.state);
        let value = request.header("x-shopify-access-token").unwrap_or_default();
        let token = state.access_tokens.iter().find(|token| token.value == value && token.shop == shop && token.lives(now));
        let Some(token) = token.cloned() else {
            return Err(errors(401, "[API] Invalid API key or access token (unrecognized login or wrong password)"));
        };
        if token.expires_at.is_none() && state.must_use_expiring_tokens {
            // Public apps made since 2026-04-01 (shopify.dev changelog); the official text goes on after this sentence.
            return Err(errors(403, "[API] Non-expiring access tokens are no longer accepted for the Admin API."));
        }
        match state.shop(shop).condition {
            Condition::Open => {}
            Condition::Frozen => return Err(errors(402, "Payment Required")),
            Condition::Locked => return Err(errors(423, "Locked")),
            Condition::Closed => return Err(errors(404, "Not Found")),
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return Err(errors(400, "Bad Request"));
        };
        let (reply, uninstalled) = operate(&mut state, shop, &token.scopes, &body, now);
        drop(state);
        if uninstalled {
            self.announce_uninstall(shop);
        }
        Ok(reply)
    }
}

/// Whether a request asks for the end of the installation.
pub(super) fn uninstalls(request: &RecordedRequest) -> bool {
    let body: Option<Value> = serde_json::from_slice(&request.body).ok();
    body.is_some_and(|body| body["query"].as_str().is_some_and(|query| query.contains("appUninstall")))
}

/// The answer, and whether the app is uninstalled by it.
fn operate(state: &mut State, shop: &str, scopes: &[String], body: &Value, now: i64) -> (Reply, bool) {
    let Some(query) = body["query"].as_str() else {
        return (errors(400, "Bad Request"), false);
    };
    let operation = match document::parse(query, body["operationName"].as_str(), &body["variables"]) {
        Ok(operation) => operation,
        Err(message) => return (Reply::json(200, &json!({"errors": [{"message": message}]})), false),
    };
    let requested = graphql::cost(&operation);
    if requested > graphql::COST_LIMIT {
        return (Reply::json(200, &too_expensive(requested)), false);
    }
    let available = state.available(shop, now);
    if points(requested) > available {
        return (Reply::json(200, &throttled(requested, available)), false);
    }
    let answer = graphql::execute(&operation, &state.shop(shop).root(scopes), scopes);
    let Some(data) = answer.data else {
        return (Reply::json(200, &json!({"errors": answer.errors})), false);
    };
    let uninstalled = operation.is_mutation && data.get("appUninstall").is_some();
    if uninstalled {
        state.revoke(shop);
    }
    let actual = graphql::actual_cost(&data);
    state.spend(shop, points(actual));
    let mut body = json!({"data": data, "extensions": {"cost": cost(requested, json!(actual), available - points(actual))}});
    if !answer.errors.is_empty() {
        body["errors"] = Value::Array(answer.errors);
    }
    (Reply::json(200, &body), uninstalled)
}

impl State {
    fn bucket(&mut self, shop: &str, now: i64) -> &mut Bucket {
        let index = self.buckets.iter().position(|bucket| bucket.shop == shop).unwrap_or_else(|| {
            self.buckets.push(Bucket { shop: shop.to_owned(), available: BUCKET, at: now });
            self.buckets.len() - 1
        });
        &mut self.buckets[index]
    }

    fn available(&mut self, shop: &str, now: i64) -> f64 {
        let bucket = self.bucket(shop, now);
        let seconds = u32::try_from((now - bucket.at).max(0)).unwrap_or(u32::MAX);
        bucket.available = (bucket.available + f64::from(seconds) * RESTORE_RATE).min(BUCKET);
        bucket.at = now;
        bucket.available
    }

    fn spend(&mut self, shop: &str, points: f64) {
        if let Some(bucket) = self.buckets.iter_mut().find(|bucket| bucket.shop == shop) {
            bucket.available -= points;
        }
    }

    pub(super) fn drain(&mut self, shop: &str, now: i64) {
        self.bucket(shop, now).available = 0.0;
    }
}

fn points(cost: u64) -> f64 {
    f64::from(u32::try_from(cost).unwrap_or(u32::MAX))
}

fn errors(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"errors": message}))
}

fn cost(requested: u64, actual: Value, available: f64) -> Value {
    json!({
        "requestedQueryCost": requested, "actualQueryCost": actual,
        "throttleStatus": {"maximumAvailable": BUCKET, "currentlyAvailable": available, "restoreRate": RESTORE_RATE},
    })
}

/// 200 without data (shopify.dev, rate limits).
fn throttled(requested: u64, available: f64) -> Value {
    json!({
        "errors": [{
            "message": "Throttled",
            "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"},
        }],
        "extensions": {"cost": cost(requested, Value::Null, available)},
    })
}

fn too_expensive(requested: u64) -> Value {
    let limit = graphql::COST_LIMIT;
    json!({
        "errors": [{
            "message": format!("Query cost is {requested}, which exceeds the single query max cost limit ({limit})."),
            "extensions": {
                "code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": limit,
                "documentation": "https://shopify.dev/api/usage/rate-limits",
            },
        }],
    })
}

/// The Admin API's own way of saying "too often", under 200.
#[must_use]
pub fn graphql_throttled() -> Fault {
    Fault::json(200, &throttled(752, 666.0))
}

/// The Admin API's answer where a whole query costs too much, whatever it really costs.
#[must_use]
pub fn graphql_too_expensive() -> Fault {
    Fault::json(200, &too_expensive(2752))
}
