//! What there is to say, before any words: texts have the words, pages show them, and the store keeps some of it.

pub mod deletion;
pub mod delivery;
pub mod linked;
pub mod next;
pub mod notice;
