//! Routes messages: finds who holds the account that a message was sent to. It opens no token, so a
//! lookup needs no key.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use uuid::Uuid;

use crate::{
    Clock, Error, Vars,
    clients::Clients,
    message::Holder,
    platform::{AccountId, Addressee, CompanionId, Platforms},
    providers::PLATFORMS,
};

use super::{
    records::{Account, Shop, Status, attributes::*},
    table::{Database, Key, Query, Row, TRIES},
};

/// Companions looked up concurrently.
const READERS: usize = 16;

/// The connections table, without the keys to what is sealed in it.
#[derive(Clone, Debug)]
pub struct Directory {
    pub(super) database: Database,
    pub(super) clock: Clock,
    pub(super) platforms: Platforms,
}

/// An account that the message may be for, under the identity that may hold it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    user_uuid: Uuid,
    account: AccountId,
}

/// What a candidate turned out to be.
enum Found {
    /// It holds the addressee and gets messages.
    Holder(Holder),
    /// It holds the addressee but gets no messages.
    Silent,
    /// It does not, or no longer, hold it.
    Other,
}

impl Directory {
    /// Reads `CONNECTIONS_TABLE`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clients: &Clients, clock: Clock) -> Result<Self, Error> {
        Ok(Self { database: Database::of_connections(vars, clients)?, clock, platforms: PLATFORMS })
    }

    /// One cheap read, so that the connection and credentials are ready before the first request.
    pub async fn warm_up(&self) {
        self.database.warm_up().await;
    }

    /// Who holds each of these and gets its messages. A store that was uninstalled or is leaving,
    /// and an account that does not work, get none.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn holders(&self, mut wanted: BTreeSet<Addressee>) -> Result<BTreeMap<Addressee, Holder>, Error> {
        let mut holders = BTreeMap::new();
        // An account that changes hands between two reads is looked up again.
        for _ in 0..TRIES {
            let candidates = self.candidates(&wanted).await?;
            let keys = candidates.values().flatten().flat_map(Candidate::keys).collect();
            let rows = self.database.read_many("dynamodb.holders", keys).await?;
            let rows: BTreeMap<Key, Row> = rows.into_iter().filter_map(|row| Some((row.key()?, row))).collect();
            wanted.clear();
            for (addressee, candidates) in candidates {
                let mut found = candidates.iter().map(|candidate| self.found(&addressee, candidate, &rows));
                match found.find(|found| !matches!(found, Found::Other)) {
                    Some(Found::Holder(holder)) => drop(holders.insert(addressee, holder)),
                    Some(_) => {}
                    None if candidates.is_empty() => {}
                    None => drop(wanted.insert(addressee)),
                }
            }
            if wanted.is_empty() {
                break;
            }
        }
        Ok(holders)
    }

    /// Candidates by account owner and by companion, the most recent link first.
    async fn candidates(&self, wanted: &BTreeSet<Addressee>) -> Result<BTreeMap<Addressee, Vec<Candidate>>, Error> {
        let (mut accounts, mut companions) = (BTreeMap::new(), Vec::new());
        for addressee in wanted {
            match addressee {
                Addressee::Account(id) => drop(accounts.insert(Key::owner_of_account(id), id)),
                Addressee::Companion(id) => companions.push(id),
            }
        }
        let owners = self.database.read_many("dynamodb.owners", accounts.keys().cloned().collect()).await?;
        let held = owners.into_iter().filter_map(|row| {
            let account = (*accounts.get(&row.key()?)?).clone();
            Some((Addressee::Account(account.clone()), vec![Candidate { user_uuid: row.get(&IDENTITY)?, account }]))
        });
        let mut candidates: BTreeMap<Addressee, Vec<Candidate>> = held.collect();
        let hanging: Vec<_> = companions.into_iter().map(|id| self.of_companion(id)).collect();
        candidates.extend(stream::iter(hanging).buffer_unordered(READERS).try_collect::<Vec<_>>().await?);
        Ok(candidates)
    }

    async fn of_companion(&self, id: &CompanionId) -> Result<(Addressee, Vec<Candidate>), Error> {
        let mut rows = self.database.query("dynamodb.companion", &Query::partition(&id.place())).await?;
        rows.sort_by_key(|row| Reverse(row.get(&LINKED_MS)));
        let candidate = |row: &Row| Some(Candidate { user_uuid: row.get(&IDENTITY)?, account: self.platforms.account_at(row.sk()?)? });
        Ok((Addressee::Companion(id.clone()), rows.iter().filter_map(candidate).collect()))
    }

    fn found(&self, addressee: &Addressee, candidate: &Candidate, rows: &BTreeMap<Key, Row>) -> Found {
        let [shop, account] = candidate.keys().map(|key| rows.get(&key));
        let shop = shop.and_then(|row| Shop::read(candidate.user_uuid, row));
        let account = account.and_then(|row| Account::read(row, self.platforms)).filter(|account| account.status != Status::Moved);
        let (Some(shop), Some(account)) = (shop, account) else { return Found::Other };
        let is_meant = match addressee {
            Addressee::Account(_) => true,
            Addressee::Companion(id) => account.companion.as_ref().is_some_and(|companion| companion.id == *id),
        };
        match account.worth(&shop, None) {
            _ if !is_meant => Found::Other,
            (Status::Active, _) if !shop.is_gone(self.clock.now()) => Found::Holder(Holder {
                user_uuid: shop.user_uuid,
                store_status: (shop.status != Status::Active).then_some(shop.status.as_str()),
                shop: shop.shop,
            }),
            _ => Found::Silent,
        }
    }
}

impl Candidate {
    /// Its store and its account.
    fn keys(&self) -> [Key; 2] {
        [Key::store(self.user_uuid), Key::account(self.user_uuid, &self.account)]
    }
}
