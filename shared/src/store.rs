//! The two tables. Only this module decides what is written together, and on which condition.
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
//! | connections | `KIND#ID`, `KIND#ID` | the companion of an account |
//! | connections | `pin#HASH`, `pin` | the PIN of an account, and when it was tried |
//! | connections | `uuid#U`, `event#ID` | an event on its way to the bus |
//! | connections | `uuid#U`, `doubt` | that a webhook doubts the store, until that is settled |
//! | connections | `job#ID`, its kind | a call left to make once a link is gone |
//! | connections | `keeper`, `resealing` | how far resealing has got |
//! | connections | `keeper`, `persons` | how far marking what names a person has got |
//! | connections | `keeper`, `received#TIME` | how message deliveries went in half an hour |
//! | connections | `deletion#CODE`, `status` | a privacy request, and its outcome |
//! | connections | `deletion#CODE`, `told#HASH` | an identity whose events mention it, sealed |
//! | connections | `audit#ID`, `audit` | that something was erased, without saying whose |
//! | sessions | `delivery#HASH` | a webhook that has had its effect |
//! | sessions | `body#HASH` | that a webhook's bytes were delivered before |
//!
//! Everything in the sessions table has a `ttl`; in the connections table only events, jobs,
//! privacy requests, audit records, notes on deliveries and the PINs of accounts that nobody holds.

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
