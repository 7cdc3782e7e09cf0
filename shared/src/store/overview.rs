//! What is stored, for operators: what is linked, its status and since when. It opens no token, so
//! looking needs no key.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    Error, UnixSeconds,
    platform::{AccountId, CompanionId, GrantId},
    providers::shopify::ShopDomain,
};

pub use super::records::About;
use super::{
    Directory,
    identity::BY_GRANT,
    records::{Account, Grant, Shop, attributes::*, key},
    table::{Key, PK, Query, Row},
};

/// An identity with everything under it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The store, in any status.
    pub shop: Seen<Shop>,
    /// Its accounts, including those that moved away.
    pub accounts: Vec<Seen<Account>>,
    /// The grants they rest on.
    pub grants: Vec<Seen<Grant>>,
    /// A webhook's doubt about the store.
    pub doubt: Option<Seen<About>>,
    /// Events of the last hours that still exist, in no order.
    pub events: Vec<Told>,
}

/// A record with its notes.
#[derive(Clone, Debug)]
pub struct Seen<R> {
    /// The record.
    pub record: R,
    /// The notes.
    pub noted: Noted,
}

/// The notes on a record: when it is due next, and how earlier attempts went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// The record's name: `PARTITION/PLACE`.
    pub name: String,
    /// Why it is unusable.
    pub reason: Option<String>,
    /// When it was linked.
    pub linked_at: Option<UnixSeconds>,
    /// When it is due.
    pub due_at: Option<UnixSeconds>,
    /// How often it has failed since it last succeeded.
    pub failures: u64,
    /// When it was first found dead, if that is not yet believed.
    pub dead_seen_at: Option<UnixSeconds>,
}

/// An event on its way to the bus, or already there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub event_type: String,
    /// At which platform.
    pub platform: String,
    /// For which store or account.
    pub account: String,
    /// When, in RFC 3339.
    pub at: String,
    /// Why.
    pub reason: Option<String>,
}

impl Noted {
    /// None for a row without a key.
    pub(super) fn read(row: &Row) -> Option<Self> {
        let key = row.key()?;
        Some(Self {
            name: format!("{}/{}", key.pk(), key.sk()),
            reason: row.get(&REASON),
            linked_at: row.get(&LINKED_AT),
            due_at: row.get(&DUE_AT),
            failures: row.get_or_default(&FAILURES),
            dead_seen_at: row.get(&DEAD_SEEN_AT),
        })
    }
}

impl Told {
    fn read(row: &Row) -> Option<Self> {
        row.sk().filter(|sk| sk.starts_with(key::EVENTS))?;
        Some(Self {
            event_type: row.get(&EVENT_TYPE)?,
            platform: row.get(&PLATFORM)?,
            account: row.get(&ACCOUNT)?,
            at: row.get(&HAPPENED_AT)?,
            reason: row.get(&REASON),
        })
    }
}

impl Directory {
    /// Everything under an identity, strongly consistent; none where there is no store.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn overview(&self, user_uuid: Uuid) -> Result<Option<Overview>, Error> {
        let rows = self.database.query("dynamodb.everything", &Query::partition(&key::identity(user_uuid))).await?;
        let (mut shop, mut doubt) = (None, None);
        let (mut accounts, mut grants, mut events) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let Some(noted) = Noted::read(row) else { continue };
            if row.sk() == Some(key::STORE) {
                shop = Shop::read(user_uuid, row).map(|record| Seen { record, noted });
            } else if let Some(record) = Account::read(row, self.platforms) {
                accounts.push(Seen { record, noted });
            } else if let Some(record) = Grant::read(row, self.platforms) {
                grants.push(Seen { record, noted });
            } else if let Some(record) = row.get(&DOUBTED) {
                doubt = Some(Seen { record, noted });
            } else {
                events.extend(Told::read(row));
            }
        }
        Ok(shop.map(|shop| Overview { shop, accounts, grants, doubt, events }))
    }

    /// The identities that a text refers to: its own UUID, a store's domain or handle, or the id of
    /// an account, a companion or a grantor. An id may be of several kinds, so each kind is tried.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identities_named(&self, text: &str) -> Result<BTreeSet<Uuid>, Error> {
        // Exact form only; other forms that a parser accepts could be a store's handle.
        if let Some(user_uuid) = text.parse::<Uuid>().ok().filter(|uuid| uuid.to_string() == text.to_ascii_lowercase()) {
            return Ok([user_uuid].into());
        }
        let shop = ShopDomain::parse_or_handle(text).ok().map(|shop| Key::owner_of_shop(shop.as_str()));
        let accounts = self.platforms.accounts().filter_map(|kind| AccountId::parse(kind, text));
        let owners = shop.into_iter().chain(accounts.map(|id| Key::owner_of_account(&id))).collect();
        let owners = self.database.read_many("dynamodb.owners", owners).await?;
        let mut found: BTreeSet<Uuid> = owners.iter().filter_map(|row| row.get(&IDENTITY)).collect();
        for id in self.platforms.companions().filter_map(|kind| CompanionId::parse(kind, text)) {
            let rows = self.database.query("dynamodb.companion", &Query::partition(&id.place())).await?;
            found.extend(rows.iter().filter_map(|row| row.get(&IDENTITY)));
        }
        for id in self.platforms.grants().filter_map(|kind| GrantId::parse(kind, text)) {
            let rows = self.database.query("dynamodb.by_person", &Query::index(BY_GRANT, GRANT_MARK.is(id.mark()))).await?;
            found.extend(rows.iter().filter_map(|row| key::identity_of(row.text(&PK)?)));
        }
        Ok(found)
    }
}
