use super::*;
use proptest::prelude::*;

fn ring(text: &str) -> Result<KeyRing, Error> {
    KeyRing::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", text)]))
}

fn key(id: &str, byte: u8) -> String {
    format!("{id}:{}", base64::prelude::BASE64_STANDARD.encode([byte; 32]))
}

const PLACE: Place<'static> =
    Place { user_uuid: Uuid::from_bytes([1; 16]), platform: "shopify", account: "acme.myshopify.com", attribute: "access_token" };

#[test]
fn a_value_opens_only_in_its_place() {
    let ring = ring(&key("a", 1)).unwrap();
    let sealed = ring.seal(PLACE, &Secret::new("shpat_1")).unwrap();
    assert_eq!(ring.open(PLACE, &sealed).unwrap().expose(), "shpat_1");
    for other in [
        Place { user_uuid: Uuid::from_bytes([2; 16]), ..PLACE },
        Place { platform: "facebook", ..PLACE },
        Place { account: "acme2.myshopify.com", ..PLACE },
        Place { attribute: "refresh_token", ..PLACE },
    ] {
        assert_eq!(ring.open(other, &sealed).unwrap_err(), OpenError::Corrupt);
    }
    assert_ne!(sealed, ring.seal(PLACE, &Secret::new("shpat_1")).unwrap());
}

#[test]
fn the_first_key_seals_and_all_open() {
    let old = ring(&key("a", 1)).unwrap();
    let both = ring(&format!("{},{}", key("b", 2), key("a", 1))).unwrap();
    let sealed = old.seal(PLACE, &Secret::new("t")).unwrap();
    assert_eq!(both.open(PLACE, &sealed).unwrap().expose(), "t");
    let resealed = both.seal(PLACE, &Secret::new("t")).unwrap();
    assert!(both.needs_resealing(&sealed) && !both.needs_resealing(&resealed) && !both.needs_resealing(b"noise"));
    assert_eq!(old.open(PLACE, &resealed).unwrap_err(), OpenError::UnknownKey("b".to_owned()));
    assert_eq!((key_id(&sealed), key_id(&resealed), key_id(b"noise")), (Some("a"), Some("b"), None));
}

#[test]
fn unusable_rings_are_refused() {
    for text in [
        "",
        "a",
        "a:AAAA",
        &format!("{0},{0}", key("a", 1)),
        &key("a b", 1),
        &key("", 1),
        &format!("a:{}", base64::prelude::BASE64_STANDARD.encode([1; 31])),
    ] {
        assert!(ring(text).is_err(), "{text}");
    }
    assert_eq!(format!("{:?}", ring(&key("k1", 1)).unwrap()), "[\"k1\"]");
}

proptest! {
    #[test]
    fn opening_is_total_and_every_bit_counts(noise in prop::collection::vec(any::<u8>(), 0..80), bit in any::<prop::sample::Index>()) {
        let ring = ring(&key("a", 1)).unwrap();
        prop_assert!(ring.open(PLACE, &noise).is_err());
        let mut sealed = ring.seal(PLACE, &Secret::new("shpat_1")).unwrap();
        let bit = bit.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(ring.open(PLACE, &sealed).is_err());
    }
}
