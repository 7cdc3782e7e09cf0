use uuid::Uuid;

use super::*;
use crate::{
    providers::{PLATFORMS, facebook},
    store::{
        records::{
            Status,
            attributes::{GRANTED_BY, LINKED_AT, LINKED_MS, STATUS},
            samples::{account_id, grant_id},
        },
        table::{Row, SK},
    },
};

fn request(asked: Asked) -> PrivacyRequest {
    PrivacyRequest {
        code: Uuid::nil(),
        platform: &facebook::PLATFORM,
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
    let all = Everything::read(Uuid::nil(), rows, PLATFORMS);
    let plan = Plan::of(&request(asked), subject, &all);
    (plan.accounts.iter().map(|account| account.id.to_string()).collect(), plan.grant.is_some())
}

#[test]
fn a_plan_is_empty_without_pages_and_person() {
    let jo = Subject::Grant(grant_id("7"));
    let (account, grant) = (linked("page#1", "7", 1, 1), linked("person#7", "", 1, 1));
    for (rows, is_empty) in [(vec![], true), (vec![account.clone()], false), (vec![grant.clone()], false), (vec![account, grant], false)] {
        let all = Everything::read(Uuid::nil(), &rows, PLATFORMS);
        assert_eq!(Plan::of(&request(Asked::Deletion), &jo, &all).is_empty(), is_empty);
    }
}

#[test]
fn later_links_are_spared() {
    let jo = Subject::Grant(grant_id("7"));
    for (linked_at, linked_ms, goes) in
        [(999, 999_999, true), (1000, 1_000_000, true), (1000, 1_000_500, true), (1000, 1_000_501, false), (1001, 1_001_000, false)]
    {
        let rows = [linked("page#1", "7", linked_at, linked_ms), linked("person#7", "", linked_at, linked_ms)];
        for asked in [Asked::Deauthorize, Asked::Deletion] {
            let (accounts, grant) = ids(asked, &jo, &rows);
            assert_eq!((accounts.len(), grant), (usize::from(goes), goes), "{linked_at} {linked_ms} {asked:?}");
        }
    }
}

#[test]
fn a_page_removes_only_its_own_token_and_nobody_removes_nothing() {
    let rows = [linked("page#1", "7", 1, 1), linked("page#2", "7", 1, 1), linked("person#7", "", 1, 1), linked("person#0", "", 1, 1)];
    let account = Subject::Account(account_id("1"));
    assert_eq!(ids(Asked::Deauthorize, &account, &rows), (vec!["1".to_owned()], false));
    assert_eq!(ids(Asked::Deletion, &account, &rows), (Vec::new(), false));
    for asked in [Asked::Deauthorize, Asked::Deletion] {
        assert_eq!(ids(asked, &Subject::Nobody, &rows), (Vec::new(), false));
        assert_eq!(ids(asked, &Subject::Grant(grant_id("8")), &rows), (Vec::new(), false));
    }
}

#[test]
fn a_page_that_moved_away_loses_only_its_note() {
    let rows = [linked("page#1", "7", 1, 1).with(&STATUS, Status::Moved)];
    let jo = Subject::Grant(grant_id("7"));
    assert_eq!(ids(Asked::Deauthorize, &jo, &rows).0.len(), 0);
    assert_eq!(ids(Asked::Deletion, &jo, &rows).0.len(), 1);
}
