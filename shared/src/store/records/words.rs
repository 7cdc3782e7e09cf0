//! The words that attributes hold.

use crate::store::table::Word;

/// Declares types of which each value is a word, and as what a word reads that is not known.
macro_rules! words {
    ($(
        $(#[$about:meta])*
        enum $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal,)* } else $unknown:expr;
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $value,)*
        }

        impl $name {
            /// The word in an item and in a reply.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)*
                }
            }
        }

        impl Word for $name {
            fn word(self) -> &'static str {
                self.as_str()
            }

            fn of(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$value),)*
                    _ => $unknown,
                }
            }
        }
    )*};
}

words! {
    /// Whether a credential can be used. A word that is not known gives nothing away.
    #[derive(Default)]
    enum Status {
        /// As far as is known it works.
        Active = "active",
        /// It is dead, and only the merchant can give another.
        #[default]
        ReconnectNeeded = "reconnect_needed",
        /// The store uninstalled the app.
        Uninstalled = "uninstalled",
        /// What is left of an identity that is being erased.
        Erasing = "erasing",
        /// A Page that another identity holds now.
        Moved = "moved",
    } else Some(Self::ReconnectNeeded);

    /// What is in doubt about a link, the weakest first. A doubt that this version does not know is
    /// none of its business.
    #[derive(PartialOrd, Ord)]
    enum About {
        /// Whether the link may still do all that it could.
        Scopes = "scopes",
        /// Whether the app is still installed.
        Uninstalled = "uninstalled",
        /// The same, and if it is not, everything is to be erased.
        Redact = "redact",
    } else None;

    /// What a privacy request asks for. A word that is not known asks for the least.
    #[derive(Default)]
    enum Asked {
        /// The app was removed: the tokens of that grant go.
        #[default]
        Deauthorize = "facebook/deauthorize",
        /// Everything that is kept because of the person goes.
        Deletion = "facebook/data-deletion",
    } else Some(Self::Deauthorize);

    /// What became of a used state.
    #[derive(Default)]
    enum Outcome {
        /// Its callback has not ended, or died.
        #[default]
        InFlight = "in_flight",
        /// The link was made.
        Linked = "linked",
        /// The link was not made.
        Failed = "failed",
    } else Some(Self::InFlight);

    /// What a visit to a person does with each Page, in this order.
    enum Step {
        /// Asks about its token.
        Tokens = "tokens",
        /// Sees to its messages.
        Messages = "messages",
    } else None;
}

impl About {
    /// Each of them.
    pub(in crate::store) const ALL: [Self; 3] = [Self::Scopes, Self::Uninstalled, Self::Redact];
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
        round(&[Step::Tokens, Step::Messages]);
    }

    #[test]
    fn a_word_that_is_not_known_gives_nothing_away() {
        assert_eq!((Status::of("else"), Status::default()), (Some(Status::ReconnectNeeded), Status::ReconnectNeeded));
        assert_eq!((Asked::of("else"), Asked::default()), (Some(Asked::Deauthorize), Asked::Deauthorize));
        assert_eq!((Outcome::of("else"), About::of("else"), Step::of("else")), (Some(Outcome::InFlight), None, None));
    }

    #[test]
    fn the_stronger_doubt_is_the_later_one() {
        assert!(About::Redact > About::Uninstalled && About::Uninstalled > About::Scopes);
    }
}
