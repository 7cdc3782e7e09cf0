//! Begins and ends any OAuth flow: the state, and its binding to the browser in which the flow
//! began.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::reply::cookie::{Name, Presented, Token};
use crate::signing::state::{State, StateError};
use crate::signing::{SecretPair, base64url, derive_key, equal, hmac_sha256, labelled_sha256};
use crate::{Clock, Code, Detail, Error, Secret, Vars, calls, metrics, platform::Platform, random, request::Request};

/// How far in the future a state may be: the clocks of two instances differ slightly.
const CLOCK_SKEW: Duration = Duration::from_secs(90);
/// As long as the key derived from it.
const MIN_SECRET_LENGTH: usize = 32;

/// Begins and verifies flows.
#[derive(Clone, Debug)]
pub struct Flow {
    /// `STATE_TOKEN_SECRET` and its predecessor.
    pub secrets: SecretPair,
    /// Whether cookies are set for https.
    pub https: bool,
    /// The source of time.
    pub clock: Clock,
}

/// A flow that has begun.
#[derive(Debug)]
pub struct Begun {
    /// The signed state.
    pub state: String,
    /// PKCE's code challenge, method S256 (RFC 7636, section 4.2), for platforms that take one.
    pub code_challenge: String,
    /// The `Set-Cookie` that binds it to this browser.
    pub cookie: String,
}

/// A state of ours that came back in the browser in which it left.
#[derive(Debug)]
pub struct Returned {
    /// Identifies the flow in the tables.
    pub nonce: [u8; 16],
    /// What the platform put into the state.
    pub extra: Vec<u8>,
    /// PKCE's code verifier (RFC 7636, section 4.1).
    pub code_verifier: Secret,
    /// When the state expires, in Unix seconds.
    pub expires_at: u64,
    expired: bool,
}

/// Reads `STATE_TOKEN_SECRET` and `STATE_TOKEN_SECRET_PREVIOUS`.
///
/// # Errors
/// `misconfigured`.
pub fn state_secrets(vars: &Vars) -> Result<SecretPair, Error> {
    vars.secret_pair("STATE_TOKEN_SECRET", MIN_SECRET_LENGTH)
}

impl Flow {
    /// Reads `STATE_TOKEN_SECRET`; `https` comes from the redirect URI, never from a request.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, https: bool, clock: Clock) -> Result<Self, Error> {
        Ok(Self { secrets: state_secrets(vars)?, https, clock })
    }

    /// Begins a flow in this browser. A browser that has a binding cookie keeps it, so that its
    /// tabs do not break each other's flows; it is sent again to renew its lifetime.
    ///
    /// # Errors
    /// As [`random::bytes`].
    pub fn begin(&self, platform: &'static Platform, request: &Request, extra: Vec<u8>) -> Result<Begun, Error> {
        let browser = match Token::presented(&request.cookies, Name::Browser, self.https) {
            Presented::Token(token) => token,
            Presented::Missing | Presented::Unusable => Token::generate()?,
        };
        calls::on_journey(browser.journey());
        calls::count(metrics::LINKS_STARTED, 1);
        let state = State { issued_at: self.clock.now(), nonce: random::bytes()?, browser: browser.hash(Name::Browser), extra };
        let verifier = code_verifier(&self.secrets.current, &state.nonce);
        Ok(Begun {
            code_challenge: base64url(&Sha256::digest(verifier.expose())),
            state: state.sign(platform.name, &self.secrets.current),
            cookie: browser.set(Name::Browser, self.https),
        })
    }

    /// Verifies the state of a callback, in this order: form, signature, platform, the platform's
    /// own check of `extra`, browser. Its age is checked later, by [`Returned::check_age`].
    ///
    /// # Errors
    /// `malformed_state`, `invalid_state`.
    pub fn verify(
        &self,
        platform: &'static Platform,
        request: &Request,
        text: &str,
        is_right: impl Fn(&[u8]) -> bool,
    ) -> Result<Returned, Error> {
        let elsewhere = || Detail::BegunElsewhere(platform);
        let invalid = |cause: &str| Error::new(Code::InvalidState, elsewhere()).caused_by(cause);
        let verified = State::verify(text, platform.name, &self.secrets).map_err(|error| match error {
            StateError::Malformed => Error::new(Code::MalformedState, elsewhere()),
            StateError::Invalid => invalid("state: signature"),
        })?;
        let state = verified.state;
        if !is_right(&state.extra) {
            return Err(invalid("state: of another account"));
        }
        match Token::presented(&request.cookies, Name::Browser, self.https) {
            Presented::Token(token) if equal(&token.hash(Name::Browser), &state.browser) => {}
            Presented::Token(_) => return Err(invalid("state: of another browser")),
            Presented::Missing => return Err(invalid("state: no browser cookie")),
            Presented::Unusable => return Err(invalid("state: unusable browser cookie")),
        }
        let now = self.clock.now();
        if state.issued_at > now.saturating_add(CLOCK_SKEW.as_secs()) {
            return Err(invalid("state: from the future"));
        }
        let expires_at = state.issued_at.saturating_add(platform.state_lifetime.as_secs());
        Ok(Returned {
            code_verifier: code_verifier(verified.secret, &state.nonce),
            nonce: state.nonce,
            extra: state.extra,
            expires_at,
            expired: now > expires_at,
        })
    }
}

impl Returned {
    /// Refuses a state that is too old.
    ///
    /// # Errors
    /// `expired_state`.
    pub fn check_age(&self) -> Result<(), Error> {
        if self.expired { Err(Error::of(Code::ExpiredState)) } else { Ok(()) }
    }
}

/// Derived from the nonce with a key of its own, so that nothing has to be stored between the two
/// requests.
fn code_verifier(secret: &Secret, nonce: &[u8; 16]) -> Secret {
    let key = derive_key(secret.expose().as_bytes(), "messenger-link/pkce/v1");
    Secret::new(base64url(&hmac_sha256(key.as_ref(), &[nonce])))
}

/// The name under which a nonce may be stored in a table: a hash, because it comes from a state.
#[must_use]
pub fn nonce_key(nonce: &[u8; 16]) -> String {
    base64url(&labelled_sha256("messenger-link/nonce/v1", nonce)[..16])
}

#[cfg(test)]
mod tests;
