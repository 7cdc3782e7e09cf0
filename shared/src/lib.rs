//! What the functions share. Imports point one way:
//!
//! ```text
//! functions/* -> lambda    -> clients, reply, request
//!            |-> renewal   -> store, providers
//!            |-> store     -> providers, flow, encryption, clients
//!            |-> providers -> flow, http, signing          (never store or another provider)
//!            '-> flow      -> reply, request, signing, config
//! leaves: error, next, messaging, moving, notice, quality, texts, pages, secret, clock, random, calls, metrics
//! ```
//!
//! A provider is one module under [`providers`], its pair of functions, and what is kept for it in [`store`].

pub mod calls;
pub mod clients;
pub mod clock;
pub mod config;
// TEMPORARY pub mod connections;
pub mod encryption;
pub mod error;
pub mod flow;
pub mod http;
pub mod lambda;
pub mod marks;
pub mod messaging;
pub mod metrics;
pub mod moving;
pub mod next;
pub mod notice;
pub mod pages;
pub mod providers;
mod quality;
pub mod random;
// TEMPORARY pub mod renewal;
pub mod reply;
pub mod request;
#[cfg(test)]
mod scripted;
pub mod secret;
pub mod signing;
pub mod starting;
pub mod store;
pub mod texts;
// TEMPORARY pub mod worth;

pub use error::{Code, Detail, Error};
pub use secret::Secret;
