//! Making a link: of a store, and of the Pages that its merchant chooses.

pub mod pages;
pub mod shops;
