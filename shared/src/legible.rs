//! Makes names fit for display. Escaping markup is the template engine's job; this is about what
//! can be seen.

use unicode_segmentation::UnicodeSegmentation as _;

/// More than any shop or account needs; the rest is cut.
const MAX_LENGTH: usize = 100;
/// The most code points in one grapheme: a family of four with skin tones has eleven.
const MAX_PARTS: usize = 12;
/// The most marks on a letter: more of them grow over the lines around it.
const MAX_PARTS_OF_LETTER: usize = 4;

/// `gbeng`: a country and a part of it.
const MAX_LETTERS_OF_REGION: usize = 5;

/// Removes invisible characters, direction controls that would affect the surrounding text, and
/// excess. Empty if nothing is left.
#[must_use]
pub fn legible(name: &str) -> String {
    // A grapheme has a limited number of parts; nothing beyond this can be in the result.
    let beginning: String = name.chars().take(MAX_LENGTH * 40).collect();
    let spaced = visible(&beginning).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut clean = String::new();
    let mut signs = spaced.graphemes(true);
    for sign in signs.by_ref().take(MAX_LENGTH) {
        let letter = sign.chars().next().is_some_and(char::is_alphanumeric);
        clean.extend(sign.chars().take(if letter { MAX_PARTS_OF_LETTER } else { MAX_PARTS }));
    }
    let cut = signs.next().is_some();
    let clean = clean.trim_end();
    // Joiners alone are invisible.
    match (clean.chars().any(|c| !is_joiner(c)), cut) {
        (false, _) => String::new(),
        (true, false) => clean.to_owned(),
        (true, true) => format!("{clean}…"),
    }
}

/// Joiners are parts of emoji and of some scripts' letters.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// The visible part of a text, with complete flags.
fn visible(mut text: &str) -> String {
    let mut visible = String::new();
    while let Some(first) = text.chars().next() {
        let flag = flag_of_a_region(text).unwrap_or_default();
        if flag.is_empty() {
            visible.extend(seen(first));
        } else {
            visible.push_str(flag);
        }
        text = text.get(flag.len().max(first.len_utf8())..).unwrap_or_default();
    }
    visible
}

/// The flag that a text begins with, if it is England's, Scotland's or another region's: a black
/// flag, the region in invisible letters, and an end mark (UTS #51, emoji tag sequences). Without
/// them it is a black flag, and without it they are nothing.
fn flag_of_a_region(text: &str) -> Option<&str> {
    const BLACK_FLAG: char = '\u{1f3f4}';
    const END: char = '\u{e007f}';
    let letters = text.strip_prefix(BLACK_FLAG)?.chars().take_while(|c| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}'));
    let region: usize = letters.take(MAX_LETTERS_OF_REGION + 1).map(char::len_utf8).sum();
    let (flag, rest) = text.split_at_checked(BLACK_FLAG.len_utf8() + region)?;
    let is_whole = (1..=MAX_LETTERS_OF_REGION * END.len_utf8()).contains(&region) && rest.starts_with(END);
    if is_whole { text.get(..flag.len() + END.len_utf8()) } else { None }
}

/// A space for any separator, nothing for invisible characters and direction controls.
fn seen(c: char) -> Option<char> {
    match c {
        _ if c.is_whitespace() => Some(' '),
        _ if c.is_control() => None,
        // Blank, although letters or symbols by category.
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' => Some(' '),
        // Direction.
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => None,
        // No width.
        '\u{00ad}' | '\u{034f}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{2060}'..='\u{2065}' => None,
        '\u{feff}' | '\u{fff0}'..='\u{fffc}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => None,
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ENGLAND: &str = "Pies \u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}!";

    #[test]
    fn names_stay_as_they_are() {
        for name in [
            "Acme Store",
            "Bäckerei Müller & Söhne",
            "東京カフェ",
            "متجر",
            "👨🏻‍👩🏻‍👧🏻‍👦🏻 Family",
            "می‌خواهم",
            "Ti\u{1ebf}ng Vi\u{1ec7}t",
            "<b>",
            ENGLAND,
            "🏴 Flags 🏴‍☠️",
        ] {
            assert_eq!(legible(name), name);
        }
    }

    #[test]
    fn invisible_characters_are_left_out() {
        for (name, shown) in [
            ("\u{202e}evil\u{2066}", "evil"),
            ("a\u{0}b\u{1b}[31mc", "ab[31mc"),
            ("zero\u{200b}\u{200b}\u{feff}width", "zerowidth"),
            ("  much \t\n\u{3000}\u{2028} space  ", "much space"),
            ("\u{200d}\u{200c}\u{fe0f}", ""),
            ("\u{3164}\u{2800}\u{115f}", ""),
            ("\u{e0041}\u{e007f}", ""),
            // Not flags: unterminated, empty, interrupted by a removed character, in capitals, and
            // longer than a region.
            ("\u{1f3f4}\u{e0067}\u{e0062}x", "\u{1f3f4}x"),
            ("\u{1f3f4}\u{e007f}", "\u{1f3f4}"),
            ("\u{1f3f4}\u{e0067}\u{200b}\u{e0062}\u{e007f}", "\u{1f3f4}"),
            ("\u{1f3f4}\u{e0047}\u{e0042}\u{e007f}", "\u{1f3f4}"),
            ("\u{1f3f4}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e007f}", "\u{1f3f4}"),
            ("x\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "x"),
            ("", ""),
        ] {
            assert_eq!(legible(name), shown, "{name:?}");
        }
    }

    #[test]
    fn excess_is_cut_between_graphemes() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(legible(&family.repeat(10_000)), family.repeat(MAX_LENGTH) + "…");
        assert_eq!(legible(&"é".repeat(10_000)), "é".repeat(MAX_LENGTH) + "…");
        assert_eq!(legible(&"x".repeat(MAX_LENGTH)), "x".repeat(MAX_LENGTH));
        let marks = format!("Z{}algo", "\u{0301}".repeat(5000));
        assert!(legible(&marks).chars().count() < 20, "{}", legible(&marks));
        assert!(legible(&"\u{200b}".repeat(1_000_000)).is_empty());
    }

    proptest! {
        #[test]
        fn any_name_is_short_and_cleaning_is_idempotent(name in ".{0,300}") {
            let shown = legible(&name);
            prop_assert!(shown.graphemes(true).count() <= MAX_LENGTH + 1);
            prop_assert!(visible(&shown) == shown);
            prop_assert!(shown == legible(&shown) || shown.ends_with('…'));
        }
    }
}
