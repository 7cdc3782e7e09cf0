//! What a disconnect did, as it is kept in the session for the list that is shown next.

use crate::facts::notice::Notice;

use super::super::{
    Item,
    item::{self, n, s},
};

/// So long, in milliseconds, it is worth telling.
const WORTH_TELLING: u64 = 10 * 60 * 1000;

impl Notice {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::notice::{Permission, Uninstalled, Unsubscribed};

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
