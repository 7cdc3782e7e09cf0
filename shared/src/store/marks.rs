//! What names a person is found by the index `by_person`: through the person's own item, or, where that is gone, by a mark of its own.
//!
//! Whatever takes the person's item away marks the Pages that stay. Versions before this one did not always, so what they left is marked once: a walk over the whole table,
//! of which it reads keys and persons' ids alone. It begins an hour after the first run of this version, when none of those is at work any more, and until it has been
//! everywhere nobody is told that nothing is kept of them.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::{Select, TransactWriteItem, Update};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{calls::timed, error::Error, providers::facebook};

use super::{
    Connections, Item, Pause, TRIES,
    departures::as_read,
    is_worth_repeating,
    item::{self, identity_key, n, s},
    stores_write::incomplete,
    unavailable,
};

/// Both keys of the note.
const PLACE: (&str, &str) = ("keeper", "persons");
/// Parts of the table. A part that was not finished is begun again, so that the note needs no key of the table.
const SEGMENTS: u16 = 64;
/// Marks written at the same time.
const WRITERS: usize = 8;
/// After the first run of this version: longer than any update takes to replace the one before.
const BEGIN_AFTER: u64 = 3600;
/// After this the index shows what was marked.
const SHOWN_AFTER: u64 = 60;

/// What the index has for a person.
pub(super) fn mark_of(person: &str) -> String {
    format!("{}#{person}", facebook::PLATFORM.name)
}

/// Whether a Page names this person and has no mark.
pub(super) fn is_unmarked(found: &Item, person: &str) -> bool {
    let is_page = item::text(found, "sk").is_some_and(|sk| sk.starts_with("page#"));
    is_page && item::text(found, "granted_by") == Some(person) && !found.contains_key("person")
}

