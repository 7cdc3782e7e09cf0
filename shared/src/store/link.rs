//! Links a store, and the accounts that its merchant chooses.

pub mod accounts;
pub mod shops;
