//! The two tables. What is written together, and under which condition, is decided here and nowhere
//! else.
//!
//! | table | key | item |
//! |---|---|---|
//! | sessions | `session#HASH` | a browser's session: identity, store, generation, end |
//! | sessions | `flow#PLATFORM#HASH` | used states with their outcome; for a store the lease |
//! | connections | `uuid#U`, `store` | the link: store, generation, status, token pair, version |
//! | connections | `uuid#U`, `KIND#ID` | a linked account with its token |
//! | connections | `uuid#U`, `KIND#ID` | a grant with its token |
//! | connections | `shop#DOMAIN`, `owner` | which identity a store has |
//! | connections | `KIND#ID`, `owner` | which identity holds an account |
//! | connections | `KIND#ID`, `KIND#ID` | that something comes with an account |
//! | connections | `pin#HASH`, `pin` | the PIN of an account, and when it was tried |
//! | connections | `uuid#U`, `event#ID` | an event on its way to the bus |
//! | connections | `uuid#U`, `doubt` | that a webhook doubts the store, until that is settled |
//! | connections | `job#ID`, its kind | what is left to do once a link is gone |
//! | connections | `keeper`, `resealing` | how far sealing everything anew has come |
//! | connections | `keeper`, `persons` | how far marking what names a person has come |
//! | connections | `keeper`, `received#TIME` | how deliveries of messages went in half an hour |
//! | connections | `deletion#CODE`, `status` | a person's request to leave, and what came of it |
//! | connections | `deletion#CODE`, `told#HASH` | under which identity events tell of it, sealed |
//! | connections | `audit#ID`, `audit` | that something was erased, without saying of whom |
//! | sessions | `delivery#HASH` | a webhook whose effect has happened |
//! | sessions | `body#HASH` | that a webhook's bytes were delivered before |
//!
//! Everything in the sessions table has a `ttl`; in the connections table events, jobs, requests to
//! leave, audit records, what tells of deliveries and the PINs of accounts that nobody holds have.

mod audit;
pub mod companions;
pub mod deliveries;
pub mod directory;
pub mod erasing;
pub mod events;
pub mod flows;
pub mod identity;
pub mod jobs;
pub mod keep;
pub mod leases;
pub mod leave;
pub mod link;
mod marks;
pub mod messaging;
pub mod overview;
mod pins;
pub mod received;
pub mod records;
pub mod schedule;
#[cfg(test)]
mod scripted;
pub mod sessions;
mod table;
mod tables;

pub use directory::Directory;
pub use tables::{Sessions, Tables};
