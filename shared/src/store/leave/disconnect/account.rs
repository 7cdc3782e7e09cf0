//! Disconnecting an account deletes it and its owner item, and with the last account that rests on
//! a grant, the grant as well. The remaining work at the platform is queued in the same
//! transaction, so that it gets done even if this process dies before doing it.

use uuid::Uuid;

use crate::facts::{Notice, Permission, Unsubscribed};
use crate::store::{
    Tables,
    events::{self, EventType},
    identity::{at_generation, everything, free_account, identities_of_grant, mark_grant, unhang},
    jobs::{self, REVOKE_AFTER, Revoke, Unsubscribe},
    pins,
    records::{Account, Everything, Grant, Kept, Status},
    table::{Key, Transaction, Write},
};
use crate::{
    Error,
    platform::{AccountId, GrantId},
    random,
};

use super::{Acting, Attempt, Noted, note_in_session};

/// Accounts per transaction, with room for its other writes.
const BATCH: usize = 80;

/// A disconnected account and the work left at the platform, each with the job that does it if we
/// do not.
#[derive(Debug)]
pub struct EndedAccount {
    /// The notice, written as if nothing more could be done now.
    pub noted: Noted,
    /// What is known so far about the subscription.
    pub unsubscribed: Unsubscribed,
    /// What is known so far about the permission.
    pub permission: Permission,
    /// The subscription to end.
    pub unsubscribe: Option<(Uuid, Unsubscribe)>,
    /// The grant to revoke.
    pub revoke: Option<(Uuid, Revoke)>,
}

/// What an identity holds that concerns one account and its grant.
struct Found<'a> {
    account: &'a Account,
    /// The grant's own item.
    grant: Option<&'a Grant>,
    /// Other accounts that name the same grant.
    others: Vec<&'a Account>,
    /// One of them that rests on the grant, which therefore stays.
    witness: Option<&'a Account>,
}

impl<'a> Found<'a> {
    fn of(all: &'a Everything, id: &AccountId) -> Option<Self> {
        let account = all.account(id)?;
        let grant = account.grant();
        let rests_on_it = |other: &&Account| grant.as_ref().is_some_and(|grant| other.is_granted_by(grant)) && other.id != account.id;
        let others: Vec<&Account> = all.accounts.iter().filter(rests_on_it).collect();
        Some(Self {
            grant: grant.as_ref().and_then(|grant| all.grant(grant)),
            witness: others.iter().copied().find(|other| other.rests()),
            others,
            account,
        })
    }
}

impl Tables {
    /// Disconnects an account, or deletes the note of one that moved away.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of its token is not known here yet.
    pub async fn disconnect_account(&self, acting: Acting<'_>, id: &AccountId) -> Result<Attempt<EndedAccount>, Error> {
        let (user_uuid, generation, now) = (acting.session.user_uuid, acting.session.generation, self.clock.now());
        let all = everything(self, user_uuid).await?;
        if all.shop.as_ref().map(|shop| shop.generation) != Some(generation) {
            return Ok(Attempt::Changed);
        }
        let Some(found) = Found::of(&all, id) else { return Ok(Attempt::Gone) };
        let ended = self.end_of(user_uuid, &found)?;
        let mut disconnect = Transaction::new("dynamodb.disconnect_page")?
            .and(at_generation(user_uuid, generation))
            .and(note_in_session(acting, ended.noted, now))
            .and(Write::delete(Key::account(user_uuid, id)).when(found.account.as_read.condition()));
        if found.account.status != Status::Moved {
            disconnect.push(free_account(id, user_uuid));
            disconnect = disconnect.and_each(unhang(found.account)).and_each(pins::outlive(id, now));
            disconnect.push(events::of_account(user_uuid, id, EventType::Disconnected, None, now)?);
            if let Some((job_id, job)) = &ended.unsubscribe {
                disconnect.push(jobs::unsubscribe(self, *job_id, job)?);
            }
        }
        match (found.witness, found.grant) {
            // Otherwise the last two accounts, disconnected at the same moment, would each leave
            // the grant to the other.
            (Some(witness), _) => {
                disconnect.push(Write::check(Key::account(user_uuid, &witness.id)).when(witness.as_read.condition()));
            }
            (None, Some(grant)) => {
                let Some(marks) = self.keep_findable(user_uuid, generation, &found).await? else { return Ok(Attempt::Changed) };
                let forget = Write::delete(Key::grant(user_uuid, &grant.id)).when(grant.as_read.condition());
                disconnect = disconnect.and_each(marks).and(forget);
                if let Some((job_id, job)) = &ended.revoke {
                    disconnect.push(jobs::revoke(self, *job_id, job, now.saturating_add(REVOKE_AFTER))?);
                }
            }
            (None, None) => {}
        }
        Ok(Attempt::of(&self.database.write(disconnect).await?, ended))
    }

