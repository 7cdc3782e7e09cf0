//! When a record is due, and in which partition of the index it is.
//!
//! The index over due times has 64 parts, so that no single partition gets every link's writes.
//! Each part has two partitions: urgent records are read first and finished before any routine
//! begins. A store that is being erased changes partition in the very write that marks it. Records
//! that an older version wrote are among the routine, and handled there.

use std::ops::RangeInclusive;

use uuid::Uuid;

use crate::clock::UnixSeconds;

use super::records::{Grant, Shop};

const DAY: u64 = 24 * 3600;
/// How long a dead token is kept, in case it was declared dead by mistake.
pub const KEEP_DEAD: u64 = 30 * DAY;
/// How often a store is checked, regardless of its tokens: values sealed with an old key get the
/// new one.
pub const LOOK_EVERY: u64 = 7 * DAY;
/// A link that ends within this time, and that only its merchant can extend, is reported.
pub const SOON: u64 = 14 * DAY;
/// How often a grant is checked, unless configured otherwise: a platform may require a check at
/// least daily.
pub const CHECKED_EVERY: u64 = DAY;
/// The longest interval that can be configured.
pub const CHECKED_AT_LEAST: u64 = 7 * DAY;
/// Due times are brought forward by up to this fraction of the wait, so that links made on one day
/// do not fall due in one minute.
const JITTER: u64 = 8;

/// Parts of the index over due times.
pub const PARTS: u8 = 64;

/// Prefix of the urgent partitions' names.
pub(super) const URGENT: &str = "u";

/// Which partition of its part a record lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Data that must go and work that someone waits for: identities being erased, privacy
    /// requests, doubts, jobs.
    Urgent,
    /// Maintained as time passes: stores and grants.
    Routine,
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

/// When a store's refresh token has to be used so that it does not expire: after two thirds of its
/// life. A token without a stated end is used weekly. One that does not expire is checked daily,
/// because it may no longer be accepted.
#[must_use]
pub fn keep_alive_at(expires: bool, issued_at: UnixSeconds, refresh_expires_at: Option<UnixSeconds>) -> UnixSeconds {
    match refresh_expires_at {
        Some(end) => two_thirds(issued_at, end),
        None if expires => issued_at.saturating_add(LOOK_EVERY),
        None => issued_at,
    }
}

/// When a store is due next, seen from `now`.
#[must_use]
pub fn shop_due_at(user_uuid: Uuid, now: UnixSeconds, keep_alive_at: UnixSeconds) -> UnixSeconds {
    let wait = if keep_alive_at <= now { DAY } else { (keep_alive_at - now).min(LOOK_EVERY) };
    early(user_uuid, now, wait)
}

/// A moment `wait` seconds from now, brought forward by a fraction derived from the identity.
#[must_use]
pub fn early(user_uuid: Uuid, now: UnixSeconds, wait: u64) -> UnixSeconds {
    let spread = u128::from(wait / JITTER).saturating_add(1);
    let jitter = u64::try_from(user_uuid.as_u128() % spread).unwrap_or_default();
    now.saturating_add(wait.saturating_sub(jitter))
}

/// When a grant is due next, as of `now`: for its next check after `every`, or when its token has
/// to be exchanged again. An exchange that failed is retried daily.
#[must_use]
pub fn grant_due_at(user_uuid: Uuid, now: UnixSeconds, issued_at: UnixSeconds, expires_at: Option<UnixSeconds>, every: u64) -> UnixSeconds {
    match expires_at.map(|end| two_thirds(issued_at, end)) {
        Some(fading) if fading <= now => early(user_uuid, now, every.min(DAY)),
        Some(fading) => early(user_uuid, now, every).min(fading),
        None => early(user_uuid, now, every),
    }
}

/// Whether a grant that is due then may have gone unchecked since a moment. A checked grant is due
/// `every` after the check; a due time beyond the one that a check now would set dates from a
/// longer interval.
#[must_use]
pub fn may_be_unchecked(user_uuid: Uuid, due_at: UnixSeconds, since: UnixSeconds, (now, every): (UnixSeconds, u64)) -> bool {
    due_at < early(user_uuid, since, every) || due_at > early(user_uuid, now, every)
}

fn two_thirds(issued_at: UnixSeconds, expires_at: UnixSeconds) -> UnixSeconds {
    issued_at.saturating_add(expires_at.saturating_sub(issued_at) / 3 * 2)
}

