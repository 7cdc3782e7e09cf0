//! Where a page leads on to: a route of this service, or the provider's own page where nothing better is known.

use crate::moving::MoveList;

/// What a way on is for. Its words are in [`crate::texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Sign in from the store once more.
    StartAgain,
    /// Sign in from the store to see what is connected.
    Manage,
    /// Connect the store again, whose access is over.
    ReconnectStore,
    /// Go on to Facebook with the Pages of this store.
    ConnectPages,
    /// Go to Facebook once more.
    TryFacebookAgain,
    /// Connect a Page again, whose access is over.
    ReconnectPage,
    /// Ask Facebook for what was declined.
    AskAgain,
    /// Begin what the page asks about.
    GoOn,
    /// Take over what is connected elsewhere.
    Move,
    /// Go to Facebook once more, for other Pages.
    OtherPages,
    /// The list of connections.
    Connections,
    /// The same address once more.
    Reload,
    /// The Shopify admin.
    ShopifyAdmin,
    /// Facebook's setting for which app a Page's conversations go to first.
    ConversationRouting,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::StartAgain,
        Self::Manage,
        Self::ReconnectStore,
        Self::ConnectPages,
        Self::TryFacebookAgain,
        Self::ReconnectPage,
        Self::AskAgain,
        Self::GoOn,
        Self::Move,
        Self::OtherPages,
        Self::Connections,
        Self::Reload,
        Self::ShopifyAdmin,
        Self::ConversationRouting,
    ];
}

/// An account that another store holds, and the way to move it to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// Its name, from outside, where the session knows it.
    pub name: Option<String>,
    /// The way.
    pub next: NextStep,
}

/// A link. `href` is a path of this service or a constant address of a provider, never taken from a request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// Path or absolute address.
    pub href: String,
    /// What it is for.
    pub way: Way,
}

impl NextStep {
    fn new(way: Way, href: impl Into<String>) -> Self {
        Self { href: href.into(), way }
    }

    /// Start again at the store; `shop` is a checked domain.
    #[must_use]
    pub fn store_login(shop: &str) -> Self {
        Self::new(Way::StartAgain, format!("/shopify/{shop}/login"))
    }

    /// See what is connected, from where no session is left: Shopify sends a merchant who approved back at once.
    #[must_use]
    pub fn store_manage(shop: &str) -> Self {
        Self::new(Way::Manage, format!("/shopify/{shop}/login"))
    }

    /// Go on to Facebook with the Pages of this store.
    #[must_use]
    pub fn facebook_login(shop: &str) -> Self {
        Self::new(Way::ConnectPages, format!("/facebook/login?shop={shop}"))
    }

    /// The same after a try that failed.
    #[must_use]
    pub fn facebook_again(shop: &str) -> Self {
        Self::new(Way::TryFacebookAgain, format!("/facebook/login?shop={shop}"))
    }

    /// Ask Facebook again for what was declined: it never does so by itself.
    #[must_use]
    pub fn facebook_rerequest(shop: &str) -> Self {
        Self::new(Way::AskAgain, format!("/facebook/login?shop={shop}&rerequest=1"))
    }

    /// Begin at Facebook what a page asks about.
    #[must_use]
    pub fn facebook_start(shop: &str, rerequest: bool) -> Self {
        Self::new(Way::GoOn, format!("/facebook/login?shop={shop}{}", switch("rerequest", rerequest)))
    }

    /// Move these Pages here, with the session's token for moving.
    #[must_use]
    pub fn facebook_move(shop: &str, rerequest: bool, pages: &MoveList, token: &str) -> Self {
        let rerequest = switch("rerequest", rerequest);
        Self::new(Way::Move, format!("/facebook/login?shop={shop}{rerequest}&move={pages}&csrf_token={token}"))
    }

    /// Choose other Pages than those that would have to move.
    #[must_use]
    pub fn without_moving(&self) -> Option<Self> {
        self.href.split_once("&move=").map(|(href, _)| Self::new(Way::OtherPages, href))
    }

    /// Ask at Facebook's login whether to begin, since the store of the session is not known here: the page that asks names it.
    #[must_use]
    pub fn facebook_confirm() -> Self {
        Self::new(Way::TryFacebookAgain, "/facebook/login?confirm=1")
    }

    /// The list of what is connected, in a session.
    #[must_use]
    pub fn connections() -> Self {
        Self::new(Way::Connections, "/connections")
    }

    /// The page's own address, whatever it is: an empty reference (RFC 3986, section 4.4), so that nothing of the request stands in the page.
    #[must_use]
    pub fn reload() -> Self {
        Self::new(Way::Reload, "")
    }

    /// The Shopify admin, where the app is opened from.
    #[must_use]
    pub fn shopify_admin() -> Self {
        Self::new(Way::ShopifyAdmin, "https://admin.shopify.com/")
    }

    /// Where the Page's admin says which app its conversations go to first. No call can.
    #[must_use]
    pub fn conversation_routing() -> Self {
        Self::new(Way::ConversationRouting, "https://www.facebook.com/settings?tab=msgr_conversation_routing")
    }
}

fn switch(name: &str, is_on: bool) -> String {
    if is_on { format!("&{name}=1") } else { String::new() }
}
