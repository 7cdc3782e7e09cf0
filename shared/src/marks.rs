//! Marks: how a log says which account's tokens were handed out without naming it. Those who have
//! the secrets and know an account can compute its mark; nobody else can, and a mark can't be
//! traced back to its account.
//!
//! ```text
//! HMAC-SHA256(HKDF-SHA256(encryption key, "messenger-link/given-out/v1"),
//!             platform 0x00 account), the first 8 bytes in hexadecimal
//! ```
//!
//! The key is derived from the encryption key: whatever writes these lines already has that key,
//! its id says which one it was, and old ones are kept as long as a backup needs them (35 days),
//! longer than the default retention of logs. The state secret would be dropped within the hour,
//! and would let its holder forge sign-ins.

use zeroize::Zeroizing;

use crate::signing::{hex, hmac_sha256};
use crate::{Error, Vars, encryption::KeyRing};

const PURPOSE: &str = "messenger-link/given-out/v1";
/// Of the 32 bytes. Among ten million accounts, two share a mark with a probability of one in a
/// million.
const LENGTH: usize = 8;

/// Makes marks.
#[derive(Clone)]
pub struct Marker {
    id: String,
    key: Zeroizing<[u8; 32]>,
}

impl Marker {
    /// A marker with the sealing key of `TOKEN_ENCRYPTION_KEYS`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars) -> Result<Self, Error> {
        Self::all(vars)?.into_iter().next().ok_or_else(|| Error::misconfigured("TOKEN_ENCRYPTION_KEYS is empty"))
    }

    /// A marker for each of the keys.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn all(vars: &Vars) -> Result<Vec<Self>, Error> {
        let ring = KeyRing::from_vars(vars)?;
        Ok(ring.derived(PURPOSE).map(|(id, key)| Self { id: id.to_owned(), key }).collect())
    }

    /// The id of the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The mark of an account: a store's domain or a Page's id.
    #[must_use]
    pub fn mark(&self, platform: &str, account: &str) -> String {
        let hash = hmac_sha256(self.key.as_ref(), &[platform.as_bytes(), &[0], account.as_bytes()]);
        let (mark, _) = hash.split_at(LENGTH);
        hex(mark)
    }
}

impl std::fmt::Debug for Marker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Marker").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
