//! The versions of the Admin API and their ends.
//!
//! A version is released on the first day of each quarter, at 17:00 UTC, and supported for at least
//! twelve months. A call to an ended version does not fail: the oldest supported one answers
//! instead (<https://shopify.dev/docs/api/usage/versioning>). So nobody notices unless we check:
//! [`outlook`] checks the date, [`tell`] the answer.

use crate::clock::day_of;
use crate::providers::versions::{self, Outlook};
use crate::{UnixSeconds, calls::Call, http::Answer};

/// The requested version unless another is configured.
pub const DEFAULT: &str = "2026-10";

/// The outlook for a version on the day of `now`.
#[must_use]
pub fn outlook(version: &str, now: UnixSeconds) -> Outlook {
    let today = now / 86_400;
    match quarter(version) {
        Some((release, _)) if today < release => Outlook::NotReleased,
        Some((_, end)) => Outlook::on(today, end),
        None => Outlook::Unknown,
    }
}

/// The release day of a version and the same day a year later, if its name is a quarter such as
/// `2026-10`.
pub(super) fn quarter(version: &str) -> Option<(u64, u64)> {
    let (year, month) = version.split_once('-').filter(|(_, month)| ["01", "04", "07", "10"].contains(month))?;
    let release = day_of(&format!("{version}-01"))?;
    let end = day_of(&format!("{}-{month}-01", year.parse::<u64>().ok()? + 1))?;
    Some((release, end))
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
        let end = day_of("2027-10-01").unwrap() * DAY;
        assert_eq!(outlook("2026-10", end - 91 * DAY), Outlook::Lives);
        assert_eq!(outlook("2026-10", end - 90 * DAY), Outlook::EndsIn(90));
        assert_eq!(outlook("2026-10", end - 1), Outlook::EndsIn(1));
        assert_eq!(outlook("2026-10", end), Outlook::Ended);
    }

    #[test]
    fn a_version_begins_with_its_quarter() {
        let release = day_of("2027-01-01").unwrap() * DAY;
        assert_eq!((outlook("2027-01", release - 1), outlook("2027-01", release)), (Outlook::NotReleased, Outlook::Lives));
    }

    #[test]
    fn every_quarter_is_a_version() {
        for month in ["01", "04", "07", "10"] {
            let first = |year| day_of(&format!("{year}-{month}-01"));
            assert_eq!(quarter(&format!("2027-{month}")), first(2027).zip(first(2028)), "{month}");
        }
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
