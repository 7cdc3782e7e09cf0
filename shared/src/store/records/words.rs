//! The words that attributes hold.

use crate::store::table::Word;

/// Whether a credential can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As far as is known it works.
    Active,
    /// It is dead, and only the merchant can give another.
    ReconnectNeeded,
    /// The store uninstalled the app.
    Uninstalled,
    /// What is left of an identity that is being erased.
    Erasing,
    /// A Page that another identity holds now.
    Moved,
}

/// What is in doubt about a link, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Whether the link may still do all that it could.
    Scopes,
    /// Whether the app is still installed.
    Uninstalled,
    /// The same, and if it is not, everything is to be erased.
    Redact,
}

/// What a privacy request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The app was removed: the tokens of that grant go.
    Deauthorize,
    /// Everything that is kept because of the person goes.
    Deletion,
}

/// What became of a used state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Its callback has not ended, or died.
    #[default]
    InFlight,
    /// The link was made.
    Linked,
    /// The link was not made.
    Failed,
}

impl Status {
    /// The word in an item and in a reply.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ReconnectNeeded => "reconnect_needed",
            Self::Uninstalled => "uninstalled",
            Self::Erasing => "erasing",
            Self::Moved => "moved",
        }
    }
}

/// As with a word that is not known.
impl Default for Status {
    fn default() -> Self {
        Self::ReconnectNeeded
    }
}

impl About {
    /// Each of them.
    pub(in crate::store) const ALL: [Self; 3] = [Self::Scopes, Self::Uninstalled, Self::Redact];
}

impl Asked {
    /// The word in a record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deauthorize => "facebook/deauthorize",
            Self::Deletion => "facebook/data-deletion",
        }
    }
}

/// As with a word that is not known.
impl Default for Asked {
    fn default() -> Self {
        Self::Deauthorize
    }
}

impl Word for Status {
    fn word(self) -> &'static str {
        self.as_str()
    }

    /// A word that is not known gives nothing away.
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "active" => Self::Active,
            "uninstalled" => Self::Uninstalled,
            "erasing" => Self::Erasing,
            "moved" => Self::Moved,
            _ => Self::ReconnectNeeded,
        })
    }
}

impl Word for About {
    fn word(self) -> &'static str {
        match self {
            Self::Scopes => "scopes",
            Self::Uninstalled => "uninstalled",
            Self::Redact => "redact",
        }
    }

    /// A doubt that this version does not know is none of its business.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.word() == word)
    }
}

impl Word for Asked {
    fn word(self) -> &'static str {
        self.as_str()
    }

    /// A word that is not known asks for the least.
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "facebook/data-deletion" => Self::Deletion,
            _ => Self::Deauthorize,
        })
    }
}

impl Word for Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::InFlight => "in_flight",
            Self::Linked => "linked",
            Self::Failed => "failed",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "linked" => Self::Linked,
            "failed" => Self::Failed,
            _ => Self::InFlight,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_were_written() {
        fn round<W: Word + Copy + PartialEq + std::fmt::Debug>(words: &[W]) {
            for &word in words {
                assert_eq!(W::of(word.word()), Some(word));
            }
        }
        round(&[Status::Active, Status::ReconnectNeeded, Status::Uninstalled, Status::Erasing, Status::Moved]);
        round(&About::ALL);
        round(&[Asked::Deauthorize, Asked::Deletion]);
        round(&[Outcome::InFlight, Outcome::Linked, Outcome::Failed]);
    }

    #[test]
    fn a_word_that_is_not_known_gives_nothing_away() {
        assert_eq!((Status::of("else"), Status::default()), (Some(Status::ReconnectNeeded), Status::ReconnectNeeded));
        assert_eq!((Asked::of("else"), Asked::default()), (Some(Asked::Deauthorize), Asked::Deauthorize));
        assert_eq!((Outcome::of("else"), About::of("else")), (Some(Outcome::InFlight), None));
    }

    #[test]
    fn the_stronger_doubt_is_the_later_one() {
        assert!(About::Redact > About::Uninstalled && About::Uninstalled > About::Scopes);
    }
}
