//! Every refusal of the service: one code per row of the table in docs/errors.md, and what its
//! reader is told.

mod detail;

pub use detail::{Detail, FirstUse};

use std::fmt;

use strum::{EnumCount, VariantArray};

use crate::facts::NextStep;

/// The `code` of an error reply. The text, the status and the title follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumCount, VariantArray)]
pub enum Code {
    /// The shop is no `myshopify.com` domain.
    InvalidShop,
    /// A needed parameter is absent or empty.
    MissingParameter,
    /// A parameter stands twice.
    RepeatedParameter,
    /// A parameter can't be read.
    MalformedParameter,
    /// Shopify's signature is wrong.
    InvalidHmac,
    /// Shopify's timestamp is outside the window.
    StaleRequest,
    /// The state is not in the form this service issues.
    MalformedState,
    /// The state is not ours, or for another platform, shop or browser.
    InvalidState,
    /// The state is too old.
    ExpiredState,
    /// The state was used before.
    UsedState,
    /// No session cookie.
    MissingSession,
    /// The session is unknown, over, or another one than the flow's.
    InvalidSession,
    /// The merchant declined.
    AccessDenied,
    /// A configured permission was not granted.
    MissingPermission,
    /// No Page to link.
    NoPage,
    /// No phone number to link.
    NoPhoneNumber,
    /// All accounts are held by another identity.
    HeldElsewhere,
    /// Too many flows begun from one session.
    TooManyAttempts,
    /// The provider refused the code, or issued a token that is not ours.
    TokenExchangeFailed,
    /// The provider failed or answered what can't be read.
    ProviderError,
    /// The provider did not answer in time.
    ProviderTimeout,
    /// The tables or the secret store can't be used now.
    StorageUnavailable,
    /// Configuration is missing or unusable.
    Misconfigured,
    /// No such route.
    NotFound,
    /// The route exists, but not for this method.
    MethodNotAllowed,
    /// A direct invocation asks for nothing that this function knows.
    InvalidRequest,
    /// What a provider is said to have signed is not signed by it.
    InvalidSignature,
    /// The body is larger than anything a provider sends.
    PayloadTooLarge,
    /// A form that was not sent from our own page of this session.
    Forbidden,
}

impl Code {
    /// Every code there is.
    // The compiler evaluates this, so an empty list would end the build and not a request.
    pub const ALL: [Self; Self::COUNT] = *Self::VARIANTS.first_chunk().unwrap();

    /// The wire form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.row().1
    }

    const fn row(self) -> (&'static str, u16) {
        match self {
            Self::InvalidShop => ("invalid_shop", 400),
            Self::MissingParameter => ("missing_parameter", 400),
            Self::RepeatedParameter => ("repeated_parameter", 400),
            Self::MalformedParameter => ("malformed_parameter", 400),
            Self::InvalidHmac => ("invalid_hmac", 400),
            Self::StaleRequest => ("stale_request", 400),
            Self::MalformedState => ("malformed_state", 400),
            Self::InvalidState => ("invalid_state", 400),
            Self::ExpiredState => ("expired_state", 400),
            Self::UsedState => ("used_state", 400),
            Self::MissingSession => ("missing_session", 400),
            Self::InvalidSession => ("invalid_session", 400),
            Self::AccessDenied => ("access_denied", 403),
            Self::MissingPermission => ("missing_permission", 403),
            Self::NoPage => ("no_page", 403),
            Self::NoPhoneNumber => ("no_phone_number", 403),
            Self::HeldElsewhere => ("held_elsewhere", 409),
            Self::TooManyAttempts => ("too_many_attempts", 429),
            Self::TokenExchangeFailed => ("token_exchange_failed", 400),
            Self::ProviderError => ("provider_error", 502),
            Self::ProviderTimeout => ("provider_timeout", 504),
            Self::StorageUnavailable => ("storage_unavailable", 503),
            Self::Misconfigured => ("misconfigured", 500),
            Self::NotFound => ("not_found", 404),
            Self::MethodNotAllowed => ("method_not_allowed", 405),
            Self::InvalidRequest => ("invalid_request", 400),
            Self::InvalidSignature => ("invalid_signature", 401),
            Self::PayloadTooLarge => ("payload_too_large", 413),
            Self::Forbidden => ("forbidden", 403),
        }
    }
}

