//! What is done over and over.

use std::sync::atomic::{AtomicUsize, Ordering};

use e2e::facebook::Consent;
use e2e::world::World;
use serde_json::json;

/// One of the stories.
#[derive(Clone, Copy)]
pub(crate) enum Story {
    Login,
    Link,
    Tokens,
}

/// What was made ready before a level, so that it is not measured.
pub(crate) struct Ready {
    /// Pages that are linked.
    pages: Vec<String>,
}

/// No two of a run are the same.
static STORES: AtomicUsize = AtomicUsize::new(0);

impl Story {
    pub(crate) const ALL: [Self; 3] = [Self::Login, Self::Link, Self::Tokens];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Login => "Logins: GET /shopify/{shop_name}/login",
            Self::Link => "Whole links: from a new store's login to its Page, four requests",
            Self::Tokens => "connection-tokens by Page id, nothing to renew",
        }
    }

    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Login => "requests/s",
            Self::Link => "links/s",
            Self::Tokens => "invocations/s",
        }
    }

    pub(crate) fn functions(self) -> &'static [&'static str] {
        match self {
            Self::Login => &["shopify-login"],
            Self::Link => &["shopify-login", "shopify-callback", "facebook-login", "facebook-callback"],
            Self::Tokens => &["connection-tokens"],
        }
    }

    pub(crate) async fn prepare(self, world: &World, at_once: usize) -> Ready {
        let mut pages = Vec::new();
        if matches!(self, Self::Tokens) {
            for _ in 0..at_once {
                pages.push(link(world).await.expect("a link is made before anything is measured"));
            }
        }
        Ready { pages }
    }

    /// Plays it once; false when it did not end as it has to.
    pub(crate) async fn play(self, world: &World, ready: &Ready, worker: usize) -> bool {
        match self {
            Self::Login => world.browser().get(&format!("/shopify/{}/login", new_store())).await.status() == 302,
            Self::Link => link(world).await.is_some(),
            Self::Tokens => {
                let told = world.function("connection-tokens").invoke_directly(json!({ "page_id": ready.pages[worker] })).await;
                told.is_ok_and(|told| told["pages"][0]["access_token"].is_string() && told["shops"][0]["access_token"].is_string())
            }
        }
    }
}

fn new_store() -> String {
    format!("load-{}", STORES.fetch_add(1, Ordering::Relaxed))
}

/// Links a new store and a new Page; returns the Page.
async fn link(world: &World) -> Option<String> {
    let browser = world.browser();
    let login = browser.get(&format!("/shopify/{}/login", new_store())).await;
    let callback = world.shopify.approve(login.header("location")?);
    if browser.get(&callback).await.status() != 200 {
        return None;
    }
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let login = browser.get("/facebook/login").await;
    let callback = world.facebook.approve(login.header("location")?, &Consent::of(&person));
    (browser.get(&callback).await.status() == 200).then_some(page)
}
