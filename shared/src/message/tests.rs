use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::platform::{AccountId, CompanionId};
use crate::providers::facebook::{INSTAGRAM, PAGE};

fn page(id: &str) -> Addressee {
    Addressee::Account(AccountId::parse(&PAGE, id).unwrap())
}

fn message() -> Message {
    let name = MessageName { element: "message".to_owned(), message_id: Some("m_1".to_owned()), is_own: true, action: None };
    let raw = RawValue::from_string(r#"{"message":{"mid":"m_1","text":"caf\u00e9"}}"#.to_owned()).unwrap();
    let (sender, text) = ("77".to_owned(), Some("café".to_owned()));
    Message { to: page("1"), name, sender, at: 1_793_404_800_123, kind: MessageKind::Text, text, raw }
}

fn holder() -> Holder {
    Holder { user_uuid: Uuid::from_u128(5), shop: "acme.myshopify.com".to_owned(), store_status: None }
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_event_names_the_holder_and_includes_everything_delivered() {
    let whole = message().whole(&holder());
    assert!(whole.contains(r#""raw":{"message":{"mid":"m_1","text":"caf\u00e9"}}"#), "byte for byte: {whole}");
    let mut event = read(&whole);
    let id = event.as_object_mut().unwrap().remove("event_id").unwrap();
    assert!(id.as_str().unwrap().len() == 64 && id.as_str().unwrap().bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
    let expected = json!({
        "user_uuid": "00000000-0000-0000-0000-000000000005", "shop": "acme.myshopify.com", "platform": "facebook", "account": "1",
        "sender": "77", "message_id": "m_1", "at": "2026-10-31T00:00:00.123Z", "kind": "text", "text": "café",
        "raw": { "message": { "mid": "m_1", "text": "café" } },
    });
    assert_eq!(event, expected);
    let waiting = Holder { store_status: Some("reconnect_needed"), ..holder() };
    assert_eq!(read(&message().whole(&waiting))["store_status"], "reconnect_needed");
    let wordless = Message { text: None, name: MessageName { message_id: None, ..message().name }, ..message() };
    let event = read(&wordless.whole(&holder()));
    assert_eq!((event.get("text"), &event["message_id"]), (None, &Value::Null));
}

#[test]
fn an_oversized_event_omits_what_was_delivered() {
    let event = read(&message().truncated(&holder()));
    assert_eq!((&event["truncated"], &event["text"], event.get("raw")), (&json!(true), &json!("café"), None));
    let long = Message { text: Some("x".repeat(LONGEST_TEXT + 1)), ..message() };
    assert_eq!(read(&long.truncated(&holder()))["text"].as_str().unwrap().len(), LONGEST_TEXT);
}

#[test]
fn an_event_has_the_same_id_for_every_delivery_and_kind() {
    let id = |message: Message| message.event_id();
    let same = id(message());
    assert_eq!(id(Message { kind: MessageKind::Standby, text: None, at: 1, sender: "8".to_owned(), ..message() }), same);
    let named = |change: fn(&mut MessageName)| {
        let mut other = message();
        change(&mut other.name);
        id(other)
    };
    let others = [
        id(Message { to: page("2"), ..message() }),
        id(Message { to: Addressee::Companion(CompanionId::parse(&INSTAGRAM, "1").unwrap()), ..message() }),
        named(|name| name.element = "postback".to_owned()),
        named(|name| name.message_id = Some("m_2".to_owned())),
        named(|name| name.action = Some("delete".to_owned())),
        named(|name| name.is_own = false),
    ];
    for (at, other) in others.iter().enumerate() {
        assert!(*other != same && !others[..at].contains(other), "{at}");
    }
}

#[test]
fn a_message_without_an_id_is_identified_by_action_time_and_sender() {
    let reaction = |at: u64, sender: &str, action: &str| {
        let name = MessageName { element: "reaction".to_owned(), is_own: false, action: Some(action.to_owned()), ..message().name };
        Message { at, sender: sender.to_owned(), name, ..message() }.event_id()
    };
    assert_eq!(reaction(1, "7", "react"), reaction(1, "7", "react"));
    for other in [reaction(2, "7", "react"), reaction(1, "8", "react"), reaction(1, "7", "unreact")] {
        assert_ne!(reaction(1, "7", "react"), other);
    }
}

proptest! {
    #[test]
    fn a_beginning_fits_its_limit_as_json(texts in prop::collection::vec("\\PC|\"|\\\\|[\u{0}-\u{1f}]", 1..40), times in 1_usize..4000) {
        let text = texts.concat().repeat(times);
        let begun = beginning(&text);
        prop_assert!(text.starts_with(begun));
        prop_assert!(serde_json::to_string(begun).unwrap().len() <= LONGEST_TEXT + 2);
        prop_assert!(begun.len() == text.len() || serde_json::to_string(begun).unwrap().len() > LONGEST_TEXT / 6 - 8);
    }
}
