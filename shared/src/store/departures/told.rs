//! Where events tell of a deletion, so that they can go with it: they name the Pages that somebody wanted forgotten.
//!
//! The stream carries an event on from the moment it is written, so nobody misses one that goes a minute later. Which identities it was is noted under the request, sealed,
//! in the transaction that tells of it.

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use uuid::Uuid;

use crate::{
    calls::timed,
    encryption::{OpenError, Place},
    error::Error,
    providers::facebook,
    random,
    secret::Secret,
    signing::hex,
};

use super::{
    super::{
        Cancelled, Connections, Item,
        deliveries::RequestId,
        item::{self, b, identity_key, n, s},
        stores_write::{incomplete, put},
        unavailable,
    },
    key,
    work::DATA_DELETION,
};

/// What the sort keys of these notes begin with.
const TOLD: &str = "told#";
/// A note of a request that is never settled; its events have gone with their own TTL by then.
const KEEP: u64 = 7 * 24 * 3600;
/// The 100 writes of a transaction.
const BATCH: usize = 100;

impl Connections {
    /// Notes that events under this identity tell of a request; once for both, however often it is written.
    pub(super) fn note_told(&self, code: Uuid, user_uuid: Uuid) -> Result<TransactWriteItem, Error> {
        let name = RequestId::of("messenger-link/told/v1", &[code.into_bytes(), user_uuid.into_bytes()].concat());
        let told = item::item([
            ("pk", s(key(code))),
            ("sk", s(format!("{TOLD}{}", name.as_str()))),
            ("sealed", b(self.keys.seal(place(code), &Secret::new(user_uuid.to_string()))?)),
            ("ttl", n(self.clock.now().saturating_add(KEEP))),
        ]);
        put(Put::builder().table_name(&self.table).set_item(Some(told)))
    }

    /// Deletes what was told of a request, and then the note of where that was.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of a note is not known here yet.
    pub(super) async fn delete_told(&self, code: Uuid) -> Result<(), Error> {
        for note in self.beginning_with(&key(code), TOLD).await? {
            let sealed = item::bytes(&note, "sealed").unwrap_or_default();
            let user_uuid: Option<Uuid> = match self.keys.open(place(code), sealed) {
                Ok(user_uuid) => user_uuid.expose().parse().ok(),
                Err(OpenError::UnknownKey(id)) => {
                    return Err(Error::storage_unavailable(format!("sealed: sealed with key {id}, which is not known here"))
                        .refusing_credentials(true));
                }
                Err(OpenError::Corrupt) => None,
            };
            let mut deletes = Vec::new();
            if let Some(user_uuid) = user_uuid {
                let tells = |event: &&Item| item::text(event, "reason") == Some(DATA_DELETION);
                for event in self.beginning_with(&identity_key(user_uuid), "event#").await?.iter().filter(tells) {
                    deletes.push(self.delete_at(event)?);
                }
            }
            deletes.push(self.delete_at(&note)?);
            for batch in deletes.chunks(BATCH) {
                match self.transact("dynamodb.delete_told", &hex(&random::bytes::<16>()?), batch.to_vec()).await {
                    Ok(()) | Err(Cancelled::Conditions(_)) => {}
                    Err(Cancelled::Failed(error)) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// What of a partition begins so, strongly consistent.
    async fn beginning_with(&self, pk: &str, beginning: &str) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let mut from: Option<Item> = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("pk = :pk AND begins_with(sk, :beginning)")
                .expression_attribute_values(":pk", s(pk))
                .expression_attribute_values(":beginning", s(beginning))
                .set_exclusive_start_key(from);
            let output = timed("dynamodb.told", query.send()).await.map_err(|e| unavailable("told", &e))?;
            items.extend(output.items.unwrap_or_default());
            from = output.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    fn delete_at(&self, found: &Item) -> Result<TransactWriteItem, Error> {
        let text = |name: &str| s(item::text(found, name).unwrap_or_default());
        let delete = Delete::builder().table_name(&self.table).key("pk", text("pk")).key("sk", text("sk"));
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(incomplete)?).build())
    }
}

fn place(code: Uuid) -> Place<'static> {
    Place { user_uuid: code, platform: facebook::PLATFORM.name, account: "departure", attribute: "identity" }
}
