//! WhatsApp from a linked store to its numbers, as the contract describes it, and what becomes of them.

mod accounts;
mod callback;
mod disconnect;
mod faults;
mod keeper;
mod leaving;
mod moves;
mod off;
mod pin;
mod races;
mod registering;
mod sessions;
pub(crate) mod support;
mod tokens;
