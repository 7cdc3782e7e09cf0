//! One request and one reply as the stand-ins see them: read whole, nothing streamed.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, Response};
use serde_json::Value;

/// A request a stand-in received, kept so that tests can count calls and search them for secrets.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// The stand-in's name for the call, such as `token` or `accounts`.
    pub call: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// Path and query exactly as received.
    pub path_and_query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body exactly as received.
    pub body: Vec<u8>,
}

impl RecordedRequest {
    /// The path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path_and_query.split_once('?').map_or(&*self.path_and_query, |(path, _)| path)
    }

    /// The query's parameters, decoded, in their order.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.path_and_query.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The body's fields, whether it is a form or a JSON object.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        if !self.header(CONTENT_TYPE.as_str()).unwrap_or_default().starts_with("application/json") {
            return form_urlencoded::parse(&self.body).into_owned().collect();
        }
        let Ok(Value::Object(object)) = serde_json::from_slice(&self.body) else {
            return Vec::new();
        };
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        object.into_iter().map(|(name, value)| (name, text(value))).collect()
    }

    /// The first value of a body field, else of a query parameter.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let fields = self.form().into_iter().chain(self.query());
        fields.into_iter().find_map(|(key, value)| (key == name).then_some(value))
    }

    /// A header's value, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The path's segments without empty ones.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path().split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// Everything in this request as one text, for searches.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{self:?} {}", String::from_utf8_lossy(&self.body))
    }
}

/// The first value of a name in decoded pairs.
pub(crate) fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find_map(|(key, value)| (key == name).then_some(value.as_str()))
}

/// Pairs as a query string.
pub(crate) fn encode<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A URL with a query appended.
pub(crate) fn with_query(url: &str, query: &str) -> String {
    format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' })
}

/// An answer, before faults are applied to it.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    pub(crate) fn html(status: u16, body: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }

    pub(crate) fn redirect(status: u16, location: String) -> Self {
        Self { status, headers: vec![("location", location)], body: Vec::new() }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn into_response(self, body: impl FnOnce(Vec<u8>) -> Body) -> Response<Body> {
        let mut builder = Response::builder().status(self.status);
        for (name, value) in self.headers {
            builder = builder.header(name, value);
        }
        builder.body(body(self.body)).unwrap_or_default()
    }
}
