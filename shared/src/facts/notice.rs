//! The result of a form on the list. No names and no ids: the list itself shows what remains.

use crate::{
    platform::{AccountKind, Platforms},
    words::words,
};

/// What a form on the list did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An account was disconnected.
    Account {
        /// What kind of account.
        kind: &'static AccountKind,
        /// The outcome for its subscription.
        unsubscribed: Unsubscribed,
        /// The outcome for the grant that it rested on.
        permission: Permission,
    },
    /// An account was registered with its merchant's PIN.
    Registered {
        /// What kind of account.
        kind: &'static AccountKind,
        /// The outcome.
        registered: Registered,
    },
    /// The note of an account that moved away was removed from the list.
    Note,
    /// The store was disconnected.
    Store {
        /// The outcome for the app in the store.
        uninstalled: Uninstalled,
    },
}

words! {
    /// What became of an account's subscription.
    enum Unsubscribed {
        /// Its messages no longer come here.
        Done = "done",
        /// That is tried again, without the merchant.
        Later = "later",
        /// There was no token to ask with.
        NotPossible = "not_possible",
    }

    /// What became of the grant.
    enum Permission {
        /// It was taken back.
        Revoked = "revoked",
        /// Something else rests on it, or it must not be revoked from here.
        Kept = "kept",
        /// That is tried again, without the merchant.
        Later = "later",
        /// There was no token to ask with; its giver can revoke it at the platform.
        NotPossible = "not_possible",
    }

    /// What came of registering an account with a PIN.
    enum Registered {
        /// Its messages arrive.
        Done = "registered",
        /// The platform refuses this PIN.
        Refused = "pin_refused",
        /// It was not tried, or not finished.
        Later = "pin_later",
    }

    /// What became of the app in the store.
    enum Uninstalled {
        /// It was removed.
        Done = "done",
        /// Its removal is not confirmed; the merchant can do it in the admin.
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

    /// Parses them, if this version knows them.
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
