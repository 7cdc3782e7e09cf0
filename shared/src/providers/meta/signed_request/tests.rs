use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::Secret;
use crate::platform::AccountId;
use crate::providers::facebook::{PAGE, PERSON};
use crate::signing::{base64url, hmac_sha256};

const NOW: u64 = 1_790_000_000;

fn secrets(current: &str, previous: Option<&str>) -> SecretPair {
    SecretPair { current: Secret::new(current), previous: previous.map(Secret::new) }
}

fn signed(secret: &str, payload: &Value) -> String {
    let payload = base64url(payload.to_string().as_bytes());
    format!("{}.{payload}", base64url(&hmac_sha256(secret.as_bytes(), &[payload.as_bytes()])))
}

fn verified(payload: &Value) -> Result<SignedRequest, String> {
    SignedRequest::verify(&signed("secret", payload), &PAGE, &secrets("secret", None), NOW).map_err(|error| error.cause.unwrap())
}

fn subject_of(user_id: Value, profile_id: Value) -> Option<Subject> {
    let payload = json!({ "algorithm": ALGORITHM, "issued_at": NOW, "user_id": user_id, "profile_id": profile_id });
    verified(&payload).ok().map(|request| request.subject)
}

#[test]
fn the_vectors_hold() {
    let vectors: Value = serde_json::from_str(include_str!("../../../../vectors/facebook.json")).unwrap();
    let cases = vectors["signed_request"].as_array().unwrap();
    assert!(cases.len() > 8);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let result = SignedRequest::verify(text("signed_request"), &PAGE, &secrets(text("app_secret"), None), NOW);
        let payload = &case["payload"];
        // The oldest vector is signed, but has neither subject nor time.
        if text("expect") == "reject" || payload.get("user_id").is_none() {
            let error = result.expect_err(text("name"));
            assert_eq!(error.code, Code::InvalidSignature, "{}", text("name"));
            assert!(text("expect") == "reject" || error.cause.unwrap().ends_with("no issued_at"));
            continue;
        }
        let request = result.unwrap_or_else(|error| panic!("{}: {:?}", text("name"), error.cause));
        let user_id = payload["user_id"].as_str().map_or_else(|| payload["user_id"].to_string(), str::to_owned);
        assert_eq!(request.subject, Subject::Grant(GrantId::parse(&PERSON, &user_id).unwrap()), "{}", text("name"));
        assert_eq!(Some(request.issued_at), payload["issued_at"].as_u64());
    }
}

#[test]
fn the_previous_secret_still_verifies_and_no_other_does() {
    let request = signed("old", &json!({ "algorithm": ALGORITHM, "issued_at": 1, "user_id": "7" }));
    let verify = |secrets: &SecretPair| SignedRequest::verify(&request, &PAGE, secrets, NOW).is_ok();
    assert!(verify(&secrets("old", None)) && verify(&secrets("new", Some("old"))) && verify(&secrets("old", Some("old"))));
    assert!(!verify(&secrets("new", None)) && !verify(&secrets("new", Some("older"))) && !verify(&secrets("", Some(""))));
}

#[test]
fn a_person_is_digits_a_page_signs_as_nobody_and_zero_is_nobody() {
    let person = |id: &str| Some(Subject::Grant(GrantId::parse(&PERSON, id).unwrap()));
    let page = || Some(Subject::Account(AccountId::parse(&PAGE, "55").unwrap()));
    assert_eq!(subject_of(json!("123"), Value::Null), person("123"));
    assert_eq!(subject_of(json!(123), json!("55")), person("123"));
    for zero in [json!("0"), json!(0), Value::Null] {
        assert_eq!(subject_of(zero.clone(), json!("55")), page(), "{zero}");
        assert_eq!(subject_of(zero, json!(55)), page());
    }
    for nothing in [Value::Null, json!("0"), json!(0), json!(-1), json!("x")] {
        assert_eq!(subject_of(json!("0"), nothing.clone()), Some(Subject::Nobody), "{nothing}");
        assert_eq!(subject_of(Value::Null, nothing), None);
    }
    for odd in [json!(-1), json!(1.5), json!("12a"), json!(" 12"), json!(""), json!(true), json!(["1"]), json!("1".repeat(33))] {
        assert_eq!(subject_of(odd.clone(), json!("55")), None, "{odd}");
    }
}

/// WSTG-SESS-10.
#[test]
fn future_and_missing_times_and_other_algorithms_are_refused() {
    let of =
        |algorithm: Value, issued_at: Value| verified(&json!({ "algorithm": algorithm, "issued_at": issued_at, "user_id": "7" })).is_ok();
    assert!(of(json!(ALGORITHM), json!(0)) && of(json!(ALGORITHM), json!(NOW + AHEAD)) && of(json!(ALGORITHM), json!("1790000000")));
    assert!(!of(json!(ALGORITHM), json!(NOW + AHEAD + 1)));
    for odd in [Value::Null, json!(-1), json!(1.5), json!(""), json!("x"), json!("+1790000000"), json!(u64::MAX)] {
        assert!(!of(json!(ALGORITHM), odd.clone()), "{odd}");
    }
    for odd in [Value::Null, json!("none"), json!("HMAC-SHA1"), json!(""), json!("hmac-sha256")] {
        assert!(!of(odd.clone(), json!(NOW)), "{odd}");
    }
}

#[test]
fn a_signed_payload_that_is_no_object_is_refused() {
    for payload in [json!([]), json!("x"), json!(7), Value::Null] {
        assert!(verified(&payload).is_err(), "{payload}");
    }
}

proptest! {
    #[test]
    fn any_changed_bit_is_refused(position in any::<prop::sample::Index>(), bit in 0_u8..7, user in 1_u64.., issued_at in 0..NOW) {
        let text = signed("secret", &json!({ "algorithm": ALGORITHM, "issued_at": issued_at, "user_id": user }));
        let mut changed = text.clone().into_bytes();
        let position = position.index(changed.len());
        changed[position] ^= 1 << bit;
        let changed = String::from_utf8(changed).unwrap();
        let pair = secrets("secret", Some("another"));
        prop_assert!(SignedRequest::verify(&text, &PAGE, &pair, NOW).is_ok());
        prop_assert!(SignedRequest::verify(&changed, &PAGE, &pair, NOW).is_err(), "{changed}");
    }

    #[test]
    fn verifying_is_total(text in ".*", json in "\\PC*") {
        let pair = secrets("secret", None);
        prop_assert!(SignedRequest::verify(&text, &PAGE, &pair, NOW).is_err());
        let payload = base64url(json.as_bytes());
        let signature = base64url(&hmac_sha256(b"secret", &[payload.as_bytes()]));
        let _ = SignedRequest::verify(&format!("{signature}.{payload}"), &PAGE, &pair, NOW);
    }
}
