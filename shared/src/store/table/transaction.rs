//! Writes that succeed or fail together, each in a role.

use aws_sdk_dynamodb::{operation::transact_write_items::TransactWriteItemsError, types::CancellationReason};

use crate::{
    Error,
    calls::{self, timed},
    random,
    signing::hex,
};

use super::{Database, Failure, Pause, Row, Write};

/// Up to 100 writes.
#[must_use]
pub(crate) struct Transaction<R = ()> {
    name: &'static str,
    token: String,
    writes: Vec<(Option<R>, Write)>,
}

/// The outcome of a transaction.
#[derive(Debug)]
pub(crate) enum Written<R = ()> {
    /// All of it was written.
    Whole,
    /// Nothing was written, because these conditions failed.
    Refused(Refused<R>),
}

/// Whose conditions failed.
#[derive(Debug)]
pub(crate) struct Refused<R = ()>(Vec<(Option<R>, Row)>);

impl<R> Transaction<R> {
    /// A transaction timed under `name`. A retry is the same write.
    ///
    /// # Errors
    /// `storage_unavailable` without randomness.
    pub(crate) fn new(name: &'static str) -> Result<Self, Error> {
        Ok(Self::repeated(name, &hex(&random::bytes::<16>()?)))
    }

    /// For ten minutes the same write as any other under this token.
    pub(crate) fn repeated(name: &'static str, token: &str) -> Self {
        Self { name, token: token.to_owned(), writes: Vec::new() }
    }

    /// Adds a write without a role of its own: it has no condition, or it does not matter which
    /// condition failed.
    pub(crate) fn and(mut self, write: Write) -> Self {
        self.push(write);
        self
    }

    /// Adds a write in this role.
    pub(crate) fn and_as(mut self, role: R, write: Write) -> Self {
        self.push_as(role, write);
        self
    }

    /// Adds each of these.
    pub(crate) fn and_each(mut self, writes: impl IntoIterator<Item = Write>) -> Self {
        self.writes.extend(writes.into_iter().map(|write| (None, write)));
        self
    }

    pub(crate) fn push(&mut self, write: Write) {
        self.writes.push((None, write));
    }

    pub(crate) fn push_as(&mut self, role: R, write: Write) {
        self.writes.push((Some(role), write));
    }
}

impl<R> Written<R> {
    pub(crate) const fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }
}

impl<R: PartialEq> Refused<R> {
    /// Whether a write in this role failed its condition.
    pub(crate) fn has(&self, role: &R) -> bool {
        self.roles().any(|refused| refused == role)
    }

    /// The roles whose conditions failed.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &R> {
        self.0.iter().filter_map(|(role, _)| role.as_ref())
    }

    /// The same, each with its current item, if requested.
    pub(crate) fn each(self) -> impl Iterator<Item = (Option<R>, Row)> {
        self.0.into_iter()
    }
}

impl Database {
    /// Writes all or nothing. Transient errors are retried as the same write.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub(crate) async fn write<R>(&self, transaction: Transaction<R>) -> Result<Written<R>, Error> {
        let Transaction { name, token, writes } = transaction;
        let (roles, writes): (Vec<_>, Vec<_>) = writes.into_iter().unzip();
        let Some(refused) = self.transact(name, &token, &writes).await? else {
            writes.iter().filter_map(|write| write.counts).for_each(|metric| calls::count(metric, 1));
            return Ok(Written::Whole);
        };
        let refused = roles.into_iter().zip(refused).filter_map(|(role, row)| Some((role, row?)));
        Ok(Written::Refused(Refused(refused.collect())))
    }

    /// None if it was written; otherwise, for each write whose condition failed, its item.
    async fn transact(&self, name: &'static str, token: &str, writes: &[Write]) -> Result<Option<Vec<Option<Row>>>, Failure> {
        let mut pause = Pause::default();
        loop {
            let items = writes.iter().map(|write| write.item(name, self.name(write.key.table)?)).collect::<Result<_, _>>()?;
            let write = self.client.transact_write_items().client_request_token(token).set_transact_items(Some(items));
            let Err(error) = timed(name, write.send()).await else { return Ok(None) };
            let mut failure = Failure::of(name, &error);
            if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() {
                let reasons = cancelled.cancellation_reasons();
                let item = |reason: &CancellationReason| {
                    (reason.code() == Some("ConditionalCheckFailed")).then(|| Row(reason.item().cloned().unwrap_or_default()))
                };
                let refused: Vec<Option<Row>> = reasons.iter().map(item).collect();
                if refused.iter().any(Option::is_some) {
                    return Ok(Some(refused));
                }
                failure.is_passing = reasons.iter().all(|reason| is_passing(reason.code().unwrap_or("None")));
            }
            if pause.is_over(&failure).await {
                return Err(failure);
            }
        }
    }
}

fn is_passing(code: &str) -> bool {
    matches!(code, "None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded")
}

/// Where the last part of `count` begins with parts of `size`; the writes that end the work go with
/// it.
pub(crate) const fn last_part(count: usize, size: usize) -> usize {
    count.saturating_sub(1) / size * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_is_empty_only_if_there_is_nothing() {
        let begins = |count| last_part(count, 45);
        assert_eq!([begins(0), begins(1), begins(45), begins(46), begins(90), begins(91), begins(250)], [0, 0, 0, 45, 45, 90, 225]);
    }
}
