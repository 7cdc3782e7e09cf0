//! Secrets stay where they belong. Every flow is run with secrets that can be told apart, each way of failing included, as
//! page and as JSON, on http and on https; then everything that came out is searched for all of them.

mod flows;
mod logs;
mod misconfigured;
mod trace;

use e2e::browser::Accept;
use e2e::world::World;

use flows::run_every_flow;
use trace::{Ended, Trace};

async fn ended(world: World, accept: Accept) -> Ended {
    let mut trace = Trace::new(world);
    run_every_flow(&mut trace, accept).await;
    trace.end()
}

async fn nothing_leaks(world: World, accept: Accept) {
    let ended = ended(world, accept).await;
    ended.assert_replies_are_clean();
    ended.assert_logs_are_clean();
    ended.assert_provider_urls_are_clean();
    ended.assert_tables_are_clean();
    logs::check(&ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaks_on_http_as_json() {
    nothing_leaks(World::builder().start().await, Accept::Json).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaks_on_http_as_pages() {
    nothing_leaks(World::builder().start().await, Accept::Html).await;
}

/// WSTG-SESS-04, WSTG-ATHZ-05, RFC 9700 section 4.9, RFC 9700 section 4.10.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaks_on_https_as_json() {
    nothing_leaks(World::builder().https().start().await, Accept::Json).await;
}

/// WSTG-SESS-04, WSTG-ATHZ-05, RFC 9700 section 4.9, RFC 9700 section 4.10.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaks_on_https_as_pages() {
    nothing_leaks(World::builder().https().start().await, Accept::Html).await;
}

/// A search that finds nothing proves nothing unless it would find something.
#[tokio::test(flavor = "multi_thread")]
async fn the_search_finds_what_is_planted() {
    let world = World::start().await;
    let mut trace = Trace::new(world);
    let browser = trace.world.browser();
    trace.link(&browser, "acme").await;
    let secrets = trace.secrets();
    for kind in ["setting", "issued", "cookie", "state", "hmac", "marker"] {
        assert!(secrets.names().any(|name| name.contains(kind)), "no {kind} is searched for");
    }
    let cookie = browser.cookie("session_id").unwrap();
    let token = trace.world.shopify.issued_secrets().pop().unwrap();
    for planted in [&cookie, &token] {
        let item = trace.world.database.client().put_item().table_name("sessions");
        let item = item.item("pk", aws_sdk_dynamodb::types::AttributeValue::S("planted".to_owned()));
        let bytes = aws_sdk_dynamodb::primitives::Blob::new(format!("x{planted}").into_bytes());
        item.item("b", aws_sdk_dynamodb::types::AttributeValue::B(bytes)).send().await.unwrap();
        let stored = trace.world.item("planted", "").unwrap();
        assert!(std::panic::catch_unwind(|| secrets.assert_not_stored(&stored)).is_err(), "not found in the table");
        assert!(!secrets.found_in(format!("{{\"message\":\"x {planted}\"}}").as_bytes()).is_empty(), "not found in a log line");
    }
}
