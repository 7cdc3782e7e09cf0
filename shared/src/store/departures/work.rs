//! Taking away what goes, each write on the condition that it is still as it was read.
//!
//! Pages go, or are marked, before the person goes: whatever dies in between, the person's item still leads here. Data deletion raises the identity's generation with its first write, so that no
//! flow in flight outlives it. Each transaction counts on the request's own record what it took.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, TransactWriteItem, Update, builders::DeleteBuilder};
use uuid::Uuid;

use crate::{
    calls::timed,
    encryption::OpenError,
    error::Error,
    providers::facebook::{self, pages::PageId, signed_request::Subject},
    random,
    signing::hex,
};

use super::{
    super::{
        Cancelled, Connections, Item,
        events::{Event, EventType},
        item::{self, identity_key, n, s},
        jobs::Unsubscribe,
        marks::mark_of,
        persons::place,
        stores_write::incomplete,
        tokens::Status,
        unavailable,
    },
    Asked, Departure,
    plan::{PageItem, Plan},
};

/// Writes in a transaction besides the three that it has at most anyway: below its 100.
const BATCH: usize = 97;
/// Tries at one identity, each from what it is by then.
const TRIES: usize = 5;
/// Why a Page needs a new link, and what its event says.
const APP_REMOVED: &str = "app_removed";
pub(super) const DATA_DELETION: &str = "data_deletion";
/// For so long the key of a token may be one that is not known here yet. After that a Page goes without being unsubscribed.
const KEY_UNKNOWN: u64 = 3600 * 1000;

/// Writes that stand or fall together, and how many records they take.
struct Group {
    writes: Vec<TransactWriteItem>,
    records: u64,
}

impl Connections {
    /// Takes away what goes with this subject, under every identity.
    pub(super) async fn erase_subject(&self, departure: &Departure, subject: &Subject) -> Result<(), Error> {
        let identities = match subject {
            Subject::Person(id) => self.identities_of_person(id).await?,
            Subject::Page(id) => self.holder_of(id).await?.into_iter().collect(),
            Subject::Nobody => BTreeSet::new(),
        };
        for user_uuid in identities {
            self.leave_identity(departure, subject, user_uuid).await?;
        }
        Ok(())
    }

    async fn leave_identity(&self, departure: &Departure, subject: &Subject, user_uuid: Uuid) -> Result<(), Error> {
        for _ in 0..TRIES {
            let everything = self.everything(user_uuid).await?;
            let plan = Plan::of(departure, subject, &everything);
            if plan.is_empty() {
                return Ok(());
            }
            if self.write_plan(departure, user_uuid, &plan, &everything).await? {
                return Ok(());
            }
        }
        Err(Error::storage_unavailable("do_leave: the identity keeps changing"))
    }

    /// False when something is no longer as it was read.
    async fn write_plan(&self, departure: &Departure, user_uuid: Uuid, plan: &Plan<'_>, everything: &[Item]) -> Result<bool, Error> {
        let root = everything.iter().find(|found| item::text(found, "sk") == Some("store"));
        let mut generation = root.map(|root| item::number(root, "generation").unwrap_or_default());
        // What is being erased has had its generation raised, and goes anyway.
        let mut raise = departure.asked == Asked::Deletion && root.is_some_and(|root| Status::read(root) != Status::Erasing);
        for batch in batches(self.groups(departure, user_uuid, plan, everything)?) {
            let records = batch.iter().map(|group| group.records).sum();
            let mut writes = vec![self.ground(user_uuid, generation, raise)?, self.count(departure, records)?];
            if departure.asked == Asked::Deletion {
                writes.push(self.note_told(departure.code, user_uuid)?);
            }
            writes.extend(batch.into_iter().flat_map(|group| group.writes));
            let token = hex(&random::bytes::<16>()?);
            match self.transact("dynamodb.do_leave", &token, writes).await {
                Ok(()) => {}
                Err(Cancelled::Conditions(_)) => return Ok(false),
                Err(Cancelled::Failed(error)) => return Err(error),
            }
            generation = generation.map(|generation| generation.saturating_add(u64::from(raise)));
            raise = false;
        }
        Ok(true)
    }

