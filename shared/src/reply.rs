//! Replies: a redirect, JSON, a page or an error, each with the headers that every reply carries.

pub mod cookie;

use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use lambda_http::{Body, aws_lambda_events::apigw::ApiGatewayV2httpResponse};
use serde_json::{Value, json};

use crate::pages::{ErrorPage, Page, content_security_policy};
use crate::texts::{ENGLISH, Language, in_english};
use crate::{Code, Error, platform::Platforms, request::Request};

const VARY: &str = "Accept, Accept-Language, Cookie";

/// An HTTP reply without the headers common to all.
#[derive(Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    cookies: Vec<String>,
    body: String,
    /// The outcome's name in the log: `ok`, `redirect`, or an error's code.
    pub outcome: &'static str,
}

impl Reply {
    /// A redirect (302, never 307, so that a form's body is not resubmitted elsewhere; RFC 9700,
    /// section 4.12).
    #[must_use]
    pub fn redirect(location: String) -> Self {
        Self { status: 302, headers: vec![("location", location)], cookies: Vec::new(), body: String::new(), outcome: "redirect" }
    }

    /// The answer to a form: the browser then requests `location`, so that a reload does not
    /// resubmit.
    #[must_use]
    pub fn see_other(location: &'static str) -> Self {
        Self { status: 303, ..Self::redirect(location.to_owned()) }
    }

    /// Success, as a page or as JSON, as the caller prefers.
    #[must_use]
    pub fn ok(request: &Request, page: &impl Page, json: &Value) -> Self {
        Self::empty(200, "ok").negotiated(request, page, "application/json", json)
    }

    /// Success as a page, for a caller that asked for one; it has no JSON form.
    #[must_use]
    pub fn page(request: &Request, page: &impl Page) -> Self {
        Self::empty(200, "ok").html(request, page)
    }

    /// An error, as a page or as `application/problem+json` (RFC 9457). The page knows these
    /// platforms' routes.
    #[must_use]
    pub fn error(error: &Error, request: &Request, platforms: Platforms) -> Self {
        let code = error.code;
        let mut reply = Self::empty(code.status(), code.as_str());
        if code == Code::StorageUnavailable {
            reply.headers.push(("retry-after", "2".to_owned()));
        }
        let mut problem = json!({
            "type": "about:blank",
            "title": ENGLISH.general(code, &error.detail).title,
            "status": code.status(),
            "detail": in_english(error),
            "code": code.as_str(),
        });
        if let (Some(next), Some(problem)) = (&error.next, problem.as_object_mut()) {
            problem.insert("next".to_owned(), next.href.clone().into());
        }
        reply.negotiated(request, &ErrorPage { error, request, platforms }, "application/problem+json", &problem)
    }

    /// Success as JSON, for a program.
    #[must_use]
    pub fn json_ok(value: &Value) -> Self {
        Self::empty(200, "ok").json("application/json", value)
    }

    /// Success as plain text, for a program that expects exactly this.
    #[must_use]
    pub fn text_ok(text: String) -> Self {
        Self { body: text, ..Self::empty(200, "ok") }.with_header("content-type", "text/plain; charset=utf-8")
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

    fn empty(status: u16, outcome: &'static str) -> Self {
        Self { status, headers: Vec::new(), cookies: Vec::new(), body: String::new(), outcome }
    }

    fn negotiated(self, request: &Request, page: &impl Page, content_type: &'static str, json: &Value) -> Self {
        if request.wants_html {
            return self.html(request, page);
        }
        self.with_header("vary", VARY).with_header("content-language", Language::English.tag()).json(content_type, json)
    }

    fn html(mut self, request: &Request, page: &impl Page) -> Self {
        self.body = page.html(request.language, &request.brand);
        let reply = self.with_header("vary", VARY).with_header("content-language", request.language.tag());
        let reply = reply.with_header("content-type", "text/html; charset=utf-8");
        if page.has_form() { reply.with_header("referrer-policy", "same-origin") } else { reply }
    }

    fn json(mut self, content_type: &str, value: &Value) -> Self {
        self.body = value.to_string();
        self.with_header("content-type", content_type)
    }

    /// The reply in API Gateway's form; `https` adds `Strict-Transport-Security`.
    #[must_use]
    pub fn into_response(self, https: bool) -> ApiGatewayV2httpResponse {
        let mut headers = HeaderMap::new();
        let common = [
            ("cache-control", "no-store".to_owned()),
            ("referrer-policy", "no-referrer".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
            ("content-security-policy", content_security_policy().to_owned()),
            // A site that opened one of our windows can neither watch nor steer it, and no other
            // site can embed a reply of ours.
            ("cross-origin-opener-policy", "same-origin".to_owned()),
            ("cross-origin-resource-policy", "same-origin".to_owned()),
        ];
        let transport = https.then(|| ("strict-transport-security", "max-age=63072000; includeSubDomains".to_owned()));
        for (name, value) in common.into_iter().chain(transport).chain(self.headers) {
            // Everything here is built from checked parts. A value that is still no valid header is
            // left out rather than sent broken.
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

#[cfg(test)]
mod tests;
