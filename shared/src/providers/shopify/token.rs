//! The token endpoint: a pair of tokens for an authorization code, a refresh token or an old token.
//! <https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens>

use reqwest::RequestBuilder;
use serde::Deserialize;

use crate::http::{Answer, Outbound, provider_error, send};
use crate::{Code, Detail, Error, Secret, UnixSeconds, calls::Call};

use super::refusal::{error_of, refuses_credentials};
use super::{App, PLATFORM, Refusal, ShopDomain, scopes::parse_scopes};

const TOKEN: Call = Call::to(&PLATFORM, "token");
const MIGRATE: Call = Call::to(&PLATFORM, "migrate");
/// A reply that rotates without stating an end is treated as short-lived, never as permanent.
const UNSTATED_LIFETIME_SECONDS: u64 = 600;
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const OFFLINE_ACCESS_TOKEN: &str = "urn:shopify:params:oauth:token-type:offline-access-token";

/// An offline token with its details.
#[derive(Debug)]
pub struct Tokens {
    /// For the Admin API.
    pub access_token: Secret,
    /// For the next access token; none if the token does not expire.
    pub refresh_token: Option<Secret>,
    /// When the access token ends; none if it does not expire.
    pub expires_at: Option<UnixSeconds>,
    /// When the refresh token ends, if stated.
    pub refresh_expires_at: Option<UnixSeconds>,
    /// The granted scopes.
    pub scopes: Vec<String>,
    /// The granted scopes, as Shopify wrote them.
    pub scope: String,
}

#[derive(Deserialize)]
struct TokenReply {
    access_token: Secret,
    scope: Option<String>,
    expires_in: Option<u64>,
    refresh_token: Option<Secret>,
    refresh_token_expires_in: Option<u64>,
    associated_user: Option<serde::de::IgnoredAny>,
}

/// Exchanges the code, once: it works only once, and a retry would be refused.
///
/// # Errors
/// `token_exchange_failed` when Shopify refuses the code, or issues a person's token instead of the
/// store's; `provider_error`, `provider_timeout`.
pub async fn exchange_code(app: &App, outbound: &Outbound, shop: &ShopDomain, code: &str, now: UnixSeconds) -> Result<Tokens, Error> {
    // Expiring tokens: public apps may use nothing else from 2027-01-01.
    let request = post(app, outbound, shop, &[("code", code), ("expiring", "1")]);
    let answer = send(TOKEN, request).await.map_err(|e| e.into_error(&PLATFORM, TOKEN))?;
    if !answer.is_success() {
        return Err(refused(&answer));
    }
    let reply = answer
        .json()
        .filter(|reply: &TokenReply| reply.scope.is_some())
        .ok_or_else(|| provider_error(&PLATFORM).caused_by(format!("{TOKEN}: unreadable answer")))?;
    tokens(reply, now)
}

/// Renews a pair. Safe to retry: the refresh token works until its successor is used, so a lost
/// reply can be obtained again (changelog "More resilient refreshes for expiring offline access
/// tokens", 2026-08-28).
///
/// # Errors
/// [`Refusal`].
pub async fn refresh(
    app: &App,
    outbound: &Outbound,
    shop: &ShopDomain,
    refresh_token: &Secret,
    now: UnixSeconds,
) -> Result<Tokens, Refusal> {
    let request = post(app, outbound, shop, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())]);
    renew(Call::to(&PLATFORM, "refresh"), request, now).await.map_err(|(_, refusal)| refusal)
}

/// Exchanges a non-expiring token for a pair, permanently. Safe to retry for seven days (changelog
/// "More resilient token exchanges when migrating tokens without a user session", 2026-09-29).
///
/// # Errors
/// [`Refusal`].
pub async fn migrate(
    app: &App,
    outbound: &Outbound,
    shop: &ShopDomain,
    access_token: &Secret,
    now: UnixSeconds,
) -> Result<Tokens, Refusal> {
    let form = [
        ("grant_type", TOKEN_EXCHANGE),
        ("subject_token", access_token.expose()),
        ("subject_token_type", OFFLINE_ACCESS_TOKEN),
        ("requested_token_type", OFFLINE_ACCESS_TOKEN),
        ("expiring", "1"),
    ];
    let request = post(app, outbound, shop, &form);
    let tokens = renew(MIGRATE, request, now).await.map_err(|(status, refusal)| match refusal {
        Refusal::Passing("provider_error") if status == Some(400) => Refusal::Passing(Refusal::NOT_EXCHANGED),
        refusal => refusal,
    })?;
    // Without a refresh token this would be the end of the link; a retry with the old token gets
    // the same answer again.
    if tokens.refresh_token.is_none() {
        tracing::warn!(call = %MIGRATE, verdict = "no refresh token", "not renewed");
        return Err(Refusal::Passing("provider_error"));
    }
    Ok(tokens)
}

/// A request to the token endpoint, authenticated as the app. Without this header errors are HTML.
fn post(app: &App, outbound: &Outbound, shop: &ShopDomain, form: &[(&str, &str)]) -> RequestBuilder {
    let own = [("client_id", app.api_key.as_str()), ("client_secret", app.secrets.current.expose())];
    let url = format!("{}/admin/oauth/access_token", app.base_url(shop));
    outbound.post(&url).header("accept", "application/json").form(&[&own, form].concat())
}

