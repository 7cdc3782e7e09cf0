//! What is asked of the functions, and what comes of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::browser::{Accept, Browser, Page};
use crate::facebook::{self, Consent};
use crate::faults::{Fault, Times};
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
    /// Which calls of the providers it took, each once.
    pub asked: Vec<String>,
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
    /// Shopify delivers a webhook, triggered so many seconds ago.
    Webhook {
        /// Its topic.
        topic: String,
        /// The store's domain.
        shop: String,
        /// How long ago.
        ago: u32,
    },
    /// Facebook says that a person left so many seconds ago.
    Leave {
        /// The address for it.
        route: String,
        /// The person.
        person: String,
        /// How long ago.
        ago: u32,
    },
    /// From now on these calls of the providers fail; none: all work again.
    Fail {
        /// At Shopify.
        shopify: Vec<String>,
        /// At Facebook.
        facebook: Vec<String>,
    },
    /// Links a store, from its link to the callback, which is then opened once more.
    Store {
        /// The store's handle.
        handle: String,
        /// The browser's.
        cookies: String,
    },
    /// Links Pages, from a login to the callback, which is then opened once more.
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

    fn invoke(what: impl Into<String>, function: &str, payload: Value) -> Self {
        Self::new(what, Act::Invoke { function: function.to_owned(), payload })
    }

    /// What the bot asks.
    pub(super) fn tokens(payload: Value) -> Self {
        Self::invoke(format!("tokens {payload}"), "connection-tokens", payload)
    }

    /// The keeper comes.
    pub(super) fn keeper() -> Self {
        Self::invoke("the keeper runs", "token-keeper", json!({}))
    }

    /// These calls of the providers fail from now on.
    pub(super) fn fail(shopify: &[&str], facebook: &[&str]) -> Self {
        let owned = |calls: &[&str]| calls.iter().map(|&call| call.to_owned()).collect();
        let act = Act::Fail { shopify: owned(shopify), facebook: owned(facebook) };
        Self::new("providers fail", act)
    }

    /// An address is opened.
    pub(super) fn open(what: &str, target: &str, cookies: &str) -> Self {
        let (target, cookies) = (target.to_owned(), cookies.to_owned());
        Self::new(what, Act::Open { target, cookies, html: false })
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

/// The functions of one version or more, which take turns from request to request.
pub(super) struct Versions {
    gateways: Vec<Arc<Gateway>>,
    requests: usize,
}

impl Versions {
    pub(super) fn new(world: &World, profiles: &[&str]) -> Self {
        let gateways = profiles.iter().map(|profile| world.gateway().of_profile(profile));
        Self { gateways: gateways.map(Arc::new).collect(), requests: 0 }
    }

    /// Whose turn it is.
    fn next(&mut self) -> Arc<Gateway> {
        self.requests += 1;
        Arc::clone(&self.gateways[self.requests % self.gateways.len()])
    }

    /// A browser that holds these cookies, for one request.
    fn browser(&mut self, cookies: &str) -> Browser {
        let browser = Browser::new(self.next());
        let origin = self.gateways[0].origin();
        browser.with_jar(|jar| {
            let cookies = cookies.split("; ").filter(|cookie| !cookie.is_empty());
            cookies.for_each(|cookie| jar.store(origin, "/", &format!("{cookie}; Path=/")));
        });
        browser
    }

    /// What comes of a callback that a login led to, and of a reload of it.
    async fn called_back(&mut self, cookies: &str, login: &Page, callback: &str) -> Value {
        let [first, second] = [self.browser(cookies), self.browser(cookies)];
        let [callback, reload] = [first.get(callback).await, second.get(callback).await];
        json!({ "login": reply(login), "callback": reply(&callback), "reload": reply(&reload) })
    }
}

impl Act {
    /// Does it; the reply as it came.
    pub(super) async fn perform(&self, world: &World, versions: &mut Versions) -> Value {
        match self {
            Self::Invoke { function, payload } => {
                let gateway = versions.next();
                let function = gateway.function(function);
                let reply = function.invoke_directly(payload.clone()).await;
                let died = |error| panic!("{}: {error}\n{}", function.name(), function.logs());
                without_lag(reply.unwrap_or_else(died))
            }
            Self::Open { target, cookies, html } => {
                let accept = if *html { Accept::Html } else { Accept::Json };
                reply(&versions.browser(cookies).accepting(accept).get(target).await)
            }
            Self::Send { target, headers, body, cookies } => {
                let mut request = Request::get(target.as_str()).with_method("POST");
                request.headers.clone_from(headers);
                request.body = body.clone().into_bytes();
                reply(&versions.browser(cookies).send(request).await)
            }
            Self::Webhook { topic, shop, ago } => {
                let id = Some(format!("golden {topic} {shop} {ago}"));
                let webhook = Webhook { id, ..world.shopify.webhook(topic, shop) };
                let at = u64::try_from(world.shopify.now() - i64::from(*ago)).expect("after 1970");
                reply(&versions.browser("").send(webhook.triggered(at).request()).await)
            }
            Self::Leave { route, person, ago } => {
                let at = world.facebook.now() - i64::from(*ago);
                let leave = world.facebook.signed_leave_at(person, at);
                reply(&versions.browser("").send(facebook::delivery(route, &leave)).await)
            }
            Self::Fail { shopify, facebook } => {
                world.shopify.clear_faults();
                world.facebook.clear_faults();
                for call in shopify {
                    world.shopify.switch_on(call, Fault::ServerError500, Times::UntilCleared);
                }
                for call in facebook {
                    world.facebook.switch_on(call, Fault::ServerError500, Times::UntilCleared);
                }
                Value::Null
            }
            Self::Store { handle, cookies } => {
                let login = format!("/shopify/{handle}/login");
                let login = versions.browser(cookies).get(&login).await;
                let callback = world.shopify.approve(login.location());
                versions.called_back(cookies, &login, &callback).await
            }
            Self::Pages { login, cookies, person, pages } => {
                let login = versions.browser(cookies).get(login).await;
                let consent = Consent::of(person).with_pages(pages);
                let callback = world.facebook.approve(login.location(), &consent);
                versions.called_back(cookies, &login, &callback).await
            }
        }
    }
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
        // What is around a page tells of whose page it is.
        let main = text.split("<main>").nth(1).and_then(|main| main.split("</main>").next()).unwrap_or_default();
        let names = main.split("<bdi>").skip(1).filter_map(|part| part.split("</bdi>").next());
        reply.insert("names".to_owned(), names.collect::<Vec<_>>().into());
    } else if !text.is_empty() {
        let mut body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        // What Shopify tells of the store is in no table.
        let _ = body.as_object_mut().and_then(|body| body.remove("shopify_data"));
        reply.insert("body".to_owned(), body);
    }
    reply.into()
}
