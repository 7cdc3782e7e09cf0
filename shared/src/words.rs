//! Types whose values are words, as stored and reported.

/// Declares such types with their words, and derives writing, reading and listing.
macro_rules! words {
    ($($(#[$about:meta])* enum $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $value,)*
        }

        impl $name {
            /// Each of them.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$value),*];

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)*
                }
            }

            /// Reads the word; none if unknown.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.as_str() == word)
            }
        }
    )*};
}

pub(crate) use words;
