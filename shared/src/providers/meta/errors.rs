//! Graph API errors, classified by number (`documentation/graph-api/guides/error-handling`).

use serde::Deserialize;

use crate::calls::Call;
use crate::http::{Answer, CallError};

/// What was requested: the same number can mean different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// A token for a code. The code comes from the browser and can be anything.
    CodeExchange,
    /// A longer-lived token.
    TokenExchange,
    /// `debug_token`.
    DebugToken,
    /// Any call with a user's or Page's token.
    WithToken,
}

/// What to do about an error (`documentation/graph-api/guides/error-handling`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The code is used or too old.
    RestartLogin,
    /// Our app id, secret, redirect URI, version or request is at fault.
    OurConfiguration,
    /// The token was issued to another app.
    TokenOfAnotherApp,
    /// The token is dead.
    ReconnectNeeded,
    /// A permission or a role is missing.
    MissingPermission,
    /// Throttled, or temporarily blocked.
    Wait,
    /// A problem at Meta that may pass.
    Retry,
    /// There is no such object.
    NotFound,
    /// A list's cursor is no longer valid.
    InvalidCursor,
}

/// The numbers of an error body, for the log and for [`Verdict`].
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct GraphError {
    /// Which error.
    pub code: i64,
    #[serde(alias = "subcode")]
    /// More precisely.
    pub error_subcode: Option<i64>,
    /// It may pass.
    pub is_transient: bool,
    fbtrace_id: Option<String>,
}

impl GraphError {
    /// The error in an answer, or in an inspected token; even a 200 can contain one. An error with
    /// malformed parts is still an error.
    pub fn of(answer: &Answer) -> Option<Self> {
        let body = answer.value()?;
        let of_token = body.get("data").and_then(|data| data.get("error"));
        let found = [body.get("error"), of_token].into_iter().flatten().find(|error| !error.is_null())?;
        // A struct would also deserialize from a list, by position.
        Some(if found.is_object() { Self::deserialize(found).unwrap_or_default() } else { Self::default() })
    }

    /// For the log: only numbers and Meta's trace id.
    pub fn numbers(&self) -> String {
        format!("code {} subcode {} trace {}", self.code, self.error_subcode.unwrap_or_default(), self.trace())
    }

    fn trace(&self) -> &str {
        let is_trace = |id: &&str| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        self.fbtrace_id.as_deref().filter(is_trace).unwrap_or("none")
    }

    /// Whether it concerns our app id, secret or redirect URI. A code for another redirect URI of
    /// ours (36008) does not count: anybody who has one can send it.
    pub const fn refuses_credentials(&self) -> bool {
        matches!(self.code, 1 | 101 | 191)
    }

    /// Whether it throttles one person, Page or business, who can cause that themselves.
    pub const fn throttles_one(&self) -> bool {
        matches!(self.code, 17 | 32 | 368 | 80_000..=80_014)
    }

    /// Whether it throttles the app or the person rather than one Page.
    fn throttles_all(&self) -> bool {
        matches!(self.code, 4 | 17 | 341 | 613)
    }
}

/// Why one Page's call failed. The others go on, so it is logged here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setback {
    /// What to do about it.
    pub verdict: Verdict,
    /// Calls for other Pages would fail the same way.
    pub throttles_all: bool,
}

impl Setback {
    /// Classifies an unsuccessful answer and logs its numbers.
    pub fn of(call: Call, answer: &Answer) -> Self {
        let error = GraphError::of(answer);
        let verdict = classify(Asking::WithToken, answer.status, error.as_ref());
        let (code, subcode) = error.as_ref().map_or((0, 0), |error| (error.code, error.error_subcode.unwrap_or_default()));
        let fbtrace_id = error.as_ref().map_or("none", GraphError::trace);
        tracing::warn!(%call, status = answer.status, code, subcode, fbtrace_id, ?verdict, "graph api refused");
        let throttles_all = verdict == Verdict::Wait && error.as_ref().is_none_or(GraphError::throttles_all);
        Self { verdict, throttles_all }
    }

    /// Whether an answer is unsuccessful; even a 200 can contain an error.
    pub fn is_one(answer: &Answer) -> bool {
        !answer.is_success() || GraphError::of(answer).is_some()
    }

    /// For a call without an answer.
    pub fn without_answer(call: Call, error: CallError) -> Self {
        tracing::warn!(%call, cause = ?error, "graph api did not answer");
        Self { verdict: Verdict::Retry, throttles_all: false }
    }
}

