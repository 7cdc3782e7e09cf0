use serde_json::{Value, json};

use super::*;
use crate::providers::{facebook, whatsapp};
use crate::signing::{hex, hmac_sha256};

const SECRET: &str = "app secret";

fn recipients() -> [Recipient; 1] {
    let secrets = SecretPair { current: Secret::new(SECRET), previous: Some(Secret::new("the one before")) };
    [Recipient { platform: &facebook::PLATFORM, app_id: "1".to_owned(), secrets }]
}

fn post(body: &[u8], signature: &str) -> Request {
    let mut request = Request::from_event(&json!({ "headers": { "X-Hub-Signature-256": signature } }));
    request.body = body.to_vec();
    request
}

fn signed(body: &[u8], secret: &str) -> Request {
    post(body, &format!("sha256={}", hex(&hmac_sha256(secret.as_bytes(), &[body]))))
}

fn refusal(request: &Request) -> Option<Code> {
    Delivery::read(request, &recipients()).err().map(|error| error.code)
}

#[test]
fn a_body_is_accepted_under_either_secret_and_no_other() {
    let body = br#"{"object":"page","entry":[]}"#;
    assert_eq!(refusal(&signed(body, SECRET)), None);
    assert_eq!(refusal(&signed(body, "the one before")), None);
    for wrong in [
        signed(body, "another"),
        signed(b"{}", SECRET).with_body(body),
        post(body, ""),
        post(body, "sha256="),
        post(body, "sha256=zz"),
        post(body, &hex(&hmac_sha256(SECRET.as_bytes(), &[body]))),
        post(body, &format!("sha1={}", hex(&hmac_sha256(SECRET.as_bytes(), &[body])))),
        post(body, &format!("sha256=+{}", &hex(&hmac_sha256(SECRET.as_bytes(), &[body]))[1..])),
    ] {
        assert_eq!(refusal(&wrong), Some(Code::InvalidSignature));
    }
    let upper = hex(&hmac_sha256(SECRET.as_bytes(), &[body])).to_uppercase();
    assert_eq!(refusal(&post(body, &format!("sha256={upper}"))), None);
}

#[test]
fn a_delivery_is_for_all_platforms_of_the_app_that_signed_it() {
    let recipient = |platform, app_id: &str, secret: &str| {
        let secrets = SecretPair { current: Secret::new(secret), previous: None };
        Recipient { platform, app_id: app_id.to_owned(), secrets }
    };
    let is_for = |recipients: &[Recipient], secret: &str| {
        let request = signed(b"{}", secret);
        let delivery = Delivery::read(&request, recipients).ok()?;
        Some([&facebook::PLATFORM, &whatsapp::PLATFORM].map(|platform| delivery.is_for(platform)))
    };
    let apart = [recipient(&facebook::PLATFORM, "1", "one"), recipient(&whatsapp::PLATFORM, "2", "two")];
    assert_eq!(is_for(&apart, "one"), Some([true, false]));
    assert_eq!(is_for(&apart, "two"), Some([false, true]));
    assert_eq!(is_for(&apart, "three"), None);
    let together = [recipient(&facebook::PLATFORM, "1", "one"), recipient(&whatsapp::PLATFORM, "1", "its next")];
    assert_eq!(is_for(&together, "one"), Some([true, true]));
    assert_eq!(is_for(&together, "its next"), Some([true, true]));
    assert_eq!(is_for(&apart[..1], "two"), None, "what is off signs nothing");
}

#[test]
fn size_is_checked_before_signature_and_signature_before_content() {
    assert_eq!(refusal(&post(&vec![b'x'; MAX_BODY + 1], "")), Some(Code::PayloadTooLarge));
    assert_eq!(refusal(&post(b"no json", "")), Some(Code::InvalidSignature));
    for body in ["no json", "[]", "7", "\"{}\"", "null", "{", "{} {}", ""] {
        assert_eq!(refusal(&signed(body.as_bytes(), SECRET)), Some(Code::MalformedParameter), "{body}");
    }
    assert_eq!(refusal(&signed(b"{\"a\":\"\xff\"}", SECRET)), Some(Code::MalformedParameter));
    let largest = format!("{{}}{}", " ".repeat(MAX_BODY - 2));
    assert_eq!(refusal(&signed(largest.as_bytes(), SECRET)), None);
}

