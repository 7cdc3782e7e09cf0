//! The versions of the Graph API and their ends.
//!
//! A call to an ended version does not fail: the oldest usable version serves it, at the same
//! address and with different semantics (`docs/graph-api/guides/versioning`). So nobody notices
//! unless we check: [`outlook`] checks the date, [`served_by_another`] the answer.
//!
//! Dates: <https://developers.facebook.com/docs/graph-api/changelog/versions/>, read in October
//! 2026.

use crate::clock::day_of;
use crate::providers::versions::{self, NOTICE_DAYS, Outlook};
use crate::{UnixSeconds, http::Answer};

/// The requested version unless another is configured.
pub const DEFAULT: &str = "v26.0";

/// When a version ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    On(&'static str),
    /// Not announced. A version lives for at least two years after its release; this is the day to
    /// look up its end.
    NotBefore(&'static str),
}

const VERSIONS: [(&str, End); 9] = [
    ("v26.0", End::NotBefore("2028-07-29")),
    ("v25.0", End::On("2028-07-29")),
    ("v24.0", End::On("2028-02-18")),
    ("v23.0", End::On("2027-10-08")),
    ("v22.0", End::On("2027-05-20")),
    ("v21.0", End::On("2027-01-21")),
    ("v20.0", End::On("2026-09-24")),
    ("v19.0", End::On("2026-05-21")),
    ("v18.0", End::On("2026-01-26")),
];

/// The outlook for a version on the day of `now`.
#[must_use]
pub fn outlook(version: &str, now: UnixSeconds) -> Outlook {
    let today = now / 86_400;
    let number = |version: &str| version.strip_prefix('v')?.split_once('.')?.0.parse::<u32>().ok();
    let oldest = VERSIONS.last().and_then(|(oldest, _)| number(oldest));
    match VERSIONS.iter().find(|(known, _)| *known == version) {
        Some((_, End::On(end))) => day_of(end).map_or(Outlook::LookItUp, |end| Outlook::on(today, end)),
        Some((_, End::NotBefore(end))) if day_of(end).is_none_or(|end| today + NOTICE_DAYS >= end) => Outlook::LookItUp,
        Some(_) => Outlook::Lives,
        None if number(version).zip(oldest).is_some_and(|(asked, oldest)| asked < oldest) => Outlook::Ended,
        None => Outlook::Unknown,
    }
}

/// Logs that the configured version has ended or soon will. Called when the configuration is read.
pub fn warn_about(version: &str, now: UnixSeconds) {
    match outlook(version, now) {
        Outlook::Lives => {}
        Outlook::EndsIn(days) => tracing::warn!(version, days, "graph api version ends soon"),
        Outlook::Ended => tracing::warn!(version, "graph api version has ended"),
        Outlook::LookItUp => tracing::warn!(version, "graph api version may end soon"),
        Outlook::NotReleased | Outlook::Unknown => tracing::warn!(version, "graph api version is not known"),
    }
}

/// The version that answered, if it is not the requested one.
pub(super) fn served_by_another<'a>(asked: &str, answer: &'a Answer) -> Option<&'a str> {
    let is_version =
        |served: &str| served.len() <= 8 && served.starts_with('v') && served.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    versions::served_by_another(asked, answer, "facebook-api-version", is_version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::Log;

    const DAY: u64 = 86_400;

    fn at(date: &str) -> UnixSeconds {
        day_of(date).unwrap() * DAY
    }

    #[test]
    fn an_end_is_announced_ninety_days_ahead() {
        let end = at("2027-01-21");
        assert_eq!(outlook("v21.0", end - 91 * DAY), Outlook::Lives);
        assert_eq!(outlook("v21.0", end - 90 * DAY), Outlook::EndsIn(90));
        assert_eq!(outlook("v21.0", end - 1), Outlook::EndsIn(1));
        assert_eq!(outlook("v21.0", end), Outlook::Ended);
    }

    #[test]
    fn a_version_without_a_known_end_is_looked_up_in_time() {
        assert_eq!(outlook("v26.0", at("2026-11-22")), Outlook::Lives);
        assert_eq!(outlook("v26.0", at("2028-06-01")), Outlook::LookItUp);
    }

    #[test]
    fn versions_outside_the_table_are_ended_or_unknown() {
        let now = at("2026-11-22");
        assert_eq!((outlook("v3.1", now), outlook("v17.0", now)), (Outlook::Ended, Outlook::Ended));
        let (oldest, _) = VERSIONS.last().unwrap();
        assert_eq!(outlook(&format!("{oldest}1"), now), Outlook::Unknown, "as old as the oldest, and not it");
        assert_eq!(
            (outlook("v27.0", now), outlook("latest", now), outlook("v", now)),
            (Outlook::Unknown, Outlook::Unknown, Outlook::Unknown)
        );
    }

    #[test]
    fn the_default_version_is_in_the_table() {
        assert!(VERSIONS.iter().any(|(version, _)| *version == DEFAULT));
    }

    #[test]
    fn each_end_is_a_date() {
        for (version, End::On(date) | End::NotBefore(date)) in VERSIONS {
            assert!(day_of(date).is_some(), "{version}");
        }
    }

    #[test]
    fn an_answer_from_another_version_is_detected() {
        let answer = |version| Answer::default().with_header("facebook-api-version", version);
        assert_eq!(served_by_another("v26.0", &Answer::default()), None);
        assert_eq!(served_by_another("v26.0", &answer("v26.0")), None);
        assert_eq!(served_by_another("v19.0", &answer("v21.0")), Some("v21.0"));
        assert_eq!(served_by_another("v26.0", &answer("v21.0 <b>")), Some("unreadable"));
    }

    #[test]
    fn an_invalid_version_is_not_logged() {
        let served = |version| {
            let answer = Answer::default().with_header("facebook-api-version", version);
            served_by_another("v26.0", &answer).map(str::to_owned)
        };
        assert_eq!(served("v1000.00").as_deref(), Some("v1000.00"));
        for strange in ["v1000.000", "21.0", "v21_0", "26.0 ", ""] {
            assert_eq!(served(strange).as_deref(), Some("unreadable"), "{strange}");
        }
    }

    #[test]
    fn every_version_that_does_not_simply_live_is_logged() {
        let log = Log::listen();
        let told = |version, date| {
            warn_about(version, at(date));
            log.take()
        };
        assert_eq!(told("v26.0", "2026-11-22"), "");
        for (version, date, expected) in [
            ("v21.0", "2027-01-20", "graph api version ends soon version=\"v21.0\" days=1"),
            ("v21.0", "2027-01-21", "graph api version has ended version=\"v21.0\""),
            ("v26.0", "2028-07-29", "graph api version may end soon version=\"v26.0\""),
            ("v99.0", "2026-11-22", "graph api version is not known version=\"v99.0\""),
        ] {
            let told = told(version, date);
            assert!(told.contains(expected) && told.lines().count() == 1, "{told}");
        }
    }
}
