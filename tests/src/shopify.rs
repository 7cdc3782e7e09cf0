//! A local Shopify: any store, served under `/{shop}`, behaving as documented towards one app. Comments name the
//! documentation that a behaviour rests on; where Shopify documents nothing they say so.

mod admin;
mod app;
mod authorize;
mod catalog;
mod document;
mod graphql;
mod memory;
mod picture;
mod product;
mod scopes;
mod shop;
mod signature;
mod storefront;
mod terms;
mod tokens;
mod webhook;

use std::io;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use axum::http::Method;
use serde_json::json;

pub use admin::{graphql_throttled, graphql_too_expensive};
pub use app::ShopifyApp;
pub use authorize::{Approval, Misbehaviour};
pub use product::Product;
pub use shop::{Condition, Shop};
pub use signature::{Canonical, sign};
pub use storefront::Throttling;
pub use webhook::{ROUTE as WEBHOOKS, Webhook};

use crate::provider::{Answers, Call, Provider, RecordedRequest, Reply, Server, lock};

/// The calls by name: the grant screen, three uses of the token endpoint, the Admin API, what of that ends the installation, and the catalog.
const CALLS: &[Call] = &[
    ("authorize", &[]),
    ("token", &[]),
    ("refresh", &[]),
    ("migrate", &[]),
    ("graphql", &["token"]),
    ("uninstall", &[]),
    ("catalog", &[]),
];

/// A running local Shopify. Requests, faults, delay, clock and issued secrets are [`Provider`]'s; it ends when dropped.
pub struct LocalShopify {
    shopify: Arc<Shopify>,
    _server: Server,
}

/// Both stand-ins have the same controls, and tests shouldn't have to spell out where they come from.
impl Deref for LocalShopify {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        &self.shopify.provider
    }
}

impl LocalShopify {
    /// Starts on a free port. Must be called within a tokio runtime.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start(app: ShopifyApp) -> Self {
        Self::start_on(0, app).expect("a port is free on the loopback address")
    }

    /// Starts on this port.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start_on(port: u16, app: ShopifyApp) -> io::Result<Self> {
        let provider = Provider::bind(port, CALLS)?;
        let (api_secrets, must_use_expiring_tokens) = (vec![app.api_secret.clone()], app.must_use_expiring_tokens);
        let state = State { url: provider.url(), api_secrets, must_use_expiring_tokens, ..State::default() };
        let shopify = Arc::new(Shopify { app, provider: Arc::clone(&provider), state: Mutex::new(state) });
        let stand_in: Arc<dyn Answers> = Arc::<Shopify>::clone(&shopify);
        Ok(Self { shopify, _server: Server::start(provider, stand_in) })
    }

    /// Approves what an authorize URL asks for; returns the callback URL.
    ///
    /// # Panics
    /// With the text of the error page, when Shopify would show one.
    #[must_use]
    pub fn approve(&self, authorize_url: &str) -> String {
        self.approve_with(authorize_url, &Approval::default()).unwrap()
    }

    /// Answers an authorize URL in a merchant's place; returns the callback URL.
    ///
    /// # Errors
    /// The text of the error page, when Shopify would show one.
    pub fn approve_with(&self, authorize_url: &str, approval: &Approval) -> Result<String, String> {
        let path_and_query = authorize_url.strip_prefix(&self.url()).ok_or("The URL is not of this Shopify")?;
        let request = RecordedRequest {
            call: "authorize",
            method: Method::GET,
            path_and_query: path_and_query.to_owned(),
            headers: axum::http::HeaderMap::new(),
            body: Vec::new(),
        };
        self.record(request.clone());
        let [shop, "admin", "oauth", "authorize"] = request.segments()[..] else {
            return Err("There is nothing at this URL".to_owned());
        };
        let authorization = self.shopify.authorization(shop, &request.query())?;
        Ok(self.shopify.callback(&authorization, approval))
    }

    /// Pairs as a query with their `hmac`, signed as Shopify signs launches and callbacks.
    #[must_use]
    pub fn sign_query(&self, pairs: &[(&str, &str)]) -> String {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        authorize::signed(&pairs, &lock(&self.shopify.state).current_secret(), Canonical::default())
    }

    /// The URL by which Shopify opens the app: from the admin, and right after an install.
    #[must_use]
    pub fn launch_url(&self, shop: &str) -> String {
        self.shopify.launch_url(shop)
    }

    /// Changes a store; one that nobody has asked for yet is made first.
    pub fn edit_shop(&self, domain: &str, edit: impl FnOnce(&mut Shop)) {
        edit(lock(&self.shopify.state).shop(domain));
    }

    /// A store as it is now.
    #[must_use]
    pub fn shop(&self, domain: &str) -> Shop {
        lock(&self.shopify.state).shop(domain).clone()
    }

    /// Uninstalls the app: every token and code of the store is dead at once.
    pub fn uninstall(&self, domain: &str) {
        lock(&self.shopify.state).revoke(domain);
    }

    /// From now on the Admin API refuses tokens without an expiry, or takes them again.
    pub fn refuse_non_expiring(&self, refuse: bool) {
        lock(&self.shopify.state).must_use_expiring_tokens = refuse;
    }

    /// Makes a store's access tokens what apps got before tokens expired: without an end, and without refresh tokens beside them.
    pub fn never_expires(&self, domain: &str) {
        lock(&self.shopify.state).never_expires(domain);
    }

    /// Lets the merchant change what the app may do: the tokens that there are may do that and no more.
    pub fn set_scopes(&self, domain: &str, scopes: &str) {
        lock(&self.shopify.state).set_scopes(domain, scopes);
    }

    /// Ends a store's refresh tokens; its access tokens live on.
    pub fn revoke_refresh_tokens(&self, domain: &str) {
        lock(&self.shopify.state).revoke_refresh_tokens(domain);
    }

    /// Takes all points of this app at a store, so that the next query is throttled.
    pub fn drain_points(&self, domain: &str) {
        lock(&self.shopify.state).drain(domain, self.now());
    }

    /// Gives the app a new client secret; the older ones keep working until [`Self::revoke_old_secrets`].
    pub fn rotate_secret(&self, secret: &str) {
        lock(&self.shopify.state).api_secrets.push(secret.to_owned());
    }

    /// Ends all client secrets but the newest.
    pub fn revoke_old_secrets(&self) {
        let mut state = lock(&self.shopify.state);
        let older = state.api_secrets.len().saturating_sub(1);
        state.api_secrets.drain(..older);
    }

    /// Whether the Admin API would take this token now.
    #[must_use]
    pub fn accepts(&self, access_token: &str) -> bool {
        let now = self.now();
        lock(&self.shopify.state).access_tokens.iter().any(|token| token.value == access_token && token.lives(now))
    }
}

