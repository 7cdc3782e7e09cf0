//! What the functions share. Imports point one way, from the edges down to the domain:
//!
//! ```text
//! functions/* -> lambda -> clients, reply -> error
//!            |-> flow -> request, signing
//!            |-> providers/* -> http, signing        (never store, reply or another provider)
//!            '-> store -> encryption
//! leaves: secret, clock, random, calls, error
//! ```
//!
//! A provider is one module under [`providers`] and its pair of functions; nothing else knows its name.

pub mod calls;
pub mod clients;
pub mod clock;
pub mod config;
pub mod encryption;
pub mod error;
pub mod flow;
pub mod http;
pub mod lambda;
pub mod next;
pub mod providers;
pub mod random;
pub mod reply;
pub mod request;
pub mod secret;
pub mod signing;
pub mod store;

pub use error::{Code, Error};
pub use secret::Secret;
