//! Marks: how a log tells which account's tokens were given out without naming it. Whoever has the secrets and knows an account can compute its mark; nobody else can, and nothing
//! leads from a mark to its account.
//!
//! ```text
//! HMAC-SHA256(HKDF-SHA256(encryption key, "messenger-link/given-out/v1"), platform 0x00 account), the first 8 bytes in hexadecimal
//! ```
//!
//! The key follows from the encryption key: whoever writes these lines holds that one anyway, its id says which it was, and an old one is kept as long as a backup
//! needs it (35 days), which is longer than logs are kept by default. The secret of states would be dropped within the hour, and let its holder forge sign-ins.

use zeroize::Zeroizing;

use crate::signing::{hex, hmac_sha256};
use crate::{Error, Vars, encryption::KeyRing};

const PURPOSE: &str = "messenger-link/given-out/v1";
/// Of the 32. Among ten million accounts two share a mark with a chance of one in a million.
const LENGTH: usize = 8;

/// Makes marks.
#[derive(Clone)]
pub struct Marker {
    id: String,
    key: Zeroizing<[u8; 32]>,
}

impl Marker {
    /// With the key that seals, from `TOKEN_ENCRYPTION_KEYS`.
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
mod tests {
    use super::*;

    fn markers(keys: &str) -> Vec<Marker> {
        Marker::all(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", keys)])).unwrap()
    }

    #[test]
    fn a_mark_is_the_same_as_others_compute_it_and_each_key_has_its_own() {
        let (a, b) = (format!("k1:{}=", "A".repeat(43)), format!("k2:{}=", "B".repeat(42) + "A"));
        let [first, second] = markers(&format!("{a},{b}")).try_into().unwrap();
        assert_eq!((first.id(), second.id()), ("k1", "k2"));
        // Python: hmac over the key of HKDF-Expand(HMAC(32 zero bytes, 32 zero bytes), purpose, 32).
        assert_eq!(first.mark("shopify", "acme.myshopify.com"), "ed1eec7919215021");
        assert_eq!(first.mark("facebook", "123456789012345"), "a1577b428eb2b65d");
        assert_ne!(first.mark("facebook", "1"), second.mark("facebook", "1"));
        assert_ne!(first.mark("facebook", "1"), first.mark("shopify", "1"));
        let by_vars = Marker::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", format!("{b},{a}").as_str())])).unwrap();
        assert_eq!((by_vars.id(), by_vars.mark("facebook", "1")), ("k2", second.mark("facebook", "1")));
        assert_eq!(format!("{first:?}"), "Marker { id: \"k1\", .. }");
    }
}
