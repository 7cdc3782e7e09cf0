//! When somebody has to look after a record, and finding those whose time has come.
//!
//! The index over due times has 64 parts, so that no single partition gets every link's writes, and each part has two partitions: what is urgent is read first and worked off
//! before anything else begins. A store that is being erased changes over in the very write that marks it. What an older version wrote lies among the routine, and is done there.

use std::ops::RangeInclusive;

use uuid::Uuid;

use crate::{calls::timed, clock::UnixSeconds, error::Error};

use super::{
    Connections, Item,
    departures::{self, STATUS},
    doubts::DOUBT,
    item::{self, identity_key, n, s},
    jobs,
    tokens::StoreTokens,
    unavailable,
};

const DAY: u64 = 24 * 3600;
/// A store is looked at this often, whatever its tokens say: what is sealed with an old key gets the new one.
pub const LOOK_EVERY: u64 = 7 * DAY;
/// A due time is earlier by up to this part of the time until then, so that what was linked on one day does not fall due in one minute.
const JITTER: u64 = 8;

/// Parts of the index over due times.
pub const PARTS: u8 = 64;

/// How the names of the urgent partitions begin.
const URGENT: &str = "u";

/// Which partition of its part a record lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// What has to be gone, and what somebody waits for: an identity being erased, requests to leave, doubts, jobs.
    Urgent,
    /// What is looked after as time passes: stores and persons.
    Routine,
}

/// A record of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueKey {
    /// The store of an identity.
    Store(Uuid),
    /// What a webhook said of an identity's store, and what was not sure enough to act on.
    Doubt(Uuid),
    /// A person's grant under an identity, by the person's id.
    Person(Uuid, String),
    /// A job of its own, and its kind.
    Job(Uuid, String),
    /// A request to leave, by its code.
    Departure(Uuid),
}

/// A record whose time has come, as the index has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRecord {
    /// Which one.
    pub key: DueKey,
    /// Since when it waits.
    pub due_at: UnixSeconds,
    pub(super) shard: String,
}

/// Due records of one partition, the oldest first.
#[derive(Debug, Default)]
pub struct DueRecords {
    /// The records.
    pub records: Vec<DueRecord>,
    /// Where to go on, while there may be more.
    pub next: Option<Next>,
}

/// Where the reading of a partition goes on.
#[derive(Clone, Debug)]
pub struct Next {
    after: Item,
    /// What follows is due then or later.
    pub due_at: UnixSeconds,
}

/// Records of the index, due or not.
#[derive(Debug, Default)]
pub struct DueKeys {
    /// The records.
    pub keys: Vec<DueKey>,
    /// Where to go on, while there are more.
    pub next: Option<Item>,
}

impl Urgency {
    /// The partitions of these parts.
    #[must_use]
    pub fn shards(self, parts: RangeInclusive<u8>) -> Vec<String> {
        parts.map(|part| self.shard(part)).collect()
    }

    /// The partition of a record with this id.
    pub(super) fn shard_of(self, id: Uuid) -> String {
        let [first, ..] = id.into_bytes();
        self.shard(first % PARTS)
    }

    fn shard(self, part: u8) -> String {
        match self {
            Self::Urgent => format!("{URGENT}{part:02}"),
            Self::Routine => format!("{part:02}"),
        }
    }
}

/// When a store's refresh token has to be used, so that it does not end: after two thirds of its life. One whose end was not stated is
/// used weekly, and a token that does not expire is looked at daily, since it may no longer be accepted.
#[must_use]
pub fn keep_alive_at(expires: bool, issued_at: UnixSeconds, refresh_expires_at: Option<UnixSeconds>) -> UnixSeconds {
    match refresh_expires_at {
        Some(end) => issued_at.saturating_add(end.saturating_sub(issued_at) / 3 * 2),
        None if expires => issued_at.saturating_add(LOOK_EVERY),
        None => issued_at,
    }
}

/// When a store is due next, seen from `now`.
#[must_use]
pub fn store_due_at(user_uuid: Uuid, now: UnixSeconds, keep_alive_at: UnixSeconds) -> UnixSeconds {
    let wait = if keep_alive_at <= now { DAY } else { (keep_alive_at - now).min(LOOK_EVERY) };
    early(user_uuid, now, wait)
}

