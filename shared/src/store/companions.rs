//! All accounts that share a companion, regardless of who holds them: a platform reports on them
//! together.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    Error, Secret, UnixSeconds,
    platform::{AccountId, CompanionId, GrantId},
};

use super::{
    Tables,
    identity::everything,
    records::{Account, Everything, Status, attributes::*},
    table::Query,
};

/// Which accounts to look for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// Their companion.
    pub companion: &'a CompanionId,
    /// Only accounts linked before this second.
    pub before: UnixSeconds,
    /// Only accounts whose tokens were issued to this app: another app's are not ours to judge.
    pub app_id: &'a str,
    /// Only accounts with one of these statuses.
    pub status: &'a [Status],
}

/// Accounts of one identity that rest on one grant, as read.
#[derive(Clone, Debug)]
pub struct Found {
    /// Their identity.
    pub user_uuid: Uuid,
    /// A token to ask about them with, if any is left.
    pub token: Option<Secret>,
    pub(super) accounts: Vec<AccountId>,
    /// The grant, if known.
    pub(super) grant: Option<GrantId>,
    pub(super) generation: u64,
    pub(super) all: Arc<Everything>,
}

impl Found {
    /// The accounts themselves.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.all.accounts.iter().filter(|account| self.accounts.contains(&account.id))
    }

    /// Other accounts that name the same grant.
    pub(super) fn others(&self) -> impl Iterator<Item = &Account> {
        let names_it = |account: &&Account| self.grant.as_ref().is_some_and(|grant| account.is_granted_by(grant));
        self.all.accounts.iter().filter(names_it).filter(|account| !self.accounts.contains(&account.id))
    }
}

impl Sought<'_> {
    fn has(&self, account: &Account) -> bool {
        let comes_with_it = account.companion.as_ref().is_some_and(|companion| companion.id == *self.companion);
        comes_with_it && self.status.contains(&account.status) && account.app_id == self.app_id && linked_at(account) < self.before
    }
}

fn linked_at(account: &Account) -> UnixSeconds {
    let noted = account.as_read.linked_ms.map(|millis| millis / 1000);
    account.linked_at.into_iter().chain(noted).max().unwrap_or_default()
}

impl Tables {
    /// The identities that hold an account with this companion.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identities_of_companion(&self, id: &CompanionId) -> Result<BTreeSet<Uuid>, Error> {
        let rows = self.database.query("dynamodb.companion", &Query::partition(&id.place())).await?;
        Ok(rows.iter().filter_map(|row| row.get(&IDENTITY)).collect())
    }

    /// The matching accounts of an identity, grouped by grant. An identity that is being erased has
    /// none.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of a token is not known here yet.
    pub async fn find_accounts(&self, user_uuid: Uuid, sought: Sought<'_>) -> Result<Vec<Found>, Error> {
        let all = Arc::new(everything(self, user_uuid).await?);
        let Some(shop) = all.shop.as_ref().filter(|shop| shop.status != Status::Erasing) else { return Ok(Vec::new()) };
        let mut by_grant: BTreeMap<&str, Vec<&Account>> = BTreeMap::new();
        for account in all.accounts.iter().filter(|account| sought.has(account)) {
            by_grant.entry(&account.granted_by).or_default().push(account);
        }
        let found = by_grant.into_values().filter_map(|accounts| {
            let first = accounts.first()?;
            let of = |token| Found {
                user_uuid,
                token,
                accounts: accounts.iter().map(|account| account.id.clone()).collect(),
                grant: first.grant(),
                generation: shop.generation,
                all: Arc::clone(&all),
            };
            Some(first.token(user_uuid, &self.keys).map(|kept| of(kept.token().cloned())))
        });
        found.collect()
    }
}
