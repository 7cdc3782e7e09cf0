//! Taking away what goes, each write on the condition that it is still as it was read.
//!
//! Pages go, or are marked, before the person goes: if the work stops in between, the person's item
//! still leads here. Data deletion raises the identity's generation with its first write, so that
//! no flow in flight outlives it. Each transaction counts on the request's own record what it took.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::store::{
    Tables,
    events::{self, EventType},
    identity::{at_generation, everything, free_page, identities_of_person, mark_person, owner},
    jobs::{self, Unsubscribe},
    records::{Everything, Kept, Page, Status, attributes::*, mark_of},
    table::{Condition, Key, Transaction, Write},
};
use crate::{Error, providers::facebook::signed_request::Subject, random};

use super::told::{DATA_DELETION, note_told};
use super::{Asked, PrivacyRequest, plan::Plan};

/// Writes in a transaction besides the three that it has at most anyway: below its 100.
const BATCH: usize = 97;
/// Tries at one identity, each from what it is by then.
const TRIES: usize = 5;
/// Why a Page needs a new link, and what its event says.
const APP_REMOVED: &str = "app_removed";
/// For so long the key of a token may be one that is not known here yet. After that a Page goes
/// without being unsubscribed.
const KEY_UNKNOWN: u64 = 3600 * 1000;

/// Writes that stand or fall together, and how many records they take.
struct Group {
    writes: Vec<Write>,
    records: u64,
}

/// Takes away what goes with this subject, under every identity.
pub(super) async fn erase_subject(tables: &Tables, request: &PrivacyRequest, subject: &Subject) -> Result<(), Error> {
    let identities = match subject {
        Subject::Person(id) => identities_of_person(tables, id).await?,
        Subject::Page(id) => owner(tables, Key::owner_of_page(id.as_str())).await?.into_iter().collect(),
        Subject::Nobody => BTreeSet::new(),
    };
    for user_uuid in identities {
        leave_identity(tables, request, subject, user_uuid).await?;
    }
    Ok(())
}

async fn leave_identity(tables: &Tables, request: &PrivacyRequest, subject: &Subject, user_uuid: Uuid) -> Result<(), Error> {
    for _ in 0..TRIES {
        let all = everything(tables, user_uuid).await?;
        let plan = Plan::of(request, subject, &all);
        if plan.is_empty() || write_plan(tables, request, user_uuid, &plan, &all).await? {
            return Ok(());
        }
    }
    Err(Error::storage_unavailable("do_leave: the identity keeps changing"))
}

/// False when something is no longer as it was read.
async fn write_plan(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid, plan: &Plan<'_>, all: &Everything) -> Result<bool, Error> {
    let mut generation = all.shop.as_ref().map(|shop| shop.generation);
    // What is being erased has had its generation raised, and goes anyway.
    let lives = all.shop.as_ref().is_some_and(|shop| shop.status != Status::Erasing);
    let mut raise = request.asked == Asked::Deletion && lives;
    for batch in batches(groups(tables, request, user_uuid, plan, all)?) {
        let records = batch.iter().map(|group| group.records).sum();
        // Counted in the transaction that takes them.
        let count = Write::change(Key::request(request.code)).when(Condition::known_item()).increase(&RECORDS, records);
        let mut leave = Transaction::<()>::new("dynamodb.do_leave")?.and(as_it_was(user_uuid, generation, raise)).and(count);
        if request.asked == Asked::Deletion {
            leave.push(note_told(tables, request.code, user_uuid)?);
        }
        let leave = leave.and_each(batch.into_iter().flat_map(|group| group.writes));
        if !tables.database.write(leave).await?.is_whole() {
            return Ok(false);
        }
        generation = generation.map(|generation| generation.saturating_add(u64::from(raise)));
        raise = false;
    }
    Ok(true)
}

