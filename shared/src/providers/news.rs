//! A platform's unsolicited reports about accounts: about all that share a companion. Reports come
//! in any order, twice, and days late.

use crate::{UnixSeconds, facts::Unready, platform::CompanionId, words::words};

words! {
    /// What happens to accounts whose link has ended.
    enum End {
        /// They are not linked any more.
        Gone = "gone",
        /// Only their merchant can link them again.
        NeedsLink = "needs_link",
    }
}

/// What a delivery says about accounts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Updates {
    /// Links reported as ended.
    pub removals: Vec<Removal>,
    /// How accounts fare.
    pub news: Vec<News>,
}

impl Updates {
    /// Whether it says nothing.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.removals.is_empty() && self.news.is_empty()
    }
}

/// The link of all accounts with this companion has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Their companion.
    pub companion: CompanionId,
    /// What happens to them.
    pub end: End,
    /// Why, as a word.
    pub reason: String,
    /// When. Accounts linked in that second or later are not affected.
    pub at: UnixSeconds,
}

/// How such accounts fare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Their companion.
    pub companion: CompanionId,
    /// Why their messages may no longer arrive; none if that is over.
    pub unready: Option<Unready>,
    /// Within how many seconds to check them, if that can't wait.
    pub look_within: Option<u64>,
    /// When. Accounts linked later, or checked since, are not affected.
    pub at: UnixSeconds,
}
