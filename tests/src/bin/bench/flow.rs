//! Requests of the flow, each made ready up to the moment it is sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use e2e::browser::Browser;
use e2e::facebook::{Consent, Happening, delivery};
use e2e::gateway::{Request, event, find_route};
use e2e::lambda::{Function, Outcome};
use e2e::shopify::Product;
use e2e::stored::domain;
use e2e::template::Template;
use e2e::world::World;
use serde_json::{Value, json};

/// What a merchant's browser comes by, in that order: the list in between, since the session ends with the flow.
const FLOW: [&str; 5] = ["shopify-login", "shopify-callback", "connections", "facebook-login", "facebook-callback"];

/// What comes after it, in the order in which one link can be asked, told and ended.
const AFTER: [&str; 5] = [TOKENS, "token-keeper", "meta-webhooks", "shopify-webhooks", "facebook-lifecycle"];

/// The function that the bot invokes.
pub(crate) const TOKENS: &str = "connection-tokens";

/// Every function.
pub(crate) fn handlers() -> impl Iterator<Item = &'static str> {
    FLOW.into_iter().chain(AFTER)
}

/// An event with what its reply has to be.
pub(crate) struct Prepared {
    event: Value,
    wanted: Wanted,
}

enum Wanted {
    /// A reply for the gateway with this status.
    Status(u16),
    /// A live token for the store and one for the Page.
    Tokens,
    /// Anything but a function error.
    Done,
}

impl Prepared {
    /// The same, to be answered with another status.
    pub(crate) fn answered_with(self, status: u16) -> Self {
        Self { wanted: Wanted::Status(status), ..self }
    }

    /// Sends it and says how long the reply took.
    pub(crate) async fn send(self, function: &Function) -> Duration {
        let (as_wanted, duration) = match self.wanted {
            Wanted::Status(wanted) => {
                let Outcome { result, duration, .. } = function.invoke(self.event).await;
                (result.is_ok_and(|reply| reply.status == wanted), duration)
            }
            Wanted::Tokens | Wanted::Done => {
                let started = Instant::now();
                let result = function.invoke_directly(self.event).await;
                let duration = started.elapsed();
                let lives = |reply: &Value, side: &str| reply[side][0]["access_token"].is_string();
                let is_wanted = |reply: &Value| matches!(self.wanted, Wanted::Done) || lives(reply, "shops") && lives(reply, "pages");
                (result.is_ok_and(|reply| is_wanted(&reply)), duration)
            }
        };
        assert!(as_wanted, "{}: {}", function.name(), function.logs());
        duration
    }
}

/// A merchant whose store and Page are linked.
struct Linked {
    shop: String,
    person: String,
    page: String,
}

/// A request of a store that is new, for that handler: everything before it in the flow has been done.
pub(crate) async fn prepare(world: &World, handler: &str) -> Prepared {
    if AFTER.contains(&handler) {
        return link(world).await.request(world, handler);
    }
    let shop = new_store(world);
    let browser = world.browser();
    if handler == "shopify-login" {
        return get(world, &browser, &format!("/shopify/{shop}/login"), 302);
    }
    let callback = world.approve_shop(&browser, &shop).await;
    if handler == "shopify-callback" {
        return get(world, &browser, &callback, 200);
    }
    assert_eq!(browser.get(&callback).await.status(), 200);
    if handler == "connections" {
        return get(world, &browser, "/connections", 200);
    }
    if handler == "facebook-login" {
        return get(world, &browser, "/facebook/login", 302);
    }
    let (person, _) = person_with_page(world);
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    get(world, &browser, &callback, 200)
}

/// So many links from their beginning to their end: every function answers once for each.
pub(crate) async fn live(world: &World, links: usize) {
    // The keeper's first run looks for what another key sealed; here it is over before there is anything to look at.
    world.invoke("token-keeper", json!({})).await;
    let mut linked = Vec::new();
    for _ in 0..links {
        linked.push(link(world).await);
    }
    // One kind after the other, so that nothing is due yet when the keeper runs.
    for handler in AFTER {
        for linked in &linked {
            linked.request(world, handler).send(world.function(handler)).await;
        }
    }
}

/// A small store, with the same few products however many the local Shopify gives to others: each is read with a link.
fn new_store(world: &World) -> String {
    static STORES: AtomicUsize = AtomicUsize::new(0);
    let shop = format!("bench-{}", STORES.fetch_add(1, Ordering::Relaxed));
    let products = ["Linen shirt", "Wool scarf", "Canvas bag"].map(|title| Product::new(title, "Clothes", "", 1900).or(2100));
    world.shopify.set_products(&domain(&shop), &products);
    shop
}

fn person_with_page(world: &World) -> (String, String) {
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    (person, page)
}

async fn link(world: &World) -> Linked {
    let (shop, browser) = (new_store(world), world.browser());
    let (person, page) = person_with_page(world);
    assert_eq!(world.link_shop(&browser, &shop).await.status(), 200);
    assert_eq!(browser.get("/connections").await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    Linked { shop, person, page }
}

impl Linked {
    /// One of those that come after the link.
    fn request(&self, world: &World, handler: &str) -> Prepared {
        match handler {
            TOKENS => Prepared { event: json!({ "page_id": self.page }), wanted: Wanted::Tokens },
            "token-keeper" => Prepared { event: json!({}), wanted: Wanted::Done },
            "meta-webhooks" => {
                let happening = Happening::Text("Do you have mugs?".to_owned());
                request(world, &world.facebook.webhook_about(&self.page, &happening).request(), 200)
            }
            "shopify-webhooks" => request(world, &world.shopify.webhook("app/scopes_update", &domain(&self.shop)).request(), 200),
            "facebook-lifecycle" => request(world, &delivery("/facebook/deauthorize", &world.facebook.signed_leave(&self.person)), 200),
            other => panic!("{other} does not come after a link"),
        }
    }
}

/// A request that a callback refuses before any remote call.
pub(crate) fn refused(world: &World, handler: &str) -> Prepared {
    let path = format!("/{}", handler.replace('-', "/"));
    get(world, &world.browser(), &path, 400)
}

fn get(world: &World, browser: &Browser, url: &str, status: u16) -> Prepared {
    let origin = world.gateway().origin();
    let target = url.strip_prefix(origin).unwrap_or(url);
    let mut get = Request::get(target).with_header("accept", "application/json");
    if let Some(cookies) = browser.with_jar(|jar| jar.header(origin, get.path())) {
        get = get.with_header("cookie", &cookies);
    }
    request(world, &get, status)
}

fn request(world: &World, request: &Request, status: u16) -> Prepared {
    let routes = Template::load().routes();
    let found = find_route(&routes, &request.method, request.path()).expect("the template has the route");
    Prepared { event: event(world.gateway().origin(), request, &found), wanted: Wanted::Status(status) }
}
