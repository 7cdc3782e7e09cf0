//! The versions of the providers' APIs and their ends.
//!
//! A call to an ended version does not fail: another one answers instead, at the same address. So
//! nobody notices unless we check the date and the answer.

use crate::http::Answer;

/// How long before its end we warn about a version.
pub const NOTICE_DAYS: u64 = 90;

/// The outlook for a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It lives longer than the notice period.
    Lives,
    /// It ends in this many days, unless the provider extends it.
    EndsIn(u64),
    /// It has ended, and another may answer instead.
    Ended,
    /// It is not yet released and may still change.
    NotReleased,
    /// It may have an end by now that we do not know.
    LookItUp,
    /// It is unknown here and was never released.
    Unknown,
}

impl Outlook {
    /// The outlook on this day for a version that ends on that day.
    pub(super) const fn on(today: u64, end: u64) -> Self {
        match end.saturating_sub(today) {
            0 => Self::Ended,
            days @ 1..=NOTICE_DAYS => Self::EndsIn(days),
            _ => Self::Lives,
        }
    }
}

/// The version that answered, if it is not the requested one. An unreadable version is never
/// returned.
pub(super) fn served_by_another<'a>(asked: &str, answer: &'a Answer, header: &str, is_version: impl Fn(&str) -> bool) -> Option<&'a str> {
    let served = answer.header(header).filter(|served| *served != asked)?;
    Some(if is_version(served) { served } else { "unreadable" })
}
