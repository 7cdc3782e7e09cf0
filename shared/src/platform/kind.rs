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
    /// What is measured of it.
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
    /// What its token is sealed as.
    pub sealed: &'static str,
    /// Its token is its grant's, which is kept once: with the grant.
    pub borrows_token: bool,
    /// It has to be registered with a PIN before its messages arrive.
    pub registers: bool,
    /// What it is called in entries how people know an account besides by its name, if they do.
    pub display: Option<&'static str>,
    /// The kind of job that ends the delivery of its messages.
    pub job: &'static str,
    /// Whether a text is such an id. One may stand in a path.
    pub is_id: fn(&str) -> bool,
    /// What comes with such an account, and follows it in everything.
    pub companion: Option<&'static CompanionKind>,
    /// Where the merchant says which app an account's conversations go to first, if that can be
    /// said anywhere.
    pub conversation_routing: Option<&'static str>,
    /// Where everybody sees the account of this id and name, and writes to it.
    pub public_links: fn(&str, &str) -> PublicLinks,
    /// What is said about them.
    pub words: &'static InEachLanguage<AccountWords>,
}

/// Where everybody sees an account, and writes to it. None where the platform has no such address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicLinks {
    /// Its own page.
    pub page: Option<String>,
    /// Opens a conversation with it.
    pub message: Option<String>,
}

/// A kind of what comes with an account, without a token or a grant of its own: it hangs on it, or
/// is what holds it and others of its kind.
pub struct CompanionKind {
    /// A companion lies at `KEY#ID`, once for each account that it comes with.
    pub key: &'static str,
    /// What its id is called in requests, where something is asked for by it.
    pub id: Option<&'static str>,
    /// An account can't be without it, and its messages come by it: they end with its last account.
    pub is_essential: bool,
    /// The kind of job that asks the platform about what it said of all that comes with one, where
    /// it says such things.
    pub doubt: Option<&'static str>,
    /// What a merchant calls it.
    pub label: &'static str,
    /// What it is called in the entry of its account; there it has an `id` and a name, or is its id
    /// alone.
    pub entry: &'static str,
    /// What its name is called there, if it has one.
    pub name: Option<&'static str>,
    /// The permissions that it takes. Without them there is none, and nothing else is missing.
    pub scopes: &'static [&'static str],
    /// Those that are granted for such ones by their ids.
    pub targets: &'static [&'static str],
    /// Whether a text is such an id.
    pub is_id: fn(&str) -> bool,
}

impl CompanionKind {
    /// Whether it is wanted: with each of its permissions.
    #[must_use]
    pub fn is_on(&self, scopes: &[String]) -> bool {
        self.scopes.iter().all(|scope| scopes.iter().any(|known| known == scope))
    }
}

/// A kind of grants.
pub struct GrantKind {
    /// Whose it is.
    pub platform: &'static Platform,
    /// A grant lies at `KEY#ID`, under its identity.
    pub key: &'static str,
    /// What its token is sealed as.
    pub sealed: &'static str,
    /// The kind of job that takes it back.
    pub job: &'static str,
    /// Whether a text is such an id.
    pub is_id: fn(&str) -> bool,
    /// Whether a grant of this `kind` of its own may be taken back from here.
    pub is_revocable: fn(&str) -> bool,
    /// It is taken back with its last account, however that ends: it is of use for nothing else.
    pub ends_with_accounts: bool,
}

/// Names are unique, and tell all.
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