/// A refusal: what the caller reads (`detail`, `next`) and what only the log gets (`cause`) are two
/// texts.
#[derive(Debug)]
pub struct Error {
    /// Which row of the table.
    pub code: Code,
    /// What the caller may know beyond the code.
    pub detail: Detail,
    /// For the log. Holds no secret and no text of a provider, only numbers and names.
    pub cause: Option<String>,
    /// The way on.
    pub next: Option<NextStep>,
    /// For people, where what was wanted is there already: the way back to where they came from.
    pub back: Option<Box<NextStep>>,
    /// The provider refused our own credentials: the secrets are read again before the next
    /// request.
    pub credentials_refused: bool,
    /// Whoever asks can bring it about at will, so it says nothing about this service or the
    /// provider.
    provoked: bool,
}

impl Error {
    /// A refusal with what is to be said about it; a text is one for programs.
    pub fn new(code: Code, detail: impl Into<Detail>) -> Self {
        Self { code, detail: detail.into(), cause: None, next: None, back: None, credentials_refused: false, provoked: false }
    }

    /// A refusal of which the code says all.
    #[must_use]
    pub fn of(code: Code) -> Self {
        Self::new(code, Detail::General)
    }

    /// Adds what only the log may know.
    #[must_use]
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Adds the way on, unless there is one already.
    #[must_use]
    pub fn leading_to(mut self, next: NextStep) -> Self {
        self.next.get_or_insert(next);
        self
    }

    /// Adds the way back for people; the way on stays, for them too.
    #[must_use]
    pub fn leading_back(mut self, back: NextStep) -> Self {
        self.back = Some(Box::new(back));
        self
    }

    /// Marks that the provider refused our own credentials.
    #[must_use]
    pub fn refusing_credentials(mut self, refused: bool) -> Self {
        self.credentials_refused = refused;
        self
    }

    /// Marks what whoever asks can bring about at will: no alarm may rest on it, and no deployment
    /// be turned back by it.
    #[must_use]
    pub fn provoked(mut self, provoked: bool) -> Self {
        self.provoked = provoked;
        self
    }

    /// Whether it is a fault of this service or of a provider.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        self.code.status() >= 500 && !self.provoked
    }

    /// The tables or the secret store failed; `cause` goes to the log.
    pub fn storage_unavailable(cause: impl fmt::Display) -> Self {
        Self::of(Code::StorageUnavailable).caused_by(cause)
    }

    /// Configuration is unusable; `cause` names the variable, never its value.
    pub fn misconfigured(cause: impl fmt::Display) -> Self {
        Self::of(Code::Misconfigured).caused_by(cause)
    }

    /// A needed parameter is absent or empty.
    #[must_use]
    pub fn missing_parameter(name: &str) -> Self {
        Self::new(Code::MissingParameter, format!("The parameter '{name}' is missing. Please start again."))
    }

    /// A parameter can't be read.
    #[must_use]
    pub fn malformed_parameter(name: &str) -> Self {
        Self::new(Code::MalformedParameter, format!("The parameter '{name}' can't be read. Please start again."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_whoever_asks_can_bring_about_is_no_fault() {
        let of = |code| Error::of(code);
        assert!(of(Code::ProviderError).is_fault() && of(Code::Misconfigured).is_fault());
        assert!(!of(Code::ProviderError).provoked(true).is_fault() && !of(Code::TooManyAttempts).is_fault());
    }

    #[test]
    fn statuses_are_those_of_the_contract() {
        for (code, status) in [
            (Code::InvalidShop, 400),
            (Code::UsedState, 400),
            (Code::TokenExchangeFailed, 400),
            (Code::AccessDenied, 403),
            (Code::HeldElsewhere, 409),
            (Code::TooManyAttempts, 429),
            (Code::Misconfigured, 500),
            (Code::ProviderError, 502),
            (Code::StorageUnavailable, 503),
            (Code::ProviderTimeout, 504),
        ] {
            assert_eq!(code.status(), status, "{}", code.as_str());
        }
    }
}
