//! HMAC-SHA256, and keys derived for one purpose each. Handles bytes, not their meaning.

pub mod csrf;
pub mod state;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::Secret;

/// HMAC-SHA256 (RFC 2104) over the concatenated parts.
#[must_use]
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC accepts keys of any length, so the error branch is never taken; an all-zero tag would
    // verify nothing of value.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// SHA-256 over a label and a value, so that hashes for different uses never coincide.
#[must_use]
pub fn labelled_sha256(label: &str, value: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(label.as_bytes());
    hash.update([0]);
    hash.update(value);
    hash.finalize().into()
}

/// Equality in time that depends only on the lengths.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// A 256-bit key for one purpose (HKDF-SHA256, RFC 5869; `purpose` is the info), so that values
/// made for one use never verify for another.
#[must_use]
pub fn derive_key(secret: &[u8], purpose: &str) -> zeroize::Zeroizing<[u8; 32]> {
    let mut key = zeroize::Zeroizing::new([0; 32]);
    // 32 bytes is far below HKDF's limit of 255 blocks, so expanding can't fail.
    let _ = Hkdf::<Sha256>::new(None, secret).expand(purpose.as_bytes(), key.as_mut());
    key
}

/// The current secret and, during rotation, the previous one: the first signs, both verify.
#[derive(Clone, Debug)]
pub struct SecretPair {
    /// Signs and verifies.
    pub current: Secret,
    /// Verifies only.
    pub previous: Option<Secret>,
}

impl SecretPair {
    /// The secrets that may verify, newest first.
    pub fn all(&self) -> impl Iterator<Item = &Secret> {
        std::iter::once(&self.current).chain(&self.previous)
    }

    /// Whether one of them signed a message with this tag (HMAC-SHA256). All are tried, so that the
    /// timing does not reveal which one it was. An empty secret would verify messages that anybody
    /// can sign.
    #[must_use]
    pub fn signed(&self, message: &[u8], tag: &[u8]) -> bool {
        let signed = |secret: &Secret| !secret.expose().is_empty() && equal(&hmac_sha256(secret.expose().as_bytes(), &[message]), tag);
        self.all().fold(false, |found, secret| found | signed(secret))
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from_digit(digit.into(), 16).unwrap_or_default()).collect()
}

/// Base64 for URLs without padding (RFC 4648, section 5).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes [`base64url`]. Refuses padding and non-canonical trailing bits, so that each value has
/// one spelling.
#[must_use]
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_matches_a_published_value() {
        assert_eq!(hex(&hmac_sha256(b"key", &[b"mess", b"age"])), "6e9ef29b75fffc5b7abae527d58fdadb2fe42e7219011976917343065f58ed4a");
    }

    #[test]
    fn keys_of_two_purposes_differ() {
        assert_ne!(*derive_key(b"secret", "a"), *derive_key(b"secret", "b"));
        assert_ne!(labelled_sha256("a", b"x"), labelled_sha256("b", b"x"));
    }

    #[test]
    fn base64url_has_one_spelling() {
        assert_eq!(from_base64url("AA"), Some(vec![0]));
        assert_eq!(from_base64url("AB"), None);
        assert_eq!(from_base64url("AA=="), None);
    }
}
