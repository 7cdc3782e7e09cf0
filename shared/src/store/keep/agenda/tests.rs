use super::*;
use crate::providers::PLATFORMS;
use proptest::prelude::*;
use uuid::Uuid;

#[test]
fn a_record_is_found_by_its_name() {
    let id = Uuid::from_u128(7);
    for name in [
        format!("uuid#{id}/store"),
        format!("uuid#{id}/doubt"),
        format!("uuid#{id}/person#8"),
        format!("job#{id}/unsubscribe"),
        format!("deletion#{}/status", id.simple()),
    ] {
        assert_eq!(DueKey::named(&name, PLATFORMS).map(|key| key.name()), Some(name));
    }
    for name in ["", "store", "uuid#x/store", &format!("uuid#{id}/page#1"), &format!("uuid#{id}"), &format!("audit#{id}/audit")] {
        assert_eq!(DueKey::named(name, PLATFORMS), None, "{name}");
    }
}

#[test]
fn reading_resumes_after_a_bookmark() {
    let all = Bookmark::all();
    assert_eq!((all.len(), all[0].to_string().as_str(), all[127].to_string().as_str()), (128, "00", "u63"));
    assert_eq!(all.iter().filter(|bookmark| bookmark.is_urgent()).count(), 64);
    let place = Bookmark::parse("u62.5.uuid#a/store").unwrap();
    let onwards = place.onwards();
    assert_eq!(onwards.iter().map(Bookmark::to_string).collect::<Vec<_>>(), ["u62.5.uuid#a/store", "u63"]);
    let position = place.position().unwrap();
    assert_eq!((position.get(&PK).as_deref(), position.get(&SK).as_deref()), (Some("uuid#a"), Some("store")));
    assert_eq!((position.get(&DUE_SHARD).as_deref(), position.get(&DUE_AT)), (Some("u62"), Some(5)));
    assert!(all[0].position().is_none());
}

#[test]
fn invalid_bookmarks_are_rejected() {
    for text in ["", "64", "x", "00.", "00.5", "00.x.a/b", "00.5.a", "00.5./b", "00.5.a/", "u64.5.a/b"] {
        assert_eq!(Bookmark::parse(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn a_bookmark_survives_a_round_trip(part in 0..128_usize, due_at in any::<u64>(), pk in "[a-z0-9#.-]{1,60}", sk in "[a-z0-9#./-]{1,60}") {
        let shard = Bookmark::all()[part].shard.clone();
        let place = Bookmark { shard, behind: Some((due_at, Key::in_connections(pk, sk))) };
        prop_assert_eq!(Bookmark::parse(&place.to_string()), Some(place));
    }

    #[test]
    fn any_text_parses_without_a_panic(text in "\\PC{0,60}") {
        let _ = (Bookmark::parse(&text), DueKey::named(&text, PLATFORMS));
    }
}
