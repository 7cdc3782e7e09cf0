//! The only source of time, so that tests can set it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};

/// Seconds since 1970-01-01 UTC.
pub type UnixSeconds = u64;

/// A moment as RFC 3339 has it, in UTC.
#[must_use]
pub fn rfc3339(at: UnixSeconds) -> String {
    written(DateTime::from_secs(i64::try_from(at).unwrap_or(i64::MAX)))
}

/// The same of Unix milliseconds; a whole second is written as one.
#[must_use]
pub fn rfc3339_millis(at: u64) -> String {
    written(DateTime::from_millis(i64::try_from(at).unwrap_or(i64::MAX)))
}

fn written(at: DateTime) -> String {
    at.fmt(DateTimeFormat::DateTime).unwrap_or_default()
}

/// Reads an RFC 3339 time as Unix milliseconds; none for anything else, and before 1970. A leap
/// second counts as the last millisecond of the second before it.
#[must_use]
pub fn read_rfc3339(text: &str) -> Option<u64> {
    let read = DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset).ok()?;
    u64::try_from(read.to_millis().ok()?).ok()
}

/// Days from 1970-01-01 to a date such as `2026-10-31`; none if it is no date, or earlier.
#[must_use]
pub fn day_of(date: &str) -> Option<u64> {
    read_rfc3339(&format!("{date}T00:00:00Z")).map(|millis| millis / 86_400_000)
}

/// The wall clock, or one that a test moves by hand.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicU64>>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `now` until [`Clock::advance`].
    #[must_use]
    pub fn fixed(now: UnixSeconds) -> Self {
        Self { fixed: Some(Arc::new(AtomicU64::new(now.saturating_mul(1000)))) }
    }

    /// Moves a fixed clock forward; the machine's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Some(fixed) = &self.fixed {
            fixed.fetch_add(u64::try_from(by.as_millis()).unwrap_or(u64::MAX), Ordering::SeqCst);
        }
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn now_millis(&self) -> u64 {
        match &self.fixed {
            Some(fixed) => fixed.load(Ordering::SeqCst),
            // A clock before 1970 reads as 1970: everything signed then counts as being from the
            // future and is refused.
            None => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    /// Seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn now(&self) -> UnixSeconds {
        self.now_millis() / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let days = ["1970-01-01", "2000-02-29", "2000-03-01", "2026-11-22"].map(day_of);
        assert_eq!(days, [0, 11_016, 11_017, 20_779].map(Some));
        assert_eq!(["1969-12-31", "2026-02-29", "2026-13-01", "2026-1-1", ""].map(day_of), [None; 5]);
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(rfc3339(1_793_404_800), "2026-10-31T00:00:00Z");
        assert_eq!(rfc3339_millis(1_793_404_800_000), "2026-10-31T00:00:00Z");
        assert_eq!(rfc3339_millis(1_793_404_800_120), "2026-10-31T00:00:00.12Z");
        assert_eq!((rfc3339(u64::MAX), rfc3339_millis(u64::MAX)), (String::new(), String::new()));
    }
}
