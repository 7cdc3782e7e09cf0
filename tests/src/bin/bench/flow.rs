//! Requests of the flow, each made ready up to the moment it is sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use e2e::browser::Browser;
use e2e::facebook::Consent;
use e2e::gateway::{Request, event, find_route};
use e2e::lambda::{Function, Outcome};
use e2e::template::Template;
use e2e::world::World;
use serde_json::{Value, json};

/// The handlers, in the order of the flow, and then what the bot invokes after it.
pub(crate) const HANDLERS: [&str; 5] = ["shopify-login", "shopify-callback", "facebook-login", "facebook-callback", TOKENS];

/// The function without a route.
pub(crate) const TOKENS: &str = "connection-tokens";

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
            Wanted::Tokens => {
                let started = Instant::now();
                let result = function.invoke_directly(self.event).await;
                let duration = started.elapsed();
                let lives = |reply: &Value, side: &str| reply[side][0]["access_token"].is_string();
                (result.is_ok_and(|reply| lives(&reply, "shops") && lives(&reply, "pages")), duration)
            }
        };
        assert!(as_wanted, "{}: {}", function.name(), function.logs());
        duration
    }
}

/// A request of a store that is new, for that handler: everything before it in the flow has been done.
pub(crate) async fn prepare(world: &World, handler: &str) -> Prepared {
    static STORES: AtomicUsize = AtomicUsize::new(0);
    let shop = format!("bench-{}", STORES.fetch_add(1, Ordering::Relaxed));
    let browser = world.browser();
    match handler {
        "shopify-login" => request(world, &browser, &format!("/shopify/{shop}/login"), 302),
        "shopify-callback" => {
            let callback = world.approve_shop(&browser, &shop).await;
            request(world, &browser, &callback, 200)
        }
        _ => {
            assert_eq!(world.link_shop(&browser, &shop).await.status(), 200);
            if handler == "facebook-login" {
                return request(world, &browser, "/facebook/login", 302);
            }
            let person = world.facebook.add_person("Jo Doe");
            let page = world.facebook.add_page(&person, "Acme Store");
            let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
            if handler == TOKENS {
                assert_eq!(browser.get(&callback).await.status(), 200);
                return Prepared { event: json!({ "page_id": page }), wanted: Wanted::Tokens };
            }
            request(world, &browser, &callback, 200)
        }
    }
}

/// A request that a callback refuses before any remote call.
pub(crate) fn refused(world: &World, handler: &str) -> Prepared {
    let path = format!("/{}", handler.replace('-', "/"));
    request(world, &world.browser(), &path, 400)
}

fn request(world: &World, browser: &Browser, url: &str, status: u16) -> Prepared {
    let origin = world.gateway().origin();
    let target = url.strip_prefix(origin).unwrap_or(url);
    let path = target.split('?').next().unwrap_or_default();
    let mut request = Request::get(target).with_header("accept", "application/json");
    if let Some(cookies) = browser.with_jar(|jar| jar.header(origin, path)) {
        request = request.with_header("cookie", &cookies);
    }
    let routes = Template::load().routes();
    let found = find_route(&routes, "GET", path).expect("the template has the route");
    Prepared { event: event(origin, &request, &found), wanted: Wanted::Status(status) }
}
