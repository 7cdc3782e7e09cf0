//! What a platform says of accounts by itself: of all at once that come with something. Such words
//! come in any order, twice, and days late.

use crate::{UnixSeconds, facts::Unready, platform::CompanionId, words::words};

words! {
    /// What becomes of accounts whose link has ended.
    enum End {
        /// They are not linked any more.
        Gone = "gone",
        /// Only their merchant can link them again.
        NeedsLink = "needs_link",
    }
}

/// What was said at once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Updates {
    /// Which links are said to have ended.
    pub removals: Vec<Removal>,
    /// How accounts fare.
    pub news: Vec<News>,
}

impl Updates {
    /// Whether nothing was said.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.removals.is_empty() && self.news.is_empty()
    }
}

/// That the link of all accounts has ended that come with something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// What they come with.
    pub companion: CompanionId,
    /// What becomes of them.
    pub end: End,
    /// Why, as a word.
    pub reason: String,
    /// When. What was linked in that second or after it is not meant.
    pub at: UnixSeconds,
}

/// How such accounts fare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What they come with.
    pub companion: CompanionId,
    /// Why their messages may not arrive any more; none where that is over.
    pub unready: Option<Unready>,
    /// In how many seconds somebody is to look how they are, if that can't wait.
    pub look_within: Option<u64>,
    /// When. The same holds for what was linked later, and for what was looked at since.
    pub at: UnixSeconds,
}
