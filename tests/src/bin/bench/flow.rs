//! Requests of the flow, each made ready up to the moment it is sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use e2e::browser::Browser;
use e2e::facebook::Consent;
use e2e::gateway::{Request, event, find_route};
use e2e::lambda::{Function, Outcome, Reply};
use e2e::template::Template;
use e2e::world::World;
use serde_json::Value;

/// The four handlers, in the order of the flow.
pub(crate) const HANDLERS: [&str; 4] = ["shopify-login", "shopify-callback", "facebook-login", "facebook-callback"];

/// An event with the status its reply has to have.
pub(crate) struct Prepared {
    event: Value,
    status: u16,
}

impl Prepared {
    /// The same, to be answered with another status.
    pub(crate) fn answered_with(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Sends it and says how long the reply took.
    pub(crate) async fn send(self, function: &Function) -> Duration {
        let Outcome { result, duration, .. } = function.invoke(self.event).await;
        let status = result.as_ref().map_or(0, |reply: &Reply| reply.status);
        assert_eq!(status, self.status, "{}: {}", function.name(), function.logs());
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
            world.facebook.add_page(&person, "Acme Store");
            let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
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
    Prepared { event: event(origin, &request, &found), status }
}
