//! The versions of the Admin API and their ends.
//!
//! A version is released on the first day of each quarter, at 17:00 UTC, and supported for at least
//! twelve months. A call to an ended version does not fail: the oldest supported one answers
//! instead (<https://shopify.dev/docs/api/usage/versioning>). So nobody notices unless we check:
//! [`outlook`] checks the date, [`tell`] the answer.

use crate::clock::{Date, day_of};
use crate::providers::versions::{self, Outlook};
use crate::{UnixSeconds, calls::Call, http::Answer};

/// The requested version unless another is configured.
pub const DEFAULT: &str = "2026-10";

/// The outlook for a version on the day of `now`.
#[must_use]
pub fn outlook(version: &str, now: UnixSeconds) -> Outlook {
    let Some((year, month, first)) = quarter(version) else { return Outlook::Unknown };
    let today = now / 86_400;
    if today < day_of((year, month, first)) { Outlook::NotReleased } else { Outlook::on(today, day_of((year + 1, month, first))) }
}

/// The release day of a version, if its name is a quarter such as `2026-10`.
pub(super) fn quarter(version: &str) -> Option<Date> {
    let (year, month) = version.split_once('-')?;
    let month = match month {
        "01" => 1,
        "04" => 4,
        "07" => 7,
        "10" => 10,
        _ => return None,
    };
    let year = year.parse().ok().filter(|_| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?;
    (year >= 1970).then_some((year, month, 1))
}

/// Logs that another version answered than the requested one.
pub(super) fn tell(call: Call, asked: &str, answer: &Answer) {
    if let Some(served) = served_by_another(asked, answer) {
        tracing::warn!(%call, asked, served, "another admin api version answered");
    }
}

fn served_by_another<'a>(asked: &str, answer: &'a Answer) -> Option<&'a str> {
    versions::served_by_another(asked, answer, "x-shopify-api-version", |served| served == "unstable" || quarter(served).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::Log;

    const DAY: u64 = 86_400;

    #[test]
    fn an_end_is_announced_ninety_days_ahead() {
        let end = day_of((2027, 10, 1)) * DAY;
        assert_eq!(outlook("2026-10", end - 91 * DAY), Outlook::Lives);
        assert_eq!(outlook("2026-10", end - 90 * DAY), Outlook::EndsIn(90));
        assert_eq!(outlook("2026-10", end - 1), Outlook::EndsIn(1));
        assert_eq!(outlook("2026-10", end), Outlook::Ended);
    }

    #[test]
    fn a_version_begins_with_its_quarter() {
        let release = day_of((2027, 1, 1)) * DAY;
        assert_eq!((outlook("2027-01", release - 1), outlook("2027-01", release)), (Outlook::NotReleased, Outlook::Lives));
    }

    #[test]
    fn every_quarter_is_a_version() {
        let quarters = ["2027-01", "2027-04", "2027-07", "2027-10"].map(quarter);
        assert_eq!(quarters, [1, 4, 7, 10].map(|month| Some((2027, month, 1))));
    }

    #[test]
    fn a_name_that_is_no_quarter_is_unknown() {
        for version in ["", "2026", "2026-02", "2026-1", "26-10", "02026-10", "+026-10", "2026-10-01", "unstable", "0001-01"] {
            assert_eq!(outlook(version, 1_800_000_000), Outlook::Unknown, "{version}");
        }
        assert_ne!(outlook(DEFAULT, 1_800_000_000), Outlook::Unknown);
    }

    #[test]
    fn an_answer_from_another_version_is_detected() {
        let answer = |version| Answer::default().with_header("x-shopify-api-version", version);
        assert_eq!(served_by_another("2026-10", &Answer::default()), None);
        assert_eq!(served_by_another("2026-10", &answer("2026-10")), None);
        assert_eq!(served_by_another("2025-10", &answer("2026-01")), Some("2026-01"));
        assert_eq!(served_by_another("2026-10", &answer("unstable")), Some("unstable"));
        assert_eq!(served_by_another("2026-10", &answer("2026-10 <b>")), Some("unreadable"));
    }

    #[test]
    fn the_version_that_answered_instead_is_logged() {
        let log = Log::listen();
        let answer = Answer::default().with_header("x-shopify-api-version", "2026-01");
        tell("test".into(), "2026-01", &answer);
        assert_eq!(log.take(), "");
        tell("test".into(), "2025-10", &answer);
        let told = log.take();
        assert!(told.contains(r#"another admin api version answered call=test asked="2025-10" served="2026-01""#), "{told}");
    }
}
