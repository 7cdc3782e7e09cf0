//! Platforms, and their kinds of accounts and grants.

use std::{fmt, time::Duration};

use crate::metrics::PlatformMetrics;

use super::words::{AccountWords, InEachLanguage, PlatformWords};

/// A platform.
pub struct Platform {
    /// Its name in routes, states, keys, events and forms.
    pub name: &'static str,
    /// What a merchant calls it.
    pub label: &'static str,
    /// How long a state is valid.
    pub state_lifetime: Duration,
    /// What used states are stored under.
    pub flows_of: FlowsOf,
    /// The kind of accounts linked at it.
    pub account: Option<&'static AccountKind>,
    /// The kind of grants that give access to them.
    pub grant: Option<&'static GrantKind>,
    /// The headers of its answers that we read, in lower case. All others are dropped.
    pub headers: &'static [&'static str],
    /// Its metrics.
    pub metrics: PlatformMetrics,
    /// The words about signing in to it.
    pub words: &'static InEachLanguage<PlatformWords>,
}

/// What a platform's used states are stored under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowsOf {
    /// The store's domain. They outlive the identity, or else they would be valid again.
    Store,
    /// The identity, with which they are deleted: no session is left that could end such a flow.
    Identity,
}

/// A kind of accounts.
pub struct AccountKind {
    /// Its platform, in events and forms.
    pub platform: &'static Platform,
    /// The kind of grant that an account rests on.
    pub grant: &'static GrantKind,
    /// An account is stored at `KEY#ID`, under its identity and for its owner.
    pub key: &'static str,
    /// The name of its id in requests and replies.
    pub id: &'static str,
    /// The name of its list in replies.
    pub list: &'static str,
    /// The attribute name its token is sealed with.
    pub sealed: &'static str,
    /// Its token is its grant's, which is kept once: with the grant.
    pub borrows_token: bool,
    /// It must be registered with a PIN before its messages arrive.
    pub registers: bool,
    /// The entry's field for the other way people know an account, if there is one.
    pub display: Option<&'static str>,
    /// The kind of job that ends the delivery of its messages.
    pub job: &'static str,
    /// Whether a text is such an id. It must be safe in a path.
    pub is_id: fn(&str) -> bool,
    /// What comes with such an account, and always follows it.
    pub companion: Option<&'static CompanionKind>,
    /// Where the merchant chooses which app gets an account's conversations first, if there is such
    /// a setting.
    pub conversation_routing: Option<&'static str>,
    /// The public page and message link of the account with this id and name.
    pub public_links: fn(&str, &str) -> PublicLinks,
    /// The words about them.
    pub words: &'static InEachLanguage<AccountWords>,
}

/// An account's public page and message link. None if the platform has no such address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicLinks {
    /// Its own page.
    pub page: Option<String>,
    /// Opens a conversation with it.
    pub message: Option<String>,
}

/// A kind of companion, without a token or a grant of its own: it belongs to an account, or
/// contains it and others of its kind.
pub struct CompanionKind {
    /// A companion is stored at `KEY#ID`, once for each account it comes with.
    pub key: &'static str,
    /// The name of its id in requests, if it can be looked up.
    pub id: Option<&'static str>,
    /// An account can't exist without it, and messages name it: they end with its last account.
    pub is_essential: bool,
    /// The kind of job that asks the platform to confirm what it said about one, if it sends such
    /// notifications.
    pub doubt: Option<&'static str>,
    /// What a merchant calls it.
    pub label: &'static str,
    /// The field in the entry of its account; there it has an `id` and a name, or is only its id.
    pub entry: &'static str,
    /// The field of its name there, if it has one.
    pub name: Option<&'static str>,
    /// The permissions it needs. Without them there is no companion, but nothing else is missing.
    pub scopes: &'static [&'static str],
    /// The permissions that are granted per companion id.
    pub targets: &'static [&'static str],
    /// Whether a text is such an id.
    pub is_id: fn(&str) -> bool,
}

impl CompanionKind {
    /// Whether it is enabled: all its permissions are requested.
    #[must_use]
    pub fn is_on(&self, scopes: &[String]) -> bool {
        self.scopes.iter().all(|scope| scopes.iter().any(|known| known == scope))
    }
}

/// A kind of grants.
pub struct GrantKind {
    /// Whose it is.
    pub platform: &'static Platform,
    /// A grant is stored at `KEY#ID`, under its identity.
    pub key: &'static str,
    /// The attribute name its token is sealed with.
    pub sealed: &'static str,
    /// The kind of job that revokes it.
    pub job: &'static str,
    /// Whether a text is such an id.
    pub is_id: fn(&str) -> bool,
    /// Whether a grant with this `kind` may be revoked from here.
    pub is_revocable: fn(&str) -> bool,
    /// It is revoked with its last account, however that ends: it has no other use.
    pub ends_with_accounts: bool,
}

/// Names are unique, and sufficient.
macro_rules! named {
    ($($of:ident by $name:ident),*) => {$(
        impl PartialEq for $of {
            fn eq(&self, other: &Self) -> bool {
                self.$name == other.$name
            }
        }

        impl Eq for $of {}

        impl fmt::Debug for $of {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.$name)
            }
        }
    )*};
}

named! { Platform by name, AccountKind by key, CompanionKind by key, GrantKind by key }
