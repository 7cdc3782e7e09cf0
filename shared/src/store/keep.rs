//! Keeping links alive: what has fallen due, pairs and grants, sealing with another key, marks,
//! and what an operator sees and says of it.

pub mod agenda;
pub mod by_hand;
pub mod due;
pub mod grants;
pub mod keys;
pub mod marking;
mod news;
mod patience;
pub mod renewals;
pub mod resealing;
