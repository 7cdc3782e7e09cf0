//! WhatsApp from a linked store to its numbers, as the contract describes it, and what becomes of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in a test's helper is a failed test"
)]

mod accounts;
mod callback;
mod disconnect;
mod faults;
mod keeper;
mod leaving;
mod moves;
mod off;
mod pin;
mod races;
mod registering;
mod sessions;
mod support;
#[path = "../support/mod.rs"]
mod tables;
mod tokens;
