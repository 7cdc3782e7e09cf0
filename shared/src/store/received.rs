//! How message deliveries went. After an hour of failures at an app's address, a platform may
//! unsubscribe it from accounts without notice (`providers/meta/webhook.rs`). So each half-hour has
//! an item, and after an hour with more failures than successes the keeper reads every subscription
//! back.

use std::ops::RangeInclusive;

use crate::{Error, UnixSeconds};

use super::{
    Directory, Tables,
    records::{attributes::*, key},
    table::{Attribute, Key, Query, Row, Write},
};

/// The period that an item covers.
pub const SLOT: UnixSeconds = 1800;
/// Two slots are an hour.
const HOUR: UnixSeconds = 2 * SLOT;
/// Older items are irrelevant: by then each account has been checked in its own time.
const KEEP: UnixSeconds = 26 * 3600;

/// Deliveries in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that were accepted.
    pub succeeded: u64,
    /// Those that the provider has to retry.
    pub failed: u64,
}

impl Tally {
    /// The sum of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { succeeded: self.succeeded.saturating_add(other.succeeded), failed: self.failed.saturating_add(other.failed) }
    }
}

/// The start of the half-hour that contains a moment.
#[must_use]
pub const fn slot_of(at: UnixSeconds) -> UnixSeconds {
    at - at % SLOT
}

impl Directory {
    /// Adds to the half-hour that begins then. A request that is sent twice counts twice, which
    /// does not matter here.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_received(&self, slot: UnixSeconds, tally: Tally) -> Result<(), Error> {
        let Tally { succeeded, failed } = tally;
        let note = Write::change(Key::keeper(&format!("{}{slot}", key::RECEIVED)))
            .set(&TTL, slot.saturating_add(KEEP))
            .add(&SUCCEEDED, succeeded)
            .add(&FAILED, failed);
        self.database.write_one("dynamodb.note_received", note).await?;
        Ok(())
    }
}

impl Tables {
    /// Since when a check counts, for these parts of the index: subscriptions read back earlier may
    /// have ended since. None if nothing failed, or everything has been read back.
    /// # Errors
    /// `storage_unavailable`.
    pub async fn unchecked_since(&self, mut parts: RangeInclusive<u8>) -> Result<Option<UnixSeconds>, Error> {
        let query = Query::partition(key::KEEPER).beginning_with(key::RECEIVED);
        let rows = self.database.query("dynamodb.received", &query).await?;
        let slot = |row: &Row| row.sk()?.strip_prefix(key::RECEIVED)?.parse().ok();
        let tally = |row: &Row| Tally { succeeded: row.get_or_default(&SUCCEEDED), failed: row.get_or_default(&FAILED) };
        let slots: Vec<(UnixSeconds, Tally)> = rows.iter().filter_map(|row| Some((slot(row)?, tally(row)))).collect();
        let Some(since) = failed_until(&slots, self.clock.now()) else { return Ok(None) };
        let note = rows.iter().find(|row| row.key().is_some_and(|key| key == read_back()));
        let is_done = |part| note.and_then(|note| note.get(&done(part))).is_some_and(|done| done >= since);
        Ok((!parts.all(is_done)).then_some(since))
    }

    /// Notes that everything in these parts of the index has been checked since a moment.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_read_back(&self, parts: RangeInclusive<u8>, since: UnixSeconds) -> Result<(), Error> {
        let note = Write::change(read_back()).set(&TTL, since.saturating_add(KEEP));
        let note = parts.fold(note, |note, part| note.set(&done(part), since));
        self.database.write_one("dynamodb.note_read_back", note).await?;
        Ok(())
    }
}

/// The key of the note up to when everything was read back.
fn read_back() -> Key {
    Key::keeper(&format!("{}read_back", key::RECEIVED))
}

/// Up to when everything in a part of the index was read back.
fn done(part: u8) -> Attribute<u64> {
    Attribute::dynamic(format!("part_{part:02}"))
}

/// The end of the last failed hour that is over. A longer outage ends one hour at a time, rather
/// than every half-hour.
fn failed_until(slots: &[(UnixSeconds, Tally)], now: UnixSeconds) -> Option<UnixSeconds> {
    let of = |slot: UnixSeconds| slots.iter().find(|(at, _)| *at == slot).map(|(_, tally)| *tally).unwrap_or_default();
    let mut begins: Vec<UnixSeconds> = slots.iter().flat_map(|(slot, _)| [slot.saturating_sub(SLOT), *slot]).collect();
    begins.retain(|begin| begin.saturating_add(HOUR) <= now && begin.saturating_add(KEEP) > now);
    begins.sort_unstable();
    begins.dedup();
    begins.into_iter().fold(None, |last: Option<UnixSeconds>, begin| {
        let hour = of(begin).and(of(begin + SLOT));
        let is_new = last.is_none_or(|last| begin >= last);
        if is_new && hour.failed > hour.succeeded { Some(begin + HOUR) } else { last }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BEGIN: UnixSeconds = slot_of(1_793_404_800);

    fn until(slots: &[(u64, u64, u64)], minutes: u64) -> Option<u64> {
        let slots: Vec<_> = slots.iter().map(|&(at, succeeded, failed)| (BEGIN + at * SLOT, Tally { succeeded, failed })).collect();
        failed_until(&slots, BEGIN + minutes * 60).map(|until| (until - BEGIN) / 60)
    }

    #[test]
    fn an_hour_with_more_failures_than_successes_counts_once_it_is_over() {
        let failing = [(0, 10, 0), (1, 5, 4), (2, 0, 9), (3, 9, 0)];
        assert_eq!(until(&failing, 89), None);
        assert_eq!(until(&failing, 90), Some(90));
        assert_eq!(until(&failing, 24 * 60), Some(90));
        assert_eq!(until(&failing, 27 * 60), None, "all has been checked by then");
        assert_eq!(until(&[(0, 3, 3), (1, 2, 2)], 600), None, "not more than it succeeded");
    }

    #[test]
    fn an_hour_can_begin_at_any_half_hour() {
        assert_eq!(until(&[(0, 9, 6), (1, 0, 9), (2, 3, 6)], 100), Some(60), "15 of 24 in the first");
        assert_eq!(until(&[(1, 0, 1)], 600), Some(60), "with a quiet half before");
    }

    #[test]
    fn a_long_outage_ends_one_hour_at_a_time() {
        let failing: Vec<_> = (0..8).map(|at| (at, 0, 5)).collect();
        for (minutes, expected) in
            [(29, None), (30, Some(30)), (60, Some(30)), (89, Some(30)), (90, Some(90)), (150, Some(150)), (900, Some(270))]
        {
            assert_eq!(until(&failing, minutes), expected, "{minutes}");
        }
    }

    proptest! {
        #[test]
        fn no_hour_is_counted_before_it_is_over(slots in prop::collection::vec((0_u64..60, 0_u64..9, 0_u64..9), 0..40), minutes in 0_u64..4000) {
            let until = until(&slots, minutes);
            prop_assert!(until.is_none_or(|until| until <= minutes && until.is_multiple_of(30)));
            prop_assert!(until.is_none() || slots.iter().any(|(_, _, failed)| *failed > 0));
        }
    }
}
