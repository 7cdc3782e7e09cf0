//! Erasing an identity: everything in its partition, what points to it, and its sessions.
//!
//! It begins with a mark on the identity's store, in one transaction with whatever asked for it; from then on nothing is written under the identity any more, since every such
//! write requires its generation. The rest follows in batches, each of which requires the mark, and the mark goes last, together with the record that this was done. So it can
//! stop anywhere, be taken up by anybody, and be done by two at once.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem, Update};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    calls::timed,
    error::Error,
    flow::FlowsOf,
    providers::{
        PLATFORMS,
        facebook::{self, pages::PageId},
    },
    random,
    signing::hex,
};

use super::{
    Cancelled, Connections, Item,
    deliveries::RequestId,
    due::Urgency,
    flows::flow_key,
    item::{self, identity_key, n, s},
    jobs::Unsubscribe,
    patience::NOTES,
    persons::place,
    sessions::{self, SessionKey},
    stores_write::incomplete,
    tokens::Status,
    unavailable,
};

/// Groups of writes in one transaction, of at most three each: with the mark below its 100.
const BATCH: usize = 33;
/// Readings of a partition in which something is still found.
const ROUNDS: u32 = 20;

/// Why an identity is erased, for the record.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'a> {
    /// What asked for it, as a word.
    pub what: &'a str,
    /// The request that asked, if one did.
    pub request: Option<&'a RequestId>,
    /// It has been noted already, with a doubt that turned out right.
    pub noted: bool,
}

/// How far erasing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    /// Nothing is left.
    Whole,
    /// The time was up; the mark says that there is more.
    Partly,
}

/// What belongs together: an owner whose Page item is gone could not be found again, and a job is there for a Page that is gone.
#[derive(Debug, Default)]
struct Group {
    /// The item itself; gone already when another eraser was faster.
    item: Option<TransactWriteItem>,
    /// What points to it.
    owner: Option<TransactWriteItem>,
    /// What is left to do about it, unless another identity holds it.
    job: Option<TransactWriteItem>,
}

/// What a write in a transaction is there for, so that its failed condition can be understood.
#[derive(Clone, Copy, Debug)]
enum Role {
    Mark,
    Item(usize),
    Owner(usize),
    Job,
}

