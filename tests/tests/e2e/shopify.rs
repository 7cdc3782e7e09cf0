//! The Shopify flow from outside: how it begins, what its callback takes and refuses, and what it leaves in the tables.

mod callback;
mod cookies;
mod data;
mod identity;
mod launch;
mod link;
mod sessions;
mod signature;
mod state;
mod storage;
mod tokens;
mod uninstall;
mod used_state;

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use e2e::browser::{Browser, Page};
use e2e::database::StoredItem;
use e2e::shopify::{Canonical, sign};
use e2e::world::World;
use shared::Secret;
use shared::reply::cookie::{Name, Presented, Token};
use shared::request::Cookies;
use shared::signing::state::State;

/// The store of most tests.
pub(crate) const SHOP: &str = "acme.myshopify.com";

/// Parameters of a launch or a callback, `hmac` left out.
pub(crate) type Pairs = Vec<(String, String)>;

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub(crate) fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The parameters of a URL without its `hmac`.
pub(crate) fn pairs_of(url: &str) -> Pairs {
    let query = url.split_once('?').unwrap().1;
    form_urlencoded::parse(query.as_bytes()).into_owned().filter(|(name, _)| name != "hmac").collect()
}

pub(crate) fn value_of(url: &str, name: &str) -> String {
    let found = pairs_of(url).into_iter().find(|(key, _)| key == name);
    found.unwrap_or_else(|| panic!("no {name} in {url}")).1
}

/// The same parameters, one of them changed or added.
pub(crate) fn with(pairs: &Pairs, name: &str, value: &str) -> Pairs {
    let mut changed = without(pairs, name);
    changed.push((name.to_owned(), value.to_owned()));
    changed
}

/// The same parameters, one of them left out.
pub(crate) fn without(pairs: &Pairs, name: &str) -> Pairs {
    pairs.iter().filter(|(key, _)| key != name).cloned().collect()
}

/// Path and query, rightly signed.
pub(crate) fn signed(world: &World, path: &str, pairs: &Pairs) -> String {
    signed_with(world.setting("SHOPIFY_API_SECRET"), Canonical::default(), path, pairs)
}

pub(crate) fn signed_with(secret: &str, canonical: Canonical, path: &str, pairs: &Pairs) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs).append_pair("hmac", &sign(pairs, secret, canonical));
    format!("{path}?{}", query.finish())
}

/// A callback for a flow that began in this browser, whose merchant approved: its parameters without `hmac`.
pub(crate) async fn approved(world: &World, browser: &Browser, shop: &str) -> Pairs {
    pairs_of(&world.approve_shop(browser, shop).await)
}

/// A callback with a code of its own, whose state is `state`.
pub(crate) async fn approved_with_state(world: &World, browser: &Browser, state: &str) -> String {
    let pairs = approved(world, browser, SHOP).await;
    callback(world, &with(&pairs, "state", state))
}

pub(crate) fn callback(world: &World, pairs: &Pairs) -> String {
    signed(world, "/shopify/callback", pairs)
}

/// Which state to mint.
pub(crate) struct Mint<'a> {
    pub(crate) platform: &'a str,
    pub(crate) shop: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) issued_at: u64,
}

impl<'a> Mint<'a> {
    /// As the service would mint it now.
    pub(crate) fn usual(world: &'a World) -> Self {
        Self { platform: "shopify", shop: SHOP, secret: world.setting("STATE_TOKEN_SECRET"), issued_at: now() }
    }

    /// The state, bound to a browser that has begun a flow on http.
    pub(crate) fn state(&self, browser: &Browser) -> String {
        let cookie = format!("browser_id={}", browser.cookie("browser_id").expect("the browser has begun a flow"));
        let Presented::Token(token) = Token::presented(&Cookies::parse([cookie.as_str()].into_iter()), Name::Browser, false) else {
            panic!("{cookie} is not in the service's form");
        };
        let state = State {
            issued_at: self.issued_at,
            nonce: e2e::random::bytes(),
            browser: token.hash(Name::Browser),
            extra: self.shop.as_bytes().to_vec(),
        };
        state.sign(self.platform, &Secret::new(self.secret))
    }
}

/// Asserts an error's code, showing what came instead.
#[track_caller]
pub(crate) fn assert_code(page: &Page, status: u16, code: &str) {
    assert_eq!((page.status(), page.code().as_deref()), (status, Some(code)), "{}", page.text());
}

#[track_caller]
pub(crate) fn assert_linked(page: &Page) {
    assert_eq!(page.status(), 200, "{}", page.text());
    assert!(page.json()["user_uuid"].is_string(), "{}", page.text());
}

/// The one identity's own item.
pub(crate) fn root(world: &World) -> StoredItem {
    let mut roots = roots(world);
    assert_eq!(roots.len(), 1, "{roots:?}");
    roots.remove(0)
}

pub(crate) fn roots(world: &World) -> Vec<StoredItem> {
    world.database.scan("connections").into_iter().filter(|item| item.text("sk") == Some("store")).collect()
}

/// All UUIDs that any item names.
pub(crate) fn uuids(world: &World) -> BTreeSet<String> {
    roots(world).iter().map(|root| root.text("pk").unwrap().trim_start_matches("uuid#").to_owned()).collect()
}

pub(crate) fn number(item: &StoredItem, name: &str) -> Option<u64> {
    item.text(name).map(|text| text.parse().unwrap())
}

/// How often a code went to the token endpoint.
pub(crate) fn exchanges(world: &World) -> usize {
    world.shopify.requests_of("token").len()
}

/// Lets everything else run until something has happened.
pub(crate) async fn until(happened: impl Fn() -> bool) {
    while !happened() {
        tokio::task::yield_now().await;
    }
}
