//! A scripted browser: keeps cookies as browsers do, follows nothing by itself.

mod jar;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::gateway::{Gateway, Request};
use crate::lambda::Reply;

pub use jar::{Cookie, Jar};

/// What the browser asks to be answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// `application/json`.
    Json,
    /// What browsers send when they navigate.
    Html,
}

/// One browser profile. Tabs share it: `get` may run many times at once.
pub struct Browser {
    gateway: Arc<Gateway>,
    jar: Mutex<Jar>,
    accept: Accept,
}

/// A reply as the browser received it.
#[derive(Debug, Clone)]
pub struct Page(Reply);

impl Browser {
    /// A fresh profile that asks for JSON.
    pub fn new(gateway: Arc<Gateway>) -> Self {
        Self { gateway, jar: Mutex::default(), accept: Accept::Json }
    }

    /// The same profile asking for something else.
    #[must_use]
    pub fn accepting(mut self, accept: Accept) -> Self {
        self.accept = accept;
        self
    }

    /// Another profile that begins with a copy of this one's cookies, as after a theft.
    #[must_use]
    pub fn copied(&self) -> Self {
        let jar = self.jar.lock().unwrap().clone();
        Self { gateway: Arc::clone(&self.gateway), jar: Mutex::new(jar), accept: self.accept }
    }

    /// Opens a URL of the service, absolute or from the root, without following a redirect.
    ///
    /// Counts as a top-level navigation that another site started, as the return from a provider is: cookies with
    /// `SameSite=Strict` stay behind.
    pub async fn get(&self, url: &str) -> Page {
        self.send(Request::get(self.target(url))).await
    }

    /// Sends any request with the browser's cookies and `Accept`, unless it carries its own.
    pub async fn send(&self, mut request: Request) -> Page {
        let has = |request: &Request, name: &str| request.headers.iter().any(|(key, _)| key == name);
        if !has(&request, "accept") {
            request = request.with_header("accept", self.accept.value());
        }
        let path = request.target.split(['?', '#']).next().unwrap_or_default().to_owned();
        let cookies = self.jar.lock().unwrap().header(self.gateway.origin(), &path);
        if let Some(cookies) = cookies.filter(|_| !has(&request, "cookie")) {
            request = request.with_header("cookie", &cookies);
        }
        let reply = self.gateway.send(&request).await;
        let mut jar = self.jar.lock().unwrap();
        for cookie in &reply.cookies {
            jar.store(self.gateway.origin(), &path, cookie);
        }
        Page(reply)
    }

    /// The value of the cookie that would be sent to the service's root.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(self.gateway.origin(), name).map(|cookie| cookie.value.clone())
    }

    /// Looks at, plants or removes cookies.
    pub fn with_jar<T>(&self, work: impl FnOnce(&mut Jar) -> T) -> T {
        work(&mut self.jar.lock().unwrap())
    }

    /// Lets the cookies age.
    pub fn advance(&self, by: Duration) {
        self.jar.lock().unwrap().advance(by);
    }

    fn target(&self, url: &str) -> String {
        if url.starts_with('/') {
            return url.to_owned();
        }
        let target = url.strip_prefix(self.gateway.origin()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        match target {
            Some("") => "/".to_owned(),
            Some(target) => target.to_owned(),
            None => panic!("{url} is not of the service's origin {}", self.gateway.origin()),
        }
    }
}

impl Accept {
    fn value(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Html => "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        }
    }
}

impl Page {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.header(name)
    }

    /// The `Set-Cookie` values, as sent.
    pub fn set_cookies(&self) -> &[String] {
        &self.0.cookies
    }

    /// The body as text.
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        self.0.json()
    }

    /// The contract's error code, where the page is an error in JSON.
    pub fn code(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.0.body).ok()?;
        body["code"].as_str().map(str::to_owned)
    }

    /// Where a redirect leads.
    ///
    /// # Panics
    ///
    /// When the page is no redirect, showing it.
    pub fn location(&self) -> &str {
        let location = self.header("location").filter(|_| (300..400).contains(&self.status()));
        location.unwrap_or_else(|| panic!("not a redirect: {} {}", self.status(), self.text()))
    }

    /// The whole reply.
    pub fn reply(&self) -> &Reply {
        &self.0
    }
}
