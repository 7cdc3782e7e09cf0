use super::*;
use crate::Code;
use crate::providers::facebook;
use crate::scripted::{Scripted, outbound};
use serde_json::json;

const NOW: UnixSeconds = 1_800_000_000;

#[test]
fn a_token_that_is_no_valid_header_is_unusable() {
    for (token, expected) in
        [("EAAT!~", Ok("EAAT!~")), ("", Err("unusable token")), ("EA AT", Err("unusable token")), ("EÄT", Err("unusable token"))]
    {
        let read = read_token(&Answer::made(200, json!({ "access_token": token }).to_string().as_bytes()), NOW);
        assert_eq!(read.as_ref().map(|read| read.access_token.expose()).map_err(|cause| *cause), expected);
    }
}

#[test]
fn a_token_without_a_lifetime_does_not_expire() {
    for (expires_in, expected) in
        [(json!(null), None), (json!(0), None), (json!(1), Some(NOW + 1)), (json!(5_184_000), Some(NOW + 5_184_000))]
    {
        let answer = Answer::made(200, json!({ "access_token": "EAAT", "expires_in": expires_in }).to_string().as_bytes());
        assert_eq!(read_token(&answer, NOW).unwrap().expires_at, expected, "{expires_in}");
    }
}

async fn exchanged(status: u16, body: serde_json::Value) -> Result<GrantToken, Code> {
    let stand_in = Scripted::new(vec![(status, body.to_string())]);
    let graph = facebook::tests::graph(&stand_in.endpoint, "hush", NOW);
    exchange_code(&graph, &outbound(), "https://link.example/facebook/callback", "code", Some(&Secret::new("verifier")), NOW)
        .await
        .map_err(|error| error.code)
}

#[tokio::test]
async fn only_a_success_without_an_error_issues_a_token() {
    let token = exchanged(200, json!({"access_token": "EAAT", "expires_in": 60})).await.unwrap();
    assert_eq!((token.access_token.expose(), token.expires_at), ("EAAT", Some(NOW + 60)));
    assert_eq!(exchanged(200, json!({"access_token": "EAAT", "error": {"code": 190}})).await.unwrap_err(), Code::TokenExchangeFailed);
    assert_eq!(exchanged(400, json!({"access_token": "EAAT"})).await.unwrap_err(), Code::ProviderError);
}
