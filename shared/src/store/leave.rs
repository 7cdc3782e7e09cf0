//! Ending a link: by the provider's word, by the merchant's, or because a person asked.

pub mod disconnect;
pub mod doubts;
pub mod requests;
pub mod sign_out;
pub mod uninstall;