/// A moment `wait` seconds from now, made earlier by a part that follows from the identity.
#[must_use]
pub fn early(user_uuid: Uuid, now: UnixSeconds, wait: u64) -> UnixSeconds {
    let spread = u128::from(wait / JITTER).saturating_add(1);
    let jitter = u64::try_from(user_uuid.as_u128() % spread).unwrap_or_default();
    now.saturating_add(wait.saturating_sub(jitter))
}

impl DueKeys {
    pub(super) fn read(items: Vec<Item>, next: Option<Item>) -> Self {
        Self { keys: items.iter().filter_map(DueKey::read).collect(), next: next.filter(|key| !key.is_empty()) }
    }
}

impl DueRecord {
    /// Whether it lies among what comes first.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.shard.starts_with(URGENT)
    }

    fn read(found: &Item) -> Option<Self> {
        let shard = item::text(found, "due_shard")?.to_owned();
        Some(Self { key: DueKey::read(found)?, due_at: item::number(found, "due_at")?, shard })
    }
}

impl DueKey {
    /// Both keys of the record.
    pub(super) fn place(&self) -> (String, String) {
        match self {
            Self::Store(user_uuid) => (identity_key(*user_uuid), "store".to_owned()),
            Self::Doubt(user_uuid) => (identity_key(*user_uuid), DOUBT.to_owned()),
            Self::Person(user_uuid, user_id) => (identity_key(*user_uuid), format!("person#{user_id}")),
            Self::Job(id, kind) => (jobs::key(*id), kind.clone()),
            Self::Departure(code) => (departures::key(*code), STATUS.to_owned()),
        }
    }

    /// None for what this version does not know.
    fn read(found: &Item) -> Option<Self> {
        let (kind, id) = item::text(found, "pk")?.split_once('#')?;
        let (id, sk) = (id.parse().ok()?, item::text(found, "sk")?);
        match (kind, sk) {
            ("uuid", "store") => Some(Self::Store(id)),
            ("uuid", DOUBT) => Some(Self::Doubt(id)),
            ("uuid", _) => Some(Self::Person(id, sk.strip_prefix("person#")?.to_owned())),
            ("job", _) => Some(Self::Job(id, sk.to_owned())),
            ("deletion", STATUS) => Some(Self::Departure(id)),
            _ => None,
        }
    }
}

impl StoreTokens {
    /// Whether the pair has to be renewed now so that it stays alive; a little before its time, since due times are early.
    #[must_use]
    pub fn is_fading(&self, now: UnixSeconds) -> bool {
        let at = keep_alive_at(self.access_expires_at.is_some(), self.issued_at, self.refresh_expires_at);
        self.refresh_token.is_some() && now.saturating_add(at.saturating_sub(self.issued_at) / JITTER).saturating_add(1) >= at
    }
}

