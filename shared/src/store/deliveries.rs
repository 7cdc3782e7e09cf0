//! Remembers which provider requests have taken effect, so that a repeat has none, and which signed
//! bytes were delivered before, so that a replay no longer counts as proof.

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

/// Longer than any provider keeps retrying a delivery.
const KEEP: u64 = 7 * 24 * 3600;

/// A replay works for as long as we accept the client secret that signed it, which may be years. A
/// note costs next to nothing and reveals nothing.
const KEEP_BYTES: u64 = 10 * 365 * 24 * 3600;

/// A provider's request, identified by a hash of its id, so that what is stored reveals nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId {
    hash: String,
    first: Option<SignedBytes>,
}

/// Bytes that a provider signed, identified by a hash that nobody can make without its secret. A
/// sender can choose an unsigned id freely; these bytes it cannot change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBytes(String);

/// A request that has taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The identity whose erasure it began and which is not yet erased.
    pub erasing: Option<Uuid>,
}

impl RequestId {
    /// `label` separates the ids of one kind of request from those of others.
    #[must_use]
    pub fn of(label: &str, id: &[u8]) -> Self {
        Self { hash: base64url(&labelled_sha256(label, id)), first: None }
    }

    /// The same, for the first delivery of these bytes: the delivery is noted in the same
    /// transaction, on condition that they were not delivered before.
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

    /// Whether this is the first delivery of its bytes.
    pub(super) const fn brings_bytes(&self) -> bool {
        self.first.is_some()
    }

    pub(super) fn from_hash(hash: &str) -> Self {
        Self { hash: hash.to_owned(), first: None }
    }
}

impl SignedBytes {
    /// From a hash of their signature.
    #[must_use]
    pub fn of(fingerprint: &[u8]) -> Self {
        Self(base64url(fingerprint))
    }
}

impl Sessions {
    /// Whether a request has taken effect.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn delivery(&self, request: &RequestId) -> Result<Option<Delivery>, Error> {
        let found = self.database.read("dynamodb.delivery", Key::delivery(&request.hash)).await?;
        Ok(found.map(|found| Delivery { erasing: found.get(&ERASING) }))
    }

    /// Whether these bytes were delivered before, under any id.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn were_delivered(&self, bytes: &SignedBytes) -> Result<bool, Error> {
        Ok(self.database.read("dynamodb.body", Key::body(&bytes.0)).await?.is_some())
    }
}

/// Notes a request in the transaction of its effect, on condition that it has had none. `erasing`
/// is the identity that this effect has yet to finish erasing.
pub(super) fn note(request: &RequestId, erasing: Option<Uuid>, now: UnixSeconds) -> Write {
    let row = kept(KEEP, now).with_some(&ERASING, erasing);
    Write::put(Key::delivery(&request.hash), row).when(Condition::new_item())
}

/// Notes the bytes that a request delivered for the first time, in the same transaction, on
/// condition that nobody else has noted them since.
pub(super) fn note_bytes(request: &RequestId, now: UnixSeconds) -> Option<Write> {
    let note = |bytes: &SignedBytes| Write::put(Key::body(&bytes.0), kept(KEEP_BYTES, now));
    Some(note(request.first.as_ref()?).when(Condition::new_item()))
}

/// Closes a request: what it began is finished, and nothing names the identity any more.
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
    fn a_request_id_depends_on_its_label_and_reveals_nothing() {
        let id = RequestId::of("a", b"b54557e4-bdd9-4b37-8a5f-bf7d70bcd043");
        assert_ne!(id, RequestId::of("b", b"b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"));
        assert_eq!(id, RequestId::of("a", b"b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"));
        assert_eq!(id.as_str().len(), 43);
    }
}
