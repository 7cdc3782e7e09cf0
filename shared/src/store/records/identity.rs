//! Everything about an identity, each item parsed once.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::UnixSeconds;
use crate::platform::{AccountId, GrantId, Platforms};
use crate::store::table::{Key, Row, Sealed};

use super::{Account, Grant, Shop, Status, attributes::*, key};

/// An identity: its store, which makes it one, and its accounts.
#[derive(Clone, Debug)]
pub struct Identity<T = Option<Sealed>> {
    /// The store.
    pub shop: Shop<T>,
    /// Its accounts.
    pub accounts: Vec<Account<T>>,
    /// When each grant was last found working, if noted.
    pub checks: BTreeMap<GrantId, UnixSeconds>,
}

/// The items in an identity's partition.
#[derive(Debug, Default)]
pub(in crate::store) struct Everything {
    pub(in crate::store) shop: Option<Shop>,
    /// In order of id, including those that moved away.
    pub(in crate::store) accounts: Vec<Account>,
    pub(in crate::store) grants: Vec<Grant>,
    pub(in crate::store) events: Vec<StoredEvent>,
    /// A doubt, and anything else.
    pub(in crate::store) others: Vec<Key>,
}

/// An event on its way to the bus.
#[derive(Debug)]
pub(in crate::store) struct StoredEvent {
    pub(in crate::store) key: Key,
    /// The platform that it is about.
    pub(in crate::store) platform: Option<String>,
    /// The shop or account that it is about.
    pub(in crate::store) account: Option<String>,
    pub(in crate::store) reason: Option<String>,
}

impl Everything {
    pub(in crate::store) fn read(user_uuid: Uuid, rows: &[Row], platforms: Platforms) -> Self {
        let mut all = Self::default();
        for row in rows {
            let Some(sk) = row.sk() else { continue };
            if sk == key::STORE {
                all.shop = Shop::read(user_uuid, row);
            } else if let Some(account) = Account::read(row, platforms) {
                all.accounts.push(account);
            } else if let Some(grant) = Grant::read(row, platforms) {
                all.grants.push(grant);
            } else if let Some(event) = StoredEvent::read(user_uuid, row) {
                all.events.push(event);
            } else {
                all.others.push(Key::under(user_uuid, sk));
            }
        }
        all.accounts.iter_mut().for_each(|account| account.borrow_token(&all.grants));
        all
    }

    /// The identity, for listing, display or handing out; none if it is erased or being erased.
    pub(in crate::store) fn into_identity(self) -> Option<Identity> {
        let shop = self.shop.filter(|shop| shop.status != Status::Erasing)?;
        Some(Identity { shop, accounts: self.accounts, checks: checks(&self.grants) })
    }

    /// The account with this id.
    pub(in crate::store) fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == *id)
    }

    /// The grant with this id.
    pub(in crate::store) fn grant(&self, id: &GrantId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.id == *id)
    }
}

fn checks(grants: &[Grant]) -> BTreeMap<GrantId, UnixSeconds> {
    grants.iter().filter_map(|grant| Some((grant.id.clone(), grant.checked_at?))).collect()
}

impl StoredEvent {
    /// Whether it is about this account.
    pub(in crate::store) fn tells_of(&self, id: &AccountId) -> bool {
        self.platform.as_deref() == Some(id.kind().platform.name) && self.account.as_deref() == Some(id.as_str())
    }

    /// None for anything but an event.
    pub(in crate::store) fn read(user_uuid: Uuid, row: &Row) -> Option<Self> {
        let sk = row.sk().filter(|sk| sk.starts_with(key::EVENTS))?;
        let key = Key::under(user_uuid, sk);
        Some(Self { key, platform: row.get(&PLATFORM), account: row.get(&ACCOUNT), reason: row.get(&REASON) })
    }
}

impl<T> Identity<T> {
    /// When an account was last found working, together with its grant.
    #[must_use]
    pub fn checked_at(&self, account: &Account<T>) -> Option<UnixSeconds> {
        self.checks.get(&account.grant()?).copied()
    }

    /// Whether it holds any account, working or not.
    #[must_use]
    pub fn holds_accounts(&self) -> bool {
        self.accounts.iter().any(|account| account.status != Status::Moved)
    }

    /// The same, now that the shop is known to be the same.
    #[must_use]
    pub fn confirmed(mut self, name: Option<&str>) -> Self {
        self.shop.unconfirmed = false;
        self.shop.name = name.map(str::to_owned).or(self.shop.name);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};
    use crate::{providers::PLATFORMS, store::table::SK};

    #[test]
    fn an_identity_being_erased_is_nobodys() {
        let of = |status| Everything {
            shop: Some(Shop { status, ..samples::shop() }),
            accounts: vec![samples::account("1")],
            ..Everything::default()
        };
        for status in [Status::Active, Status::ReconnectNeeded, Status::Uninstalled] {
            assert_eq!(of(status).into_identity().map(|identity| identity.accounts.len()), Some(1), "{status:?}");
        }
        assert!(of(Status::Erasing).into_identity().is_none());
    }

    #[test]
    fn a_page_that_moved_away_is_not_held() {
        let holds = |statuses: &[Status]| {
            let accounts = statuses.iter().map(|&status| Account { status, ..samples::account("1") }).collect();
            Identity { shop: samples::shop(), accounts, checks: BTreeMap::new() }.holds_accounts()
        };
        assert!(holds(&[Status::Moved, Status::ReconnectNeeded]));
        assert!(!holds(&[Status::Moved]) && !holds(&[]));
    }
    #[test]
    fn an_account_was_checked_when_its_grant_was() {
        let item = |sk: &str| Row::default().with(&SK, sk).with(&GRANTED_BY, "7");
        let checked = |grant: Row| {
            let rows = [item(key::STORE), item("page#1"), item("page#2").with(&GRANTED_BY, "8"), grant];
            let identity = Everything::read(Uuid::nil(), &rows, PLATFORMS).into_identity().unwrap();
            identity.accounts.iter().map(|account| identity.checked_at(account)).collect::<Vec<_>>()
        };
        assert_eq!(checked(item("person#7").with(&CHECKED_AT, 1234_u64)), [Some(1234), None]);
        assert_eq!(checked(item("person#7")), [None, None]);
    }
}
