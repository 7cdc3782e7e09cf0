use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::Secret;
use crate::providers::facebook;
use crate::providers::meta::webhook::Recipient;
use crate::request::Request;
use crate::signing::{SecretPair, hex, hmac_sha256};

const NOW: u64 = 1_793_404_800_000;
const AT: u64 = NOW / 1000 - 60;
const OURS: &str = "670843887433847";

fn said_for(platform: &'static crate::platform::Platform, body: &Value) -> Updates {
    let body = body.to_string();
    let signature = format!("sha256={}", hex(&hmac_sha256(b"s", &[body.as_bytes()])));
    let request = Request::from_event(&json!({ "headers": { "x-hub-signature-256": signature }, "body": body }));
    let secrets = SecretPair { current: Secret::new("s"), previous: None };
    let recipient = Recipient { platform, app_id: OURS.to_owned(), secrets };
    read(&Delivery::read(&request, &[recipient]).unwrap(), OURS, NOW)
}

/// An update in the shape documented by Meta.
fn body(entry: &str, value: &Value) -> Value {
    let changes = json!([{ "field": "account_update", "value": value }]);
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": entry, "time": AT, "changes": changes }] })
}

/// About the app's own business, as partners get it.
fn partner(value: Value) -> Updates {
    said_for(&PLATFORM, &body("2949482758682047", &value))
}

fn own(value: Value) -> Updates {
    said_for(&PLATFORM, &body("102", &value))
}

fn companion(id: &str) -> CompanionId {
    CompanionId::parse(&WABA, id).unwrap()
}

fn removed(end: End, reason: &str) -> Updates {
    let removal = Removal { companion: companion("102"), end, reason: reason.to_owned(), at: AT };
    Updates { removals: vec![removal], news: Vec::new() }
}

fn fares(unready: Option<Unready>, look_within: Option<u64>) -> Updates {
    let news = News { companion: companion("102"), unready, look_within, at: AT };
    Updates { removals: Vec::new(), news: vec![news] }
}

fn info(more: Value) -> Value {
    let mut info = json!({ "waba_id": "102", "owner_business_id": "2329417887457253" });
    info.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    info
}

#[test]
fn an_account_that_a_merchant_took_back_is_gone() {
    assert_eq!(partner(json!({ "event": "PARTNER_REMOVED", "waba_info": info(json!({})) })), removed(End::Gone, "app_removed"));
    let uninstalled = |more: Value| partner(json!({ "event": "PARTNER_APP_UNINSTALLED", "waba_info": info(more) }));
    for ours in [json!({ "partner_app_id": OURS }), json!({ "partner_app_id": OURS.parse::<u64>().unwrap() }), json!({})] {
        assert_eq!(uninstalled(ours), removed(End::Gone, "app_removed"));
    }
    assert_eq!(uninstalled(json!({ "partner_app_id": "869361281603019" })), Updates::default());
    assert_eq!(own(json!({ "event": "ACCOUNT_DELETED" })), removed(End::Gone, "account_deleted"));
}

#[test]
fn a_number_that_left_the_app_needs_a_link_for_its_reason() {
    let disconnected = |reason: Value| {
        let info_of_end = json!({ "reason": reason, "initiated_by": "SYSTEM" });
        partner(json!({ "event": "PARTNER_REMOVED", "waba_info": info(json!({})), "disconnection_info": info_of_end }))
    };
    for reason in
        ["ACCOUNT_DISCONNECTED", "BUSINESS_DOWNGRADE", "CHANGE_NUMBER", "COMPANION_INACTIVITY", "PRIMARY_INACTIVITY", "USER_RE_REGISTERED"]
    {
        assert_eq!(disconnected(json!(reason)), removed(End::NeedsLink, &reason.to_lowercase()));
    }
    for strange in [json!(null), json!(7), json!(""), json!("with space"), json!("<b>"), json!("É"), json!("A".repeat(65)), json!("_A")] {
        assert_eq!(disconnected(strange.clone()), removed(End::NeedsLink, "account_disconnected"), "{strange}");
    }
}

