//! Values sealed with a key of the ring, and the one way to open them.
//!
//! The secret may have gained a key that is unknown here. The answer is then always
//! `storage_unavailable` with the key's id, and the function reloads its secrets. A value that does
//! not open with a known key never will.

use uuid::Uuid;

use crate::{
    Error, Secret,
    encryption::{KeyRing, OpenError, Place},
    platform::{AccountId, GrantId, Platform},
    store::table::Sealed,
};

/// A sealed value, as found, opened.
#[derive(Clone, Debug)]
pub enum Kept {
    /// It opens; `old_key` if it is sealed with a key other than the one for new writes.
    Open {
        /// The token.
        token: Secret,
        /// Whether to reseal it.
        old_key: bool,
    },
    /// It was not sealed for this place, and will never open.
    Corrupt,
    /// There is none.
    None,
}

/// Seals with the first key of the ring.
///
/// # Errors
/// `storage_unavailable` without randomness.
pub(in crate::store) fn seal(keys: &KeyRing, place: Place<'_>, secret: &Secret) -> Result<Sealed, Error> {
    keys.seal(place, secret).map(Sealed)
}

/// Opens a value sealed for `place`, if there is one.
///
/// # Errors
/// `storage_unavailable` when its key is not known here (yet).
pub(in crate::store) fn open(keys: &KeyRing, place: Place<'_>, sealed: Option<&Sealed>) -> Result<Kept, Error> {
    let Some(Sealed(sealed)) = sealed else { return Ok(Kept::None) };
    match keys.open(place, sealed) {
        Ok(token) => Ok(Kept::Open { token, old_key: keys.needs_resealing(sealed) }),
        Err(OpenError::Corrupt) => Ok(Kept::Corrupt),
        Err(OpenError::UnknownKey(id)) => {
            let cause = format!("{}: sealed with key {id}, which is not known here", place.attribute);
            Err(Error::storage_unavailable(cause).refusing_credentials(true))
        }
    }
}

/// Where an account's token belongs.
pub(in crate::store) fn place_of_account(user_uuid: Uuid, id: &AccountId) -> Place<'_> {
    place_at(id.kind().platform, user_uuid, id.as_str(), id.kind().sealed)
}

/// Where a grant's token belongs.
pub(in crate::store) fn place_of_grant(user_uuid: Uuid, id: &GrantId) -> Place<'_> {
    place_at(id.kind().platform, user_uuid, id.as_str(), id.kind().sealed)
}

/// Where a platform's value under this id belongs.
pub(in crate::store) const fn place_at<'a>(platform: &Platform, id: Uuid, account: &'a str, attribute: &'a str) -> Place<'a> {
    Place { user_uuid: id, platform: platform.name, account, attribute }
}

impl Kept {
    /// The token, if it opens.
    #[must_use]
    pub const fn token(&self) -> Option<&Secret> {
        if let Self::Open { token, .. } = self { Some(token) } else { None }
    }

    /// The token, if it needs resealing.
    #[must_use]
    pub const fn to_reseal(&self) -> Option<&Secret> {
        if let Self::Open { token, old_key: true } = self { Some(token) } else { None }
    }

    /// The token, if there is one: it must open.
    ///
    /// # Errors
    /// `storage_unavailable` when it does not.
    pub(in crate::store) fn required(self, attribute: &str) -> Result<Option<Secret>, Error> {
        match self {
            Self::Open { token, .. } => Ok(Some(token)),
            Self::None => Ok(None),
            Self::Corrupt => Err(Error::storage_unavailable(format!("{attribute} does not open"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(old_key: bool) -> Kept {
        Kept::Open { token: Secret::new("t"), old_key }
    }

    #[test]
    fn a_token_under_an_old_key_needs_resealing() {
        assert_eq!(kept(true).to_reseal().map(Secret::expose), Some("t"));
        for other in [kept(false), Kept::Corrupt, Kept::None] {
            assert!(other.to_reseal().is_none(), "{other:?}");
        }
    }

    #[test]
    fn an_existing_token_must_open() {
        assert_eq!(kept(false).required("a").unwrap().unwrap().expose(), "t");
        assert!(Kept::None.required("a").unwrap().is_none());
        assert_eq!(Kept::Corrupt.required("a").unwrap_err().cause.as_deref(), Some("a does not open"));
    }
}
