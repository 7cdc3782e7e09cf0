//! Reads an identity: by its UUID, its shop, one of its accounts, or a person.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use uuid::Uuid;

use crate::{
    Error, Secret,
    platform::{AccountId, CompanionId, GrantId},
};

use super::{
    Tables,
    records::{Account, Everything, Identity, Shop, Status, attributes::*, key},
    table::{Condition, Key, PK, Query, Row, TRIES, Write},
};

/// The index over what names a person.
pub(super) const BY_GRANT: &str = "by_person";

/// An identity with its tokens opened.
pub type OpenIdentity = Identity<Option<Secret>>;

impl Tables {
    /// The identity that holds an account, with that account only: one read for the owner and one
    /// for both items.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identity_of_account(&self, id: &AccountId) -> Result<Option<OpenIdentity>, Error> {
        // The account may change hands between the two reads, and then its owner names another
        // identity.
        for _ in 0..TRIES {
            let Some(user_uuid) = owner(self, Key::owner_of_account(id)).await? else { return Ok(None) };
            let keys = [Key::store(user_uuid), Key::account(user_uuid, id)];
            let mut rows = self.database.read_each("dynamodb.identity", &keys).await?;
            let account = rows.iter().find_map(|row| Account::read(row, self.platforms)).filter(|_| id.kind().borrows_token);
            if let Some(grant) = account.and_then(|account| account.grant()) {
                rows.extend(self.database.read("dynamodb.store", Key::grant(user_uuid, &grant)).await?);
            }
            match self.opened(user_uuid, Everything::read(user_uuid, &rows, self.platforms))? {
                Some(identity) if identity.accounts.iter().any(|account| account.id == *id) => return Ok(Some(identity)),
                // It is gone, or on its way out.
                None => return Ok(None),
                Some(_) => {}
            }
        }
        Err(Error::storage_unavailable("an account keeps changing hands"))
    }

    /// The same by an account's companion. A companion can move to another account, even to another
    /// merchant's; the most recent link wins.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identity_of_companion(&self, id: &CompanionId) -> Result<Option<OpenIdentity>, Error> {
        let mut rows = self.database.query("dynamodb.companion", &Query::partition(&id.place())).await?;
        rows.sort_by_key(|row| Reverse(row.get(&LINKED_MS)));
        for account in rows.iter().filter_map(|row| self.platforms.account_at(row.sk()?)) {
            let found = self.identity_of_account(&account).await?;
            let hangs_there = |account: &Account<_>| account.companion.as_ref().is_some_and(|companion| companion.id == *id);
            if let Some(identity) = found.filter(|identity| identity.accounts.iter().any(hangs_there)) {
                return Ok(Some(identity));
            }
        }
        Ok(None)
    }

    /// The identity of a shop, with all its accounts.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identity_of_shop(&self, shop: &str) -> Result<Option<OpenIdentity>, Error> {
        let Some(user_uuid) = owner(self, Key::owner_of_shop(shop)).await? else { return Ok(None) };
        self.identity(user_uuid).await
    }

    /// An identity with all its accounts; none if it is erased, being erased, or about to be.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identity(&self, user_uuid: Uuid) -> Result<Option<OpenIdentity>, Error> {
        self.opened(user_uuid, everything(self, user_uuid).await?)
    }

    /// What a merchant sees of an identity: everything linked, without opening a token. None if it
    /// is erased or being erased.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn listing(&self, user_uuid: Uuid) -> Result<Option<Identity>, Error> {
        Ok(everything(self, user_uuid).await?.into_identity())
    }

    /// A store as it is now, with its pair opened.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn shop(&self, user_uuid: Uuid) -> Result<Option<Shop<Option<Secret>>>, Error> {
        shop(self, user_uuid).await?.map(|shop| shop.open(&self.keys)).transpose()
    }

    /// Leaves out accounts that moved away.
    fn opened(&self, user_uuid: Uuid, all: Everything) -> Result<Option<OpenIdentity>, Error> {
        let Some(shop) = all.shop.filter(|shop| !shop.is_gone(self.clock.now())) else { return Ok(None) };
        let accounts = all.accounts.into_iter().filter(|account| account.status != Status::Moved);
        let accounts = accounts.map(|account| account.with_secret(user_uuid, &self.keys)).collect::<Result<_, _>>()?;
        Ok(Some(Identity { shop: shop.open(&self.keys)?, accounts, checks: BTreeMap::new() }))
    }
}

