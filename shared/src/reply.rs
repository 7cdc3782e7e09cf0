//! What goes back: a redirect, JSON, a page or an error, each with the headers that every reply carries.

pub mod cookie;
mod page;

pub use page::{Item, Page};

use lambda_http::{
    Body,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};

use crate::{
    error::{Code, Error},
    next::NextStep,
    request::Request,
};

/// An HTTP reply without the headers that all of them share.
#[derive(Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    cookies: Vec<String>,
    body: String,
    /// What the log calls this outcome: `ok`, `redirect`, or an error's code.
    pub outcome: &'static str,
}

impl Reply {
    /// A redirect (302, never 307, so that a form's body is not repeated elsewhere; RFC 9700, section 4.12).
    #[must_use]
    pub fn redirect(location: String) -> Self {
        Self { status: 302, headers: vec![("location", location)], cookies: Vec::new(), body: String::new(), outcome: "redirect" }
    }

    /// Success, as a page or as JSON, whichever the caller asked for.
    #[must_use]
    pub fn ok(request: &Request, page: &Page, json: &Value) -> Self {
        let mut reply = Self { status: 200, headers: Vec::new(), cookies: Vec::new(), body: String::new(), outcome: "ok" };
        if request.wants_html {
            reply.page(page)
        } else {
            reply.json("application/json", json)
        }
        reply
    }

    /// An error, as a page or as `application/problem+json` (RFC 9457).
    #[must_use]
    pub fn error(error: &Error, wants_html: bool) -> Self {
        let code = error.code;
        let mut reply =
            Self { status: code.status(), headers: Vec::new(), cookies: Vec::new(), body: String::new(), outcome: code.as_str() };
        if code == Code::StorageUnavailable {
            reply.headers.push(("retry-after", "2".to_owned()));
        }
        if wants_html {
            let mut page = Page::new(code.title()).paragraph(error.detail.clone());
            page.action = Some(error.next.clone().unwrap_or_else(NextStep::shopify_admin));
            reply.page(&page);
        } else {
            let mut problem = json!({
                "type": "about:blank",
                "title": code.title(),
                "status": code.status(),
                "detail": error.detail,
                "code": code.as_str(),
            });
            if let (Some(next), Some(problem)) = (&error.next, problem.as_object_mut()) {
                problem.insert("next".to_owned(), next.href.clone().into());
            }
            reply.json("application/problem+json", &problem);
        }
        reply
    }

    /// Success as JSON, for a caller that is a program.
    #[must_use]
    pub fn json_ok(value: &Value) -> Self {
        let mut reply = Self { status: 200, headers: Vec::new(), cookies: Vec::new(), body: String::new(), outcome: "ok" };
        reply.json("application/json", value);
        reply
    }

    /// Adds a header; its name is in lower case.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Adds a `Set-Cookie`.
    #[must_use]
    pub fn with_cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    fn page(&mut self, page: &Page) {
        self.headers.push(("content-type", "text/html; charset=utf-8".to_owned()));
        self.body = page.html();
    }

    fn json(&mut self, content_type: &str, value: &Value) {
        self.headers.push(("content-type", content_type.to_owned()));
        self.body = value.to_string();
    }

    /// API Gateway's form of the reply; `https` adds `Strict-Transport-Security`.
    #[must_use]
    pub fn into_response(self, https: bool) -> ApiGatewayV2httpResponse {
        let mut headers = HeaderMap::new();
        let policy =
            format!("default-src 'none'; style-src '{}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'", page::style_hash());
        let common = [
            ("cache-control", "no-store".to_owned()),
            ("referrer-policy", "no-referrer".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
            ("content-security-policy", policy),
        ];
        let transport = https.then(|| ("strict-transport-security", "max-age=63072000; includeSubDomains".to_owned()));
        for (name, value) in common.into_iter().chain(transport).chain(self.headers) {
            // Everything here is built from checked parts; a value that still is no header is left out rather than sent broken.
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        let mut response = ApiGatewayV2httpResponse::default();
        response.status_code = i64::from(self.status);
        response.headers = headers;
        response.cookies = self.cookies;
        response.body = (!self.body.is_empty()).then_some(Body::Text(self.body));
        response
    }
}
