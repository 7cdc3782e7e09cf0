//! JSON can write half of a surrogate pair, and nest as deep as it likes: what comes of that is a reply as well.

use e2e::lambda::Function;
use serde_json::{Value, json};

use crate::contract::{OPEN, WAYS, functions};

async fn reply(function: &Function, payload: &str) -> Value {
    let reply = function.invoke_text(payload).await.unwrap_or_else(|error| panic!("{}: {error}", function.name()));
    serde_json::from_slice(&reply).unwrap()
}

/// The payload's text with half a pair in place of each `HALF`.
fn halved(payload: &Value) -> String {
    payload.to_string().replace("HALF", "\\udcff")
}

fn deep() -> String {
    "[".repeat(10_000) + &"]".repeat(10_000)
}

#[tokio::test]
async fn half_a_pair_in_a_request_is_answered() {
    let world = super::world().await;
    for way in WAYS {
        let path = way.path.replace("acme", "HALF");
        let event = json!({
            "version": "2.0", "rawPath": path, "rawQueryString": "code=HALF&shop=HALF&state=HALF&hmac=HALF&timestamp=1",
            "headers": { "accept": "HALF", "HALF": "HALF" }, "cookies": ["browser_id=HALF", "session_id=HALF"], "body": "signed_request=HALF",
            "requestContext": { "http": { "method": way.method, "path": path }, "requestId": "HALF" },
        });
        let status = reply(world.function(way.function), &halved(&event)).await["statusCode"].as_u64();
        // Two routes ask for nothing.
        let expected = if OPEN.contains(&way.path) { 200..201 } else { 400..500 };
        assert!(status.is_some_and(|status| expected.contains(&status)), "{way:?}: {status:?}");
    }
    for way in functions() {
        assert_eq!(reply(world.function(way.function), &deep()).await["statusCode"], 404, "{way:?}");
    }
}

#[tokio::test]
async fn half_a_pair_in_an_invocation_is_answered() {
    let world = super::world().await;
    for payload in [halved(&json!({ "page_id": "HALF" })), halved(&json!({ "HALF": 1 })), deep()] {
        assert_eq!(reply(world.function("connection-tokens"), &payload).await["error"]["code"], "invalid_request");
        assert_eq!(reply(world.function("token-keeper"), &payload).await["due"], 0);
    }
}