/// What is behind the server.
pub(crate) struct Shopify {
    app: ShopifyApp,
    provider: Arc<Provider>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Under which the stores are.
    url: String,
    /// The newest last.
    api_secrets: Vec<String>,
    must_use_expiring_tokens: bool,
    shops: Vec<Shop>,
    codes: Vec<tokens::Code>,
    access_tokens: Vec<tokens::AccessToken>,
    refresh_tokens: Vec<tokens::RefreshToken>,
    buckets: Vec<admin::Bucket>,
}

impl State {
    fn shop(&mut self, domain: &str) -> &mut Shop {
        let index = self.shops.iter().position(|shop| shop.domain == domain).unwrap_or_else(|| {
            self.shops.push(Shop::at(domain, format!("{}/{domain}", self.url)));
            self.shops.len() - 1
        });
        &mut self.shops[index]
    }

    fn current_secret(&self) -> String {
        self.api_secrets.last().cloned().unwrap_or_default()
    }
}

impl Shopify {
    fn launch_url(&self, shop: &str) -> String {
        let pairs = [("host", authorize::host(shop)), ("shop", shop.to_owned()), ("timestamp", self.provider.now().to_string())];
        let query = authorize::signed(&pairs, &lock(&self.state).current_secret(), Canonical::default());
        crate::provider::with_query(&self.app.app_url, &query)
    }
}

impl Answers for Shopify {
    fn name(&self, request: &RecordedRequest) -> &'static str {
        match request.segments()[..] {
            [_, "admin", "oauth", "authorize"] => "authorize",
            [_, "admin", "oauth", "access_token"] => match request.field("grant_type").as_deref() {
                Some("refresh_token") => "refresh",
                Some(grant) if grant.ends_with("token-exchange") => "migrate",
                _ => "token",
            },
            [_, "admin", "api", _, "graphql.json"] if admin::uninstalls(request) => "uninstall",
            [_, "admin", "api", _, "graphql.json"] => "graphql",
            [_, "admin"] => "admin",
            [_, "api", "ucp", "mcp"] => "catalog",
            _ => "other",
        }
    }

    fn answer(&self, request: &RecordedRequest) -> Reply {
        let is_post = request.method == Method::POST;
        match request.segments()[..] {
            [shop, ..] if !is_shop_domain(shop) => Reply::json(404, &json!({"errors": "Not Found"})),
            [shop, "admin", "oauth", "authorize"] if is_post => self.decide(shop, request),
            [shop, "admin", "oauth", "authorize"] => self.grant_screen(shop, request),
            [shop, "admin", "oauth", "access_token"] if is_post => self.access_token(shop, request),
            [shop, "admin", "api", version, "graphql.json"] if is_post => self.admin(shop, version, request),
            [shop, "admin"] => self.admin_page(shop),
            [shop, "admin", "leave"] if is_post => self.leave(shop, request),
            [shop, "api", "ucp", "mcp"] if is_post => self.catalog(shop, request),
            [shop, "products", handle] => self.product_page(shop, handle),
            [shop, "cdn", file] => self.picture(shop, file),
            [_, "password"] => self.password_page(),
            _ => Reply::json(404, &json!({"errors": "Not Found"})),
        }
    }

    /// shopify.dev, response codes.
    fn throttled(&self) -> Reply {
        Reply::json(429, &json!({"errors": "Exceeded 2 calls per second for api client."})).with_header("retry-after", "2.0")
    }

    fn failed(&self) -> Reply {
        Reply::html(500, "<html><head><title>500</title></head><body>Something went wrong</body></html>".to_owned())
    }
}

/// A store's domain, in lower case as Shopify writes it.
fn is_shop_domain(domain: &str) -> bool {
    let handle = domain.strip_suffix(".myshopify.com").unwrap_or_default();
    !handle.is_empty()
        && !handle.starts_with('-')
        && handle.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests;
