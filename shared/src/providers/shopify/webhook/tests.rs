use base64::prelude::{BASE64_STANDARD, Engine as _};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::Secret;
use crate::signing::hmac_sha256;

const SHOP: &str = "acme.myshopify.com";

fn secrets(current: &str, previous: Option<&str>) -> SecretPair {
    SecretPair { current: Secret::new(current), previous: previous.map(Secret::new) }
}

fn sign(secret: &str, body: &[u8]) -> String {
    BASE64_STANDARD.encode(hmac_sha256(secret.as_bytes(), &[body]))
}

fn request(body: &[u8], headers: &[(&str, &str)]) -> Request {
    let headers: Map<String, Value> = headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    Request::from_event(&json!({ "body": BASE64_STANDARD.encode(body), "isBase64Encoded": true, "headers": headers }))
}

/// A correctly signed delivery, as Shopify makes it.
fn delivery(topic: &str, body: &Value) -> Result<Delivery, Error> {
    let body = body.to_string();
    let headers = [
        ("X-Shopify-Hmac-Sha256", sign("hush", body.as_bytes())),
        ("X-Shopify-Topic", topic.to_owned()),
        ("X-Shopify-Shop-Domain", SHOP.to_owned()),
        ("X-Shopify-Webhook-Id", "id-1".to_owned()),
    ];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Delivery::read(&request(body.as_bytes(), &headers), &secrets("hush", None))
}

