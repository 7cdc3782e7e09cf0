//! A link on a page.

use std::borrow::Cow;

use crate::facts::{Brand, NextStep, Way};
use crate::texts::Words;

/// A link.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) label: Cow<'static, str>,
    /// It starts a sign-in at a platform, and ignores clicks in its first second: the page may have
    /// appeared under a click that was meant for another.
    pub(super) is_late: bool,
}

impl Link {
    pub(super) fn new(words: &Words, next: NextStep) -> Self {
        Self { href: next.href, label: words.way(next.way).into(), is_late: matches!(next.way, Way::Begin(..)) }
    }

    /// The same, but the link back to a named brand carries that name.
    pub(super) fn of_brand(words: &Words, brand: &Brand, next: NextStep) -> Self {
        let name = brand.name.as_ref().filter(|_| next.way == Way::Back);
        let label = name.map(|name| (words.ways.back_to)(name));
        let link = Self::new(words, next);
        match label {
            Some(label) => link.called(label),
            None => link,
        }
    }

    /// The same link with another label.
    pub(super) fn called(self, label: impl Into<Cow<'static, str>>) -> Self {
        Self { label: label.into(), ..self }
    }
}
