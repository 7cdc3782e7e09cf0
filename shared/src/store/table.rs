//! DynamoDB, typed: attributes, keys, conditional writes, transactions by role, reads. It knows no
//! item: [`records`](super::records) says which key has which item.
//!
//! Names and values in expressions are always placeholders (`#status`, `:v0`), so neither a
//! reserved word nor two uses of a name can clash. A write is the same alone or in a transaction.
//!
//! Every write here may be sent twice: we retry it after a conflict or a throttle, and the SDK
//! retries it if it gets no answer.

mod attribute;
mod database;
mod expression;
mod key;
mod read;
mod retry;
mod row;
mod transaction;
mod write;

pub use attribute::Sealed;
pub(crate) use attribute::{Attribute, Named, Value, Word};
pub(crate) use database::{Answer, Database};
pub(crate) use expression::Condition;
pub(crate) use key::{Key, PK, SK, Table};
pub(crate) use read::{Position, Query, Scan};
pub(crate) use retry::{Failure, Pause, TRIES};
pub(crate) use row::Row;
pub(crate) use transaction::{Transaction, Written, last_part};
pub(crate) use write::Write;
