//! Calls to the Graph API, signed.

mod errors;

pub use errors::Verdict;
pub(super) use errors::{Call, GraphError, Setback, classify};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::http::{Answer, CallError, Outbound, send, send_again};
use crate::{Clock, Error, Secret, Vars, signing::SecretPair};

use super::{proof::appsecret_proof, versions};

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
    pub fn from_vars(vars: &Vars, clock: Clock) -> Result<Self, Error> {
        let version = super::api_version(vars)?;
        versions::warn_about(&version, clock.now());
        let endpoint = vars.endpoint("FACEBOOK_GRAPH_ENDPOINT_URL", "https://graph.facebook.com")?;
        Ok(Self {
            secrets: super::app_secrets(vars)?,
            app_id: super::app_id(vars)?,
            base: format!("{endpoint}/{version}"),
            version,
            clock,
            told: Arc::default(),
        })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// A `GET` that carries a token in its header and, in the query where Facebook wants it, the timed proof that belongs to that token
    /// and holds for five minutes (`facebook-login/security`).
    pub(super) fn get(&self, outbound: &Outbound, path: &str, token: &Secret) -> RequestBuilder {
        self.signed(outbound.get(&self.url(path)), token)
    }

    /// The same as a `POST`. The proof stays in the query: some bodies are read without it.
    pub(super) fn post(&self, outbound: &Outbound, path: &str, token: &Secret, form: &[(&str, &str)]) -> RequestBuilder {
        self.signed(outbound.post(&self.url(path)), token).form(form)
    }

    /// The same as a `DELETE`.
    pub(super) fn delete(&self, outbound: &Outbound, path: &str, token: &Secret) -> RequestBuilder {
        self.signed(outbound.delete(&self.url(path)), token)
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
        Ok(self.looked_at(name, send(name, request).await?))
    }

    /// Sends what does no harm when it is sent again: again after a failure of Facebook's own that may pass. A throttle is none of these. One that lasts takes longer than any
    /// request may, and each call prolongs it.
    pub(super) async fn ask(
        &self,
        outbound: &Outbound,
        call: Call,
        name: &'static str,
        request: RequestBuilder,
    ) -> Result<Answer, CallError> {
        let is_passing = |answer: &Answer| {
            let error = GraphError::of(answer);
            let is_readable = || answer.json().is_some_and(|body: Value| body.is_object());
            let is_fine = answer.is_success() && error.is_none() && is_readable();
            !is_fine && classify(call, answer.status, error.as_ref()) == Verdict::Retry
        };
        Ok(self.looked_at(name, send_again(outbound, name, request, is_passing).await?))
    }

    fn looked_at(&self, name: &'static str, answer: Answer) -> Answer {
        if let Some(served) = versions::served_by_another(&self.version, &answer)
            && !self.told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(call = name, asked = self.version, served, "another graph api version answered");
        }
        answer
    }

    /// The token of the app itself.
    pub(super) fn app_token(&self) -> Secret {
        Secret::new(format!("{}|{}", self.app_id, self.secrets.current.expose()))
    }

    fn proof(&self, token: &Secret, now: u64) -> String {
        appsecret_proof(&self.secrets.current, &Secret::new(format!("{}|{now}", token.expose())))
    }
}

#[cfg(test)]
impl Graph {
    /// A stand-in at this address, asked at this moment.
    pub(super) fn at(endpoint: &str, now: u64) -> Self {
        let vars = [("FACEBOOK_APP_ID", "123456789012345"), ("FACEBOOK_APP_SECRET", "hush"), ("FACEBOOK_GRAPH_ENDPOINT_URL", endpoint)];
        Self::from_vars(&Vars::from_pairs(vars), Clock::fixed(now)).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_documented_one() {
        let vectors: Value = serde_json::from_str(include_str!("../../../vectors/facebook.json")).unwrap();
        for case in vectors["appsecret_proof"].as_array().unwrap() {
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
}
