//! What every function owes whoever calls it: configuration first, one form of reply, and a reply to any bytes at all.

mod brand;
mod configuration;
mod hostile;
mod pages;
mod payloads;
mod replies;
mod secrets;
mod values;

use std::collections::BTreeMap;

use e2e::gateway::{Match, Request, event};
use e2e::lambda::{Function, Reply};
use e2e::settings::{self, Variables};
use e2e::template::Route;
use e2e::world::{HTTP, HTTPS, World};
use serde_json::Value;

/// A request that a route takes, as far as method and path go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    pub(crate) function: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
}

impl Way {
    pub(crate) fn request(&self) -> Request {
        self.request_with("")
    }

    /// With a query, or more of the path.
    pub(crate) fn request_with(&self, rest: &str) -> Request {
        Request::get(format!("{}{rest}", self.path)).with_method(self.method)
    }

    /// In the method that this route does not take.
    pub(crate) fn in_the_other_method(&self) -> Request {
        let other = match (self.function, self.method) {
            ("meta-webhooks", _) => "PUT",
            (_, "GET") => "POST",
            _ => "GET",
        };
        Request::get(self.path).with_method(other)
    }
}

const fn way(function: &'static str, method: &'static str, path: &'static str) -> Way {
    Way { function, method, path }
}

/// One for every route; those of a function stand together.
pub(crate) const WAYS: [Way; 19] = [
    way("shopify-login", "GET", "/shopify/login"),
    way("shopify-login", "GET", "/shopify/acme/login"),
    way("shopify-callback", "GET", "/shopify/callback"),
    way("facebook-login", "GET", "/facebook/login"),
    way("facebook-callback", "GET", "/facebook/callback"),
    way("whatsapp-login", "GET", "/whatsapp/login"),
    way("whatsapp-callback", "GET", "/whatsapp/callback"),
    way("connections", "GET", "/connections"),
    way("connections", "POST", "/connections/disconnect"),
    way("connections", "POST", "/connections/pin"),
    way("connections", "POST", "/connections/sign-out"),
    way("connections", "GET", "/"),
    way("connections", "GET", "/.well-known/ucp-profile.json"),
    way("facebook-lifecycle", "POST", "/facebook/deauthorize"),
    way("facebook-lifecycle", "POST", "/facebook/data-deletion"),
    way("facebook-lifecycle", "GET", "/facebook/data-deletion/3f0c5e9a7b1d42c68e5f90a1b2c3d4e5"),
    way("shopify-webhooks", "POST", "/shopify/webhooks"),
    way("meta-webhooks", "POST", "/meta/webhooks"),
    way("meta-webhooks", "GET", "/meta/webhooks"),
];

/// The routes that answer the same whatever comes with the request.
pub(crate) const OPEN: [&str; 2] = ["/", "/.well-known/ucp-profile.json"];

/// Every function with a route of its own, and the first of its routes: one that takes nothing without a query, a cookie or a body.
pub(crate) fn functions() -> Vec<Way> {
    let mut functions = WAYS.to_vec();
    functions.dedup_by_key(|way| way.function);
    functions
}

/// One of them.
pub(crate) fn function(name: &str) -> Way {
    functions().into_iter().find(|way| way.function == name).unwrap()
}

/// The contract's table: every code with its status.
pub(crate) const CODES: [(&str, u16); 28] = [
    ("invalid_shop", 400),
    ("missing_parameter", 400),
    ("repeated_parameter", 400),
    ("malformed_parameter", 400),
    ("invalid_hmac", 400),
    ("stale_request", 400),
    ("malformed_state", 400),
    ("invalid_state", 400),
    ("expired_state", 400),
    ("used_state", 400),
    ("missing_session", 400),
    ("invalid_session", 400),
    ("invalid_signature", 401),
    ("access_denied", 403),
    ("missing_permission", 403),
    ("no_page", 403),
    ("no_phone_number", 403),
    ("forbidden", 403),
    ("held_elsewhere", 409),
    ("payload_too_large", 413),
    ("too_many_attempts", 429),
    ("token_exchange_failed", 400),
    ("provider_error", 502),
    ("provider_timeout", 504),
    ("storage_unavailable", 503),
    ("misconfigured", 500),
    ("not_found", 404),
    ("method_not_allowed", 405),
];

