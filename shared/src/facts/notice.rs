//! What a form on the list did. It has no names or ids: the list itself shows what is left.

use crate::{
    platform::{AccountKind, Platforms},
    words::words,
};

/// What a form on the list did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An account was disconnected.
    Account {
        /// The kind of account.
        kind: &'static AccountKind,
        /// What happened to its subscription.
        unsubscribed: Unsubscribed,
        /// What happened to its grant.
        permission: Permission,
    },
    /// An account was registered with a PIN that its merchant gave.
    Registered {
        /// The kind of account.
        kind: &'static AccountKind,
        /// The outcome.
        registered: Registered,
    },
    /// The note of an account that moved away was deleted.
    Note,
    /// The store was disconnected.
    Store {
        /// What happened to the app in the store.
        uninstalled: Uninstalled,
    },
}

words! {
    /// What happened to an account's subscription.
    enum Unsubscribed {
        /// Its messages no longer come here.
        Done = "done",
        /// To be retried, without the merchant.
        Later = "later",
        /// There was no token to authorize it.
        NotPossible = "not_possible",
    }

    /// What happened to the grant.
    enum Permission {
        /// It was revoked.
        Revoked = "revoked",
        /// Something else rests on it, or it can't be revoked here.
        Kept = "kept",
        /// To be retried, without the merchant.
        Later = "later",
        /// There was no token to authorize it; the grantor can revoke it at the platform.
        NotPossible = "not_possible",
    }

    /// The outcome of registering an account with a PIN.
    enum Registered {
        /// Its messages arrive.
        Done = "registered",
        /// The platform rejected this PIN.
        Refused = "pin_refused",
        /// It was not tried, or not completed.
        Later = "pin_later",
    }

    /// What happened to the app in the store.
    enum Uninstalled {
        /// It was removed.
        Done = "done",
        /// It may still be there; the merchant can remove it in the admin.
        Failed = "failed",
        /// The merchant wanted it to stay.
        NotAsked = "not_asked",
    }
}

impl Notice {
    /// The words it is stored as.
    pub(crate) fn words(self) -> [&'static str; 3] {
        match self {
            Self::Account { kind, unsubscribed, permission } => [kind.key, unsubscribed.as_str(), permission.as_str()],
            Self::Registered { kind, registered } => [kind.key, registered.as_str(), ""],
            Self::Note => ["note", "", ""],
            Self::Store { uninstalled } => ["store", uninstalled.as_str(), ""],
        }
    }

    /// Parses them; none if this version does not know them.
    pub(crate) fn parse(text: &str, platforms: Platforms) -> Option<Self> {
        let mut words = text.split(' ');
        let about = words.next()?;
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match about {
            "note" => Some(Self::Note),
            "store" => Some(Self::Store { uninstalled: Uninstalled::parse(first)? }),
            key => {
                let kind = platforms.accounts().find(|kind| kind.key == key)?;
                if let Some(registered) = Registered::parse(first) {
                    return Some(Self::Registered { kind, registered });
                }
                Some(Self::Account { kind, unsubscribed: Unsubscribed::parse(first)?, permission: Permission::parse(second)? })
            }
        }
    }
}
