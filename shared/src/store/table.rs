//! DynamoDB, typed: attributes, keys, conditional writes, transactions by role, reads. It knows no
//! item: what lies under which key is said in [`records`](super::records).
//!
//! Names in expressions are always placeholders (`#status`), values as well (`:v0`), so neither a
//! reserved word nor two uses of a name can clash. A write is the same alone or in a transaction.
//!
//! Every write here may be sent twice: it is repeated after a conflict or a throttle, and by the
//! SDK where no answer came.

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
