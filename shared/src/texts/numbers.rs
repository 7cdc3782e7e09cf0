//! Numbers in each language's notation, and their plural forms (CLDR).

use super::Language;

/// The plural categories of CLDR that our languages use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// One, and in some languages zero.
    One,
    /// Millions, in Romance languages.
    Many,
    /// Everything else.
    Other,
}

impl Language {
    /// The plural category of a number.
    #[must_use]
    pub const fn plural(self, count: usize) -> Plural {
        match (self, count) {
            (_, 1) | (Self::French | Self::Portuguese, 0) => Plural::One,
            (Self::English | Self::German, _) | (Self::Spanish, 0) => Plural::Other,
            _ if count.is_multiple_of(1_000_000) => Plural::Many,
            _ => Plural::Other,
        }
    }

    /// A number with separated thousands. In Spanish four digits stay together.
    #[must_use]
    pub fn number(self, number: usize) -> String {
        let digits = number.to_string();
        let (mark, shortest) = match self {
            Self::English => (',', 4),
            Self::German | Self::Portuguese => ('.', 4),
            Self::Spanish => ('.', 5),
            Self::French => ('\u{202f}', 4),
        };
        if digits.len() < shortest {
            return digits;
        }
        let mut apart = String::with_capacity(digits.len() * 2);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                apart.push(mark);
            }
            apart.push(digit);
        }
        apart
    }
}

#[cfg(test)]
mod tests {
    use icu_locale_core::Locale;
    use icu_plurals::{PluralCategory, PluralRules, PluralRulesOptions};

    use super::*;

    #[test]
    fn plurals_match_unicode() {
        for language in Language::ALL {
            let locale = Locale::try_from_str(language.tag()).unwrap();
            let rules = PluralRules::try_new((&locale).into(), PluralRulesOptions::default()).unwrap();
            let around = |number: usize| number.saturating_sub(3)..number + 3;
            for count in (0..2_000).chain([1_000_000, 2_000_000, 10_000_000, 1_000_000_000].into_iter().flat_map(around)) {
                let expected = match rules.category_for(count) {
                    PluralCategory::One => Plural::One,
                    PluralCategory::Many => Plural::Many,
                    PluralCategory::Other => Plural::Other,
                    unknown => panic!("{unknown:?}"),
                };
                assert_eq!(language.plural(count), expected, "{count} in {language:?}");
            }
        }
    }

    #[test]
    fn thousands_are_separated_as_in_each_language() {
        let written = |number| Language::ALL.map(|language| language.number(number));
        assert_eq!(written(0), ["0"; 5]);
        assert_eq!(written(999), ["999"; 5]);
        assert_eq!(written(1_234), ["1,234", "1.234", "1234", "1\u{202f}234", "1.234"]);
        assert_eq!(written(12_345_678), ["12,345,678", "12.345.678", "12.345.678", "12\u{202f}345\u{202f}678", "12.345.678"]);
    }
}
