use super::*;
use crate::{
    Secret,
    store::{
        records::{
            attributes::{ACCESS_TOKEN, GRANTED_BY, KIND, STATUS, VERSION},
            place_of_facebook, seal,
        },
        scripted::{Scripted, UUID},
        table::{Row, SK, Sealed},
    },
};

fn page(id: &str, person: &str, status: Status, token: bool) -> Row {
    let page = Row::default().with(&SK, format!("page#{id}")).with(&GRANTED_BY, person).with(&STATUS, status).with(&VERSION, 1);
    page.with_some(&ACCESS_TOKEN, token.then(|| Sealed(vec![1])))
}

fn person(id: &str) -> Row {
    Row::default().with(&SK, format!("person#{id}")).with(&STATUS, Status::Active)
}

fn id(id: &str) -> PageId {
    PageId::parse(id).unwrap()
}

#[test]
fn a_grant_stays_while_another_page_rests_on_it() {
    for (other, stays) in [
        (page("2", "7", Status::Active, true), true),
        (page("2", "7", Status::ReconnectNeeded, true), true),
        (page("2", "7", Status::ReconnectNeeded, false), false),
        (page("2", "7", Status::Moved, false), false),
        (page("2", "8", Status::Active, true), false),
        (person("7"), false),
    ] {
        let all = Everything::read(UUID, &[page("1", "7", Status::Active, true), other, person("7")]);
        let found = Found::of(&all, &id("1")).unwrap();
        assert_eq!((found.witness.is_some(), found.person.is_some()), (stays, true), "{:?}", all.pages);
    }
}

#[test]
fn a_grant_is_taken_back_with_its_last_page_alone_and_never_a_portfolios() {
    let tables = Scripted::new(Vec::new()).tables();
    let sealed = |account: &str, attribute: &'static str| {
        seal(&tables.keys, place_of_facebook(UUID, account, attribute), &Secret::new("EAAx")).unwrap()
    };
    let linked = || page("1", "7", Status::Active, false).with(&ACCESS_TOKEN, sealed("1", "page_token"));
    let granting = |kind: &str| person("7").with(&ACCESS_TOKEN, sealed("7", "user_token")).with(&KIND, kind);
    for (rows, permission) in [
        (vec![linked(), granting("USER")], Permission::Later),
        (vec![linked(), granting("USER"), page("2", "7", Status::Active, true)], Permission::Kept),
        (vec![linked(), granting(SYSTEM_USER)], Permission::Kept),
        (vec![linked(), person("7")], Permission::NotPossible),
        (vec![linked()], Permission::NotPossible),
    ] {
        let all = Everything::read(UUID, &rows);
        let ended = tables.end_of(UUID, &Found::of(&all, &id("1")).unwrap()).unwrap();
        assert_eq!((ended.permission, ended.revoke.is_some()), (permission, permission == Permission::Later), "{all:?}");
        assert_eq!((ended.unsubscribed, ended.unsubscribe.is_some()), (Unsubscribed::Later, true));
    }
}

#[test]
fn a_grant_gives_pages_and_only_to_whom_it_names() {
    let page = |person: &str| Page::read(&page("1", person, Status::Active, true)).unwrap();
    assert!(page("7").is_granted_by("7"));
    assert!(!page("7").is_granted_by("8") && !page("7").is_granted_by(""));
    assert!(!page("").is_granted_by(""));
    assert!(!Page::read(&Row::default().with(&SK, "page#1")).unwrap().is_granted_by(""));
    assert!(Page::read(&person("7").with(&GRANTED_BY, "7")).is_none());
}

#[test]
fn what_is_not_there_is_not_found_and_a_page_without_a_person_has_none() {
    let rows = [page("1", "", Status::Active, true), page("3", "", Status::Active, true), person("")];
    let all = Everything::read(UUID, &rows);
    assert!(Found::of(&all, &id("2")).is_none());
    let found = Found::of(&all, &id("1")).unwrap();
    assert!(found.person.is_none() && found.others.is_empty());
}
