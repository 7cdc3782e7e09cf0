//! Changing input by chance, the same for the same number.

/// Chance that can be repeated (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when there is none.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

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
pub(super) fn mutate(input: &mut Vec<u8>, chance: &mut Chance, corpus: &[Vec<u8>], words: &[&str]) {
    for _ in 0..=chance.below(4) {
        let at = chance.below(input.len() + 1);
        let end = (at + 1 + chance.below(8)).min(input.len()).max(at);
        match chance.below(9) {
            0 => {
                let bit = 1 << chance.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= bit;
                }
            }
            1 => {
                let new = chance.byte();
                if let Some(byte) = input.get_mut(at) {
                    *byte = new;
                }
            }
            2 => input.insert(at, chance.byte()),
            3 => drop(input.drain(at..end)),
            4 => {
                let again = input[at..end].to_vec();
                input.splice(at..at, again);
            }
            5 => input.truncate(at),
            6 => {
                let other = chance.pick(corpus).cloned().unwrap_or_default();
                let from = chance.below(other.len() + 1);
                input.splice(at.., other[from..].iter().copied());
            }
            7 => {
                let word = chance.pick(WORDS).copied().unwrap_or_default();
                input.splice(at..end, word.bytes());
            }
            _ => {
                let word = chance.pick(words).copied().unwrap_or_default();
                input.splice(at..at, word.bytes());
            }
        }
    }
}
