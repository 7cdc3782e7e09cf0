//! Erases an identity: everything in its partition, what points to it, and its sessions.
//!
//! It begins with a mark on the identity's store, set in one transaction with the request for it.
//! From then on nothing more is written under the identity, since every such write requires its
//! generation. The rest follows in batches, each of which requires the mark; the mark goes last,
//! together with the audit record. So erasing can stop anywhere, anyone can resume it, and two
//! workers can run it at once.

use std::collections::HashMap;

use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    Error, UnixSeconds,
    platform::{FlowsOf, GrantId},
    random,
};

use super::{
    Tables, audit,
    deliveries::{self, RequestId},
    flows,
    identity::{everything, free_account, unhang},
    jobs::{self, Unsubscribe},
    pins,
    records::{Account, Everything, Kept, Shop, Status, attributes::*},
    schedule::Urgency,
    table::{Condition, Key, Transaction, Write, Written},
};

/// Groups of writes in one transaction, of at most five each: with the mark below its limit of 100.
const BATCH: usize = 19;
/// The most times that a partition is read while it still holds something.
const ROUNDS: u32 = 20;

/// How far the erasure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    /// Nothing is left.
    Whole,
    /// Time ran out; the mark says that there is more.
    Partly,
}

/// Writes that belong together: once an account item is gone, its owner can't be found again, and a
/// job makes sense only for an account that is gone.
type Group = Vec<(Role, Write)>;

/// What a write in a group is for, so that its failed condition can be interpreted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Mark,
    /// The item itself.
    Item,
    /// What points to it.
    Owner,
    /// What is left to do about it, unless another identity holds it.
    Job,
}

/// Sets the mark. It raises the generation, which invalidates everything begun before, and drops
/// the tokens at once. It is due now, so that the search for unfinished work finds it.
pub(super) fn mark_when(condition: Condition, user_uuid: Uuid, what: &str, now: UnixSeconds) -> Write {
    Write::change(Key::store(user_uuid))
        .when(condition)
        .set(&STATUS, Status::Erasing)
        .increase(&GENERATION, 1)
        .set(&DUE_SHARD, Urgency::Urgent.shard_of(user_uuid))
        .set(&DUE_AT, now)
        .set(&ERASE_WHAT, what)
        .remove_each([&ACCESS_TOKEN, &REFRESH_TOKEN, &SHOP_ID, &NAME, &SCOPES])
        .remove_each(NOTES)
}

impl Tables {
    /// Erases what an identity marked as erasing still holds. It starts nothing after `deadline`;
    /// the search for unfinished work picks up the rest.
    ///
    /// # Errors
    /// `storage_unavailable`; it can be repeated from the start.
    pub async fn erase(&self, user_uuid: Uuid, deadline: Option<Instant>) -> Result<Erased, Error> {
        for round in 0..ROUNDS {
            let all = everything(self, user_uuid).await?;
            let Some(shop) = &all.shop else { return Ok(Erased::Whole) };
            if shop.status != Status::Erasing {
                return Err(Error::storage_unavailable("erase: no mark"));
            }
            // Sessions and flows are found only through the mark, so they go first and the mark
            // last.
            let mut groups = if round == 0 { sessions_and_flows(self, shop) } else { Vec::new() };
            groups.extend(groups_of(self, user_uuid, &all)?);
            // Read again until nothing more turns up: an account's move may have been noted in
            // between.
            if groups.is_empty() {
                end_erasing(self, shop).await?;
                return Ok(Erased::Whole);
            }
            // It also records how much there was when erasing began.
            let mark = Write::change(Key::store(user_uuid)).when_is(&STATUS, Status::Erasing);
            let mark = mark.set_if_absent(&ERASE_RECORDS, count(&all, shop));
            for batch in groups.chunks_mut(BATCH) {
                if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                    return Ok(Erased::Partly);
                }
                if !erase_batch(self, &mark, batch).await? {
                    return Ok(Erased::Whole);
                }
            }
        }
        Err(Error::storage_unavailable("erase: more and more is found"))
    }
}

/// False when the mark is gone: another worker has finished.
async fn erase_batch(tables: &Tables, mark: &Write, batch: &mut [Group]) -> Result<bool, Error> {
    while batch.iter().any(|group| !group.is_empty()) {
        let mut erase = Transaction::new("dynamodb.erase")?.and_as((0, Role::Mark), mark.clone());
        for (index, group) in batch.iter().enumerate() {
            group.iter().for_each(|(role, write)| erase.push_as((index, *role), write.clone()));
        }
        let Written::Refused(refused) = tables.database.write(erase).await? else { return Ok(true) };
        for (index, role) in refused.roles() {
            let Some(group) = batch.get_mut(*index) else { continue };
            match role {
                Role::Mark | Role::Job => return Ok(false),
                // Another worker was faster.
                Role::Item => group.clear(),
                // It changed hands in between, so it is not ours to delete or unsubscribe.
                Role::Owner => group.retain(|(role, _)| *role == Role::Item),
            }
        }
    }
    Ok(true)
}

