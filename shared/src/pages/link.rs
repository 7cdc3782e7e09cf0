//! A link as a page shows it.

use crate::facts::{NextStep, Way};
use crate::texts::Words;

/// A link.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) label: &'static str,
    /// It starts a sign-in at a platform, and takes no pointer in its first second: the page may
    /// stand where a click was meant for another.
    pub(super) is_late: bool,
}

impl Link {
    pub(super) fn new(words: &Words, next: NextStep) -> Self {
        Self { href: next.href, label: words.way(next.way), is_late: matches!(next.way, Way::Begin(..)) }
    }

    /// The same way under another name.
    pub(super) fn called(self, label: &'static str) -> Self {
        Self { label, ..self }
    }
}
