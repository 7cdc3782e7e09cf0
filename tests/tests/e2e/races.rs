//! Races, with processes that really run at the same time. Where an order matters, the test sets it with a gate at the
//! provider instead of hoping for it.

mod changed_hands;
mod lease;
mod pages;
mod state;
