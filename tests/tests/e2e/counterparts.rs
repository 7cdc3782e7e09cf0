//! What others wrote, on the other side: Shopify's schema and library, Meta's SDKs, packages that read signed requests. Where they and we differ, the difference stands in
//! these tests and its reason in docs/counterparts.md.

mod callbacks;
mod meta;
mod openapi;
mod refresh;
mod run;
mod schema;
mod shopify;
mod signed_requests;
mod webhooks;
