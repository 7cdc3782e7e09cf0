//! Deletes what goes, each write on condition that the item is still as it was read.
//!
//! Accounts are deleted, or marked, before the person: if the work stops in between, the grant's
//! item still leads here. Data deletion raises the identity's generation with its first write, so
//! that no flow in flight survives it. Each transaction adds its count to the request's record.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::store::{
    Tables,
    events::{self, EventType},
    identity::{at_generation, everything, free_account, identities_of_grant, mark_grant, owner, unhang},
    jobs::{self, Unsubscribe},
    pins,
    records::{Account, Everything, Kept, Status, attributes::*},
    table::{Condition, Key, Transaction, Write},
};
use crate::{Error, platform::Subject, random};

use super::super::batches::batches;
use super::told::{DATA_DELETION, note_told};
use super::{Asked, PrivacyRequest, plan::Plan};

/// Writes per transaction, with the three that every transaction has below its limit of 100.
const BATCH: usize = 97;
/// Attempts at one identity, each based on its current state.
const TRIES: usize = 5;
/// Why an account needs a new link, and what its event says.
const APP_REMOVED: &str = "app_removed";
/// A token's key may be unknown here for this long. After that the account is deleted without being
/// unsubscribed.
const KEY_UNKNOWN: u64 = 3600 * 1000;

/// Writes that succeed or fail together, and how many records they delete.
struct Group {
    writes: Vec<Write>,
    records: u64,
}

impl Group {
    const fn size(&self) -> usize {
        self.writes.len()
    }
}

/// Deletes everything of this subject, under every identity.
pub(super) async fn erase_subject(tables: &Tables, request: &PrivacyRequest, subject: &Subject) -> Result<(), Error> {
    let identities = match subject {
        Subject::Grant(id) => identities_of_grant(tables, id).await?,
        Subject::Account(id) => owner(tables, Key::owner_of_account(id)).await?.into_iter().collect(),
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

/// False if something has changed since it was read.
async fn write_plan(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid, plan: &Plan<'_>, all: &Everything) -> Result<bool, Error> {
    let mut generation = all.shop.as_ref().map(|shop| shop.generation);
    // An identity being erased has had its generation raised, and goes anyway.
    let lives = all.shop.as_ref().is_some_and(|shop| shop.status != Status::Erasing);
    let mut raise = request.asked == Asked::Deletion && lives;
    for batch in batches(groups(tables, request, user_uuid, plan, all)?, BATCH, Group::size) {
        let records = batch.iter().map(|group| group.records).sum();
        // Counted in the transaction that deletes them.
        let count = Write::change(Key::request(request.code)).when(Condition::known_item()).increase(&RECORDS, records);
        let mut leave = Transaction::<()>::new("dynamodb.do_leave")?.and(as_it_was(user_uuid, generation, raise)).and(count);
        if request.asked == Asked::Deletion {
            leave.push(note_told(tables, request, user_uuid)?);
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
    let (mut groups, mut unsubscribed) = (Vec::new(), None);
    for account in &plan.accounts {
        let writes = match request.asked {
            Asked::Deauthorize => deauthorize_account(tables, user_uuid, account)?,
            Asked::Deletion => delete_account(tables, request, user_uuid, account, &mut unsubscribed)?,
        };
        groups.push(Group { writes, records: 1 });
    }
    if request.asked == Asked::Deletion {
        // Earlier events about these accounts have been delivered by now.
        let events = all.events.iter().filter(|event| plan.accounts.iter().any(|account| event.tells_of(&account.id)));
        groups.extend(events.map(|event| Group { writes: vec![Write::delete(event.key.clone())], records: 0 }));
    }
    groups.extend(plan.unmarked.iter().map(|account| Group { writes: vec![mark_grant(user_uuid, account)], records: 0 }));
    if let Some(grant) = plan.grant {
        let forget = Write::delete(Key::grant(user_uuid, &grant.id)).when(grant.as_read.condition());
        let mut writes = vec![forget];
        // Whoever removed the app has already revoked it.
        if request.asked == Asked::Deletion {
            writes.extend(jobs::revoke_with_accounts(tables, user_uuid, grant, unsubscribed)?);
        }
        groups.push(Group { writes, records: 1 });
    }
    Ok(groups)
}

/// The account stays in its merchant's list, without a token. The grant's own item is deleted, so
/// from now on the index finds what is kept because of the person through the account.
fn deauthorize_account(tables: &Tables, user_uuid: Uuid, account: &Account) -> Result<Vec<Write>, Error> {
    let now = tables.clock.now();
    let dead = Write::change(Key::account(user_uuid, &account.id))
        .when(Condition::known_item().and(account.as_read.condition()))
        .set(&STATUS, Status::ReconnectNeeded)
        .set(&REASON, APP_REMOVED)
        .set(&DEAD_SINCE, now)
        .increase(&VERSION, 1)
        .set_some(&GRANT_MARK, account.grant().map(|grant| grant.mark()))
        .remove_each([&ACCESS_TOKEN, &MESSAGING_READY, &MESSAGING_REASON]);
    Ok(vec![dead, events::of_account(user_uuid, &account.id, EventType::Disconnected, Some(APP_REMOVED), now)?])
}

/// Deletes the account and its owner item. All that remains is to unsubscribe it, with a job that
/// is added to `unsubscribed`.
fn delete_account(
    tables: &Tables,
    request: &PrivacyRequest,
    user_uuid: Uuid,
    account: &Account,
    unsubscribed: &mut Option<(Uuid, &'static str)>,
) -> Result<Vec<Write>, Error> {
    let mut writes = vec![Write::delete(Key::account(user_uuid, &account.id)).when(account.as_read.condition())];
    if account.status == Status::Moved {
        return Ok(writes);
    }
    writes.push(free_account(&account.id, user_uuid));
    writes.extend(unhang(account));
    writes.extend(pins::forget(&account.id));
    writes.push(events::of_account(user_uuid, &account.id, EventType::Disconnected, Some(DATA_DELETION), tables.clock.now())?);
    if let Some(job) = unsubscribe(tables, request, user_uuid, account)? {
        let id = random::uuid()?;
        writes.push(jobs::unsubscribe(tables, id, &job)?);
        *unsubscribed = Some((id, account.id.kind().job));
    }
    Ok(writes)
}

/// None for an account whose token does not open, or whose key has been unknown for too long.
fn unsubscribe(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid, account: &Account) -> Result<Option<Unsubscribe>, Error> {
    match account.token(user_uuid, &tables.keys) {
        Ok(Kept::Open { token, .. }) => Ok(Some(Unsubscribe::of(account, token))),
        Err(unknown) if tables.clock.now_millis() < request.received_ms.saturating_add(KEY_UNKNOWN) => Err(unknown),
        Ok(Kept::Corrupt | Kept::None) | Err(_) => Ok(None),
    }
}

/// Requires the identity as it was read, and raises its generation if `raise`.
fn as_it_was(user_uuid: Uuid, generation: Option<u64>, raise: bool) -> Write {
    let Some(generation) = generation else { return Write::check(Key::store(user_uuid)).when(Condition::new_item()) };
    if !raise {
        return at_generation(user_uuid, generation);
    }
    let next = Write::change(Key::store(user_uuid)).when_is(&GENERATION, generation);
    next.set(&GENERATION, generation.saturating_add(1))
}

#[cfg(test)]
mod tests;