#[test]
fn a_restriction_says_how_numbers_fare_and_its_end_triggers_a_check() {
    let ban = |state: &str| {
        own(json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": state, "waba_ban_date": "April 17, 2025" } }))
    };
    let restricted = || fares(Some(Unready::AccountRestricted), None);
    assert_eq!([ban("DISABLE"), ban("SCHEDULE_FOR_DISABLE")], [restricted(), restricted()]);
    assert_eq!(ban("REINSTATE"), fares(None, Some(0)));
    assert_eq!([ban(""), own(json!({ "event": "DISABLED_UPDATE" }))], [Updates::default(), Updates::default()]);
    let restriction = json!([{ "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1_641_330_498 }]);
    assert_eq!(own(json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": restriction })), restricted());
    assert_eq!(own(json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "ADULT" } })), restricted());
    assert_eq!(own(json!({ "event": "ACCOUNT_OFFBOARDED" })), fares(Some(Unready::NotChecked), Some(900)));
    assert_eq!(own(json!({ "event": "ACCOUNT_RECONNECTED" })), fares(None, Some(0)));
}

#[test]
fn other_updates_say_nothing() {
    for value in [
        json!({ "event": "PARTNER_ADDED", "waba_info": info(json!({})) }),
        json!({ "event": "PARTNER_APP_INSTALLED", "waba_info": info(json!({ "partner_app_id": OURS })) }),
        json!({ "event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "country": "DE" }),
        json!({ "event": "partner_removed" }),
        json!({ "event": ["ACCOUNT_DELETED"] }),
        json!({ "event": "ACCOUNT_DELETED", "waba_info": { "waba_id": "x" } }),
        json!({}),
        json!(null),
        json!("ACCOUNT_DELETED"),
    ] {
        assert_eq!(own(value.clone()), Updates::default(), "{value}");
    }
    let deleted = body("102", &json!({ "event": "ACCOUNT_DELETED" }));
    assert_eq!(said_for(&facebook::PLATFORM, &deleted), Updates::default(), "another app's");
    for (pointer, other) in [
        ("/object", json!("page")),
        ("/entry/0/id", json!(null)),
        ("/entry/0/id", json!("../7")),
        ("/entry/0/changes/0/field", json!("account_alerts")),
    ] {
        let mut deleted = deleted.clone();
        *deleted.pointer_mut(pointer).unwrap() = other;
        assert_eq!(said_for(&PLATFORM, &deleted), Updates::default(), "{pointer}");
    }
}

#[test]
fn a_report_without_a_past_time_counts_as_of_now() {
    let at = |time: Value| {
        let mut body = body("102", &json!({ "event": "ACCOUNT_DELETED" }));
        body["entry"][0]["time"] = time;
        said_for(&PLATFORM, &body).removals[0].at
    };
    let now = NOW / 1000;
    for (time, second) in [
        (json!(AT), AT),
        (json!(AT.to_string()), AT),
        (json!(AT * 1000 + 999), AT),
        (json!(now), now),
        (json!(now + 1), now),
        (json!(NOW + 1), now),
        (json!(null), now),
        (json!("soon"), now),
        (json!(-1), now),
        (json!(0), 0),
    ] {
        assert_eq!(at(time.clone()), second, "{time}");
    }
}

#[test]
fn a_repeated_report_is_read_once() {
    let mut body = body("102", &json!({ "event": "ACCOUNT_DELETED" }));
    let entry = body["entry"][0].clone();
    let mut later = entry.clone();
    later["time"] = json!(AT + 1);
    body["entry"] = json!([entry, entry, later]);
    assert_eq!(said_for(&PLATFORM, &body).removals.len(), 2);
}

proptest! {
    #[test]
    fn reading_is_total(
        name in prop_oneof![Just("event"), Just("waba_info"), Just("disconnection_info"), Just("ban_info")],
        text in ".*",
        number in any::<i64>(),
    ) {
        for value in [json!(text), json!(number), json!([number]), json!({ name: text }), json!(null)] {
            own(value.clone());
            let said = own(json!({ "event": "PARTNER_REMOVED", name: value }));
            prop_assert!(said.removals.len() + said.news.len() <= 1);
        }
    }
}
