//! What goes in and comes out while flows run.

use e2e::browser::{Browser, Page};
use e2e::facebook::Consent;
use e2e::search::Secrets;
use e2e::settings::SECRETS;
use e2e::world::World;

/// In everything that the providers issue or say, and nowhere else.
pub(crate) const MARKER: &str = "LEAKMARKER7";

pub(crate) struct Trace {
    pub(crate) world: World,
    replies: Vec<(String, Page)>,
    /// Name and value of what the flows were given or gave away for one place only.
    seen: Vec<(String, String)>,
}

pub(crate) struct Ended {
    pub(crate) world: World,
    pub(crate) replies: Vec<(String, Page)>,
    pub(crate) secrets: Secrets,
}

/// The value of a parameter of a URL, decoded.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

impl Trace {
    pub(crate) fn new(world: World) -> Self {
        world.shopify.set_marker(MARKER);
        world.facebook.set_marker(MARKER);
        Self { world, replies: Vec::new(), seen: Vec::new() }
    }

    /// Opens a URL of the service; notes what is secret in it, in the browser's cookies and in the reply.
    pub(crate) async fn get(&mut self, browser: &Browser, url: &str) -> Page {
        for name in ["state", "hmac", "code"] {
            self.seen.extend(parameter(url, name).filter(|value| value.len() > 20).map(|value| (name.to_owned(), value)));
        }
        let page = browser.get(url).await;
        self.note(url.split('?').next().unwrap_or_default(), page.clone());
        page
    }

    pub(crate) fn note(&mut self, path: &str, page: Page) {
        for cookie in page.set_cookies() {
            let value = cookie.split(['=', ';']).nth(1).unwrap_or_default();
            if !value.is_empty() {
                self.seen.push(("cookie".to_owned(), value.to_owned()));
            }
        }
        let state = page.header("location").and_then(|location| parameter(location, "state"));
        self.seen.extend(state.map(|state| ("state".to_owned(), state)));
        self.replies.push((path.to_owned(), page));
    }

    /// Up to the callback of a store, which is not opened yet.
    pub(crate) async fn approved(&mut self, browser: &Browser, shop: &str) -> String {
        let login = self.get(browser, &format!("/shopify/{shop}/login")).await;
        self.world.shopify.approve(login.location())
    }

    pub(crate) async fn link(&mut self, browser: &Browser, shop: &str) -> Page {
        let callback = self.approved(browser, shop).await;
        self.get(browser, &callback).await
    }

    /// Up to the dialog of Facebook.
    pub(crate) async fn dialog(&mut self, browser: &Browser, query: &str) -> String {
        let login = self.get(browser, &format!("/facebook/login{query}")).await;
        login.location().to_owned()
    }

    /// Links Pages in a flow that moves one of them: first it is asked about, and the answer has the way.
    pub(crate) async fn moved(&mut self, browser: &Browser, page: &str, consent: &Consent) -> Page {
        let asked = self.get(browser, &format!("/facebook/login?move={page}")).await;
        let login = match asked.header("content-type") {
            Some("application/problem+json") => asked.json()["next"].as_str().map(str::to_owned),
            _ => {
                asked.text().split("href=\"").find(|link| link.contains("move=")).and_then(|link| link.split('"').next()).map(str::to_owned)
            }
        };
        let login = login.unwrap_or_else(|| panic!("no way on: {}", asked.text())).replace("&#38;", "&");
        let dialog = self.get(browser, &login).await.location().to_owned();
        let callback = self.world.facebook.approve(&dialog, consent);
        self.get(browser, &callback).await
    }

    pub(crate) async fn pages(&mut self, browser: &Browser, query: &str, consent: &Consent) -> Page {
        let dialog = self.dialog(browser, query).await;
        let callback = self.world.facebook.approve(&dialog, consent);
        self.get(browser, &callback).await
    }

    pub(crate) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add("marker", MARKER);
        for name in SECRETS {
            secrets.add(&format!("setting {name}"), self.world.setting(name).trim_start_matches("k1:"));
        }
        secrets.add_all("issued by Shopify", self.world.shopify.issued_secrets());
        secrets.add_all("issued by Facebook", self.world.facebook.issued_secrets());
        for (name, value) in &self.seen {
            secrets.add(name, value);
        }
        for request in self.world.facebook.requests() {
            for name in ["code_verifier", "appsecret_proof"] {
                secrets.add_all(name, request.field(name));
            }
        }
        secrets
    }

    pub(crate) fn end(self) -> Ended {
        let secrets = self.secrets();
        Ended { world: self.world, replies: self.replies, secrets }
    }
}

impl Ended {
    /// A `Location` may carry the state, a `Set-Cookie` its cookie, and a body nothing.
    pub(crate) fn assert_replies_are_clean(&self) {
        for (path, page) in &self.replies {
            let place = format!("the reply of {path}");
            self.secrets.assert_not_in(&place, page.text());
            for (name, value) in &page.reply().headers {
                let found = self.secrets.found_in(value.as_bytes());
                let allowed = |found: &&str| name == "location" && page.status() == 302 && *found == "state";
                assert!(found.iter().all(allowed), "{found:?} in header {name} of {place}");
            }
            for cookie in page.set_cookies() {
                let found = self.secrets.found_in(cookie.as_bytes());
                assert!(found.iter().all(|found| *found == "cookie"), "{found:?} in a cookie of {place}");
            }
        }
    }

    pub(crate) fn assert_logs_are_clean(&self) {
        let logs = self.world.logs();
        assert!(!logs.is_empty());
        logs.lines().for_each(|line| self.secrets.assert_not_in("a log", line));
    }

    /// Only where a provider takes it no other way: the state in what a browser is sent to, Facebook's proof, and the token
    /// that `debug_token` is asked about.
    pub(crate) fn assert_provider_urls_are_clean(&self) {
        let requests = self.world.shopify.requests().into_iter().chain(self.world.facebook.requests());
        let mut count = 0;
        for request in requests {
            for (name, value) in request.query() {
                let allowed = match (request.call, name.as_str()) {
                    ("authorize" | "dialog", "state") | (_, "appsecret_proof") | ("debug_token", "input_token") => continue,
                    _ => self.secrets.found_in(value.as_bytes()),
                };
                assert!(allowed.is_empty(), "{allowed:?} in parameter {name} of {}", request.call);
            }
            self.secrets.assert_not_in(request.call, request.path());
            assert!(request.header("referer").is_none(), "a referer to {}", request.call);
            count += 1;
        }
        assert!(count > 50, "only {count} requests");
    }

    pub(crate) fn assert_tables_are_clean(&self) {
        let items = self.world.database.dump();
        assert!(items.len() > 10, "only {} items", items.len());
        items.iter().for_each(|item| self.secrets.assert_not_stored(item));
    }
}
