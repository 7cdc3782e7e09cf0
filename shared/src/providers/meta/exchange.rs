//! Obtains a grant's token: from a code, or by extending a token.

use serde::Deserialize;

use crate::http::{Answer, CallError, Outbound, provider_error};
use crate::providers::grantor::{GrantToken, Trouble, TroubleKind};
use crate::{Error, Secret, UnixSeconds};

use super::errors::{Asking, GraphError};
use super::graph::Graph;
use super::trouble::{no_answer, refused, trouble_of};

const EXTENSION: &str = "long_lived_exchange";

#[derive(Deserialize)]
struct TokenReply {
    access_token: Secret,
    expires_in: Option<u64>,
}

/// Exchanges the code, once: after a timeout it may be used. Includes the code verifier if the
/// dialog took a challenge.
///
/// # Errors
/// `token_exchange_failed` when Meta refuses it; `provider_error`, `provider_timeout`.
pub async fn exchange_code(
    graph: &Graph,
    outbound: &Outbound,
    redirect_uri: &str,
    code: &str,
    verifier: Option<&Secret>,
    now: UnixSeconds,
) -> Result<GrantToken, Error> {
    let mut form = vec![
        ("client_id", graph.app.id.as_str()),
        ("client_secret", graph.app.secrets.current.expose()),
        ("redirect_uri", redirect_uri),
        ("code", code),
    ];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier.expose())));
    exchange("code_exchange", Asking::CodeExchange, graph, outbound, &form, now).await
}

/// Exchanges a short-lived token for a long-lived one: only Page tokens fetched with a long-lived
/// token do not expire.
///
/// # Errors
/// As [`exchange_code`].
pub async fn extend(graph: &Graph, outbound: &Outbound, token: &Secret, now: UnixSeconds) -> Result<GrantToken, Error> {
    exchange(EXTENSION, Asking::TokenExchange, graph, outbound, &extension(graph, token), now).await
}

/// Exchanges a long-lived token before it ends; afterwards that is impossible.
///
/// # Errors
/// [`Trouble`], which is never a verdict on the token.
pub async fn renew(graph: &Graph, outbound: &Outbound, token: &Secret, now: UnixSeconds) -> Result<GrantToken, Trouble> {
    renew_with(graph, outbound, &extension(graph, token), now).await
}

/// The same for a system user's token, which lives as long as requested (system users, install apps
/// and generate tokens).
///
/// # Errors
/// As [`renew`].
pub async fn renew_for_60_days(graph: &Graph, outbound: &Outbound, token: &Secret, now: UnixSeconds) -> Result<GrantToken, Trouble> {
    let form = [extension(graph, token).as_slice(), &[("set_token_expires_in_60_days", "true")]].concat();
    renew_with(graph, outbound, &form, now).await
}

async fn renew_with(graph: &Graph, outbound: &Outbound, form: &[(&str, &str)], now: UnixSeconds) -> Result<GrantToken, Trouble> {
    let call = graph.call(EXTENSION);
    let passing = |cause: &str| Trouble { kind: TroubleKind::Passing, cause: format!("{call}: {cause}") };
    match ask(EXTENSION, Asking::TokenExchange, graph, outbound, form).await {
        Ok(answer) => read_token(&answer, now).map_err(passing),
        Err(NotIssued::NoAnswer(error)) => Err(no_answer(call, error)),
        Err(NotIssued::Refused(answer, error)) => Err(trouble_of(Asking::TokenExchange, call, answer.status, error.as_ref())),
    }
}

fn extension<'a>(graph: &'a Graph, token: &'a Secret) -> [(&'static str, &'a str); 4] {
    [
        ("grant_type", "fb_exchange_token"),
        ("client_id", graph.app.id.as_str()),
        ("client_secret", graph.app.secrets.current.expose()),
        ("fb_exchange_token", token.expose()),
    ]
}

/// Why there is no token.
enum NotIssued {
    NoAnswer(CallError),
    Refused(Answer, Option<GraphError>),
}

async fn ask(name: &'static str, asking: Asking, graph: &Graph, outbound: &Outbound, form: &[(&str, &str)]) -> Result<Answer, NotIssued> {
    let request = outbound.post(&graph.url("oauth/access_token")).header("accept", "application/json").form(form);
    let answer = match asking {
        // Sent once: whatever the outcome, the code may be used.
        Asking::CodeExchange => graph.send(name, request).await,
        _ => graph.ask(outbound, asking, name, request).await,
    };
    let answer = answer.map_err(NotIssued::NoAnswer)?;
    let error = GraphError::of(&answer);
    if answer.is_success() && error.is_none() { Ok(answer) } else { Err(NotIssued::Refused(answer, error)) }
}

fn read_token(answer: &Answer, now: UnixSeconds) -> Result<GrantToken, &'static str> {
    let reply: TokenReply = answer.json().ok_or("unreadable answer")?;
    if !reply.access_token.fits_a_header() {
        return Err("unusable token");
    }
    // Absent or 0: no expiry.
    let expires_at = reply.expires_in.filter(|seconds| *seconds > 0).map(|seconds| now.saturating_add(seconds));
    Ok(GrantToken { access_token: reply.access_token, expires_at })
}

async fn exchange(
    name: &'static str,
    asking: Asking,
    graph: &Graph,
    outbound: &Outbound,
    form: &[(&str, &str)],
    now: UnixSeconds,
) -> Result<GrantToken, Error> {
    let (platform, call) = (graph.app.platform, graph.call(name));
    match ask(name, asking, graph, outbound, form).await {
        Ok(answer) => read_token(&answer, now).map_err(|cause| provider_error(platform).caused_by(format!("{call}: {cause}"))),
        Err(NotIssued::NoAnswer(error)) => Err(error.into_error(platform, call)),
        Err(NotIssued::Refused(answer, error)) => Err(refused(call, platform, asking, &answer, error.as_ref())),
    }
}

#[cfg(test)]
mod tests;
