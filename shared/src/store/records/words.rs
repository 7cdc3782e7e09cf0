//! The words that attributes hold.

use crate::{store::table::Word, words::words};

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
        /// An account that another identity holds now.
        Moved = "moved",
    }

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
    }

    /// What a privacy request asks for. A word that is not known asks for the least.
    #[derive(Default)]
    enum Asked {
        /// The app was removed: the tokens of that grant go.
        #[default]
        Deauthorize = "deauthorize",
        /// Everything that is kept because of the person goes.
        Deletion = "data-deletion",
    }

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
    }

    /// What a visit to a grant does with each account, in this order.
    enum Step {
        /// Asks about its token.
        Tokens = "tokens",
        /// Sees to its messages.
        Messages = "messages",
    }
}

/// Those that are stored by themselves.
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
