//! What a disconnect did, as it is kept in the session for the list that is shown next. No names and no ids: the list itself shows what is left.

use super::super::{
    Item,
    item::{self, n, s},
};

/// So long, in milliseconds, it is worth telling.
const WORTH_TELLING: u64 = 10 * 60 * 1000;

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
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::Page { unsubscribed, permission } => ["page", unsubscribed.as_str(), permission.as_str()],
            Self::Note => ["note", "", ""],
            Self::Store { uninstalled } => ["store", uninstalled.as_str(), ""],
        }
    }

    fn parse(text: &str) -> Option<Self> {
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

    /// The attributes of a session.
    pub(super) fn values(self, at_ms: u64) -> [(&'static str, aws_sdk_dynamodb::types::AttributeValue); 2] {
        [(":notice", s(self.words().join(" ").trim_end())), (":notice_at", n(at_ms))]
    }

    /// The one in a session, while it is worth telling.
    pub(in super::super) fn read(session: &Item, now_ms: u64) -> Option<Self> {
        let at = item::number(session, "notice_at")?;
        let notice = Self::parse(item::text(session, "notice")?);
        notice.filter(|_| now_ms < at.saturating_add(WORTH_TELLING))
    }
}

impl Unsubscribed {
    const ALL: [Self; 3] = [Self::Done, Self::Later, Self::NotPossible];

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
    const ALL: [Self; 4] = [Self::Revoked, Self::Kept, Self::Later, Self::NotPossible];

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
    const ALL: [Self; 3] = [Self::Done, Self::Failed, Self::NotAsked];

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

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<Notice> {
        let pages = Unsubscribed::ALL
            .into_iter()
            .flat_map(|unsubscribed| Permission::ALL.map(|permission| Notice::Page { unsubscribed, permission }));
        pages.chain(Uninstalled::ALL.map(|uninstalled| Notice::Store { uninstalled })).chain([Notice::Note]).collect()
    }

    #[test]
    fn a_notice_is_read_as_it_was_written_and_for_ten_minutes() {
        for notice in every() {
            let written = notice.values(5000).into_iter().map(|(name, value)| (name.trim_start_matches(':').to_owned(), value));
            let session: Item = written.collect();
            assert_eq!(Notice::read(&session, 5000), Some(notice));
            assert_eq!(Notice::read(&session, 5000 + WORTH_TELLING - 1), Some(notice));
            assert_eq!(Notice::read(&session, 5000 + WORTH_TELLING), None);
        }
        assert_eq!(Notice::read(&Item::new(), 0), None);
    }

    #[test]
    fn what_this_version_does_not_know_says_nothing() {
        for text in ["", "page", "page done", "page done lost", "store", "store x", "else", "Page done kept"] {
            assert_eq!(Notice::parse(text), None, "{text}");
        }
    }
}