impl Connections {
    /// Marks a Page, for the transaction that takes the person's own item away.
    pub(super) fn mark_person(&self, user_uuid: Uuid, page: &Item) -> Result<TransactWriteItem, Error> {
        let (condition, values) = as_read(page);
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(user_uuid)))
            .key("sk", s(item::text(page, "sk").unwrap_or_default()))
            .update_expression("SET person = :person")
            .condition_expression(format!("attribute_exists(pk) AND {condition}"))
            .set_expression_attribute_values(Some(values))
            .expression_attribute_values(":person", s(mark_of(item::text(page, "granted_by").unwrap_or_default())))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    /// Whether the index finds everything that names a person.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub(super) async fn persons_are_marked(&self) -> Result<bool, Error> {
        let note = self.get(PLACE.0.to_owned(), PLACE.1).await?;
        let done_at = note.and_then(|note| item::number(&note, "done_at"));
        Ok(done_at.is_some_and(|done_at| done_at.saturating_add(SHOWN_AFTER) <= self.clock.now()))
    }

    /// Where the walk is to go on now; none when it is over, or its time has not come.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn marking(&self) -> Result<Option<u16>, Error> {
        let Some(note) = self.get(PLACE.0.to_owned(), PLACE.1).await? else {
            self.note_marking("begin_at", self.clock.now().saturating_add(BEGIN_AFTER)).await?;
            return Ok(None);
        };
        let is_time = item::number(&note, "begin_at").is_none_or(|begin_at| begin_at <= self.clock.now());
        let is_over = note.contains_key("done_at");
        let next = item::number(&note, "segment").and_then(|segment| segment.try_into().ok()).unwrap_or_default();
        Ok((is_time && !is_over).then_some(next))
    }

    /// Walks over a part, repeating what is throttled until then, and notes that; returns how many Pages it marked, and where to go on while there is more.
    ///
    /// # Errors
    /// `storage_unavailable`; what was marked stays marked.
    pub async fn mark_next(&self, segment: u16, until: Instant) -> Result<(u64, Option<u16>), Error> {
        let marked = self.mark_segment(segment, until).await?;
        let next = Some(segment.saturating_add(1)).filter(|next| *next < SEGMENTS);
        let is_noted = match next {
            Some(next) => self.note_marking("segment", next.into()).await?,
            None => self.note_marking("done_at", self.clock.now()).await?,
        };
        Ok((marked, next.filter(|_| is_noted)))
    }

    /// False when another run has noted that the walk is over, which stays so.
    async fn note_marking(&self, name: &str, value: u64) -> Result<bool, Error> {
        let note = item::item([("pk", s(PLACE.0)), ("sk", s(PLACE.1)), (name, n(value))]);
        let write =
            self.client.put_item().table_name(&self.table).set_item(Some(note)).condition_expression("attribute_not_exists(done_at)");
        match timed("dynamodb.note_marking", write.send()).await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(error) => Err(unavailable("note_marking", &error)),
        }
    }

    async fn mark_segment(&self, segment: u16, until: Instant) -> Result<u64, Error> {
        let mut marked = 0;
        let mut from: Option<Item> = None;
        // The items of an identity come together, and its Pages before its persons.
        let mut identity: Vec<Item> = Vec::new();
        let mut pause = Pause::default();
        loop {
            let scan = self
                .client
                .scan()
                .table_name(&self.table)
                .segment(segment.into())
                .total_segments(SEGMENTS.into())
                .select(Select::SpecificAttributes)
                .projection_expression("pk, sk, granted_by, person")
                .filter_expression(
                    "begins_with(sk, :person) OR (begins_with(sk, :page) AND attribute_exists(granted_by) AND attribute_not_exists(person))",
                )
                .expression_attribute_values(":person", s("person#"))
                .expression_attribute_values(":page", s("page#"))
                .set_exclusive_start_key(from.clone());
            let output = match timed("dynamodb.marking", scan.send()).await {
                Ok(output) => output,
                Err(error) if Instant::now() < until && is_worth_repeating(&error) => {
                    pause.wait().await;
                    continue;
                }
                Err(error) => return Err(unavailable("marking", &error)),
            };
            pause = Pause::default();
            for found in output.items.unwrap_or_default() {
                if identity.last().is_some_and(|last| item::text(last, "pk") != item::text(&found, "pk")) {
                    marked += self.mark_left_behind(std::mem::take(&mut identity)).await?;
                }
                identity.push(found);
            }
            from = output.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(marked.saturating_add(self.mark_left_behind(identity).await?));
            }
        }
    }

    /// Marks the Pages of an identity that name somebody whose own item is not among these.
    async fn mark_left_behind(&self, identity: Vec<Item>) -> Result<u64, Error> {
        let persons: HashSet<&str> = identity.iter().filter_map(|found| item::text(found, "sk")?.strip_prefix("person#")).collect();
        let left_behind = identity.iter().filter(|found| {
            let granted_by = item::text(found, "granted_by").filter(|person| !person.is_empty());
            granted_by.is_some_and(|person| is_unmarked(found, person) && !persons.contains(person))
        });
        let left_behind: Vec<Item> = left_behind.cloned().collect();
        let marks = stream::iter(left_behind).map(|page| async move { self.mark_page(&page).await }).buffer_unordered(WRITERS);
        let marked: Vec<bool> = marks.try_collect().await?;
        Ok(marked.into_iter().map(u64::from).sum())
    }

    /// False when the Page is another's by now.
    async fn mark_page(&self, page: &Item) -> Result<bool, Error> {
        let text = |name: &str| item::text(page, name).unwrap_or_default();
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(text("pk")))
            .key("sk", s(text("sk")))
            .update_expression("SET person = :mark")
            .condition_expression("granted_by = :person")
            .expression_attribute_values(":person", s(text("granted_by")))
            .expression_attribute_values(":mark", s(mark_of(text("granted_by"))));
        let mut pause = Pause::default();
        loop {
            match timed("dynamodb.mark_page", update.clone().send()).await {
                Ok(_) => return Ok(true),
                Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => return Ok(false),
                Err(error) if pause.tries < TRIES && is_worth_repeating(&error) => pause.wait().await,
                Err(error) => return Err(unavailable("mark_page", &error)),
            }
        }
    }
}
