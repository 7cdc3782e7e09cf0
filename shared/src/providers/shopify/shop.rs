//! A shop's permanent domain.

use std::fmt;

use crate::{Code, Error};

const SUFFIX: &str = ".myshopify.com";
/// A DNS label (RFC 1035, section 2.3.4).
const MAX_HANDLE: usize = 63;

/// `handle.myshopify.com`, in lower case. No other form can be constructed, so it is safe in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopDomain(String);

impl ShopDomain {
    /// Reads a whole domain.
    ///
    /// # Errors
    /// `invalid_shop` unless it matches `^[a-z0-9][a-z0-9-]*\.myshopify\.com$` after lower-casing,
    /// with a handle of at most 63 characters.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let lower = text.to_ascii_lowercase();
        match lower.strip_suffix(SUFFIX) {
            Some(handle) if is_handle(handle) => Ok(Self(lower)),
            _ => Err(Error::of(Code::InvalidShop)),
        }
    }

    /// Reads a domain or a bare handle.
    ///
    /// # Errors
    /// As [`ShopDomain::parse`].
    pub fn parse_or_handle(text: &str) -> Result<Self, Error> {
        if is_handle(&text.to_ascii_lowercase()) { Self::parse(&format!("{text}{SUFFIX}")) } else { Self::parse(text) }
    }

    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShopDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_handle(text: &str) -> bool {
    let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=MAX_HANDLE).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vectors_hold() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../../vectors/shopify.json")).unwrap();
        let cases = vectors["shop_domain"].as_array().unwrap();
        assert!(cases.len() > 20);
        for case in cases {
            let input = case["input"].as_str().unwrap();
            assert_eq!(ShopDomain::parse(input).ok().map(|shop| shop.0).as_deref(), case["strict"].as_str(), "{input}");
        }
    }

    #[test]
    fn only_a_path_may_have_a_bare_handle() {
        assert_eq!(ShopDomain::parse_or_handle("ACME").unwrap().as_str(), "acme.myshopify.com");
        assert!(ShopDomain::parse("acme").is_err());
        assert!(ShopDomain::parse_or_handle(&"a".repeat(63)).is_ok());
        for bad in [&"a".repeat(64), "-a", "", "a_b", "a.b", "acme\n", "acme.myshopify.com.", "ácme", "acme.myshopify.com:443"] {
            assert!(ShopDomain::parse_or_handle(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_parsed_domain_is_in_canonical_form(text in "\\PC{0,90}") {
            if let Ok(shop) = ShopDomain::parse_or_handle(&text) {
                let handle = shop.as_str().strip_suffix(SUFFIX).unwrap();
                prop_assert!(is_handle(handle));
            }
        }
    }
}
