//! What the bot is given: shapes, renewals, verdicts, and what comes of faults, kills and races meanwhile.

pub(crate) mod answers;
mod credentials;
mod endless;
mod given_out;
mod pages;
mod races;
mod refresh;
pub(crate) mod setup;
mod shapes;
mod storage;
mod verdicts;
