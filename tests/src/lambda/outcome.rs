//! What comes of an invocation: the reply as API Gateway reads it, or a function error.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// A function's HTTP reply, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case. API Gateway ignores `multiValueHeaders` in this payload version, and so does this.
    pub headers: Vec<(String, String)>,
    /// One `Set-Cookie` value each.
    pub cookies: Vec<String>,
    /// Decoded where it came as base64.
    pub body: Vec<u8>,
    /// Whether the body came as base64.
    pub is_base64: bool,
}

impl Reply {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text()))
    }

    /// What API Gateway itself answers when there is no reply to pass on.
    pub(crate) fn of_gateway(status: u16, message: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            cookies: Vec::new(),
            body: serde_json::json!({ "message": message }).to_string().into_bytes(),
            is_base64: false,
        }
    }

    fn parse(payload: &[u8]) -> Option<Self> {
        let payload: Value = serde_json::from_slice(payload).ok()?;
        let is_base64 = payload["isBase64Encoded"].as_bool().unwrap_or(false);
        let body = payload["body"].as_str().unwrap_or_default();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(Self {
            status: u16::try_from(payload["statusCode"].as_u64()?).ok()?,
            headers: payload["headers"]
                .as_object()
                .map(|headers| headers.iter().map(|(key, value)| (key.to_lowercase(), text(value))).collect())
                .unwrap_or_default(),
            cookies: payload["cookies"].as_array().map(|all| all.iter().map(text).collect()).unwrap_or_default(),
            body: if is_base64 { STANDARD.decode(body).ok()? } else { body.as_bytes().to_vec() },
            is_base64,
        })
    }
}

/// An invocation that ended without a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// `Sandbox.Timedout`, `Runtime.ExitError`, or what the runtime itself reported.
    pub error_type: String,
    /// For people.
    pub message: String,
}

impl FunctionError {
    pub(super) fn new(error_type: &str, message: impl Into<String>) -> Self {
        Self { error_type: error_type.to_owned(), message: message.into() }
    }

    pub(super) fn no_instance(function: &str) -> Self {
        Self::new("Runtime.ExitError", format!("no instance of {function} is alive to take the event"))
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.error_type, self.message)
    }
}

/// What came of one invocation.
#[derive(Debug)]
pub struct Outcome {
    /// The reply or the function error.
    pub result: Result<Reply, FunctionError>,
    /// From handing the event over to the answer.
    pub duration: Duration,
    function: String,
    logs: Option<String>,
}

impl Outcome {
    pub(super) fn new(function: &str, result: Result<Vec<u8>, FunctionError>, duration: Duration, logs: impl FnOnce() -> String) -> Self {
        let result = result.and_then(|payload| {
            Reply::parse(&payload).ok_or_else(|| FunctionError::new("Gateway.BadPayload", String::from_utf8_lossy(&payload).into_owned()))
        });
        let logs = result.is_err().then(logs);
        Self { result, duration, function: function.to_owned(), logs }
    }

    /// The reply.
    ///
    /// # Panics
    ///
    /// On a function error, showing the function's logs.
    pub fn reply(self) -> Reply {
        match self.result {
            Ok(reply) => reply,
            Err(error) => panic!("{}: {error}\n{}", self.function, self.logs.unwrap_or_default()),
        }
    }
}
