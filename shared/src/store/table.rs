//! DynamoDB, typed: attributes, keys, conditional writes, transactions by role, reads. It knows no
//! item: [`records`](super::records) defines what is stored under which key.
//!
//! Names in expressions are always placeholders (`#status`), and so are values (`:v0`), so reserved
//! words and repeated names can't clash. A write is the same alone or in a transaction.
//!
//! Every write here may be sent twice: it is retried after a conflict or a throttle, and by the SDK
//! without an answer.

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
