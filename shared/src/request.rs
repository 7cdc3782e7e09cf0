//! An HTTP request from API Gateway (payload 2.0). Reading it never fails.
//!
//! lambda_http's own conversion panics on some events (a raw `<` in the query, a malformed `Host`
//! or `X-Forwarded-Proto`), so the event is parsed here, before any such conversion. Missing and
//! malformed parts read as empty, and the checks that follow deal with them.

mod body;
mod cookies;
mod query;
mod reference;

pub use cookies::{CookieValue, Cookies};
pub use query::Query;

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use crate::{facts::Brand, quality::ranges, texts::Language};

/// What handlers may know about a request. Host, scheme and forwarding headers are left out on
/// purpose: those values come from configuration.
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
    /// Whether the caller prefers a page to JSON.
    pub wants_html: bool,
    /// The language for pages: `chosen`, or else the caller's favourite among those available.
    pub language: Language,
    /// The language requested in a page's URL, with `lang`.
    pub chosen: Option<Language>,
    /// API Gateway's request id, for the log.
    pub id: String,
    /// The brand under which to answer.
    pub brand: Arc<Brand>,
    /// The body as sent, decoded from API Gateway's base64.
    pub body: Vec<u8>,
    headers: HashMap<String, String>,
}

/// Where a request began according to the browser (W3C Fetch Metadata, section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// On a page of this service.
    Own,
    /// On another site or a sibling, outside the browser, or by typing the URL.
    Elsewhere,
    /// Unstated, as with old browsers and programs.
    Unsaid,
}

impl Request {
    /// Reads an event; total over any JSON.
    #[must_use]
    pub fn from_event(event: &Value) -> Self {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let headers = headers(event);
        let header = |name: &str| headers.get(name).map(String::as_str).unwrap_or_default();
        // API Gateway puts cookies into a list of their own; the local gateway leaves them in the
        // header too.
        let cookies = match event.get("cookies").and_then(Value::as_array) {
            Some(list) => Cookies::parse(list.iter().filter_map(Value::as_str)),
            None => Cookies::parse(std::iter::once(header("cookie"))),
        };
        let method = text("/requestContext/http/method").to_ascii_uppercase();
        let (raw_query, wants_html) = (text("/rawQueryString"), prefers_html(header("accept")));
        let chosen = if method == "GET" && wants_html { chosen(raw_query) } else { None };
        Self {
            method,
            path: text("/rawPath").to_owned(),
            raw_query: raw_query.to_owned(),
            cookies,
            wants_html,
            language: chosen.unwrap_or_else(|| Language::negotiate(header("accept-language"))),
            chosen,
            id: text("/requestContext/requestId").chars().take(128).collect(),
            body: body::read(event),
            headers,
            brand: Arc::default(),
        }
    }

    /// The same, answered under this brand.
    #[must_use]
    pub fn in_the_name_of(self, brand: &Arc<Brand>) -> Self {
        Self { brand: Arc::clone(brand), ..self }
    }

    /// The id by which support finds this request in the log, as the reader quotes it; none if it
    /// has no id.
    #[must_use]
    pub fn reference(&self) -> Option<String> {
        reference::of(&self.id)
    }

    /// A header by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Where the browser says that the request began.
    #[must_use]
    pub fn site(&self) -> Site {
        match self.header("sec-fetch-site") {
            None => Site::Unsaid,
            Some("same-origin") => Site::Own,
            Some(_) => Site::Elsewhere,
        }
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
    /// `malformed_parameter` if it is longer than any query in a flow, or its percent-encoding or
    /// UTF-8 is broken; `repeated_parameter` if a name occurs twice.
    pub fn query(&self) -> Result<Query, crate::Error> {
        Query::parse(&self.raw_query)
    }
}

fn headers(event: &Value) -> HashMap<String, String> {
    let headers = event.get("headers").and_then(Value::as_object);
    headers.into_iter().flatten().filter_map(|(name, value)| Some((name.to_ascii_lowercase(), value.as_str()?.to_owned()))).collect()
}

/// The language that a query requests. Errors in the query are up to the handler.
fn chosen(raw_query: &str) -> Option<Language> {
    // Hardly any query has it, and the handler decodes each query again.
    if !raw_query.contains("lang=") {
        return None;
    }
    Language::tagged(Query::parse(raw_query).ok()?.get("lang")?)
}

/// Whether `Accept` names `text/html`, and prefers no JSON to it (RFC 9110, section 12.5.1). A
/// caller that accepts anything gets JSON.
fn prefers_html(accept: &str) -> bool {
    let weight_of = |names: &[&str], unreadable: u16| {
        let named = ranges(accept).filter(|range| names.iter().any(|name| range.name.eq_ignore_ascii_case(name)));
        named.map(|range| range.weight.unwrap_or(unreadable)).max().unwrap_or_default()
    };
    // A caller that names a page with a malformed weight gets the page.
    let html = weight_of(&["text/html"], 1000);
    html > 0 && html >= weight_of(&["application/json", "application/problem+json"], 0)
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
    fn a_page_is_returned_only_if_html_is_named_and_json_not_preferred() {
        for accept in [
            "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            "TEXT/HTML;q=0.1",
            "text/html;level=1",
            "application/json, text/html",
            "text/html;q=0.5, application/json;q=0.5",
            "text/html;q=0.5, application/json;q=0.4, */*",
            // Malformed weights count in favour of the page.
            "text/html;q=x",
            "text/html;q",
            "text/html;",
            "text/html;q=x, application/json",
            "text/html;q=0.1, application/json;q=x",
        ] {
            assert!(prefers_html(accept), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "text/*",
            "application/json",
            "text/html;q=0",
            "text/htmlx",
            "application/json, text/html;q=0.1",
            "text/html;q=0.9, application/problem+json",
        ] {
            assert!(!prefers_html(accept), "{accept}");
        }
    }

    #[test]
    fn the_url_of_a_page_may_request_a_language() {
        let read = |method: &str, accept: &str, query: &str| {
            let headers = json!({ "accept": accept, "accept-language": "de" });
            let event = json!({ "headers": headers, "rawQueryString": query, "requestContext": { "http": { "method": method } } });
            let request = Request::from_event(&event);
            (request.chosen, request.language)
        };
        use Language::{French, German, Portuguese};
        assert_eq!(read("GET", "text/html", "lang=fr"), (Some(French), French));
        assert_eq!(read("GET", "text/html", "shop=a&lang=PT-pt"), (Some(Portuguese), Portuguese));
        for query in ["", "lang=", "lang=nl", "lang=fr&lang=fr", "lang=fr&x=%", "slang=fr", "lang[]=fr"] {
            assert_eq!(read("GET", "text/html", query), (None, German), "{query}");
        }
        assert_eq!(read("POST", "text/html", "lang=fr"), (None, German));
        assert_eq!(read("GET", "application/json", "lang=fr"), (None, German));
    }

    #[test]
    fn the_browser_says_where_a_request_began() {
        let site = |headers: Value| Request::from_event(&json!({ "headers": headers })).site();
        assert_eq!(site(json!({})), Site::Unsaid);
        assert_eq!(site(json!({ "Sec-Fetch-Site": "same-origin" })), Site::Own);
        for said in ["cross-site", "same-site", "none", "", "Same-Origin", "same-origin, cross-site"] {
            assert_eq!(site(json!({ "sec-fetch-site": said })), Site::Elsewhere, "{said}");
        }
    }
}
