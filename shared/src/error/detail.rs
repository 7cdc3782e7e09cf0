//! What a refusal has to say beyond its code: kept as a fact, so that each language can say it in its own words.

use std::borrow::Cow;

use crate::{facts::Offer, platform::Platform};

/// What became of a state's first use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstUse {
    /// The link was made.
    Linked,
    /// It has not ended, or died.
    InFlight,
    /// The link was not made.
    Failed,
}

/// What happened, as far as the reader can make something of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The code says it all.
    General,
    /// A sentence for programs. It stands in JSON; a page says what the code says in general.
    Technical(Cow<'static, str>),
    /// The state is not from this browser, or not ours.
    BegunElsewhere(&'static Platform),
    /// The state was used before.
    Used(&'static Platform, FirstUse),
    /// The merchant said no, or the provider says so.
    Declined(&'static Platform),
    /// Permissions that were not granted.
    MissingPermissions(&'static Platform, Vec<String>),
    /// Permissions that were granted, but for other Pages than those that were chosen.
    MissingForPages(Vec<String>),
    /// Facebook does not show which Pages there are.
    PagesHidden,
    /// The provider failed.
    ProviderFailed(&'static Platform),
    /// Facebook's dialog failed, with this number.
    DialogFailed(Option<String>),
    /// The provider did not answer.
    NoAnswer(&'static Platform),
    /// The provider refused the code or the token.
    SignInRefused(&'static Platform),
    /// Something else changed the store while it was being connected.
    StoreChanged,
    /// Facebook was opened without a sign-in from the store.
    StoreFirst,
    /// What another store holds, with the ways to move it.
    HeldElsewhere(Vec<Offer>),
    /// A sign-in that was begun elsewhere, or a move without the session's token.
    NotStartedHere,
    /// No request for deletion has this code.
    UnknownConfirmationCode,
}

impl From<&'static str> for Detail {
    fn from(text: &'static str) -> Self {
        Self::Technical(text.into())
    }
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Self::Technical(text.into())
    }
}
