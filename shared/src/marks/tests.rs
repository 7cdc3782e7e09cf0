use super::*;

fn markers(keys: &str) -> Vec<Marker> {
    Marker::all(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", keys)])).unwrap()
}

#[test]
fn a_mark_matches_an_independent_computation_and_each_key_has_its_own() {
    let (a, b) = (format!("k1:{}=", "A".repeat(43)), format!("k2:{}=", "B".repeat(42) + "A"));
    let [first, second] = markers(&format!("{a},{b}")).try_into().unwrap();
    assert_eq!((first.id(), second.id()), ("k1", "k2"));
    // Python: hmac with the key HKDF-Expand(HMAC(32 zero bytes, 32 zero bytes), purpose, 32).
    assert_eq!(first.mark("shopify", "acme.myshopify.com"), "ed1eec7919215021");
    assert_eq!(first.mark("facebook", "123456789012345"), "a1577b428eb2b65d");
    assert_ne!(first.mark("facebook", "1"), second.mark("facebook", "1"));
    assert_ne!(first.mark("facebook", "1"), first.mark("shopify", "1"));
    let by_vars = Marker::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", format!("{b},{a}").as_str())])).unwrap();
    assert_eq!((by_vars.id(), by_vars.mark("facebook", "1")), ("k2", second.mark("facebook", "1")));
    assert_eq!(format!("{first:?}"), "Marker { id: \"k1\", .. }");
}
