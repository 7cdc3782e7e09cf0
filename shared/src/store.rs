//! The two tables. Which writes go together, and under which conditions, is decided here and
//! nowhere else.
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
//! | connections | `KIND#ID`, `KIND#ID` | which accounts a companion comes with |
//! | connections | `pin#HASH`, `pin` | the PIN of an account, and when it was tried |
//! | connections | `uuid#U`, `event#ID` | an event on its way to the bus |
//! | connections | `uuid#U`, `doubt` | a webhook's unconfirmed claim about the store |
//! | connections | `job#ID`, its kind | work left to do once a link is gone |
//! | connections | `keeper`, `resealing` | progress of resealing everything with the current key |
//! | connections | `keeper`, `persons` | progress of marking accounts with their person |
//! | connections | `keeper`, `received#TIME` | how message deliveries went in one half-hour |
//! | connections | `deletion#CODE`, `status` | a person's privacy request and its outcome |
//! | connections | `deletion#CODE`, `told#HASH` | which identity its events name, sealed |
//! | connections | `audit#ID`, `audit` | that something was erased, but not whose |
//! | sessions | `delivery#HASH` | a webhook whose effect has happened |
//! | sessions | `body#HASH` | proof that a webhook's bytes were delivered before |
//!
//! Everything in the sessions table has a `ttl`; in the connections table only events, jobs,
//! privacy requests, audit records, delivery statistics and the PINs of accounts that nobody holds
//! do.

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
