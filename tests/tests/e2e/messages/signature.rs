//! The handshake, and what is no delivery of Meta's.

use e2e::facebook::{Delivery, META_ROUTE, handshake};
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::json;

use crate::messages::{FUNCTION, Linked, text};
use crate::support::dump;

#[tokio::test]
async fn meta_confirms_the_address_by_the_verify_token() {
    let world = World::start().await;
    let token = world.setting("META_VERIFY_TOKEN").to_owned();
    let reply = world.gateway().send(&handshake(&token, "1158201444")).await;
    assert_eq!((reply.status, reply.text(), reply.header("content-type")), (200, "1158201444".into(), Some("text/plain; charset=utf-8")));
    for refused in [handshake("another token that is long", "1"), handshake(&token, "ä"), Request::get(META_ROUTE)] {
        let reply = world.gateway().send(&refused).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (403, Some("forbidden")));
    }
    assert_eq!(world.database.usage().total().calls, world.database.usage().calls("GetItem"), "only what warms up");
}

#[tokio::test]
async fn without_a_verify_token_there_is_no_such_address() {
    let world = World::builder().without("META_VERIFY_TOKEN").without_in(FUNCTION, "MESSAGE_BUS_NAME").start().await;
    let delivery = Delivery::of(&json!({ "object": "page", "entry": [] }), world.setting("FACEBOOK_APP_SECRET"));
    for request in [delivery.request(), handshake("", "1"), handshake("whatever token it is", "1")] {
        let reply = world.gateway().send(&request).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (404, Some("not_found")));
    }
}

#[tokio::test]
async fn what_meta_did_not_sign_is_refused_before_anything_is_read() {
    let linked = Linked::with_pages(1).await;
    let delivery = linked.world.facebook.webhook_about(&linked.pages[0], &text("Hi"));
    let right = delivery.signature();
    let before = dump(&linked.world);
    linked.world.database.reset_usage();
    let other = Delivery { secret: linked.world.setting("SHOPIFY_API_SECRET").to_owned(), ..delivery.clone() }.signature();
    for signature in [None, Some(""), Some("sha256="), Some(&*other), Some(&right["sha256=".len()..]), Some(&*format!("{right},{right}"))] {
        let reply = linked.world.gateway().send(&delivery.signed(signature)).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (401, Some("invalid_signature")), "{signature:?}");
    }
    // Meta signs what it sends, escapes included.
    let text = String::from_utf8(delivery.body.clone()).unwrap();
    let changed = Delivery { body: text.replace("Hi", "\\u0048i").into_bytes(), ..delivery.clone() };
    assert_eq!(linked.world.gateway().send(&changed.signed(Some(&right))).await.status, 401);
    assert_eq!((linked.world.database.usage().total().calls, dump(&linked.world)), (0, before));
    assert!(linked.world.bus.puts().is_empty());
}

#[tokio::test]
async fn either_secret_signs_while_one_is_replaced() {
    let world = World::builder().env_of(FUNCTION, "FACEBOOK_APP_SECRET_PREVIOUS", "the secret before this one").start().await;
    let linked = Linked::begun(world, 1).await;
    let delivery = linked.world.facebook.webhook_about(&linked.pages[0], &text("Hi"));
    let before = Delivery { secret: "the secret before this one".to_owned(), ..delivery.clone() };
    assert_eq!(linked.deliver(&before).await, linked.deliver(&delivery).await);
}

#[tokio::test]
async fn what_is_signed_and_no_delivery_is_refused_or_says_nothing() {
    let linked = Linked::with_pages(1).await;
    let secret = linked.world.setting("FACEBOOK_APP_SECRET").to_owned();
    let signed = |body: &str| Delivery { body: body.as_bytes().to_vec(), secret: secret.clone() };
    for body in ["", "no json", "[]", "null", "{", "{}{}", "\u{feff}{}"] {
        let reply = linked.answer(&signed(body)).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (400, Some("malformed_parameter")), "{body}");
    }
    let deep = format!("{{\"object\":\"page\",\"entry\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    for body in ["{}", "{\"object\":\"user\",\"entry\":[{\"id\":\"1\"}]}", "{\"object\":\"page\",\"entry\":\"\\ud83d\"}", &deep] {
        assert_eq!(linked.deliver(&signed(body)).await, Vec::<serde_json::Value>::new(), "{body}");
    }
    let large = signed(&format!("{{}}{}", " ".repeat(4 * 1024 * 1024 - 1)));
    let reply = linked.answer(&large).await;
    assert_eq!((reply.status, reply.json()["code"].as_str()), (413, Some("payload_too_large")));
}
