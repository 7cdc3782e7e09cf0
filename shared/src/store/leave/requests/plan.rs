//! What of an identity goes with who leaves: only what rests on that grant, and only what was
//! linked before.

use crate::providers::facebook::signed_request::Subject;
use crate::store::records::{AsRead, Everything, Page, Person};

use super::super::super::records::attributes::{LINKED_AT, LINKED_MS};
use super::{Asked, PrivacyRequest};

/// What goes, as it was read.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// The Pages.
    pub(super) pages: Vec<&'a Page>,
    /// The person's own item.
    pub(super) person: Option<&'a Person>,
    /// Pages that stay when that item goes, or that it left behind, and that the index would not
    /// find without it.
    pub(super) unmarked: Vec<&'a Page>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(request: &PrivacyRequest, subject: &Subject, all: &'a Everything) -> Self {
        let rests_on_it = |page: &Page| match subject {
            Subject::Person(person) => page.is_granted_by(person),
            // Data deletion is a person's; a Page takes its own token with it, and nothing else.
            Subject::Page(id) => request.asked == Asked::Deauthorize && page.id == *id,
            Subject::Nobody => false,
        };
        let goes =
            |page: &&Page| request.came_after(&page.as_read) && rests_on_it(page) && (request.asked == Asked::Deletion || page.rests());
        let mut plan = Self { pages: all.pages.iter().filter(goes).collect(), ..Self::default() };
        if let Subject::Person(person) = subject {
            let own = all.person(person);
            plan.person = own.filter(|own| request.came_after(&own.as_read));
            if own.is_none() || plan.person.is_some() {
                let stays = |page: &&Page| page.is_unmarked(person) && !plan.pages.iter().any(|going| going.id == page.id);
                plan.unmarked = all.pages.iter().filter(stays).collect();
            }
        }
        plan
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.person.is_none() && self.unmarked.is_empty()
    }
}

impl PrivacyRequest {
    /// Whether a record was linked before this request. Facebook's time has whole seconds, so that
    /// second counts as before; what was linked after the request had come for the first time is
    /// spared whatever that time says, so that a repetition reaches nothing new.
    fn came_after(&self, AsRead(record): &AsRead) -> bool {
        let linked_at = record.get_or_default(&LINKED_AT);
        let linked_ms = record.get(&LINKED_MS).unwrap_or_else(|| linked_at.saturating_mul(1000));
        linked_at <= self.issued_at && linked_ms <= self.received_ms
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        providers::facebook::pages::PageId,
        store::{
            records::{
                Status,
                attributes::{GRANTED_BY, STATUS},
            },
            table::{Row, SK},
        },
    };

    fn request(asked: Asked) -> PrivacyRequest {
        PrivacyRequest {
            code: Uuid::nil(),
            asked,
            received_at: 1000,
            done_at: None,
            records: 0,
            settled: false,
            subject: None,
            issued_at: 1000,
            received_ms: 1_000_500,
            audited: 0,
        }
    }

    fn linked(sk: &str, granted_by: &str, linked_at: u64, linked_ms: u64) -> Row {
        Row::default()
            .with(&SK, sk)
            .with(&GRANTED_BY, granted_by)
            .with(&STATUS, Status::Active)
            .with(&LINKED_AT, linked_at)
            .with(&LINKED_MS, linked_ms)
    }

    fn ids(asked: Asked, subject: &Subject, rows: &[Row]) -> (Vec<String>, bool) {
        let all = Everything::read(Uuid::nil(), rows);
        let plan = Plan::of(&request(asked), subject, &all);
        (plan.pages.iter().map(|page| page.id.to_string()).collect(), plan.person.is_some())
    }

    #[test]
    fn a_plan_is_empty_without_pages_and_person() {
        let jo = Subject::Person("7".to_owned());
        let (page, person) = (linked("page#1", "7", 1, 1), linked("person#7", "", 1, 1));
        for (rows, is_empty) in [(vec![], true), (vec![page.clone()], false), (vec![person.clone()], false), (vec![page, person], false)] {
            let all = Everything::read(Uuid::nil(), &rows);
            assert_eq!(Plan::of(&request(Asked::Deletion), &jo, &all).is_empty(), is_empty);
        }
    }

    #[test]
    fn what_was_linked_later_is_spared() {
        let jo = Subject::Person("7".to_owned());
        for (linked_at, linked_ms, goes) in
            [(999, 999_999, true), (1000, 1_000_000, true), (1000, 1_000_500, true), (1000, 1_000_501, false), (1001, 1_001_000, false)]
        {
            let rows = [linked("page#1", "7", linked_at, linked_ms), linked("person#7", "", linked_at, linked_ms)];
            for asked in [Asked::Deauthorize, Asked::Deletion] {
                let (pages, person) = ids(asked, &jo, &rows);
                assert_eq!((pages.len(), person), (usize::from(goes), goes), "{linked_at} {linked_ms} {asked:?}");
            }
        }
    }

    #[test]
    fn a_page_takes_its_own_token_and_nobody_takes_nothing() {
        let rows = [linked("page#1", "7", 1, 1), linked("page#2", "7", 1, 1), linked("person#7", "", 1, 1), linked("person#0", "", 1, 1)];
        let page = Subject::Page(PageId::parse("1").unwrap());
        assert_eq!(ids(Asked::Deauthorize, &page, &rows), (vec!["1".to_owned()], false));
        assert_eq!(ids(Asked::Deletion, &page, &rows), (Vec::new(), false));
        for asked in [Asked::Deauthorize, Asked::Deletion] {
            assert_eq!(ids(asked, &Subject::Nobody, &rows), (Vec::new(), false));
            assert_eq!(ids(asked, &Subject::Person("8".to_owned()), &rows), (Vec::new(), false));
        }
    }

    #[test]
    fn a_page_that_moved_away_has_nothing_to_lose_but_its_note() {
        let rows = [linked("page#1", "7", 1, 1).with(&STATUS, Status::Moved)];
        let jo = Subject::Person("7".to_owned());
        assert_eq!(ids(Asked::Deauthorize, &jo, &rows).0.len(), 0);
        assert_eq!(ids(Asked::Deletion, &jo, &rows).0.len(), 1);
    }
}
