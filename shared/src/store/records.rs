//! The records in the tables: each kind of item with its key, its attributes, and the one place
//! that parses it.
//!
//! Parsing is total: malformed data reads as the least privilege. A record holds its tokens as
//! stored, sealed. Opening them ([`sealed`]) yields a record of the same type with the result.

#[macro_use]
mod record;

mod account;
mod as_read;
pub(super) mod attributes;
mod grant;
mod identity;
pub(super) mod key;
#[cfg(test)]
pub(crate) mod samples;
mod sealed;
mod shop;
mod words;
mod worth;

pub use super::table::Sealed;
pub use account::Account;
pub(super) use as_read::AsRead;
pub use grant::{Grant, Progress};
pub use identity::Identity;
pub(super) use identity::{Everything, StoredEvent};
pub use sealed::Kept;
pub(super) use sealed::{open, place_at, place_of_account, place_of_grant, seal};
pub(super) use shop::place as place_of_shop;
pub use shop::{KEEP_UNINSTALLED, MISSING_SCOPE, OpenShop, Shop};
pub use words::{About, Asked, Outcome, Status, Step};
pub use worth::Worth;
