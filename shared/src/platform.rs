//! A platform, as the neutral code knows it. Its value stands in the platform's own folder under [`crate::providers`],
//! and on the one list in `providers.rs`.
//!
//! A merchant *grants* access, and the *accounts* that the grant opens are linked to an identity: a person's
//! grant opens Pages. A platform whose accounts are the stores themselves has neither: a store is the identity's root.

mod id;
pub mod words;

pub use id::{AccountId, GrantId, Subject};

use std::{fmt, time::Duration};

use crate::{Secret, metrics::PlatformMetrics};

use words::{AccountWords, InEachLanguage, PlatformWords};

/// A platform.
pub struct Platform {
    /// Its name in routes, states, keys, events and forms.
    pub name: &'static str,
    /// What a merchant calls it.
    pub label: &'static str,
    /// How long a state is good for.
    pub state_lifetime: Duration,
    /// Whose used states they are.
    pub flows_of: FlowsOf,
    /// What is linked at it, besides stores.
    pub account: Option<&'static AccountKind>,
    /// Who gives access to that.
    pub grant: Option<&'static GrantKind>,
    /// The headers of its answers that somebody reads, in lower case. All others are dropped.
    pub headers: &'static [&'static str],
    /// What is measured of it.
    pub metrics: PlatformMetrics,
    /// What is said about signing in at it.
    pub words: &'static InEachLanguage<PlatformWords>,
}

/// What the used states of a platform lie under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowsOf {
    /// The store's domain. They outlive the identity, or else they would be good once more.
    Store,
    /// The identity, and they go with it: no session is left that could end such a flow.
    Identity,
}

/// A kind of accounts.
pub struct AccountKind {
    /// Whose it is, in events and forms.
    pub platform: &'static Platform,
    /// What an account rests on.
    pub grant: &'static GrantKind,
    /// An account lies at `KEY#ID`, under its identity and for its owner.
    pub key: &'static str,
    /// What its id is called in requests and replies.
    pub id: &'static str,
    /// The list in which it is told.
    pub list: &'static str,
    /// What its token is sealed as.
    pub sealed: &'static str,
    /// The kind of job that ends the delivery of its messages.
    pub job: &'static str,
    /// Whether a text is such an id. One may stand in a path.
    pub is_id: fn(&str) -> bool,
    /// Fields of its entry for the bot of which nothing is known here.
    pub unknown: &'static [&'static str],
    /// Whether who granted an account may move it here from another identity.
    pub may_move: fn(&GrantedAccount) -> bool,
    /// Where the merchant says which app an account's conversations go to first, if that can be said anywhere.
    pub conversation_routing: Option<&'static str>,
    /// What is said about them.
    pub words: &'static InEachLanguage<AccountWords>,
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
}

/// An account as its grant shows it.
#[derive(Debug)]
pub struct GrantedAccount {
    /// The id: the key of an account, never its token or name.
    pub id: AccountId,
    /// The name, at most 255 characters.
    pub name: String,
    /// What the one who granted it may do on it.
    pub tasks: Vec<String>,
    /// What kind of account it is.
    pub category: Option<String>,
    /// The token for it; none when the tasks do not suffice.
    pub access_token: Option<Secret>,
}

/// A list of platforms.
#[derive(Clone, Copy)]
pub struct Platforms(pub &'static [&'static Platform]);

impl Platforms {
    /// The one of this name.
    #[must_use]
    pub fn named(self, name: &str) -> Option<&'static Platform> {
        self.0.iter().copied().find(|platform| platform.name == name)
    }

    /// Each kind of accounts.
    pub fn accounts(self) -> impl Iterator<Item = &'static AccountKind> {
        self.0.iter().filter_map(|platform| platform.account)
    }

    /// Each kind of grants.
    pub fn grants(self) -> impl Iterator<Item = &'static GrantKind> {
        self.0.iter().filter_map(|platform| platform.grant)
    }

    /// The account that lies here: `KEY#ID`.
    #[must_use]
    pub fn account_at(self, place: &str) -> Option<AccountId> {
        let (key, id) = place.split_once('#')?;
        AccountId::parse(self.accounts().find(|kind| kind.key == key)?, id)
    }

    /// The grant that lies here: `KEY#ID`.
    #[must_use]
    pub fn grant_at(self, place: &str) -> Option<GrantId> {
        let (key, id) = place.split_once('#')?;
        GrantId::parse(self.grants().find(|kind| kind.key == key)?, id)
    }
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

named! { Platform by name, AccountKind by key, GrantKind by key }

impl fmt::Debug for Platforms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