/// Requires the identity to be as it was when the work began.
pub(super) fn at_generation(user_uuid: Uuid, generation: u64) -> Write {
    Write::check(Key::store(user_uuid)).when_is(&GENERATION, generation)
}

/// Frees an account, if this identity held it.
pub(super) fn free_account(id: &AccountId, user_uuid: Uuid) -> Write {
    Write::delete(Key::owner_of_account(id)).when(Condition::new_item().or(IDENTITY.is(user_uuid)))
}

/// Makes this identity, which holds an account, its only holder.
pub(super) fn hold_alone(id: &AccountId, user_uuid: Uuid) -> Write {
    Write::change(Key::owner_of_account(id)).when_is(&IDENTITY, user_uuid).remove(&COMPANION)
}

/// Ties a companion to an account of this identity.
pub(super) fn hang(id: &CompanionId, account: &AccountId, user_uuid: Uuid, now_ms: u64) -> Write {
    Write::put(Key::companion(id, account), Row::default().with(&IDENTITY, user_uuid).with(&LINKED_MS, now_ms))
}

/// Removes an account's companion along with it.
pub(super) fn unhang<T>(account: &Account<T>) -> Option<Write> {
    account.companion.as_ref().map(|companion| Write::delete(Key::companion(&companion.id, &account.id)))
}

/// Marks an account with its person, in the transaction that deletes the grant's item: from then on
/// the index finds what is kept because of that person through the account.
pub(super) fn mark_grant(user_uuid: Uuid, account: &Account) -> Write {
    let is_the_same = Condition::known_item().and(account.as_read.condition());
    Write::change(Key::account(user_uuid, &account.id)).when(is_the_same).set_some(&GRANT_MARK, account.grant().map(|grant| grant.mark()))
}

/// The identities that have a grant. The index lags slightly.
pub(super) async fn identities_of_grant(tables: &Tables, grant: &GrantId) -> Result<BTreeSet<Uuid>, Error> {
    let query = Query::index(BY_GRANT, GRANT_MARK.is(grant.mark()));
    let rows = tables.database.query("dynamodb.by_person", &query).await?;
    Ok(rows.iter().filter_map(|row| key::identity_of(row.text(&PK)?)).collect())
}

/// All items of an identity, strongly consistent.
pub(super) async fn everything(tables: &Tables, user_uuid: Uuid) -> Result<Everything, Error> {
    let query = Query::partition(&key::identity(user_uuid));
    let rows = tables.database.query("dynamodb.everything", &query).await?;
    Ok(Everything::read(user_uuid, &rows, tables.platforms))
}

/// The store of an identity in any status, still sealed.
pub(super) async fn shop(tables: &Tables, user_uuid: Uuid) -> Result<Option<Shop>, Error> {
    let found = tables.database.read("dynamodb.store", Key::store(user_uuid)).await?;
    Ok(found.and_then(|row| Shop::read(user_uuid, &row)))
}

/// The identity that an owner item names: that of a shop, or the one that holds an account.
pub(super) async fn owner(tables: &Tables, key: Key) -> Result<Option<Uuid>, Error> {
    let found = tables.database.read("dynamodb.store", key).await?;
    let identity = |row: Row| row.get(&IDENTITY).ok_or_else(|| Error::storage_unavailable("an owner without identity"));
    found.map(identity).transpose()
}
