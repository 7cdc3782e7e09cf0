//! Marks: how the log says which account's tokens were given out without naming it. With the
//! secrets and the account one can compute its mark; without them nobody can, and a mark does not
//! reveal its account.
//!
//! ```text
//! HMAC-SHA256(HKDF-SHA256(encryption key, "messenger-link/given-out/v1"),
//!             platform 0x00 account), the first 8 bytes in hexadecimal
//! ```
//!
//! The key is derived from the encryption key: the function that logs marks has that key anyway,
//! its id says which one it was, and an old one is kept as long as a backup needs it (35 days),
//! longer than logs are kept by default. The state secret would be dropped within the hour, and
//! would let its holder forge sign-ins.

use zeroize::Zeroizing;

use crate::signing::{hex, hmac_sha256};
use crate::{Error, Vars, encryption::KeyRing};

const PURPOSE: &str = "messenger-link/given-out/v1";
/// Of the 32 bytes. The chance that any two of ten million accounts share a mark is one in a
/// million.
const LENGTH: usize = 8;

/// Makes marks.
#[derive(Clone)]
pub struct Marker {
    id: String,
    key: Zeroizing<[u8; 32]>,
}

impl Marker {
    /// With the encrypting key of `TOKEN_ENCRYPTION_KEYS`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars) -> Result<Self, Error> {
        Self::all(vars)?.into_iter().next().ok_or_else(|| Error::misconfigured("TOKEN_ENCRYPTION_KEYS is empty"))
    }

    /// With each of the keys.
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
