//! What is no webhook, and what is one but says nothing.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use e2e::gateway::Request;
use e2e::lambda::Reply;
use e2e::shopify::{WEBHOOKS, Webhook};
use serde_json::json;

use crate::support::dump;
use crate::webhooks::{Linked, REDACT, SCOPES, SHOP, UNINSTALLED, send};

const TOPICS: [&str; 5] = [UNINSTALLED, REDACT, "customers/data_request", "customers/redact", SCOPES];

/// Sends, and demands that nothing was written.
async fn refused(linked: &Linked, request: &Request, status: u16, code: &str) {
    let before = dump(&linked.world);
    let reply: Reply = linked.world.gateway().send(request).await;
    assert_eq!((reply.status, reply.json()["code"].as_str()), (status, Some(code)), "{}", reply.text());
    assert_eq!(dump(&linked.world), before);
}

#[tokio::test]
async fn what_is_not_signed_is_refused_before_anything_else_is_read() {
    let linked = Linked::with_pages(1).await;
    linked.world.database.reset_usage();
    let mut webhook = linked.webhook(UNINSTALLED);
    let right = webhook.hmac();
    let hex: String = BASE64_STANDARD.decode(&right).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let of_another = BASE64_STANDARD.encode([7; 32]);
    for hmac in
        [None, Some(""), Some("sha256=abc"), Some(&*hex), Some(&*of_another), Some(&right[..43]), Some(&*format!("{right},{right}"))]
    {
        refused(&linked, &webhook.signed(hmac), 401, "invalid_signature").await;
    }
    webhook.body.push(b' ');
    refused(&linked, &webhook.signed(Some(&right)), 401, "invalid_signature").await;
    // Nor is a broken body, or one without topic, told as anything else.
    let broken = Webhook { body: b"{".to_vec(), topic: None, ..webhook.clone() };
    refused(&linked, &broken.signed(Some(&right)), 401, "invalid_signature").await;
    assert_eq!(linked.world.database.usage().total().calls, 0);
}

#[tokio::test]
async fn signed_bodies_that_are_no_webhook_are_refused() {
    let linked = Linked::with_pages(1).await;
    let webhook = linked.webhook(UNINSTALLED);
    let launch = linked.world.shopify.launch_url(SHOP);
    let jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkZXN0IjoiaHR0cHM6Ly9hLm15c2hvcGlmeS5jb20ifQ";
    for body in ["", "[]", "null", "{", " {}", "{}x", jwt, launch.split_once('?').unwrap().1, "\u{feff}{}"] {
        let webhook = Webhook { body: body.as_bytes().to_vec(), ..webhook.clone() };
        refused(&linked, &webhook.request(), 400, "malformed_parameter").await;
    }
    refused(&linked, &Webhook { topic: None, ..webhook.clone() }.request(), 400, "missing_parameter").await;
    refused(&linked, &Webhook { id: None, ..webhook.clone() }.request(), 400, "missing_parameter").await;
    for shop in [None, Some("other.myshopify.com"), Some("evil.example"), Some("")] {
        for topic in [UNINSTALLED, REDACT] {
            let webhook = Webhook { shop: shop.map(str::to_owned), ..linked.webhook(topic) };
            refused(&linked, &webhook.request(), 400, "malformed_parameter").await;
        }
    }
    linked.assert_linked();
}

#[tokio::test]
async fn a_large_body_is_refused_unread() {
    let linked = Linked::with_pages(0).await;
    let mut webhook = linked.webhook(UNINSTALLED);
    let body = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8)).into_bytes();
    webhook.body = body(1024 * 1024 + 1);
    refused(&linked, &webhook.signed(None), 413, "payload_too_large").await;
    webhook.body = body(1024 * 1024);
    assert_eq!(send(&linked.world, &webhook).await.status, 200);
}

#[tokio::test]
async fn a_body_under_another_topic_does_nothing() {
    let linked = Linked::with_pages(1).await;
    linked.world.shopify.uninstall(SHOP);
    let before = dump(&linked.world);
    for of in TOPICS {
        for topic in TOPICS.into_iter().chain(["products/update", "APP/UNINSTALLED", "app/uninstalled "]) {
            if of == topic.trim() {
                continue;
            }
            let webhook = Webhook { topic: Some(topic.to_owned()), ..linked.webhook(of) };
            linked.deliver(&webhook).await;
            assert_eq!(dump(&linked.world), before, "{of} as {topic}");
        }
    }
}

#[tokio::test]
async fn a_topic_of_any_length_is_one_that_is_not_known() {
    let linked = Linked::with_pages(0).await;
    let before = dump(&linked.world);
    for length in [256, 257, 5000] {
        linked.deliver(&Webhook { topic: Some("x".repeat(length)), ..linked.webhook(UNINSTALLED) }).await;
    }
    assert_eq!(dump(&linked.world), before);
    // An id of any length is one.
    linked.deliver(&Webhook { id: Some("x".repeat(5000)), ..linked.webhook(UNINSTALLED) }).await;
    linked.assert_uninstalled();
}

#[tokio::test]
async fn both_families_of_headers_and_both_secrets_count() {
    let old = Linked::with_pages(1).await;
    let webhook = Webhook { family: "Shopify-", ..old.webhook(UNINSTALLED) };
    old.deliver(&webhook).await;
    old.assert_uninstalled();

    let world = e2e::world::World::builder().setting("SHOPIFY_API_SECRET_PREVIOUS", "the-secret-before-this-one").start().await;
    let linked = Linked::in_world(world, 1).await;
    let webhook = linked.webhook(UNINSTALLED);
    let hmac = |secret: &str| BASE64_STANDARD.encode(shared::signing::hmac_sha256(secret.as_bytes(), &[&webhook.body]));
    refused(&linked, &webhook.signed(Some(&hmac("another-secret"))), 401, "invalid_signature").await;
    let reply = linked.world.gateway().send(&webhook.signed(Some(&hmac("the-secret-before-this-one")))).await;
    assert_eq!(reply.status, 200);
    linked.assert_uninstalled();
}

#[tokio::test]
async fn bytes_are_signed_whatever_they_are_and_base64_is_undone_first() {
    let linked = Linked::with_pages(1).await;
    linked.world.shopify.edit_shop(SHOP, |shop| "Zoë ☃".clone_into(&mut shop.name));
    let webhook = linked.webhook(UNINSTALLED);
    // Another content type is handed over in base64.
    let mut request = webhook.request();
    request
        .headers
        .iter_mut()
        .filter(|(name, _)| name == "content-type")
        .for_each(|(_, value)| "application/octet-stream".clone_into(value));
    assert_eq!(linked.world.gateway().send(&request).await.status, 200);
    linked.assert_uninstalled();
}

#[tokio::test]
async fn only_a_post_to_the_route_is_a_delivery() {
    let linked = Linked::with_pages(0).await;
    let webhook = linked.webhook(UNINSTALLED);
    for method in ["GET", "PUT", "DELETE"] {
        let event = e2e::gateway::event(
            linked.world.gateway().origin(),
            &webhook.request().with_method(method),
            &e2e::gateway::Match {
                route: &e2e::template::Route {
                    method: method.to_owned(),
                    pattern: WEBHOOKS.to_owned(),
                    function: super::FUNCTION.to_owned(),
                },
                parameters: std::collections::BTreeMap::new(),
            },
        );
        let reply = linked.world.function(super::FUNCTION).invoke(event).await.reply();
        assert_eq!((reply.status, reply.json()["code"].clone(), reply.header("allow")), (405, json!("method_not_allowed"), Some("POST")));
    }
    linked.assert_linked();
}