    /// In the order in which they have to be written.
    fn groups(&self, departure: &Departure, user_uuid: Uuid, plan: &Plan<'_>, everything: &[Item]) -> Result<Vec<Group>, Error> {
        let mut groups = Vec::new();
        for page in &plan.pages {
            let writes = match departure.asked {
                Asked::Deauthorize => self.deauthorize_page(user_uuid, page)?,
                Asked::Deletion => self.delete_page(departure, user_uuid, page)?,
            };
            groups.push(Group { writes, records: 1 });
        }
        if departure.asked == Asked::Deletion {
            // What was told of these Pages before has been delivered by now.
            let of_page = |found: &&Item| plan.pages.iter().any(|page| item::text(found, "account") == Some(page.id));
            let events =
                everything.iter().filter(of_page).filter_map(|found| item::text(found, "sk")).filter(|sk| sk.starts_with("event#"));
            for sk in events {
                let event = Delete::builder().table_name(&self.table).key("pk", s(identity_key(user_uuid))).key("sk", s(sk));
                groups.push(Group { writes: vec![delete(event)?], records: 0 });
            }
        }
        for page in &plan.unmarked {
            groups.push(Group { writes: vec![self.mark_person(user_uuid, page)?], records: 0 });
        }
        if let Some(person) = plan.person {
            groups.push(Group { writes: vec![self.delete_as_read(user_uuid, person)?], records: 1 });
        }
        Ok(groups)
    }

    /// The Page stays in its merchant's list, without a token. The person's own item goes, so from now on it is by the Page that the index finds what is kept because of them.
    fn deauthorize_page(&self, user_uuid: Uuid, page: &PageItem<'_>) -> Result<Vec<TransactWriteItem>, Error> {
        let (condition, values) = as_read(page.found);
        let person = mark_of(item::text(page.found, "granted_by").unwrap_or_default());
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(user_uuid)))
            .key("sk", s(format!("page#{}", page.id)))
            .update_expression(
                "SET #status = :dead, #reason = :reason, dead_since = :now, version = version + :one, person = :person \
                 REMOVE access_token, messaging_ready, messaging_reason",
            )
            .condition_expression(format!("attribute_exists(pk) AND {condition}"))
            .expression_attribute_names("#status", "status")
            .expression_attribute_names("#reason", "reason")
            .set_expression_attribute_values(Some(values))
            .expression_attribute_values(":person", s(person))
            .expression_attribute_values(":dead", s(Status::ReconnectNeeded.as_str()))
            .expression_attribute_values(":reason", s(APP_REMOVED))
            .expression_attribute_values(":now", n(self.clock.now()))
            .expression_attribute_values(":one", n(1))
            .build();
        Ok(vec![
            TransactWriteItem::builder().update(update.map_err(incomplete)?).build(),
            self.put_event(&disconnected(user_uuid, page.id, APP_REMOVED))?,
        ])
    }

    /// The Page goes, and with it who holds it; what is left is to unsubscribe it.
    fn delete_page(&self, departure: &Departure, user_uuid: Uuid, page: &PageItem<'_>) -> Result<Vec<TransactWriteItem>, Error> {
        let mut writes = vec![self.delete_as_read(user_uuid, page.found)?];
        if page.status == Status::Moved {
            return Ok(writes);
        }
        writes.push(delete(
            Delete::builder()
                .table_name(&self.table)
                .key("pk", s(format!("page#{}", page.id)))
                .key("sk", s("owner"))
                .condition_expression("attribute_not_exists(pk) OR #uuid = :mine")
                .expression_attribute_names("#uuid", "uuid")
                .expression_attribute_values(":mine", s(user_uuid.to_string())),
        )?);
        writes.push(self.put_event(&disconnected(user_uuid, page.id, DATA_DELETION))?);
        if let Some(job) = self.unsubscribe(departure, user_uuid, page)? {
            writes.push(self.put_unsubscribe(&job)?);
        }
        Ok(writes)
    }

    fn unsubscribe(&self, departure: &Departure, user_uuid: Uuid, page: &PageItem<'_>) -> Result<Option<Unsubscribe>, Error> {
        let (Some(sealed), Some(page_id)) = (item::bytes(page.found, "access_token"), PageId::parse(page.id)) else { return Ok(None) };
        match self.keys.open(place(user_uuid, page.id, "page_token"), sealed) {
            Ok(token) => {
                let app_id = item::text(page.found, "app_id").unwrap_or_default().to_owned();
                Ok(Some(Unsubscribe { page_id, token, app_id }))
            }
            Err(OpenError::UnknownKey(id)) if self.clock.now_millis() < departure.received_ms.saturating_add(KEY_UNKNOWN) => {
                Err(Error::storage_unavailable(format!("page_token: sealed with key {id}, which is not known here"))
                    .refusing_credentials(true))
            }
            Err(OpenError::UnknownKey(_) | OpenError::Corrupt) => Ok(None),
        }
    }

    pub(in super::super) fn delete_as_read(&self, user_uuid: Uuid, found: &Item) -> Result<TransactWriteItem, Error> {
        let (condition, values) = as_read(found);
        let item = Delete::builder().table_name(&self.table).key("pk", s(identity_key(user_uuid)));
        let item = item.key("sk", s(item::text(found, "sk").unwrap_or_default()));
        delete(item.condition_expression(condition).set_expression_attribute_values(Some(values)))
    }

    /// The identity is as it was read.
    fn ground(&self, user_uuid: Uuid, generation: Option<u64>, raise: bool) -> Result<TransactWriteItem, Error> {
        let (pk, sk) = (s(identity_key(user_uuid)), s("store"));
        if let (Some(generation), true) = (generation, raise) {
            let update = Update::builder()
                .table_name(&self.table)
                .key("pk", pk)
                .key("sk", sk)
                .update_expression("SET generation = :next")
                .condition_expression("generation = :generation")
                .expression_attribute_values(":generation", n(generation))
                .expression_attribute_values(":next", n(generation.saturating_add(1)))
                .build();
            return Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build());
        }
        let check = ConditionCheck::builder().table_name(&self.table).key("pk", pk).key("sk", sk);
        let check = match generation {
            Some(generation) => {
                check.condition_expression("generation = :generation").expression_attribute_values(":generation", n(generation))
            }
            None => check.condition_expression("attribute_not_exists(pk)"),
        };
        Ok(TransactWriteItem::builder().condition_check(check.build().map_err(incomplete)?).build())
    }

    /// Counts what a transaction takes, in that transaction.
    fn count(&self, departure: &Departure, records: u64) -> Result<TransactWriteItem, Error> {
        let update = self
            .status(departure.code)
            .update_expression("SET records = records + :records")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":records", n(records))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    /// The identities under which a person's grant lies. The index lags behind by moments.
    pub(in super::super) async fn identities_of_person(&self, id: &str) -> Result<BTreeSet<Uuid>, Error> {
        let mut found = BTreeSet::new();
        let mut from: Option<Item> = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .index_name("by_person")
                .key_condition_expression("person = :person")
                .expression_attribute_values(":person", s(mark_of(id)))
                .set_exclusive_start_key(from);
            let output = timed("dynamodb.by_person", query.send()).await.map_err(|e| unavailable("by_person", &e))?;
            let uuid = |key: &Item| item::text(key, "pk")?.strip_prefix("uuid#")?.parse::<Uuid>().ok();
            found.extend(output.items.unwrap_or_default().iter().filter_map(uuid));
            from = output.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(found);
            }
        }
    }

    async fn holder_of(&self, page_id: &PageId) -> Result<Option<Uuid>, Error> {
        Ok(self.get(format!("page#{page_id}"), "owner").await?.and_then(|owner| item::uuid(&owner, "uuid")))
    }
}

