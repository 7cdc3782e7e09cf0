//! Linking Pages: who holds which is decided by conditions on the Page's owner, so of two claims at
//! once one remains.
//!
//! Up to [`BATCH`] Pages ([`MOVING_BATCH`], where Pages may move) are linked in one transaction
//! together with the person's grant, the state's outcome and the session's end, or what it keeps of
//! Pages that were left behind. With more, the earlier batches go first, each on the condition of
//! the identity's generation, and the last one ends the flow: a crash in between leaves Pages that
//! are linked whole, and a session and a state that show the flow as unfinished; running it again
//! heals it.

mod plan;
mod writes;

use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::{Error, providers::facebook::pages::PageId};

use super::super::{
    Tables,
    records::{Page, attributes::IDENTITY, key},
    sessions,
    table::{Query, Written, last_part},
};

pub use plan::{Grantor, PagesLink, PagesLinked};
use plan::{Linking, Plan};
use writes::{Role, batch};

/// Three writes a Page and four for the end of the flow: the 100 of a transaction.
const BATCH: usize = 32;
/// Five writes a Page where Pages may move.
const MOVING_BATCH: usize = 19;
/// Tries at one batch: each failure tells which Page is not as it was thought, and the next try
/// takes that into account.
const TRIES: u32 = 5;

impl Tables {
    /// The Pages of an identity, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_pages(&self, user_uuid: Uuid) -> Result<Vec<Page>, Error> {
        let query = Query::partition(&key::identity(user_uuid)).beginning_with(key::PAGES);
        let rows = self.database.query("dynamodb.pages", &query).await?;
        Ok(rows.iter().filter_map(Page::read).collect())
    }

    /// Links the Pages and ends the flow.
    ///
    /// When other identities hold all of them, nothing is written and none is `linked`.
    ///
    /// # Errors
    /// `invalid_session` when session or identity ended in between; `storage_unavailable`.
    pub async fn link_pages(&self, link: &PagesLink<'_>, known: Vec<Page>) -> Result<PagesLinked, Error> {
        let held_elsewhere = self.held_by_others(link).await?;
        let not_granted = held_elsewhere.len();
        let mut linking = Linking { link, known, done: PagesLinked { held_elsewhere, ..PagesLinked::default() } };
        let mut plans = link.pages.iter().map(|&page| Plan { page, from: None }).collect();
        linking.keep_outranking(&mut plans);
        let batch = if link.moving.is_empty() { BATCH } else { MOVING_BATCH };
        let last = plans.split_off(last_part(plans.len(), batch));
        for batch in plans.chunks(batch) {
            self.write_batch(&mut linking, batch.to_vec(), false).await?;
        }
        self.write_batch(&mut linking, last, true).await?;
        let left_behind = linking.left_behind(&[]);
        let mut done = PagesLinked { left_behind, ..linking.done };
        // What the person can move at once comes first.
        done.held_elsewhere.rotate_left(not_granted);
        Ok(done)
    }

    /// Of the Pages that were to move and not granted, those that another identity holds.
    async fn held_by_others(&self, link: &PagesLink<'_>) -> Result<Vec<PageId>, Error> {
        let holders = try_join_all(link.not_granted.iter().map(|id| self.page_holder(id))).await?;
        let is_other = |holder: Option<Uuid>| holder.is_some_and(|uuid| uuid != link.session.user_uuid);
        let held = link.not_granted.iter().zip(holders).filter(|(_, holder)| is_other(*holder));
        Ok(held.map(|(id, _)| id.clone()).collect())
    }

    /// Who holds a Page, strongly consistent. A query, since the function that ends a flow may read
    /// no single item.
    async fn page_holder(&self, page_id: &PageId) -> Result<Option<Uuid>, Error> {
        let query = Query::partition(&key::page(page_id.as_str())).at(key::OWNER);
        let (found, _) = self.database.page("dynamodb.page_holder", &query, None).await?;
        Ok(found.first().and_then(|owner| owner.get(&IDENTITY)))
    }

    async fn write_batch<'a>(&self, linking: &mut Linking<'a>, mut plans: Vec<Plan<'a>>, ends_flow: bool) -> Result<(), Error> {
        let user_uuid = linking.link.session.user_uuid;
        for _ in 0..TRIES {
            if plans.is_empty() && (!ends_flow || linking.done.linked.is_empty()) {
                return Ok(());
            }
            let Written::Refused(refused) = self.database.write(batch(self, linking, &plans, ends_flow)?).await? else {
                linking.written(&plans);
                return Ok(());
            };
            let mut reread = false;
            for (role, found) in refused.each() {
                match role {
                    Some(Role::Owner(id)) => linking.held(&mut plans, id, found.get(&IDENTITY).filter(|holder| *holder != user_uuid)),
                    Some(Role::Page) => reread = true,
                    Some(Role::Flow) => return Err(Error::storage_unavailable("link_pages: the state is no longer ours")),
                    Some(Role::Identity) | None => return Err(sessions::invalid()),
                }
            }
            if reread {
                linking.known = self.load_pages(user_uuid).await?;
                linking.keep_outranking(&mut plans);
            }
        }
        Err(Error::storage_unavailable("link_pages: the Pages keep changing").provoked(true))
    }
}
