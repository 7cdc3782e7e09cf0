//! The end-to-end tests. They are one binary, since each that is linked has the AWS SDK, the engine
//! of the tables and the stand-ins in it once more.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in here is a failed test, and the panic says so"
)]

mod answers;
mod attacks;
mod bot;
mod chromium;
mod connections;
mod contract;
mod counterparts;
mod facebook;
mod faults;
mod fuzz;
mod golden;
mod ground;
mod keeper;
mod leaks;
mod leaving;
mod lifecycle;
mod messages;
mod observed;
mod operator;
mod privileges;
mod races;
mod shopify;
mod stories;
mod stub;
mod support;
mod template;
mod tokens;
mod updates;
mod webhooks;
mod whatsapp;
