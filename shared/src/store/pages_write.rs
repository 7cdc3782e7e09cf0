//! Linking Pages: who holds which is decided by conditions on the Page's owner, so of two claims at once one remains.
//!
//! Up to [`BATCH`] Pages ([`MOVING_BATCH`], where Pages may move) are linked in one transaction together with the person's grant, the state's outcome and the session's end, or what it keeps of Pages that were left behind. With
//! more, the earlier batches go first, each on the condition of the identity's generation, and the last one ends the flow: a crash in
//! between leaves Pages that are linked whole, and a session and a state that show the flow as unfinished; running it again heals it.

mod items;
mod messaging;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::TransactWriteItem;
use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::{
    error::Error,
    providers::facebook::{
        self,
        pages::{Page, PageId},
    },
    random,
    signing::hex,
};

use super::{
    Cancelled, Connections,
    events::{Event, EventType},
    flows::Outcome,
    item, last_part,
    pages::{PageRecord, PagesLink, PagesLinked, Person},
    sessions::{self, LeftBehind},
};

/// Three writes a Page and four for the end of the flow: the 100 of a transaction.
const BATCH: usize = 32;
/// Five writes a Page where Pages may move.
const MOVING_BATCH: usize = 19;
/// Tries at one batch: each failure tells which Page is not as it was thought, and the next try takes that into account.
const TRIES: u32 = 5;
/// The task that lets a person move a Page away from another identity.
const MANAGE: &str = "MANAGE";

/// What a write in a transaction is there for, so that its failed condition can be understood.
#[derive(Clone, Copy, Debug)]
enum Role<'a> {
    /// The identity, its generation and its session.
    Identity,
    /// The state.
    Flow,
    /// Who holds a Page.
    Owner(&'a Page),
    /// The Page under this identity.
    Page,
    /// The Page under its former holder.
    Former,
    /// An event, which has no condition.
    Event,
}

/// What is to become of one Page.
#[derive(Clone, Copy, Debug)]
struct Plan<'a> {
    page: &'a Page,
    /// Take it from this identity.
    from: Option<Uuid>,
}

impl Connections {
    /// Links the Pages and ends the flow.
    ///
    /// When other identities hold all of them, nothing is written and none is `linked`.
    ///
    /// # Errors
    /// `invalid_session` when session or identity ended meanwhile; `storage_unavailable`.
    pub async fn link_pages(&self, link: &PagesLink<'_>, known: Vec<PageRecord>) -> Result<PagesLinked, Error> {
        let mut known: HashMap<String, PageRecord> = known.into_iter().map(|record| (record.id.clone(), record)).collect();
        let mut done = PagesLinked { held_elsewhere: self.held_by_others(link).await?, ..PagesLinked::default() };
        let not_granted = done.held_elsewhere.len();
        let mut plans: Vec<Plan<'_>> = link.pages.iter().map(|&page| Plan { page, from: None }).collect();
        keep_outranking(link, &mut plans, &known, &mut done);
        let batch = if link.moving.is_empty() { BATCH } else { MOVING_BATCH };
        let rest = plans.split_off(last_part(plans.len(), batch));
        for batch in plans.chunks(batch) {
            self.write_batch(link, batch.to_vec(), &mut known, &mut done, false).await?;
        }
        self.write_batch(link, rest, &mut known, &mut done, true).await?;
        done.left_behind = left_behind(link, &done, &[]);
        // What the person can move at once comes first.
        done.held_elsewhere.rotate_left(not_granted);
        Ok(done)
    }

    /// Of the Pages that were to move and not granted, those that another identity holds.
    async fn held_by_others(&self, link: &PagesLink<'_>) -> Result<Vec<PageId>, Error> {
        let holders = try_join_all(link.not_granted.iter().map(|id| self.page_holder(id))).await?;
        let held = link.not_granted.iter().zip(holders);
        Ok(held.filter(|(_, holder)| holder.is_some_and(|uuid| uuid != link.session.user_uuid)).map(|(id, _)| id.clone()).collect())
    }

