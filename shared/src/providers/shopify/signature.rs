//! The `hmac` of requests that Shopify sends through the browser: the launch and the callback.
//!
//! Remove `hmac`, sort the rest by name, join `name=value` with `&`, HMAC-SHA256 with the client
//! secret, lower-case hex. How names and values are escaped in that text is undocumented, and
//! Shopify's own libraries differ, so each form in use is tried. Every attempt is keyed by the
//! secret, so trying several weakens nothing: two queries with the same text differ in how often a
//! value is escaped, never in their names or their number.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::signing::{SecretPair, equal, hex, hmac_sha256};
use crate::{Code, Error, UnixSeconds, request::Query};

/// The maximum age of a signed request. A merchant reads the consent page before the callback, but
/// Shopify signs when it redirects.
const MAX_AGE_SECONDS: u64 = 600;
/// How far Shopify's clock may be ahead of ours.
const MAX_AHEAD_SECONDS: u64 = 90;

/// `encodeURIComponent`: what JavaScript leaves unescaped (ECMA-262, section 19.2.6.4).
const COMPONENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'!').remove(b'~').remove(b'*').remove(b'\'').remove(b'(').remove(b')');

/// Verifies the signature of a query under the current or the previous client secret, in constant
/// time.
///
/// # Errors
/// `missing_parameter` without `hmac`, `invalid_hmac` when no secret signed any of the forms.
pub fn verify_query(query: &Query, secrets: &SecretPair) -> Result<(), Error> {
    let given = query.required("hmac")?;
    let fields = fields(query);
    let verifies = |text: String| {
        secrets.all().any(|secret| equal(hex(&hmac_sha256(secret.expose().as_bytes(), &[text.as_bytes()])).as_bytes(), given.as_bytes()))
    };
    // The forms differ only if something needs escaping, so usually only the first is computed.
    let signed = verifies(form(&fields, legacy_name, legacy_value))
        || unescaped(&fields).is_some_and(verifies)
        || verifies(form(&fields, urlencoded_with_spaces, urlencoded_with_spaces))
        || verifies(form(&fields, component, component))
        || verifies(form(&fields, urlencoded, urlencoded));
    if signed { Ok(()) } else { Err(Error::of(Code::InvalidHmac)) }
}

/// Reads Shopify's `timestamp`.
///
/// # Errors
/// `malformed_parameter` unless it is up to 15 decimal digits.
pub fn parse_timestamp(text: &str) -> Result<UnixSeconds, Error> {
    let plain = text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| Error::malformed_parameter("timestamp"))
}

/// Checks Shopify's `timestamp`: at most 600 s old, at most 90 s ahead.
///
/// # Errors
/// `stale_request`.
pub fn check_timestamp(timestamp: UnixSeconds, now: UnixSeconds) -> Result<(), Error> {
    let is_fresh = now.saturating_sub(timestamp) <= MAX_AGE_SECONDS && timestamp.saturating_sub(now) <= MAX_AHEAD_SECONDS;
    if is_fresh { Ok(()) } else { Err(Error::of(Code::StaleRequest)) }
}

/// The signed fields: everything but `hmac`, sorted by name. A list (`ids[]`) is signed as one
/// field of JSON strings, according to Shopify's older documentation.
fn fields(query: &Query) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for (name, value) in query.pairs().iter().filter(|(name, _)| name != "hmac") {
        match name.strip_suffix("[]") {
            None => fields.push((name.clone(), value.clone())),
            Some(list) if fields.iter().any(|(n, _)| n == list) => {}
            Some(list) => {
                let entries: Vec<String> =
                    query.pairs().iter().filter(|(n, _)| n == name).map(|(_, v)| serde_json::Value::from(v.as_str()).to_string()).collect();
                fields.push((list.to_owned(), format!("[{}]", entries.join(", "))));
            }
        }
    }
    fields.sort();
    fields
}

fn form(fields: &[(String, String)], name: impl Fn(&str) -> String, value: impl Fn(&str) -> String) -> String {
    fields.iter().map(|(n, v)| format!("{}={}", name(n), value(v))).collect::<Vec<_>>().join("&")
}

