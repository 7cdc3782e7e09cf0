use super::*;
use crate::{
    Clock, Secret,
    error::Code,
    providers::{PLATFORMS, facebook},
    store::{
        records::{
            attributes::{ACCOUNT, APP_ID, GRANTED_BY, LINKED_AT},
            place_of_account,
            samples::{account_id, grant_id},
            seal,
        },
        scripted::{NOW, Scripted, UUID, keys},
        table::{Row, SK, Sealed},
    },
};

fn request(received_ms: u64) -> PrivacyRequest {
    PrivacyRequest {
        code: UUID,
        platform: &facebook::PLATFORM,
        asked: Asked::Deletion,
        received_at: received_ms / 1000,
        done_at: None,
        records: 0,
        settled: false,
        subject: Some(Subject::Grant(grant_id("5"))),
        issued_at: received_ms / 1000,
        received_ms,
        audited: 0,
    }
}

#[test]
fn a_page_is_unsubscribed_with_its_token_and_waits_an_hour_for_its_key() {
    let tables = Scripted::new(Vec::new()).tables();
    let account = |token: Option<Sealed>| {
        let row = Row::default().with(&SK, "page#1").with(&APP_ID, "7").with_some(&ACCESS_TOKEN, token);
        Account::read(&row, PLATFORMS).unwrap()
    };
    let id = account_id("1");
    let sealed_with = |key: &str| {
        let place = place_of_account(UUID, &id);
        account(Some(seal(&keys(key), place, &Secret::new("EAAx")).unwrap()))
    };
    let unsubscribe = |account: &Account, received_ms: u64, now_ms: u64| {
        let tables = Tables { clock: Clock::fixed(now_ms / 1000), ..tables.clone() };
        let job = unsubscribe(&tables, &request(received_ms), UUID, account);
        job.map(|job| job.map(|job| (job.account.to_string(), job.token.expose().to_owned(), job.app_id))).map_err(|error| error.code)
    };
    let now = NOW * 1000;
    let job = Some(("1".to_owned(), "EAAx".to_owned(), "7".to_owned()));
    assert_eq!(unsubscribe(&sealed_with("k1"), now, now), Ok(job));
    // An instance with older keys must not drop an account that another could unsubscribe.
    let hour = 3_600_000;
    assert_eq!(unsubscribe(&sealed_with("k9"), now, now), Err(Code::StorageUnavailable));
    assert_eq!(unsubscribe(&sealed_with("k9"), now, now + hour - 1000), Err(Code::StorageUnavailable));
    assert_eq!(unsubscribe(&sealed_with("k9"), now, now + hour), Ok(None));
    assert_eq!(unsubscribe(&account(Some(Sealed(b"no seal".to_vec()))), now, now), Ok(None));
    assert_eq!(unsubscribe(&account(None), now, now), Ok(None));
}

#[test]
fn batches_fill_a_transaction_without_splitting_a_group() {
    let group = |writes: usize| Group { writes: vec![Write::delete(Key::store(UUID)); writes], records: 1 };
    let sizes = |groups: &[usize]| -> Vec<Vec<usize>> {
        let batches = batches(groups.iter().copied().map(group).collect(), BATCH, Group::size);
        batches.iter().map(|batch| batch.iter().map(|group| group.writes.len()).collect()).collect()
    };
    assert_eq!(sizes(&[]), Vec::<Vec<usize>>::new());
    assert_eq!(sizes(&[40, 57]), [[40, 57]], "just full");
    assert_eq!(sizes(&[40, 58]), [[40], [58]]);
    assert_eq!(sizes(&[50, 47, 3, 94, 1]), [vec![50, 47], vec![3, 94], vec![1]]);
}

#[test]
fn a_deletion_deletes_the_events_of_its_pages_and_no_others() {
    let tables = Scripted::new(Vec::new()).tables();
    let of = |sk: &str, platform: &str, account: &str| {
        Row::default().with(&SK, sk).with(&PLATFORM, platform).with(&ACCOUNT, account).with(&GRANTED_BY, "5").with(&LINKED_AT, 1)
    };
    let rows = [
        of("page#1", "", "1"),
        of("event#1", "facebook", "1"),
        of("event#2", "facebook", "2"),
        of("event#3", "other", "1"),
        of("note#1", "", "1"),
    ];
    let all = Everything::read(UUID, &rows, PLATFORMS);
    let deleted = |asked: Asked| -> Vec<String> {
        let request = PrivacyRequest { asked, ..request(NOW * 1000) };
        let plan = Plan { accounts: all.accounts.iter().collect(), ..Plan::default() };
        let groups = groups(&tables, &request, UUID, &plan, &all).unwrap();
        let writes = groups.iter().filter(|group| group.records == 0).flat_map(|group| &group.writes);
        writes.map(|write| write.key.sk().to_owned()).collect()
    };
    assert_eq!(deleted(Asked::Deletion), ["event#1"]);
    assert!(deleted(Asked::Deauthorize).is_empty());
}
