//! The enumerated values of attributes.

use crate::{store::table::Word, words::words};

words! {
    /// Whether a credential can be used. An unknown word means it can't.
    #[derive(Default)]
    enum Status {
        /// It works, as far as known.
        Active = "active",
        /// It is dead, and only the merchant can renew it.
        #[default]
        ReconnectNeeded = "reconnect_needed",
        /// The store uninstalled the app.
        Uninstalled = "uninstalled",
        /// The rest of an identity that is being erased.
        Erasing = "erasing",
        /// Another identity now holds the account.
        Moved = "moved",
    }

    /// What is in doubt about a link, the weakest first. This version ignores unknown doubts.
    #[derive(PartialOrd, Ord)]
    enum About {
        /// Whether the link still has all its scopes.
        Scopes = "scopes",
        /// Whether the app is still installed.
        Uninstalled = "uninstalled",
        /// The same, and if not, everything must be erased.
        Redact = "redact",
    }

    /// What a privacy request asks for. An unknown word asks for the least.
    #[derive(Default)]
    enum Asked {
        /// The app was removed: delete the tokens of that grant.
        #[default]
        Deauthorize = "deauthorize",
        /// Delete everything kept because of the person.
        Deletion = "data-deletion",
    }

    /// The outcome of a used state.
    #[derive(Default)]
    enum Outcome {
        /// Its callback has not finished, or crashed.
        #[default]
        InFlight = "in_flight",
        /// The link was made.
        Linked = "linked",
        /// The link was not made.
        Failed = "failed",
    }

    /// The steps of a visit for each account, in this order.
    enum Step {
        /// Check its token.
        Tokens = "tokens",
        /// Check its messages.
        Messages = "messages",
    }
}

/// Enumerations stored as attributes of their own.
macro_rules! stored {
    ($($name:ident)*) => {$(
        impl Word for $name {
            fn word(self) -> &'static str {
                self.as_str()
            }

            fn of(word: &str) -> Option<Self> {
                Self::parse(word)
            }
        }
    )*};
}

stored! { Status About Outcome Step }

#[cfg(test)]
mod tests {
    use super::{super::attributes::STATUS, *};
    use crate::store::table::{Attribute, Row};

    #[test]
    fn words_are_read_as_they_were_written_and_one_that_is_not_known_gives_nothing_away() {
        for status in Status::ALL {
            assert_eq!(Status::of(status.word()), Some(status));
        }
        let unknown = Row::default().with(&Attribute::<String>::dynamic("status".to_owned()), "else");
        assert_eq!((unknown.get(&STATUS), unknown.get_or_default(&STATUS)), (None, Status::ReconnectNeeded));
        assert_eq!((Asked::default(), Outcome::default(), About::of("else")), (Asked::Deauthorize, Outcome::InFlight, None));
    }

    #[test]
    fn the_stronger_doubt_is_the_later_one() {
        assert!(About::Redact > About::Uninstalled && About::Uninstalled > About::Scopes);
    }
}
