//! Finds the records that are due.

use std::ops::RangeInclusive;

use uuid::Uuid;

use crate::store::{
    Tables,
    records::attributes::*,
    schedule::URGENT,
    table::{Key, Position, Query, Row},
};
use crate::{
    Error, UnixSeconds,
    platform::{GrantId, Platforms},
};

/// The index over due times.
pub(super) const BY_DUE: &str = "by_due";

/// A record of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueKey {
    /// The store of an identity.
    Shop(Uuid),
    /// What a webhook claimed about an identity's store without enough certainty to act on.
    Doubt(Uuid),
    /// A grant under an identity.
    Grant(Uuid, GrantId),
    /// A job of its own, and its kind.
    Job(Uuid, String),
    /// A privacy request, by its code.
    Request(Uuid),
}

/// A due record, as the index has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRecord {
    /// Which one.
    pub key: DueKey,
    /// When it fell due.
    pub due_at: UnixSeconds,
    pub(super) shard: String,
}

/// Due records of one partition, oldest first.
#[derive(Debug, Default)]
pub struct DueRecords {
    /// The records.
    pub records: Vec<DueRecord>,
    /// Where to resume, while there may be more.
    pub next: Option<Next>,
}

/// Where to resume in a partition.
#[derive(Clone, Debug)]
pub struct Next {
    after: Position,
    /// Everything that follows is due then or later.
    pub due_at: UnixSeconds,
}

impl DueRecord {
    /// Whether it is among the urgent records.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.shard.starts_with(URGENT)
    }

    /// Whether it is in one of these parts of the index.
    #[must_use]
    pub fn is_in(&self, parts: RangeInclusive<u8>) -> bool {
        self.shard.trim_start_matches(URGENT).parse().is_ok_and(|part: u8| parts.contains(&part))
    }

    pub(super) fn read(row: &Row, platforms: Platforms) -> Option<Self> {
        Some(Self { key: DueKey::read(row, platforms)?, due_at: row.get(&DUE_AT)?, shard: row.get(&DUE_SHARD)? })
    }
}

impl DueKey {
    /// The key of the record.
    pub(super) fn place(&self) -> Key {
        match self {
            Self::Shop(user_uuid) => Key::store(*user_uuid),
            Self::Doubt(user_uuid) => Key::doubt(*user_uuid),
            Self::Grant(user_uuid, grant) => Key::grant(*user_uuid, grant),
            Self::Job(id, kind) => Key::job(*id, kind),
            Self::Request(code) => Key::request(*code),
        }
    }

    /// None for what this version does not know.
    pub(super) fn read(row: &Row, platforms: Platforms) -> Option<Self> {
        let key = row.key()?;
        let (_, id) = key.pk().split_once('#')?;
        let (id, sk) = (id.parse().ok()?, key.sk());
        let grant = platforms.grant_at(sk).map(|grant| Self::Grant(id, grant));
        let others = [Self::Shop(id), Self::Doubt(id), Self::Request(id), Self::Job(id, sk.to_owned())];
        others.into_iter().chain(grant).find(|due| due.place() == key)
    }
}

impl Tables {
    /// The whole index in one request, due or not, oldest first; none if it has more than `most`
    /// records.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn all_due(&self, most: i32) -> Result<Option<Vec<DueRecord>>, Error> {
        let (rows, more) = self.database.first_of_index("dynamodb.due", BY_DUE, most).await?;
        let mut records: Vec<DueRecord> = rows.iter().filter_map(|row| DueRecord::read(row, self.platforms)).collect();
        records.sort_by_key(|record| record.due_at);
        Ok(more.is_none().then_some(records))
    }

    /// Due records of a partition, at most `limit`. The index may lag, so read each record again
    /// before acting on it.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn due(&self, shard: &str, now: UnixSeconds, limit: i32, from: Option<&Next>) -> Result<DueRecords, Error> {
        let query = Query::index(BY_DUE, DUE_SHARD.is(shard).and(DUE_AT.at_most(now))).at_most(limit);
        let (rows, next) = self.database.portion("dynamodb.due", &query, from.map(|next| next.after.clone())).await?;
        let next = next.map(|after| Next { due_at: after.get(&DUE_AT).unwrap_or(now), after });
        Ok(DueRecords { records: rows.iter().filter_map(|row| DueRecord::read(row, self.platforms)).collect(), next })
    }
}

#[cfg(test)]
mod tests;
