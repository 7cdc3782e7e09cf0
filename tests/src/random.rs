//! Chance for identifiers and local secrets.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::TryRng as _;
use uuid::Uuid;

/// Bytes from the operating system.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).expect("the operating system has randomness");
    bytes
}

/// A random UUID.
pub fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes()).into_uuid()
}

/// 256 random bits, in characters that need no escaping anywhere.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// 256 random bits in the base64 that the encryption keys are written in.
pub fn key() -> String {
    STANDARD.encode(bytes::<32>())
}

/// `N` bytes as hexadecimal digits.
pub fn hex<const N: usize>() -> String {
    bytes::<N>().iter().map(|byte| format!("{byte:02x}")).collect()
}
