//! A grant of an identity, with the accounts that rest on it: what the keeper maintains.

mod changes;

use uuid::Uuid;

use crate::store::records::{Account, Grant, Kept, Status};
use crate::store::{Tables, identity};
use crate::{Error, platform::GrantId};

pub use changes::{AccountChange, Changed, Due, GrantChange};

/// A grant as stored, with its surroundings.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The identity.
    pub user_uuid: Uuid,
    /// The status of the identity's store. Unless it is linked, no call is made on its behalf.
    pub store: Status,
    /// The store was linked again after an uninstall and is not yet known to be the same shop.
    pub unconfirmed: bool,
    /// The grant itself.
    pub grant: Grant<Kept>,
    /// The accounts that this identity holds through it, dead ones included.
    pub accounts: Vec<Account<Kept>>,
    pub(in crate::store) generation: u64,
}

impl Holding {
    /// Whether the identity's store is linked, so that calls may be made on its behalf.
    #[must_use]
    pub const fn is_wanted(&self) -> bool {
        matches!(self.store, Status::Active | Status::ReconnectNeeded) && !self.unconfirmed
    }

    /// Whether the grant was neither visited nor exchanged since an earlier reading, and its link
    /// has not ended.
    #[must_use]
    pub fn is_as_before(&self, before: &Self) -> bool {
        let of = |holding: &Self| (holding.generation, holding.store, holding.grant.status, holding.grant.due_at, holding.grant.issued_at);
        of(self) == of(before)
    }

    /// Whether an account of this identity rests on it. Without one the grant's token is of no use
    /// here, and would give access to other people's accounts.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.accounts.iter().any(Account::rests)
    }
}

impl Tables {
    /// A grant with its accounts, strongly consistent; none if it or its identity is gone.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of a token is not known here yet.
    pub async fn load_grant(&self, user_uuid: Uuid, id: &GrantId) -> Result<Option<Holding>, Error> {
        let all = identity::everything(self, user_uuid).await?;
        let grant = all.grants.into_iter().find(|grant| grant.id == *id);
        let (Some(shop), Some(grant)) = (all.shop, grant) else { return Ok(None) };
        let is_held = |account: &Account| matches!(account.status, Status::Active | Status::ReconnectNeeded);
        let accounts = all.accounts.into_iter().filter(|account| account.is_granted_by(id) && is_held(account));
        Ok(Some(Holding {
            user_uuid,
            store: shop.status,
            unconfirmed: shop.unconfirmed,
            grant: grant.open(user_uuid, &self.keys)?,
            accounts: accounts.map(|account| account.open(user_uuid, &self.keys)).collect::<Result<_, _>>()?,
            generation: shop.generation,
        }))
    }
}

#[cfg(test)]
pub(in crate::store) mod tests {
    use super::{super::super::records::samples::grant, *};

    /// A holding whose token is gone, without accounts.
    pub(in crate::store) fn holding(store: Status, unconfirmed: bool) -> Holding {
        Holding { user_uuid: Uuid::from_u128(7), store, unconfirmed, grant: grant(), accounts: Vec::new(), generation: 1 }
    }

    #[test]
    fn no_calls_are_made_for_a_store_that_left_or_may_be_another() {
        assert!(holding(Status::Active, false).is_wanted() && holding(Status::ReconnectNeeded, false).is_wanted());
        assert!(!holding(Status::Uninstalled, false).is_wanted() && !holding(Status::Erasing, false).is_wanted());
        assert!(!holding(Status::Active, true).is_wanted());
    }
}
