//! What answers a request: the state, the versions, and which path is whose.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::http::Method;
use serde_json::{Value, json};

use super::error::GraphError;
use super::messenger::Thread;
use super::pages::MESSAGING_FEATURES;
use super::send::Sent;
use super::webhook::Log;
use super::{FacebookApp, Page, Person, Quirk, people, tokens, whatsapp};
use crate::event_bus::Journal;
use crate::provider::{Answers, Provider, RecordedRequest, Reply, lock};

/// Versions in use on 2026-10 (Graph API changelog), as numbers.
const OLDEST_VERSION: u32 = 21;
const NEWEST_VERSION: u32 = 26;

/// What is behind the server.
pub(super) struct Facebook {
    pub(super) app: FacebookApp,
    pub(super) provider: Arc<Provider>,
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) people: BTreeMap<String, Person>,
    pub(super) pages: BTreeMap<String, Page>,
    pub(super) grants: BTreeMap<String, people::Grant>,
    pub(super) codes: Vec<tokens::Code>,
    pub(super) tokens: Vec<tokens::Token>,
    /// Tokens that are dead for a reason of the test's own, with its subcode.
    pub(super) killed: BTreeMap<String, Option<u32>>,
    pub(super) subscriptions: BTreeMap<String, Vec<String>>,
    pub(super) quirks: Vec<Quirk>,
    pub(super) largest_page: Option<usize>,
    pub(super) usage_percent: u32,
    /// By Page, in place of the one above.
    pub(super) page_usage: BTreeMap<String, u32>,
    /// What the app as a whole listens to, by object.
    pub(super) app_fields: BTreeMap<&'static str, Vec<String>>,
    /// Whether several apps share a Page's conversations; without an entry they don't, without a value Facebook does not tell.
    pub(super) routing: BTreeMap<String, Option<bool>>,
    /// Pages whose conversations another app holds.
    pub(super) held_by_others: BTreeSet<String>,
    /// What the app has sent to customers.
    pub(super) sent: Vec<Sent>,
    pub(super) ids: u64,
    /// What was said, by account and customer.
    pub(super) threads: BTreeMap<(String, String), Thread>,
    /// Who writes from the pages of inbox and Messenger, by account, and the last message there.
    pub(super) customers: BTreeMap<String, String>,
    pub(super) last_mids: BTreeMap<String, String>,
    /// What was delivered from those pages, and what the app answered.
    pub(super) told: Log,
    /// The bus whose events a page shows.
    pub(super) bus: Option<Journal>,
    /// What the app answered to those who left by the button.
    pub(super) answers: Arc<Mutex<Vec<Value>>>,
    pub(super) whatsapp: whatsapp::Ledger,
}

impl State {
    pub(super) fn next_id(&mut self, base: u64) -> String {
        self.ids += 1;
        (base + self.ids).to_string()
    }
}

/// The version that serves a request, and the path behind it. An ended version is served by the oldest usable one
/// (Graph API, versioning), a request without one by the app's setting, here the newest.
pub(super) fn node(request: &RecordedRequest) -> Result<(u32, Vec<&str>), GraphError> {
    let mut segments = request.segments();
    let version = segments.first().and_then(|first| first.strip_prefix('v')?.strip_suffix(".0")?.parse::<u32>().ok());
    let Some(version) = version else {
        return Ok((NEWEST_VERSION, segments));
    };
    if version > NEWEST_VERSION {
        return Err(GraphError::new(2500, format!("Unknown path components: /v{version}.0")));
    }
    segments.remove(0);
    Ok((version.max(OLDEST_VERSION), segments))
}

