//! Links accounts. Conditions on the account's owner decide who holds it, so of two concurrent
//! claims one wins.
//!
//! As many accounts as fit are linked in one transaction together with the grant, the state's
//! outcome and the end of the session, or its list of accounts left behind. If there are more,
//! earlier batches go first, each on condition of the identity's generation, and the last one ends
//! the flow. A crash in between leaves completely linked accounts, and a session and a state that
//! show the flow as unfinished; running it again repairs that.

mod plan;
mod writes;

use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::{
    Error,
    platform::{AccountId, AccountKind},
};

use super::super::{
    Tables,
    records::{Account, attributes::IDENTITY, key},
    sessions,
    table::{Query, Written},
};

pub use plan::{AccountsLink, AccountsLinked, NewGrant};
use plan::{Holder, Linking, Plan};
use writes::{Role, batch};

/// Attempts at one batch: each failure reveals an account that is not as expected, and the next
/// attempt takes that into account.
const TRIES: u32 = 5;

impl Tables {
    /// The accounts of an identity, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_accounts(&self, user_uuid: Uuid, kind: &AccountKind) -> Result<Vec<Account>, Error> {
        let query = Query::partition(&key::identity(user_uuid)).beginning_with(&format!("{}#", kind.key));
        let rows = self.database.query("dynamodb.pages", &query).await?;
        Ok(rows.iter().filter_map(|row| Account::read(row, self.platforms)).collect())
    }

    /// Links the accounts and ends the flow.
    ///
    /// If other identities hold all of them, nothing is written and `linked` is empty.
    ///
    /// # Errors
    /// `invalid_session` when session or identity ended in between; `storage_unavailable`.
    pub async fn link_accounts(&self, link: &AccountsLink<'_>, known: Vec<Account>) -> Result<AccountsLinked, Error> {
        let held_elsewhere = self.held_by_others(link).await?;
        let not_granted = held_elsewhere.len();
        let mut linking = Linking { link, known, done: AccountsLinked { held_elsewhere, ..AccountsLinked::default() } };
        let mut plans = link.accounts.iter().map(|&account| Plan { account, from: None }).collect();
        linking.keep_outranking(&mut plans);
        loop {
            let later = plans.split_off(plans.len().min(linking.batch_size()));
            let is_last = later.is_empty();
            plans = self.write_batch(&mut linking, plans, is_last).await?;
            if is_last && plans.is_empty() {
                break;
            }
            plans.extend(later);
        }
        let left_behind = linking.left_behind(&[]);
        let mut done = AccountsLinked { left_behind, ..linking.done };
        // Accounts that the person can move at once come first.
        done.held_elsewhere.rotate_left(not_granted);
        Ok(done)
    }

    /// Of the accounts that were to move but were not granted, those that another identity holds.
    async fn held_by_others(&self, link: &AccountsLink<'_>) -> Result<Vec<AccountId>, Error> {
        let holders = try_join_all(link.not_granted.iter().map(|id| self.holder_of(id))).await?;
        let is_other = |holder: Option<Uuid>| holder.is_some_and(|uuid| uuid != link.session.user_uuid);
        let held = link.not_granted.iter().zip(holders).filter(|(_, holder)| is_other(*holder));
        Ok(held.map(|(id, _)| id.clone()).collect())
    }

    /// Who holds an account, strongly consistent. A query, because the function that ends a flow
    /// has no permission to read a single item.
    async fn holder_of(&self, account: &AccountId) -> Result<Option<Uuid>, Error> {
        let query = Query::partition(&account.place()).at(key::OWNER);
        let (found, _) = self.database.portion("dynamodb.page_holder", &query, None).await?;
        Ok(found.first().and_then(|owner| owner.get(&IDENTITY)))
    }

    /// Leaves the batch unwritten if it turns out to be too large.
    async fn write_batch<'a>(&self, linking: &mut Linking<'a>, mut plans: Vec<Plan<'a>>, ends_flow: bool) -> Result<Vec<Plan<'a>>, Error> {
        let user_uuid = linking.link.session.user_uuid;
        for _ in 0..TRIES {
            if plans.is_empty() && (!ends_flow || linking.done.linked.is_empty()) {
                return Ok(Vec::new());
            }
            if plans.len() > linking.batch_size() {
                return Ok(plans);
            }
            let Written::Refused(refused) = self.database.write(batch(self, linking, &plans, ends_flow)?).await? else {
                linking.written(&plans);
                return Ok(Vec::new());
            };
            let mut reread = false;
            for (role, found) in refused.each() {
                match role {
                    Some(Role::Owner(id)) => {
                        linking.held(&mut plans, id, Holder::read(&found, id).filter(|holder| holder.user_uuid != user_uuid))
                    }
                    Some(Role::Account) => reread = true,
                    Some(Role::Flow) => return Err(Error::storage_unavailable("link_pages: the state is no longer ours")),
                    Some(Role::Identity) | None => return Err(sessions::invalid()),
                }
            }
            if reread {
                linking.known = self.load_accounts(user_uuid, linking.link.kind).await?;
                linking.keep_outranking(&mut plans);
            }
        }
        Err(Error::storage_unavailable("link_pages: the Pages keep changing").provoked(true))
    }
}
