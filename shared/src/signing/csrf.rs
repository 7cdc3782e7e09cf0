//! The tokens in our forms and in links that move a Page, so that no other site can send those in a
//! merchant's name.
//!
//! Each is derived from the session's cookie with a key for its own purpose, so that nothing is
//! stored, it ends with the session, and a site that can read neither our pages nor the cookie
//! can't know it. A link ends up in histories and is passed on, so its token only allows moving,
//! and the forms' token moves nothing.

use super::{SecretPair, base64url, derive_key, equal, hmac_sha256};
use crate::Secret;

/// What a token allows: the purpose of its key.
#[derive(Clone, Copy, Debug)]
pub struct Purpose(&'static str);

/// The forms of a session.
pub const FORMS: Purpose = Purpose("messenger-link/csrf/v1");
/// A link that moves accounts.
pub const MOVING: Purpose = Purpose("messenger-link/csrf-move/v1");

impl Purpose {
    /// The token for a session; `session` is the hash of its cookie.
    #[must_use]
    pub fn token(self, secrets: &SecretPair, session: &[u8; 32]) -> String {
        made_with(self.0, &secrets.current, session)
    }

    /// Whether this is that session's token. Takes the same time regardless of the mismatch.
    #[must_use]
    pub fn verify(self, secrets: &SecretPair, session: &[u8; 32], presented: &str) -> bool {
        secrets.all().fold(false, |found, secret| found | equal(made_with(self.0, secret, session).as_bytes(), presented.as_bytes()))
    }
}

fn made_with(purpose: &str, secret: &Secret, session: &[u8; 32]) -> String {
    base64url(&hmac_sha256(derive_key(secret.expose().as_bytes(), purpose).as_ref(), &[session]))
}

#[cfg(test)]
mod tests;
