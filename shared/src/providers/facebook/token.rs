//! The user's token: code, long-lived exchange, inspection.

use serde::Deserialize;

use crate::http::{Answer, CallError, Outbound, provider_error};
use crate::{Code, Detail, Error, Provider, Secret, UnixSeconds};

use super::check::{DebugData, DebugReply, NAME, Trouble, TroubleKind, question};
use super::graph::{Call, GraphError, classify};
use super::id::{PageId, digits};
use super::permissions::{Granted, Permissions};
use super::{App, Graph, Verdict};

/// A token and its end.
#[derive(Debug)]
pub struct UserToken {
    /// For calls in the person's name.
    pub access_token: Secret,
    /// Its end; none when it does not expire, as a system user's.
    pub expires_at: Option<UnixSeconds>,
}

/// What Facebook says of a token of ours.
#[derive(Debug)]
pub struct Inspection {
    /// The person (or system user), by the id that is theirs in this app only.
    pub user_id: String,
    /// `USER` or `SYSTEM_USER`.
    pub kind: String,
    /// What was granted, and for which Pages.
    pub permissions: Permissions,
    /// When access to the person's data ends, if it does.
    pub data_access_expires_at: Option<UnixSeconds>,
}

impl Inspection {
    /// The permissions of Pages among `needed` that were not granted for this one.
    pub fn lacking<'a>(&self, page: &PageId, needed: &'a [String]) -> Vec<&'a str> {
        let left_out = |scope: &&String| scope.starts_with("pages_") && self.permissions.granted(scope, page) != Granted::Yes;
        needed.iter().filter(left_out).map(String::as_str).collect()
    }
}

#[derive(Deserialize)]
struct TokenReply {
    access_token: Secret,
    expires_in: Option<u64>,
}

/// Exchanges the code, once: after a timeout it may be spent.
///
/// # Errors
/// `token_exchange_failed` when Facebook refuses it; `provider_error`, `provider_timeout`.
pub async fn exchange_code(
    app: &App,
    graph: &Graph,
    outbound: &Outbound,
    code: &str,
    verifier: &Secret,
    now: UnixSeconds,
) -> Result<UserToken, Error> {
    let form = [
        ("client_id", app.app_id.as_str()),
        ("client_secret", graph.secrets.current.expose()),
        ("redirect_uri", app.redirect_uri.as_str()),
        ("code", code),
        ("code_verifier", verifier.expose()),
    ];
    exchange("facebook.code_exchange", Call::CodeExchange, graph, outbound, &form, now).await
}

/// Exchanges a short-lived token for a long-lived one: only Page tokens fetched with that one do not expire.
///
/// # Errors
/// As [`exchange_code`].
pub async fn extend(app: &App, graph: &Graph, outbound: &Outbound, token: &Secret, now: UnixSeconds) -> Result<UserToken, Error> {
    exchange("facebook.long_lived_exchange", Call::TokenExchange, graph, outbound, &extension(app, graph, token), now).await
}

/// Exchanges a long-lived token again before it ends; one that has ended can't be exchanged any more.
///
/// # Errors
/// [`Trouble`]: whatever it is, it is no verdict on the token.
pub async fn renew(app: &App, graph: &Graph, outbound: &Outbound, token: &Secret, now: UnixSeconds) -> Result<UserToken, Trouble> {
    const NAME: &str = "facebook.long_lived_exchange";
    let passing = |cause: &str| Trouble { kind: TroubleKind::Passing, cause: format!("{NAME}: {cause}") };
    match ask(NAME, Call::TokenExchange, graph, outbound, &extension(app, graph, token)).await {
        Ok(answer) => read_token(&answer, now).map_err(passing),
        Err(NotIssued::NoAnswer(error)) => Err(Trouble::without_answer(NAME, error)),
        Err(NotIssued::Refused(answer, error)) => Err(Trouble::of(Call::TokenExchange, NAME, answer.status, error.as_ref())),
    }
}

fn extension<'a>(app: &'a App, graph: &'a Graph, token: &'a Secret) -> [(&'static str, &'a str); 4] {
    [
        ("grant_type", "fb_exchange_token"),
        ("client_id", app.app_id.as_str()),
        ("client_secret", graph.secrets.current.expose()),
        ("fb_exchange_token", token.expose()),
    ]
}

/// Why there is no token.
enum NotIssued {
    NoAnswer(CallError),
    Refused(Answer, Option<GraphError>),
}

