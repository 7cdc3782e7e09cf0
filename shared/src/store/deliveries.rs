//! Remembers which provider requests have had their effect, so that a redelivery has none; and
//! which signed bytes were delivered before, so that they are no longer trusted alone.

use uuid::Uuid;

use crate::{
    Error, UnixSeconds,
    signing::{base64url, labelled_sha256},
};

use super::{
    Sessions,
    records::attributes::*,
    table::{Condition, Key, Row, Write},
};

/// Longer than any provider retries a delivery.
const KEEP: u64 = 7 * 24 * 3600;

/// Bytes can be replayed as long as the client secret that signed them is accepted, which may be
/// years. A note costs almost nothing, and reveals nothing.
const KEEP_BYTES: u64 = 10 * 365 * 24 * 3600;

/// A provider request, by a hash of what identifies it: the stored hash reveals nothing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId {
    hash: String,
    first: Option<SignedBytes>,
}

/// Bytes that a provider signed, by a hash that nobody can compute without its secret. A sender can
/// change an unsigned id, but not these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBytes(String);

/// A request that has had its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The identity whose erasure it began and has not finished yet.
    pub erasing: Option<Uuid>,
}

impl RequestId {
    /// `label` separates the ids of one kind of request from others.
    #[must_use]
    pub fn of(label: &str, id: &[u8]) -> Self {
        Self { hash: base64url(&labelled_sha256(label, id)), first: None }
    }

    /// The same, as the first delivery of these bytes: they are recorded with it, on the condition
    /// that they were not before.
    #[must_use]
    pub fn bringing(mut self, bytes: SignedBytes) -> Self {
        self.first = Some(bytes);
        self
    }

    /// The hash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.hash
    }

    /// Whether it is the first delivery of its bytes.
    pub(super) const fn brings_bytes(&self) -> bool {
        self.first.is_some()
    }

    pub(super) fn from_hash(hash: &str) -> Self {
        Self { hash: hash.to_owned(), first: None }
    }
}

impl SignedBytes {
    /// Identified by a hash of their signature.
    #[must_use]
    pub fn of(fingerprint: &[u8]) -> Self {
        Self(base64url(fingerprint))
    }
}

impl Sessions {
    /// Whether a request has had its effect.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn delivery(&self, request: &RequestId) -> Result<Option<Delivery>, Error> {
        let found = self.database.read("dynamodb.delivery", Key::delivery(&request.hash)).await?;
        Ok(found.map(|found| Delivery { erasing: found.get(&ERASING) }))
    }

    /// Whether these bytes were delivered before, with any id.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn were_delivered(&self, bytes: &SignedBytes) -> Result<bool, Error> {
        Ok(self.database.read("dynamodb.body", Key::body(&bytes.0)).await?.is_some())
    }
}

/// Records a request in the transaction of its effect, on the condition that it has had none.
/// `erasing` is what that effect has yet to finish.
pub(super) fn note(request: &RequestId, erasing: Option<Uuid>, now: UnixSeconds) -> Write {
    let row = kept(KEEP, now).with_some(&ERASING, erasing);
    Write::put(Key::delivery(&request.hash), row).when(Condition::new_item())
}

/// Records the bytes that a request brought first, in the same transaction and on the condition
/// that nobody has recorded them in between.
pub(super) fn note_bytes(request: &RequestId, now: UnixSeconds) -> Option<Write> {
    let note = |bytes: &SignedBytes| Write::put(Key::body(&bytes.0), kept(KEEP_BYTES, now));
    Some(note(request.first.as_ref()?).when(Condition::new_item()))
}

/// Records that a request's work is finished: nothing names the identity any more.
pub(super) fn settle(request: &RequestId, now: UnixSeconds) -> Write {
    Write::put(Key::delivery(&request.hash), kept(KEEP, now))
}

fn kept(seconds: u64, now: UnixSeconds) -> Row {
    Row::default().with(&TTL, now.saturating_add(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_told_by_its_label_and_shows_nothing() {
        let id = RequestId::of("a", b"b54557e4-bdd9-4b37-8a5f-bf7d70bcd043");
        assert_ne!(id, RequestId::of("b", b"b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"));
        assert_eq!(id, RequestId::of("a", b"b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"));
        assert_eq!(id.as_str().len(), 43);
    }
}
