//! Calls to the Graph API: signed, and their errors understood by number.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use reqwest::RequestBuilder;
use serde::Deserialize;

use crate::{
    clock::Clock,
    config::Vars,
    error::Error,
    http::{Answer, CallError, Connections, send},
    secret::Secret,
    signing::{SecretPair, hex, hmac_sha256},
};

use super::versions;

/// What a function needs to know to call the Graph API.
#[derive(Clone, Debug)]
pub struct Graph {
    /// `FACEBOOK_APP_SECRET` and its predecessor, which only verifies what Facebook signs.
    pub secrets: SecretPair,
    /// `FACEBOOK_APP_ID`.
    pub app_id: String,
    version: String,
    base: String,
    clock: Clock,
    /// Whether the log has been told that another version answers.
    told: Arc<AtomicBool>,
}

impl Graph {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, app: &super::App, clock: Clock) -> Result<Self, Error> {
        versions::warn_about(&app.version, clock.now());
        let endpoint = vars.endpoint("FACEBOOK_GRAPH_ENDPOINT_URL", "https://graph.facebook.com")?;
        Ok(Self {
            secrets: vars.secret_pair("FACEBOOK_APP_SECRET", 1)?,
            app_id: app.app_id.clone(),
            version: app.version.clone(),
            base: format!("{endpoint}/{}", app.version),
            clock,
            told: Arc::default(),
        })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// A `GET` that carries a token in its header and, in the query where Facebook wants it, the timed proof that belongs to that token
    /// and holds for five minutes (`facebook-login/security`).
    pub(super) fn get(&self, connections: &Connections, path: &str, token: &Secret) -> RequestBuilder {
        self.signed(connections.get(&self.url(path)), token)
    }

    /// The same as a `POST`. The proof stays in the query: some bodies are read without it.
    pub(super) fn post(&self, connections: &Connections, path: &str, token: &Secret, form: &[(&str, &str)]) -> RequestBuilder {
        self.signed(connections.post(&self.url(path)), token).form(form)
    }

    fn signed(&self, request: RequestBuilder, token: &Secret) -> RequestBuilder {
        let now = self.clock.now();
        request
            .header("accept", "application/json")
            .bearer_auth(token.expose())
            .query(&[("appsecret_proof", self.proof(token, now)), ("appsecret_time", now.to_string())])
    }

    /// Sends a request once. An answer of another version than was asked for is told to the log, once for each reading of the configuration.
    pub(super) async fn send(&self, name: &'static str, request: RequestBuilder) -> Result<Answer, CallError> {
        let answer = send(name, request).await?;
        if let Some(served) = versions::served_by_another(&self.version, &answer)
            && !self.told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(call = name, asked = self.version, served, "another graph api version answered");
        }
        Ok(answer)
    }

    /// The token of the app itself.
    pub(super) fn app_token(&self) -> Secret {
        Secret::new(format!("{}|{}", self.app_id, self.secrets.current.expose()))
    }

    fn proof(&self, token: &Secret, now: u64) -> String {
        let message = format!("{}|{now}", token.expose());
        hex(&hmac_sha256(self.secrets.current.expose().as_bytes(), &[message.as_bytes()]))
    }
}

/// Which call an error answers: the same number means different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// A code, or a token for a longer one.
    CodeExchange,
    /// `debug_token`.
    DebugToken,
    /// Any call with a user's or Page's token.
    WithToken,
}

/// What to do about an error (`documentation/graph-api/guides/error-handling`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The code is spent or too old.
    RestartLogin,
    /// Our app id, secret, redirect URI, version or request is at fault.
    OurConfiguration,
    /// The token was issued to another app.
    TokenOfAnotherApp,
    /// The token is dead.
    ReconnectNeeded,
    /// A permission or a role is missing.
    MissingPermission,
    /// Throttled, or blocked for a while.
    Wait,
    /// Facebook's own trouble; it may pass.
    Retry,
    /// There is no such object.
    NotFound,
    /// The cursor of a list is no longer good.
    InvalidCursor,
}

/// The numbers of an error body, for the log and for [`Verdict`].
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub(super) struct GraphError {
    pub(super) code: i64,
    #[serde(alias = "subcode")]
    pub(super) error_subcode: Option<i64>,
    pub(super) is_transient: bool,
    fbtrace_id: Option<String>,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: Option<GraphError>,
    data: Option<DataError>,
}

#[derive(Deserialize)]
struct DataError {
    error: Option<GraphError>,
}

impl GraphError {
    /// The error in an answer; a 200 can hold one as well.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        let body: ErrorBody = answer.json()?;
        body.error.or_else(|| body.data?.error)
    }

    /// For the log: numbers and Facebook's trace id only.
    pub(super) fn numbers(&self) -> String {
        format!("code {} subcode {} trace {}", self.code, self.error_subcode.unwrap_or_default(), self.trace())
    }

    fn trace(&self) -> &str {
        let is_trace = |id: &&str| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        self.fbtrace_id.as_deref().filter(is_trace).unwrap_or("none")
    }

    /// Whether it throttles the app or the person, and not one Page alone.
    fn throttles_all(&self) -> bool {
        matches!(self.code, 4 | 17 | 341 | 613)
    }
}

