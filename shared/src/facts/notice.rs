//! What a form on the list did. No names and no ids: the list itself shows what is left.

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
        /// What became of its subscription.
        unsubscribed: Unsubscribed,
        /// What became of the grant that it rested on.
        permission: Permission,
    },
    /// An account was to be registered with a PIN that its merchant gave.
    Registered {
        /// What kind of account.
        kind: &'static AccountKind,
        /// What came of it.
        registered: Registered,
    },
    /// The note of an account that moved away was removed from the list.
    Note,
    /// The store was disconnected.
    Store {
        /// What became of the app in the store.
        uninstalled: Uninstalled,
    },
}

words! {
    /// What became of an account's subscription.
    enum Unsubscribed {
        /// Its messages come here no more.
        Done = "done",
        /// That is tried again, without the merchant.
        Later = "later",
        /// There was no token with which it could be asked.
        NotPossible = "not_possible",
    }

    /// What became of the grant.
    enum Permission {
        /// It was taken back.
        Revoked = "revoked",
        /// Something else rests on it, or it is not to be given back from here.
        Kept = "kept",
        /// That is tried again, without the merchant.
        Later = "later",
        /// There was no token with which it could be asked; who gave it can take it back at the
        /// platform.
        NotPossible = "not_possible",
    }

    /// What came of registering an account with a PIN.
    enum Registered {
        /// Its messages arrive.
        Done = "registered",
        /// The platform does not take this PIN.
        Refused = "pin_refused",
        /// It was not tried, or not to its end.
        Later = "pin_later",
    }

    /// What became of the app in the store.
    enum Uninstalled {
        /// It was removed.
        Done = "done",
        /// It is not known to be removed; the merchant can do it in the admin.
        Failed = "failed",
        /// The merchant wanted it to stay.
        NotAsked = "not_asked",
    }
}

impl Notice {
    /// The words that it is stored as.
    pub(crate) fn words(self) -> [&'static str; 3] {
        match self {
            Self::Account { kind, unsubscribed, permission } => [kind.key, unsubscribed.as_str(), permission.as_str()],
            Self::Registered { kind, registered } => [kind.key, registered.as_str(), ""],
            Self::Note => ["note", "", ""],
            Self::Store { uninstalled } => ["store", uninstalled.as_str(), ""],
        }
    }

    /// What they say, if this version knows them.
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