impl Connections {
    /// Due records of a partition, at most `limit`. The index may lag behind, so each has to be read again before anything is done about it.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn due(&self, shard: &str, now: UnixSeconds, limit: i32, from: Option<&Next>) -> Result<DueRecords, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by_due")
            .key_condition_expression("due_shard = :shard AND due_at <= :now")
            .expression_attribute_values(":shard", s(shard))
            .expression_attribute_values(":now", n(now))
            .limit(limit)
            .set_exclusive_start_key(from.map(|next| next.after.clone()));
        let output = timed("dynamodb.due", query.send()).await.map_err(|e| unavailable("due", &e))?;
        let records = output.items.unwrap_or_default().iter().filter_map(DueRecord::read).collect();
        let next = output.last_evaluated_key.filter(|key| !key.is_empty());
        let next = next.map(|after| Next { due_at: item::number(&after, "due_at").unwrap_or(now), after });
        Ok(DueRecords { records, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REFRESH_LIFE: u64 = 90 * DAY;

    #[test]
    fn a_pair_is_renewed_after_two_thirds_and_looked_at_weekly() {
        assert_eq!(keep_alive_at(true, 1000, Some(1000 + REFRESH_LIFE)), 1000 + 60 * DAY);
        let uuid = Uuid::from_u128(0);
        assert_eq!(store_due_at(uuid, 1000, keep_alive_at(true, 1000, Some(1000 + REFRESH_LIFE))), 1000 + 7 * DAY);
        assert_eq!(store_due_at(uuid, 1000, keep_alive_at(true, 1000, Some(1000 + 90))), 1060);
        assert_eq!(store_due_at(uuid, 1000, keep_alive_at(true, 1000, None)), 1000 + 7 * DAY);
        assert_eq!(store_due_at(uuid, 1000, keep_alive_at(false, 1000, None)), 1000 + DAY);
    }

    #[test]
    fn due_records_are_told_by_their_keys() {
        let id = Uuid::from_u128(7);
        let read = |pk: String, sk: &str| {
            let key = DueKey::read(&item::item([("pk", s(&pk)), ("sk", s(sk))]));
            assert!(key.as_ref().is_none_or(|key| key.place() == (pk, sk.to_owned())), "{key:?}");
            key
        };
        assert_eq!(read(format!("uuid#{id}"), "store"), Some(DueKey::Store(id)));
        assert_eq!(read(format!("uuid#{id}"), "doubt"), Some(DueKey::Doubt(id)));
        assert_eq!(read(format!("uuid#{id}"), "person#8"), Some(DueKey::Person(id, "8".to_owned())));
        assert_eq!(read(format!("job#{id}"), "unsubscribe"), Some(DueKey::Job(id, "unsubscribe".to_owned())));
        assert_eq!(read(format!("deletion#{}", id.simple()), "status"), Some(DueKey::Departure(id)));
        for (pk, sk) in [(format!("uuid#{id}"), "page#1"), ("uuid#x".to_owned(), "store"), (format!("audit#{id}"), "audit")] {
            assert_eq!(read(pk, sk), None);
        }
    }

    #[test]
    fn what_is_urgent_has_partitions_of_its_own_in_the_same_parts() {
        for (first, part) in [(0_u128, "00"), (9, "09"), (63, "63"), (64, "00"), (255, "63")] {
            let id = Uuid::from_u128(first << 120);
            assert_eq!((Urgency::Routine.shard_of(id), Urgency::Urgent.shard_of(id)), (part.to_owned(), format!("u{part}")));
        }
        assert_eq!(Urgency::Urgent.shards(62..=63), ["u62", "u63"]);
        assert_eq!(Urgency::Routine.shards(0..=PARTS - 1).len(), 64);
    }

    #[test]
    fn what_falls_due_is_spread_over_an_eighth_of_the_wait() {
        for (id, wait) in [(0, 800), (1, 799), (50, 750), (100, 700), (101, 800)] {
            assert_eq!(early(Uuid::from_u128(id), 1000, 800), 1000 + wait, "{id}");
        }
    }

    #[test]
    fn a_pair_is_fading_an_eighth_before_its_time() {
        let days = 86_400;
        let record = super::super::tokens::tests::record(Uuid::from_u128(5), 1000, Some(1000 + 90 * days));
        let from = 1000 + 60 * days - 60 * days / 8 - 1;
        assert!(record.is_fading(from) && !record.is_fading(from - 1));
        assert!(!StoreTokens { refresh_token: None, ..record }.is_fading(from));
    }

    proptest! {
        #[test]
        fn a_pair_is_fading_when_it_falls_due_and_before_it_ends(id in any::<u128>(), life in 120_u64..=REFRESH_LIFE) {
            let uuid = Uuid::from_u128(id);
            let record = super::super::tokens::tests::record(uuid, 1000, Some(1000 + life));
            let at = keep_alive_at(true, 1000, Some(1000 + life));
            // The keeper looks again and again until the time is near.
            let mut now = 1000;
            while !record.is_fading(now) {
                let due = store_due_at(uuid, now, at);
                prop_assert!(due > now && due <= at, "{now} {due}");
                now = due;
            }
            prop_assert!(now < 1000 + life);
            prop_assert!(now > 1000 + life / 2, "renewed at {} of {life}", now - 1000);
        }
    }
}
