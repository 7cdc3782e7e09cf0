//! What a platform is, and its kinds of accounts and grants.

use std::{fmt, time::Duration};

use crate::metrics::PlatformMetrics;

use super::words::{AccountWords, InEachLanguage, PlatformWords};

/// A platform.
pub struct Platform {
    /// Its name in routes, states, keys, events and forms.
    pub name: &'static str,
    /// Its name for merchants.
    pub label: &'static str,
    /// How long a state is valid.
    pub state_lifetime: Duration,
    /// Whose used states they are.
    pub flows_of: FlowsOf,
    /// The kind of account linked there, other than stores.
    pub account: Option<&'static AccountKind>,
    /// The kind of grant that gives access to them.
    pub grant: Option<&'static GrantKind>,
    /// The headers of its answers that we read, in lower case. All others are dropped.
    pub headers: &'static [&'static str],
    /// Its metrics.
    pub metrics: PlatformMetrics,
    /// The words about signing in there.
    pub words: &'static InEachLanguage<PlatformWords>,
}

/// What a platform's used states are stored under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowsOf {
    /// The store's domain. They outlive the identity, or they could be used again.
    Store,
    /// The identity. They are erased with it: no session is left that could end such a flow.
    Identity,
}

/// A kind of account.
pub struct AccountKind {
    /// Its platform, in events and forms.
    pub platform: &'static Platform,
    /// The kind of grant that it rests on.
    pub grant: &'static GrantKind,
    /// An account is stored at `KEY#ID`, under its identity and for its owner.
    pub key: &'static str,
    /// The name of its id in requests and replies.
    pub id: &'static str,
    /// The list it appears in.
    pub list: &'static str,
    /// The name under which its token is sealed.
    pub sealed: &'static str,
    /// It uses its grant's token, which is stored once, with the grant.
    pub borrows_token: bool,
    /// It has to be registered with a PIN before its messages arrive.
    pub registers: bool,
    /// The name, in entries, of how people know an account other than by its name, if they do.
    pub display: Option<&'static str>,
    /// The kind of job that ends the delivery of its messages.
    pub job: &'static str,
    /// Whether a text is such an id. It must be safe in a path.
    pub is_id: fn(&str) -> bool,
    /// Its kind of companion.
    pub companion: Option<&'static CompanionKind>,
    /// Where the merchant chooses which app gets an account's conversations first, if there is such
    /// a place.
    pub conversation_routing: Option<&'static str>,
    /// The public page of the account with this id and name, and the link to write to it.
    pub public_links: fn(&str, &str) -> PublicLinks,
    /// The words about them.
    pub words: &'static InEachLanguage<AccountWords>,
}

/// An account's public page and link for messages. None if the platform has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicLinks {
    /// Its own page.
    pub page: Option<String>,
    /// Opens a conversation with it.
    pub message: Option<String>,
}

/// A kind of companion, without a token or grant of its own: it is attached to an account, or
/// contains it and others of its kind.
pub struct CompanionKind {
    /// A companion is stored at `KEY#ID`, once per account that it comes with.
    pub key: &'static str,
    /// The name of its id in requests, if it can be asked for.
    pub id: Option<&'static str>,
    /// An account can't exist without it, and its messages come through it; they end with its last
    /// account.
    pub is_essential: bool,
    /// The kind of job that asks the platform about its reports on all accounts of a companion, if
    /// it makes such reports.
    pub doubt: Option<&'static str>,
    /// Its name for merchants.
    pub label: &'static str,
    /// Its name in the entry of its account, where it has an `id` and a name or is just its id.
    pub entry: &'static str,
    /// The name of its name there, if it has one.
    pub name: Option<&'static str>,
    /// The permissions that it requires. Without them there is none, and nothing else is missing.
    pub scopes: &'static [&'static str],
    /// Those granted for individual companions by id.
    pub targets: &'static [&'static str],
    /// Whether a text is such an id.
    pub is_id: fn(&str) -> bool,
}

impl CompanionKind {
    /// Whether it is enabled, which requires each of its permissions.
    #[must_use]
    pub fn is_on(&self, scopes: &[String]) -> bool {
        self.scopes.iter().all(|scope| scopes.iter().any(|known| known == scope))
    }
}

/// A kind of grant.
pub struct GrantKind {
    /// Its platform.
    pub platform: &'static Platform,
    /// A grant is stored at `KEY#ID`, under its identity.
    pub key: &'static str,
    /// The name under which its token is sealed.
    pub sealed: &'static str,
    /// The kind of job that revokes it.
    pub job: &'static str,
    /// Whether a text is such an id.
    pub is_id: fn(&str) -> bool,
    /// Whether a grant with this `kind` may be revoked from here.
    pub is_revocable: fn(&str) -> bool,
    /// It is revoked with its last account, however that ends, because it serves no other purpose.
    pub ends_with_accounts: bool,
}

/// Compares, hashes and prints by name, which is unique.
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
