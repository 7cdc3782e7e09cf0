use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::providers::meta::webhook::Recipient;
use crate::request::Request;
use crate::signing::{SecretPair, hex, hmac_sha256};
use crate::{Secret, platform::Addressee};

const NOW: u64 = 1_793_404_800_000;
const OURS: &str = "123456789012345";

fn received(body: &Value) -> Received {
    signed(&body.to_string())
}

fn signed(body: &str) -> Received {
    let signature = format!("sha256={}", hex(&hmac_sha256(b"s", &[body.as_bytes()])));
    let request = Request::from_event(&json!({ "headers": { "x-hub-signature-256": signature }, "body": body }));
    let secrets = SecretPair { current: Secret::new("s"), previous: None };
    let recipient = Recipient { platform: &PLATFORM, app_id: OURS.to_owned(), secrets };
    read(&Delivery::read(&request, &[recipient]).unwrap(), OURS, NOW)
}

fn of(object: &str, list: &str, element: &Value) -> Received {
    received(&json!({ "object": object, "entry": [{ "id": "1", "time": NOW, list: [element] }] }))
}

fn one(element: Value) -> Option<Message> {
    of("page", "messaging", &element).messages.pop()
}

fn from(more: Value) -> Value {
    let mut element = json!({ "sender": { "id": "77" }, "recipient": { "id": "1" }, "timestamp": NOW - 5 });
    element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    element
}

#[test]
fn each_kind_of_message_is_recognized_by_its_shape() {
    for (element, kind, id, text) in [
        (json!({ "message": { "mid": "m", "text": "Hi" } }), MessageKind::Text, Some("m"), Some("Hi")),
        (
            json!({ "message": { "mid": "m", "text": "https://x", "attachments": [{ "type": "fallback" }] } }),
            MessageKind::Text,
            Some("m"),
            Some("https://x"),
        ),
        (json!({ "message": { "mid": "m", "attachments": [{ "type": "image" }] } }), MessageKind::Attachment, Some("m"), None),
        (
            json!({ "message": { "mid": "m", "text": "Red", "quick_reply": { "payload": "R" } } }),
            MessageKind::QuickReply,
            Some("m"),
            Some("Red"),
        ),
        (json!({ "message": { "mid": "m", "is_deleted": true } }), MessageKind::Other, Some("m"), None),
        (json!({ "message": { "mid": "m", "text": "Hello", "is_echo": true, "app_id": 9 } }), MessageKind::Echo, Some("m"), Some("Hello")),
        (json!({ "message": { "mid": "m", "text": "Hello", "is_echo": true } }), MessageKind::Echo, Some("m"), Some("Hello")),
        (json!({ "postback": { "mid": "p", "title": "Go", "payload": "GO" } }), MessageKind::Postback, Some("p"), None),
        (json!({ "postback": { "title": "Go", "payload": "GO" } }), MessageKind::Postback, None, None),
        (json!({ "reaction": { "mid": "m", "action": "react", "emoji": "x" } }), MessageKind::Reaction, Some("m"), None),
        (json!({ "referral": { "ref": "ad", "source": "ADS" } }), MessageKind::Referral, None, None),
    ] {
        let element = from(element);
        let message = one(element.clone()).unwrap();
        assert_eq!((message.kind, message.name.message_id.as_deref(), message.text.as_deref()), (kind, id, text), "{element}");
        assert_eq!((message.sender.as_str(), message.at, message.to.platform(), message.to.as_str()), ("77", NOW - 5, "facebook", "1"));
        assert_eq!(message.raw.get(), element.to_string());
        let standby = of("instagram", "standby", &element).messages.pop().unwrap();
        assert_eq!((standby.kind, standby.to.platform()), (MessageKind::Standby, "instagram"));
        assert_eq!(standby.name.element, message.name.element, "the same message has the same name");
    }
}

