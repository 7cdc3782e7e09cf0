//! The schedule as an observer sees it: the whole index of due times, part by part and page by
//! page, with the notes on each record. Reading can resume after any record, so it can be
//! interrupted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::store::{
    Directory,
    overview::Noted,
    records::{Status, attributes::*},
    schedule::{PARTS, Urgency},
    table::{Key, PK, Position, Query, Row, SK},
};
use crate::{Error, UnixSeconds, platform::Platforms};

use super::due::{BY_DUE, DueKey, DueRecord};

/// Where to resume in the index: at a partition, or after a record in it. Its text form names the
/// record and contains no spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookmark {
    shard: String,
    behind: Option<(UnixSeconds, Key)>,
}

/// A page of the index.
#[derive(Debug)]
pub struct Agenda {
    /// Records, earliest first, each with the place to resume after it.
    pub records: Vec<(DueRecord, Bookmark)>,
    /// Where to resume in this partition, while there may be more.
    pub next: Option<Bookmark>,
}

/// A record of the index as it is now.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which one.
    pub key: DueKey,
    /// The notes on it.
    pub noted: Noted,
    /// Its status, if it is something linked.
    pub status: Option<Status>,
    /// Its store, if it belongs to one.
    pub shop: Option<String>,
}

impl DueKey {
    /// The record's name: `PARTITION/PLACE`.
    #[must_use]
    pub fn name(&self) -> String {
        let key = self.place();
        format!("{}/{}", key.pk(), key.sk())
    }

    /// The record with this name; none for a name that no record of this version has.
    #[must_use]
    pub fn named(name: &str, platforms: Platforms) -> Option<Self> {
        let (pk, sk) = name.split_once('/')?;
        Self::read(&Row::default().with(&PK, pk).with(&SK, sk), platforms)
    }

    /// The store of the identity it belongs to.
    fn store(&self) -> Option<Key> {
        match self {
            Self::Shop(user_uuid) | Self::Doubt(user_uuid) | Self::Grant(user_uuid, _) => Some(Key::store(*user_uuid)),
            Self::Job(..) | Self::Request(_) => None,
        }
    }
}

impl Bookmark {
    /// The first page of each partition: routine work before urgent work.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let shards = [Urgency::Routine, Urgency::Urgent].into_iter().flat_map(|urgency| urgency.shards(0..=PARTS - 1));
        shards.map(|shard| Self { shard, behind: None }).collect()
    }

    /// This page, and the first page of each later partition.
    #[must_use]
    pub fn onwards(&self) -> Vec<Self> {
        let others = Self::all().into_iter().skip_while(|other| other.shard != self.shard).skip(1);
        [self.clone()].into_iter().chain(others).collect()
    }

    /// Whether it is among the urgent records.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.shard.starts_with(crate::store::schedule::URGENT)
    }

    /// Parses the text; none if it is no bookmark.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (shard, behind) = text.split_once('.').map_or((text, None), |(shard, behind)| (shard, Some(behind)));
        let behind = match behind {
            Some(behind) => {
                let (due_at, name) = behind.split_once('.')?;
                let (pk, sk) = name.split_once('/').filter(|(pk, sk)| !pk.is_empty() && !sk.is_empty())?;
                Some((due_at.parse().ok()?, Key::in_connections(pk, sk)))
            }
            None => None,
        };
        let is_known = Self::all().iter().any(|known| known.shard == shard);
        is_known.then(|| Self { shard: shard.to_owned(), behind })
    }

    fn behind(shard: &str, row: &Row) -> Option<Self> {
        Some(Self { shard: shard.to_owned(), behind: Some((row.get(&DUE_AT)?, row.key()?)) })
    }

    fn position(&self) -> Option<Position> {
        let (due_at, key) = self.behind.as_ref()?;
        let row = Row::default().with(&PK, key.pk()).with(&SK, key.sk());
        Some(Position::behind(row.with(&DUE_SHARD, &self.shard).with(&DUE_AT, *due_at)))
    }
}

impl fmt::Display for Bookmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shard)?;
        match &self.behind {
            Some((due_at, key)) => write!(f, ".{due_at}.{}/{}", key.pk(), key.sk()),
            None => Ok(()),
        }
    }
}

impl Directory {
    /// A page of the index, due or not, of at most `limit` records. It leaves out what this version
    /// does not know. The index lags slightly.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn agenda(&self, from: &Bookmark, limit: i32) -> Result<Agenda, Error> {
        let query = Query::index(BY_DUE, DUE_SHARD.is(&from.shard)).at_most(limit);
        let (rows, next) = self.database.portion("dynamodb.due", &query, from.position()).await?;
        let next = next.and(rows.last()).and_then(|row| Bookmark::behind(&from.shard, row));
        let record = |row: &Row| Some((DueRecord::read(row, self.platforms)?, Bookmark::behind(&from.shard, row)?));
        Ok(Agenda { records: rows.iter().filter_map(record).collect(), next })
    }

    /// Those of these records whose notes match, as they are now, strongly consistent; leaves out
    /// what is gone.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn waiting(&self, keys: &[DueKey], is_wanted: impl Fn(&Noted) -> bool) -> Result<Vec<Waiting>, Error> {
        let rows = self.read_by_key(keys.iter().map(DueKey::place).collect()).await?;
        let wanted: Vec<(&DueKey, &Row, Noted)> = keys
            .iter()
            .filter_map(|key| {
                let row = rows.get(&key.place())?;
                Some((key, row, Noted::read(row).filter(&is_wanted)?))
            })
            .collect();
        // Most pages contain no match, and then no store is read.
        let stores = self.read_by_key(wanted.iter().filter_map(|(key, ..)| key.store()).collect()).await?;
        let waiting = wanted.into_iter().map(|(key, row, noted)| {
            let shop = key.store().and_then(|store| stores.get(&store)?.get(&SHOP));
            Waiting { key: key.clone(), noted, status: row.get(&STATUS), shop }
        });
        Ok(waiting.collect())
    }

    async fn read_by_key(&self, keys: BTreeSet<Key>) -> Result<BTreeMap<Key, Row>, Error> {
        let rows = self.database.read_many("dynamodb.waiting", keys).await?;
        Ok(rows.into_iter().filter_map(|row| Some((row.key()?, row))).collect())
    }
}

#[cfg(test)]
mod tests;
