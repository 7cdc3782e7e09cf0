//! The versions of the providers' APIs and when they end.
//!
//! A call to an expired version does not fail: another one answers instead, at the same address. So
//! it goes unnoticed without checking the date and the answer.

use crate::http::Answer;

/// How long before a version's end to warn.
pub const NOTICE_DAYS: u64 = 90;

/// The outlook of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It is supported for longer than the notice.
    Lives,
    /// It ends in this many days, unless the provider extends it.
    EndsIn(u64),
    /// It has ended, and another one may answer in its place.
    Ended,
    /// It is not released yet, and may still change.
    NotReleased,
    /// Its end may have been announced since.
    LookItUp,
    /// It is unknown, and was never released.
    Unknown,
}

impl Outlook {
    /// The outlook on this day, of a version that ends on that day.
    pub(super) const fn on(today: u64, end: u64) -> Self {
        match end.saturating_sub(today) {
            0 => Self::Ended,
            days @ 1..=NOTICE_DAYS => Self::EndsIn(days),
            _ => Self::Lives,
        }
    }
}

/// The version that answered, if not the requested one; unreadable ones are not repeated.
pub(super) fn served_by_another<'a>(asked: &str, answer: &'a Answer, header: &str, is_version: impl Fn(&str) -> bool) -> Option<&'a str> {
    let served = answer.header(header).filter(|served| *served != asked)?;
    Some(if is_version(served) { served } else { "unreadable" })
}