#[test]
fn any_content_of_an_object_is_read() {
    for (body, entries) in [
        (r#"{}"#, 0),
        (r#"{"object":7,"entry":null}"#, 0),
        (r#"{"object":"\ud83d","entry":{}}"#, 0),
        (r#"{"object":"page","entry":[7,{},{"id":"1","messaging":7},{"id":"1","messaging":[1,2],"standby":[3]}]}"#, 3),
    ] {
        let request = signed(body.as_bytes(), SECRET);
        let delivery = Delivery::read(&request, &recipients()).unwrap();
        assert_eq!(delivery.entries().count(), entries, "{body}");
        let elements: usize = delivery.entries().map(|entry| entry.messaging().count() * 10 + entry.standby().count()).sum();
        assert_eq!(elements, if entries == 3 { 21 } else { 0 });
    }
    let body = r#"{"entry":[{"changes":[7,{"field":"a"},{"field":"a","value":1},{"field":7,"value":2},{"field":"b","value":[3]}]},{"changes":{}}]}"#;
    let request = signed(body.as_bytes(), SECRET);
    let delivery = Delivery::read(&request, &recipients()).unwrap();
    let values =
        |field| delivery.entries().flat_map(|entry| entry.changes(field).map(RawValue::get).collect::<Vec<_>>()).collect::<Vec<_>>();
    assert_eq!((values("a"), values("b"), values("7")), (vec!["1"], vec!["[3]"], vec![]));
}

fn handshake(query: &str) -> Result<String, Code> {
    let request = Request::from_event(&json!({ "rawQueryString": query }));
    challenge(&request, &Secret::new("a verify token of ours")).map_err(|error| error.code)
}

#[test]
fn a_challenge_is_echoed_to_those_who_know_the_token() {
    let query = |mode: &str, token: &str, challenge: &str| {
        let pairs = [("hub.mode", mode), ("hub.verify_token", token), ("hub.challenge", challenge)];
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    let token = "a verify token of ours";
    for challenge in ["1158201444", "a b~", &"x".repeat(256)] {
        assert_eq!(handshake(&query("subscribe", token, challenge)), Ok(challenge.to_owned()));
    }
    for refused in [
        query("unsubscribe", token, "1"),
        query("", token, "1"),
        query("subscribe", "a verify token of other", "1"),
        query("subscribe", "", "1"),
        query("subscribe", token, ""),
        query("subscribe", token, &"x".repeat(257)),
        query("subscribe", token, "<é>"),
        query("subscribe", token, "a\nb"),
        query("subscribe", token, "1") + "&hub.mode=subscribe",
        query("subscribe", token, "1") + "%zz",
        String::new(),
    ] {
        assert_eq!(handshake(&refused), Err(Code::Forbidden), "{refused}");
    }
}

trait WithBody {
    fn with_body(self, body: &[u8]) -> Self;
}

impl WithBody for Request {
    fn with_body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }
}

/// The sample from Meta's documentation, signed over the bytes as sent: anything but ASCII is
/// escaped.
#[test]
fn the_signature_covers_escapes_as_sent() {
    let body = r#"{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":{"mid":"m","text":"\u00e4\u00f6\u00e5 \/ <"}}]}]}"#;
    let request = signed(body.as_bytes(), SECRET);
    let delivery = Delivery::read(&request, &recipients()).unwrap();
    let entry = delivery.entries().next().unwrap();
    let element: Value = serde_json::from_str(entry.messaging().next().unwrap().get()).unwrap();
    assert_eq!(element.pointer("/message/text"), Some(&json!("äöå / <")));
    let plain = serde_json::to_string(&serde_json::from_str::<Value>(body).unwrap()).unwrap();
    assert_ne!(plain, body);
    let header = request.header("x-hub-signature-256").unwrap();
    assert_eq!(refusal(&post(plain.as_bytes(), header)), Some(Code::InvalidSignature));
}
