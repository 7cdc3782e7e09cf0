//! The `state` of an OAuth flow (RFC 6749, section 10.12; RFC 9700, section 4.7): signed, so that beginning a flow needs no database.
//!
//! Form, as one base64url text (only letters, digits, `-` and `_`, since Shopify signs the state it echoes and implementations
//! disagree about escaping):
//!
//! ```text
//! version 1 | platform length 1 | platform | issued at 8 | nonce 16 | browser hash 32 | extra (rest) | HMAC-SHA256 32
//! ```
//!
//! Numbers are big-endian. The key is derived per platform, so a state of one platform never verifies for another.

use crate::{Secret, UnixSeconds};

use super::{SecretPair, base64url, derive_key, equal, from_base64url, hmac_sha256};

const VERSION: u8 = 1;
const MAC_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 16;
const BROWSER_LENGTH: usize = 32;
/// Longer than any state this service issues: a shop's domain is at most 77 characters.
const MAX_LENGTH: usize = 512;

/// What a state says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// When the flow began.
    pub issued_at: UnixSeconds,
    /// Names this flow and no other.
    pub nonce: [u8; NONCE_LENGTH],
    /// Hash of the cookie of the browser in which the flow began.
    pub browser: [u8; BROWSER_LENGTH],
    /// What the platform wants to find again.
    pub extra: Vec<u8>,
}

/// A state whose signature holds, and the secret under which it does.
#[derive(Debug)]
pub struct Verified<'a> {
    /// What it says.
    pub state: State,
    /// The secret that signed it: what else was derived from it for this flow must be derived from the same.
    pub secret: &'a Secret,
}

/// Why a state was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateError {
    /// Not in the form above.
    Malformed,
    /// No known key of this platform signed it.
    Invalid,
}

impl State {
    /// The signed text.
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

    /// Reads and verifies a text; total over any input.
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(current: &str, previous: Option<&str>) -> SecretPair {
        SecretPair { current: Secret::new(current), previous: previous.map(Secret::new) }
    }

    fn state() -> State {
        State { issued_at: 1_700_000_000, nonce: [7; 16], browser: [9; 32], extra: b"acme.myshopify.com".to_vec() }
    }

    #[test]
    fn a_state_of_another_platform_is_refused() {
        let secrets = pair("one", None);
        let text = state().sign("shopify", &secrets.current);
        assert_eq!(State::verify(&text, "shopify", &secrets).unwrap().state, state());
        assert_eq!(State::verify(&text, "facebook", &secrets).unwrap_err(), StateError::Invalid);
    }

    #[test]
    fn the_previous_secret_still_verifies_and_is_named() {
        let text = state().sign("shopify", &Secret::new("old"));
        let secrets = pair("new", Some("old"));
        assert_eq!(State::verify(&text, "shopify", &secrets).unwrap().secret.expose(), "old");
        assert_eq!(State::verify(&text, "shopify", &pair("new", None)).unwrap_err(), StateError::Invalid);
    }

    #[test]
    fn a_state_may_be_as_long_as_the_limit_and_no_longer() {
        let secrets = pair("one", None);
        // The rest of a state of this platform is 97 bytes, and 3 bytes are 4 characters.
        let text = |extra| State { extra: vec![7; extra], ..state() }.sign("shopify", &secrets.current);
        let longest = text(MAX_LENGTH / 4 * 3 - 97);
        assert_eq!(longest.len(), MAX_LENGTH);
        assert!(State::verify(&longest, "shopify", &secrets).is_ok());
        for longer in [text(MAX_LENGTH / 4 * 3 - 96), text(MAX_LENGTH)] {
            assert_eq!(State::verify(&longer, "shopify", &secrets).unwrap_err(), StateError::Malformed);
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_typed_answer(text in "\\PC{0,600}") {
            prop_assert!(State::verify(&text, "shopify", &pair("one", Some("two"))).is_err());
        }

        #[test]
        fn any_bytes_give_a_typed_answer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(State::verify(&base64url(&bytes), "shopify", &pair("one", None)).is_err());
        }

        #[test]
        fn only_url_safe_characters_and_every_bit_counts(extra in prop::collection::vec(any::<u8>(), 0..80), bit in any::<prop::sample::Index>()) {
            let state = State { extra, ..state() };
            let secrets = pair("one", None);
            let text = state.sign("facebook", &secrets.current);
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            prop_assert_eq!(&State::verify(&text, "facebook", &secrets).unwrap().state, &state);
            let mut bytes = from_base64url(&text).unwrap();
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(State::verify(&base64url(&bytes), "facebook", &secrets).is_err());
        }
    }
}
