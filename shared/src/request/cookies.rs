//! The cookies of a request (RFC 6265, section 5.4), which keep track of duplicates.

/// What may surround a name or value (RFC 6265bis, section 5.6). Not all of Unicode's white space:
/// to a browser a name that begins with one of those has no `__Host-` prefix, so a sibling host may
/// set it.
const BLANKS: [char; 2] = [' ', '\t'];

/// All name-value pairs, in order.
#[derive(Debug, Default)]
pub struct Cookies(Vec<(String, String)>);

/// What a request has under a cookie name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieValue<'a> {
    /// No cookie of this name.
    None,
    /// Exactly one.
    One(&'a str),
    /// More than one: a sibling host may have set a duplicate, so none of them counts.
    Several,
}

impl Cookies {
    /// Parses `Cookie` header values; skips malformed pairs.
    pub fn parse<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        Self(
            values
                .flat_map(|value| value.split(';'))
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.trim_matches(BLANKS).to_owned(), value.trim_matches(BLANKS).to_owned()))
                .collect(),
        )
    }

    /// The cookie with exactly this name.
    #[must_use]
    pub fn get(&self, name: &str) -> CookieValue<'_> {
        let mut found = self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        match (found.next(), found.next()) {
            (None, _) => CookieValue::None,
            (Some(value), None) => CookieValue::One(value),
            (Some(_), Some(_)) => CookieValue::Several,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplicate_is_seen_as_several() {
        let cookies = Cookies::parse(["session_id=a; x", "session_id=b;__Host-session_id=c"].into_iter());
        assert_eq!(cookies.get("session_id"), CookieValue::Several);
        assert_eq!(cookies.get("__Host-session_id"), CookieValue::One("c"));
        assert_eq!(cookies.get("x"), CookieValue::None);
    }

    #[test]
    fn a_name_after_unicode_white_space_is_another_name() {
        for blank in ['\u{a0}', '\u{85}', '\u{2000}', '\u{3000}', '\u{b}', '\u{c}'] {
            let cookies = Cookies::parse([format!("{blank}__Host-session_id=a; x=1").as_str()].into_iter());
            assert_eq!(cookies.get("__Host-session_id"), CookieValue::None, "{blank:?}");
        }
        assert_eq!(Cookies::parse(["a=1; \t b = 2 "].into_iter()).get("b"), CookieValue::One("2"));
    }
}
