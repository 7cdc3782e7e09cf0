use super::*;
use crate::Vars;
use crate::scripted::{Scripted, outbound};
use serde_json::json;

const NOW: UnixSeconds = 1_800_000_000;

fn app() -> App {
    App::from_vars(&Vars::from_pairs([
        ("FACEBOOK_APP_ID", "123456789012345"),
        ("FACEBOOK_REDIRECT_URI", "https://link.example/facebook/callback"),
    ]))
    .unwrap()
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
    assert_eq!(inspection.permissions.pages().iter().map(PageId::as_str).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((inspection.user_id.as_str(), inspection.data_access_expires_at), ("77", None));
}

#[test]
fn a_permission_that_leaves_a_page_out_is_lacking_there_alone() {
    let inspection = inspect(json!({
        "app_id": "123456789012345", "is_valid": true, "user_id": "77",
        "scopes": ["pages_messaging", "pages_show_list", "pages_manage_metadata"],
        "granular_scopes": [
            {"scope": "pages_show_list"}, {"scope": "pages_messaging", "target_ids": ["2"]}, {"scope": "pages_manage_metadata", "target_ids": null}
        ]
    }))
    .unwrap();
    let needed = ["pages_messaging", "pages_show_list", "pages_manage_metadata", "instagram_basic"].map(str::to_owned);
    assert_eq!(inspection.lacking(&PageId::parse("1").unwrap(), &needed), ["pages_messaging"]);
    assert!(inspection.lacking(&PageId::parse("2").unwrap(), &needed).is_empty());
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
fn the_end_of_data_access_is_read_where_there_is_one() {
    let end = |end: u64| {
        let data = json!({"app_id": "123456789012345", "is_valid": true, "user_id": "77", "data_access_expires_at": end});
        inspect(data).unwrap().data_access_expires_at
    };
    assert_eq!((end(0), end(1), end(NOW)), (None, Some(1), Some(NOW)));
}

#[test]
fn a_token_that_fits_no_header_is_unusable() {
    for (token, expected) in
        [("EAAT!~", Ok("EAAT!~")), ("", Err("unusable token")), ("EA AT", Err("unusable token")), ("EÄT", Err("unusable token"))]
    {
        let read = read_token(&Answer::made(200, json!({ "access_token": token }).to_string().as_bytes()), NOW);
        assert_eq!(read.as_ref().map(|read| read.access_token.expose()).map_err(|cause| *cause), expected);
    }
}

#[test]
fn a_token_without_seconds_to_live_does_not_expire() {
    for (expires_in, expected) in
        [(json!(null), None), (json!(0), None), (json!(1), Some(NOW + 1)), (json!(5_184_000), Some(NOW + 5_184_000))]
    {
        let answer = Answer::made(200, json!({ "access_token": "EAAT", "expires_in": expires_in }).to_string().as_bytes());
        assert_eq!(read_token(&answer, NOW).unwrap().expires_at, expected, "{expires_in}");
    }
}

async fn exchanged(status: u16, body: serde_json::Value) -> Result<UserToken, Code> {
    let facebook = Scripted::new(vec![(status, body.to_string())]);
    let graph = Graph::at(&facebook.endpoint, NOW);
    exchange_code(&app(), &graph, &outbound(), "code", &Secret::new("verifier"), NOW).await.map_err(|error| error.code)
}

#[tokio::test]
async fn only_a_success_without_an_error_issues_a_token() {
    let token = exchanged(200, json!({"access_token": "EAAT", "expires_in": 60})).await.unwrap();
    assert_eq!((token.access_token.expose(), token.expires_at), ("EAAT", Some(NOW + 60)));
    assert_eq!(exchanged(200, json!({"access_token": "EAAT", "error": {"code": 190}})).await.unwrap_err(), Code::TokenExchangeFailed);
    assert_eq!(exchanged(400, json!({"access_token": "EAAT"})).await.unwrap_err(), Code::ProviderError);
}
