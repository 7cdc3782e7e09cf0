//! The next step a page offers: a route of this service, or a platform's own page if nothing better
//! is known.

use crate::{
    moving::MoveList,
    platform::{AccountId, AccountKind},
};

/// What a next step is for. Its words are in [`crate::texts`], or the platform's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Sign in from the store once more.
    StartAgain,
    /// Sign in from the store to see what is connected.
    Manage,
    /// Connect the store again after losing access.
    ReconnectStore,
    /// Go to a platform, for these accounts.
    Begin(&'static AccountKind, Errand),
    /// The list of connections.
    Connections,
    /// The same address once more.
    Reload,
    /// The Shopify admin.
    ShopifyAdmin,
    /// Where the merchant came from, once all is linked.
    Back,
    /// The same if that is not configured: the store's own admin.
    BackToAdmin,
    /// An account's public page.
    OwnPage(&'static AccountKind),
    /// A message to an account, as a customer would write it.
    TestMessage(&'static AccountKind),
    /// The platform's setting for which app gets an account's conversations first.
    ConversationRouting(&'static AccountKind),
}

/// The reason to go to a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Connect the accounts of this store.
    Connect,
    /// Try again.
    TryAgain,
    /// Connect an account again after losing access.
    Reconnect,
    /// Ask again for what was declined.
    AskAgain,
    /// Confirm what the page asks.
    GoOn,
    /// Take over what is connected elsewhere.
    Move,
    /// Choose other accounts.
    ChooseOthers,
}

/// An account that another store holds, and the link to move it to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// Its name, from outside, if the session knows it.
    pub name: Option<String>,
    /// The way.
    pub next: NextStep,
}

/// A link. `href` is a path of this service or a constant address of a provider, never raw request
/// input.
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

    /// `query` begins with its `?`.
    fn login(kind: &'static AccountKind, errand: Errand, query: &str) -> Self {
        Self::new(Way::Begin(kind, errand), format!("/{}/login{query}", kind.platform.name))
    }

    /// Start again at the store; `shop` is a checked domain.
    #[must_use]
    pub fn store_login(shop: &str) -> Self {
        Self::new(Way::StartAgain, format!("/shopify/{shop}/login"))
    }

    /// See what is connected when no session is left: Shopify redirects an approved merchant back
    /// at once.
    #[must_use]
    pub fn store_manage(shop: &str) -> Self {
        Self::new(Way::Manage, format!("/shopify/{shop}/login"))
    }

    /// Continue to the platform with the accounts of this store.
    #[must_use]
    pub fn connect(kind: &'static AccountKind, shop: &str) -> Self {
        Self::login(kind, Errand::Connect, &format!("?shop={shop}"))
    }

    /// The same for accounts whose access was lost.
    #[must_use]
    pub fn reconnect(kind: &'static AccountKind, shop: &str) -> Self {
        Self::login(kind, Errand::Reconnect, &format!("?shop={shop}"))
    }

    /// The same after a failed attempt.
    #[must_use]
    pub fn try_again(kind: &'static AccountKind, shop: &str) -> Self {
        Self::login(kind, Errand::TryAgain, &format!("?shop={shop}"))
    }

    /// Make the platform ask again for what was declined: it may never do so by itself.
    #[must_use]
    pub fn ask_again(kind: &'static AccountKind, shop: &str) -> Self {
        Self::login(kind, Errand::AskAgain, &format!("?shop={shop}&rerequest=1"))
    }

    /// Begin at the platform after a page asked for confirmation.
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

    /// Choose other accounts instead of those that would have to move.
    #[must_use]
    pub fn without_moving(&self) -> Option<Self> {
        let Way::Begin(kind, _) = self.way else { return None };
        self.href.split_once("&move=").map(|(href, _)| Self::new(Way::Begin(kind, Errand::ChooseOthers), href))
    }

    /// Ask at the platform's login whether to begin, since the session's store is not known here:
    /// that page names it.
    #[must_use]
    pub fn confirm(kind: &'static AccountKind) -> Self {
        Self::login(kind, Errand::TryAgain, "?confirm=1")
    }

    /// The list of what is connected, in a session.
    #[must_use]
    pub fn connections() -> Self {
        Self::new(Way::Connections, "/connections")
    }

    /// The page's own address: an empty reference (RFC 3986, section 4.4), so that the page
    /// contains nothing of the request.
    #[must_use]
    pub fn reload() -> Self {
        Self::new(Way::Reload, "")
    }

    /// The Shopify admin, where the app is opened from.
    #[must_use]
    pub fn shopify_admin() -> Self {
        Self::new(Way::ShopifyAdmin, "https://admin.shopify.com/")
    }

    /// Back to where the merchant came from: the configured address, or the store's admin; `shop`
    /// is a checked domain.
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

    /// A message to an account, if its platform offers a link for that.
    #[must_use]
    pub fn test_message(id: &AccountId, name: &str) -> Option<Self> {
        let kind = id.kind();
        (kind.public_links)(id.as_str(), name).message.map(|href| Self::new(Way::TestMessage(kind), href))
    }

    /// Where the merchant chooses which app gets an account's conversations first. No API call can.
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
    fn without_an_address_of_its_own_the_way_back_is_the_admin_of_the_store() {
        let of = |return_url| NextStep::back(return_url, "acme.myshopify.com");
        assert_eq!(of(None), NextStep::new(Way::BackToAdmin, "https://admin.shopify.com/store/acme"));
        assert_eq!(of(Some("https://a.example/?status=linked")), NextStep::new(Way::Back, "https://a.example/?status=linked"));
    }
}