/// A refusal comes with its status, if there was an answer.
async fn renew(call: Call, request: RequestBuilder, now: UnixSeconds) -> Result<Tokens, (Option<u16>, Refusal)> {
    let answer = send(call, request).await.map_err(|error| (None, Refusal::of_call(error)))?;
    if !answer.is_success() {
        let refusal = Refusal::of_token_endpoint(&answer);
        tracing::warn!(%call, status = answer.status, verdict = ?refusal, "not renewed");
        return Err((Some(answer.status), refusal));
    }
    let renewed = answer.json::<TokenReply>().and_then(|reply| tokens(reply, now).ok());
    // We requested an expiring token: even a reply without an end and without a refresh token has
    // an end.
    renewed
        .map(|tokens| Tokens { expires_at: tokens.expires_at.or(Some(now.saturating_add(UNSTATED_LIFETIME_SECONDS))), ..tokens })
        .ok_or_else(|| {
            tracing::warn!(%call, status = answer.status, verdict = "unreadable", "not renewed");
            (Some(answer.status), Refusal::Passing("provider_error"))
        })
}

fn tokens(reply: TokenReply, now: UnixSeconds) -> Result<Tokens, Error> {
    if reply.associated_user.is_some() {
        return Err(exchange_failed().caused_by(format!("{TOKEN}: an online token")));
    }
    if !std::iter::once(&reply.access_token).chain(&reply.refresh_token).all(Secret::fits_a_header) {
        return Err(provider_error(&PLATFORM).caused_by(format!("{TOKEN}: unusable token")));
    }
    let expires_in = reply.expires_in.or_else(|| reply.refresh_token.as_ref().map(|_rotates| UNSTATED_LIFETIME_SECONDS));
    // A renewal may omit scopes that did not change (RFC 6749, section 5.1).
    let scope = reply.scope.unwrap_or_default();
    Ok(Tokens {
        access_token: reply.access_token,
        refresh_token: reply.refresh_token,
        expires_at: expires_in.map(|seconds| now.saturating_add(seconds)),
        refresh_expires_at: reply.refresh_token_expires_in.map(|seconds| now.saturating_add(seconds)),
        scopes: parse_scopes(&scope),
        scope,
    })
}

/// A 4xx is a verdict on the code, regardless of the body (sometimes HTML); everything else is
/// Shopify's own trouble.
fn refused(answer: &Answer) -> Error {
    let error = error_of(answer).filter(|e| e.len() <= 64 && e.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    let cause = format!("{TOKEN}: status {} {}", answer.status, error.as_deref().unwrap_or("without a readable error"));
    match answer.status {
        400..=428 | 431..500 => {
            let ours = error.as_deref().is_some_and(refuses_credentials);
            exchange_failed().caused_by(cause).refusing_credentials(ours)
        }
        _ => provider_error(&PLATFORM).caused_by(cause),
    }
}

fn exchange_failed() -> Error {
    Error::new(Code::TokenExchangeFailed, Detail::SignInRefused(&PLATFORM))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Tokens, Code> {
        tokens(serde_json::from_str(json).unwrap(), 1000).map_err(|e| e.code)
    }

    #[test]
    fn a_pair_gets_absolute_expiry_times() {
        let tokens = read(
            r#"{"access_token":"shpat_1","scope":"a, b","expires_in":3600,"refresh_token":"shprt_1","refresh_token_expires_in":7776000}"#,
        )
        .unwrap();
        assert_eq!((tokens.expires_at, tokens.refresh_expires_at), (Some(4600), Some(7_777_000)));
        assert_eq!(tokens.scopes, ["a", "b"]);
    }

    #[test]
    fn an_unstated_end_is_near_and_only_a_token_without_refresh_is_permanent() {
        assert_eq!(read(r#"{"access_token":"t","scope":"","refresh_token":"r"}"#).unwrap().expires_at, Some(1600));
        assert_eq!(read(r#"{"access_token":"t","scope":""}"#).unwrap().expires_at, None);
    }

    #[test]
    fn a_persons_token_and_an_empty_one_are_refused() {
        assert_eq!(read(r#"{"access_token":"t","scope":"","associated_user":{"id":1}}"#).unwrap_err(), Code::TokenExchangeFailed);
        assert_eq!(read(r#"{"access_token":"","scope":""}"#).unwrap_err(), Code::ProviderError);
        assert_eq!(read("{\"access_token\":\"a b\",\"scope\":\"\"}").unwrap_err(), Code::ProviderError);
    }

    #[test]
    fn a_refusal_is_recognized_in_json_and_html() {
        let code = |status, body: &str| refused(&Answer::made(status, body.as_bytes()));
        assert_eq!(code(400, r#"{"error":"invalid_request"}"#).code, Code::TokenExchangeFailed);
        assert_eq!(code(401, "<html><title>unauthorized</title>").code, Code::TokenExchangeFailed);
        assert!(code(400, r#"{"error":"application_cannot_be_found"}"#).credentials_refused);
        for status in [302, 429, 500, 520] {
            assert_eq!(code(status, "").code, Code::ProviderError, "{status}");
        }
    }
}
