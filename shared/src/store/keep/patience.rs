//! Backoff: a record that could not be processed waits, longer each time, so that it does not come
//! first in every run.
//!
//! The record itself counts its failures; a success or a new link clears them. A record is
//! postponed as the index had it: a due time written since takes precedence, and so does an erasure
//! in progress.

use crate::store::{Tables, records::attributes::*, table::Write};
use crate::{Error, UnixSeconds, random};

use super::due::DueRecord;

const DAY: u64 = 24 * 3600;
/// The first pause, which doubles with each failure.
const FIRST: u64 = 5 * 60;
/// The longest pause.
const LONGEST: u64 = 6 * 3600;
/// Up to this fraction is taken off a pause, so that records that failed together do not return
/// together.
const JITTER: u64 = 8;

impl Tables {
    /// Postpones a record that failed, for longer than last time. Does nothing if it is no longer
    /// due as it was found.
    ///
    /// # Errors
    /// `storage_unavailable`; it is still due then.
    pub async fn put_off(&self, record: &DueRecord) -> Result<(), Error> {
        let Some(found) = self.database.read("dynamodb.store", record.key.place()).await? else { return Ok(()) };
        let failures = found.get_or_default(&FAILURES);
        let [chance] = random::bytes::<1>()?;
        self.postpone(record, pause(failures, chance), Some(failures.saturating_add(1))).await
    }

    /// Postpones a record by a day although nothing failed: it is not ours to process.
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

/// How long a record waits after this many earlier failures.
fn pause(failures: u64, chance: u8) -> UnixSeconds {
    let longest = FIRST.saturating_mul(1 << failures.min(16)).min(LONGEST);
    longest - longest / JITTER * u64::from(chance) / 255
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pauses_double_from_five_minutes_to_six_hours() {
        let minutes: Vec<u64> = (0..9).map(|failures| pause(failures, 0) / 60).collect();
        assert_eq!(minutes, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
        assert_eq!((pause(0, 255), pause(u64::MAX, 255)), (263, 6 * 3600 / 8 * 7));
    }

    proptest! {
        #[test]
        fn each_pause_is_longer_than_the_last_up_to_the_limit(failures in any::<u64>(), chance in any::<u8>(), other in any::<u8>()) {
            let (this, next) = (pause(failures, chance), pause(failures.saturating_add(1), other));
            prop_assert!((FIRST - FIRST / JITTER..=LONGEST).contains(&this));
            prop_assert!(next > this || failures > 5, "{this} {next}");
        }
    }
}