/// In the order in which they have to be written.
fn groups(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid, plan: &Plan<'_>, all: &Everything) -> Result<Vec<Group>, Error> {
    let mut groups = Vec::new();
    for page in &plan.pages {
        let writes = match request.asked {
            Asked::Deauthorize => deauthorize_page(tables, user_uuid, page)?,
            Asked::Deletion => delete_page(tables, request, user_uuid, page)?,
        };
        groups.push(Group { writes, records: 1 });
    }
    if request.asked == Asked::Deletion {
        // What was told of these Pages before has been delivered by now.
        let is_of_page = |account: &str| plan.pages.iter().any(|page| page.id.as_str() == account);
        let events = all.events.iter().filter(|event| event.account.as_deref().is_some_and(is_of_page));
        groups.extend(events.map(|event| Group { writes: vec![Write::delete(event.key.clone())], records: 0 }));
    }
    groups.extend(plan.unmarked.iter().map(|page| Group { writes: vec![mark_person(user_uuid, page)], records: 0 }));
    if let Some(person) = plan.person {
        let forget = Write::delete(Key::person(user_uuid, &person.user_id)).when(person.as_read.condition());
        groups.push(Group { writes: vec![forget], records: 1 });
    }
    Ok(groups)
}

/// The Page stays in its merchant's list, without a token. The person's own item goes, so from now
/// on it is by the Page that the index finds what is kept because of them.
fn deauthorize_page(tables: &Tables, user_uuid: Uuid, page: &Page) -> Result<Vec<Write>, Error> {
    let now = tables.clock.now();
    let dead = Write::change(Key::page(user_uuid, page.id.as_str()))
        .when(Condition::known_item().and(page.as_read.condition()))
        .set(&STATUS, Status::ReconnectNeeded)
        .set(&REASON, APP_REMOVED)
        .set(&DEAD_SINCE, now)
        .increase(&VERSION, 1)
        .set(&PERSON, mark_of(&page.granted_by))
        .remove_each([&ACCESS_TOKEN, &MESSAGING_READY, &MESSAGING_REASON]);
    Ok(vec![dead, events::of_page(user_uuid, &page.id, EventType::Disconnected, Some(APP_REMOVED), now)?])
}

/// The Page goes, and with it who holds it; what is left is to unsubscribe it.
fn delete_page(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid, page: &Page) -> Result<Vec<Write>, Error> {
    let mut writes = vec![Write::delete(Key::page(user_uuid, page.id.as_str())).when(page.as_read.condition())];
    if page.status == Status::Moved {
        return Ok(writes);
    }
    writes.push(free_page(page.id.as_str(), user_uuid));
    writes.push(events::of_page(user_uuid, &page.id, EventType::Disconnected, Some(DATA_DELETION), tables.clock.now())?);
    if let Some(job) = unsubscribe(tables, request, user_uuid, page)? {
        writes.push(jobs::unsubscribe(tables, random::uuid()?, &job)?);
    }
    Ok(writes)
}

/// None for a Page whose token does not open, or whose key has not been known for too long.
fn unsubscribe(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid, page: &Page) -> Result<Option<Unsubscribe>, Error> {
    match page.token(user_uuid, &tables.keys) {
        Ok(Kept::Open { token, .. }) => Ok(Some(Unsubscribe { page_id: page.id.clone(), token, app_id: page.app_id.clone() })),
        Err(unknown) if tables.clock.now_millis() < request.received_ms.saturating_add(KEY_UNKNOWN) => Err(unknown),
        Ok(Kept::Corrupt | Kept::None) | Err(_) => Ok(None),
    }
}

/// The identity is as it was read; its generation is raised with that, if it is to be.
fn as_it_was(user_uuid: Uuid, generation: Option<u64>, raise: bool) -> Write {
    let Some(generation) = generation else { return Write::check(Key::store(user_uuid)).when(Condition::new_item()) };
    if !raise {
        return at_generation(user_uuid, generation);
    }
    let next = Write::change(Key::store(user_uuid)).when_is(&GENERATION, generation);
    next.set(&GENERATION, generation.saturating_add(1))
}

/// Groups that fit in one transaction, in their order.
fn batches(groups: Vec<Group>) -> Vec<Vec<Group>> {
    let mut batches: Vec<Vec<Group>> = Vec::new();
    for group in groups {
        let size = |batch: &[Group]| batch.iter().map(|group| group.writes.len()).sum::<usize>();
        match batches.last_mut().filter(|batch| size(batch) + group.writes.len() <= BATCH) {
            Some(batch) => batch.push(group),
            None => batches.push(vec![group]),
        }
    }
    batches
}

#[cfg(test)]
mod tests;
