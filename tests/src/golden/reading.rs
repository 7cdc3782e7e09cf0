//! What is asked of the functions, and what comes of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::browser::{Accept, Browser, Page};
use crate::facebook::{self, Consent};
use crate::gateway::{Gateway, Request};
use crate::shopify::Webhook;
use crate::world::World;

/// Something that is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reading {
    /// For people.
    pub what: String,
    /// What is asked.
    pub act: Act,
}

/// A reading with its outcome.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Read {
    /// What was asked.
    #[serde(flatten)]
    pub reading: Reading,
    /// What was answered.
    pub reply: Value,
    /// What changed in the tables.
    pub changes: Vec<Value>,
}

/// Something that somebody does. `cookies` are a browser's, as its header has them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Invokes a function that has no route.
    Invoke {
        /// The function.
        function: String,
        /// Its payload.
        payload: Value,
    },
    /// Opens an address of the service.
    Open {
        /// The address.
        target: String,
        /// The browser's.
        cookies: String,
        /// As a page rather than as JSON.
        html: bool,
    },
    /// Sends what a provider delivers, or a form.
    Send {
        /// The address.
        target: String,
        /// The headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
        /// The browser's.
        cookies: String,
    },
    /// Shopify delivers a webhook, triggered now.
    Webhook {
        /// Its topic.
        topic: String,
        /// The store's domain.
        shop: String,
    },
    /// Facebook says that a person leaves, now.
    Leave {
        /// The address for it.
        route: String,
        /// The person.
        person: String,
    },
    /// Links a store, from its link to the callback.
    Store {
        /// The store's handle.
        handle: String,
        /// The browser's.
        cookies: String,
    },
    /// Links Pages, from a login to the callback.
    Pages {
        /// The login's address.
        login: String,
        /// The browser's.
        cookies: String,
        /// Who consents.
        person: String,
        /// The Pages that are chosen.
        pages: Vec<String>,
    },
}

impl Reading {
    /// A reading.
    pub(super) fn new(what: impl Into<String>, act: Act) -> Self {
        Self { what: what.into(), act }
    }

    /// What the bot asks.
    pub(super) fn tokens(payload: Value) -> Self {
        Self::new(format!("tokens {payload}"), Act::Invoke { function: "connection-tokens".to_owned(), payload })
    }

    /// The keeper comes.
    pub(super) fn keeper() -> Self {
        Self::new("the keeper runs", Act::Invoke { function: "token-keeper".to_owned(), payload: json!({}) })
    }

    /// An address is opened.
    pub(super) fn open(what: &str, target: &str, cookies: &str) -> Self {
        Self::new(what, Act::Open { target: target.to_owned(), cookies: cookies.to_owned(), html: false })
    }

    /// The list of what is linked.
    pub(super) fn list(of: &str, cookies: &str) -> Self {
        Self::open(&format!("the list of {of}"), "/connections", cookies)
    }

    /// A request of a browser with these cookies.
    pub(super) fn send_with(what: &str, request: &Request, cookies: String) -> Self {
        let body = String::from_utf8(request.body.clone()).expect("a body is text");
        let (target, headers) = (request.target.clone(), request.headers.clone());
        Self::new(what, Act::Send { target, headers, body, cookies })
    }

    /// A request without a browser.
    pub(super) fn send(what: &str, request: &Request) -> Self {
        Self::send_with(what, request, String::new())
    }
}

impl Act {
    /// Does it; the reply as it came.
    pub(super) async fn perform(&self, world: &World, gateway: &Arc<Gateway>) -> Value {
        match self {
            Self::Invoke { function, payload } => {
                let function = gateway.function(function);
                let reply = function.invoke_directly(payload.clone()).await;
                without_lag(reply.unwrap_or_else(|error| panic!("{}: {error}\n{}", function.name(), function.logs())))
            }
            Self::Open { target, cookies, html } => {
                let browser = browser(gateway, cookies).accepting(if *html { Accept::Html } else { Accept::Json });
                reply(&browser.get(target).await)
            }
            Self::Send { target, headers, body, cookies } => {
                let request = Request { headers: headers.clone(), ..Request::get(target.as_str()).with_method("POST") };
                reply(&browser(gateway, cookies).send(Request { body: body.clone().into_bytes(), ..request }).await)
            }
            Self::Webhook { topic, shop } => {
                let id = Some(format!("golden {topic} {shop}"));
                let webhook = Webhook { id, ..world.shopify.webhook(topic, shop) };
                reply(&browser(gateway, "").send(webhook.request()).await)
            }
            Self::Leave { route, person } => {
                let delivery = facebook::delivery(route, &world.facebook.signed_leave(person));
                reply(&browser(gateway, "").send(delivery).await)
            }
            Self::Store { handle, cookies } => {
                let browser = browser(gateway, cookies);
                let login = browser.get(&format!("/shopify/{handle}/login")).await;
                let callback = browser.get(&world.shopify.approve(login.location())).await;
                json!({ "login": reply(&login), "callback": reply(&callback) })
            }
            Self::Pages { login, cookies, person, pages } => {
                let browser = browser(gateway, cookies);
                let login = browser.get(login).await;
                let callback = world.facebook.approve(login.location(), &Consent::of(person).with_pages(pages));
                json!({ "login": reply(&login), "callback": reply(&browser.get(&callback).await) })
            }
        }
    }
}

/// A browser that holds these cookies.
fn browser(gateway: &Arc<Gateway>, cookies: &str) -> Browser {
    let browser = Browser::new(Arc::clone(gateway));
    let origin = gateway.origin();
    browser.with_jar(|jar| {
        let cookies = cookies.split("; ").filter(|cookie| !cookie.is_empty());
        cookies.for_each(|cookie| jar.store(origin, "/", &format!("{cookie}; Path=/")));
    });
    browser
}

/// How long the oldest record waited depends on the moment.
fn without_lag(mut reply: Value) -> Value {
    if let Some(figures) = reply.as_object_mut() {
        figures.remove("lag_seconds");
    }
    reply
}

/// A reply as far as it depends on what was read: of a page the names in it.
fn reply(page: &Page) -> Value {
    let mut reply = Map::new();
    reply.insert("status".to_owned(), page.status().into());
    if let Some(location) = page.header("location") {
        reply.insert("location".to_owned(), location.into());
    }
    if !page.set_cookies().is_empty() {
        reply.insert("cookies".to_owned(), page.set_cookies().into());
    }
    let text = page.text();
    if page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        let names = text.split("<bdi>").skip(1).filter_map(|part| part.split("</bdi>").next());
        reply.insert("names".to_owned(), names.collect::<Vec<_>>().into());
    } else if !text.is_empty() {
        let mut body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        // What Shopify tells of the store is in no table.
        let _ = body.as_object_mut().and_then(|body| body.remove("shopify_data"));
        reply.insert("body".to_owned(), body);
    }
    reply.into()
}
