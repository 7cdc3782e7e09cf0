//! Which requests of providers have had their effect, so that a repetition has none; and which signed bytes were delivered before, so that their word alone counts no more.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use uuid::Uuid;

use crate::{
    calls::timed,
    error::Error,
    signing::{base64url, labelled_sha256},
};

use super::{
    Connections, Item, Sessions,
    item::{self, n, s},
    stores_write::put,
    unavailable,
};

/// Longer than any provider repeats a delivery.
const KEEP: u64 = 7 * 24 * 3600;

/// Bytes can be played again for as long as the client secret with which they were signed is taken, and that may be years. A note costs next to nothing, and tells nothing.
const KEEP_BYTES: u64 = 10 * 365 * 24 * 3600;

/// A request of a provider by a hash of what identifies it: what is stored tells nothing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId {
    hash: String,
    first: Option<SignedBytes>,
}

/// Bytes that a provider signed, by a hash that nobody can make without its secret. An id that was not signed is whatever its sender likes; these stay the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBytes(String);

/// A request that has had its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The identity whose erasure it began, and which is not finished yet.
    pub erasing: Option<Uuid>,
}

impl RequestId {
    /// `label` keeps the ids of one kind of request apart from those of others.
    #[must_use]
    pub fn of(label: &str, id: &[u8]) -> Self {
        Self { hash: base64url(&labelled_sha256(label, id)), first: None }
    }

    /// The same, as the first delivery of these bytes: that they were delivered is noted with it, on the condition that they were not before.
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

    fn partition(&self) -> String {
        format!("delivery#{}", self.hash)
    }
}

impl SignedBytes {
    /// By a hash of their signature.
    #[must_use]
    pub fn of(fingerprint: &[u8]) -> Self {
        Self(base64url(fingerprint))
    }

    fn partition(&self) -> String {
        format!("body#{}", self.0)
    }
}

impl Sessions {
    /// Whether a request has had its effect.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn delivery(&self, request: &RequestId) -> Result<Option<Delivery>, Error> {
        let read = self.client.get_item().table_name(&self.table).key("pk", s(request.partition())).consistent_read(true);
        let output = timed("dynamodb.delivery", read.send()).await.map_err(|e| unavailable("delivery", &e))?;
        Ok(output.item().map(|found| Delivery { erasing: item::uuid(found, "erasing") }))
    }

    /// Whether these bytes were delivered before, under whatever id.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn were_delivered(&self, bytes: &SignedBytes) -> Result<bool, Error> {
        let read = self.client.get_item().table_name(&self.table).key("pk", s(bytes.partition())).consistent_read(true);
        let output = timed("dynamodb.body", read.send()).await.map_err(|e| unavailable("body", &e))?;
        Ok(output.item().is_some())
    }
}

impl Connections {
    /// Notes a request in the transaction of its effect, on the condition that it has had none. `erasing` is what that effect has yet to finish.
    pub(super) fn put_delivery(&self, request: &RequestId, erasing: Option<Uuid>) -> Result<TransactWriteItem, Error> {
        let mut delivery = self.delivery_item(request);
        if let Some(user_uuid) = erasing {
            delivery.insert("erasing".to_owned(), s(user_uuid.to_string()));
        }
        put(Put::builder().table_name(&self.sessions_table).set_item(Some(delivery)).condition_expression("attribute_not_exists(pk)"))
    }

    /// Notes the bytes that a request brought first, in the same transaction and on the condition that nobody noted them meanwhile.
    pub(super) fn put_first_bytes(&self, request: &RequestId) -> Result<Option<TransactWriteItem>, Error> {
        let note = |bytes: &SignedBytes| {
            let item = item::item([("pk", s(bytes.partition())), ("ttl", n(self.clock.now().saturating_add(KEEP_BYTES)))]);
            put(Put::builder().table_name(&self.sessions_table).set_item(Some(item)).condition_expression("attribute_not_exists(pk)"))
        };
        request.first.as_ref().map(note).transpose()
    }

    /// What a request began is finished: nothing names the identity any more.
    pub(super) fn settle_delivery(&self, request: &RequestId) -> Result<TransactWriteItem, Error> {
        put(Put::builder().table_name(&self.sessions_table).set_item(Some(self.delivery_item(request))))
    }

    fn delivery_item(&self, request: &RequestId) -> Item {
        item::item([("pk", s(request.partition())), ("ttl", n(self.clock.now().saturating_add(KEEP)))])
    }
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
