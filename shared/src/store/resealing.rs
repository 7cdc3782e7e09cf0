//! Sealing everything anew once another key comes first on the ring, so that an older one can go, or is worth nothing to whoever has it.
//!
//! The walk goes over the index of due times, which has every store and every person, and Pages are found with their person; jobs and requests to leave end within a week by
//! themselves. How far it has come stands in one item, under the id of the key that seals: a ring with another first key begins anew. Instances that have not read the secret
//! again go on with the older key for some minutes, so there is a second walk after that. What both miss is sealed anew when it is next looked after.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{calls::timed, error::Error};

use super::{
    Connections, Item,
    due::{DueKey, DueKeys},
    item::{self, n, s},
    persons_write::{PageChange, PersonChange},
    unavailable,
};

/// Both keys of the item.
const PLACE: (&str, &str) = ("keeper", "resealing");

/// From the first walk's end to the second one: longer than an instance goes without reading the secrets.
const AGAIN_AFTER: u64 = 600;

/// A walk that is to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// After this record of the index; from the beginning without one.
    pub from: Option<Item>,
    /// It is the second one.
    pub(super) second: bool,
}

impl Connections {
    /// The walk that is to go on now; none when nothing has to be sealed anew, or not yet.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn resealing(&self) -> Result<Option<Walk>, Error> {
        let found = self.get(PLACE.0.to_owned(), PLACE.1).await?;
        let Some(found) = found.filter(|found| item::text(found, "sealed_with") == Some(self.keys.sealing_id())) else {
            return Ok(Some(Walk { from: None, second: false }));
        };
        if let Some(next) = found.get("next").and_then(|next| next.as_m().ok()) {
            return Ok(Some(Walk { from: Some(next.clone()), second: found.contains_key("second") }));
        }
        let is_time = item::number(&found, "again_at").is_some_and(|again_at| again_at <= self.clock.now());
        Ok(is_time.then_some(Walk { from: None, second: true }))
    }

    /// Notes how far a walk has come; without a record to go on after, that it has been everywhere.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_resealing(&self, walk: &Walk) -> Result<(), Error> {
        let mut note = item::item([("pk", s(PLACE.0)), ("sk", s(PLACE.1)), ("sealed_with", s(self.keys.sealing_id()))]);
        match &walk.from {
            Some(from) => {
                note.insert("next".to_owned(), AttributeValue::M(from.clone()));
                if walk.second {
                    note.insert("second".to_owned(), AttributeValue::Bool(true));
                }
            }
            None if walk.second => {}
            None => {
                note.insert("again_at".to_owned(), n(self.clock.now().saturating_add(AGAIN_AFTER)));
            }
        }
        let write = self.client.put_item().table_name(&self.table).set_item(Some(note));
        timed("dynamodb.note_resealing", write.send()).await.map_err(|e| unavailable("note_resealing", &e))?;
        Ok(())
    }

    /// The next records of a walk, due or not, at most `limit`.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn next_to_reseal(&self, walk: &Walk, limit: i32) -> Result<DueKeys, Error> {
        let scan = self.client.scan().table_name(&self.table).index_name("by_due").limit(limit).set_exclusive_start_key(walk.from.clone());
        let output = timed("dynamodb.resealing", scan.send()).await.map_err(|e| unavailable("resealing", &e))?;
        Ok(DueKeys::read(output.items.unwrap_or_default(), output.last_evaluated_key))
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
