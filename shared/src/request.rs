//! An HTTP request as API Gateway hands it over (payload 2.0), read without ever failing.
//!
//! lambda_http's own conversion panics on some events (a raw `<` in the query, a malformed `Host` or `X-Forwarded-Proto`), so the
//! event is taken apart here, before any such conversion: what is not there or not text reads as empty, and the checks that
//! follow answer for it.

mod body;
mod cookies;
mod query;

pub use cookies::{CookieValue, Cookies};
pub use query::Query;

use std::collections::HashMap;

use serde_json::Value;

use crate::texts::Language;

/// What the handlers may know of a request. Host, scheme and forwarding headers are left out on purpose: they come from
/// configuration.
#[derive(Debug)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query, still percent-encoded.
    raw_query: String,
    /// The cookies of the request.
    pub cookies: Cookies,
    /// Whether the caller asks for a page rather than for JSON.
    pub wants_html: bool,
    /// The language that the caller likes best of those that pages are written in.
    pub language: Language,
    /// API Gateway's request id, for the log and for error pages.
    pub id: String,
    /// The body as it was sent, with API Gateway's base64 undone.
    pub body: Vec<u8>,
    headers: HashMap<String, String>,
}

impl Request {
    /// Reads an event; total over any JSON.
    #[must_use]
    pub fn from_event(event: &Value) -> Self {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let header = |name: &str| {
            event
                .get("headers")
                .and_then(Value::as_object)
                .and_then(|headers| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)))
                .and_then(|(_, value)| value.as_str())
                .unwrap_or_default()
        };
        // API Gateway puts cookies into a list of their own; the local gateway leaves them in the header as well.
        let cookies = match event.get("cookies").and_then(Value::as_array) {
            Some(list) => Cookies::parse(list.iter().filter_map(Value::as_str)),
            None => Cookies::parse(std::iter::once(header("cookie"))),
        };
        Self {
            method: text("/requestContext/http/method").to_ascii_uppercase(),
            path: text("/rawPath").to_owned(),
            raw_query: text("/rawQueryString").to_owned(),
            cookies,
            wants_html: accepts_html(header("accept")),
            language: Language::negotiate(header("accept-language")),
            id: text("/requestContext/requestId").chars().take(128).collect(),
            body: body::read(event),
            headers: headers(event),
        }
    }

    /// A header by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The fields of a form in the body (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// As [`Request::query`].
    pub fn form(&self) -> Result<Query, crate::Error> {
        let text = std::str::from_utf8(&self.body).map_err(|_| crate::Error::malformed_parameter("body"))?;
        Query::parse(text)
    }

    /// The query, decoded.
    ///
    /// # Errors
    /// `malformed_parameter` when it is longer than any query of the flow, or its percent-encoding or UTF-8 is broken;
    /// `repeated_parameter` when a name stands twice.
    pub fn query(&self) -> Result<Query, crate::Error> {
        Query::parse(&self.raw_query)
    }
}

fn headers(event: &Value) -> HashMap<String, String> {
    let headers = event.get("headers").and_then(Value::as_object);
    headers.into_iter().flatten().filter_map(|(name, value)| Some((name.to_ascii_lowercase(), value.as_str()?.to_owned()))).collect()
}

/// Whether the media types of an `Accept` header name `text/html` (RFC 9110, section 12.5.1) with a weight above zero.
fn accepts_html(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let html = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("text/html"));
        let refused = parts.any(|p| {
            p.split_once('=').is_some_and(|(k, v)| k.trim().eq_ignore_ascii_case("q") && v.trim().parse::<f32>().is_ok_and(|q| q <= 0.0))
        });
        html && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            let key = prop_oneof![
                Just("headers".to_owned()),
                Just("cookies".to_owned()),
                Just("cookie".to_owned()),
                Just("accept".to_owned()),
                Just("rawPath".to_owned()),
                Just("rawQueryString".to_owned()),
                Just("requestContext".to_owned()),
                Just("http".to_owned()),
                any::<String>()
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(key, inner, 0..8).prop_map(|m| Value::Object(m.into_iter().collect()))
            ]
        })
    }

    proptest! {
        #[test]
        fn any_event_is_read(event in any_json()) {
            let request = Request::from_event(&event);
            let _ = request.query();
            let _ = request.cookies.get("session_id");
        }
    }

    #[test]
    fn the_cookie_list_wins_over_the_header() {
        let request = Request::from_event(&json!({"cookies": ["a=1"], "headers": {"cookie": "a=2"}}));
        assert_eq!(request.cookies.get("a"), CookieValue::One("1"));
        let request = Request::from_event(&json!({"headers": {"Cookie": "a=2; b=3"}}));
        assert_eq!(request.cookies.get("b"), CookieValue::One("3"));
    }

    #[test]
    fn a_page_is_wanted_only_when_html_is_acceptable() {
        assert!(accepts_html("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));
        assert!(accepts_html("application/json, TEXT/HTML;q=0.1"));
        for accept in ["", "*/*", "application/json", "text/html;q=0", "text/htmlx"] {
            assert!(!accepts_html(accept), "{accept}");
        }
    }
}
