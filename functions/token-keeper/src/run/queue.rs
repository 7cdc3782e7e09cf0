//! What is due, read from the index as it is needed.

use std::{collections::VecDeque, ops::RangeInclusive};

use futures_util::{StreamExt as _, stream};
use shared::{
    Error,
    clock::UnixSeconds,
    random,
    store::{
        keep::due::{DueRecord, Next},
        schedule::Urgency,
    },
};

use crate::keeper::TokenKeeper;

/// Due records read from a partition at once.
const AT_ONCE: i32 = 32;
/// Partitions read at the same time.
const READERS: usize = 8;

/// Records to be looked after, and where the reading stands.
pub(super) struct Queue {
    records: VecDeque<DueRecord>,
    /// What falls due later is for the next run.
    began_at: UnixSeconds,
    partitions: VecDeque<(String, Option<Next>)>,
}

impl Queue {
    /// Begins anywhere, so that two runs at once meet late.
    pub(super) fn begin(urgency: Urgency, parts: RangeInclusive<u8>, now: UnixSeconds) -> Result<Self, Error> {
        let mut partitions: VecDeque<_> = urgency.shards(parts).into_iter().map(|shard| (shard, None)).collect();
        let [chance] = random::bytes::<1>()?;
        let start = usize::from(chance) % partitions.len().max(1);
        partitions.rotate_left(start);
        Ok(Self { records: VecDeque::new(), began_at: now, partitions })
    }

    /// Reads until so many wait or there are no more; returns how many were found.
    pub(super) async fn fill(&mut self, keeper: &TokenKeeper, wanted: usize) -> Result<u64, Error> {
        let before = self.records.len();
        while self.records.len() < wanted && !self.partitions.is_empty() {
            self.read(keeper).await?;
        }
        Ok(u64::try_from(self.records.len() - before).unwrap_or_default())
    }

    /// The next ones.
    pub(super) fn take(&mut self, most: usize) -> Vec<DueRecord> {
        self.records.drain(..self.records.len().min(most)).collect()
    }

    /// Since when what was not taken waits; a partition that was not read to its end counts as one.
    pub(super) fn rest(self) -> impl Iterator<Item = UnixSeconds> {
        let unread = self.partitions.into_iter().filter_map(|(_, next)| Some(next?.due_at));
        self.records.into_iter().map(|record| record.due_at).chain(unread)
    }

    /// One reading of each partition that may have more.
    async fn read(&mut self, keeper: &TokenKeeper) -> Result<(), Error> {
        let now = self.began_at;
        let read: Vec<_> = stream::iter(std::mem::take(&mut self.partitions))
            .map(|(shard, from)| async move {
                let due = keeper.tables.due(&shard, now, AT_ONCE, from.as_ref()).await;
                (shard, due)
            })
            .buffered(READERS)
            .collect()
            .await;
        for (shard, due) in read {
            let due = due?;
            self.records.extend(due.records);
            if due.next.is_some() {
                self.partitions.push_back((shard, due.next));
            }
        }
        Ok(())
    }
}
