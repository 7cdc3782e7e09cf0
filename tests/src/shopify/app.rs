//! Our app, as Shopify knows it.

/// The app as it is configured at Shopify.
#[derive(Clone, Debug)]
pub struct ShopifyApp {
    /// The client id.
    pub api_key: String,
    /// The client secret.
    pub api_secret: String,
    /// The allowed redirect URIs, compared exactly.
    pub redirect_uris: Vec<String>,
    /// Where Shopify sends a merchant who opens the app; shares its host with the redirect URIs.
    pub app_url: String,
    /// The scopes that count when the authorize URL names none, comma-separated.
    pub scopes: String,
    /// Whether the Admin API refuses tokens without an expiry, as for public apps made since 2026-04-01.
    pub must_use_expiring_tokens: bool,
    /// Whether the app answers at its URL, so that what it uninstalls by itself can be announced to it.
    pub is_reachable: bool,
}

impl ShopifyApp {
    /// A public app with one redirect URI; the app URL is `/shopify/login` on the same host.
    #[must_use]
    pub fn new(api_key: &str, api_secret: &str, redirect_uri: &str) -> Self {
        Self {
            api_key: api_key.to_owned(),
            api_secret: api_secret.to_owned(),
            redirect_uris: vec![redirect_uri.to_owned()],
            app_url: redirect_uri.replace("/shopify/callback", "/shopify/login"),
            scopes: "read_product_listings,read_inventory,read_discounts,read_locations,read_products".to_owned(),
            must_use_expiring_tokens: true,
            is_reachable: false,
        }
    }
}