/// What the HTTP API would send for this request, whether it has such a route or not.
pub(crate) fn event_of(origin: &str, request: &Request) -> Value {
    let path = request.target.split(['?', '#']).next().unwrap();
    let route = Route { method: request.method.clone(), pattern: path.to_owned(), function: String::new() };
    event(origin, request, &Match { route: &route, parameters: BTreeMap::new() })
}

pub(crate) async fn ask(function: &Function, request: &Request) -> Reply {
    function.invoke(event_of(HTTP, request)).await.reply()
}

/// A world in which every platform is on.
pub(crate) async fn world() -> World {
    World::builder().whatsapp().start().await
}

/// All variables that any function needs, of a service at this origin with nothing behind it.
pub(crate) fn variables(origin: &str) -> Variables {
    // Port 9 (discard) has no listener here.
    let nowhere = "http://127.0.0.1:9";
    let mut all = settings::fresh_credentials();
    all.extend(settings::redirect_uris(origin));
    all.extend(settings::whatsapp(origin));
    all.extend(settings::provider_endpoints(nowhere, nowhere));
    all.extend(settings::variables([
        ("SESSIONS_TABLE", "sessions".to_owned()),
        ("CONNECTIONS_TABLE", "connections".to_owned()),
        ("MESSAGE_BUS_NAME", "messages".to_owned()),
        ("AWS_ENDPOINT_URL_EVENTBRIDGE", nowhere.to_owned()),
        ("AWS_ENDPOINT_URL_DYNAMODB", nowhere.to_owned()),
    ]));
    all
}

pub(crate) async fn start(function: &str, variables: &Variables) -> Function {
    let environment: Vec<_> = variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    Function::start(function, &environment).await
}

/// What every reply carries, whatever it says.
#[track_caller]
pub(crate) fn assert_common_headers(reply: &Reply, origin: &str) {
    // With `no-referrer` a form's `Origin` would be `null`.
    let referrer = if reply.text().contains("<form") { "same-origin" } else { "no-referrer" };
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", referrer),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{} {}", reply.status, reply.text());
    }
    let policy = reply.header("content-security-policy").unwrap_or_default();
    let directives: BTreeMap<&str, &str> =
        policy.split(';').map(|directive| directive.trim().split_once(' ').unwrap_or((directive.trim(), ""))).collect();
    for (name, value) in [("default-src", "'none'"), ("frame-ancestors", "'none'"), ("base-uri", "'none'")] {
        assert_eq!(directives.get(name), Some(&value), "{policy}");
    }
    assert!(directives.contains_key("form-action"), "{policy}");
    // The icon of the tab stands in the page; no picture comes from anywhere.
    assert_eq!(directives.get("img-src"), Some(&"data:"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    let transport = reply.header("strict-transport-security");
    assert_eq!(transport.is_some(), origin == HTTPS, "{transport:?}");
    assert!(transport.is_none_or(|transport| transport.contains("max-age=")));
    let mut names: Vec<&String> = reply.headers.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), reply.headers.len(), "a header stands twice");
    for leaky in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(reply.header(leaky), None);
    }
}

/// An error in JSON as RFC 9457 and the contract have it; returns its code.
#[track_caller]
pub(crate) fn assert_problem(reply: &Reply) -> String {
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", reply.text());
    let problem = reply.json();
    let code = problem["code"].as_str().unwrap().to_owned();
    assert!(CODES.contains(&(code.as_str(), reply.status)), "{} {code} is not in the table", reply.status);
    assert_eq!(problem["status"], reply.status);
    for text in ["type", "title", "detail"] {
        assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{text}: {problem}");
    }
    assert_eq!(reply.header("retry-after").is_some(), code == "storage_unavailable");
    code
}

/// Every line of a function's log is a JSON object with time and level.
#[track_caller]
pub(crate) fn assert_json_lines(logs: &str) {
    for line in logs.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
        assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
    }
}
