//! Erasing an identity: everything in its partition, what points to it, and its sessions.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem, Update};
use uuid::Uuid;

use crate::{calls::timed, error::Error, providers::facebook, random, signing::hex};

use super::{
    Cancelled, Connections, Item,
    flows::flow_key,
    item::{self, identity_key, n, s},
    sessions::SessionKey,
    stores::Linked,
    stores_write::incomplete,
    unavailable,
};

/// Groups of deletions in one transaction, of at most two each: below its 100.
const BATCH: usize = 40;

impl Connections {
    /// Raises the generation, so that nothing begun before counts any more, and takes the tokens out at once. Due now: whoever looks for
    /// unfinished work finds it. `kept` is the session that goes over to the new identity.
    pub(super) fn mark_erasing(&self, old: &Linked, kept: &SessionKey) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(old.user_uuid)))
            .key("sk", s("store"))
            .update_expression(
                "SET #status = :erasing, generation = generation + :one, due_at = :now REMOVE access_token, refresh_token, sessions.#kept",
            )
            .condition_expression("generation = :generation AND version = :version")
            .expression_attribute_names("#status", "status")
            .expression_attribute_names("#kept", kept.as_str())
            .expression_attribute_values(":erasing", s("erasing"))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":now", n(self.clock.now()))
            .expression_attribute_values(":generation", n(old.generation))
            .expression_attribute_values(":version", n(old.version))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    /// Erases what an identity marked as erasing still holds; the mark itself goes last, so that it can be done again from the start.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn erase(&self, user_uuid: Uuid) -> Result<(), Error> {
        let everything = self.everything(user_uuid).await?;
        // What belongs together goes in one group: an owner whose Page item is gone could not be found again.
        let mut groups: Vec<Vec<TransactWriteItem>> = Vec::new();
        for found in everything.iter().filter(|found| item::text(found, "sk") != Some("store")) {
            let Some(sk) = item::text(found, "sk") else { continue };
            let mut group = vec![self.delete(&identity_key(user_uuid), sk)?];
            // A Page that another identity took over meanwhile keeps its new owner.
            if sk.starts_with("page#") && item::text(found, "status") != Some("moved") {
                group.push(self.delete_if_held(sk, user_uuid)?);
            }
            groups.push(group);
        }
        let root = everything.iter().find(|found| item::text(found, "sk") == Some("store"));
        let sessions =
            root.and_then(|root| root.get("sessions")).and_then(|v| v.as_m().ok()).map(|m| m.keys().cloned().collect::<Vec<_>>());
        for session in sessions.unwrap_or_default() {
            groups.push(vec![self.delete_from_sessions(SessionKey::from_hash(&session).partition())?]);
        }
        groups.push(vec![self.delete_from_sessions(flow_key(facebook::PLATFORM.name, &user_uuid.to_string()))?]);
        groups.push(vec![self.delete(&identity_key(user_uuid), "store")?]);
        for batch in groups.chunks(BATCH) {
            let mut batch = batch.concat();
            while !batch.is_empty() {
                let token = hex(&random::bytes::<16>()?);
                match self.transact("dynamodb.erase", &token, batch.clone()).await {
                    Ok(()) => break,
                    Err(Cancelled::Failed(error)) => return Err(error),
                    // The only condition: a Page changed hands meanwhile, and is not ours to delete.
                    Err(Cancelled::Conditions(failed)) => {
                        let mut index = 0;
                        batch.retain(|_| {
                            let kept = !failed.iter().any(|(failed, _)| *failed == index);
                            index += 1;
                            kept
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// All items of an identity, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub(super) async fn everything(&self, user_uuid: Uuid) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let mut from: Option<Item> = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", s(identity_key(user_uuid)))
                .set_exclusive_start_key(from);
            let output = timed("dynamodb.everything", query.send()).await.map_err(|e| unavailable("everything", &e))?;
            items.extend(output.items.unwrap_or_default());
            from = output.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    fn delete(&self, pk: &str, sk: &str) -> Result<TransactWriteItem, Error> {
        delete(Delete::builder().table_name(&self.table).key("pk", s(pk)).key("sk", s(sk)))
    }

    fn delete_if_held(&self, page_key: &str, user_uuid: Uuid) -> Result<TransactWriteItem, Error> {
        delete(
            Delete::builder()
                .table_name(&self.table)
                .key("pk", s(page_key))
                .key("sk", s("owner"))
                .condition_expression("attribute_not_exists(pk) OR #uuid = :mine")
                .expression_attribute_names("#uuid", "uuid")
                .expression_attribute_values(":mine", AttributeValue::S(user_uuid.to_string())),
        )
    }

    pub(super) fn delete_from_sessions(&self, pk: String) -> Result<TransactWriteItem, Error> {
        delete(Delete::builder().table_name(&self.sessions_table).key("pk", s(pk)))
    }
}

fn delete(builder: aws_sdk_dynamodb::types::builders::DeleteBuilder) -> Result<TransactWriteItem, Error> {
    Ok(TransactWriteItem::builder().delete(builder.build().map_err(incomplete)?).build())
}