#[test]
fn our_own_messages_and_non_messages_are_left_out() {
    for element in [
        json!({ "message": { "mid": "m", "is_echo": true, "app_id": OURS } }),
        json!({ "message": { "mid": "m", "is_echo": true, "app_id": OURS.parse::<u64>().unwrap() } }),
        json!({ "delivery": { "watermark": 1 } }),
        json!({ "read": { "watermark": 1 } }),
        json!({ "hop_context": [{ "app_id": 1 }], "read": { "watermark": 1 } }),
        json!({}),
    ] {
        assert!(one(from(element.clone())).is_none(), "{element}");
        assert!(of("page", "standby", &from(element.clone())).messages.is_empty(), "{element}");
    }
    let handover = json!({ "pass_thread_control": { "new_owner_app_id": "1" } });
    assert!(one(from(handover.clone())).is_none());
    assert_eq!(of("page", "standby", &from(handover)).messages.len(), 1, "in another app's conversation everything counts");
    assert!(one(json!({ "message": { "mid": "m" } })).is_none(), "from nobody");
}

#[test]
fn unknown_objects_and_accounts_yield_nothing() {
    let element = from(json!({ "message": { "mid": "m", "text": "Hi" } }));
    for object in ["user", "permissions", "whatsapp_business_account", ""] {
        assert!(of(object, "messaging", &element).messages.is_empty(), "{object}");
    }
    for id in [json!("x"), json!(null), json!(-1), json!("1/../2")] {
        assert!(received(&json!({ "object": "page", "entry": [{ "id": id, "messaging": [element] }] })).messages.is_empty());
    }
    let by_number = received(&json!({ "object": "instagram", "entry": [{ "id": 178, "messaging": [element] }] }));
    assert!(matches!(&by_number.messages[0].to, Addressee::Companion(id) if id.as_str() == "178"));
}

#[test]
fn a_messages_own_time_decides_whether_it_still_counts() {
    let week = 7 * 24 * 3600 * 1000;
    let at = |timestamp: Value| {
        let element = json!({ "sender": { "id": 77 }, "timestamp": timestamp, "message": { "mid": "m" } });
        let received = received(&json!({ "object": "page", "entry": [{ "id": "1", "time": NOW - 9, "messaging": [element] }] }));
        (received.messages.first().map(|message| message.at), received.out_of_time)
    };
    for (timestamp, read) in [
        (json!(NOW), NOW),
        (json!(NOW.to_string()), NOW),
        (json!(NOW / 1000), NOW),
        (json!(NOW - week), NOW - week),
        (json!(NOW + 90_000), NOW + 90_000),
        (json!(null), NOW - 9),
        (json!("yesterday"), NOW - 9),
        (json!(-5), NOW - 9),
    ] {
        assert_eq!(at(timestamp.clone()), (Some(read), 0), "{timestamp}");
    }
    for out_of_time in [NOW - week - 1, NOW + 90_001, 0, u64::MAX] {
        assert_eq!(at(json!(out_of_time)), (None, 1), "{out_of_time}");
    }
    let timeless =
        received(&json!({ "object": "page", "entry": [{ "id": "1", "messaging": [{ "sender": { "id": "7" }, "message": {} }] }] }));
    assert_eq!(timeless.messages[0].at, NOW, "as if it had happened when it came");
}

#[test]
fn a_lone_surrogate_loses_no_message_and_stays_as_written() {
    let body = r#"{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"7"},"message":{"mid":"m","text":"a\ud83d"}}]}]}"#;
    let received = signed(body);
    let message = &received.messages[0];
    assert_eq!(message.text.as_deref(), Some("a\u{fffd}"));
    assert!(message.raw.get().contains(r"a\ud83d"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from), ".*".prop_map(Value::from)];
    let name = prop_oneof![
        Just("id".to_owned()),
        Just("message".to_owned()),
        Just("sender".to_owned()),
        Just("timestamp".to_owned()),
        Just("mid".to_owned()),
        Just("standby".to_owned()),
        Just("messaging".to_owned()),
        ".{0,4}",
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        let object = prop::collection::btree_map(name.clone(), inner.clone(), 0..6);
        prop_oneof![prop::collection::vec(inner, 0..6).prop_map(Value::from), object.prop_map(|map| json!(map))]
    })
}

proptest! {
    #[test]
    fn reading_is_total(object in prop_oneof![Just("page"), Just("instagram"), Just("x")], entry in any_json(), element in any_json()) {
        received(&json!({ "object": object, "entry": entry }));
        let received = of(object, "messaging", &element);
        prop_assert!(received.messages.len() + usize::try_from(received.out_of_time).unwrap() <= 1);
    }
}
