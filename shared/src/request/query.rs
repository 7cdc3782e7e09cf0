//! A query string, decoded strictly: ambiguous queries are refused, because a signature covers only
//! one reading.

use std::{borrow::Cow, collections::HashSet};

use percent_encoding::percent_decode_str;

use crate::{Code, Error};

/// Longer than anything a provider sends (API Gateway itself stops at 10 KB of request line and
/// headers).
const MAX_QUERY_LENGTH: usize = 8192;

/// Decoded name-value pairs, in order. No name occurs twice, except for lists (`ids[]`), which the
/// Shopify admin sends.
#[derive(Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Decodes `application/x-www-form-urlencoded` text.
    ///
    /// # Errors
    /// `malformed_parameter` for broken percent-encoding, invalid UTF-8, or over 8 KB;
    /// `repeated_parameter`.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        if raw.len() > MAX_QUERY_LENGTH {
            return Err(Error::new(Code::MalformedParameter, "The address is too long. Please start again."));
        }
        let pieces = raw.split('&').filter(|piece| !piece.is_empty()).map(|piece| piece.split_once('=').unwrap_or((piece, "")));
        let pairs: Vec<_> = pieces.map(|(name, value)| (decode(name), decode(value))).collect();
        // A repeated name is reported before any other error.
        let mut names = HashSet::new();
        if pairs.iter().filter_map(|(name, _)| name.as_ref().ok()).any(|name| !name.ends_with("[]") && !names.insert(name)) {
            return Err(Error::new(Code::RepeatedParameter, "A parameter of the address stands twice. Please start again."));
        }
        pairs.into_iter().map(|(name, value)| Ok((name?, value?))).collect::<Result<_, _>>().map(Self)
    }

    /// All pairs, decoded.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The value of a parameter; an empty one counts as absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// As [`Query::get`].
    ///
    /// # Errors
    /// `missing_parameter`.
    pub fn required(&self, name: &str) -> Result<&str, Error> {
        self.get(name).ok_or_else(|| Error::missing_parameter(name))
    }

    /// Whether a switch such as `rerequest=1` is on.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name) == Some("1")
    }
}

fn decode(text: &str) -> Result<String, Error> {
    let malformed = || Error::new(Code::MalformedParameter, "The address has a broken escape. Please start again.");
    let bytes = text.as_bytes();
    let whole = |i: usize| bytes.get(i + 1..i + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    if bytes.iter().enumerate().any(|(i, b)| *b == b'%' && !whole(i)) {
        return Err(malformed());
    }
    let spaced: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    percent_decode_str(&spaced).decode_utf8().map(Cow::into_owned).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(raw: &str) -> Option<Code> {
        Query::parse(raw).err().map(|e| e.code)
    }

    #[test]
    fn values_are_decoded_once() {
        let query = Query::parse("a=x+y%2B%2526&b&=c&&shop=s").unwrap();
        assert_eq!(query.get("a"), Some("x y+%26"));
        assert_eq!(query.get("b"), None);
        assert_eq!(query.get("shop"), Some("s"));
    }

    #[test]
    fn repeated_names_are_refused_except_lists() {
        assert_eq!(code("shop=a&x=1&shop=a"), Some(Code::RepeatedParameter));
        assert_eq!(code("shop=a&sh%6fp=b"), Some(Code::RepeatedParameter));
        assert_eq!(code("shop=a&x=%zz&shop=b"), Some(Code::RepeatedParameter));
        assert_eq!(code("ids[]=1&ids%5B%5D=2"), None);
    }

    #[test]
    fn broken_escapes_are_refused() {
        for raw in ["a=%", "a=%4", "a=%zz", "a=%ff", "%c3=1"] {
            assert_eq!(code(raw), Some(Code::MalformedParameter), "{raw}");
        }
        assert_eq!(code(&"a".repeat(MAX_QUERY_LENGTH + 1)), Some(Code::MalformedParameter));
        assert_eq!(code(&"a".repeat(MAX_QUERY_LENGTH)), None);
    }

    proptest! {
        #[test]
        fn parsing_is_total(raw in ".*") {
            let _ = Query::parse(&raw);
        }

        #[test]
        fn encoding_round_trips(pairs in prop::collection::btree_map("[a-z]{1,8}", ".{0,20}", 0..6)) {
            let raw = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let query = Query::parse(&raw).unwrap();
            prop_assert_eq!(query.pairs().to_vec(), pairs.into_iter().collect::<Vec<_>>());
        }
    }
}
