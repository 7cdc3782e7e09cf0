//! The Facebook flow from a linked store to its Pages, as the contract describes it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in here is a failed test, and the panic says so"
)]

#[path = "facebook/answers.rs"]
mod answers;
#[path = "facebook/back.rs"]
mod back;
#[path = "facebook/callback.rs"]
mod callback;
#[path = "facebook/events.rs"]
mod events;
#[path = "facebook/holders.rs"]
mod holders;
#[path = "facebook/instagram.rs"]
mod instagram;
#[path = "facebook/limits.rs"]
mod limits;
#[path = "facebook/lists.rs"]
mod lists;
#[path = "facebook/login.rs"]
mod login;
#[path = "facebook/messages.rs"]
mod messages;
#[path = "facebook/partial.rs"]
mod partial;
#[path = "facebook/routing.rs"]
mod routing;
#[path = "facebook/session.rs"]
mod session;
mod support;
