//! Linking Pages: who holds which is decided by conditions on the Page's owner, so of two claims at
//! once one remains.
//!
//! Up to [`BATCH`] Pages ([`MOVING_BATCH`], where Pages may move) are linked in one transaction
//! together with the person's grant, the state's outcome and the session's end, or what it keeps of
//! Pages that were left behind. With more, the earlier batches go first, each on the condition of the
//! identity's generation, and the last one ends the flow: a crash in between leaves Pages that are
//! linked whole, and a session and a state that show the flow as unfinished; running it again heals
//! it.

mod plan;
mod writes;

use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::{
    clock::UnixSeconds,
    error::Error,
    moving::MoveList,
    providers::facebook::pages::{Page as Granted, PageId},
    secret::Secret,
};

use super::super::{
    Tables,
    flows::Claim,
    records::{Page, attributes::IDENTITY, key},
    sessions::{self, LeftBehind, Session, SessionKey},
    table::{Query, Written, last_part},
};

use plan::{Known, Plan};

/// Three writes a Page and four for the end of the flow: the 100 of a transaction.
const BATCH: usize = 32;
/// Five writes a Page where Pages may move.
const MOVING_BATCH: usize = 19;
/// Tries at one batch: each failure tells which Page is not as it was thought, and the next try takes
/// that into account.
const TRIES: u32 = 5;
/// The task that lets a person move a Page away from another identity.
const MANAGE: &str = "MANAGE";

/// The person whose grant gave the Pages.
#[derive(Debug)]
pub struct Grantor<'a> {
    /// The id in this app.
    pub user_id: &'a str,
    /// `USER` or `SYSTEM_USER`.
    pub kind: &'a str,
    /// The long-lived token.
    pub access_token: &'a Secret,
    /// Its end, if it has one.
    pub expires_at: Option<UnixSeconds>,
    /// When access to the person's data ends, if it does.
    pub data_access_expires_at: Option<UnixSeconds>,
    /// The permissions granted.
    pub scopes: &'a [String],
}

/// What a Facebook flow writes.
#[derive(Debug)]
pub struct PagesLink<'a> {
    /// The session with which the flow ends.
    pub session: &'a Session,
    /// Its key; it ends with the flow, unless something is left behind.
    pub session_key: &'a SessionKey,
    /// The state that this flow uses.
    pub claim: &'a Claim,
    /// The app that the tokens were issued to.
    pub app_id: &'a str,
    /// Whose grant it is.
    pub person: Grantor<'a>,
    /// The Pages that have a token.
    pub pages: Vec<&'a Granted>,
    /// Pages that move here if another identity holds them.
    pub moving: &'a MoveList,
    /// Of those, the ones that the grant says nothing of.
    pub not_granted: Vec<PageId>,
}

/// What became of each Page.
#[derive(Debug, Default)]
pub struct PagesLinked {
    /// Held by this identity now.
    pub linked: Vec<PageId>,
    /// Of those, the ones that another identity held before.
    pub moved: Vec<PageId>,
    /// Of those, the ones that keep the token they had, since this one can do less.
    pub kept: Vec<PageId>,
    /// Held by another identity.
    pub held_elsewhere: Vec<PageId>,
    /// What the session keeps of that by name, with what earlier flows left behind. Empty where this
    /// flow left nothing.
    pub left_behind: Vec<LeftBehind>,
    /// Those that were written now, each with its version.
    pub written: Vec<(PageId, u64)>,
}

/// What a write in a transaction is there for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Role<'a> {
    /// The identity, its generation and its session.
    Identity,
    /// The state.
    Flow,
    /// Who holds a Page.
    Owner(&'a PageId),
    /// The Page under this identity, or under its former holder.
    Page,
}

impl PagesLinked {
    /// What a page offers to move: what this flow left behind, then what the session's earlier ones
    /// did.
    #[must_use]
    pub fn offered(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.held_elsewhere.iter().map(ToString::to_string).collect();
        for one in &self.left_behind {
            if !ids.contains(&one.id) {
                ids.push(one.id.clone());
            }
        }
        ids
    }
}

impl Tables {
    /// The Pages of an identity, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_pages(&self, user_uuid: Uuid) -> Result<Vec<Page>, Error> {
        pages(self, user_uuid).await
    }

    /// Links the Pages and ends the flow.
    ///
    /// When other identities hold all of them, nothing is written and none is `linked`.
    ///
    /// # Errors
    /// `invalid_session` when session or identity ended in between; `storage_unavailable`.
    pub async fn link_pages(&self, link: &PagesLink<'_>, known: Vec<Page>) -> Result<PagesLinked, Error> {
        let mut known = Known::of(known);
        let mut done = PagesLinked { held_elsewhere: self.held_by_others(link).await?, ..PagesLinked::default() };
        let not_granted = done.held_elsewhere.len();
        let mut plans = Plan::of(link);
        known.keep_outranking(link, &mut plans, &mut done);
        let batch = if link.moving.is_empty() { BATCH } else { MOVING_BATCH };
        let rest = plans.split_off(last_part(plans.len(), batch));
        for batch in plans.chunks(batch) {
            self.write_batch(link, batch.to_vec(), &mut known, &mut done, false).await?;
        }
        self.write_batch(link, rest, &mut known, &mut done, true).await?;
        done.left_behind = plan::left_behind(link, &done, &[]);
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

    async fn write_batch<'a>(
        &self,
        link: &PagesLink<'_>,
        mut plans: Vec<Plan<'a>>,
        known: &mut Known,
        done: &mut PagesLinked,
        ends_flow: bool,
    ) -> Result<(), Error> {
        for _ in 0..TRIES {
            if plans.is_empty() && (!ends_flow || done.linked.is_empty()) {
                return Ok(());
            }
            // Where every Page keeps another's grant nothing rests on this one.
            let rests = !plans.is_empty() || done.linked.len() > done.kept.len() || known.has_page_of(link.person.user_id);
            let person = rests.then_some(&link.person);
            let batch = self.batch(link, &plans, known, person, ends_flow.then_some(&*done))?;
            let refused = match self.database.write(batch).await? {
                Written::Whole => {
                    known.written(&plans, done);
                    return Ok(());
                }
                Written::Refused(refused) => refused,
            };
            let mut reread = false;
            for (role, found) in refused.each() {
                match role {
                    Some(Role::Owner(id)) => {
                        let holder = found.get(&IDENTITY).filter(|holder| *holder != link.session.user_uuid);
                        plan::held(link, &mut plans, done, id, holder);
                    }
                    Some(Role::Page) => reread = true,
                    Some(Role::Flow) => return Err(Error::storage_unavailable("link_pages: the state is no longer ours")),
                    Some(Role::Identity) | None => return Err(sessions::invalid()),
                }
            }
            if reread {
                *known = Known::of(pages(self, link.session.user_uuid).await?);
                known.keep_outranking(link, &mut plans, done);
            }
        }
        Err(Error::storage_unavailable("link_pages: the Pages keep changing").provoked(true))
    }
}

async fn pages(tables: &Tables, user_uuid: Uuid) -> Result<Vec<Page>, Error> {
    let query = Query::partition(&key::identity(user_uuid)).beginning_with(key::PAGES);
    let rows = tables.database.query("dynamodb.pages", &query).await?;
    Ok(rows.iter().filter_map(Page::read).collect())
}
