//! Where a page leads on to: a route of this service, or the provider's own page where nothing better is known.

/// A link with its label. `href` is a path of this service or a constant address of a provider, never taken from a request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// Path or absolute address.
    pub href: String,
    /// What the link says.
    pub label: &'static str,
}

impl NextStep {
    /// Start again at the store; `shop` is a checked domain.
    #[must_use]
    pub fn store_login(shop: &str) -> Self {
        Self { href: format!("/shopify/{shop}/login"), label: "Start again from your store" }
    }

    /// Start again at the store, this time to take over Pages that are connected elsewhere.
    #[must_use]
    pub fn store_login_to_move(shop: &str) -> Self {
        Self { href: format!("/shopify/{shop}/login?move=1"), label: "Move the other Pages to this store" }
    }

    /// Go on to Facebook with the Pages of this store.
    #[must_use]
    pub fn facebook_login(shop: &str) -> Self {
        Self { href: format!("/facebook/login?shop={shop}"), label: "Connect your Facebook Pages" }
    }

    /// Ask Facebook again for what was declined: it never does so by itself.
    #[must_use]
    pub fn facebook_rerequest(shop: &str) -> Self {
        Self { href: format!("/facebook/login?shop={shop}&rerequest=1"), label: "Ask Facebook for the permissions again" }
    }

    /// Take over Pages that are connected elsewhere.
    #[must_use]
    pub fn facebook_move(shop: &str) -> Self {
        Self { href: format!("/facebook/login?shop={shop}&move=1"), label: "Move the Pages to this store" }
    }

    /// The Shopify admin, where the app is opened from.
    #[must_use]
    pub fn shopify_admin() -> Self {
        Self { href: "https://admin.shopify.com/".to_owned(), label: "Open the app from your Shopify admin" }
    }
}
