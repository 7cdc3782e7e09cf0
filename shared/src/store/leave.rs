//! Ends a link: because the provider says so, the merchant disconnects, or a person asks.

mod batches;
pub mod disconnect;
pub mod doubts;
pub mod removed;
pub mod requests;
pub mod sign_out;
pub mod uninstall;
