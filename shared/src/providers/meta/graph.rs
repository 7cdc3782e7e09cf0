//! Signed calls to the Graph API.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::http::{Answer, CallError, Outbound, send, send_again};
use crate::platform::{AccountKind, CompanionKind, Platform};
use crate::{Clock, Secret, calls::Call, signing::SecretPair};

use super::errors::{Asking, GraphError, Verdict, classify};
use super::{proof::appsecret_proof, versions};

/// An app at Meta, and how a platform calls the Graph API for it.
#[derive(Clone, Debug)]
pub struct App {
    /// The calling platform.
    pub platform: &'static Platform,
    /// The app's id.
    pub id: String,
    /// The app's secret and its predecessor, which only verifies Meta's signatures.
    pub secrets: SecretPair,
    /// The requested API version.
    pub version: String,
    /// The Graph API's base URL.
    pub endpoint: String,
    /// The kind of account that a permission's targets are; none if they are not the platform's
    /// accounts.
    pub targets: fn(&str) -> Option<&'static AccountKind>,
    /// The companion that those accounts may have.
    pub companion: Option<&'static CompanionKind>,
}

/// What a function needs to call the Graph API.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The calling app.
    pub app: App,
    base: String,
    clock: Clock,
    /// Whether the log already says that another version answers.
    told: Arc<AtomicBool>,
}

impl Graph {
    /// Calls for this app. Logs when its version ends.
    #[must_use]
    pub fn new(app: App, clock: Clock) -> Self {
        versions::warn_about(&app.version, clock.now());
        Self { base: format!("{}/{}", app.endpoint, app.version), app, clock, told: Arc::default() }
    }

    /// How the log names a call.
    #[must_use]
    pub const fn call(&self, name: &'static str) -> Call {
        Call::to(self.app.platform, name)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// A `GET` with a token in its header and, in the query where Meta wants it, the timed proof
    /// for that token, which is valid for five minutes (`facebook-login/security`).
    pub fn get(&self, outbound: &Outbound, path: &str, token: &Secret) -> RequestBuilder {
        self.signed(outbound.get(&self.url(path)), token)
    }

    /// The same as a `POST`. The proof stays in the query: Meta reads some bodies without it.
    pub fn post(&self, outbound: &Outbound, path: &str, token: &Secret, form: &[(&str, &str)]) -> RequestBuilder {
        self.signed(outbound.post(&self.url(path)), token).form(form)
    }

    /// The same with a JSON body.
    pub fn post_json(&self, outbound: &Outbound, path: &str, token: &Secret, body: &Value) -> RequestBuilder {
        self.signed(outbound.post(&self.url(path)), token).header("content-type", "application/json").body(body.to_string())
    }

    /// The same as a `DELETE`.
    pub fn delete(&self, outbound: &Outbound, path: &str, token: &Secret) -> RequestBuilder {
        self.signed(outbound.delete(&self.url(path)), token)
    }

    fn signed(&self, request: RequestBuilder, token: &Secret) -> RequestBuilder {
        let now = self.clock.now();
        request
            .header("accept", "application/json")
            .bearer_auth(token.expose())
            .query(&[("appsecret_proof", self.proof(token, now)), ("appsecret_time", now.to_string())])
    }

    /// Sends a request once. An answer from another version than requested is logged, once per
    /// reading of the configuration.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn send(&self, name: &'static str, request: RequestBuilder) -> Result<Answer, CallError> {
        let call = self.call(name);
        Ok(self.looked_at(call, send(call, request).await?))
    }

    /// Sends an idempotent request, and retries after a transient failure at Meta. A throttle is
    /// not retried: it outlasts any request, and each call prolongs it.
    ///
    /// # Errors
    /// [`CallError`] of the last attempt.
    pub async fn ask(&self, outbound: &Outbound, asking: Asking, name: &'static str, request: RequestBuilder) -> Result<Answer, CallError> {
        let is_passing = |answer: &Answer| {
            let error = GraphError::of(answer);
            let is_readable = || answer.value().is_some_and(Value::is_object);
            let is_fine = answer.is_success() && error.is_none() && is_readable();
            !is_fine && classify(asking, answer.status, error.as_ref()) == Verdict::Retry
        };
        let call = self.call(name);
        Ok(self.looked_at(call, send_again(outbound, call, request, is_passing).await?))
    }

    fn looked_at(&self, call: Call, answer: Answer) -> Answer {
        if let Some(served) = versions::served_by_another(&self.app.version, &answer)
            && !self.told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(%call, asked = self.app.version, served, "another graph api version answered");
        }
        answer
    }

    /// The app's own token.
    #[must_use]
    pub fn app_token(&self) -> Secret {
        Secret::new(format!("{}|{}", self.app.id, self.app.secrets.current.expose()))
    }

    fn proof(&self, token: &Secret, now: u64) -> String {
        appsecret_proof(&self.app.secrets.current, &Secret::new(format!("{}|{now}", token.expose())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::facebook;

    #[test]
    fn the_proof_is_the_documented_one() {
        let vectors: Value = serde_json::from_str(include_str!("../../../vectors/facebook.json")).unwrap();
        for case in vectors["appsecret_proof"].as_array().unwrap() {
            let Some(time) = case["appsecret_time"].as_u64() else { continue };
            let graph = facebook::tests::graph("", case["app_secret"].as_str().unwrap(), time);
            let token = Secret::new(case["access_token"].as_str().unwrap());
            assert_eq!(graph.proof(&token, time), case["appsecret_proof"].as_str().unwrap());
        }
    }
}