/// Groups that fit in one transaction, in their order.
fn batches(groups: Vec<Group>) -> Vec<Vec<Group>> {
    let mut batches: Vec<Vec<Group>> = Vec::new();
    let mut size = BATCH;
    for group in groups {
        size += group.writes.len();
        match batches.last_mut().filter(|_| size <= BATCH) {
            Some(batch) => batch.push(group),
            None => {
                size = group.writes.len();
                batches.push(vec![group]);
            }
        }
    }
    batches
}

/// The condition that a record is the very one that was read. A record of its place that was linked anew has another time, or another version.
pub(in super::super) fn as_read(found: &Item) -> (String, Item) {
    let mut values = Item::new();
    let mut conditions = Vec::new();
    for name in ["linked_at", "linked_ms", "version", "granted_by", "access_token"] {
        match found.get(name) {
            Some(value) => {
                conditions.push(format!("{name} = :{name}"));
                values.insert(format!(":{name}"), AttributeValue::clone(value));
            }
            None => conditions.push(format!("attribute_not_exists({name})")),
        }
    }
    (conditions.join(" AND "), values)
}

fn disconnected<'a>(user_uuid: Uuid, page_id: &'a str, reason: &'a str) -> Event<'a> {
    Event { event_type: EventType::Disconnected, user_uuid, platform: facebook::PLATFORM.name, account: page_id, reason: Some(reason) }
}

fn delete(builder: DeleteBuilder) -> Result<TransactWriteItem, Error> {
    Ok(TransactWriteItem::builder().delete(builder.build().map_err(incomplete)?).build())
}

#[cfg(test)]
mod tests;
