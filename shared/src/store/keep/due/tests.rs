use super::{
    super::super::table::{PK, SK},
    *,
};
use crate::providers::{PLATFORMS, facebook::PERSON};

#[test]
fn due_records_are_recognized_by_their_keys() {
    let id = Uuid::from_u128(7);
    let read = |pk: String, sk: &str| {
        let key = DueKey::read(&Row::default().with(&PK, &pk).with(&SK, sk), PLATFORMS);
        assert!(key.as_ref().is_none_or(|key| key.place() == Key::in_connections(pk, sk)), "{key:?}");
        key
    };
    assert_eq!(read(format!("uuid#{id}"), "store"), Some(DueKey::Shop(id)));
    assert_eq!(read(format!("uuid#{id}"), "doubt"), Some(DueKey::Doubt(id)));
    assert_eq!(read(format!("uuid#{id}"), "person#8"), GrantId::parse(&PERSON, "8").map(|grant| DueKey::Grant(id, grant)));
    assert_eq!(read(format!("job#{id}"), "unsubscribe"), Some(DueKey::Job(id, "unsubscribe".to_owned())));
    assert_eq!(read(format!("deletion#{}", id.simple()), "status"), Some(DueKey::Request(id)));
    for (pk, sk) in [(format!("uuid#{id}"), "page#1"), ("uuid#x".to_owned(), "store"), (format!("audit#{id}"), "audit")] {
        assert_eq!(read(pk, sk), None);
    }
}
