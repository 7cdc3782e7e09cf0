//! The writes that link accounts, each with its condition.

use uuid::Uuid;

use crate::{
    Error,
    facts::Unready,
    platform::{AccountId, CompanionId, GrantedAccount as Granted},
    store::{
        Tables,
        events::{self, EventType},
        flows::Outcome,
        identity::{at_generation, hang},
        records::{Status, attributes::*, place_of_account, place_of_grant, seal},
        schedule::{CHECKED_EVERY, Urgency, grant_due_at},
        sessions::keep_left_behind,
        table::{Condition, Key, Row, Transaction, Write},
    },
};

use super::plan::{AccountsLink, Linking, Plan};

/// What a write in a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role<'a> {
    /// The identity, its generation and its session.
    Identity,
    /// The state.
    Flow,
    /// Who holds an account.
    Owner(&'a AccountId),
    /// The account under this identity, or under its former holder.
    Account,
}

/// The writes of one batch. The last batch ends the flow, with the results of the earlier ones.
pub(super) fn batch<'a>(tables: &Tables, linking: &Linking<'a>, plans: &[Plan<'a>], ends: bool) -> Result<Transaction<Role<'a>>, Error> {
    let Linking { link, done, .. } = linking;
    let (user_uuid, generation, now) = (link.session.user_uuid, link.session.generation, tables.clock.now());
    let mut batch = Transaction::new("dynamodb.link_pages")?;
    for plan in plans {
        let id = &plan.account.id;
        batch.push_as(Role::Owner(id), own(link, plan));
        batch.push_as(Role::Account, put_account(tables, linking, plan.account)?);
        batch.push(events::of_account(user_uuid, id, EventType::Linked, None, now)?);
        for write in companions(linking, plan, tables.clock.now_millis()) {
            batch.push(write);
        }
        if let Some(from) = &plan.from {
            batch.push_as(Role::Account, mark_moved(id, from.user_uuid));
            batch.push(events::of_account(from.user_uuid, id, EventType::Moved, None, now)?);
        }
    }
    let is_over = ends && done.held_elsewhere.is_empty() && !link.keeps_session;
    if is_over {
        let identity = Write::change(Key::store(user_uuid)).when_is(&GENERATION, generation);
        batch.push_as(Role::Identity, identity.remove(&link.session_key.listed()));
        batch.push_as(Role::Identity, Write::delete(link.session_key.key()).when_is(&IDENTITY, user_uuid));
    } else {
        batch.push_as(Role::Identity, at_generation(user_uuid, generation));
    }
    if ends {
        batch.push_as(Role::Flow, link.claim.end(Outcome::Linked));
        // The session lives on, so that its merchant can move accounts left behind.
        if !is_over {
            batch.push_as(Role::Identity, keep_left_behind(link.session_key, user_uuid, link.kind, &linking.left_behind(plans))?);
        }
    }
    // With each batch: this item is how a person who leaves is found, even if the flow ends early.
    if linking.uses_grant(plans) {
        batch.push_as(Role::Account, put_grant(tables, link)?);
    }
    Ok(batch)
}

fn put_account(tables: &Tables, linking: &Linking<'_>, account: &Granted) -> Result<Write, Error> {
    let (link, former, linked_ms) = (linking.link, linking.known(&account.id), tables.clock.now_millis());
    let place = place_of_account(link.session.user_uuid, &account.id);
    let own_token = account.access_token.as_ref().filter(|_| !account.id.kind().borrows_token);
    let token = own_token.map(|token| seal(&tables.keys, place, token)).transpose()?;
    let row = Row::default()
        .with(&NAME, &account.name)
        .with(&TASKS, account.tasks.as_slice())
        .with(&STATUS, Status::Active)
        .with(&GRANTED_BY, link.grant.id.as_str())
        .with(&APP_ID, link.app_id)
        .with(&LINKED_AT, linked_ms / 1000)
        .with(&LINKED_MS, linked_ms)
        // Until it is checked: a crash right after the link must not leave a false promise.
        .with(&MESSAGING_READY, false)
        .with(&MESSAGING_REASON, Unready::NotChecked.as_str())
        .with(&VERSION, linking.next_version(&account.id))
        // A setting of the account, not of the grant: the last one seen stays until it is seen
        // again.
        .with_some(&THREAD_ROUTING, former.and_then(|former| former.thread_routing))
        .with_some(&CATEGORY, account.category.as_deref())
        .with_some(&DISPLAY, account.display.as_deref())
        .with_some(&COMPANION, account.companion.as_ref().map(|companion| companion.id.as_str()))
        .with_some(&COMPANION_NAME, account.companion.as_ref().and_then(|companion| companion.name.as_deref()))
        .with_some(&ACCESS_TOKEN, token);
    let is_as_known = former.map_or_else(Condition::new_item, |former| VERSION.is(former.version));
    Ok(Write::put(Key::account(link.session.user_uuid, &account.id), row).when(is_as_known))
}

fn put_grant(tables: &Tables, link: &AccountsLink<'_>) -> Result<Write, Error> {
    let (user_uuid, grant, linked_ms) = (link.session.user_uuid, &link.grant, tables.clock.now_millis());
    let now = linked_ms / 1000;
    let place = place_of_grant(user_uuid, grant.id);
    let row = Row::default()
        .with(&GRANT_MARK, grant.id.mark())
        .with(&KIND, grant.kind)
        .with(&ACCESS_TOKEN, seal(&tables.keys, place, grant.access_token)?)
        .with(&SCOPES, grant.scopes)
        .with(&APP_ID, link.app_id)
        .with(&STATUS, Status::Active)
        .with(&LINKED_AT, now)
        .with(&LINKED_MS, linked_ms)
        .with(&CHECKED_AT, now)
        .with(&DUE_SHARD, Urgency::Routine.shard_of(user_uuid))
        .with(&ISSUED_AT, now)
        .with(&DUE_AT, grant_due_at(user_uuid, now, now, grant.expires_at, CHECKED_EVERY))
        .with_some(&EXPIRES_AT, grant.expires_at)
        .with_some(&DATA_ACCESS_EXPIRES_AT, grant.data_access_expires_at);
    Ok(Write::put(Key::grant(user_uuid, grant.id), row))
}

/// This identity takes the account, unless an unexpected identity holds it.
fn own(link: &AccountsLink<'_>, plan: &Plan<'_>) -> Write {
    let user_uuid = link.session.user_uuid;
    let companion = plan.account.companion.as_ref().map(|companion| companion.id.as_str());
    let owner = Row::default().with(&IDENTITY, user_uuid).with(&SHOP, &link.session.shop).with_some(&COMPANION, companion);
    let is_as_known = match &plan.from {
        None => Condition::new_item().or(IDENTITY.is(user_uuid)),
        Some(from) => IDENTITY.is(from.user_uuid).and(COMPANION.is_still(from.companion.as_ref().map(CompanionId::as_str))),
    };
    Write::put(Key::owner_of_account(&plan.account.id), owner).when(is_as_known).returning_old()
}

/// An account's companion is found by its own id, and no longer by that of a previous companion,
/// under this identity or the former holder.
fn companions(linking: &Linking<'_>, plan: &Plan<'_>, now_ms: u64) -> Vec<Write> {
    let (account, user_uuid) = (plan.account, linking.link.session.user_uuid);
    let now = account.companion.as_ref().map(|companion| &companion.id);
    let before = linking.known(&account.id).and_then(|known| known.companion.as_ref()).map(|companion| &companion.id);
    let elsewhere = plan.from.as_ref().and_then(|from| from.companion.as_ref()).filter(|id| Some(*id) != before);
    let put = now.map(|id| hang(id, &account.id, user_uuid, now_ms));
    let over = before.into_iter().chain(elsewhere).filter(|id| Some(*id) != now);
    put.into_iter().chain(over.map(|id| Write::delete(Key::companion(id, &account.id)))).collect()
}

/// The former holder keeps a note that the account moved, without its token and without saying
/// where to.
fn mark_moved(id: &AccountId, from: Uuid) -> Write {
    Write::change(Key::account(from, id)).when(Condition::known_item()).set(&STATUS, Status::Moved).increase(&VERSION, 1).remove_each([
        &ACCESS_TOKEN,
        &MESSAGING_READY,
        &MESSAGING_REASON,
        &THREAD_ROUTING,
        &REASON,
        &DEAD_SINCE,
        &COMPANION,
        &COMPANION_NAME,
        &COMPANION_WITHHELD_SINCE,
    ])
}
