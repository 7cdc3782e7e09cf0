//! What the functions share. Imports point one way: docs/architecture.md has the map, and
//! `tests/arrows.rs` checks it.
//!
//! A platform is one module under [`providers`], its lines on the list there, and its pair of
//! functions.

pub mod bus;
pub mod calls;
pub mod clients;
pub mod clock;
pub mod config;
pub mod connections;
pub mod encryption;
pub mod error;
pub mod facts;
pub mod flow;
pub mod http;
pub mod json;
pub mod lambda;
pub mod legible;
pub mod linking;
pub mod marks;
pub mod message;
pub mod metrics;
pub mod moving;
pub mod pages;
pub mod platform;
pub mod providers;
mod quality;
pub mod random;
pub mod registering;
pub mod removing;
pub mod renewal;
pub mod reply;
pub mod request;
#[cfg(test)]
mod scripted;
pub mod secret;
pub mod signing;
pub mod starting;
pub mod store;
pub mod texts;
mod words;

pub use clock::{Clock, UnixSeconds};
pub use config::Vars;
pub use error::{Code, Detail, Error};
pub use secret::Secret;

/// Which build this is: the workspace's version and, if the build was told, the commit. It comes
/// from a variable, so that a build depends on nothing but the sources and that.
pub const VERSION: &str = match option_env!("MESSENGER_LINK_VERSION") {
    Some(told) => told,
    None => env!("CARGO_PKG_VERSION"),
};
