//! Which language a reader understands (RFC 9110, section 12.5.4; lookup of RFC 4647, section 3.4).

use strum::{EnumCount, VariantArray};

use crate::{platform::words::InEachLanguage, quality::ranges};

/// A language that the pages are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumCount, VariantArray)]
pub enum Language {
    /// English, also for whoever asks for none of ours.
    #[default]
    English,
    /// German.
    German,
    /// Spanish.
    Spanish,
    /// French.
    French,
    /// Portuguese, as in Brazil.
    Portuguese,
}

impl Language {
    /// All of them.
    // The compiler evaluates this, so an empty list would end the build and not a request.
    pub const ALL: [Self; Self::COUNT] = *Self::VARIANTS.first_chunk().unwrap();

    /// The tag (RFC 5646).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::Portuguese => "pt-BR",
        }
    }

    /// What is said in it.
    #[must_use]
    pub const fn of<T>(self, each: &InEachLanguage<T>) -> &T {
        match self {
            Self::English => &each.english,
            Self::German => &each.german,
            Self::Spanish => &each.spanish,
            Self::French => &each.french,
            Self::Portuguese => &each.portuguese,
        }
    }

    /// The language of ours that an `Accept-Language` header likes best. What can't be read of it
    /// is left out.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        // Languages have no parameters.
        let without = ranges(accept_language).filter(|range| !range.has_parameters);
        let mut ranges: Vec<(&str, u16)> = without.filter_map(|range| Some((range.name, range.weight?))).collect();
        let refused = |language: &Self| ranges.iter().any(|(range, quality)| *quality == 0 && language.is_meant_by(range));
        let offered: Vec<Self> = Self::ALL.into_iter().filter(|language| !refused(language)).collect();
        // Stable: of two that are liked equally, the first counts.
        ranges.sort_by_key(|(_, quality)| std::cmp::Reverse(*quality));
        let wanted = ranges.into_iter().filter(|(_, quality)| *quality > 0);
        wanted
            .filter_map(|(range, _)| offered.iter().find(|language| range == "*" || language.is_meant_by(range)))
            .next()
            .copied()
            .unwrap_or_default()
    }

    /// The language of ours that a tag means: `es` is meant by `es-419`.
    #[must_use]
    pub fn tagged(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.is_meant_by(tag))
    }

    /// We write each language once, so its first part decides: whoever reads another country's
    /// Portuguese reads ours rather than English.
    fn is_meant_by(self, range: &str) -> bool {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        primary(range) == primary(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_best_liked_of_ours_is_taken() {
        use Language::{English, French, German, Portuguese, Spanish};
        for (header, language) in [
            ("", English),
            ("de", German),
            ("DE-at", German),
            ("de-Latn-CH-1996", German),
            ("de-DE,de;q=0.9,en;q=0.8", German),
            ("en-US,en;q=0.9,de;q=0.8", English),
            ("en;q=0.5, de;q=0.51", German),
            ("en;q=0.5, de;q=0.5", English),
            ("de;q=0.5, en;q=0.5", German),
            ("fr, de;q=0.1", French),
            ("fr-CH, fr;q=0.9", French),
            ("es-419,es;q=0.9,en;q=0.8", Spanish),
            ("es-MX", Spanish),
            ("pt-BR,pt;q=0.9,en-US;q=0.8", Portuguese),
            ("pt-PT", Portuguese),
            ("PT", Portuguese),
            ("it, pt-PT;q=0.2, en;q=0.1", Portuguese),
            ("nl, de;q=0.1", German),
            ("nl-BE, nl;q=0.9", English),
            ("*", English),
            ("nl, *;q=0.1", English),
            ("*, en;q=0", German),
            ("en;q=0, de;q=0", English),
            ("en;q=0, *;q=0", English),
            ("de;q=0", English),
            ("de;q=0, de-AT", English),
            ("de ; q = 0.3 , en ; q=0.2", German),
            ("de;Q=1.000", German),
            // What can't be read is left out.
            ("de;q=2, en;q=0.1", English),
            ("de;q=1.5", English),
            ("de;q=0.1234", English),
            ("de;q=-1", English),
            ("de;q=", English),
            ("de;level=1", English),
            ("de;q=NaN", English),
            ("deutsch", English),
            ("ende", English),
            ("-", English),
            ("ptolemaic", English),
            (";q=1,,;;=,de;q=0.2", German),
        ] {
            assert_eq!(Language::negotiate(header), language, "{header}");
        }
    }

    #[test]
    fn a_tag_means_a_language_of_ours_or_none() {
        for language in Language::ALL {
            assert_eq!(Language::tagged(language.tag()), Some(language));
        }
        assert_eq!(Language::tagged("PT"), Some(Language::Portuguese));
        for unknown in ["", "*", "nl", "e", "english", " en", "en;q=1"] {
            assert_eq!(Language::tagged(unknown), None, "{unknown}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read(header in "[ -~é,;=q.*0-9de-]{0,200}") {
            let _ = Language::negotiate(&header);
        }

        #[test]
        fn what_is_liked_better_is_taken(german in 0_u16..=1000, english in 0_u16..=1000) {
            let header = format!("xx, en;q={:.3}, de;q={:.3}", f32::from(english) / 1000.0, f32::from(german) / 1000.0);
            prop_assert_eq!(Language::negotiate(&header) == Language::German, german > english);
        }
    }
}
