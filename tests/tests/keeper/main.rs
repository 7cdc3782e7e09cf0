//! `token-keeper` through its binary: what it keeps alive, what it marks, and what it leaves alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in a test's helper is a failed test"
)]

#[path = "../tokens/answers.rs"]
mod answers;
mod facebook;
#[path = "../tokens/setup.rs"]
mod setup;
mod stores;
#[path = "../support/mod.rs"]
mod support;