/// The decoded form. It counts only if no decoded name or value contains `&` or `=`: otherwise two
/// different queries could have the same text.
fn unescaped(fields: &[(String, String)]) -> Option<String> {
    let ambiguous = fields.iter().any(|(n, v)| n.contains(['&', '=']) || v.contains(['&', '=']));
    (!ambiguous).then(|| form(fields, str::to_owned, str::to_owned))
}

fn legacy_value(text: &str) -> String {
    text.replace('%', "%25").replace('&', "%26")
}

fn legacy_name(text: &str) -> String {
    legacy_value(text).replace('=', "%3D")
}

fn component(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

fn urlencoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// As in Shopify's JavaScript library: form escaping, but a space as `%20`. So `~` is escaped,
/// which `encodeURIComponent` leaves alone.
fn urlencoded_with_spaces(text: &str) -> String {
    urlencoded(text).replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;
    use proptest::prelude::*;

    fn secrets(current: &str, previous: Option<&str>) -> SecretPair {
        SecretPair { current: Secret::new(current), previous: previous.map(Secret::new) }
    }

    fn accepts(raw: &str, secrets: &SecretPair) -> bool {
        Query::parse(raw).is_ok_and(|query| verify_query(&query, secrets).is_ok())
    }

    fn sign(secret: &str, text: &str) -> String {
        hex(&hmac_sha256(secret.as_bytes(), &[text.as_bytes()]))
    }

    #[test]
    fn the_vectors_hold() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../../vectors/shopify.json")).unwrap();
        let cases = vectors["oauth_query_hmac"].as_array().unwrap();
        assert!(cases.len() >= 17);
        for case in cases {
            let secrets = secrets(case["secrets"][0].as_str().unwrap(), case["secrets"][1].as_str());
            let accepted = accepts(case["raw_query"].as_str().unwrap(), &secrets);
            match case["expect"].as_str().unwrap() {
                "valid" => assert!(accepted, "{}", case["id"]),
                "invalid" => assert!(!accepted, "{}", case["id"]),
                _ => {}
            }
        }
    }

    #[test]
    fn the_previous_secret_still_verifies() {
        let raw = format!("shop=a.myshopify.com&timestamp=1&hmac={}", sign("old", "shop=a.myshopify.com&timestamp=1"));
        assert!(accepts(&raw, &secrets("new", Some("old"))));
        assert!(!accepts(&raw, &secrets("new", None)));
    }

    #[test]
    fn an_ambiguous_unescaped_form_is_rejected() {
        // Signed as one value that contains `&shop=`; read as two parameters it would name another
        // shop.
        let hmac = sign("hush", "code=1&shop=evil.myshopify.com");
        assert!(accepts(&format!("code=1&shop=evil.myshopify.com&hmac={hmac}"), &secrets("hush", None)));
        assert!(!accepts(&format!("code=1%26shop%3Devil.myshopify.com&hmac={hmac}"), &secrets("hush", None)));
    }

    #[test]
    fn a_timestamp_is_digits() {
        assert_eq!(parse_timestamp("1337178173").unwrap(), 1_337_178_173);
        for bad in ["Infinity", "-Infinity", "", "-1", "+1", "1.5", "1e9", " 1", "0x1", "9999999999999999"] {
            assert!(parse_timestamp(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_timestamp_may_be_600_seconds_old_and_90_ahead() {
        let now = 1_700_000_000;
        for (timestamp, fresh) in
            [(now, true), (now - 600, true), (now - 601, false), (now + 90, true), (now + 91, false), (0, false), (u64::MAX, false)]
        {
            assert_eq!(check_timestamp(timestamp, now).is_ok(), fresh, "{timestamp}");
        }
    }

    proptest! {
        #[test]
        fn every_encoding_in_use_verifies_and_a_change_does_not(value in ".{1,20}", other in "[a-z]{1,20}") {
            let texts = [
                format!("a={}&b=2", legacy_value(&value)),
                format!("a={}&b=2", component(&value)),
                format!("a={}&b=2", urlencoded(&value)),
                format!("a={}&b=2", urlencoded_with_spaces(&value)),
            ];
            for text in texts {
                let hmac = sign("hush", &text);
                let raw = |value: &str| format!("b=2&hmac={hmac}&a={}", urlencoded(value));
                prop_assert!(accepts(&raw(&value), &secrets("hush", None)));
                prop_assert!(value == other || !accepts(&raw(&other), &secrets("hush", None)));
            }
        }
    }
}
