//! The words for people: one value of [`Words`] per language, from the language's file beside
//! `language.rs`. The build ensures that none lacks one. A platform brings its own
//! ([`crate::platform::words`]).
//!
//! Pages use the reader's language; JSON uses [`ENGLISH`].

mod accounts;
mod language;
mod messages;
mod numbers;
mod spoken;
mod words;

pub use crate::platform::words::Saying;
pub use accounts::NoticeWords;
pub use language::Language;
pub use numbers::Plural;
pub use spoken::*;
pub use words::*;

use std::borrow::Cow;

use crate::{Code, Detail, Error, error::FirstUse, platform::Platform};

/// What happened and what to do, for programs: always in English.
#[must_use]
pub fn in_english(error: &Error) -> Cow<'static, str> {
    ENGLISH.in_one(error.code, &error.detail)
}

impl Language {
    /// Its words.
    #[must_use]
    pub const fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
            Self::Spanish => &SPANISH,
            Self::French => &FRENCH,
            Self::Portuguese => &PORTUGUESE,
        }
    }
}

impl Words {
    /// What a page says about a refusal. A detail for programs only is replaced by the code's text.
    #[must_use]
    pub fn saying(&self, code: Code, detail: &Detail) -> Saying {
        self.more(detail).unwrap_or_else(|| self.general(code, detail))
    }

    /// The code's own text: in the platform's words, if everything refused concerns its accounts.
    #[must_use]
    pub fn general(&self, code: Code, detail: &Detail) -> Saying {
        match detail {
            Detail::NoAccount(kind) => self.of(kind).refusals.none.clone(),
            Detail::HeldElsewhere(kind, _) => self.of(kind).refusals.held_elsewhere.clone(),
            Detail::TooManyAttempts(kind) => self.of(kind).refusals.too_many_attempts.clone(),
            _ => (self.error)(code),
        }
    }

    fn more(&self, detail: &Detail) -> Option<Saying> {
        let own = &self.detail;
        Some(match detail {
            Detail::General | Detail::Technical(_) | Detail::NoAccount(_) | Detail::HeldElsewhere(..) | Detail::TooManyAttempts(_) => {
                return None;
            }
            Detail::BegunElsewhere(platform) => (own.begun_elsewhere)(platform.label),
            Detail::Used(platform, FirstUse::Linked) => self.of_platform(platform).linked_before.clone(),
            Detail::Used(platform, FirstUse::InFlight) => self.of_platform(platform).being_linked.clone(),
            Detail::Used(_, FirstUse::Failed) => own.used.clone(),
            Detail::Declined(platform) => self.of_platform(platform).declined.clone(),
            Detail::MissingPermissions(platform, _) => self.of_platform(platform).missing_permissions.clone(),
            Detail::MissingForAccounts(kind, _) => self.of(kind).refusals.missing_for_these.clone(),
            Detail::AccountsHidden(kind) => self.of(kind).refusals.hidden.clone(),
            Detail::NotStartedHere => own.not_started_here.clone(),
            Detail::ProviderFailed(platform) => Saying::new(self.of_platform(platform).failed, (own.failed)(platform.label)),
            Detail::DialogFailed(platform, number) => {
                Saying::new(self.of_platform(platform).failed, (own.dialog_failed)(platform.label, number.as_deref()))
            }
            Detail::NoAnswer(platform) => Saying::new(self.of_platform(platform).no_answer, (own.no_answer)(platform.label)),
            Detail::SignInRefused(platform) => self.of_platform(platform).refused.clone(),
            Detail::StoreChanged => own.store_changed.clone(),
            Detail::StoreFirst(kind) => self.of(kind).refusals.store_first.clone(),
            Detail::UnknownConfirmationCode => own.unknown_code.clone(),
        })
    }

    /// The same as one text, for programs.
    #[must_use]
    pub fn in_one(&self, code: Code, detail: &Detail) -> Cow<'static, str> {
        match detail {
            Detail::Technical(text) => text.clone(),
            _ => match detail.missing() {
                Some((platform, names)) => self.with_permissions(platform, &self.saying(code, detail).text, names).into(),
                None => self.saying(code, detail).text,
            },
        }
    }

    /// A text that ends where a list of a platform's permissions begins, followed by the list.
    #[must_use]
    pub fn with_permissions(&self, platform: &Platform, text: &str, names: &[String]) -> String {
        let permission = self.of_platform(platform).permission;
        let named = |name: &String| match permission(name) {
            Some(allows) => format!("{allows} ({name})"),
            None => name.clone(),
        };
        format!("{text} {}.", names.iter().map(named).collect::<Vec<_>>().join("; "))
    }

    /// A time as people write it. Anything but RFC 3339 in UTC is returned unchanged.
    #[must_use]
    pub fn moment(&self, rfc3339: &str) -> String {
        let told = self.parts(rfc3339).and_then(|(year, month, day, time)| Some((self.in_words)(day, month, year, time.get(..5)?)));
        told.unwrap_or_else(|| rfc3339.to_owned())
    }

    /// The day of a time; anything else is returned unchanged.
    #[must_use]
    pub fn day(&self, rfc3339: &str) -> String {
        let told = self.parts(rfc3339).map(|(year, month, day, _)| (self.on_day)(day, month, year));
        told.unwrap_or_else(|| rfc3339.to_owned())
    }

    /// Year, month, day and time of day.
    fn parts<'a>(&self, rfc3339: &'a str) -> Option<(&'a str, &'static str, usize, &'a str)> {
        let (date, time) = rfc3339.strip_suffix('Z')?.split_once('T')?;
        let mut date = date.splitn(3, '-');
        let (year, month, day) = (date.next()?, date.next()?.parse::<usize>().ok()?, date.next()?.parse::<usize>().ok()?);
        Some((year, self.months.get(month.checked_sub(1)?)?, day, time))
    }
}

#[cfg(test)]
mod tests;
