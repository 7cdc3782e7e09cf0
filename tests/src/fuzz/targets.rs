//! What is fuzzed, and what has to be true whatever comes.

mod messages;
mod signed;
mod text;

use shared::Secret;
use shared::signing::SecretPair;

use super::Target;

/// All of them.
pub const TARGETS: [Target; 6] =
    [signed::SIGNED_REQUEST, signed::WEBHOOK, messages::DELIVERY, signed::STATE, text::COOKIES, text::CALLBACK];

const CURRENT: &str = "the-current-secret-of-the-fuzzed-service";
const PREVIOUS: &str = "the-secret-before-the-current-one-of-it";
const NOW: u64 = 1_790_000_000;

fn secrets() -> SecretPair {
    SecretPair { current: Secret::new(CURRENT), previous: Some(Secret::new(PREVIOUS)) }
}

/// A text, or as much of one as there is.
fn text_of(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

/// The same bytes with one bit changed.
fn changed(bytes: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let at = bytes.len() / 2;
    if let Some(byte) = changed.get_mut(at) {
        *byte ^= 1;
    }
    changed
}