fn bodies() -> [(&'static str, Value); 5] {
    let customer = json!({"id": 191_167, "email": "john@example.com", "phone": "555-625-1199"});
    [
        ("app/uninstalled", json!({"id": 42, "name": "Acme", "domain": "acme.example", "myshopify_domain": SHOP})),
        ("shop/redact", json!({"shop_id": 42, "shop_domain": SHOP})),
        (
            "customers/data_request",
            json!({"shop_id": 42, "shop_domain": SHOP, "orders_requested": [1], "customer": customer, "data_request": {"id": 9}}),
        ),
        ("customers/redact", json!({"shop_id": 42, "shop_domain": SHOP, "customer": customer, "orders_to_redact": [1]})),
        ("app/scopes_update", json!({"id": 7, "previous": ["read_products"], "current": [], "updated_at": "2026-01-01T00:00:00Z"})),
    ]
}

#[test]
fn the_vectors_hold() {
    let vectors: Value = serde_json::from_str(include_str!("../../../../vectors/shopify.json")).unwrap();
    let cases = vectors["webhook_hmac"].as_array().unwrap();
    assert!(cases.len() >= 14);
    for case in cases {
        let secrets = secrets(case["secrets"][0].as_str().unwrap(), case["secrets"][1].as_str());
        let (body, header) = (case["body"].as_str().unwrap(), case["header"].as_str().unwrap());
        let signed = signature(body.as_bytes(), header, &secrets).is_some();
        match case["expect"].as_str().unwrap() {
            "valid" => assert!(signed, "{}", case["id"]),
            "invalid" => assert!(!signed, "{}", case["id"]),
            "signature-matches-but-refuse" => {
                assert!(signed, "{}", case["id"]);
                let request = request(body.as_bytes(), &[("x-shopify-hmac-sha256", header)]);
                assert_eq!(Delivery::read(&request, &secrets).unwrap_err().code, Code::MalformedParameter);
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_body_counts_only_under_its_own_topic() {
    for (of, body) in bodies() {
        for (topic, _) in bodies() {
            let message = delivery(topic, &body).unwrap().message;
            assert_eq!(message != Message::Nothing, of == topic, "{of} as {topic}: {message:?}");
        }
        assert_eq!(delivery("products/update", &body).unwrap().message, Message::Nothing);
    }
    let sender = Sender { shop: ShopDomain::parse(SHOP).unwrap(), shop_id: Some("42".to_owned()) };
    assert_eq!(delivery("shop/redact", &bodies()[1].1).unwrap().message, Message::ShopRedact(sender));
}

#[test]
fn body_and_header_must_name_the_same_shop() {
    for (topic, mut body) in bodies() {
        for name in ["shop_domain", "myshopify_domain"] {
            body[name] = json!("other.myshopify.com");
            assert_eq!(delivery(topic, &body).unwrap_err().code, Code::MalformedParameter);
            body[name] = json!(7);
            assert!(delivery(topic, &body).is_err());
            body.as_object_mut().unwrap().remove(name);
        }
    }
}

#[test]
fn checks_run_in_order() {
    let code = |body: &[u8], headers: &[(&str, &str)]| {
        Delivery::read(&request(body, headers), &secrets("hush", Some("old"))).map_err(|error| error.code).err()
    };
    let large = vec![b'x'; MAX_BODY + 1];
    assert_eq!(code(&large, &[]), Some(Code::PayloadTooLarge));
    assert_eq!(code(b"{}", &[]), Some(Code::InvalidSignature));
    assert_eq!(code(b"{}", &[("x-shopify-hmac-sha256", "")]), Some(Code::InvalidSignature));
    for body in [&b"[]"[..], b"", b"{", b" {}", b"\xef\xbb\xbf{}", b"shop=a.myshopify.com&timestamp=1", b"{\"a\":1}{"] {
        assert_eq!(code(body, &[("x-shopify-hmac-sha256", &sign("hush", body))]), Some(Code::MalformedParameter), "{body:?}");
    }
    let hmac = sign("old", b"{}");
    let (hmac, topic, id) = (("X-SHOPIFY-HMAC-SHA256", hmac.as_str()), ("Shopify-Topic", "x/y"), ("x-shopify-webhook-id", "1"));
    assert_eq!(code(b"{}", &[hmac, id]), Some(Code::MissingParameter));
    assert_eq!(code(b"{}", &[hmac, topic]), Some(Code::MissingParameter));
    assert_eq!(code(b"{}", &[hmac, topic, id]), None);
    // The newer family alone, and both with one of them wrong.
    let newer = ("shopify-hmac-sha256", hmac.1);
    assert_eq!(code(b"{}", &[newer, topic, id]), None);
    assert_eq!(code(b"{}", &[newer, hmac, topic, id]), None);
    assert_eq!(code(b"{}", &[newer, ("x-shopify-hmac-sha256", "AAAA"), topic, id]), Some(Code::InvalidSignature));
    let of_the_other_secret = sign("hush", b"{}");
    assert_eq!(code(b"{}", &[newer, ("x-shopify-hmac-sha256", &of_the_other_secret), topic, id]), Some(Code::InvalidSignature));
}

#[test]
fn a_fingerprint_depends_only_on_the_bytes_and_the_secret() {
    let fingerprint = |body: &str, secret: &str, family: &str, id: &str| {
        let hmac = sign(secret, body.as_bytes());
        let (hmac_name, topic) = (format!("{family}shopify-hmac-sha256"), format!("{family}shopify-topic"));
        let headers = [(hmac_name.as_str(), hmac.as_str()), (topic.as_str(), id), ("x-shopify-webhook-id", id)];
        Delivery::read(&request(body.as_bytes(), &headers), &secrets("hush", Some("old"))).unwrap().fingerprint
    };
    let one = fingerprint("{}", "hush", "x-", "1");
    assert_eq!(one, fingerprint("{}", "hush", "", "2"));
    assert_ne!(one, fingerprint("{ }", "hush", "x-", "1"));
    assert_ne!(one, fingerprint("{}", "old", "x-", "1"), "which can't be made without that secret");
}

#[test]
fn a_malformed_shop_in_the_header_is_none() {
    let shop = |body: &str, shop: &str| {
        let hmac = sign("hush", body.as_bytes());
        let headers = [
            ("shopify-hmac-sha256", hmac.as_str()),
            ("shopify-topic", "app/scopes_update"),
            ("shopify-webhook-id", "1"),
            ("shopify-shop-domain", shop),
        ];
        Delivery::read(&request(body.as_bytes(), &headers), &secrets("hush", None)).map(|read| read.message).map_err(|error| error.code)
    };
    let body = r#"{"current": [], "previous": []}"#;
    assert!(matches!(shop(body, SHOP), Ok(Message::ScopesUpdate(_))));
    assert_eq!(shop(body, "evil.example"), Ok(Message::Nothing));
    assert_eq!(shop(&format!(r#"{{"shop_domain": "{SHOP}"}}"#), "evil.example"), Err(Code::MalformedParameter));
}

#[test]
fn times_are_read_to_the_millisecond() {
    for (text, at) in [
        ("1970-01-01T00:00:00Z", Some((0, false))),
        ("2026-10-31T00:00:00Z", Some((1_793_404_800_000, false))),
        ("2023-03-29T18:00:27.877041743Z", Some((1_680_112_827_877, true))),
        ("2023-03-29T18:00:27.5Z", Some((1_680_112_827_500, true))),
        ("2023-03-29T14:00:27-04:00", Some((1_680_112_827_000, false))),
        ("2000-02-29T12:00:00+00:00", Some((951_825_600_000, false))),
        ("1900-02-29T12:00:00Z", None),
        ("1969-12-31T23:59:59Z", None),
        ("2023-02-30T00:00:00Z", None),
        ("2023-03-29", None),
        ("2023-03-29T24:00:00Z", None),
        ("2023-03-29T18:00:27", None),
        ("2023-03-29T18:00:27.Z", None),
        ("2023-3-29T18:00:27Z", None),
        ("2023-03-29T18:00:27Z ", None),
        ("yesterday", None),
        ("", None),
    ] {
        assert_eq!(parse_time(text).map(|read| (read.millis, read.exact)), at, "{text}");
    }
}

#[test]
fn impossible_days_and_hours_are_no_time() {
    let millis = |text: &str| parse_time(text).map(|time| time.millis);
    for (text, seconds) in [
        ("2024-02-29T00:00:00Z", 1_709_164_800),
        ("2000-02-29T00:00:00Z", 951_782_400),
        ("2026-04-30T23:59:59Z", 1_777_593_599),
        // A leap second is the first second of the next minute.
        ("2026-12-31T23:59:60Z", 1_798_761_600),
        ("2026-01-01T05:30:00+05:30", 1_767_225_600),
        ("2025-12-31T18:30:00-05:30", 1_767_225_600),
        ("2026-01-01T23:59:00+23:59", 1_767_225_600),
    ] {
        assert_eq!(millis(text), Some(seconds * 1000), "{text}");
    }
    for none in [
        "2023-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-06-31T00:00:00Z",
        "2026-01-32T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+00:60",
        "2026-01-01T00:00:00.Z",
    ] {
        assert_eq!(millis(none), None, "{none}");
    }
}

#[test]
fn the_same_secret_in_both_places_is_one_secret() {
    assert!(signature(b"{}", &sign("same", b"{}"), &secrets("same", Some("same"))).is_some());
}

#[test]
fn a_body_is_accepted_up_to_its_limit_and_long_topics_are_unknown() {
    let read = |length: usize, topic: usize| {
        let body = format!("{{{}}}", " ".repeat(length - 2));
        let (hmac, topic) = (sign("hush", body.as_bytes()), "t".repeat(topic));
        let headers = [
            ("X-Shopify-Hmac-Sha256", hmac.as_str()),
            ("X-Shopify-Topic", &topic),
            ("X-Shopify-Shop-Domain", SHOP),
            ("X-Shopify-Webhook-Id", "id"),
        ];
        Delivery::read(&request(body.as_bytes(), &headers), &secrets("hush", None)).map(|_| ()).map_err(|error| error.code)
    };
    assert_eq!((read(1024 * 1024, 1), read(1024 * 1024 + 1, 1)), (Ok(()), Err(Code::PayloadTooLarge)));
    assert_eq!((read(2, 256), read(2, 257), read(2, 9000)), (Ok(()), Ok(()), Ok(())));
}

#[test]
fn an_incomplete_body_says_nothing() {
    let said = |topic: &str, body: Value| delivery(topic, &body).unwrap().message;
    for body in [json!({"previous": []}), json!({"current": []}), json!({"previous": [], "current": "read_products"})] {
        assert_eq!(said("app/scopes_update", body), Message::Nothing);
    }
    for id in [json!(""), json!("4x"), json!("-4"), json!(-4), json!(4.5), json!("4".repeat(33)), json!(null)] {
        assert_eq!(said("shop/redact", json!({"shop_id": id, "shop_domain": SHOP})), Message::Nothing, "{id}");
    }
    let longest = "4".repeat(32);
    let sender = Sender { shop: ShopDomain::parse(SHOP).unwrap(), shop_id: Some(longest.clone()) };
    assert_eq!(said("shop/redact", json!({"shop_id": longest, "shop_domain": SHOP})), Message::ShopRedact(sender));
}

proptest! {
    #[test]
    fn any_change_of_body_or_signature_is_refused(case in 0_usize..5, bit in any::<prop::sample::Index>(), of_body in any::<bool>()) {
        let (topic, body) = bodies()[case].clone();
        let mut body = body.to_string().into_bytes();
        let mut hmac = hmac_sha256(b"hush", &[&body]).to_vec();
        let target = if of_body { &mut body } else { &mut hmac };
        let bit = bit.index(target.len() * 8);
        target[bit / 8] ^= 1 << (bit % 8);
        let headers = [("x-shopify-hmac-sha256", BASE64_STANDARD.encode(&hmac)), ("x-shopify-topic", topic.to_owned()), ("x-shopify-webhook-id", "1".to_owned()), ("x-shopify-shop-domain", SHOP.to_owned())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = Delivery::read(&request(&body, &headers), &secrets("hush", Some("old"))).unwrap_err();
        prop_assert_eq!(refused.code, Code::InvalidSignature);
    }

    #[test]
    fn any_change_of_the_signature_header_is_refused(place in 0_usize..44, byte in any::<u8>()) {
        let body = bodies()[1].1.to_string();
        let mut header = sign("hush", body.as_bytes()).into_bytes();
        prop_assume!(header[place] != byte && byte.is_ascii() && !byte.is_ascii_whitespace());
        header[place] = byte;
        let header = String::from_utf8(header).unwrap();
        prop_assert!(signature(body.as_bytes(), &header, &secrets("hush", None)).is_none());
    }

    #[test]
    fn reading_is_total(body in prop::collection::vec(any::<u8>(), 0..200), topic in "\\PC{0,40}", time in "\\PC{0,40}") {
        let hmac = sign("hush", &body);
        let headers = [("x-shopify-hmac-sha256", hmac.as_str()), ("x-shopify-topic", &topic), ("x-shopify-webhook-id", "1"), ("x-shopify-triggered-at", &time)];
        let _ = Delivery::read(&request(&body, &headers), &secrets("hush", None));
    }

    #[test]
    fn times_survive_being_written(at in 0_u64..4_102_444_800) {
        prop_assert_eq!(parse_time(&crate::clock::rfc3339(at)).map(|read| read.millis / 1000), Some(at));
    }
}
