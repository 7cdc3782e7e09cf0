//! Races, with processes that really run at the same time. Where an order matters, the test sets it with a gate at the
//! provider instead of hoping for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in a test's helper is a failed test"
)]

mod changed_hands;
mod lease;
mod pages;
mod state;
