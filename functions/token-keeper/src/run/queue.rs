//! Due records, read from the index as needed.

use std::{collections::VecDeque, ops::RangeInclusive};

use futures_util::{StreamExt as _, stream};
use shared::{
    Error,
    clock::UnixSeconds,
    random,
    store::{
        keep::due::{DueKey, DueRecord, Next},
        schedule::{CHECKED_AT_LEAST, Urgency, may_be_unchecked},
    },
};

use crate::keeper::TokenKeeper;

/// Due records read from a partition in one request.
const AT_ONCE: i32 = 32;
/// The same if most are skipped.
const UNCHECKED_AT_ONCE: i32 = 1000;
/// Partitions read concurrently.
const READERS: usize = 8;

/// Records to maintain, and where reading resumes.
pub(super) struct Queue {
    records: VecDeque<DueRecord>,
    /// What is due later is left to the next run.
    until: UnixSeconds,
    /// Of what is not yet due, read what may not have been checked since then.
    unchecked_since: Option<Unchecked>,
    partitions: VecDeque<(String, Option<Next>)>,
}

/// What to read back, due or not.
#[derive(Clone, Copy)]
struct Unchecked {
    since: UnixSeconds,
    /// What is due by now is maintained anyway; and how often grants are checked.
    now: (UnixSeconds, u64),
}

impl Queue {
    /// Begins at a random partition, so that two concurrent runs meet late.
    pub(super) fn begin(urgency: Urgency, parts: RangeInclusive<u8>, now: UnixSeconds) -> Result<Self, Error> {
        let mut partitions: VecDeque<_> = urgency.shards(parts).into_iter().map(|shard| (shard, None)).collect();
        let [chance] = random::bytes::<1>()?;
        let start = usize::from(chance) % partitions.len().max(1);
        partitions.rotate_left(start);
        Ok(Self { records: VecDeque::new(), until: now, unchecked_since: None, partitions })
    }

    /// The same for an index that was read as a whole.
    pub(super) fn of(all: &[DueRecord], urgency: Urgency, parts: &RangeInclusive<u8>, now: UnixSeconds) -> Self {
        let is_urgent = urgency == Urgency::Urgent;
        let is_of_it = |record: &&DueRecord| record.due_at <= now && record.is_urgent() == is_urgent && record.is_in(parts.clone());
        Self { records: all.iter().filter(is_of_it).cloned().collect(), until: now, unchecked_since: None, partitions: VecDeque::new() }
    }

    /// Grants that may not have been checked since then, although none of them is due.
    pub(super) fn unchecked(parts: RangeInclusive<u8>, now: (UnixSeconds, u64), since: UnixSeconds) -> Result<Self, Error> {
        let until = now.0.saturating_add(CHECKED_AT_LEAST);
        Ok(Self { until, unchecked_since: Some(Unchecked { since, now }), ..Self::begin(Urgency::Routine, parts, now.0)? })
    }

    /// Reads until this many are waiting or there are no more; returns how many were found.
    pub(super) async fn fill(&mut self, keeper: &TokenKeeper, wanted: usize) -> Result<u64, Error> {
        let before = self.records.len();
        while self.records.len() < wanted && !self.partitions.is_empty() {
            self.read(keeper).await?;
        }
        Ok(u64::try_from(self.records.len() - before).unwrap_or_default())
    }

    /// How many that were read are waiting.
    pub(super) fn len(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or_default()
    }

    /// The next of those that were read.
    pub(super) fn next(&mut self) -> Option<DueRecord> {
        self.records.pop_front()
    }

    /// Whether everything was read and taken.
    pub(super) fn is_through(&self) -> bool {
        self.records.is_empty() && self.partitions.is_empty()
    }

    /// Since when untaken records have waited; a partition that was not read to its end counts as
    /// one.
    pub(super) fn rest(self) -> impl Iterator<Item = UnixSeconds> {
        let unread = self.partitions.into_iter().filter_map(|(_, next)| Some(next?.due_at));
        let since = self.unchecked_since.map(|unchecked| unchecked.since);
        self.records.into_iter().map(|record| record.due_at).chain(unread).map(move |due_at| since.unwrap_or(due_at))
    }

    /// Reads once from each partition that may have more.
    async fn read(&mut self, keeper: &TokenKeeper) -> Result<(), Error> {
        let (until, at_once) = (self.until, if self.unchecked_since.is_some() { UNCHECKED_AT_ONCE } else { AT_ONCE });
        let read: Vec<_> = stream::iter(std::mem::take(&mut self.partitions))
            .map(|(shard, from)| async move {
                let due = keeper.tables.due(&shard, until, at_once, from.as_ref()).await;
                (shard, due)
            })
            .buffered(READERS)
            .collect()
            .await;
        for (shard, due) in read {
            let due = due?;
            let unchecked = self.unchecked_since;
            self.records.extend(due.records.into_iter().filter(|record| unchecked.is_none_or(|unchecked| unchecked.has(record))));
            if due.next.is_some() {
                self.partitions.push_back((shard, due.next));
            }
        }
        Ok(())
    }
}

impl Unchecked {
    fn has(self, record: &DueRecord) -> bool {
        let is_unchecked = |user_uuid| record.due_at > self.now.0 && may_be_unchecked(user_uuid, record.due_at, self.since, self.now);
        matches!(record.key, DueKey::Grant(user_uuid, _) if is_unchecked(user_uuid))
    }
}
