//! What an operator says about a record that fails: that it is tried again, waits, or is given up.
//! Each write holds only for the record as it was read.
//!
//! Nothing may be given up that somebody relies on. A store or a grant that nobody looks after
//! would lose its tokens, or keep them beyond their time. What is to be erased has to be gone: an
//! erasing that has begun, a request to leave, the doubt whether a store asks to be forgotten. Left
//! are jobs, which are given up after a week anyway, and the other doubts, whose answer the next
//! look at the store brings as well.

use crate::store::{
    Tables, audit,
    records::{About, Status, attributes::*},
    table::{Condition, Row, Transaction, Write, Written},
};
use crate::{Error, UnixSeconds};

use super::due::DueKey;

/// What became of an operator's word about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// It was done.
    Done,
    /// There is no such record, or nobody looks after it.
    Gone,
    /// It changed at that moment; to be said again.
    Changed,
    /// It is not done: a store or a grant has to be looked after.
    LookedAfter,
    /// It is not done: this has to be gone, and waits for nothing.
    Erasing,
}

impl Tables {
    /// Has a record looked after in the next run. What is noted on it stays, until that succeeds.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn retry_by_hand(&self, key: &DueKey) -> Result<ByHand, Error> {
        let Some(found) = self.found(key).await? else { return Ok(ByHand::Gone) };
        self.due_then(key, &found, self.clock.now()).await
    }

    /// Has a record wait until then.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn put_off_by_hand(&self, key: &DueKey, until: UnixSeconds) -> Result<ByHand, Error> {
        let Some(found) = self.found(key).await? else { return Ok(ByHand::Gone) };
        if erases(key, &found) {
            return Ok(ByHand::Erasing);
        }
        self.due_then(key, &found, until).await
    }

    /// Gives a record up, with an audit record of that.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn drop_by_hand(&self, key: &DueKey) -> Result<ByHand, Error> {
        let Some(found) = self.found(key).await? else { return Ok(ByHand::Gone) };
        if erases(key, &found) {
            return Ok(ByHand::Erasing);
        }
        let what = match key {
            DueKey::Job(_, kind) => format!("operator/drop-{kind}"),
            DueKey::Doubt(_) => "operator/drop-doubt".to_owned(),
            DueKey::Shop(_) | DueKey::Grant(..) | DueKey::Request(_) => return Ok(ByHand::LookedAfter),
        };
        let end = Write::delete(key.place()).when(as_read(&found)).when(said_by(&found));
        let dropped = Transaction::<()>::new("dynamodb.drop")?.and(end).and(audit::record(self, &what, None, 1)?);
        Ok(match self.database.write(dropped).await? {
            Written::Whole => ByHand::Done,
            Written::Refused(_) => ByHand::Changed,
        })
    }

    /// The record, if somebody looks after it.
    async fn found(&self, key: &DueKey) -> Result<Option<Row>, Error> {
        Ok(self.database.read("dynamodb.store", key.place()).await?.filter(|row| row.has(&DUE_AT) && row.has(&DUE_SHARD)))
    }

    async fn due_then(&self, key: &DueKey, found: &Row, then: UnixSeconds) -> Result<ByHand, Error> {
        let write = Write::change(key.place()).when(as_read(found)).set(&DUE_AT, then);
        let is_written = self.database.write_one("dynamodb.by_hand", write).await?.is_written();
        Ok(if is_written { ByHand::Done } else { ByHand::Changed })
    }
}

/// It is due as it was read, and nothing became of it since.
fn as_read(found: &Row) -> Condition {
    let due = DUE_SHARD.is_still(found.text(&DUE_SHARD)).and(DUE_AT.is_still(found.get(&DUE_AT)));
    due.and(FAILURES.is_still(found.get(&FAILURES))).and(STATUS.is_still(found.get(&STATUS)))
}

/// Of a doubt: no other request has raised it, or joined it, since.
fn said_by(found: &Row) -> Condition {
    REQUEST.is_still(found.text(&REQUEST)).and(JOINED.is_still(found.text(&JOINED)))
}

/// Whether somebody waits for something to be gone.
fn erases(key: &DueKey, found: &Row) -> bool {
    match key {
        DueKey::Request(_) => true,
        DueKey::Shop(_) => found.get(&STATUS) == Some(Status::Erasing),
        DueKey::Doubt(_) => found.get(&DOUBTED).is_none_or(|about| about == About::Redact),
        DueKey::Grant(..) | DueKey::Job(..) => false,
    }
}