impl Answers for Facebook {
    fn name(&self, request: &RecordedRequest) -> &'static str {
        let path = node(request).unwrap_or_default().1;
        if let Some(call) = self.whatsapp_call(request, &path) {
            return call.name(&request.method);
        }
        match path[..] {
            ["dialog", "oauth"] => "dialog",
            ["oauth", "access_token"] if request.field("grant_type").as_deref() == Some("fb_exchange_token") => "long_lived_exchange",
            ["oauth", "access_token"] => "code_exchange",
            ["settings"] => "settings",
            ["inbox"] => "inbox",
            ["bus"] => "bus",
            ["messenger"] | ["messenger", _] => "messenger",
            ["debug_token"] => "debug_token",
            ["me"] => "me",
            ["me", "accounts"] => "accounts",
            [_, "permissions"] | [_, "permissions", _] => "permissions",
            [_, "subscribed_apps"] if request.method == Method::POST => "subscribe",
            [_, "subscribed_apps"] if request.method == Method::DELETE => "unsubscribe",
            [_, "subscribed_apps"] => "subscribed_apps",
            [_, "subscriptions"] => "app_subscriptions",
            [_, "messages"] => "send",
            [_] if request.field("fields").as_deref() == Some(MESSAGING_FEATURES) => "thread_routing",
            [_] => "page",
            _ => "other",
        }
    }

    fn answer(&self, request: &RecordedRequest) -> Reply {
        let (version, path) = match node(request) {
            Ok(node) => node,
            Err(error) => return error.reply(),
        };
        if let Some(call) = self.whatsapp_call(request, &path) {
            let page = self.whatsapp_page(call, request);
            return page.unwrap_or_else(|| self.reply(self.whatsapp(call, request), &path, version));
        }
        let answer = match path[..] {
            ["dialog", "oauth"] if request.method == Method::POST => return self.decide(request),
            ["dialog", "oauth"] => return self.show(request),
            ["settings"] if request.method == Method::POST => return self.leave(request),
            ["settings"] => return self.settings(),
            ["inbox"] if request.method == Method::POST => return self.press(request),
            ["inbox"] => return self.inbox(),
            ["bus"] => return self.bus(),
            ["messenger"] => return self.messenger(),
            ["messenger", account] if request.method == Method::POST => return self.writes(account, request),
            ["messenger", account] => return self.conversation(account),
            ["oauth", "access_token"] => self.access_token(request),
            ["debug_token"] => self.debug_token(request),
            ["me"] => self.me(request),
            ["me", "accounts"] => self.accounts(request),
            [user, "permissions"] => self.permissions(user, None, request),
            [user, "permissions", name] => self.permissions(user, Some(name), request),
            [page, "subscribed_apps"] => self.subscribed_apps(page, request),
            [app, "subscriptions"] => self.app_subscriptions(app, request),
            [page, "messages"] => self.send(page, request),
            [page] => self.page(page, request),
            _ => Err(GraphError::new(2500, "Unknown path components")),
        };
        self.reply(answer, &path, version)
    }

    fn throttled(&self) -> Reply {
        let error = json!({
            "message": "(#4) Application request limit reached", "type": "OAuthException", "code": 4,
            "is_transient": true, "fbtrace_id": "AlocalTrace0000000000",
        });
        Reply::json(429, &json!({"error": error})).with_header("x-app-usage", usage(100).to_string())
    }

    fn failed(&self) -> Reply {
        let error = json!({
            "message": "An unknown error occurred", "type": "OAuthException", "code": 1, "is_transient": true,
            "fbtrace_id": "AlocalTrace0000000000",
        });
        Reply::json(500, &json!({"error": error}))
    }
}

impl Facebook {
    fn reply(&self, answer: Result<Value, GraphError>, path: &[&str], version: u32) -> Reply {
        let reply = answer.map_or_else(|error| error.reply(), |body| Reply::json(200, &body));
        self.with_usage(reply, path).with_header("facebook-api-version", format!("v{version}.0"))
    }

    /// User-token calls count on the app's limit, Page calls on the business one (Graph API, rate limiting).
    fn with_usage(&self, reply: Reply, path: &[&str]) -> Reply {
        let state = lock(&self.state);
        let percent = path.first().and_then(|page| state.page_usage.get(*page)).copied().unwrap_or(state.usage_percent);
        match path {
            ["oauth", ..] | [_, "subscriptions"] => reply,
            ["me" | "debug_token", ..] => reply.with_header("x-app-usage", usage(percent).to_string()),
            [page, ..] => {
                let mut entry = usage(percent);
                entry["type"] = json!("pages");
                entry["estimated_time_to_regain_access"] = json!(if percent >= 100 { 10 } else { 0 });
                reply.with_header("x-business-use-case-usage", json!({*page: [entry]}).to_string())
            }
            [] => reply,
        }
    }
}

fn usage(percent: u32) -> Value {
    json!({"call_count": percent, "total_time": percent, "total_cputime": percent})
}
