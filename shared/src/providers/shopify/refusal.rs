//! What an answer without a new pair means: where the trouble lies, and whether it is final.
//! <https://shopify.dev/docs/api/usage/response-codes>, and the token endpoint's own errors
//! (offline access tokens).

use serde::Deserialize;

use crate::http::{Answer, CallError};

/// Why there is no new pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token is dead; the word is the reason to store.
    Dead(&'static str),
    /// Our client id or secret is wrong; the token may be fine.
    OurCredentials,
    /// The shop is unavailable for a longer time: frozen or locked. The token is kept.
    Stopped(&'static str),
    /// It may pass; the word is what to tell the caller in the meantime.
    Passing(&'static str),
    /// This token is of the non-expiring kind, which is no longer accepted. It can be exchanged for
    /// one that is.
    NonExpiring,
    /// A scope is missing. Another token would not have it either.
    MissingScope,
}

/// The error that the token endpoint names.
pub(super) fn error_of(answer: &Answer) -> Option<String> {
    #[derive(Deserialize)]
    struct TokenError {
        error: Option<String>,
    }
    answer.json::<TokenError>()?.error
}

/// Whether it is an error of our own app.
pub(super) fn refuses_credentials(error: &str) -> bool {
    matches!(error, "invalid_client" | "application_cannot_be_found" | "unauthorized_client")
}

impl Refusal {
    /// Passing, judged by the exchange of a non-expiring token alone: it was refused, and the
    /// wording does not say why.
    pub const NOT_EXCHANGED: &str = "exchange_refused";

    /// For a call without an answer.
    #[must_use]
    pub const fn of_call(error: CallError) -> Self {
        match error {
            CallError::Timeout => Self::Passing("provider_timeout"),
            CallError::Connection | CallError::TooLarge => Self::Passing("provider_error"),
        }
    }

    /// The token endpoint's answer to a refresh token or a token exchange. A dead token gets 401
    /// `invalid_request`, as JSON or HTML, whatever the cause; libraries also know 400
    /// `invalid_grant`.
    #[must_use]
    pub fn of_token_endpoint(answer: &Answer) -> Self {
        match (answer.status, error_of(answer).as_deref()) {
            (400 | 401 | 403, Some(error)) if refuses_credentials(error) => Self::OurCredentials,
            (400 | 401, Some("invalid_grant" | "invalid_subject_token")) | (401, Some("invalid_request")) => Self::Dead("token_refused"),
            // The HTML page contains the same words. We look for them only if the requested JSON
            // did not come.
            (401, None) if contains(&answer.body, "active refresh_token") => Self::Dead("token_refused"),
            (400 | 401 | 403, None)
                if ["application_cannot_be_found", "invalid_client"].iter().any(|error| contains(&answer.body, error)) =>
            {
                Self::OurCredentials
            }
            _ => Self::of_status(answer.status),
        }
    }

    /// An answer of the Admin API.
    #[must_use]
    pub fn of_admin(answer: &Answer) -> Self {
        match answer.status {
            401 => Self::Dead("token_refused"),
            403 if contains(&answer.body, "Non-expiring access tokens") => Self::NonExpiring,
            403 if contains(&answer.body, "merchant approval") => Self::MissingScope,
            status => Self::of_status(status),
        }
    }

    const fn of_status(status: u16) -> Self {
        match status {
            402 => Self::Stopped("shop_frozen"),
            423 => Self::Stopped("shop_locked"),
            429 | 430 => Self::Passing("throttled"),
            _ => Self::Passing("provider_error"),
        }
    }
}

fn contains(body: &[u8], words: &str) -> bool {
    body.windows(words.len()).any(|window| window == words.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::made(status, body.as_bytes())
    }

    #[test]
    fn the_token_endpoints_vectors_are_classified() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../../vectors/shopify.json")).unwrap();
        let mut seen = 0;
        for case in vectors["token_endpoint"]["responses"].as_array().unwrap() {
            let body = case["body"].as_str().map_or_else(|| case["body"].to_string(), str::to_owned);
            let refusal = Refusal::of_token_endpoint(&answer(u16::try_from(case["status"].as_u64().unwrap()).unwrap(), &body));
            let expected = match case["id"].as_str().unwrap() {
                "refresh-dead-json" | "refresh-dead-html" | "js-invalid_grant" => Refusal::Dead("token_refused"),
                "transient-503" => Refusal::Passing("provider_error"),
                "transient-429" => Refusal::Passing("throttled"),
                _ => continue,
            };
            assert_eq!(refusal, expected, "{case}");
            seen += 1;
        }
        assert_eq!(seen, 5);
    }

    #[test]
    fn our_own_mistakes_do_not_condemn_a_token() {
        for (status, error) in
            [(400, "application_cannot_be_found"), (400, "invalid_client"), (401, "invalid_client"), (403, "unauthorized_client")]
        {
            assert_eq!(Refusal::of_token_endpoint(&answer(status, &format!(r#"{{"error":"{error}"}}"#))), Refusal::OurCredentials);
        }
        let page = answer(400, "<html><title>400 - Oauth error application_cannot_be_found</title></html>");
        assert_eq!(Refusal::of_token_endpoint(&page), Refusal::OurCredentials);
    }

    #[test]
    fn an_answer_that_says_nothing_about_the_token_condemns_nothing() {
        for (status, body) in [
            (400, r#"{"error":"invalid_request"}"#),
            (401, "<html>gateway</html>"),
            (401, "{}"),
            (403, ""),
            (404, r#"{"errors":"Not Found"}"#),
            (500, r#"{"error":"invalid_grant"}"#),
            (520, ""),
            (200, "<html>"),
            (302, ""),
        ] {
            assert_eq!(Refusal::of_token_endpoint(&answer(status, body)), Refusal::Passing("provider_error"), "{status} {body}");
        }
        assert_eq!(Refusal::of_token_endpoint(&answer(402, "")), Refusal::Stopped("shop_frozen"));
        assert_eq!(Refusal::of_token_endpoint(&answer(423, "")), Refusal::Stopped("shop_locked"));
    }

    #[test]
    fn the_admin_api_distinguishes_dead_tokens_missing_scopes_and_old_kinds() {
        let of = |status, errors: &str| Refusal::of_admin(&answer(status, &serde_json::json!({ "errors": errors }).to_string()));
        assert_eq!(of(401, "[API] Invalid API key or access token (unrecognized login or wrong password)"), Refusal::Dead("token_refused"));
        assert_eq!(of(403, "[API] Non-expiring access tokens are no longer accepted for the Admin API."), Refusal::NonExpiring);
        assert_eq!(of(403, "[API] This action requires merchant approval for read_discounts scope."), Refusal::MissingScope);
        assert_eq!(of(403, "else"), Refusal::Passing("provider_error"));
    }

    proptest! {
        #[test]
        fn any_answer_is_classified(status in any::<u16>(), body in prop::collection::vec(any::<u8>(), 0..200)) {
            let answer = Answer::made(status, &body);
            let verdicts = [Refusal::of_token_endpoint(&answer), Refusal::of_admin(&answer)];
            if status >= 500 {
                prop_assert_eq!(verdicts, [Refusal::Passing("provider_error"); 2]);
            }
        }
    }
}
