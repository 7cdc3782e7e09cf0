//! Sealing everything anew once another key comes first on the ring, so that an older one can go, or is worth nothing to whoever has it.
//!
//! The walk goes over the index of due times, which has every store and every person, and Pages are found with their person; jobs and requests to leave end within a week by
//! themselves. How far it has come stands in one item, under the id of the key that seals: a ring with another first key begins anew. Whatever is missed, because it was
//! written meanwhile or could not be read, is sealed anew when it is next due.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{calls::timed, error::Error};

use super::{
    Connections, Item,
    due::{DueKey, DueKeys},
    item::{self, s},
    persons_write::{PageChange, PersonChange},
    unavailable,
};

/// Both keys of the item.
const PLACE: (&str, &str) = ("keeper", "resealing");

/// How far the walk has come with the key that seals now.
#[derive(Debug, PartialEq)]
pub enum Walk {
    /// It has not begun.
    Begins,
    /// It goes on after this record of the index.
    GoesOn(Item),
    /// It has been everywhere.
    Done,
}

impl Connections {
    /// How far the walk has come.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn resealing(&self) -> Result<Walk, Error> {
        let found = self.get(PLACE.0.to_owned(), PLACE.1).await?;
        let Some(found) = found.filter(|found| item::text(found, "sealed_with") == Some(self.keys.sealing_id())) else {
            return Ok(Walk::Begins);
        };
        Ok(found.get("next").and_then(|next| next.as_m().ok()).map_or(Walk::Done, |next| Walk::GoesOn(next.clone())))
    }

    /// Notes where the walk goes on; with nothing, that it has been everywhere.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_resealing(&self, next: Option<&Item>) -> Result<(), Error> {
        let mut note = item::item([("pk", s(PLACE.0)), ("sk", s(PLACE.1)), ("sealed_with", s(self.keys.sealing_id()))]);
        if let Some(next) = next {
            note.insert("next".to_owned(), AttributeValue::M(next.clone()));
        }
        let write = self.client.put_item().table_name(&self.table).set_item(Some(note));
        timed("dynamodb.note_resealing", write.send()).await.map_err(|e| unavailable("note_resealing", &e))?;
        Ok(())
    }

    /// The next records of the walk, due or not, at most `limit`.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn next_to_reseal(&self, from: Option<Item>, limit: i32) -> Result<DueKeys, Error> {
        let scan = self.client.scan().table_name(&self.table).index_name("by_due").limit(limit).set_exclusive_start_key(from);
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
