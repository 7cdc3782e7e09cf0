//! Tokens at rest: AES-256-GCM with a key per account and a key ring for rotation.
//!
//! A sealed value is one binary attribute:
//!
//! ```text
//! version 1 | key id length 1 | key id | nonce 12 | ciphertext and tag
//! ```
//!
//! The key is derived (HKDF-SHA256) from the ring's key for one platform and account. The
//! associated data bind UUID, platform, account and attribute, so a value moved to another place
//! does not open.

use std::fmt;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{Error, Secret, Vars, random, signing::derive_key};

const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 12;

/// `TOKEN_ENCRYPTION_KEYS`: the first key seals, all open.
#[derive(Clone)]
pub struct KeyRing(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: String,
    bytes: Zeroizing<[u8; 32]>,
}

/// Where a value belongs. Two places never share a key and associated data.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The identity.
    pub user_uuid: Uuid,
    /// The platform's name.
    pub platform: &'a str,
    /// The account at the platform: a shop's domain, a Page's or a person's id.
    pub account: &'a str,
    /// The attribute's name.
    pub attribute: &'a str,
}

/// Why a value does not open.
#[derive(Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Its key, given by id, is not on this ring: it may be newer than the secrets that this
    /// instance has read.
    UnknownKey(String),
    /// It was not sealed for this place.
    Corrupt,
}

impl KeyRing {
    /// Reads `TOKEN_ENCRYPTION_KEYS`.
    ///
    /// # Errors
    /// `misconfigured` unless it is `ID:BASE64(32 bytes)[,…]` with distinct ids of letters, digits,
    /// `-`, `_` and `.`.
    pub fn from_vars(vars: &Vars) -> Result<Self, Error> {
        const NAME: &str = "TOKEN_ENCRYPTION_KEYS";
        let unusable = || Error::misconfigured(format!("{NAME} has an unusable value"));
        let text = vars.secret(NAME)?;
        let mut keys: Vec<Key> = Vec::new();
        for entry in text.expose().split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let key = Key::parse(entry).ok_or_else(unusable)?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(unusable());
            }
            keys.push(key);
        }
        if keys.is_empty() { Err(unusable()) } else { Ok(Self(keys)) }
    }

    /// Seals `plaintext` for `place` with the first key and a fresh nonce.
    ///
    /// # Errors
    /// `storage_unavailable` without randomness.
    pub fn seal(&self, place: Place<'_>, plaintext: &Secret) -> Result<Vec<u8>, Error> {
        let key = self.0.first().ok_or_else(|| Error::misconfigured("TOKEN_ENCRYPTION_KEYS is empty"))?;
        let nonce: [u8; NONCE_LENGTH] = random::bytes()?;
        let payload = Payload { msg: plaintext.expose().as_bytes(), aad: &place.associated_data() };
        let ciphertext = key
            .cipher(place)
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Error::storage_unavailable("a token could not be sealed"))?;
        let id_length = u8::try_from(key.id.len()).map_err(|_| Error::misconfigured("TOKEN_ENCRYPTION_KEYS has a long id"))?;
        Ok([&[VERSION, id_length], key.id.as_bytes(), &nonce, &ciphertext].concat())
    }

    /// The id of the sealing key.
    #[must_use]
    pub fn sealing_id(&self) -> &str {
        self.0.first().map_or("", |key| &key.id)
    }

    /// From each key of the ring, with its id, a key for another purpose; the sealing key comes
    /// first.
    pub fn derived(&self, purpose: &str) -> impl Iterator<Item = (&str, Zeroizing<[u8; 32]>)> {
        self.0.iter().map(move |key| (key.id.as_str(), derive_key(key.bytes.as_ref(), purpose)))
    }

    /// Whether a value was sealed with a key other than the one for new writes. False for an
    /// unreadable value.
    #[must_use]
    pub fn needs_resealing(&self, sealed: &[u8]) -> bool {
        matches!((parts(sealed), self.0.first()), (Some((id, ..)), Some(first)) if id != first.id)
    }

    /// Opens a value sealed for `place`.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Secret, OpenError> {
        let (id, nonce, ciphertext) = parts(sealed).ok_or(OpenError::Corrupt)?;
        let key = self.0.iter().find(|key| key.id == id).ok_or_else(|| OpenError::UnknownKey(id.to_owned()))?;
        let payload = Payload { msg: ciphertext, aad: &place.associated_data() };
        let plaintext = Zeroizing::new(key.cipher(place).decrypt(&Nonce::from(*nonce), payload).map_err(|_| OpenError::Corrupt)?);
        std::str::from_utf8(&plaintext).map(Secret::new).map_err(|_| OpenError::Corrupt)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

impl Key {
    fn parse(entry: &str) -> Option<Self> {
        let (id, encoded) = entry.split_once(':')?;
        let valid = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let decoded = Zeroizing::new(base64::prelude::BASE64_STANDARD.decode(encoded).ok()?);
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(decoded.as_slice()).ok()?);
        valid.then(|| Self { id: id.to_owned(), bytes })
    }

    fn cipher(&self, place: Place<'_>) -> Aes256Gcm {
        let key = derive_key(self.bytes.as_ref(), &format!("messenger-link/token/v1/{}/{}", place.platform, place.account));
        Aes256Gcm::new((&*key).into())
    }
}

impl Place<'_> {
    /// Each part is prefixed with its length, so that no two places coincide.
    fn associated_data(&self) -> Vec<u8> {
        let mut data = self.user_uuid.as_bytes().to_vec();
        for part in [self.platform, self.account, self.attribute] {
            data.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }
}

/// Seals with a key that is not on the ring, made for this one use: version 1 | nonce 12 |
/// ciphertext and tag.
///
/// # Errors
/// `storage_unavailable` without randomness.
pub fn seal_with(key: &[u8; 32], plaintext: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce: [u8; NONCE_LENGTH] = random::bytes()?;
    let ciphertext = Aes256Gcm::new(key.into()).encrypt(&Nonce::from(nonce), plaintext);
    let ciphertext = ciphertext.map_err(|_| Error::storage_unavailable("something could not be sealed"))?;
    Ok([&[VERSION][..], &nonce, &ciphertext].concat())
}

/// Opens what [`seal_with`] sealed with this key; none for anything else.
#[must_use]
pub fn open_with(key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    let (&[version], rest) = sealed.split_first_chunk::<1>()?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LENGTH>()?;
    if version != VERSION {
        return None;
    }
    Aes256Gcm::new(key.into()).decrypt(&Nonce::from(*nonce), ciphertext).ok()
}

/// The id of the key that sealed a value; none if unreadable.
#[must_use]
pub fn key_id(sealed: &[u8]) -> Option<&str> {
    parts(sealed).map(|(id, ..)| id)
}

fn parts(sealed: &[u8]) -> Option<(&str, &[u8; NONCE_LENGTH], &[u8])> {
    let (&[version, id_length], rest) = sealed.split_first_chunk::<2>()?;
    let (id, rest) = rest.split_at_checked(usize::from(id_length))?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LENGTH>()?;
    (version == VERSION).then_some((std::str::from_utf8(id).ok()?, nonce, ciphertext))
}

#[cfg(test)]
mod tests;