async fn ask(name: &'static str, call: Call, graph: &Graph, outbound: &Outbound, form: &[(&str, &str)]) -> Result<Answer, NotIssued> {
    let request = outbound.post(&graph.url("oauth/access_token")).header("accept", "application/json").form(form);
    let answer = match call {
        // Whatever becomes of it, the code may be spent.
        Call::CodeExchange => graph.send(name, request).await,
        _ => graph.ask(outbound, call, name, request).await,
    };
    let answer = answer.map_err(NotIssued::NoAnswer)?;
    let error = GraphError::of(&answer);
    if answer.is_success() && error.is_none() { Ok(answer) } else { Err(NotIssued::Refused(answer, error)) }
}

fn read_token(answer: &Answer, now: UnixSeconds) -> Result<UserToken, &'static str> {
    let reply: TokenReply = answer.json().ok_or("unreadable answer")?;
    if !reply.access_token.fits_a_header() {
        return Err("unusable token");
    }
    // Absent or 0: no expiry.
    let expires_at = reply.expires_in.filter(|seconds| *seconds > 0).map(|seconds| now.saturating_add(seconds));
    Ok(UserToken { access_token: reply.access_token, expires_at })
}

async fn exchange(
    name: &'static str,
    call: Call,
    graph: &Graph,
    outbound: &Outbound,
    form: &[(&str, &str)],
    now: UnixSeconds,
) -> Result<UserToken, Error> {
    match ask(name, call, graph, outbound, form).await {
        Ok(answer) => read_token(&answer, now).map_err(|cause| provider_error(Provider::Facebook).caused_by(format!("{name}: {cause}"))),
        Err(NotIssued::NoAnswer(error)) => Err(error.into_error(Provider::Facebook, name)),
        Err(NotIssued::Refused(answer, error)) => Err(refused(name, call, &answer, error.as_ref())),
    }
}

/// Asks Facebook what the token is, before anything rests on it (`facebook-login/security`).
///
/// # Errors
/// `token_exchange_failed` unless it is a valid token of a person, issued to this app; `provider_error`, `provider_timeout`.
pub async fn inspect(app: &App, graph: &Graph, outbound: &Outbound, token: &Secret) -> Result<Inspection, Error> {
    let question = question(graph, outbound, token);
    let answer = graph.ask(outbound, Call::DebugToken, NAME, question).await.map_err(|e| e.into_error(Provider::Facebook, NAME))?;
    let Some(DebugReply { data, .. }) = answer.json_of_success() else {
        return Err(match GraphError::of(&answer) {
            None if answer.is_success() => provider_error(Provider::Facebook).caused_by(format!("{NAME}: unreadable answer")),
            error => refused(NAME, Call::DebugToken, &answer, error.as_ref()),
        });
    };
    inspected(app, data).map_err(|cause| exchange_failed().caused_by(format!("{NAME}: {cause}")))
}

fn inspected(app: &App, data: DebugData) -> Result<Inspection, &'static str> {
    if !data.is_valid {
        return Err("not valid");
    }
    if data.app_id.and_then(digits).as_deref() != Some(&app.app_id) {
        return Err("of another app");
    }
    let user_id = data.user_id.and_then(digits).filter(|id| id != "0").ok_or("without a user id")?;
    Ok(Inspection {
        user_id,
        kind: if data.kind.as_deref() == Some("SYSTEM_USER") { "SYSTEM_USER" } else { "USER" }.to_owned(),
        permissions: data.facts.permissions,
        data_access_expires_at: data.facts.data_access_expires_at,
    })
}

/// The reply for an error of an exchange or inspection. Facebook's verdict on the code or token is a refusal; its own trouble is not.
fn refused(name: &str, call: Call, answer: &Answer, error: Option<&GraphError>) -> Error {
    let verdict = classify(call, answer.status, error);
    let cause = format!("{name}: status {} {} {verdict:?}", answer.status, error.map(GraphError::numbers).unwrap_or_default());
    match verdict {
        Verdict::Wait | Verdict::Retry | Verdict::InvalidCursor => {
            let provoked = verdict == Verdict::Wait && error.is_some_and(GraphError::throttles_one);
            provider_error(Provider::Facebook).caused_by(cause).provoked(provoked)
        }
        Verdict::OurConfiguration => {
            exchange_failed().caused_by(cause).refusing_credentials(error.is_some_and(GraphError::refuses_credentials))
        }
        _ => exchange_failed().caused_by(cause),
    }
}

fn exchange_failed() -> Error {
    Error::new(Code::TokenExchangeFailed, Detail::SignInRefused(Provider::Facebook))
}

#[cfg(test)]
mod tests;
