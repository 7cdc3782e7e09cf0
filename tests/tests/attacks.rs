//! Attacks on the link between a store and its Pages, each named with its source. RFC 9700 is "Best Current Practice for OAuth 2.0
//! Security"; BCP 6265bis the cookie specification.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in here is a failed test, and the panic says so"
)]

#[path = "attacks/cookies.rs"]
mod cookies;
#[path = "attacks/linking.rs"]
mod linking;
#[path = "attacks/lists.rs"]
mod lists;
#[path = "attacks/named.rs"]
mod named;
mod support;
