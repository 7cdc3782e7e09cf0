//! Everything a test needs, started together: a database, a message bus, both providers, the
//! functions and the gateway before them.

mod builder;

use std::sync::Arc;

use serde_json::Value;

use crate::browser::{Accept, Browser, Page};
use crate::database::Database;
use crate::event_bus::EventBus;
use crate::facebook::{Consent, LocalFacebook, WhatsAppConsent};
use crate::gateway::Gateway;
use crate::lambda::Function;
use crate::schemas;
use crate::settings::{OPTIONAL_SECRETS, SECRETS, Variables};
use crate::shopify::LocalShopify;

pub use builder::WorldBuilder;

/// The service on plain http, as in the local run.
pub const HTTP: &str = "http://localhost:9000";
/// The service on https, as deployed.
pub const HTTPS: &str = "https://link.example.com";

/// A running world. It ends when dropped.
pub struct World {
    /// The tables.
    pub database: Database,
    /// Where customers' messages go.
    pub bus: EventBus,
    /// The local Shopify; any store exists.
    pub shopify: LocalShopify,
    /// The local Facebook; people and Pages are the test's to add.
    pub facebook: LocalFacebook,
    gateway: Arc<Gateway>,
    settings: Variables,
}

impl World {
    /// The usual world: http, one instance of each function. One without a route is started by its first event.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// For any other world.
    pub fn builder() -> WorldBuilder {
        WorldBuilder::usual()
    }

    /// A fresh browser that asks for JSON.
    pub fn browser(&self) -> Browser {
        Browser::new(Arc::clone(&self.gateway))
    }

    /// What stands before the functions.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// One of the functions.
    pub fn function(&self, name: &str) -> &Function {
        self.gateway.function(name)
    }

    /// Invokes a function that has no route, as the bot or the schedule does.
    ///
    /// # Panics
    ///
    /// On a function error, showing the function's logs; and when `connection-tokens` does not answer as published.
    pub async fn invoke(&self, name: &str, payload: Value) -> Value {
        let function = self.function(name);
        let reply = function.invoke_directly(payload.clone()).await;
        let reply = reply.unwrap_or_else(|error| panic!("{name}: {error}\n{}", function.logs()));
        if name == "connection-tokens" {
            schemas::asked(&payload, &reply).unwrap_or_else(|wrong| panic!("{wrong}"));
        }
        reply
    }

    /// The value of a configuration variable.
    pub fn setting(&self, name: &str) -> &str {
        self.settings.get(name).map_or_else(|| panic!("no {name} in this world"), String::as_str)
    }

    /// All of them.
    pub const fn settings(&self) -> &Variables {
        &self.settings
    }

    /// The service's own secrets and all codes and tokens that the providers issued: what must turn up nowhere.
    pub fn secrets(&self) -> Vec<String> {
        let names = SECRETS.iter().chain(&OPTIONAL_SECRETS);
        let own = names.filter_map(|name| self.settings.get(*name)).map(|value| value.trim_start_matches("k1:").to_owned());
        own.chain(self.shopify.issued_secrets()).chain(self.facebook.issued_secrets()).collect()
    }

    /// What all functions wrote so far.
    pub fn logs(&self) -> String {
        self.gateway.functions().map(Function::logs).collect()
    }

    /// Begins at the store's link and approves at Shopify; returns the callback URL, not opened yet.
    pub async fn approve_shop(&self, browser: &Browser, shop: &str) -> String {
        let login = browser.get(&format!("/shopify/{shop}/login")).await;
        self.shopify.approve(login.location())
    }

    /// Links a store, from its link to the reply of the callback.
    pub async fn link_shop(&self, browser: &Browser, shop: &str) -> Page {
        let callback = self.approve_shop(browser, shop).await;
        browser.get(&callback).await
    }

    /// Begins at the Facebook login of a linked store and consents; returns the callback URL, not opened yet.
    pub async fn approve_pages(&self, browser: &Browser, consent: &Consent) -> String {
        let login = browser.get("/facebook/login").await;
        self.facebook.approve(login.location(), consent)
    }

    /// Links Pages to the store whose session the browser holds.
    pub async fn link_pages(&self, browser: &Browser, consent: &Consent) -> Page {
        let callback = self.approve_pages(browser, consent).await;
        browser.get(&callback).await
    }

    /// Begins at the WhatsApp login of a linked store and consents; returns the callback URL, not opened yet.
    pub async fn approve_numbers(&self, browser: &Browser, consent: &WhatsAppConsent) -> String {
        let login = browser.get("/whatsapp/login").await;
        self.facebook.approve_whatsapp(login.location(), consent)
    }

    /// Links numbers to the store whose session the browser holds.
    pub async fn link_numbers(&self, browser: &Browser, consent: &WhatsAppConsent) -> Page {
        let callback = self.approve_numbers(browser, consent).await;
        browser.get(&callback).await
    }

    /// The login that moves these Pages to the store whose session the browser holds: who asks without the session's token is told it.
    ///
    /// # Panics
    ///
    /// When the answer is another one.
    pub async fn move_login<P: AsRef<str>>(&self, browser: &Browser, pages: impl IntoIterator<Item = P>) -> String {
        let pages: Vec<String> = pages.into_iter().map(|page| page.as_ref().to_owned()).collect();
        let asked = browser.copied().accepting(Accept::Json).get(&format!("/facebook/login?move={}", pages.join(","))).await;
        assert_eq!((asked.status(), asked.code().as_deref()), (403, Some("forbidden")), "{}", asked.text());
        asked.json()["next"].as_str().expect("the way on").to_owned()
    }

    /// Moves these Pages to the store whose session the browser holds.
    pub async fn move_pages<P: AsRef<str>>(&self, browser: &Browser, pages: impl IntoIterator<Item = P>, consent: &Consent) -> Page {
        let login = browser.get(&self.move_login(browser, pages).await).await;
        browser.get(&self.facebook.approve(login.location(), consent)).await
    }
}
