//! What is signed: nothing passes that the secrets did not sign, and what passes says what it says.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use shared::Code;
use shared::platform::Subject;
use shared::providers::meta::signed_request::SignedRequest;
use shared::providers::shopify::webhook::{Delivery, Message};
use shared::request::Request;
use shared::signing::state::State;
use shared::texts::in_english;
use shared::{linking::Purpose, providers::facebook::PAGE};

use super::{CURRENT, NOW, PREVIOUS, changed, secrets, text_of};
use crate::facebook::signed_request;
use crate::fuzz::Target;
use crate::provider::hmac_sha256;

/// `signed_request`: as it comes, and as a payload that Facebook did sign.
pub(super) const SIGNED_REQUEST: Target = Target {
    name: "signed_request",
    seeds: || {
        let payloads = [
            json!({ "algorithm": "HMAC-SHA256", "issued_at": NOW, "user_id": "218471" }),
            json!({ "algorithm": "HMAC-SHA256", "expires": NOW, "issued_at": NOW - 5, "user_id": 123 }),
            json!({ "algorithm": "HMAC-SHA256", "issued_at": NOW, "profile_id": "55", "user_id": "0" }),
        ];
        let signed = payloads.iter().flat_map(|payload| [CURRENT, PREVIOUS].map(|secret| signed_request(secret, payload).into_bytes()));
        signed.chain(payloads.iter().map(|payload| payload.to_string().into_bytes())).collect()
    },
    words: &["HMAC-SHA256", "\"algorithm\":", "\"user_id\":", "\"profile_id\":", "\"issued_at\":", "\"0\"", "none"],
    run: |input| {
        let text = text_of(input);
        let pair = secrets();
        let raw = SignedRequest::verify(&text, &PAGE, &pair, NOW);
        if let Ok(request) = &raw {
            let (signature, payload) = text.split_once('.').expect("what passes has two halves");
            let signature = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')).expect("a signature in base64");
            let is_of = |secret: &str| signature == hmac_sha256(secret.as_bytes(), payload.as_bytes());
            assert!(is_of(CURRENT) || is_of(PREVIOUS), "nobody signed it");
            assert_eq!(request.payload, payload);
        }
        let payload = URL_SAFE_NO_PAD.encode(input);
        let signature = URL_SAFE_NO_PAD.encode(hmac_sha256(PREVIOUS.as_bytes(), payload.as_bytes()));
        let signed = SignedRequest::verify(&format!("{signature}.{payload}"), &PAGE, &pair, NOW);
        if let Ok(request) = &signed {
            let json: Value = serde_json::from_slice(input).expect("what passes is JSON");
            assert_eq!(json["algorithm"], "HMAC-SHA256");
            assert!(request.issued_at <= NOW + 90);
            match &request.subject {
                Subject::Grant(id) => {
                    let id = id.as_str();
                    assert!(id.bytes().all(|b| b.is_ascii_digit()) && id.bytes().any(|b| b != b'0'));
                    assert_eq!(json["user_id"].as_str().map_or_else(|| json["user_id"].to_string(), str::to_owned), id);
                }
                Subject::Account(_) | Subject::Nobody => {
                    let user = &json["user_id"];
                    assert!(user.is_null() || user == 0 || user.as_str().is_some_and(|id| id.bytes().all(|b| b == b'0')), "{user}");
                }
            }
            let other = text_of(&changed(payload.as_bytes()));
            assert!(SignedRequest::verify(&format!("{signature}.{other}"), &PAGE, &pair, NOW).is_err(), "a changed bit passes");
        }
        let said = |result: Result<SignedRequest, shared::Error>| match result {
            Ok(request) => format!("{:?}", std::mem::discriminant(&request.subject)),
            Err(error) => error.cause.unwrap_or_default(),
        };
        format!("{} / {}", said(raw), said(signed))
    },
};

