use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::Secret;
use crate::providers::facebook;
use crate::providers::meta::webhook::Recipient;
use crate::request::Request;
use crate::signing::{SecretPair, hex, hmac_sha256};

const NOW: u64 = 1_793_404_800_000;

fn received_for(platform: &'static crate::platform::Platform, body: &Value) -> Received {
    let body = body.to_string();
    let signature = format!("sha256={}", hex(&hmac_sha256(b"s", &[body.as_bytes()])));
    let request = Request::from_event(&json!({ "headers": { "x-hub-signature-256": signature }, "body": body }));
    let secrets = SecretPair { current: Secret::new("s"), previous: None };
    let recipient = Recipient { platform, app_id: "123456789012345".to_owned(), secrets };
    read(&Delivery::read(&request, &[recipient]).unwrap(), NOW)
}

fn received(body: &Value) -> Received {
    received_for(&PLATFORM, body)
}

/// The value of a change, in the shape documented by Meta.
fn body(value: &Value) -> Value {
    let mut told = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "16315555555", "phone_number_id": "106" },
    });
    told.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "102", "changes": [{ "field": "messages", "value": told }] }] })
}

fn one(list: &str, element: &Value) -> Option<Message> {
    received(&body(&json!({ list: [element] }))).messages.pop()
}

fn with(base: Value, more: &Value) -> Value {
    let mut element = base;
    element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    element
}

fn from(more: &Value) -> Value {
    with(json!({ "from": "16505551234", "from_user_id": "US.77", "id": "wamid.M", "timestamp": (NOW / 1000 - 5).to_string() }), more)
}

#[test]
fn each_kind_of_message_is_recognized_by_its_type() {
    let image = json!({ "id": "100338", "mime_type": "image/jpeg", "sha256": "x" });
    for (element, kind, text) in [
        (json!({ "type": "text", "text": { "body": "Do you have pots?" } }), MessageKind::Text, Some("Do you have pots?")),
        (
            json!({ "type": "text", "text": { "body": "More info?" }, "referral": { "source_type": "ad", "source_id": "1" } }),
            MessageKind::Text,
            Some("More info?"),
        ),
        (json!({ "type": "image", "image": image }), MessageKind::Attachment, None),
        (
            json!({ "type": "image", "image": with(image.clone(), &json!({ "caption": "this one" })) }),
            MessageKind::Attachment,
            Some("this one"),
        ),
        (
            json!({ "type": "document", "document": { "caption": "the bill", "filename": "a.pdf" } }),
            MessageKind::Attachment,
            Some("the bill"),
        ),
        (json!({ "type": "audio", "audio": { "id": "1", "voice": true } }), MessageKind::Attachment, None),
        (json!({ "type": "location", "location": { "latitude": 1.5, "longitude": 2 } }), MessageKind::Attachment, None),
        (json!({ "type": "contacts", "contacts": [{ "name": { "formatted_name": "Jo" } }] }), MessageKind::Attachment, None),
        (json!({ "type": "button", "button": { "payload": "STOP", "text": "Stop" } }), MessageKind::QuickReply, Some("Stop")),
        (
            json!({ "type": "interactive", "interactive": { "type": "button_reply", "button_reply": { "id": "1", "title": "Cancel" } } }),
            MessageKind::QuickReply,
            Some("Cancel"),
        ),
        (
            json!({ "type": "interactive", "interactive": { "type": "list_reply", "list_reply": { "id": "1", "title": "Priority" } } }),
            MessageKind::QuickReply,
            Some("Priority"),
        ),
        (
            json!({ "type": "interactive", "interactive": { "type": "nfm_reply", "nfm_reply": { "body": "Sent" } } }),
            MessageKind::Other,
            None,
        ),
        (json!({ "type": "reaction", "reaction": { "message_id": "wamid.X", "emoji": "x" } }), MessageKind::Reaction, None),
        (json!({ "type": "unsupported", "errors": [{ "code": 131_051 }] }), MessageKind::Other, None),
        (json!({ "type": "order", "order": { "catalog_id": "1" } }), MessageKind::Other, None),
        (json!({ "type": "text", "text": "odd" }), MessageKind::Text, None),
        (json!({}), MessageKind::Other, None),
    ] {
        let element = from(&element);
        let message = one("messages", &element).unwrap();
        assert_eq!((message.kind, message.text.as_deref()), (kind, text), "{element}");
        assert_eq!((message.name.message_id.as_deref(), message.name.is_own), (Some("wamid.M"), true), "a reaction has its own id as well");
        assert_eq!((message.sender.as_str(), message.at), ("16505551234", NOW - 5000));
        assert_eq!((message.to.platform(), message.to.as_str()), ("whatsapp", "106"));
        assert_eq!(message.raw.get(), element.to_string());
    }
}

