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
fn a_state_may_be_as_long_as_the_limit_but_no_longer() {
    let secrets = pair("one", None);
    // The rest of this platform's state is 97 bytes, and 3 bytes are 4 characters.
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
