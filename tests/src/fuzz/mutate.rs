//! Changing input by chance, the same for the same number.

use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};

/// What parsers stumble over, whatever they parse.
const WORDS: &[&str] = &[
    "",
    "%",
    "%00",
    "%zz",
    "%26",
    "&",
    "=",
    ";",
    ",",
    ".",
    "\"",
    "\\",
    "\\u0000",
    "{",
    "}",
    "[",
    "]",
    ":",
    " ",
    "\t",
    "\r\n",
    "\0",
    "-",
    "_",
    "+",
    "/",
    "0",
    "-1",
    "1e9",
    "18446744073709551615",
    "null",
    "true",
    "é",
    "\u{202e}",
    "\u{feff}",
];

/// Changes an input in one to four places.
pub(super) fn mutate(input: &mut Vec<u8>, chance: &mut impl Rng, corpus: &[Vec<u8>], words: &[&str]) {
    for _ in 0..chance.random_range(1..=4) {
        let at = chance.random_range(..=input.len());
        let end = (at + chance.random_range(1..=8)).min(input.len());
        match chance.random_range(0..9) {
            0 => {
                let bit = 1 << chance.random_range(0..8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= bit;
                }
            }
            1 => {
                let new = chance.random();
                if let Some(byte) = input.get_mut(at) {
                    *byte = new;
                }
            }
            2 => input.insert(at, chance.random()),
            3 => drop(input.drain(at..end)),
            4 => {
                let again = input[at..end].to_vec();
                input.splice(at..at, again);
            }
            5 => input.truncate(at),
            6 => {
                let other = corpus.choose(chance).cloned().unwrap_or_default();
                let from = chance.random_range(..=other.len());
                input.splice(at.., other[from..].iter().copied());
            }
            7 => {
                let word = WORDS.choose(chance).copied().unwrap_or_default();
                input.splice(at..end, word.bytes());
            }
            _ => {
                let word = words.choose(chance).copied().unwrap_or_default();
                input.splice(at..at, word.bytes());
            }
        }
    }
}
