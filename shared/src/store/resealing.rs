//! Sealing everything anew once another key comes first on the ring, so that an older one can go, or is worth nothing to whoever has it.
//!
//! The walk goes over the index of due times, which has every store and every person, and Pages are found with their person; jobs and requests to leave end within a week by
//! themselves. How far it has come stands in one item, under the id of the key that seals: a ring with another first key begins anew. It says so by due times alone, which
//! name nobody, so that an erasure in between leaves nothing behind. Instances that have not read the secret again go on with the older key for some minutes, so there is
//! a second walk after that. What both miss is sealed anew when it is next looked after.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{calls::timed, clock::UnixSeconds, error::Error};

use super::{
    Connections, Item,
    due::{DueKey, DueKeys, PARTS, Urgency},
    item::{self, n, s},
    persons_write::{PageChange, PersonChange},
    unavailable,
};

/// Both keys of the item.
const PLACE: (&str, &str) = ("keeper", "resealing");

/// From the first walk's end to the second one: longer than an instance goes without reading the secrets.
const AGAIN_AFTER: u64 = 600;

/// Parts of the index read at the same time.
const READERS: usize = 8;

/// A walk that is to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// What of the index is left.
    pub(super) parts: Vec<Part>,
    /// It is the second one.
    pub(super) second: bool,
}

/// What is left of a shard of the index.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub(super) shard: String,
    /// From this due time on.
    pub(super) from: UnixSeconds,
    /// And after this record, as long as this run knows it.
    pub(super) after: Option<Item>,
}

impl Walk {
    /// Over everything.
    fn whole(second: bool) -> Self {
        let shards = Urgency::Routine.shards(0..=PARTS - 1).into_iter();
        Self { parts: shards.map(|shard| Part { shard, from: 0, after: None }).collect(), second }
    }

    /// None for how a version before this one noted it: that walk begins anew.
    fn read(note: &Item) -> Option<Self> {
        let parts = note.get("parts")?.as_m().ok()?;
        let part = |shard: &String| Some(Part { shard: shard.clone(), from: item::number(parts, shard)?, after: None });
        Some(Self { parts: parts.keys().filter_map(part).collect(), second: note.contains_key("second") })
    }

    /// Whether it has been everywhere.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Connections {
    /// The walk that is to go on now; none when nothing has to be sealed anew, or not yet.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn resealing(&self) -> Result<Option<Walk>, Error> {
        let found = self.get(PLACE.0.to_owned(), PLACE.1).await?;
        let Some(found) = found.filter(|found| item::text(found, "sealed_with") == Some(self.keys.sealing_id())) else {
            return Ok(Some(Walk::whole(false)));
        };
        if let Some(walk) = Walk::read(&found) {
            return Ok(Some(walk));
        }
        if found.contains_key("next") {
            return Ok(Some(Walk::whole(found.contains_key("second"))));
        }
        let is_time = item::number(&found, "again_at").is_some_and(|again_at| again_at <= self.clock.now());
        Ok(is_time.then(|| Walk::whole(true)))
    }

    /// Notes how far a walk has come, or that it is over.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_resealing(&self, walk: &Walk) -> Result<(), Error> {
        let mut note = item::item([("pk", s(PLACE.0)), ("sk", s(PLACE.1)), ("sealed_with", s(self.keys.sealing_id()))]);
        if !walk.is_over() {
            let parts = walk.parts.iter().map(|part| (part.shard.clone(), n(part.from))).collect();
            note.insert("parts".to_owned(), AttributeValue::M(parts));
            if walk.second {
                note.insert("second".to_owned(), AttributeValue::Bool(true));
            }
        } else if !walk.second {
            note.insert("again_at".to_owned(), n(self.clock.now().saturating_add(AGAIN_AFTER)));
        }
        let write = self.client.put_item().table_name(&self.table).set_item(Some(note));
        timed("dynamodb.note_resealing", write.send()).await.map_err(|e| unavailable("note_resealing", &e))?;
        Ok(())
    }

    /// The next records of a walk, due or not, at most `limit` of each shard; the walk is where they end then.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn next_to_reseal(&self, walk: &mut Walk, limit: i32) -> Result<Vec<DueKey>, Error> {
        let reading = stream::iter(std::mem::take(&mut walk.parts)).map(|part| self.read_part(part, limit));
        let read: Vec<(Vec<DueKey>, Option<Part>)> = reading.buffered(READERS).try_collect().await?;
        let (keys, parts): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        walk.parts = parts.into_iter().flatten().collect();
        Ok(keys.into_iter().flatten().collect())
    }

    async fn read_part(&self, part: Part, limit: i32) -> Result<(Vec<DueKey>, Option<Part>), Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by_due")
            .key_condition_expression("due_shard = :shard AND due_at >= :from")
            .expression_attribute_values(":shard", s(&part.shard))
            .expression_attribute_values(":from", n(part.from))
            .limit(limit)
            .set_exclusive_start_key(part.after);
        let output = timed("dynamodb.resealing", query.send()).await.map_err(|e| unavailable("resealing", &e))?;
        let DueKeys { keys, next } = DueKeys::read(output.items.unwrap_or_default(), output.last_evaluated_key);
        let rest =
            next.map(|after| Part { from: item::number(&after, "due_at").unwrap_or(part.from), shard: part.shard, after: Some(after) });
        Ok((keys, rest))
    }

    /// Seals a record anew with the first key, a person's Pages with it; false when there was nothing to do, or it changed meanwhile.
    ///
    /// # Errors
    /// `storage_unavailable`, also when a key is not known here.
    pub async fn reseal(&self, key: &DueKey) -> Result<bool, Error> {
        match key {
            DueKey::Store(user_uuid) => match self.store_tokens(*user_uuid).await? {
                Some(store) if store.old_key => self.reseal_store(&store).await,
                _ => Ok(false),
            },
            DueKey::Person(user_uuid, user_id) => {
                let Some(grant) = self.load_grant(*user_uuid, user_id).await? else { return Ok(false) };
                let pages = grant.pages.iter().filter_map(|page| Some((page, PageChange::Token(page.token.to_reseal()?.clone()))));
                let person = grant.token.to_reseal().map(|token| PersonChange { token: Some(token.clone()), ..PersonChange::default() });
                let written = self.change_grant(&grant, &pages.collect::<Vec<_>>(), person.as_ref(), None).await?;
                Ok(written.person || written.pages > 0)
            }
            DueKey::Doubt(_) | DueKey::Job(..) | DueKey::Departure(_) => Ok(false),
        }
    }
}
