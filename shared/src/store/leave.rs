//! Ends links: at the provider's word, at the merchant's, or because a person asked.

mod batches;
pub mod disconnect;
pub mod doubts;
pub mod removed;
pub mod requests;
pub mod sign_out;
pub mod uninstall;
