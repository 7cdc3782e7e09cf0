//! Nothing is done for what is not signed, and nothing is read before that is known.

use e2e::facebook::{delivery, signed_request};
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::json;

use crate::lifecycle::{DEAUTHORIZE, DELETION, Linked, assert_refused, send};
use crate::support::dump;

#[tokio::test]
async fn what_is_not_signed_is_refused_before_the_database() {
    let linked = Linked::with_pages(1).await;
    let facebook = &linked.world.facebook;
    let payload = |issued_at: i64| json!({ "algorithm": "HMAC-SHA256", "issued_at": issued_at, "user_id": linked.person });
    let leave = linked.leave();
    let (signature, rest) = leave.split_once('.').unwrap();
    let form = "application/x-www-form-urlencoded";
    let before = dump(&linked.world);
    linked.world.database.reset_usage();
    for route in [DEAUTHORIZE, DELETION] {
        for bad in [
            String::new(),
            ".".to_owned(),
            rest.to_owned(),
            format!(".{rest}"),
            format!("{signature}."),
            format!("{}.{rest}", &signature[..20]),
            format!("{signature}.{rest}A"),
            format!(" {leave}"),
            signed_request("another secret", &payload(facebook.now())),
            signed_request("", &payload(facebook.now())),
            facebook.signed(&payload(facebook.now() + 600)),
            facebook.signed(&json!({ "algorithm": "none", "issued_at": facebook.now(), "user_id": linked.person })),
            facebook.signed(&json!({ "algorithm": "HMAC-SHA256", "user_id": linked.person })),
            facebook.signed(&json!({ "algorithm": "HMAC-SHA256", "issued_at": facebook.now() })),
            facebook.signed(&json!([1])),
        ] {
            assert_refused(&send(&linked.world, route, &bad).await, 401, "invalid_signature");
        }
        for body in ["", "signed_request", "signed_request=%zz", "x=1", "\u{e9}"] {
            let request = Request::get(route).with_method("POST").with_body(form, body);
            assert_refused(&linked.world.gateway().send(&request).await, 401, "invalid_signature");
        }
        let doubled = format!("signed_request={leave}&signed_request={leave}");
        let request = Request::get(route).with_method("POST").with_body(form, doubled);
        assert_refused(&linked.world.gateway().send(&request).await, 401, "invalid_signature");
        let large = Request::get(route).with_method("POST").with_body(form, "x".repeat(64 * 1024 + 1));
        assert_refused(&linked.world.gateway().send(&large).await, 413, "payload_too_large");
        // In the query it is not a form.
        let query = Request::get(format!("{route}?signed_request={leave}")).with_method("POST");
        assert_refused(&linked.world.gateway().send(&query).await, 401, "invalid_signature");
    }
    assert!(linked.world.database.usage().0.is_empty(), "{:?}", linked.world.database.usage());
    assert_eq!(dump(&linked.world), before);
}

#[tokio::test]
async fn the_previous_secret_still_counts() {
    let world = World::builder().setting("FACEBOOK_APP_SECRET_PREVIOUS", "the-secret-before-this-one").start().await;
    let linked = Linked::begun(world, 1).await;
    let payload = json!({ "algorithm": "HMAC-SHA256", "issued_at": linked.world.facebook.now(), "user_id": linked.person });
    assert_eq!(linked.send(DEAUTHORIZE, &signed_request("the-secret-before-this-one", &payload)).await.status, 200);
    assert!(!linked.has_token(&linked.pages[0]));
}

#[tokio::test]
async fn the_routes_take_their_own_method() {
    let world = World::start().await;
    let function = world.function("facebook-lifecycle");
    for (route, method, allowed) in [
        (DEAUTHORIZE, "GET", "POST"),
        (DELETION, "GET", "POST"),
        ("/facebook/data-deletion/0123456789abcdef0123456789abcdef", "POST", "GET"),
        (DELETION, "PUT", "POST"),
    ] {
        let event = json!({ "rawPath": route, "requestContext": { "http": { "method": method } } });
        let reply = function.invoke(event).await.reply();
        assert_refused(&reply, 405, "method_not_allowed");
        assert_eq!(reply.header("allow"), Some(allowed));
    }
    // As text rather than as base64: the bytes count.
    let leave = world.facebook.signed_leave("12345678901234567");
    let request = delivery(DEAUTHORIZE, &leave);
    let body = String::from_utf8(request.body).unwrap();
    let event =
        json!({ "rawPath": DEAUTHORIZE, "requestContext": { "http": { "method": "POST" } }, "body": body, "isBase64Encoded": false });
    assert_eq!(function.invoke(event).await.reply().status, 200);
}
