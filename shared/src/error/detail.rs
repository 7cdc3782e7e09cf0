//! What a refusal has to say beyond its code: kept as a fact, so that each language can say it in
//! its own words.

use std::borrow::Cow;

use crate::{
    facts::Offer,
    platform::{AccountKind, Platform},
};

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
    /// Permissions that were granted, but for other accounts than those that were chosen.
    MissingForAccounts(&'static AccountKind, Vec<String>),
    /// The platform does not show which accounts there are.
    AccountsHidden(&'static AccountKind),
    /// There is no account to link.
    NoAccount(&'static AccountKind),
    /// Too many flows to link such accounts were begun from one session.
    TooManyAttempts(&'static AccountKind),
    /// The provider failed.
    ProviderFailed(&'static Platform),
    /// The provider's dialog failed, with this number.
    DialogFailed(&'static Platform, Option<String>),
    /// The provider did not answer.
    NoAnswer(&'static Platform),
    /// The provider refused the code or the token.
    SignInRefused(&'static Platform),
    /// Something else changed the store while it was being connected.
    StoreChanged,
    /// The flow for such accounts was begun without a sign-in from the store.
    StoreFirst(&'static AccountKind),
    /// What another store holds, with the ways to move it.
    HeldElsewhere(&'static AccountKind, Vec<Offer>),
    /// A sign-in that was begun elsewhere, or a move without the session's token.
    NotStartedHere,
    /// No request for deletion has this code.
    UnknownConfirmationCode,
}

impl Detail {
    /// The permissions that are missing, and whose they are.
    #[must_use]
    pub fn missing(&self) -> Option<(&'static Platform, &[String])> {
        match self {
            Self::MissingPermissions(platform, names) => Some((platform, names)),
            Self::MissingForAccounts(kind, names) => Some((kind.platform, names)),
            _ => None,
        }
    }
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
