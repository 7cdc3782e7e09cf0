//! The versions of the providers' APIs and when they end.
//!
//! A call to a version that has ended does not fail: another one answers in its place, under the
//! same address. So nobody notices, unless somebody looks: at the date, and at the answer.

use crate::http::Answer;

/// How long before its end a version is warned about.
pub const NOTICE_DAYS: u64 = 90;

/// What is to be expected of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It lives for longer than the notice.
    Lives,
    /// It ends in so many days, unless the provider grants it longer.
    EndsIn(u64),
    /// It has ended, and another one may answer in its place.
    Ended,
    /// It is not released yet, and may still change.
    NotReleased,
    /// It may have an end by now that is not known here.
    LookItUp,
    /// It is none that is known here, nor was ever released.
    Unknown,
}

impl Outlook {
    /// On this day, of a version that ends on that day.
    pub(super) const fn on(today: u64, end: u64) -> Self {
        match end.saturating_sub(today) {
            0 => Self::Ended,
            days @ 1..=NOTICE_DAYS => Self::EndsIn(days),
            _ => Self::Lives,
        }
    }
}

/// The version that answered, where it is another one than was asked for; none that can't be read
/// is repeated.
pub(super) fn served_by_another<'a>(asked: &str, answer: &'a Answer, header: &str, is_version: impl Fn(&str) -> bool) -> Option<&'a str> {
    let served = answer.header(header).filter(|served| *served != asked)?;
    Some(if is_version(served) { served } else { "unreadable" })
}
