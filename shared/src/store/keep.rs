//! Keeping links alive: what has fallen due, pairs and grants, sealing with another key, marks.

pub mod due;
pub mod grants;
pub mod keys;
pub mod marking;
mod patience;
pub mod renewals;
pub mod resealing;