#[test]
fn a_customer_without_a_number_is_identified_by_user_id() {
    let of = |members: Value| one("messages", &with(json!({ "id": "wamid.M", "type": "text" }), &members)).map(|message| message.sender);
    assert_eq!(of(json!({ "from": "1650", "from_user_id": "US.7" })).as_deref(), Some("1650"));
    assert_eq!(of(json!({ "from_user_id": "US.7" })).as_deref(), Some("US.7"));
    assert_eq!(of(json!({ "from": "", "from_user_id": "US.7" })).as_deref(), Some("US.7"));
    assert_eq!(of(json!({})), None, "from nobody");
}

#[test]
fn only_failed_statuses_are_messages() {
    let status = |status: &str, more: Value| {
        let base = json!({ "id": "wamid.S", "status": status, "timestamp": (NOW / 1000).to_string() });
        one("statuses", &with(base, &more))
    };
    let to = || json!({ "recipient_id": "16505551234", "recipient_user_id": "US.77" });
    for other in ["sent", "delivered", "read", "deleted", "FAILED", ""] {
        assert!(status(other, to()).is_none(), "{other}");
    }
    let failed = status("failed", with(to(), &json!({ "errors": [{ "code": 131_026 }] }))).unwrap();
    assert_eq!((failed.kind, failed.text.as_deref(), failed.sender.as_str()), (MessageKind::Failed, None, "16505551234"));
    assert_eq!((failed.name.message_id.as_deref(), failed.name.is_own, failed.at), (Some("wamid.S"), false, NOW));
    assert!(failed.raw.get().contains("131026"));
    assert_eq!(status("failed", json!({ "recipient_user_id": "US.77" })).unwrap().sender, "US.77");
    assert!(status("failed", json!({})).is_none(), "to nobody");
}

#[test]
fn a_message_counts_if_its_time_is_acceptable() {
    let week = 7 * 24 * 3600;
    let now = NOW / 1000;
    let at = |timestamp: Value| {
        let received = received(&body(&json!({ "messages": [from(&json!({ "timestamp": timestamp }))] })));
        (received.messages.first().map(|message| message.at), received.out_of_time)
    };
    for (timestamp, read) in [(json!((now - week).to_string()), NOW - week * 1000), (json!(now + 90), NOW + 90_000), (json!(null), NOW)] {
        assert_eq!(at(timestamp.clone()), (Some(read), 0), "{timestamp}");
    }
    for out_of_time in [now - week - 1, now + 91, 0] {
        assert_eq!(at(json!(out_of_time.to_string())), (None, 1), "{out_of_time}");
    }
    let mut timed = body(&json!({ "messages": [{ "from": "1", "id": "wamid.M" }] }));
    timed["entry"][0]["time"] = json!(now - 9);
    assert_eq!(received(&timed).messages[0].at, NOW - 9000);
}

#[test]
fn other_apps_and_changes_without_a_number_yield_nothing() {
    let message = from(&json!({ "type": "text", "text": { "body": "Hi" } }));
    let value = json!({ "messages": [message] });
    assert_eq!(received(&body(&value)).messages.len(), 1);
    assert!(received_for(&facebook::PLATFORM, &body(&value)).messages.is_empty());
    for metadata in [json!(null), json!({}), json!({ "phone_number_id": "x" }), json!({ "phone_number_id": -1 })] {
        assert!(received(&body(&with(value.clone(), &json!({ "metadata": metadata })))).messages.is_empty());
    }
    let by_number = with(value.clone(), &json!({ "metadata": { "phone_number_id": 106 } }));
    assert_eq!(received(&body(&by_number)).messages[0].to.as_str(), "106");
    for (pointer, other) in [
        ("/object", json!("page")),
        ("/entry/0/changes/0/field", json!("smb_message_echoes")),
        ("/entry/0/changes/0/value", json!([1])),
        ("/entry/0/changes/0/value/messages", json!({ "0": 1 })),
        ("/entry/0/changes", json!([])),
        ("/entry", json!([])),
    ] {
        let mut body = body(&value);
        *body.pointer_mut(pointer).unwrap() = other;
        assert!(received(&body).messages.is_empty(), "{pointer}");
    }
    assert!(received(&body(&json!({ "errors": [{ "code": 130_501 }] }))).messages.is_empty());
}

proptest! {
    #[test]
    fn reading_is_total(
        list in prop_oneof![Just("messages"), Just("statuses"), Just("metadata")],
        name in prop_oneof![Just("from"), Just("id"), Just("timestamp"), Just("type"), Just("status"), Just("interactive"), Just("image")],
        text in ".*",
        number in any::<i64>(),
    ) {
        for value in [json!(text), json!(number), json!([text]), json!({ name: number }), json!(null)] {
            received(&body(&json!({ list: value })));
            let received = received(&body(&json!({ list: [from(&json!({ name: value }))] })));
            prop_assert!(received.messages.len() + usize::try_from(received.out_of_time).unwrap() <= 1);
        }
    }
}
