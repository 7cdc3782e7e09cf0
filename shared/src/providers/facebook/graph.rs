//! Calls to the Graph API: signed, and their errors understood by number.

use reqwest::RequestBuilder;
use serde::Deserialize;

use crate::{
    clock::Clock,
    config::Vars,
    error::Error,
    http::{Answer, Connections},
    secret::Secret,
    signing::{SecretPair, hex, hmac_sha256},
};

/// What a function needs to know to call the Graph API.
#[derive(Clone, Debug)]
pub struct Graph {
    /// `FACEBOOK_APP_SECRET` and its predecessor, which only verifies what Facebook signs.
    pub secrets: SecretPair,
    app_id: String,
    base: String,
    clock: Clock,
}

impl Graph {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, app: &super::App, clock: Clock) -> Result<Self, Error> {
        let endpoint = vars.endpoint("FACEBOOK_GRAPH_ENDPOINT_URL", "https://graph.facebook.com")?;
        Ok(Self {
            secrets: vars.secret_pair("FACEBOOK_APP_SECRET", 1)?,
            app_id: app.app_id.clone(),
            base: format!("{endpoint}/{}", app.version),
            clock,
        })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// A `GET` that carries a token in its header and, in the query where Facebook wants it, the timed proof that belongs to that token
    /// and holds for five minutes (`facebook-login/security`).
    pub(super) fn get(&self, connections: &Connections, path: &str, token: &Secret) -> RequestBuilder {
        let now = self.clock.now();
        connections
            .get(&self.url(path))
            .header("accept", "application/json")
            .bearer_auth(token.expose())
            .query(&[("appsecret_proof", self.proof(token, now)), ("appsecret_time", now.to_string())])
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
    code: i64,
    #[serde(alias = "subcode")]
    error_subcode: Option<i64>,
    is_transient: bool,
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
        let trace = self
            .fbtrace_id
            .as_deref()
            .filter(|id| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'));
        format!("code {} subcode {} trace {}", self.code, self.error_subcode.unwrap_or_default(), trace.unwrap_or("none"))
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
            let error = GraphError::of(&Answer { status, body });
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
                base: String::new(),
                clock: Clock::fixed(time),
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