/// Everything but the store.
fn groups_of(tables: &Tables, user_uuid: Uuid, all: &Everything) -> Result<Vec<Group>, Error> {
    let alone = |key: Key| vec![(Role::Item, Write::delete(key).when(Condition::known_item()))];
    let before = all.others.iter().chain(all.events.iter().map(|event| &event.key));
    let mut groups: Vec<Group> = before.cloned().map(alone).collect();
    // For each grant, the job that unsubscribes one of its accounts.
    let mut unsubscribed: HashMap<GrantId, (Uuid, &'static str)> = HashMap::new();
    for account in &all.accounts {
        let mut group = alone(Key::account(user_uuid, &account.id));
        // An account that another identity took over keeps its new owner.
        if account.status != Status::Moved {
            group.push((Role::Owner, free_account(&account.id, user_uuid)));
            group.extend(unhang(account).map(|write| (Role::Owner, write)));
            group.extend(pins::outlive(&account.id, tables.clock.now()).map(|write| (Role::Owner, write)));
            if let Some(job) = unsubscribing(tables, user_uuid, account) {
                let id = random::uuid()?;
                group.push((Role::Job, jobs::unsubscribe(tables, id, &job)?));
                unsubscribed.extend(account.grant().map(|grant| (grant, (id, account.id.kind().job))));
            }
        }
        groups.push(group);
    }
    for grant in &all.grants {
        let revoke = jobs::revoke_with_accounts(tables, user_uuid, grant, unsubscribed.get(&grant.id).copied())?;
        let group = alone(Key::grant(user_uuid, &grant.id)).into_iter();
        groups.push(group.chain(revoke.map(|write| (Role::Job, write))).collect());
    }
    Ok(groups)
}

/// None for an account without a token that opens: no call can be made on its behalf.
fn unsubscribing(tables: &Tables, user_uuid: Uuid, account: &Account) -> Option<Unsubscribe> {
    match account.token(user_uuid, &tables.keys) {
        Ok(Kept::Open { token, .. }) => Some(Unsubscribe::of(account, token)),
        Ok(Kept::None) => None,
        // Erasing does not wait for a key.
        Ok(Kept::Corrupt) | Err(_) => {
            tracing::warn!(platform = account.id.kind().platform.name, "a sealed token does not open; its Page stays subscribed");
            None
        }
    }
}

/// Drops the mark and keeps the record. If the mark is gone, another worker has done this.
async fn end_erasing(tables: &Tables, shop: &Shop) -> Result<(), Error> {
    let request = shop.erase_request.as_deref().map(RequestId::from_hash);
    let (what, records) = (shop.erase_what.as_deref().unwrap_or("unknown"), shop.erase_records.unwrap_or(1));
    let end = Transaction::<()>::new("dynamodb.end_erasing")?
        .and(Write::delete(Key::store(shop.user_uuid)).when_is(&STATUS, Status::Erasing))
        .and(audit::record(tables, what, request.as_ref(), records)?)
        .and_each(request.map(|request| deliveries::settle(&request, tables.clock.now())));
    tables.database.write(end).await?;
    Ok(())
}

/// What the sessions table holds of an identity.
fn sessions_and_flows(tables: &Tables, shop: &Shop) -> Vec<Group> {
    let platforms = tables.platforms.0.iter().filter(|platform| platform.flows_of == FlowsOf::Identity);
    let flows = platforms.map(|platform| flows::flow(platform, &shop.user_uuid.to_string()));
    let keys = shop.sessions.keys().map(|session| Key::session(session)).chain(flows);
    keys.map(|key| vec![(Role::Item, Write::delete(key))]).collect()
}

/// Records in both tables, except the events that merely report them.
fn count(all: &Everything, shop: &Shop) -> u64 {
    // Store and accounts count with their owner items.
    let records = 2 + 2 * all.accounts.len() + all.grants.len() + all.others.len() + shop.sessions.len();
    records.try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        providers::PLATFORMS,
        store::table::{Row, SK},
    };

    #[test]
    fn erased_records_include_owners_and_sessions_but_not_events() {
        let named = |sk: &str| Row::default().with(&SK, sk);
        let sessions = BTreeMap::from([("one".to_owned(), 1), ("two".to_owned(), 1)]);
        let root = named("store").with(&SESSIONS, sessions);
        let all = Everything::read(Uuid::nil(), &[root, named("page#1"), named("person#5"), named("doubt"), named("event#1")], PLATFORMS);
        assert_eq!(count(&all, all.shop.as_ref().unwrap()), 2 + 2 + 1 + 1 + 2);
    }
}
