//! The words stored in attributes.

use crate::{store::table::Word, words::words};

words! {
    /// Whether a credential can be used. An unknown word gives no access.
    #[derive(Default)]
    enum Status {
        /// It works, as far as is known.
        Active = "active",
        /// It is dead, and only the merchant can provide a new one.
        #[default]
        ReconnectNeeded = "reconnect_needed",
        /// The store uninstalled the app.
        Uninstalled = "uninstalled",
        /// What remains of an identity that is being erased.
        Erasing = "erasing",
        /// An account that another identity holds now.
        Moved = "moved",
    }

    /// What is in doubt about a link, weakest first. A version ignores doubts that it does not
    /// know.
    #[derive(PartialOrd, Ord)]
    enum About {
        /// Whether the link still has all its scopes.
        Scopes = "scopes",
        /// Whether the app is still installed.
        Uninstalled = "uninstalled",
        /// The same; if it is not, everything has to be erased.
        Redact = "redact",
    }

    /// What a privacy request asks for. An unknown word asks for the least.
    #[derive(Default)]
    enum Asked {
        /// The app was removed: the tokens of that grant are deleted.
        #[default]
        Deauthorize = "deauthorize",
        /// Everything kept because of the person is deleted.
        Deletion = "data-deletion",
    }

    /// The outcome of a used state.
    #[derive(Default)]
    enum Outcome {
        /// Its callback has not ended, or has died.
        #[default]
        InFlight = "in_flight",
        /// The link was made.
        Linked = "linked",
        /// The link was not made.
        Failed = "failed",
    }

    /// What a visit to a grant does with each account, in this order.
    enum Step {
        /// Checks its token.
        Tokens = "tokens",
        /// Checks its messages.
        Messages = "messages",
    }
}

/// The words that are stored as attributes of their own.
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
    fn words_survive_a_round_trip_and_unknown_ones_give_no_access() {
        for status in Status::ALL {
            assert_eq!(Status::of(status.word()), Some(status));
        }
        let unknown = Row::default().with(&Attribute::<String>::dynamic("status".to_owned()), "else");
        assert_eq!((unknown.get(&STATUS), unknown.get_or_default(&STATUS)), (None, Status::ReconnectNeeded));
        assert_eq!((Asked::default(), Outcome::default(), About::of("else")), (Asked::Deauthorize, Outcome::InFlight, None));
    }

    #[test]
    fn stronger_doubts_sort_later() {
        assert!(About::Redact > About::Uninstalled && About::Uninstalled > About::Scopes);
    }
}