impl Connections {
    /// Raises the generation, so that nothing begun before counts any more, and takes the tokens out at once. Due now: whoever looks for
    /// unfinished work finds it. `kept` is the session that goes over to the new identity.
    pub(super) fn mark_erasing(
        &self,
        former: Uuid,
        generation: u64,
        version: u64,
        what: &str,
        kept: &SessionKey,
    ) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(former)))
            .key("sk", s("store"))
            .update_expression(format!(
                "SET #status = :erasing, generation = generation + :one, due_shard = :urgent, due_at = :now, erase_what = :what \
                 REMOVE access_token, refresh_token, shop_id, #name, scopes, sessions.#kept, {NOTES}",
            ))
            .condition_expression("generation = :generation AND version = :version")
            .expression_attribute_names("#status", "status")
            .expression_attribute_names("#name", "name")
            .expression_attribute_names("#kept", kept.as_str())
            .expression_attribute_values(":erasing", s("erasing"))
            .expression_attribute_values(":what", s(what))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":urgent", s(Urgency::Urgent.shard_of(former)))
            .expression_attribute_values(":now", n(self.clock.now()))
            .expression_attribute_values(":generation", n(generation))
            .expression_attribute_values(":version", n(version))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    /// Erases what an identity marked as erasing still holds. It begins nothing after `deadline`: what is left then is for whoever looks for unfinished work.
    ///
    /// # Errors
    /// `storage_unavailable`; it can be done again from the start.
    pub async fn erase(&self, user_uuid: Uuid, deadline: Option<Instant>) -> Result<Erased, Error> {
        for round in 0..ROUNDS {
            let everything = self.everything(user_uuid).await?;
            let Some(root) = everything.iter().find(|found| item::text(found, "sk") == Some("store")) else { return Ok(Erased::Whole) };
            if Status::read(root) != Status::Erasing {
                return Err(Error::storage_unavailable("erase: no mark"));
            }
            // By the mark alone they are found, so they go before anything else, and the mark after them.
            let mut groups = if round == 0 { self.sessions_and_flows(user_uuid, root)? } else { Vec::new() };
            for found in everything.iter().filter(|found| item::text(found, "sk") != Some("store")) {
                groups.push(self.group(user_uuid, found)?);
            }
            // Read again until nothing else is found: the note that a Page moved away may have come between.
            if groups.is_empty() {
                self.end_erasing(user_uuid, root).await?;
                return Ok(Erased::Whole);
            }
            let mark = self.keep_mark(user_uuid, count(&everything, root))?;
            for batch in groups.chunks_mut(BATCH) {
                if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                    return Ok(Erased::Partly);
                }
                if !self.erase_batch(&mark, batch).await? {
                    return Ok(Erased::Whole);
                }
            }
        }
        Err(Error::storage_unavailable("erase: more and more is found"))
    }

    /// False when the mark is gone: somebody else has finished.
    async fn erase_batch(&self, mark: &TransactWriteItem, batch: &mut [Group]) -> Result<bool, Error> {
        loop {
            let (mut roles, mut items) = (vec![Role::Mark], vec![mark.clone()]);
            for (index, group) in batch.iter().enumerate() {
                let parts = [(Role::Item(index), &group.item), (Role::Owner(index), &group.owner), (Role::Job, &group.job)];
                for (role, item) in parts.into_iter().filter_map(|(role, item)| Some((role, item.clone()?))) {
                    roles.push(role);
                    items.push(item);
                }
            }
            if items.len() == 1 {
                return Ok(true);
            }
            let failed = match self.transact("dynamodb.erase", &hex(&random::bytes::<16>()?), items).await {
                Ok(()) => return Ok(true),
                Err(Cancelled::Failed(error)) => return Err(error),
                Err(Cancelled::Conditions(failed)) => failed,
            };
            for role in failed.iter().filter_map(|(index, _)| roles.get(*index)) {
                match role {
                    Role::Mark | Role::Job => return Ok(false),
                    Role::Item(index) => batch.get_mut(*index).into_iter().for_each(|group| *group = Group::default()),
                    // It changed hands meanwhile, and is not ours to delete, nor to unsubscribe.
                    Role::Owner(index) => batch.get_mut(*index).into_iter().for_each(|group| (group.owner, group.job) = (None, None)),
                }
            }
        }
    }

    /// What the sessions table has of an identity.
    fn sessions_and_flows(&self, user_uuid: Uuid, root: &Item) -> Result<Vec<Group>, Error> {
        let sessions = sessions(root).into_iter().map(|session| sessions::partition(&session));
        let platforms = PLATFORMS.into_iter().filter(|platform| platform.flows_of == FlowsOf::Identity);
        let flows = platforms.map(|platform| flow_key(platform, &user_uuid.to_string()));
        sessions.chain(flows).map(|pk| Ok(Group { item: Some(self.delete_from_sessions(pk)?), ..Group::default() })).collect()
    }

    /// What goes with one item of an identity.
    fn group(&self, user_uuid: Uuid, found: &Item) -> Result<Group, Error> {
        let sk = item::text(found, "sk").unwrap_or_default();
        let key = Delete::builder().table_name(&self.table).key("pk", s(identity_key(user_uuid))).key("sk", s(sk));
        let mut group = Group { item: Some(delete(key.condition_expression("attribute_exists(pk)"))?), ..Group::default() };
        // A Page that another identity took over keeps its new owner.
        if sk.starts_with("page#") && item::text(found, "status") != Some("moved") {
            group.owner = Some(self.delete_if_held(sk, user_uuid)?);
            group.job = self.unsubscribing(user_uuid, found)?.map(|job| self.put_unsubscribe(&job)).transpose()?;
        }
        Ok(group)
    }

    /// None for a Page without a token that opens: nothing can be asked in its name.
    pub(super) fn unsubscribing(&self, user_uuid: Uuid, found: &Item) -> Result<Option<Unsubscribe>, Error> {
        let page_id = item::text(found, "sk").and_then(|sk| sk.strip_prefix("page#")).and_then(PageId::parse);
        let (Some(page_id), Some(sealed)) = (page_id, item::bytes(found, "access_token")) else { return Ok(None) };
        match self.keys.open(place(user_uuid, page_id.as_str(), "page_token"), sealed) {
            Ok(token) => Ok(Some(Unsubscribe { token, app_id: item::text(found, "app_id").unwrap_or_default().to_owned(), page_id })),
            // Erasing does not wait for a key.
            Err(_) => {
                tracing::warn!(platform = facebook::PLATFORM.name, "a sealed token does not open; its Page stays subscribed");
                Ok(None)
            }
        }
    }

    /// Requires the mark, and notes how much there was when erasing began.
    fn keep_mark(&self, user_uuid: Uuid, records: u64) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(user_uuid)))
            .key("sk", s("store"))
            .update_expression("SET erase_records = if_not_exists(erase_records, :records)")
            .condition_expression("#status = :erasing")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":erasing", s(Status::Erasing.as_str()))
            .expression_attribute_values(":records", n(records))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    /// The mark goes, and the record stays.
    async fn end_erasing(&self, user_uuid: Uuid, root: &Item) -> Result<(), Error> {
        let request = item::text(root, "erase_request").map(RequestId::from_hash);
        let records = item::number(root, "erase_records").unwrap_or(1);
        let key = Delete::builder().table_name(&self.table).key("pk", s(identity_key(user_uuid))).key("sk", s("store"));
        let mut items = vec![
            delete(
                key.condition_expression("#status = :erasing")
                    .expression_attribute_names("#status", "status")
                    .expression_attribute_values(":erasing", s(Status::Erasing.as_str())),
            )?,
            self.put_audit(item::text(root, "erase_what").unwrap_or("unknown"), request.as_ref(), records)?,
        ];
        items.extend(request.as_ref().map(|request| self.settle_delivery(request)).transpose()?);
        match self.transact("dynamodb.end_erasing", &hex(&random::bytes::<16>()?), items).await {
            // Without the mark somebody else has done it.
            Ok(()) | Err(Cancelled::Conditions(_)) => Ok(()),
            Err(Cancelled::Failed(error)) => Err(error),
        }
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

    pub(super) fn delete_if_held(&self, page_key: &str, user_uuid: Uuid) -> Result<TransactWriteItem, Error> {
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

fn sessions(root: &Item) -> Vec<String> {
    root.get("sessions").and_then(|value| value.as_m().ok()).map(|sessions| sessions.keys().cloned().collect()).unwrap_or_default()
}

/// Records in both tables, the events that only tell of them left out.
fn count(everything: &[Item], root: &Item) -> u64 {
    let of = |found: &Item| match item::text(found, "sk").unwrap_or_default() {
        sk if sk.starts_with("event#") => 0,
        // With the item that says who owns it.
        sk if sk == "store" || sk.starts_with("page#") => 2,
        _ => 1,
    };
    let records: u64 = everything.iter().map(of).sum();
    records.saturating_add(u64::try_from(sessions(root).len()).unwrap_or_default())
}

fn delete(builder: aws_sdk_dynamodb::types::builders::DeleteBuilder) -> Result<TransactWriteItem, Error> {
    Ok(TransactWriteItem::builder().delete(builder.build().map_err(incomplete)?).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_erased_is_counted_with_owners_and_sessions_and_without_events() {
        let named = |sk: &str| item::item([("sk", s(sk))]);
        let sessions = item::map([("one", n(1)), ("two", n(1))]);
        let root = item::item([("sk", s("store")), ("sessions", sessions)]);
        let everything = [root.clone(), named("page#1"), named("person#5"), named("doubt"), named("event#1")];
        assert_eq!(count(&everything, &root), 2 + 2 + 1 + 1 + 2);
        assert_eq!(count(&[], &Item::new()), 0);
    }
}