    /// What to do, and what to say until it is done.
    fn end_of(&self, user_uuid: Uuid, found: &Found<'_>) -> Result<EndedAccount, Error> {
        let (account, unsubscribe_id, revoke_id) = (found.account, random::uuid()?, random::uuid()?);
        let token = account.token(user_uuid, &self.keys)?.token().cloned();
        let unsubscribe = token.map(|token| (unsubscribe_id, Unsubscribe::of(account, token)));
        let unsubscribed = if unsubscribe.is_some() { Unsubscribed::Later } else { Unsubscribed::NotPossible };
        let (revoke, permission) = match found.grant {
            // If the account moved away, only the list changes, and the notice says no more than
            // that.
            _ if found.witness.is_some() || account.status == Status::Moved => (None, Permission::Kept),
            // It is not the merchant's to revoke here.
            Some(grant) if !(grant.id.kind().is_revocable)(&grant.kind) => (None, Permission::Kept),
            Some(grant) => match grant.clone().open(user_uuid, &self.keys)? {
                Grant { token: Kept::Open { token, .. }, id: grant, app_id, .. } => {
                    let after = unsubscribe.is_some().then_some((unsubscribe_id, account.id.kind().job));
                    (Some((revoke_id, Revoke { grant, token, app_id, after })), Permission::Later)
                }
                _ => (None, Permission::NotPossible),
            },
            None => (None, Permission::NotPossible),
        };
        let notice = if account.status == Status::Moved {
            Notice::Note
        } else {
            Notice::Account { kind: account.id.kind(), unsubscribed, permission }
        };
        let noted = Noted { notice, at_ms: self.clock.now_millis() };
        Ok(EndedAccount { noted, unsubscribed, permission, unsubscribe, revoke })
    }

    /// Deleting the grant's own item removes what the index finds the person by. So the other items
    /// that name the person are marked, in case they ask to be forgotten: with these writes or, if
    /// they exceed one transaction, beforehand. None if something has changed since it was read.
    async fn keep_findable(&self, user_uuid: Uuid, generation: u64, found: &Found<'_>) -> Result<Option<Vec<Write>>, Error> {
        let unmarked = found.others.iter().filter(|other| !other.is_marked);
        let mut last: Vec<Write> = unmarked.map(|other| mark_grant(user_uuid, other)).collect();
        let before = last.split_off(last.len().min(BATCH));
        for batch in before.chunks(BATCH) {
            let marks = Transaction::<()>::new("dynamodb.keep_findable")?.and(at_generation(user_uuid, generation));
            if !self.database.write(marks.and_each(batch.iter().cloned())).await?.is_whole() {
                return Ok(None);
            }
        }
        Ok(Some(last))
    }

    /// Whether an account of any identity rests on a grant. The index names the identities, with a
    /// slight lag; their items are read strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn grant_is_used(&self, grant: &GrantId) -> Result<bool, Error> {
        for user_uuid in identities_of_grant(self, grant).await? {
            let all = everything(self, user_uuid).await?;
            let lives = all.shop.is_some_and(|shop| shop.status != Status::Erasing);
            if lives && all.accounts.iter().any(|account| account.is_granted_by(grant) && account.rests()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests;
