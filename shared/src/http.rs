//! The only way out to the providers: TLS with built-in roots, timeouts, no redirects, no proxy,
//! capped bodies.

mod again;

pub use again::send_again;

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use crate::calls::{Call, count, timed};
use crate::{Code, Detail, Error, VERSION, platform::Platform};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The timeout of a whole call to a provider, from the first byte sent to the last one read.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(6);
/// Far above any reply in a flow, and small enough to hold in memory.
const MAX_BODY: usize = 1024 * 1024;

/// Makes [`Outbound`]. Holds the costly parts: the TLS configuration with its roots and session
/// cache.
#[derive(Clone)]
pub struct Http {
    tls: rustls::ClientConfig,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}

/// The connections of one request. They do not outlive it: a socket that slept through a frozen
/// instance may be dead, and discovering that while sending a code, which can't be sent twice,
/// would lose the code.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    /// Until when failed idempotent requests are retried.
    asking_until: Option<Instant>,
}

/// A provider's answer, read completely.
#[derive(Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, at most 1 MiB.
    pub body: Vec<u8>,
    headers: Vec<(&'static str, String)>,
    /// The result of [`Answer::value`].
    value: OnceLock<Option<Value>>,
}

/// Per header. The most that a platform documents is 32 objects of some 150 bytes each.
const MAX_HEADER: usize = 16 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError {
    /// No answer came in time.
    Timeout,
    /// No connection, or it broke.
    Connection,
    /// The body is over 1 MiB.
    TooLarge,
}

impl Http {
    pub(crate) fn new() -> Result<Self, Error> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| Error::misconfigured(format!("TLS: {e}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls })
    }

    /// Fresh connections for one request.
    ///
    /// # Errors
    /// `misconfigured` when the client can't be set up.
    pub fn outbound(&self) -> Result<Outbound, Error> {
        Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .user_agent(format!("messenger-link/{VERSION}"))
            .build()
            .map(|client| Outbound { client, asking_until: None })
            .map_err(|_| Error::misconfigured("the HTTP client can't be set up"))
    }
}

impl Outbound {
    /// A `POST` to `url`.
    pub fn post(&self, url: &str) -> RequestBuilder {
        self.client.post(url)
    }

    /// A `DELETE` of `url`.
    pub fn delete(&self, url: &str) -> RequestBuilder {
        self.client.delete(url)
    }

    /// A `GET` of `url`.
    pub fn get(&self, url: &str) -> RequestBuilder {
        self.client.get(url)
    }
}

/// Sends a request once and reads the answer.
///
/// # Errors
/// [`CallError`]; it never shows the URL, which may carry a token.
pub async fn send(call: Call, request: RequestBuilder) -> Result<Answer, CallError> {
    let answer = timed(call, async {
        let mut response = request.send().await.map_err(|e| CallError::from(&e))?;
        let status = response.status().as_u16();
        let headers = call.platform.map(|platform| kept(platform, response.headers())).unwrap_or_default();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| CallError::from(&e))? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(CallError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body, headers, value: OnceLock::new() })
    })
    .await;
    // A refusal because of the subject of the call is not a failure of the provider.
    if answer.as_ref().map_or(true, |answer| answer.status == 429 || answer.status >= 500)
        && let Some(platform) = call.platform
    {
        count(platform.metrics.errors, 1);
    }
    answer
}

fn kept(platform: &'static Platform, headers: &reqwest::header::HeaderMap) -> Vec<(&'static str, String)> {
    let kept = |name: &'static str| {
        let value = headers.get(name)?.to_str().ok().filter(|value| value.len() <= MAX_HEADER)?;
        Some((name, value.to_owned()))
    };
    platform.headers.iter().copied().filter_map(kept).collect()
}

impl From<&reqwest::Error> for CallError {
    fn from(error: &reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Connection }
    }
}

impl CallError {
    /// The error reply for a call to `platform`.
    #[must_use]
    pub fn into_error(self, platform: &'static Platform, call: Call) -> Error {
        match self {
            Self::Timeout => Error::new(Code::ProviderTimeout, Detail::NoAnswer(platform)).caused_by(format!("{call}: timeout")),
            Self::Connection | Self::TooLarge => provider_error(platform).caused_by(format!("{call}: {self:?}")),
        }
    }
}

/// `provider_error` with the sentence that fits any platform.
#[must_use]
pub fn provider_error(platform: &'static Platform) -> Error {
    Error::new(Code::ProviderError, Detail::ProviderFailed(platform))
}

impl Answer {
    /// An answer for a test.
    #[cfg(test)]
    pub(crate) fn made(status: u16, body: &[u8]) -> Self {
        Self { status, body: body.to_vec(), ..Self::default() }
    }

    /// One of the headers we keep, as received.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(kept, _)| *kept == name).map(|(_, value)| value.as_str())
    }

    /// The same answer with a header, for tests.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The same for a successful answer; `None` for any other.
    #[must_use]
    pub fn json_of_success<T: DeserializeOwned>(&self) -> Option<T> {
        if self.is_success() { self.json() } else { None }
    }

    /// The body as any JSON; `None` if it is not JSON. Several checks look at an answer before one
    /// consumes it, so it is parsed once.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.value.get_or_init(|| self.json()).as_ref()
    }

    /// The body as JSON of type `T`; `None` if it is anything else.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }
}

#[cfg(test)]
mod tests;
