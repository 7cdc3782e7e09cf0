//! A failed record waits, longer each time, so that it does not come first in every run.
//!
//! The record itself counts its failures, until the next success or a new link. A record is
//! postponed as the index had it: a due time written since wins, and so does an erasure that has
//! begun.

use crate::store::{Tables, records::attributes::*, table::Write};
use crate::{Error, UnixSeconds, random};

use super::due::DueRecord;

const DAY: u64 = 24 * 3600;
/// The first pause, which doubles with each failure.
const FIRST: u64 = 5 * 60;
/// No pause is longer.
const LONGEST: u64 = 6 * 3600;
/// A pause is shortened by up to this fraction, so that records that failed together are not
/// retried together.
const JITTER: u64 = 8;

impl Tables {
    /// Postpones a failed record, for longer than the time before; does nothing if its due time has
    /// changed.
    ///
    /// # Errors
    /// `storage_unavailable`; then it is still due.
    pub async fn put_off(&self, record: &DueRecord) -> Result<(), Error> {
        let Some(found) = self.database.read("dynamodb.store", record.key.place()).await? else { return Ok(()) };
        let failures = found.get_or_default(&FAILURES);
        let [chance] = random::bytes::<1>()?;
        self.postpone(record, pause(failures, chance), Some(failures.saturating_add(1))).await
    }

    /// Postpones a record by a day without a failure: it belongs to another app.
    ///
    /// # Errors
    /// As [`Self::put_off`].
    pub async fn put_off_a_day(&self, record: &DueRecord) -> Result<(), Error> {
        self.postpone(record, DAY, None).await
    }

    async fn postpone(&self, record: &DueRecord, wait: u64, failures: Option<u64>) -> Result<(), Error> {
        let write = Write::change(record.key.place())
            .when_is(&DUE_SHARD, &record.shard)
            .when_is(&DUE_AT, record.due_at)
            .set(&DUE_AT, self.clock.now().saturating_add(wait))
            .set_some(&FAILURES, failures);
        self.database.write_one("dynamodb.put_off", write).await?;
        Ok(())
    }
}

/// How long a record with this many failures waits.
fn pause(failures: u64, chance: u8) -> UnixSeconds {
    let longest = FIRST.saturating_mul(1 << failures.min(16)).min(LONGEST);
    longest - longest / JITTER * u64::from(chance) / 255
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pause_begins_with_five_minutes_and_doubles_to_six_hours() {
        let minutes: Vec<u64> = (0..9).map(|failures| pause(failures, 0) / 60).collect();
        assert_eq!(minutes, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
        assert_eq!((pause(0, 255), pause(u64::MAX, 255)), (263, 6 * 3600 / 8 * 7));
    }

    proptest! {
        #[test]
        fn a_pause_is_never_over_when_the_next_shorter_one_would_be(failures in any::<u64>(), chance in any::<u8>(), other in any::<u8>()) {
            let (this, next) = (pause(failures, chance), pause(failures.saturating_add(1), other));
            prop_assert!((FIRST - FIRST / JITTER..=LONGEST).contains(&this));
            prop_assert!(next > this || failures > 5, "{this} {next}");
        }
    }
}
