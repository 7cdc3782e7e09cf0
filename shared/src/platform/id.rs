//! Ids of accounts and grants, each with its kind.

use std::{borrow::Cow, cmp::Ordering, fmt};

use serde_json::{Value, json};

use crate::Secret;

use super::kind::{AccountKind, CompanionKind, GrantKind};

/// Declares a type of ids with a kind.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident of $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name {
            kind: &'static $kind,
            id: String,
        }

        impl $name {
            /// Parses an id; none if it is invalid for this kind.
            #[must_use]
            pub fn parse(kind: &'static $kind, id: &str) -> Option<Self> {
                (kind.is_id)(id).then(|| Self { kind, id: id.to_owned() })
            }

            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> &'static $kind {
                self.kind
            }

            /// The bare id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.id
            }

            /// Its sort key under its identity: `KEY#ID`.
            #[must_use]
            pub fn place(&self) -> String {
                format!("{}#{}", self.kind.key, self.id)
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                (self.kind.key, &self.id).cmp(&(other.kind.key, &other.id))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.id.hash(state);
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.id)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.place())
            }
        }
    )*};
}

ids! {
    /// An account. Ordered by id.
    AccountId of AccountKind;
    /// A grant, by its grantor.
    GrantId of GrantKind;
    /// A companion of an account.
    CompanionId of CompanionKind;
}

impl GrantId {
    /// Its key in the index over grants: `PLATFORM#ID`.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{}#{}", self.kind.platform.name, self.id)
    }
}

/// Who a provider's request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A grantor.
    Grant(GrantId),
    /// An account itself.
    Account(AccountId),
    /// Nobody.
    Nobody,
}

/// The recipient of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Addressee {
    /// An account.
    Account(AccountId),
    /// A companion of one.
    Companion(CompanionId),
}

impl Addressee {
    /// Its platform's name in messages.
    #[must_use]
    pub const fn platform(&self) -> &'static str {
        match self {
            Self::Account(id) => id.kind().platform.name,
            Self::Companion(id) => id.kind().key,
        }
    }

    /// The bare id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Account(id) => id.as_str(),
            Self::Companion(id) => id.as_str(),
        }
    }
}

/// An account as its grant shows it.
#[derive(Debug)]
pub struct GrantedAccount {
    /// The id: identifies an account, unlike token or name.
    pub id: AccountId,
    /// The name, at most 255 characters.
    pub name: String,
    /// What the grantor may do with it.
    pub tasks: Vec<String>,
    /// Whether the grantor may move it here from another identity.
    pub may_move: bool,
    /// What kind of account it is.
    pub category: Option<String>,
    /// How people know it, other than by its name, at most 255 characters.
    pub display: Option<String>,
    /// The token for it; none if the tasks are insufficient.
    pub access_token: Option<Secret>,
    /// Its companion.
    pub companion: Option<Companion>,
}

impl GrantedAccount {
    /// What people know it by, on one line. The distinctive part comes first, because long names
    /// are cut.
    #[must_use]
    pub fn told(&self) -> Cow<'_, str> {
        match &self.display {
            Some(display) if *display != self.name => format!("{display} ({})", self.name).into(),
            _ => (&self.name).into(),
        }
    }
}

/// What comes with an account and follows it in everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// The id.
    pub id: CompanionId,
    /// The name, at most 255 characters, if known.
    pub name: Option<String>,
}

impl Companion {
    /// Its form in its account's entry, for programs.
    #[must_use]
    pub fn entry(&self) -> Value {
        match self.id.kind().name {
            Some(name) => json!({ "id": self.id.as_str(), name: self.name }),
            None => json!(self.id.as_str()),
        }
    }
}
