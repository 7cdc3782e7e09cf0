//! What others wrote, on the other side: Shopify's schema and library, Meta's SDKs, packages that read signed requests. Where they and we differ, the difference stands in
//! these tests and its reason in docs/counterparts.md.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in a test's helper is a failed test"
)]

mod callbacks;
mod meta;
mod openapi;
mod refresh;
mod run;
mod schema;
mod shopify;
mod signed_requests;
#[path = "../support/mod.rs"]
mod support;
mod webhooks;
