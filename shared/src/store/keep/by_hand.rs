//! What an operator does about a failing record: retry it, postpone it, or drop it. Each write
//! applies only to the record as it was read.
//!
//! Nothing that someone relies on can be dropped. A store or a grant that nobody maintains would
//! lose its tokens, or keep them too long. Data to be erased has to go: an erasure in progress, a
//! privacy request, the doubt whether a store asked for its redaction. That leaves jobs, which are
//! given up after a week anyway, and the other doubts, which the next check of the store answers
//! too.

use crate::store::{
    Tables, audit,
    records::{About, Status, attributes::*},
    table::{Condition, Row, Transaction, Write, Written},
};
use crate::{Error, UnixSeconds};

use super::due::DueKey;

/// The outcome of an operator's command about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// It was done.
    Done,
    /// There is no such record, or nothing is scheduled for it.
    Gone,
    /// It changed at that moment; to be repeated.
    Changed,
    /// Refused: a store or a grant has to be maintained.
    LookedAfter,
    /// Refused: this has to be erased without delay.
    Erasing,
}

impl Tables {
    /// Schedules a record for the next run. Its notes stay until that succeeds.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn retry_by_hand(&self, key: &DueKey) -> Result<ByHand, Error> {
        let Some(found) = self.found(key).await? else { return Ok(ByHand::Gone) };
        self.due_then(key, &found, self.clock.now()).await
    }

    /// Postpones a record until then.
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

    /// Drops a record and leaves an audit record of that.
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

    /// The record, if it is scheduled.
    async fn found(&self, key: &DueKey) -> Result<Option<Row>, Error> {
        Ok(self.database.read("dynamodb.store", key.place()).await?.filter(|row| row.has(&DUE_AT) && row.has(&DUE_SHARD)))
    }

    async fn due_then(&self, key: &DueKey, found: &Row, then: UnixSeconds) -> Result<ByHand, Error> {
        let write = Write::change(key.place()).when(as_read(found)).set(&DUE_AT, then);
        let is_written = self.database.write_one("dynamodb.by_hand", write).await?.is_written();
        Ok(if is_written { ByHand::Done } else { ByHand::Changed })
    }
}

/// It is due as it was read and has not changed since.
fn as_read(found: &Row) -> Condition {
    let due = DUE_SHARD.is_still(found.text(&DUE_SHARD)).and(DUE_AT.is_still(found.get(&DUE_AT)));
    due.and(FAILURES.is_still(found.get(&FAILURES))).and(STATUS.is_still(found.get(&STATUS)))
}

/// For a doubt: no other request has raised or joined it since.
fn said_by(found: &Row) -> Condition {
    REQUEST.is_still(found.text(&REQUEST)).and(JOINED.is_still(found.text(&JOINED)))
}

/// Whether someone is waiting for an erasure.
fn erases(key: &DueKey, found: &Row) -> bool {
    match key {
        DueKey::Request(_) => true,
        DueKey::Shop(_) => found.get(&STATUS) == Some(Status::Erasing),
        DueKey::Doubt(_) => found.get(&DOUBTED).is_none_or(|about| about == About::Redact),
        DueKey::Grant(..) | DueKey::Job(..) => false,
    }
}
