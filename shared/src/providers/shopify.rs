//! Shopify: its settings, authorisation page, signatures, tokens and Admin API.
//!
//! Source of each rule, unless named otherwise:
//! <https://shopify.dev/docs/apps/build/authentication-authorization>.

pub mod admin;
mod refusal;
mod scopes;
mod shop;
mod signature;
pub mod token;
pub mod versions;
pub mod webhook;
mod words;

pub use refusal::Refusal;
pub use scopes::missing_scopes;
pub use shop::ShopDomain;
pub use signature::{check_timestamp, parse_timestamp, verify_query};

use std::time::Duration;

use crate::metrics::platform_metrics;
use crate::platform::{FlowsOf, Platform};
use crate::{Error, Vars, config::RedirectUri, signing::SecretPair};

/// Shopify. A merchant may have to install the app first, hence the longer-lived state.
pub static PLATFORM: Platform = Platform {
    name: "shopify",
    label: "Shopify",
    state_lifetime: Duration::from_secs(600),
    flows_of: FlowsOf::Store,
    account: None,
    grant: None,
    headers: &["x-shopify-api-version"],
    metrics: platform_metrics!("Shopify"),
    words: &words::SIGN_IN,
};

/// What a function needs to begin a flow and to verify Shopify's signatures.
#[derive(Clone, Debug)]
pub struct App {
    /// `SHOPIFY_API_KEY`: the client id.
    pub api_key: String,
    /// `SHOPIFY_API_SECRET` and its predecessor. They verify Shopify's signatures and authenticate
    /// us at the token endpoint; nothing of our own is signed with them.
    pub secrets: SecretPair,
    /// `SHOPIFY_SCOPES`.
    pub scopes: Vec<String>,
    /// `SHOPIFY_REDIRECT_URI`.
    pub redirect_uri: RedirectUri,
    endpoint: Option<String>,
}

/// Reads `SHOPIFY_API_VERSION`, a quarter such as `2026-10`.
///
/// # Errors
/// `misconfigured`.
pub fn api_version(vars: &Vars) -> Result<String, Error> {
    vars.checked("SHOPIFY_API_VERSION", Some(versions::DEFAULT), |text| versions::quarter(text).is_some())
}

/// The requested scopes unless others are configured.
pub const DEFAULT_SCOPES: &str = "read_product_listings,read_inventory,read_discounts,read_locations,read_products";

impl App {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars) -> Result<Self, Error> {
        let endpoint = vars.optional("SHOPIFY_ENDPOINT_URL").map(|_| vars.endpoint("SHOPIFY_ENDPOINT_URL", ""));
        Ok(Self {
            api_key: vars.checked("SHOPIFY_API_KEY", None, |key| key.bytes().all(|b| b.is_ascii_graphic()))?,
            secrets: vars.secret_pair("SHOPIFY_API_SECRET", 1)?,
            scopes: vars.scopes("SHOPIFY_SCOPES", DEFAULT_SCOPES)?,
            redirect_uri: vars.redirect_uri("SHOPIFY_REDIRECT_URI", "/shopify/callback")?,
            endpoint: endpoint.transpose()?,
        })
    }

    /// The base URL of a shop: its own domain, or the stand-in's for local work.
    #[must_use]
    pub fn base_url(&self, shop: &ShopDomain) -> String {
        match &self.endpoint {
            None => format!("https://{shop}"),
            Some(endpoint) => format!("{endpoint}/{shop}"),
        }
    }

    /// The page on which the merchant approves. Omitting `grant_options[]` requests an offline
    /// token.
    #[must_use]
    pub fn authorize_url(&self, shop: &ShopDomain, state: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.api_key)
            .append_pair("scope", &self.scopes.join(","))
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("state", state)
            .finish();
        format!("{}/admin/oauth/authorize?{query}", self.base_url(shop))
    }
}

/// Suffix that an earlier version put after the shop to say that Pages would be moved next. No
/// domain ends like this.
const FORMER_MOVE: &[u8] = b"?move=1";

/// The extra data of a Shopify state: the store.
#[must_use]
pub fn state_extra(shop: &ShopDomain) -> Vec<u8> {
    shop.as_str().as_bytes().to_vec()
}

/// Whether [`state_extra`] names this store.
#[must_use]
pub fn is_state_of(extra: &[u8], shop: &ShopDomain) -> bool {
    extra.strip_prefix(shop.as_str().as_bytes()).is_some_and(|rest| rest.is_empty() || rest == FORMER_MOVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_belongs_to_one_store() {
        let shop = |name| ShopDomain::parse(name).unwrap();
        let acme = shop("acme.myshopify.com");
        assert!(is_state_of(&state_extra(&acme), &acme));
        assert!(is_state_of(b"acme.myshopify.com?move=1", &acme), "of the version before");
        for other in [state_extra(&shop("acme2.myshopify.com")), b"acme.myshopify.com?move=2".to_vec(), b"acme".to_vec(), Vec::new()] {
            assert!(!is_state_of(&other, &acme));
        }
    }

    #[test]
    fn the_authorize_url_names_the_shop_and_escapes_everything_else() {
        let vars = [
            ("SHOPIFY_API_KEY", "key"),
            ("SHOPIFY_API_SECRET", "hush"),
            ("SHOPIFY_REDIRECT_URI", "https://link.example/shopify/callback"),
            ("SHOPIFY_SCOPES", "read_products, read_locations"),
        ];
        let app = App::from_vars(&Vars::from_pairs(vars)).unwrap();
        let shop = ShopDomain::parse("acme.myshopify.com").unwrap();
        assert_eq!(
            app.authorize_url(&shop, "S-_"),
            "https://acme.myshopify.com/admin/oauth/authorize?client_id=key&scope=read_products%2Cread_locations\
             &redirect_uri=https%3A%2F%2Flink.example%2Fshopify%2Fcallback&state=S-_"
        );
        let local = App::from_vars(&Vars::from_pairs(vars.into_iter().chain([("SHOPIFY_ENDPOINT_URL", "http://127.0.0.1:7/")]))).unwrap();
        assert_eq!(local.base_url(&shop), "http://127.0.0.1:7/acme.myshopify.com");
    }
}
