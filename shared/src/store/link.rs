//! Makes links: of a store, and of the accounts that its merchant chooses.

pub mod accounts;
pub mod shops;
