//! The `state` of an OAuth flow (RFC 6749, section 10.12; RFC 9700, section 4.7): signed, so that
//! beginning a flow needs no database.
//!
//! The form is one base64url text (only letters, digits, `-` and `_`, because Shopify signs the
//! state it echoes and implementations disagree about escaping):
//!
//! ```text
//! version 1 | platform length 1 | platform | issued at 8 | nonce 16 | browser hash 32
//! | extra (rest) | HMAC-SHA256 32
//! ```
//!
//! Numbers are big-endian. The key is derived per platform, so one platform's state never verifies
//! for another.

use crate::{Secret, UnixSeconds};

use super::{SecretPair, base64url, derive_key, equal, from_base64url, hmac_sha256};

const VERSION: u8 = 1;
const MAC_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 16;
const BROWSER_LENGTH: usize = 32;
/// Longer than any state this service issues: a shop's domain is at most 77 characters.
const MAX_LENGTH: usize = 512;

/// The content of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// When the flow began.
    pub issued_at: UnixSeconds,
    /// Identifies this flow.
    pub nonce: [u8; NONCE_LENGTH],
    /// Hash of the cookie of the browser in which the flow began.
    pub browser: [u8; BROWSER_LENGTH],
    /// What the platform wants back.
    pub extra: Vec<u8>,
}

/// A state with a valid signature, and the secret that signed it.
#[derive(Debug)]
pub struct Verified<'a> {
    /// Its content.
    pub state: State,
    /// The secret that signed it: everything else derived for this flow must be derived from the
    /// same one.
    pub secret: &'a Secret,
}

/// Why a state was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateError {
    /// Not in the form above.
    Malformed,
    /// Not signed by a known key of this platform.
    Invalid,
}

impl State {
    /// Signs and encodes it.
    #[must_use]
    pub fn sign(&self, platform: &str, secret: &Secret) -> String {
        let platform_length = u8::try_from(platform.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![VERSION, platform_length];
        bytes.extend_from_slice(platform.as_bytes());
        bytes.extend_from_slice(&self.issued_at.to_be_bytes());
        bytes.extend_from_slice(&self.nonce);
        bytes.extend_from_slice(&self.browser);
        bytes.extend_from_slice(&self.extra);
        let mac = mac(platform, secret, &bytes);
        bytes.extend_from_slice(&mac);
        base64url(&bytes)
    }

    /// Parses and verifies a text; total over any input.
    ///
    /// # Errors
    /// [`StateError`]; another platform's state is [`StateError::Invalid`].
    pub fn verify<'a>(text: &str, platform: &str, secrets: &'a SecretPair) -> Result<Verified<'a>, StateError> {
        if text.len() > MAX_LENGTH {
            return Err(StateError::Malformed);
        }
        let bytes = from_base64url(text).ok_or(StateError::Malformed)?;
        let (signed, tag) = bytes.split_last_chunk::<MAC_LENGTH>().ok_or(StateError::Malformed)?;
        let (state, named) = Self::read(signed).ok_or(StateError::Malformed)?;
        let secret = secrets.all().find(|secret| equal(&mac(platform, secret, signed), tag)).ok_or(StateError::Invalid)?;
        if named != platform.as_bytes() {
            return Err(StateError::Invalid);
        }
        Ok(Verified { state, secret })
    }

    fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (&[version, platform_length], rest) = bytes.split_first_chunk::<2>()?;
        if version != VERSION {
            return None;
        }
        let (platform, rest) = rest.split_at_checked(usize::from(platform_length))?;
        let (issued_at, rest) = rest.split_first_chunk::<8>()?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LENGTH>()?;
        let (browser, extra) = rest.split_first_chunk::<BROWSER_LENGTH>()?;
        let state = Self { issued_at: u64::from_be_bytes(*issued_at), nonce: *nonce, browser: *browser, extra: extra.to_vec() };
        Some((state, platform))
    }
}

fn mac(platform: &str, secret: &Secret, bytes: &[u8]) -> [u8; MAC_LENGTH] {
    let key = derive_key(secret.expose().as_bytes(), &format!("messenger-link/state/v1/{platform}"));
    hmac_sha256(key.as_ref(), &[bytes])
}

#[cfg(test)]
mod tests;
