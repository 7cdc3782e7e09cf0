use super::*;

fn known() -> Known {
    Known {
        words: ["EAAgolden0123456789".to_owned()].into(),
        sealed: ["AQJrMQ==".to_owned()].into(),
        moments: [1_700_000_000, 1_700_000_001_500, 1_700_000_001].into(),
        time: 1_700_000_100,
    }
}

fn run() -> Run {
    Run { later: 1000, places: vec![("http://127.0.0.1:4711".to_owned(), "FACEBOOK")] }
}

#[test]
fn chance_is_left_out_and_what_is_known_stays() {
    let text = |text: &str| known().text(&run(), text);
    let dialog = "http://127.0.0.1:4711/v26.0/dialog/oauth?scope=pages_manage_metadata";
    assert_eq!(text(dialog), "FACEBOOK/v26.0/dialog/oauth?scope=pages_manage_metadata");
    let query = "token=EAAgolden0123456789&state=AbCdEf0123456789_-";
    assert_eq!(text(query), "token=EAAgolden0123456789&state=<new>");
    assert_eq!(without_chance("event#AbCdEf0123456789 of acme"), "event#<new> of acme");
}

#[test]
fn known_moments_are_told_from_those_of_the_reading() {
    let text = |text: &str| known().text(&run(), text);
    assert_eq!(text("2023-11-14T22:30:00Z"), "T-100");
    assert_eq!(text("2023-11-14T22:30:01Z"), "T-99");
    assert_eq!(text("2023-11-14T22:31:42Z"), "~+2");
    let item = json!({
        "due_at": { "N": "1700001000" },
        "linked_ms": { "N": "1700001101500" },
        "version": { "N": "7" },
    });
    let plain = known().item(&run(), item.as_object().unwrap());
    assert_eq!(plain, json!({ "due_at": "T-100", "linked_ms": "~+1 ms", "version": 7 }));
}

#[test]
fn what_follows_from_the_time_may_differ_a_little_and_nothing_else() {
    let same = |recorded: Value, seen: Value| is_same(&recorded, &seen);
    assert!(same(json!([{ "a": "~+5" }, "T-1"]), json!([{ "a": "~+65" }, "T-1"])));
    let others = [("~+5", "~+5 ms"), ("~+5", "~+500"), ("T-1", "T-2"), ("T-1", "~-1")];
    assert!(others.iter().all(|(recorded, seen)| !same(json!(recorded), json!(seen))));
    assert!(!same(json!({ "a": 1 }), json!({ "a": 1, "b": 1 })));
    assert!(!same(json!({ "a": 1 }), json!({ "b": 1 })));
}

#[test]
fn sealed_bytes_tell_their_key() {
    assert_eq!(sealed(&STANDARD.encode(b"\x01\x02k1rest")), "[8,\"k1\"]");
    assert_eq!(sealed(&STANDARD.encode(b"\x02\x02k1")), "[4,null]");
}
