//! Next steps from a page: a route of this service, or a platform's own page if nothing better is
//! known.

use crate::{
    moving::MoveList,
    platform::{AccountId, AccountKind},
};

/// What a link is for. Its words are in [`crate::texts`] or come from the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Sign in from the store once more.
    StartAgain,
    /// Sign in from the store to see what is connected.
    Manage,
    /// Reconnect the store, to which our access has ended.
    ReconnectStore,
    /// Go to a platform, about these accounts.
    Begin(&'static AccountKind, Errand),
    /// The list of connections.
    Connections,
    /// Reload the same URL.
    Reload,
    /// The Shopify admin.
    ShopifyAdmin,
    /// Where the merchant came from, once everything is linked.
    Back,
    /// The same if that is unknown: the store's own admin.
    BackToAdmin,
    /// An account's public page.
    OwnPage(&'static AccountKind),
    /// A message to an account, as a customer would write it.
    TestMessage(&'static AccountKind),
    /// The platform's setting for which app gets an account's conversations first.
    ConversationRouting(&'static AccountKind),
}

/// Why to go to a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Connect the accounts of this store.
    Connect,
    /// Try again.
    TryAgain,
    /// Reconnect an account to which our access has ended.
    Reconnect,
    /// Request what was declined.
    AskAgain,
    /// Start what the page asks about.
    GoOn,
    /// Take over accounts that are connected elsewhere.
    Move,
    /// Choose other accounts.
    ChooseOthers,
}

/// An account that another store holds, and the way to move it to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// Its name, from outside, if the session knows it.
    pub name: Option<String>,
    /// The link.
    pub next: NextStep,
}

/// A link. `href` is a path of this service or a constant URL of a provider, never taken directly
/// from a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// A path or an absolute URL.
    pub href: String,
    /// What it is for.
    pub way: Way,
}

impl NextStep {
    fn new(way: Way, href: impl Into<String>) -> Self {
        Self { href: href.into(), way }
    }

    /// `query` begins with its `?`.
    fn login(kind: &'static AccountKind, errand: Errand, query: &str) -> Self {
        Self::new(Way::Begin(kind, errand), format!("/{}/login{query}", kind.platform.name))
    }

    /// Start again at the store; `shop` is a checked domain.
    #[must_use]
    pub fn store_login(shop: &str) -> Self {
        Self::new(Way::StartAgain, format!("/shopify/{shop}/login"))
    }

    /// See what is connected, without a session: Shopify sends a merchant who has approved straight
    /// back.
    #[must_use]
    pub fn store_manage(shop: &str) -> Self {
        Self::new(Way::Manage, format!("/shopify/{shop}/login"))
    }

    /// Go on to the platform with this store's accounts.
    #[must_use]
    pub fn connect(kind: &'static AccountKind, shop: &str) -> Self {
        Self::login(kind, Errand::Connect, &format!("?shop={shop}"))
    }

    /// The same for accounts to which our access has ended.
    #[must_use]
    pub fn reconnect(kind: &'static AccountKind, shop: &str) -> Self {
        Self::login(kind, Errand::Reconnect, &format!("?shop={shop}"))
    }

    /// The same after a failed attempt.
    #[must_use]
    pub fn try_again(kind: &'static AccountKind, shop: &str) -> Self {
        Self::login(kind, Errand::TryAgain, &format!("?shop={shop}"))
    }

    /// Have the platform ask again for what was declined: it may never do so on its own.
    #[must_use]
    pub fn ask_again(kind: &'static AccountKind, shop: &str) -> Self {
        Self::login(kind, Errand::AskAgain, &format!("?shop={shop}&rerequest=1"))
    }

    /// Start at the platform what a page asks about.
    #[must_use]
    pub fn go_on(kind: &'static AccountKind, shop: &str, rerequest: bool) -> Self {
        Self::login(kind, Errand::GoOn, &format!("?shop={shop}{}", switch("rerequest", rerequest)))
    }

    /// Move these accounts here, with the session's token for moving.
    #[must_use]
    pub fn move_here(kind: &'static AccountKind, shop: &str, rerequest: bool, accounts: &MoveList, token: &str) -> Self {
        let rerequest = switch("rerequest", rerequest);
        Self::login(kind, Errand::Move, &format!("?shop={shop}{rerequest}&move={accounts}&csrf_token={token}"))
    }

    /// Choose accounts other than those that would have to move.
    #[must_use]
    pub fn without_moving(&self) -> Option<Self> {
        let Way::Begin(kind, _) = self.way else { return None };
        self.href.split_once("&move=").map(|(href, _)| Self::new(Way::Begin(kind, Errand::ChooseOthers), href))
    }

    /// Ask at the platform's login whether to begin, because the session's store is unknown here:
    /// the page that asks names it.
    #[must_use]
    pub fn confirm(kind: &'static AccountKind) -> Self {
        Self::login(kind, Errand::TryAgain, "?confirm=1")
    }

    /// The list of what is connected, in a session.
    #[must_use]
    pub fn connections() -> Self {
        Self::new(Way::Connections, "/connections")
    }

    /// The page's own URL: an empty reference (RFC 3986, section 4.4), so that the page contains
    /// nothing from the request.
    #[must_use]
    pub fn reload() -> Self {
        Self::new(Way::Reload, "")
    }

    /// The Shopify admin, where the app is opened from.
    #[must_use]
    pub fn shopify_admin() -> Self {
        Self::new(Way::ShopifyAdmin, "https://admin.shopify.com/")
    }

    /// Back to where the merchant came from: the configured URL, or the store's admin; `shop` is a
    /// checked domain.
    #[must_use]
    pub fn back(return_url: Option<&str>, shop: &str) -> Self {
        match return_url {
            Some(url) => Self::new(Way::Back, url),
            None => {
                let handle = shop.strip_suffix(".myshopify.com").unwrap_or(shop);
                Self::new(Way::BackToAdmin, format!("https://admin.shopify.com/store/{handle}"))
            }
        }
    }

    /// An account's public page, if its platform has one.
    #[must_use]
    pub fn own_page(id: &AccountId, name: &str) -> Option<Self> {
        let kind = id.kind();
        (kind.public_links)(id.as_str(), name).page.map(|href| Self::new(Way::OwnPage(kind), href))
    }

    /// A message to an account, if its platform has a link for that.
    #[must_use]
    pub fn test_message(id: &AccountId, name: &str) -> Option<Self> {
        let kind = id.kind();
        (kind.public_links)(id.as_str(), name).message.map(|href| Self::new(Way::TestMessage(kind), href))
    }

    /// Where the merchant chooses which app gets an account's conversations first. No call can.
    #[must_use]
    pub fn conversation_routing(kind: &'static AccountKind) -> Option<Self> {
        kind.conversation_routing.map(|setting| Self::new(Way::ConversationRouting(kind), setting))
    }
}

fn switch(name: &str, is_on: bool) -> String {
    if is_on { format!("&{name}=1") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_configured_url_the_way_back_is_the_stores_admin() {
        let of = |return_url| NextStep::back(return_url, "acme.myshopify.com");
        assert_eq!(of(None), NextStep::new(Way::BackToAdmin, "https://admin.shopify.com/store/acme"));
        assert_eq!(of(Some("https://a.example/?status=linked")), NextStep::new(Way::Back, "https://a.example/?status=linked"));
    }
}
