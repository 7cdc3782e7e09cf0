//! Randomness from the operating system, and nothing else.

use rand::{TryRng as _, rngs::SysRng};

use crate::Error;

/// `N` random bytes.
///
/// # Errors
/// [`Code::StorageUnavailable`](crate::Code) if the operating system has none: nothing may proceed
/// with a guess.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|e| Error::storage_unavailable(format!("no randomness from the operating system: {e}")))?;
    Ok(bytes)
}

/// A new version 4 UUID (RFC 9562, section 5.4).
///
/// # Errors
/// As [`bytes`].
pub fn uuid() -> Result<uuid::Uuid, Error> {
    Ok(uuid::Builder::from_random_bytes(bytes()?).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_uuid_is_random_and_unique() {
        let (one, other) = (uuid().unwrap(), uuid().unwrap());
        assert_ne!(one, other);
        assert_eq!((one.get_version_num(), other.get_version_num()), (4, 4));
    }
}
