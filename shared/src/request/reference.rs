//! The reference of a request, for people to read out over the phone.

use sha2::{Digest as _, Sha256};

/// No two of them look alike, not even in lower case: no 0 and O, no 1, I and L, and no U beside V.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 3;
const GROUP: usize = 3;

/// The reference for a request id: 44 bits of its hash, in three groups. Among a hundred million
/// requests, the chance that a given reference is shared is one in two hundred thousand.
pub(super) fn of(id: &str) -> Option<String> {
    if id.is_empty() {
        return None;
    }
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(Sha256::digest(format!("messenger-link/reference/v1\0{id}")));
    let mut rest = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    let mut letter = || {
        let (quotient, place) = (rest / 30, rest % 30);
        rest = quotient;
        usize::try_from(place).ok().and_then(|place| LETTERS.get(place)).map_or('2', |letter| char::from(*letter))
    };
    let groups: Vec<String> = (0..GROUPS).map(|_| (0..GROUP).map(|_| letter()).collect()).collect();
    Some(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_reference_has_three_groups_of_unmistakable_letters() {
        let mut seen = HashSet::new();
        for number in 0..10_000 {
            let reference = of(&format!("JKJaXmPLvHc{number}=")).unwrap();
            let groups: Vec<&str> = reference.split('-').collect();
            assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [3, 3, 3], "{reference}");
            assert!(groups.concat().bytes().all(|letter| LETTERS.contains(&letter)), "{reference}");
            seen.insert(reference);
        }
        assert_eq!(seen.len(), 10_000);
        for confusing in *b"01ILOUilou" {
            assert!(!LETTERS.contains(&confusing), "{}", char::from(confusing));
        }
    }

    #[test]
    fn a_reference_depends_only_on_the_id() {
        assert_eq!(of("JKJaXmPLvHcESHA="), of("JKJaXmPLvHcESHA="));
        assert_ne!(of("a"), of("b"));
        assert_eq!(of(""), None);
    }

    #[test]
    fn each_letter_is_about_equally_frequent() {
        let mut counts = std::collections::BTreeMap::new();
        for number in 0..10_000 {
            for letter in of(&number.to_string()).unwrap().bytes().filter(|letter| *letter != b'-') {
                *counts.entry(letter).or_insert(0_u32) += 1;
            }
        }
        assert!(counts.len() == 30 && counts.values().all(|count| (2_600..3_400).contains(count)), "{counts:?}");
    }
}
