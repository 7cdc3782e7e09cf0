//! The local Shopify's own buttons: what a person clicks is delivered, signed, to the service.

use std::time::{Duration, Instant};

use e2e::front::Front;
use e2e::world::World;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use crate::webhooks::SHOP;

async fn click(world: &World, button: &str) {
    let request = hyper::Request::post(format!("{}/{SHOP}/admin/leave", world.shopify.url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.body(Full::new(Bytes::from(format!("decision={button}")))).unwrap();
    let answer = Client::builder(TokioExecutor::new()).build_http().request(request).await.unwrap();
    assert!(answer.status().is_success());
}

async fn until(done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(20), "nothing was delivered");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn uninstall_and_redact_are_delivered() {
    let front = Front::start(World::builder()).await;
    let world = &front.world;
    let browser = world.browser();
    let uuid = crate::support::linked_shop(world, &browser, "acme").await;
    let status = || world.item(&format!("uuid#{uuid}"), "store").and_then(|item| item.text("status").map(str::to_owned));
    click(world, "uninstall").await;
    until(|| status().as_deref() == Some("uninstalled")).await;
    click(world, "redact").await;
    until(|| status().is_none()).await;
}