impl<T> Shop<Option<T>> {
    /// Whether the pair has to be renewed now to stay alive; slightly before its time, because due
    /// times are early.
    #[must_use]
    pub fn is_fading(&self, now: UnixSeconds) -> bool {
        let at = keep_alive_at(self.access_expires_at.is_some(), self.issued_at, self.refresh_expires_at);
        let early = at.saturating_sub(self.issued_at) / JITTER;
        self.refresh_token.is_some() && now.saturating_add(early).saturating_add(1) >= at
    }
}

impl<T> Grant<T> {
    /// Whether a token that ends at `expires_at` has to be exchanged again now: less than a third
    /// of its life is left.
    #[must_use]
    pub fn is_fading(&self, expires_at: UnixSeconds, now: UnixSeconds) -> bool {
        now >= two_thirds(self.issued_at, expires_at)
    }

    /// Whether it has to be checked now: it is due, or has not been checked since a moment that
    /// requires it. One that failed waits for its time. If no check is noted, an earlier version
    /// made the last one, and the due time tells when.
    #[must_use]
    pub fn is_due(&self, user_uuid: Uuid, unchecked_since: Option<UnixSeconds>, (now, every): (UnixSeconds, u64)) -> bool {
        self.due_at.is_some_and(|due_at| {
            let is_unchecked = |since| match self.checked_at {
                Some(at) => at < since,
                None => may_be_unchecked(user_uuid, due_at, since, (now, every)),
            };
            due_at <= now || self.failures == 0 && unchecked_since.is_some_and(is_unchecked)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::records::samples::{grant, opened},
        *,
    };
    use proptest::prelude::*;

    const REFRESH_LIFE: u64 = 90 * DAY;
    const LIFE: u64 = 60 * DAY;

    #[test]
    fn a_pair_is_renewed_after_two_thirds_of_its_life_and_checked_weekly() {
        assert_eq!(keep_alive_at(true, 1000, Some(1000 + REFRESH_LIFE)), 1000 + 60 * DAY);
        let uuid = Uuid::from_u128(0);
        assert_eq!(shop_due_at(uuid, 1000, keep_alive_at(true, 1000, Some(1000 + REFRESH_LIFE))), 1000 + 7 * DAY);
        assert_eq!(shop_due_at(uuid, 1000, keep_alive_at(true, 1000, Some(1000 + 90))), 1060);
        assert_eq!(shop_due_at(uuid, 1000, keep_alive_at(true, 1000, None)), 1000 + 7 * DAY);
        assert_eq!(shop_due_at(uuid, 1000, keep_alive_at(false, 1000, None)), 1000 + DAY);
    }

    #[test]
    fn urgent_records_have_their_own_partitions_in_the_same_parts() {
        for (first, part) in [(0_u128, "00"), (9, "09"), (63, "63"), (64, "00"), (255, "63")] {
            let id = Uuid::from_u128(first << 120);
            assert_eq!((Urgency::Routine.shard_of(id), Urgency::Urgent.shard_of(id)), (part.to_owned(), format!("u{part}")));
        }
        assert_eq!(Urgency::Urgent.shards(62..=63), ["u62", "u63"]);
        assert_eq!(Urgency::Routine.shards(0..=PARTS - 1).len(), 64);
    }

    #[test]
    fn due_times_are_spread_over_an_eighth_of_the_wait() {
        for (id, wait) in [(0, 800), (1, 799), (50, 750), (100, 700), (101, 800)] {
            assert_eq!(early(Uuid::from_u128(id), 1000, 800), 1000 + wait, "{id}");
        }
    }

    #[test]
    fn a_pair_is_fading_an_eighth_before_its_time() {
        let days = 86_400;
        let record = opened(Uuid::from_u128(5), 1000, Some(1000 + 90 * days));
        let from = 1000 + 60 * days - 60 * days / 8 - 1;
        assert!(record.is_fading(from) && !record.is_fading(from - 1));
        assert!(!Shop { refresh_token: None, ..record }.is_fading(from));
    }

    #[test]
    fn a_grant_is_due_daily_or_after_two_thirds_of_its_life() {
        let uuid = Uuid::nil();
        assert_eq!(grant_due_at(uuid, 1000, 1000, None, DAY), 1000 + DAY);
        assert_eq!(grant_due_at(uuid, 1000, 1000, Some(1000 + LIFE), DAY), 1000 + DAY);
        assert_eq!(grant_due_at(uuid, 1000, 1000, Some(1000 + 5400), DAY), 1000 + 3600);
        assert_eq!(grant_due_at(uuid, 9000, 1000, Some(1000 + 5400), DAY), 9000 + DAY, "what is over is looked at daily");
        assert_eq!(grant_due_at(uuid, 4600, 1000, Some(1000 + 5400), DAY), 4600 + DAY, "never in the same second again");
        assert_eq!((DAY, KEEP_DEAD), (86_400, 30 * 86_400));
    }

    #[test]
    fn a_token_is_fading_in_the_last_third_of_its_life() {
        let grant = grant();
        assert!(!grant.is_fading(1000 + LIFE, 1000 + LIFE / 3 * 2 - 1));
        assert!(grant.is_fading(1000 + LIFE, 1000 + LIFE / 3 * 2));
        assert!(grant.is_fading(10, 1000), "and after its end");
    }

    #[test]
    fn a_grant_is_due_at_its_time_or_if_unchecked_since_a_moment() {
        let (uuid, now, since) = (Uuid::nil(), 500_000, 490_000);
        let due = |due_at, failures| Grant { due_at, failures, ..grant() }.is_due(uuid, Some(since), (now, DAY));
        assert!(due(Some(now), 3) && due(Some(now + 1), 0) && due(Some(since + DAY - 1), 0));
        assert!(!due(None, 0), "one that nobody looks after");
        assert!(!due(Some(now + 1), 1), "one that failed waits");
        assert!(!due(Some(since + DAY), 0), "it was checked then");
        assert!(!Grant { due_at: Some(now + 1), ..grant() }.is_due(uuid, None, (now, DAY)));
        let noted = |checked_at, due_at| {
            Grant { due_at: Some(due_at), checked_at: Some(checked_at), ..grant() }.is_due(uuid, Some(since), (now, DAY))
        };
        assert!(noted(since - 1, now + 5 * DAY) && !noted(since, now + 1), "what is noted tells it, whatever the interval was");
    }

    proptest! {
        #[test]
        fn a_grant_checked_after_a_moment_is_not_read_back_for_it(id in any::<u128>(), since in 0..u64::MAX / 2, later in 0..10 * DAY) {
            let uuid = Uuid::from_u128(id);
            for every in [DAY, CHECKED_AT_LEAST] {
                let now = since + 20 * DAY;
                prop_assert!(!may_be_unchecked(uuid, grant_due_at(uuid, since + later, 0, None, every), since, (now, every)));
                prop_assert!(later == 0 || may_be_unchecked(uuid, grant_due_at(uuid, since, 0, None, every), since + later, (now, every)));
            }
            // The interval was shortened in between.
            prop_assert!(may_be_unchecked(uuid, grant_due_at(uuid, since, 0, None, CHECKED_AT_LEAST), since + 60, (since + 120, DAY)));
        }

        #[test]
        fn a_pair_is_fading_when_it_falls_due_and_before_it_ends(id in any::<u128>(), life in 120_u64..=REFRESH_LIFE) {
            let uuid = Uuid::from_u128(id);
            let record = opened(uuid, 1000, Some(1000 + life));
            let at = keep_alive_at(true, 1000, Some(1000 + life));
            // The keeper keeps looking until the time is near.
            let mut now = 1000;
            while !record.is_fading(now) {
                let due = shop_due_at(uuid, now, at);
                prop_assert!(due > now && due <= at, "{now} {due}");
                now = due;
            }
            prop_assert!(now < 1000 + life);
            prop_assert!(now > 1000 + life / 2, "renewed at {} of {life}", now - 1000);
        }

        #[test]
        fn a_token_is_exchanged_before_it_ends(id in any::<u128>(), life in 12_u64..LIFE) {
            let (uuid, grant, end) = (Uuid::from_u128(id), grant(), 1000 + life);
            let mut now = 1000;
            while !grant.is_fading(end, now) {
                let due = grant_due_at(uuid, now, 1000, Some(end), DAY);
                prop_assert!(due > now && due <= now + DAY, "{now} {due}");
                now = due;
            }
            prop_assert!(now < end, "{now} of {end}");
        }

        #[test]
        fn due_times_never_overflow(id in any::<u128>(), now in any::<u64>(), issued_at in any::<u64>(), expires_at in any::<Option<u64>>()) {
            prop_assert!(grant_due_at(Uuid::from_u128(id), now, issued_at, expires_at, DAY) >= now);
        }
    }
}
