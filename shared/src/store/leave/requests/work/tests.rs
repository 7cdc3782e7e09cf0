use super::*;
use crate::{
    clock::Clock,
    encryption::Place,
    error::Code,
    secret::Secret,
    store::scripted::{NOW, Scripted, UUID, keys},
};

fn departure(received_ms: u64) -> Departure {
    Departure {
        code: UUID,
        asked: Asked::Deletion,
        received_at: received_ms / 1000,
        done_at: None,
        records: 0,
        settled: false,
        subject: Some(Subject::Person("5".to_owned())),
        issued_at: received_ms / 1000,
        received_ms,
        audited: 0,
    }
}

fn page(token: Vec<u8>) -> Item {
    Item::from([("access_token".to_owned(), item::b(token)), ("app_id".to_owned(), s("7"))])
}

#[test]
fn a_page_is_unsubscribed_with_its_token_and_waits_an_hour_for_its_key() {
    let connections = Scripted::new(Vec::new()).connections();
    let place: Place<'_> = place(UUID, "1", "page_token");
    let sealed_with = |key: &str| page(keys(key).seal(place, &Secret::new("EAAx")).unwrap());
    let unsubscribe = |found: &Item, received_ms: u64, now_ms: u64| {
        let connections = Connections { clock: Clock::fixed(now_ms / 1000), ..connections.clone() };
        let page = PageItem { id: "1", found, status: Status::Active };
        let job = connections.unsubscribe(&departure(received_ms), UUID, &page);
        job.map(|job| job.map(|job| (job.page_id.to_string(), job.token.expose().to_owned(), job.app_id))).map_err(|error| error.code)
    };
    let now = NOW * 1000;
    let job = Some(("1".to_owned(), "EAAx".to_owned(), "7".to_owned()));
    assert_eq!(unsubscribe(&sealed_with("k1"), now, now), Ok(job));
    // An instance with older keys must not let a Page go that another could unsubscribe.
    let hour = 3_600_000;
    assert_eq!(unsubscribe(&sealed_with("k9"), now, now), Err(Code::StorageUnavailable));
    assert_eq!(unsubscribe(&sealed_with("k9"), now, now + hour - 1000), Err(Code::StorageUnavailable));
    assert_eq!(unsubscribe(&sealed_with("k9"), now, now + hour), Ok(None));
    assert_eq!(unsubscribe(&page(b"no seal".to_vec()), now, now), Ok(None));
    assert_eq!(unsubscribe(&Item::new(), now, now), Ok(None));
}

#[test]
fn groups_fill_a_transaction_and_are_never_torn() {
    let group = |writes: usize| Group { writes: vec![TransactWriteItem::builder().build(); writes], records: 1 };
    let sizes = |groups: &[usize]| -> Vec<Vec<usize>> {
        let batches = batches(groups.iter().copied().map(group).collect());
        batches.iter().map(|batch| batch.iter().map(|group| group.writes.len()).collect()).collect()
    };
    assert_eq!(sizes(&[]), Vec::<Vec<usize>>::new());
    assert_eq!(sizes(&[40, 57]), [[40, 57]], "just full");
    assert_eq!(sizes(&[40, 58]), [[40], [58]]);
    assert_eq!(sizes(&[50, 47, 3, 94, 1]), [vec![50, 47], vec![3, 94], vec![1]]);
}

#[test]
fn a_deletion_takes_the_events_of_its_pages_along_and_no_others() {
    let connections = Scripted::new(Vec::new()).connections();
    let of = |sk: &str, account: &str| {
        Item::from([
            ("sk".to_owned(), s(sk)),
            ("account".to_owned(), s(account)),
            ("granted_by".to_owned(), s("5")),
            ("linked_at".to_owned(), n(1)),
        ])
    };
    let everything = [of("page#1", "1"), of("event#1", "1"), of("event#2", "2"), of("note#1", "1")];
    let deleted = |asked: Asked| -> Vec<String> {
        let departure = Departure { asked, ..departure(NOW * 1000) };
        let plan = Plan { pages: vec![PageItem { id: "1", found: &everything[0], status: Status::Active }], ..Plan::default() };
        let groups = connections.groups(&departure, UUID, &plan, &everything).unwrap();
        let writes = groups.iter().filter(|group| group.records == 0).flat_map(|group| &group.writes);
        writes.filter_map(|write| item::text(write.delete()?.key(), "sk").map(str::to_owned)).collect()
    };
    assert_eq!(deleted(Asked::Deletion), ["event#1"]);
    assert!(deleted(Asked::Deauthorize).is_empty());
}
