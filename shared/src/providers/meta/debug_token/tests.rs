use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::platform::AccountId;
use crate::providers::facebook::{self, PAGE};

const APP: &str = "123456789012345";

fn app() -> App {
    facebook::tests::graph("", "hush", 0).app
}

fn judged(status: u16, body: &Value) -> Result<Standing, TroubleKind> {
    judge("n".into(), &app(), &Answer::made(status, body.to_string().as_bytes())).map_err(|trouble| trouble.kind)
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
        assert_eq!(death, reason);
    }
    assert_eq!(dead(190, None), Ok(Standing::Dead("token_invalid")));
    // An unparseable token belongs to no app.
    assert_eq!(judged(200, &json!({"data": {"is_valid": false, "error": {"code": 190}}})), Ok(Standing::Dead("token_invalid")));
    assert_eq!(judged(200, &json!({"data": {"is_valid": false}})), Ok(Standing::Dead("token_invalid")));
}

#[test]
fn an_invalid_token_is_not_dead_if_the_error_is_ours_or_facebooks() {
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
fn an_error_instead_of_an_answer_is_ours_or_transient() {
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
fn an_exchange_distinguishes_our_credentials_from_other_errors() {
    let kind = |status, code: i64| {
        let error = serde_json::from_value(json!({"code": code})).unwrap();
        trouble_of(Asking::TokenExchange, "n".into(), status, Some(&error)).kind
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
    assert_eq!(facts.permissions.scopes, ["pages_messaging", "email"]);
    assert_eq!(facts.permissions.accounts(), [AccountId::parse(&PAGE, "1").unwrap()]);
}

fn inspect(data: serde_json::Value) -> Result<Inspection, &'static str> {
    inspected(&app(), serde_json::from_value(data).unwrap())
}

#[test]
fn a_token_of_this_app_is_read_with_its_pages() {
    let inspection = inspect(json!({
        "app_id": 123_456_789_012_345_u64, "is_valid": true, "user_id": "77", "type": "USER", "scopes": ["pages_messaging"], "data_access_expires_at": 0,
        "granular_scopes": [{"scope": "pages_show_list", "target_ids": ["1", "x/y", 2]}, {"scope": "pages_messaging", "target_ids": ["2"]}, {"scope": "email"}]
    }))
    .unwrap();
    assert_eq!(inspection.permissions.accounts().iter().map(AccountId::as_str).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((inspection.grant.as_str(), inspection.data_access_expires_at), ("77", None));
}

#[test]
fn a_permission_that_excludes_a_page_is_lacking_only_there() {
    let inspection = inspect(json!({
        "app_id": "123456789012345", "is_valid": true, "user_id": "77",
        "scopes": ["pages_messaging", "pages_show_list", "pages_manage_metadata"],
        "granular_scopes": [
            {"scope": "pages_show_list"}, {"scope": "pages_messaging", "target_ids": ["2"]}, {"scope": "pages_manage_metadata", "target_ids": null}
        ]
    }))
    .unwrap();
    let needed = ["pages_messaging", "pages_show_list", "pages_manage_metadata", "instagram_basic"].map(str::to_owned);
    assert_eq!(inspection.lacking(&AccountId::parse(&PAGE, "1").unwrap(), &needed, &app()), ["pages_messaging"]);
    assert!(inspection.lacking(&AccountId::parse(&PAGE, "2").unwrap(), &needed, &app()).is_empty());
}

#[test]
fn a_foreign_dead_or_ownerless_token_is_refused() {
    let good = json!({"app_id": "123456789012345", "is_valid": true, "user_id": "77"});
    assert!(inspect(good.clone()).is_ok());
    for (key, value) in [
        ("app_id", json!("999999999999999")),
        ("is_valid", json!(false)),
        ("user_id", json!("0")),
        ("user_id", json!(null)),
        ("app_id", json!(null)),
    ] {
        let mut bad = good.clone();
        bad[key] = value;
        assert!(inspect(bad).is_err(), "{key}");
    }
}

#[test]
fn the_end_of_data_access_is_read_if_present() {
    let end = |end: u64| {
        let data = json!({"app_id": "123456789012345", "is_valid": true, "user_id": "77", "data_access_expires_at": end});
        inspect(data).unwrap().data_access_expires_at
    };
    assert_eq!((end(0), end(1), end(1_800_000_000)), (None, Some(1), Some(1_800_000_000)));
}

proptest! {
    #[test]
    fn any_answer_is_read_and_only_an_invalid_token_condemned(
        status in any::<u16>(),
        noise in prop::collection::vec(any::<u8>(), 0..60),
        is_valid in any::<Option<bool>>(),
        app in prop::option::of(prop::sample::select(vec![APP, "999999999999999", "x"])),
        code in prop::option::of(prop_oneof![0_i64..700, any::<i64>()]),
        subcode in any::<Option<i64>>(),
        top in any::<bool>(),
        ours in Just(app()),
    ) {
        let _ = judge("n".into(), &ours, &Answer::made(status, &noise));
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
