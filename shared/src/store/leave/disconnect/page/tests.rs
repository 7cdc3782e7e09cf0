use super::{super::super::item::n, *};
use crate::{
    reply::cookie::Token,
    secret::Secret,
    store::{
        scripted::{Scripted, ends},
        sessions::SessionKey,
    },
};

fn page(id: &str, person: &str, status: &str, token: bool) -> Item {
    let mut page = item::item([("sk", s(format!("page#{id}"))), ("granted_by", s(person)), ("status", s(status)), ("version", n(1))]);
    if token {
        page.insert("access_token".to_owned(), item::b(vec![1]));
    }
    page
}

fn person(id: &str) -> Item {
    item::item([("sk", s(format!("person#{id}"))), ("status", s("active"))])
}

#[test]
fn a_grant_stays_while_another_page_rests_on_it() {
    let id = PageId::parse("1").unwrap();
    for (other, stays) in [
        (page("2", "7", "active", true), true),
        (page("2", "7", "reconnect_needed", true), true),
        (page("2", "7", "reconnect_needed", false), false),
        (page("2", "7", "moved", false), false),
        (page("2", "8", "active", true), false),
        (person("7"), false),
    ] {
        let everything = [page("1", "7", "active", true), other, person("7")];
        let found = Found::of(&everything, &id).unwrap();
        assert_eq!((found.witness.is_some(), found.person.is_some()), (stays, true), "{:?}", everything[1]);
    }
}

#[tokio::test]
async fn a_grant_is_taken_back_with_its_last_page_alone_and_never_a_portfolios() {
    let (connections, session) = (Scripted::new(Vec::new()).connections(), ends::session().await);
    let key = SessionKey::of(&Token::generate().unwrap());
    let sealed = |account: &str, attribute: &'static str| {
        let token = connections.keys.seal(place(session.user_uuid, account, attribute), &Secret::new("EAAx")).unwrap();
        ("access_token".to_owned(), item::b(token))
    };
    let linked = || {
        let mut page = page("1", "7", "active", false);
        page.extend([sealed("1", "page_token")]);
        page
    };
    let granting = |kind: &str| {
        let mut person = person("7");
        person.extend([sealed("7", "user_token"), ("kind".to_owned(), s(kind))]);
        person
    };
    for (everything, permission) in [
        (vec![linked(), granting("USER")], Permission::Later),
        (vec![linked(), granting("USER"), page("2", "7", "active", true)], Permission::Kept),
        (vec![linked(), granting(SYSTEM_USER)], Permission::Kept),
        (vec![linked(), person("7")], Permission::NotPossible),
        (vec![linked()], Permission::NotPossible),
    ] {
        let id = PageId::parse("1").unwrap();
        let acting = Acting { session: &session, key: &key };
        let ended = connections.end_of(acting, &Found::of(&everything, &id).unwrap(), &id).unwrap();
        assert_eq!((ended.permission, ended.revoke.is_some()), (permission, permission == Permission::Later), "{everything:?}");
        assert_eq!((ended.unsubscribed, ended.unsubscribe.is_some()), (Unsubscribed::Later, true));
    }
}

#[test]
fn a_grant_gives_pages_and_only_to_whom_it_names() {
    assert!(is_granted_by(&page("1", "7", "active", true), Some("7")));
    assert!(!is_granted_by(&page("1", "7", "active", true), Some("8")) && !is_granted_by(&page("1", "7", "active", true), None));
    let nobodys = item::item([("sk", s("page#1"))]);
    assert!(!is_granted_by(&nobodys, None) && !is_granted_by(&nobodys, Some("")));
    let other = item::item([("sk", s("person#7")), ("granted_by", s("7"))]);
    assert!(!is_granted_by(&other, Some("7")));
}

#[test]
fn what_is_not_there_is_not_found_and_a_page_without_a_person_has_none() {
    let everything = [page("1", "", "active", true), page("3", "", "active", true), person("")];
    assert!(Found::of(&everything, &PageId::parse("2").unwrap()).is_none());
    let found = Found::of(&everything, &PageId::parse("1").unwrap()).unwrap();
    assert!(found.person.is_none() && found.others.is_empty());
}