/// A webhook: topic, shop and time in the first three lines, the body in the rest.
pub(super) const WEBHOOK: Target = Target {
    name: "webhook",
    seeds: || {
        let shop = "acme.myshopify.com";
        let bodies = [
            ("app/uninstalled", json!({ "id": 548_380_009, "name": "Acme", "domain": shop, "myshopify_domain": shop })),
            ("shop/redact", json!({ "shop_id": 954_889, "shop_domain": shop })),
            ("customers/redact", json!({ "shop_id": 954_889, "shop_domain": shop, "customer": { "id": 1 }, "orders_to_redact": [] })),
            ("customers/data_request", json!({ "shop_id": 954_889, "shop_domain": shop, "customer": { "id": 1 }, "orders_requested": [] })),
            ("app/scopes_update", json!({ "id": 1, "previous": ["read_products"], "current": ["read_products", "read_orders"] })),
        ];
        bodies.iter().map(|(topic, body)| format!("{topic}\n{shop}\n2026-11-22T23:59:59.123Z\n{body}").into_bytes()).collect()
    },
    words: &[
        "app/uninstalled",
        "shop/redact",
        "customers/redact",
        "app/scopes_update",
        "acme.myshopify.com",
        "\"shop_domain\":",
        "\"myshopify_domain\":",
        "\"id\":",
    ],
    run: |input| {
        let mut parts = input.splitn(4, |byte| *byte == b'\n');
        let mut line = || text_of(parts.next().unwrap_or_default());
        let (topic, shop, time) = (line(), line(), line());
        let body = parts.next().unwrap_or_default();
        let secret = if input.len().is_multiple_of(2) { CURRENT } else { PREVIOUS };
        let signature = STANDARD.encode(hmac_sha256(secret.as_bytes(), body));
        let delivery = |signature: Option<&str>, body: &[u8]| {
            let mut headers = json!({ "x-shopify-topic": topic, "shopify-shop-domain": shop, "X-Shopify-Webhook-Id": "id", "x-shopify-triggered-at": time });
            if let Some(signature) = signature {
                headers["x-shopify-hmac-sha256"] = json!(signature);
            }
            let event = json!({ "headers": headers, "body": STANDARD.encode(body), "isBase64Encoded": true });
            Delivery::read(&Request::from_event(&event), &secrets())
        };
        let refused = |signature: Option<&str>, body: &[u8]| {
            assert_eq!(delivery(signature, body).map(drop).map_err(|error| error.code), Err(Code::InvalidSignature));
        };
        refused(None, body);
        refused(Some(&STANDARD.encode(hmac_sha256(b"another secret", body))), body);
        if !body.is_empty() {
            refused(Some(&signature), &changed(body));
        }
        match delivery(Some(&signature), body) {
            Ok(read) => {
                let json: Value = serde_json::from_slice(body).expect("what passes is JSON");
                if let Message::Uninstalled(sender) | Message::ShopRedact(sender) = &read.message {
                    let named = [&json["shop_domain"], &json["myshopify_domain"]];
                    assert!(named.iter().any(|named| named.as_str().is_some_and(|named| named.eq_ignore_ascii_case(sender.shop.as_str()))));
                }
                format!("{:?} {}", std::mem::discriminant(&read.message), read.triggered_at.is_some())
            }
            Err(error) => format!("{} {}", error.code.as_str(), in_english(&error)),
        }
    },
};

/// A state: as it comes, and one of ours that carries the input.
pub(super) const STATE: Target = Target {
    name: "state",
    seeds: || {
        let state = |extra: &[u8]| State { issued_at: NOW, nonce: [7; 16], browser: [9; 32], extra: extra.to_vec() };
        let pair = secrets();
        let extras: [&[u8]; 3] = [b"acme.myshopify.com", &[1; 25], b""];
        let signed =
            extras.iter().flat_map(|extra| ["shopify", "facebook"].map(|platform| state(extra).sign(platform, &pair.current).into_bytes()));
        signed.chain(extras.iter().map(|extra| extra.to_vec())).collect()
    },
    words: &["acme.myshopify.com", "shopify", "facebook", "AQdzaG9waWZ5", "AQhmYWNlYm9vaw"],
    run: |input| {
        let (text, pair) = (text_of(input), secrets());
        let mut said = String::new();
        for platform in ["shopify", "facebook"] {
            match State::verify(&text, platform, &pair) {
                Ok(verified) => {
                    assert_eq!(verified.state.sign(platform, verified.secret), text, "one state has one spelling");
                    said += "passes ";
                }
                Err(error) => said += &format!("{error:?} "),
            }
        }
        let extra: Vec<u8> = input.iter().copied().take(200).collect();
        let ours = State { issued_at: NOW, nonce: [1; 16], browser: [2; 32], extra: extra.clone() }.sign("facebook", &pair.current);
        let read = State::verify(&ours, "facebook", &pair).expect("our own state passes").state;
        assert_eq!(read.extra, extra);
        assert!(State::verify(&ours, "shopify", &pair).is_err(), "a state of one platform passes for the other");
        assert!(State::verify(&text_of(&changed(ours.as_bytes())), "facebook", &pair).is_err(), "a changed bit passes");
        if let Some(purpose) = Purpose::read(&extra) {
            // Apart from the one that the version before wrote for moving everything.
            assert!(purpose.to_bytes() == extra || extra.last() == Some(&1), "one purpose has one form");
            said += "purpose";
        }
        said
    },
};
