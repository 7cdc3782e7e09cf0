use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const APP: &str = "123456789012345";

fn judged(status: u16, body: &Value) -> Result<Standing, TroubleKind> {
    judge("n", APP, &Answer::made(status, body.to_string().as_bytes())).map_err(|trouble| trouble.kind)
}

fn dead(code: i64, subcode: Option<i64>) -> Result<Standing, TroubleKind> {
    judged(
        200,
        &json!({"data": {"app_id": APP, "is_valid": false, "scopes": [], "error": {"code": code, "subcode": subcode, "message": "…"}}}),
    )
}

#[test]
fn each_subcode_has_its_reason() {
    for (subcode, reason) in [
        (458, "app_removed"),
        (459, "checkpoint"),
        (460, "password_changed"),
        (463, "expired"),
        (464, "unconfirmed"),
        (467, "token_invalid"),
        (492, "page_role_lost"),
        (1, "token_invalid"),
    ] {
        let Ok(Standing::Dead(death)) = dead(190, Some(subcode)) else { panic!("{subcode}") };
        assert_eq!(death.as_str(), reason);
    }
    assert_eq!(dead(190, None), Ok(Standing::Dead(Death::TokenInvalid)));
    // A token that can't even be parsed belongs to no app.
    assert_eq!(judged(200, &json!({"data": {"is_valid": false, "error": {"code": 190}}})), Ok(Standing::Dead(Death::TokenInvalid)));
    assert_eq!(judged(200, &json!({"data": {"is_valid": false}})), Ok(Standing::Dead(Death::TokenInvalid)));
}

#[test]
fn an_invalid_token_is_not_dead_when_the_error_is_ours_or_facebooks() {
    for code in [1, 101] {
        assert_eq!(dead(code, None), Err(TroubleKind::Credentials), "{code}");
    }
    for code in [4, 613] {
        assert_eq!(dead(code, None), Err(TroubleKind::Throttled), "{code}");
    }
    for code in [2, 17, 32, 100, 191, 341, 368, 2635, 80_006] {
        assert_eq!(dead(code, None), Err(TroubleKind::Passing), "{code}");
    }
    let passing = json!({"data": {"app_id": APP, "is_valid": false, "error": {"code": 190, "is_transient": true}}});
    assert_eq!(judged(200, &passing), Err(TroubleKind::Passing));
}

#[test]
fn a_token_of_another_app_is_never_judged() {
    for is_valid in [true, false] {
        let body = json!({"data": {"app_id": "999999999999999", "is_valid": is_valid, "error": {"code": 190, "subcode": 460}}});
        assert_eq!(judged(200, &body), Ok(Standing::OfAnotherApp));
    }
    let refused = json!({"error": {"code": 100, "message": "(#100) The App_id in the input_token did not match the Viewing App"}});
    assert_eq!(judged(400, &refused), Ok(Standing::OfAnotherApp));
}

#[test]
fn an_error_in_place_of_an_answer_is_about_us_or_passes() {
    for (status, body, kind) in [
        (400, json!({"error": {"code": 190}}), TroubleKind::Credentials),
        (200, json!({"error": {"code": 190}}), TroubleKind::Credentials),
        (400, json!({"error": {"code": 190, "error_subcode": 460}}), TroubleKind::Credentials),
        (400, json!({"error": {"code": 101}}), TroubleKind::Credentials),
        (403, json!({"error": {"code": 200}}), TroubleKind::Credentials),
        (400, json!({"error": {"code": 1}}), TroubleKind::Passing),
        (500, json!({"error": {"code": 1, "is_transient": true}}), TroubleKind::Passing),
        (400, json!({"error": {"code": 2635}}), TroubleKind::Passing),
        (400, json!({"error": {"code": 17}}), TroubleKind::Passing),
        (400, json!({"error": {"code": 4}}), TroubleKind::Throttled),
        (429, json!({"error": {"code": 613}}), TroubleKind::Throttled),
        (429, json!("slow down"), TroubleKind::Throttled),
        (503, json!(null), TroubleKind::Passing),
        (302, json!(null), TroubleKind::Passing),
        (200, json!({"data": {"app_id": APP, "is_valid": "no"}}), TroubleKind::Passing),
        (200, json!({"data": {"is_valid": true}}), TroubleKind::Passing),
        (200, json!({"error": {"code": 190}, "data": {"app_id": APP, "is_valid": false}}), TroubleKind::Credentials),
        (500, json!({"data": {"app_id": APP, "is_valid": false}}), TroubleKind::Passing),
    ] {
        assert_eq!(judged(status, &body), Err(kind), "{status} {body}");
    }
}

#[test]
fn an_exchange_tells_our_credentials_from_everything_else() {
    let kind = |status, code: i64| {
        let error = serde_json::from_value(json!({"code": code})).unwrap();
        Trouble::of(Call::TokenExchange, "n", status, Some(&error)).kind
    };
    assert_eq!([kind(400, 1), kind(400, 101)], [TroubleKind::Credentials; 2]);
    assert_eq!([kind(400, 190), kind(400, 100), kind(403, 200), kind(400, 2635)], [TroubleKind::Refused; 4]);
    assert_eq!([kind(500, 2), kind(400, 17), kind(503, 100), kind(200, 0)], [TroubleKind::Passing; 4]);
    assert_eq!(kind(400, 4), TroubleKind::Throttled);
}

#[test]
fn a_valid_token_is_read_with_its_end_and_permissions() {
    let body = json!({"data": {
        "app_id": 123_456_789_012_345_u64, "is_valid": true, "issued_at": 5, "expires_at": 0, "data_access_expires_at": 9, "scopes": ["pages_messaging", "email"],
        "granular_scopes": [{"scope": "pages_messaging", "target_ids": [1, "x"]}, {"scope": "email"}]
    }});
    let Ok(Standing::Valid(facts)) = judged(200, &body) else { panic!("it is valid") };
    assert_eq!((facts.issued_at, facts.expires_at, facts.data_access_expires_at), (Some(5), None, Some(9)));
    assert_eq!(facts.permissions.scopes(), ["pages_messaging", "email"]);
    assert_eq!(facts.permissions.pages(), [super::super::pages::PageId::parse("1").unwrap()]);
}

proptest! {
    #[test]
    fn any_answer_is_read_and_condemns_only_what_is_not_valid(
        status in any::<u16>(),
        noise in prop::collection::vec(any::<u8>(), 0..60),
        is_valid in any::<Option<bool>>(),
        app in prop::option::of(prop::sample::select(vec![APP, "999999999999999", "x"])),
        code in prop::option::of(prop_oneof![0_i64..700, any::<i64>()]),
        subcode in any::<Option<i64>>(),
        top in any::<bool>(),
    ) {
        let _ = judge("n", APP, &Answer::made(status, &noise));
        let error = code.map(|code| json!({"code": code, "subcode": subcode}));
        let mut body = json!({"data": {"app_id": app, "is_valid": is_valid, "error": error}});
        if top {
            body["error"] = json!({"code": code.unwrap_or_default()});
        }
        if let Ok(Standing::Dead(_)) = judged(status, &body) {
            prop_assert!((200..300).contains(&status) && is_valid == Some(false) && app != Some("999999999999999") && !top);
            prop_assert!(!matches!(code, Some(1 | 2 | 4 | 100 | 101)));
        }
    }
}
