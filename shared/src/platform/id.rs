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
            /// Reads an id; none for what is no id of this kind.
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

            /// Where it lies under its identity: `KEY#ID`.
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
    /// Which account. In the order of their ids.
    AccountId of AccountKind;
    /// Which grant: who gave it.
    GrantId of GrantKind;
    /// Which companion of an account.
    CompanionId of CompanionKind;
}

impl GrantId {
    /// What the index over grants has for it: `PLATFORM#ID`.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{}#{}", self.kind.platform.name, self.id)
    }
}

/// Whom a request of a provider is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Who gave a grant.
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
    /// What hangs on one.
    Companion(CompanionId),
}

impl Addressee {
    /// What its platform is called in messages.
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
    /// What the one who granted it may do on it.
    pub tasks: Vec<String>,
    /// Who granted it may move it here from another identity.
    pub may_move: bool,
    /// What kind of account it is.
    pub category: Option<String>,
    /// How people know it besides by its name, at most 255 characters.
    pub display: Option<String>,
    /// The token for it; none when the tasks do not suffice.
    pub access_token: Option<Secret>,
    /// What comes with it.
    pub companion: Option<Companion>,
}

impl GrantedAccount {
    /// What people know it by where one line has to say it. What is different from each other
    /// account comes first: a long name is cut.
    #[must_use]
    pub fn told(&self) -> Cow<'_, str> {
        match &self.display {
            Some(display) if *display != self.name => format!("{display} ({})", self.name).into(),
            _ => (&self.name).into(),
        }
    }
}

/// What comes with an account, and follows it in everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// The id.
    pub id: CompanionId,
    /// The name, at most 255 characters, if it is known.
    pub name: Option<String>,
}

impl Companion {
    /// As it stands in the entry of its account, for programs.
    #[must_use]
    pub fn entry(&self) -> Value {
        match self.id.kind().name {
            Some(name) => json!({ "id": self.id.as_str(), name: self.name }),
            None => json!(self.id.as_str()),
        }
    }
}
