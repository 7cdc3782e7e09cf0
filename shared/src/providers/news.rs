//! A platform's own notifications about all accounts with one companion. They come in any order,
//! twice, and days late.

use crate::{UnixSeconds, facts::Unready, platform::CompanionId, words::words};

words! {
    /// What to do with accounts whose link has ended.
    enum End {
        /// They are not linked any more.
        Gone = "gone",
        /// Their merchant must link them again.
        NeedsLink = "needs_link",
    }
}

/// Notification that the link of all accounts with this companion has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Their companion.
    pub companion: CompanionId,
    /// What to do with them.
    pub end: End,
    /// Why, as a word.
    pub reason: String,
    /// When. It does not concern links made in that second or later.
    pub at: UnixSeconds,
}

/// The state of such accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Their companion.
    pub companion: CompanionId,
    /// Why their messages may no longer arrive; none if that is over.
    pub unready: Option<Unready>,
    /// In how many seconds to check them, if that can't wait.
    pub look_within: Option<u64>,
    /// When. It does not concern later links, or accounts checked since.
    pub at: UnixSeconds,
}
