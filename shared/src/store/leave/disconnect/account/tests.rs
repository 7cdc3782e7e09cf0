use super::*;
use crate::{
    Secret,
    providers::{PLATFORMS, facebook, meta::debug_token::SYSTEM_USER},
    store::{
        records::{
            attributes::{ACCESS_TOKEN, GRANTED_BY, KIND, STATUS, VERSION},
            place_at,
            samples::{account_id as id, grant_id},
            seal,
        },
        scripted::{Scripted, UUID},
        table::{Row, SK, Sealed},
    },
};

fn account(id: &str, grant: &str, status: Status, token: bool) -> Row {
    let account = Row::default().with(&SK, format!("page#{id}")).with(&GRANTED_BY, grant).with(&STATUS, status).with(&VERSION, 1);
    account.with_some(&ACCESS_TOKEN, token.then(|| Sealed(vec![1])))
}

fn grant(id: &str) -> Row {
    Row::default().with(&SK, format!("person#{id}")).with(&STATUS, Status::Active)
}

#[test]
fn a_grant_stays_while_another_page_rests_on_it() {
    for (other, stays) in [
        (account("2", "7", Status::Active, true), true),
        (account("2", "7", Status::ReconnectNeeded, true), true),
        (account("2", "7", Status::ReconnectNeeded, false), false),
        (account("2", "7", Status::Moved, false), false),
        (account("2", "8", Status::Active, true), false),
        (grant("7"), false),
    ] {
        let all = Everything::read(UUID, &[account("1", "7", Status::Active, true), other, grant("7")], PLATFORMS);
        let found = Found::of(&all, &id("1")).unwrap();
        assert_eq!((found.witness.is_some(), found.grant.is_some()), (stays, true), "{:?}", all.accounts);
    }
}

#[test]
fn a_grant_is_revoked_only_with_its_last_page_and_a_portfolios_never() {
    let tables = Scripted::new(Vec::new()).tables();
    let sealed = |account: &str, attribute: &'static str| {
        seal(&tables.keys, place_at(&facebook::PLATFORM, UUID, account, attribute), &Secret::new("EAAx")).unwrap()
    };
    let linked = || account("1", "7", Status::Active, false).with(&ACCESS_TOKEN, sealed("1", "page_token"));
    let granting = |kind: &str| grant("7").with(&ACCESS_TOKEN, sealed("7", "user_token")).with(&KIND, kind);
    for (rows, permission) in [
        (vec![linked(), granting("USER")], Permission::Later),
        (vec![linked(), granting("USER"), account("2", "7", Status::Active, true)], Permission::Kept),
        (vec![linked(), granting(SYSTEM_USER)], Permission::Kept),
        (vec![linked(), grant("7")], Permission::NotPossible),
        (vec![linked()], Permission::NotPossible),
    ] {
        let all = Everything::read(UUID, &rows, PLATFORMS);
        let ended = tables.end_of(UUID, &Found::of(&all, &id("1")).unwrap()).unwrap();
        assert_eq!((ended.permission, ended.revoke.is_some()), (permission, permission == Permission::Later), "{all:?}");
        assert_eq!((ended.unsubscribed, ended.unsubscribe.is_some()), (Unsubscribed::Later, true));
    }
}

#[test]
fn a_page_is_granted_only_by_the_grant_it_names() {
    let account = |grant: &str| Account::read(&account("1", grant, Status::Active, true), PLATFORMS).unwrap();
    assert!(account("7").is_granted_by(&grant_id("7")));
    assert!(!account("7").is_granted_by(&grant_id("8")));
    assert!(account("").grant().is_none() && !account("").is_granted_by(&grant_id("7")));
    assert!(!Account::read(&Row::default().with(&SK, "page#1"), PLATFORMS).unwrap().is_granted_by(&grant_id("7")));
    assert!(Account::read(&grant("7").with(&GRANTED_BY, "7"), PLATFORMS).is_none());
}

#[test]
fn a_missing_page_is_not_found_and_a_page_without_a_person_has_no_grant() {
    let rows = [account("1", "", Status::Active, true), account("3", "", Status::Active, true), grant("")];
    let all = Everything::read(UUID, &rows, PLATFORMS);
    assert!(Found::of(&all, &id("2")).is_none());
    let found = Found::of(&all, &id("1")).unwrap();
    assert!(found.grant.is_none() && found.others.is_empty());
}