    async fn write_batch<'a>(
        &self,
        link: &PagesLink<'_>,
        mut plans: Vec<Plan<'a>>,
        known: &mut HashMap<String, PageRecord>,
        done: &mut PagesLinked,
        ends_flow: bool,
    ) -> Result<(), Error> {
        for _ in 0..TRIES {
            if plans.is_empty() && (!ends_flow || done.linked.is_empty()) {
                return Ok(());
            }
            // Where every Page keeps another's grant nothing rests on this one.
            let rests = !plans.is_empty()
                || done.linked.len() > done.kept.len()
                || known.values().any(|record| record.works_through(link.person.user_id));
            let person = rests.then_some(&link.person);
            let (roles, items) = self.batch(link, &plans, known, person, ends_flow.then_some(&*done))?;
            let token = hex(&random::bytes::<16>()?);
            let failed = match self.transact("dynamodb.link_pages", &token, items).await {
                Ok(()) => {
                    done.linked.extend(plans.iter().map(|plan| plan.page.id.clone()));
                    done.moved.extend(plans.iter().filter(|plan| plan.from.is_some()).map(|plan| plan.page.id.clone()));
                    done.written.extend(plans.iter().map(|plan| (plan.page.id.clone(), next_version(known.get(plan.page.id.as_str())))));
                    return Ok(());
                }
                Err(Cancelled::Failed(error)) => return Err(error),
                Err(Cancelled::Conditions(failed)) => failed,
            };
            let mut reread = false;
            for (index, found) in failed {
                match roles.get(index) {
                    Some(Role::Owner(page)) => {
                        let holder = item::uuid(&found, "uuid").filter(|holder| *holder != link.session.user_uuid);
                        let may_move = link.moving.contains(page.id.as_str()) && page.tasks.iter().any(|task| task == MANAGE);
                        if holder.is_some() && !may_move {
                            plans.retain(|plan| plan.page.id != page.id);
                            done.held_elsewhere.push(page.id.clone());
                        } else if let Some(plan) = plans.iter_mut().find(|plan| plan.page.id == page.id) {
                            plan.from = holder;
                        }
                    }
                    Some(Role::Page | Role::Former) => reread = true,
                    Some(Role::Flow) => return Err(Error::storage_unavailable("link_pages: the state is no longer ours")),
                    Some(Role::Identity | Role::Event) | None => return Err(sessions::invalid()),
                }
            }
            if reread {
                *known = self.load_pages(link.session.user_uuid).await?.into_iter().map(|record| (record.id.clone(), record)).collect();
                keep_outranking(link, &mut plans, known, done);
            }
        }
        Err(Error::storage_unavailable("link_pages: the Pages keep changing").provoked(true))
    }

    /// The writes of one batch. With `ends` it is the last one, which ends the flow after what was done in those before.
    fn batch<'a>(
        &self,
        link: &PagesLink<'_>,
        plans: &[Plan<'a>],
        known: &HashMap<String, PageRecord>,
        person: Option<&Person<'_>>,
        ends: Option<&PagesLinked>,
    ) -> Result<(Vec<Role<'a>>, Vec<TransactWriteItem>), Error> {
        let mut writes: Vec<(Role<'a>, TransactWriteItem)> = Vec::new();
        for plan in plans {
            let id = plan.page.id.as_str();
            writes.push((Role::Owner(plan.page), self.put_page_owner(link, plan)?));
            writes.push((Role::Page, self.put_page(link, plan.page, known.get(id))?));
            writes.push((Role::Event, self.put_event(&event(EventType::Linked, link.session.user_uuid, id))?));
            if let Some(from) = plan.from {
                writes.push((Role::Former, self.mark_moved(id, from)?));
                writes.push((Role::Event, self.put_event(&event(EventType::Moved, from, id))?));
            }
        }
        if let Some(done) = ends {
            if done.held_elsewhere.is_empty() {
                writes.push((Role::Identity, self.end_session_of_identity(link)?));
                writes.push((Role::Identity, self.delete_session(link)?));
            } else {
                // The session lives on, so that its merchant can move what was left behind.
                writes.push((Role::Identity, self.check_generation(link.session.user_uuid, link.session.generation)?));
                writes.push((Role::Identity, self.keep_session(link, &left_behind(link, done, plans))?));
            }
            writes
                .push((Role::Flow, TransactWriteItem::builder().update(link.claim.update(&self.sessions_table, Outcome::Linked)?).build()));
        } else {
            writes.push((Role::Identity, self.check_generation(link.session.user_uuid, link.session.generation)?));
        }
        // With each batch: whoever leaves is found by this item, also when the flow ends before its end.
        if let Some(person) = person {
            writes.push((Role::Page, self.put_person(link, person)?));
        }
        Ok(writes.into_iter().unzip())
    }
}

/// Takes out the Pages whose present grant must stay.
fn keep_outranking(link: &PagesLink<'_>, plans: &mut Vec<Plan<'_>>, known: &HashMap<String, PageRecord>, done: &mut PagesLinked) {
    plans.retain(|plan| {
        let stays = known.get(plan.page.id.as_str()).is_some_and(|record| record.outranks(plan.page, link.person.user_id));
        if stays {
            done.linked.push(plan.page.id.clone());
            done.kept.push(plan.page.id.clone());
        }
        !stays
    });
}

/// What the session is to keep once these Pages are linked beside what was done before. What was not granted has no name here but the one that the session knows.
fn left_behind(link: &PagesLink<'_>, done: &PagesLinked, plans: &[Plan<'_>]) -> Vec<LeftBehind> {
    if done.held_elsewhere.is_empty() {
        return Vec::new();
    }
    let held = link.pages.iter().filter(|page| done.held_elsewhere.contains(&page.id));
    let held: Vec<LeftBehind> = held.map(|page| LeftBehind::new(page.id.as_str(), &page.name)).collect();
    let linked = |id: &str| {
        let now = plans.iter().map(|plan| &plan.page.id);
        done.linked.iter().chain(now).any(|linked| linked.as_str() == id)
    };
    LeftBehind::after(held, &link.session.left_behind, linked)
}

fn event(event_type: EventType, user_uuid: Uuid, page_id: &str) -> Event<'_> {
    Event { event_type, user_uuid, platform: facebook::PLATFORM.name, account: page_id, reason: None }
}

/// The version that a Page has once it was written over what is known of it.
fn next_version(known: Option<&PageRecord>) -> u64 {
    known.map_or(1, |record| record.version.saturating_add(1))
}