/// Classifies any unsuccessful answer: by number, never by text.
pub fn classify(asking: Asking, status: u16, error: Option<&GraphError>) -> Verdict {
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
        (100, _) if asking == Asking::DebugToken => Verdict::TokenOfAnotherApp,
        (100, Some(36_008)) => Verdict::OurConfiguration,
        // "Invalid verification code format", "Invalid code_verifier parameter".
        (100, _) if asking == Asking::CodeExchange => Verdict::RestartLogin,
        // In an exchange 1 means a wrong client secret.
        (1, _) if matches!(asking, Asking::CodeExchange | Asking::TokenExchange) => Verdict::OurConfiguration,
        (33 | 803, _) => Verdict::NotFound,
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
    use serde_json::Value;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../../vectors/facebook.json")).unwrap()
    }

    #[test]
    fn every_error_in_the_vectors_is_classified() {
        for case in vectors()["graph_errors"].as_array().unwrap() {
            let body = match case["body_text"].as_str() {
                Some(text) => text.as_bytes().to_vec(),
                None => case["body"].to_string().into_bytes(),
            };
            let status = u16::try_from(case["http"].as_u64().unwrap()).unwrap();
            let asking = match case["call"].as_str().unwrap() {
                "code_exchange" => Asking::CodeExchange,
                "debug_token" => Asking::DebugToken,
                _ => Asking::WithToken,
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
            assert_eq!(classify(asking, status, error.as_ref()), expected, "{case}");
        }
    }

    #[test]
    fn a_list_is_no_error_but_a_malformed_error_is() {
        let of = |body: &str| GraphError::of(&Answer::made(200, body.as_bytes()));
        for body in [r#"{"data":[{"id":"1"}]}"#, r#"{"data":[[]]}"#, r#"{"success":true}"#, r#"{"error":null}"#, "[{}]", "7", "<html>"] {
            assert_eq!(of(body), None, "{body}");
        }
        for body in [r#"{"error":"x"}"#, r#"{"error":{"code":"190"}}"#, r#"{"error":[190]}"#, r#"{"data":{"error":{}}}"#] {
            assert_eq!(of(body), Some(GraphError::default()), "{body}");
        }
        assert_eq!(of(r#"{"data":{"error":{"code":190,"subcode":460}}}"#).map(|e| (e.code, e.error_subcode)), Some((190, Some(460))));
    }

    #[test]
    fn only_plausible_trace_ids_are_logged() {
        let numbers =
            |trace: Option<&str>| GraphError { code: 190, fbtrace_id: trace.map(str::to_owned), ..GraphError::default() }.numbers();
        for id in ["EJplcsCHuLu", "a_b-9", &"a".repeat(64)] {
            assert_eq!(numbers(Some(id)), format!("code 190 subcode 0 trace {id}"));
        }
        for other in [None, Some("a b"), Some("a\nb"), Some(&*"a".repeat(65))] {
            assert_eq!(numbers(other), "code 190 subcode 0 trace none", "{other:?}");
        }
    }

    #[test]
    fn an_unknown_number_is_judged_by_the_status() {
        let verdict = |status, code: Option<i64>| {
            let error = code.map(|code| GraphError { code, ..GraphError::default() });
            classify(Asking::WithToken, status, error.as_ref())
        };
        assert_eq!([verdict(429, None), verdict(429, Some(7777))], [Verdict::Wait; 2]);
        assert_eq!([verdict(400, None), verdict(500, None), verdict(400, Some(7777)), verdict(500, Some(7777))], [Verdict::Retry; 4]);
    }

    #[test]
    fn an_invalid_code_is_the_browsers_fault_and_an_invalid_token_ours() {
        let verdict =
            |asking, subcode| classify(asking, 400, Some(&GraphError { code: 100, error_subcode: subcode, ..GraphError::default() }));
        assert_eq!([verdict(Asking::CodeExchange, None), verdict(Asking::CodeExchange, Some(1))], [Verdict::RestartLogin; 2]);
        assert_eq!([verdict(Asking::CodeExchange, Some(36_008)), verdict(Asking::TokenExchange, None)], [Verdict::OurConfiguration; 2]);
    }

    #[test]
    fn our_credentials_are_recognized_by_number_and_never_from_browser_input() {
        let refuses = |code| GraphError { code, ..GraphError::default() }.refuses_credentials();
        assert!([1, 101, 191].into_iter().all(refuses));
        assert!(![0, 2, 4, 100, 190, 2635].into_iter().any(refuses));
    }

    #[test]
    fn only_errors_beyond_one_page_throttle_all() {
        let all = |status, body: &str| Setback::of("test".into(), &Answer::made(status, body.as_bytes())).throttles_all;
        assert!(all(429, "") && all(429, "<html>"));
        assert!(all(400, r#"{"error":{"code":4}}"#) && all(400, r#"{"error":{"code":17}}"#));
        assert!(!all(400, r#"{"error":{"code":32}}"#) && !all(400, r#"{"error":{"code":80001}}"#));
        assert!(!all(500, "") && !all(400, r#"{"error":{"code":190}}"#));
        assert!(!all(429, r#"{"error":{"code":7777}}"#), "the number comes first");
    }

    #[test]
    fn a_setback_is_an_error_or_an_unsuccessful_status() {
        let is_one = |status, body: &str| Setback::is_one(&Answer::made(status, body.as_bytes()));
        assert!(is_one(500, "") && is_one(302, r#"{"success":true}"#));
        assert!(is_one(200, r#"{"error":{"code":190}}"#) && is_one(400, r#"{"error":{"code":190}}"#));
        assert!(!is_one(200, r#"{"data":[]}"#));
    }

    proptest! {
        #[test]
        fn any_numbers_get_a_verdict(status in any::<u16>(), code in any::<i64>(), error_subcode in any::<Option<i64>>(), is_transient in any::<bool>()) {
            for asking in [Asking::CodeExchange, Asking::TokenExchange, Asking::DebugToken, Asking::WithToken] {
                classify(asking, status, Some(&GraphError { code, error_subcode, is_transient, fbtrace_id: None }));
                classify(asking, status, None);
            }
        }
    }
}
