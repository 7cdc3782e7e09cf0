use super::*;
use proptest::prelude::*;

fn token(secrets: &SecretPair, session: &[u8; 32]) -> String {
    FORMS.token(secrets, session)
}

fn moving_token(secrets: &SecretPair, session: &[u8; 32]) -> String {
    MOVING.token(secrets, session)
}

fn verify(secrets: &SecretPair, session: &[u8; 32], presented: &str) -> bool {
    FORMS.verify(secrets, session, presented)
}

fn verify_moving(secrets: &SecretPair, session: &[u8; 32], presented: &str) -> bool {
    MOVING.verify(secrets, session, presented)
}

fn pair(current: &str, previous: Option<&str>) -> SecretPair {
    SecretPair { current: Secret::new(current), previous: previous.map(Secret::new) }
}

#[test]
fn a_token_is_valid_while_its_secret_verifies() {
    let session = [7; 32];
    let old = token(&pair("old", None), &session);
    assert_eq!(old.len(), 43);
    assert!(verify(&pair("old", None), &session, &old) && verify(&pair("new", Some("old")), &session, &old));
    assert!(!verify(&pair("new", None), &session, &old));
    assert_eq!(token(&pair("new", Some("old")), &session), token(&pair("new", None), &session), "the current secret makes it");
}

#[test]
fn a_token_is_made_with_a_key_of_its_own() {
    let session = [7; 32];
    let made = token(&pair("secret", None), &session);
    assert_ne!(made, base64url(&hmac_sha256(b"secret", &[&session])));
    for purpose in
        ["messenger-link/state/v1/shopify", "messenger-link/state/v1/facebook", "messenger-link/pkce/v1", "messenger-link/deletion/v1"]
    {
        assert_ne!(made, base64url(&hmac_sha256(derive_key(b"secret", purpose).as_ref(), &[&session])), "{purpose}");
    }
}

#[test]
fn neither_token_works_for_the_others_purpose() {
    let (secrets, session) = (pair("new", Some("old")), [7; 32]);
    let (forms, moving) = (token(&secrets, &session), moving_token(&secrets, &session));
    assert!(verify_moving(&secrets, &session, &moving) && verify_moving(&secrets, &session, &moving_token(&pair("old", None), &session)));
    assert!(!verify(&secrets, &session, &moving) && !verify_moving(&secrets, &session, &forms));
    assert!(!verify_moving(&secrets, &[8; 32], &moving) && !verify_moving(&secrets, &session, ""));
}

#[test]
fn the_same_secret_in_both_places_is_one_secret() {
    let secrets = pair("same", Some("same"));
    assert!(verify(&secrets, &[7; 32], &token(&secrets, &[7; 32])));
}

proptest! {
    #[test]
    fn no_other_sessions_token_verifies(a in any::<[u8; 32]>(), b in any::<[u8; 32]>(), secret in ".{1,40}") {
        let secrets = pair(&secret, Some("previous"));
        prop_assert!(verify(&secrets, &a, &token(&secrets, &a)));
        prop_assert_eq!(verify(&secrets, &a, &token(&secrets, &b)), a == b);
    }

    #[test]
    fn every_character_counts(session in any::<[u8; 32]>(), at in any::<prop::sample::Index>(), with in any::<char>()) {
        let secrets = pair("secret", None);
        let made = token(&secrets, &session);
        let mut changed: Vec<char> = made.chars().collect();
        let at = at.index(changed.len());
        let before = std::mem::replace(&mut changed[at], with);
        prop_assert_eq!(verify(&secrets, &session, &changed.iter().collect::<String>()), before == with);
        let (shorter, longer) = (&made[..made.len() - 1], format!("{made}="));
        prop_assert!(!verify(&secrets, &session, shorter) && !verify(&secrets, &session, &longer));
    }

    #[test]
    fn any_text_is_judged(session in any::<[u8; 32]>(), text in ".*") {
        prop_assert!(!verify(&pair("secret", None), &session, &text));
    }
}
