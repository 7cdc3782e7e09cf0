//! What a refusal has to say beyond its code: kept as a fact, so that each language can say it in its own words.

use std::borrow::Cow;

use crate::facts::Offer;

/// Whose side of a sign-in it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// The store's.
    Shopify,
    /// The Pages'.
    Facebook,
}

impl Provider {
    /// What the merchant calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shopify => "Shopify",
            Self::Facebook => "Facebook",
        }
    }
}

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
    BegunElsewhere(Provider),
    /// The state was used before.
    Used(Provider, FirstUse),
    /// The merchant said no, or the provider says so.
    Declined(Provider),
    /// Permissions that were not granted.
    MissingPermissions(Provider, Vec<String>),
    /// Permissions that were granted, but for other Pages than those that were chosen.
    MissingForPages(Vec<String>),
    /// Facebook does not show which Pages there are.
    PagesHidden,
    /// The provider failed.
    ProviderFailed(Provider),
    /// Facebook's dialog failed, with this number.
    DialogFailed(Option<String>),
    /// The provider did not answer.
    NoAnswer(Provider),
    /// The provider refused the code or the token.
    SignInRefused(Provider),
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