/// Why one Page's call gave nothing: the rest goes on, so the log is told here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setback {
    pub(super) verdict: Verdict,
    /// The other Pages' calls would meet the same.
    pub(super) throttles_all: bool,
}

impl Setback {
    /// Understands an answer that is no success, and writes its numbers down.
    pub(super) fn of(name: &'static str, answer: &Answer) -> Self {
        let error = GraphError::of(answer);
        let verdict = classify(Call::WithToken, answer.status, error.as_ref());
        let (code, subcode) = error.as_ref().map_or((0, 0), |error| (error.code, error.error_subcode.unwrap_or_default()));
        let fbtrace_id = error.as_ref().map_or("none", GraphError::trace);
        tracing::warn!(call = name, status = answer.status, code, subcode, fbtrace_id, ?verdict, "graph api refused");
        let throttles_all = verdict == Verdict::Wait && error.as_ref().is_none_or(GraphError::throttles_all);
        Self { verdict, throttles_all }
    }

    /// Whether an answer is no success; a 200 can hold an error as well.
    pub(super) fn is_one(answer: &Answer) -> bool {
        !answer.is_success() || GraphError::of(answer).is_some()
    }

    /// There is no answer.
    pub(super) fn without_answer(name: &'static str, error: CallError) -> Self {
        tracing::warn!(call = name, cause = ?error, "graph api did not answer");
        Self { verdict: Verdict::Retry, throttles_all: false }
    }
}

/// Classifies any answer that is not a success: by number, never by text.
pub(super) fn classify(call: Call, status: u16, error: Option<&GraphError>) -> Verdict {
    let Some(error) = error else {
        return match status {
            429 => Verdict::Wait,
            _ => Verdict::Retry,
        };
    };
    match (error.code, error.error_subcode) {
        (190 | 102, _) => Verdict::ReconnectNeeded,
        (4 | 17 | 32 | 341 | 368 | 613 | 80_000..=80_014, _) => Verdict::Wait,
        _ if error.is_transient || status >= 500 => Verdict::Retry,
        (10 | 200..=299, _) => Verdict::MissingPermission,
        (100, Some(36_007 | 36_009)) => Verdict::RestartLogin,
        (100, _) if call == Call::DebugToken => Verdict::TokenOfAnotherApp,
        // On the exchange 1 means a wrong client secret.
        (1, _) if call == Call::CodeExchange => Verdict::OurConfiguration,
        (803, _) => Verdict::NotFound,
        (2642, _) => Verdict::InvalidCursor,
        (100 | 101 | 191 | 2635, _) => Verdict::OurConfiguration,
        _ if status == 429 => Verdict::Wait,
        _ => Verdict::Retry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vectors() -> serde_json::Value {
        serde_json::from_str(include_str!("../../../vectors/facebook.json")).unwrap()
    }

    #[test]
    fn every_error_of_the_vectors_is_understood() {
        for case in vectors()["graph_errors"].as_array().unwrap() {
            let body = match case["body_text"].as_str() {
                Some(text) => text.as_bytes().to_vec(),
                None => case["body"].to_string().into_bytes(),
            };
            let status = u16::try_from(case["http"].as_u64().unwrap()).unwrap();
            let call = match case["call"].as_str().unwrap() {
                "code_exchange" => Call::CodeExchange,
                "debug_token" => Call::DebugToken,
                _ => Call::WithToken,
            };
            let expected = match case["expect_class"].as_str().unwrap() {
                "restart_login" => Verdict::RestartLogin,
                "our_configuration" => Verdict::OurConfiguration,
                "token_of_another_app" => Verdict::TokenOfAnotherApp,
                "reconnect_needed" => Verdict::ReconnectNeeded,
                "missing_permission" => Verdict::MissingPermission,
                "wait" => Verdict::Wait,
                "retry" => Verdict::Retry,
                other => panic!("unknown class {other}"),
            };
            let error = GraphError::of(&Answer::made(status, &body));
            assert_eq!(classify(call, status, error.as_ref()), expected, "{case}");
        }
    }

    #[test]
    fn the_proof_is_the_documented_one() {
        for case in vectors()["appsecret_proof"].as_array().unwrap() {
            let Some(time) = case["appsecret_time"].as_u64() else { continue };
            let graph = Graph {
                secrets: SecretPair { current: Secret::new(case["app_secret"].as_str().unwrap()), previous: None },
                app_id: "1".to_owned(),
                version: String::new(),
                base: String::new(),
                clock: Clock::fixed(time),
                told: Arc::default(),
            };
            let token = Secret::new(case["access_token"].as_str().unwrap());
            assert_eq!(graph.proof(&token, time), case["appsecret_proof"].as_str().unwrap());
        }
    }

    proptest! {
        #[test]
        fn any_numbers_get_a_verdict(status in any::<u16>(), code in any::<i64>(), error_subcode in any::<Option<i64>>(), is_transient in any::<bool>()) {
            for call in [Call::CodeExchange, Call::DebugToken, Call::WithToken] {
                classify(call, status, Some(&GraphError { code, error_subcode, is_transient, fbtrace_id: None }));
                classify(call, status, None);
            }
        }
    }
}
