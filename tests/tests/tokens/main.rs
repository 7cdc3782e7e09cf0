//! What the bot is given: shapes, renewals, verdicts, and what comes of faults, kills and races meanwhile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in a test's helper is a failed test"
)]

mod answers;
mod credentials;
mod endless;
mod given_out;
mod pages;
mod races;
mod refresh;
mod setup;
mod shapes;
mod storage;
#[path = "../support/mod.rs"]
mod support;
mod verdicts;
