//! Reseals everything once another key comes first on the ring, so that an older one can be removed
//! or is worthless to a thief.
//!
//! The walk follows the index of due times, which has every store and every grant; accounts are
//! found through their grant, and jobs and privacy requests end within a week on their own. Its
//! progress is one item, under the id of the sealing key: a ring with another first key starts
//! over. The item records progress as due times, which name no one, so that an erasure in between
//! leaves nothing behind. Instances that have not reloaded the secret use the older key for some
//! minutes, so a second walk follows. What both walks miss is resealed when it is next maintained.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::store::{
    Tables,
    records::{OpenShop, attributes::*},
    schedule::{self, Urgency},
    table::{Key, Position, Query, Row, Write},
};
use crate::{Error, UnixSeconds};

use super::due::{BY_DUE, DueKey};
use super::grants::{AccountChange, GrantChange};

/// From the end of the first walk to the second: longer than an instance goes without reloading its
/// secrets.
const AGAIN_AFTER: u64 = 600;

/// Parts of the index read concurrently.
const READERS: usize = 8;

/// A walk to resume.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// What is left of the index.
    pub(in crate::store) parts: Vec<Part>,
    /// Whether it is the second one.
    pub(in crate::store) second: bool,
}

/// What is left of a shard of the index.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::store) struct Part {
    pub(in crate::store) shard: String,
    /// From this due time on.
    pub(in crate::store) from: UnixSeconds,
    /// And after this record, if this run still has it.
    pub(in crate::store) after: Option<Position>,
}

impl Walk {
    /// Over the records of these shards that are due then or later.
    fn over(shards: impl IntoIterator<Item = (String, UnixSeconds)>, second: bool) -> Self {
        Self { parts: shards.into_iter().map(|(shard, from)| Part { shard, from, after: None }).collect(), second }
    }

    /// Over everything.
    fn whole(second: bool) -> Self {
        Self::over(Urgency::Routine.shards(0..=schedule::PARTS - 1).into_iter().map(|shard| (shard, 0)), second)
    }

    /// Whether it has covered everything.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Tables {
    /// The walk to resume now; none if nothing needs resealing, or not yet.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn resealing(&self) -> Result<Option<Walk>, Error> {
        let found = self.database.read("dynamodb.store", note()).await?;
        let Some(found) = found.filter(|found| found.text(&SEALED_WITH) == Some(self.keys.sealing_id())) else {
            return Ok(Some(Walk::whole(false)));
        };
        let is_time = found.get(&AGAIN_AT).is_some_and(|again_at| again_at <= self.clock.now());
        Ok(match found.get(&PARTS) {
            Some(parts) => Some(Walk::over(parts, found.has(&SECOND))),
            // This is an earlier version's format: that walk starts over.
            None if found.has(&NEXT) => Some(Walk::whole(found.has(&SECOND))),
            None => is_time.then(|| Walk::whole(true)),
        })
    }

    /// Notes the progress of a walk, or that it is over.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_resealing(&self, walk: &Walk) -> Result<(), Error> {
        let mut row = Row::default().with(&SEALED_WITH, self.keys.sealing_id());
        if !walk.is_over() {
            let parts: BTreeMap<String, u64> = walk.parts.iter().map(|part| (part.shard.clone(), part.from)).collect();
            row = row.with(&PARTS, parts).with_some(&SECOND, walk.second.then_some(true));
        } else if !walk.second {
            row = row.with(&AGAIN_AT, self.clock.now().saturating_add(AGAIN_AFTER));
        }
        self.database.write_one("dynamodb.note_resealing", Write::put(note(), row)).await?;
        Ok(())
    }

    /// The next records of a walk, due or not, at most `limit` per shard; advances the walk past
    /// them.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn next_to_reseal(&self, walk: &mut Walk, limit: i32) -> Result<Vec<DueKey>, Error> {
        let reading = stream::iter(std::mem::take(&mut walk.parts)).map(|part| self.read_part(part, limit));
        let read: Vec<(Vec<DueKey>, Option<Part>)> = reading.buffered(READERS).try_collect().await?;
        let (keys, parts): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        walk.parts = parts.into_iter().flatten().collect();
        Ok(keys.into_iter().flatten().collect())
    }

    async fn read_part(&self, part: Part, limit: i32) -> Result<(Vec<DueKey>, Option<Part>), Error> {
        let query = Query::index(BY_DUE, DUE_SHARD.is(&part.shard).and(DUE_AT.at_least(part.from))).at_most(limit);
        let (rows, next) = self.database.portion("dynamodb.resealing", &query, part.after).await?;
        let rest = next.map(|after| Part { from: after.get(&DUE_AT).unwrap_or(part.from), shard: part.shard, after: Some(after) });
        Ok((rows.iter().filter_map(|row| DueKey::read(row, self.platforms)).collect(), rest))
    }

    /// Seals a record with the first key, including a grant's accounts. False if there was nothing
    /// to do, or it has changed since it was read.
    ///
    /// # Errors
    /// `storage_unavailable`, also when a key is not known here.
    pub async fn reseal(&self, key: &DueKey) -> Result<bool, Error> {
        match key {
            DueKey::Shop(user_uuid) => {
                let Some(shop) = self.shop(*user_uuid).await?.filter(|shop| shop.old_key) else { return Ok(false) };
                self.reseal_shop(&shop).await
            }
            DueKey::Grant(user_uuid, grant) => {
                let Some(holding) = self.load_grant(*user_uuid, grant).await? else { return Ok(false) };
                let accounts = holding
                    .accounts
                    .iter()
                    .filter_map(|account| Some((account, AccountChange::Token(account.access_token.to_reseal()?.clone()))));
                let token = holding.grant.token.to_reseal().cloned();
                let grant = token.map(|token| GrantChange { token: Some(token), ..GrantChange::default() });
                let changed = self.change_grant(&holding, &accounts.collect::<Vec<_>>(), grant.as_ref(), None).await?;
                let mut pins = 0;
                for account in holding.accounts.iter().filter(|account| account.id.kind().registers) {
                    pins += usize::from(self.reseal_pin(&account.id).await?);
                }
                Ok(changed.grant || changed.accounts + pins > 0)
            }
            DueKey::Doubt(_) | DueKey::Job(..) | DueKey::Request(_) => Ok(false),
        }
    }

    /// Seals a pair with the first key. The version stays because the tokens do; nothing is written
    /// unless they are still the ones that were read.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn reseal_shop(&self, shop: &OpenShop) -> Result<bool, Error> {
        if shop.access_token.is_none() && shop.refresh_token.is_none() {
            return Ok(false);
        }
        let mut write = Write::change(Key::store(shop.user_uuid)).when(shop.same_pair());
        for (attribute, token) in [(&ACCESS_TOKEN, &shop.access_token), (&REFRESH_TOKEN, &shop.refresh_token)] {
            if let Some(token) = token {
                // Long-dead tokens are deleted without a new version.
                write = write.when(attribute.exists()).set(attribute, shop.seal(&self.keys, attribute, token)?);
            }
        }
        Ok(self.database.write_one("dynamodb.reseal_store", write).await?.is_written())
    }
}

/// The key of the progress note.
fn note() -> Key {
    Key::keeper("resealing")
}
