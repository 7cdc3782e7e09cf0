//! Accounts whose platform says that their link has ended: they are deleted or need a new link. The
//! last account that rests on a grant takes the grant with it.

use crate::store::{
    Tables,
    companions::Found,
    events::{self, EventType},
    identity::{at_generation, free_account, mark_grant, unhang},
    jobs::{self, REVOKE_AFTER, Revoke},
    pins,
    records::{Account, Status, attributes::*},
    table::{Condition, Key, Transaction, Write},
};
use crate::{
    Error,
    providers::news::{End, Removal},
    random,
};

use super::batches::batches;

/// Writes per transaction, with the one for the identity below its limit of 100.
const BATCH: usize = 97;

impl Tables {
    /// Ends the link of these accounts, each on condition that it is still as it was read. If their
    /// grant may still give access to something else, it is revoked unless something rests on it.
    /// False if something has changed since it was read; what was written by then is complete.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn remove_accounts(&self, found: &Found, removal: &Removal, revoking: Revoking) -> Result<bool, Error> {
        let groups = match removal.end {
            End::Gone => self.gone(found, &removal.reason, revoking)?,
            End::NeedsLink => {
                found.accounts().map(|account| self.needing_link(found, account, &removal.reason)).collect::<Result<_, _>>()?
            }
        };
        for batch in batches(groups, BATCH, Vec::len) {
            let end = Transaction::<()>::new("dynamodb.remove_accounts")?.and(at_generation(found.user_uuid, found.generation));
            if !self.database.write(end.and_each(batch.into_iter().flatten())).await?.is_whole() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes that succeed or fail together, in order: the grant goes with the last account, so
    /// that a failure in between leaves an account that leads to it.
    fn gone(&self, found: &Found, reason: &str, revoking: Revoking) -> Result<Vec<Vec<Write>>, Error> {
        let (mut before, last) = self.end_of_grant(found, revoking)?;
        let mut groups = found.accounts().map(|account| self.delete(found, account, reason)).collect::<Result<Vec<_>, _>>()?;
        if let Some(group) = groups.last_mut() {
            group.extend(last);
        }
        before.append(&mut groups);
        Ok(before)
    }

    fn delete(&self, found: &Found, account: &Account, reason: &str) -> Result<Vec<Write>, Error> {
        let (user_uuid, now) = (found.user_uuid, self.clock.now());
        let delete = Write::delete(Key::account(user_uuid, &account.id)).when(account.as_read.condition());
        let told = events::of_account(user_uuid, &account.id, EventType::Disconnected, Some(reason), now)?;
        let freed = [delete, free_account(&account.id, user_uuid), told].into_iter();
        Ok(freed.chain(unhang(account)).chain(pins::outlive(&account.id, now)).collect())
    }

    /// What happens to the grant: the writes before, and those with the last account. While another
    /// account rests on it, the grant stays, and that account must still be there.
    fn end_of_grant(&self, found: &Found, revoking: Revoking) -> Result<(Vec<Vec<Write>>, Vec<Write>), Error> {
        let (user_uuid, mut last) = (found.user_uuid, Vec::new());
        if let Some(witness) = found.others().find(|other| other.rests()) {
            last.push(Write::check(Key::account(user_uuid, &witness.id)).when(witness.as_read.condition()));
            return Ok((Vec::new(), last));
        }
        let Some(grant) = found.grant.as_ref().and_then(|id| found.all.grant(id)) else { return Ok((Vec::new(), last)) };
        // How the person is found from then on.
        let unmarked = found.others().filter(|other| !other.is_marked);
        let marks = unmarked.map(|other| vec![mark_grant(user_uuid, other)]).collect();
        last.push(Write::delete(Key::grant(user_uuid, &grant.id)).when(grant.as_read.condition()));
        let is_wanted = revoking == Revoking::IfUnused && (grant.id.kind().is_revocable)(&grant.kind);
        if let Some(token) = found.token.clone().filter(|_| is_wanted) {
            let job = Revoke { grant: grant.id.clone(), token, app_id: grant.app_id.clone(), after: None };
            last.push(jobs::revoke(self, random::uuid()?, &job, self.clock.now().saturating_add(REVOKE_AFTER))?);
        }
        Ok((marks, last))
    }

    /// The account stays in its merchant's list. A death does not raise the version, so that a link
    /// in flight wins.
    fn needing_link(&self, found: &Found, account: &Account, reason: &str) -> Result<Vec<Write>, Error> {
        let now = self.clock.now();
        let dead = Write::change(Key::account(found.user_uuid, &account.id))
            .when(Condition::known_item().and(account.as_read.condition()).and(STATUS.is(account.status)))
            .set(&STATUS, Status::ReconnectNeeded)
            .set(&REASON, reason)
            .set(&DEAD_SINCE, now);
        Ok(vec![dead, events::of_account(found.user_uuid, &account.id, EventType::ReconnectNeeded, Some(reason), now)?])
    }
}

/// What happens to a grant at its platform once no account of its identity rests on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoking {
    /// Nothing: it is dead.
    Needless,
    /// It is revoked, unless an account of another identity rests on it.
    IfUnused,
}
