//! One link of a test Page, step by step.

mod beliefs;
mod tokens;

pub use beliefs::BELIEFS;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared::calls::Call;
use shared::clients::Clients;
use shared::clock::Clock;
use shared::config::Vars;
use shared::http::{Answer, Outbound, send};
use shared::providers::facebook::{self, App, Dialog};

use super::report::{Report, Seen};
use crate::facebook::appsecret_proof;
use crate::provider::first;
use crate::random;
use crate::settings::Variables;
use beliefs::{CALLBACK, CODE_ONCE, CODE_TOKEN, JUNK_CODE, LONG_LIVED, PKCE, WEBHOOKS};

/// A walk in progress.
struct Walk<'a> {
    app: App,
    secret: &'a str,
    graph: String,
    outbound: Outbound,
    clock: &'a Clock,
    report: Report,
}

/// Asks for two consents, by `approve`, which is given the address to open and returns the callback's query; then looks at everything that can be seen with them.
///
/// # Errors
///
/// Where the walk can't go on: the settings, no consent, or no answer.
pub async fn walk(variables: &Variables, clock: &Clock, approve: impl AsyncFn(String) -> Result<String, String>) -> Result<Report, String> {
    let vars = Vars::from_pairs(variables.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let unusable = |error: shared::Error| error.cause.unwrap_or_else(|| error.code.as_str().to_owned());
    let app = App::from_vars(&vars).map_err(unusable)?;
    let version = facebook::api_version(&vars).map_err(unusable)?;
    let endpoint = vars.endpoint("FACEBOOK_GRAPH_ENDPOINT_URL", "https://graph.facebook.com").map_err(unusable)?;
    let secret = variables.get("FACEBOOK_APP_SECRET").ok_or("FACEBOOK_APP_SECRET is missing.")?;
    let mut report = Report::of(format!("Facebook, Graph API {version}, Unix time {}", clock.now()));
    report.conceal(secret);
    let outbound = Clients::default().http().and_then(|http| http.outbound()).map_err(unusable)?;
    let mut walk = Walk { app, secret, graph: format!("{endpoint}/{version}"), outbound, clock, report };

    let verifier = random::token();
    let query = walk.consent(&verifier, &approve).await?;
    walk.look_at_the_callback(&query);
    let code = walk.code(&query)?;
    let short = walk.exchange(&code, &verifier).await?;
    let long = walk.extend(short).await?;
    walk.look_at_tokens(&long, &version).await?;
    walk.look_at_refused_codes(&code, &verifier).await?;
    let query = walk.consent(&verifier, &approve).await?;
    let code = walk.code(&query)?;
    let answer = walk.ask_for_a_token(&code, &random::token()).await?;
    walk.report.note(&PKCE, Seen::whether(!answer.is_success(), refusal(&answer)));
    walk.report.note(&WEBHOOKS, Seen::Nothing("no webhook reaches this machine".to_owned()));
    Ok(walk.report)
}

impl Walk<'_> {
    /// One consent; the query of its callback.
    async fn consent(
        &mut self,
        verifier: &str,
        approve: &impl AsyncFn(String) -> Result<String, String>,
    ) -> Result<Vec<(String, String)>, String> {
        let state = random::token();
        let code_challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let url = self.app.dialog_url(Dialog { state: &state, code_challenge: &code_challenge, rerequest: false });
        let query = approve(url).await?;
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if first(&pairs, "state") == Some(&state) { Ok(pairs) } else { Err("This callback belongs to another run.".to_owned()) }
    }

    fn code(&mut self, pairs: &[(String, String)]) -> Result<String, String> {
        let code = first(pairs, "code").ok_or("Facebook sent no code: the consent was not given.")?;
        self.report.conceal(code);
        Ok(code.to_owned())
    }

    fn look_at_the_callback(&mut self, pairs: &[(String, String)]) {
        let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        self.report.note(&CALLBACK, Seen::whether(names == ["code", "state"], names.join(", ")));
    }

    async fn exchange(&mut self, code: &str, verifier: &str) -> Result<Value, String> {
        let answer = self.ask_for_a_token(code, verifier).await?;
        let reply: Value =
            answer.json().filter(|_| answer.is_success()).ok_or_else(|| format!("The code was not taken: {}", refusal(&answer)))?;
        self.report.conceal(reply["access_token"].as_str().unwrap_or_default());
        let end = reply["expires_in"].as_u64();
        let seen = end.map_or_else(|| "no end".to_owned(), |seconds| format!("{seconds} s"));
        self.report.note(&CODE_TOKEN, Seen::whether(end.is_some_and(|seconds| seconds > 0), seen));
        Ok(reply)
    }

    /// The token to go on with.
    async fn extend(&mut self, short: Value) -> Result<String, String> {
        const DAYS: std::ops::RangeInclusive<u64> = 55..=62;
        let token = short["access_token"].as_str().unwrap_or_default().to_owned();
        let answer = self.post("oauth/access_token", &[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &token)]).await?;
        let reply: Value = answer.json().filter(|_| answer.is_success()).unwrap_or_default();
        let long = reply["access_token"].as_str();
        self.report.conceal(long.unwrap_or_default());
        let days = reply["expires_in"].as_u64().map(|seconds| seconds / 86_400);
        let seen = match (long, days) {
            (None, _) => refusal(&answer),
            (_, None) => "no end".to_owned(),
            (_, Some(days)) => format!("{days} days"),
        };
        self.report.note(&LONG_LIVED, Seen::whether(days.is_some_and(|days| DAYS.contains(&days)), seen));
        Ok(long.map_or(token, str::to_owned))
    }

    async fn look_at_refused_codes(&mut self, code: &str, verifier: &str) -> Result<(), String> {
        let numbers = |answer: &Answer| {
            let error = answer.json().map_or(Value::Null, |body: Value| body["error"].clone());
            (error["code"].as_i64(), error["error_subcode"].as_i64())
        };
        let again = self.ask_for_a_token(code, verifier).await?;
        self.report.note(&CODE_ONCE, Seen::whether(numbers(&again) == (Some(100), Some(36_009)), refusal(&again)));
        let junk = self.ask_for_a_token("junk", verifier).await?;
        self.report.note(&JUNK_CODE, Seen::whether(numbers(&junk) == (Some(100), None), refusal(&junk)));
        Ok(())
    }

    async fn ask_for_a_token(&self, code: &str, verifier: &str) -> Result<Answer, String> {
        let redirect_uri = self.app.redirect_uri.as_str();
        self.post("oauth/access_token", &[("redirect_uri", redirect_uri), ("code", code), ("code_verifier", verifier)]).await
    }

    /// With our credentials.
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<Answer, String> {
        let ours = [("client_id", self.app.app_id.as_str()), ("client_secret", self.secret)];
        let form: Vec<(&str, &str)> = ours.into_iter().chain(form.iter().copied()).collect();
        let request = self.outbound.post(&format!("{}/{path}", self.graph)).header("accept", "application/json").form(&form);
        send(Call::to(&facebook::PLATFORM, "accept"), request).await.map_err(|error| format!("The Graph API does not answer: {error:?}"))
    }

    /// With a token, and the timed proof that belongs to it or another one.
    async fn get(&self, path: &str, token: &str, query: &[(&str, &str)], proof: Option<&str>) -> Result<Answer, String> {
        let now = self.clock.now();
        let right = appsecret_proof(token, self.secret, i64::try_from(now).ok());
        let request = self
            .outbound
            .get(&format!("{}/{path}", self.graph))
            .bearer_auth(token)
            .query(&[("appsecret_proof", proof.unwrap_or(&right)), ("appsecret_time", &now.to_string())])
            .query(query);
        send(Call::to(&facebook::PLATFORM, "accept"), request).await.map_err(|error| format!("The Graph API does not answer: {error:?}"))
    }
}

/// Status and numbers of an answer.
fn refusal(answer: &Answer) -> String {
    let body: Value = answer.json().unwrap_or_default();
    let number = |name: &str| body["error"][name].as_i64().map_or_else(|| "none".to_owned(), |number| number.to_string());
    format!("status {}, code {}, subcode {}", answer.status, number("code"), number("error_subcode"))
}

#[cfg(test)]
mod tests;
