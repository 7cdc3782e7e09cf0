//! What a refusal says beyond its code: kept as a fact, so that each language can word it.

use std::borrow::Cow;

use crate::{
    facts::Offer,
    platform::{AccountKind, Platform},
};

/// The outcome of a state's first use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstUse {
    /// The link was made.
    Linked,
    /// It has not ended, or has died.
    InFlight,
    /// The link was not made.
    Failed,
}

/// What happened, as far as it means something to the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The code says it all.
    General,
    /// A sentence for programs, shown in JSON. A page says what the code says in general.
    Technical(Cow<'static, str>),
    /// The state is not from this browser, or not ours.
    BegunElsewhere(&'static Platform),
    /// The state was used before.
    Used(&'static Platform, FirstUse),
    /// The merchant declined, or the provider says so.
    Declined(&'static Platform),
    /// Permissions that were not granted.
    MissingPermissions(&'static Platform, Vec<String>),
    /// Permissions that were granted, but for accounts other than the chosen ones.
    MissingForAccounts(&'static AccountKind, Vec<String>),
    /// The platform does not reveal which accounts there are.
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
    /// Accounts that another store holds, with the ways to move them.
    HeldElsewhere(&'static AccountKind, Vec<Offer>),
    /// A sign-in that was begun elsewhere, or a move without the session's token.
    NotStartedHere,
    /// No deletion request has this code.
    UnknownConfirmationCode,
}

impl Detail {
    /// The missing permissions, and whose they are.
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
