//! All words for people, in each language: `english` and `german` hold one value of [`Words`] each, and the compiler sees to it that neither lacks one.
//!
//! Pages say them in the reader's language; JSON says those of [`ENGLISH`].

mod english;
mod german;
mod language;
mod words;

pub use english::ENGLISH;
pub use german::GERMAN;
pub use language::Language;
pub use words::*;

use std::borrow::Cow;

use crate::{Code, Detail, Error};

/// What happened and what to do, for programs: in English, whoever asks.
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
        }
    }
}

impl Words {
    /// What a page says about a refusal. What is for programs alone, it leaves to the code.
    #[must_use]
    pub fn saying(&self, code: Code, detail: &Detail) -> Saying {
        (self.detail)(detail).unwrap_or_else(|| (self.error)(code))
    }

    /// The same in one text, for programs.
    #[must_use]
    pub fn in_one(&self, code: Code, detail: &Detail) -> Cow<'static, str> {
        match detail {
            Detail::Technical(text) => text.clone(),
            Detail::MissingPermissions(_, names) | Detail::MissingForPages(names) => {
                self.with_permissions(&self.saying(code, detail).text, names).into()
            }
            _ => self.saying(code, detail).text,
        }
    }

    /// A text that ends where a list of permissions begins, and the list.
    #[must_use]
    pub fn with_permissions(&self, text: &str, names: &[String]) -> String {
        let named = |name: &String| match (self.permission)(name) {
            Some(allows) => format!("{allows} ({name})"),
            None => name.clone(),
        };
        format!("{text} {}.", names.iter().map(named).collect::<Vec<_>>().join("; "))
    }

    /// A moment as people write it. What is not in RFC 3339's form, in UTC, stays as it is.
    #[must_use]
    pub fn moment(&self, rfc3339: &str) -> String {
        let parts = || {
            let (date, time) = rfc3339.strip_suffix('Z')?.split_once('T')?;
            let mut date = date.splitn(3, '-');
            let (year, month, day) = (date.next()?, date.next()?.parse::<usize>().ok()?, date.next()?.parse::<u8>().ok()?);
            Some((self.in_words)(day, self.months.get(month.checked_sub(1)?)?, year, time.get(..5)?))
        };
        parts().unwrap_or_else(|| rfc3339.to_owned())
    }
}

#[cfg(test)]
mod tests;
