//! Accounts and grants: their ids, each with its kind.

use std::{borrow::Cow, cmp::Ordering, fmt};

use serde_json::{Value, json};

use crate::Secret;

use super::kind::{AccountKind, CompanionKind, GrantKind};

/// Declares a type of ids of one kind.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident of $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name {
            kind: &'static $kind,
            id: String,
        }

        impl $name {
            /// Reads an id; none if it is not one of this kind.
            #[must_use]
            pub fn parse(kind: &'static $kind, id: &str) -> Option<Self> {
                (kind.is_id)(id).then(|| Self { kind, id: id.to_owned() })
            }

            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> &'static $kind {
                self.kind
            }

            /// The id alone.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.id
            }

            /// Its range key under its identity: `KEY#ID`.
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
    /// Identifies an account. Ordered by id.
    AccountId of AccountKind;
    /// Identifies a grant, by its giver.
    GrantId of GrantKind;
    /// Identifies an account's companion.
    CompanionId of CompanionKind;
}

impl GrantId {
    /// Its key in the index over grants: `PLATFORM#ID`.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{}#{}", self.kind.platform.name, self.id)
    }
}

/// Whom a provider's request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The giver of a grant.
    Grant(GrantId),
    /// An account by itself.
    Account(AccountId),
    /// Nobody.
    Nobody,
}

/// What a message was sent to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Addressee {
    /// An account.
    Account(AccountId),
    /// An account's companion.
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

    /// The id alone.
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
    /// The id: the key of an account, never its token or name.
    pub id: AccountId,
    /// The name, at most 255 characters.
    pub name: String,
    /// The tasks of the person who granted it.
    pub tasks: Vec<String>,
    /// Its giver may move it here from another identity.
    pub may_move: bool,
    /// What kind of account it is.
    pub category: Option<String>,
    /// Another way people know it, such as its number, at most 255 characters.
    pub display: Option<String>,
    /// The token for it; none if the tasks are insufficient.
    pub access_token: Option<Secret>,
    /// What comes with it.
    pub companion: Option<Companion>,
}

impl GrantedAccount {
    /// A one-line label for people. The distinguishing part comes first: a long name is cut.
    #[must_use]
    pub fn told(&self) -> Cow<'_, str> {
        match &self.display {
            Some(display) if *display != self.name => format!("{display} ({})", self.name).into(),
            _ => (&self.name).into(),
        }
    }
}

/// What comes with an account, and always follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// The id.
    pub id: CompanionId,
    /// The name, at most 255 characters, if it is known.
    pub name: Option<String>,
}

impl Companion {
    /// Its form in the entry of its account, for programs.
    #[must_use]
    pub fn entry(&self) -> Value {
        match self.id.kind().name {
            Some(name) => json!({ "id": self.id.as_str(), name: self.name }),
            None => json!(self.id.as_str()),
        }
    }
}
