//! Keeps links alive: due records, pairs and grants, resealing, marks, and what an operator sees
//! and does.

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
