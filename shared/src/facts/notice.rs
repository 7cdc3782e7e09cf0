//! What a disconnect did. No names and no ids: the list itself shows what is left.

/// What a disconnect did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A Page was disconnected.
    Page {
        /// What became of its subscription.
        unsubscribed: Unsubscribed,
        /// What became of the grant that it rested on.
        permission: Permission,
    },
    /// The note of a Page that moved away was removed from the list.
    Note,
    /// The store was disconnected.
    Store {
        /// What became of the app in the store.
        uninstalled: Uninstalled,
    },
}

/// What became of a Page's subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsubscribed {
    /// Its messages come here no more.
    Done,
    /// That is tried again, without the merchant.
    Later,
    /// There was no token with which it could be asked.
    NotPossible,
}

/// What became of the permission that a person gave at Facebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// It was taken back.
    Revoked,
    /// Something else rests on it, or it is not a person's.
    Kept,
    /// That is tried again, without the merchant.
    Later,
    /// There was no token with which it could be asked; the person can do it at Facebook.
    NotPossible,
}

/// What became of the app in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uninstalled {
    /// It was removed.
    Done,
    /// It is not known to be removed; the merchant can do it in the admin.
    Failed,
    /// The merchant wanted it to stay.
    NotAsked,
}

impl Notice {
    /// The words that it is stored as.
    pub(crate) fn words(self) -> [&'static str; 3] {
        match self {
            Self::Page { unsubscribed, permission } => ["page", unsubscribed.as_str(), permission.as_str()],
            Self::Note => ["note", "", ""],
            Self::Store { uninstalled } => ["store", uninstalled.as_str(), ""],
        }
    }

    /// What they say, if this version knows them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let kind = words.next()?;
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match kind {
            "page" => Some(Self::Page {
                unsubscribed: Unsubscribed::ALL.into_iter().find(|word| word.as_str() == first)?,
                permission: Permission::ALL.into_iter().find(|word| word.as_str() == second)?,
            }),
            "note" => Some(Self::Note),
            "store" => Some(Self::Store { uninstalled: Uninstalled::ALL.into_iter().find(|word| word.as_str() == first)? }),
            _ => None,
        }
    }
}

impl Unsubscribed {
    /// Every one there is.
    pub const ALL: [Self; 3] = [Self::Done, Self::Later, Self::NotPossible];

    /// As a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Later => "later",
            Self::NotPossible => "not_possible",
        }
    }
}

impl Permission {
    /// Every one there is.
    pub const ALL: [Self; 4] = [Self::Revoked, Self::Kept, Self::Later, Self::NotPossible];

    /// As a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Kept => "kept",
            Self::Later => "later",
            Self::NotPossible => "not_possible",
        }
    }
}

impl Uninstalled {
    /// Every one there is.
    pub const ALL: [Self; 3] = [Self::Done, Self::Failed, Self::NotAsked];

    /// As a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::NotAsked => "not_asked",
        }
    }
}
