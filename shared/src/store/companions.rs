//! The accounts that come with something, whoever holds them: a platform speaks of them all at
//! once.

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

/// Which accounts are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// What they come with.
    pub companion: &'a CompanionId,
    /// They were linked before this second.
    pub before: UnixSeconds,
    /// Their tokens were issued to this app: another's are not ours to judge.
    pub app_id: &'a str,
    /// In which status they are.
    pub status: &'a [Status],
}

/// Accounts of one identity that rest on one grant, as they were read.
#[derive(Clone, Debug)]
pub struct Found {
    /// Their identity.
    pub user_uuid: Uuid,
    /// What they can be asked about with; none where there is nothing left for that.
    pub token: Option<Secret>,
    pub(super) accounts: Vec<AccountId>,
    /// The grant; none where that is not known.
    pub(super) grant: Option<GrantId>,
    pub(super) generation: u64,
    pub(super) all: Arc<Everything>,
}

impl Found {
    /// The accounts themselves.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.all.accounts.iter().filter(|account| self.accounts.contains(&account.id))
    }

    /// Accounts that name the same grant.
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
    /// The identities that hold something that comes with this.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identities_of_companion(&self, id: &CompanionId) -> Result<BTreeSet<Uuid>, Error> {
        let rows = self.database.query("dynamodb.companion", &Query::partition(&id.place())).await?;
        Ok(rows.iter().filter_map(|row| row.get(&IDENTITY)).collect())
    }

    /// What an identity holds of those that are sought, grant by grant. What is being erased is
    /// nobody's any more.
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
