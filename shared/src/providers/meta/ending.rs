//! Ending what a link began at Meta: a subscription, or a grant.

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::http::Answer;
use crate::providers::grantor::Ended;

use super::errors::{Setback, Verdict};
use super::graph::Graph;

/// Sends the request to end something.
pub async fn end(graph: &Graph, name: &'static str, request: RequestBuilder) -> Ended {
    end_as(graph, name, request, is_end).await
}

/// The same if Meta words success differently.
pub async fn end_as(graph: &Graph, name: &'static str, request: RequestBuilder, is_end: impl Fn(&Value) -> bool) -> Ended {
    let setback = match graph.send(name, request).await {
        Ok(answer) if is_done(&answer, is_end) => return Ended::Done,
        Ok(answer) => Setback::of(graph.call(name), &answer),
        Err(error) => Setback::without_answer(graph.call(name), error),
    };
    ended(setback)
}

fn ended(setback: Setback) -> Ended {
    match setback.verdict {
        Verdict::ReconnectNeeded | Verdict::TokenOfAnotherApp | Verdict::RestartLogin | Verdict::MissingPermission | Verdict::NotFound => {
            Ended::Impossible
        }
        Verdict::OurConfiguration => Ended::Refused,
        Verdict::Wait if setback.throttles_all => Ended::Throttled,
        Verdict::Wait | Verdict::Retry | Verdict::InvalidCursor => Ended::Later,
    }
}

/// Only Meta's own word counts: `{"success": true}`, or `true` from older versions.
fn is_end(said: &Value) -> bool {
    *said == true || said.get("success") == Some(&Value::Bool(true))
}

fn is_done(answer: &Answer, is_end: impl Fn(&Value) -> bool) -> bool {
    answer.json_of_success().is_some_and(|said: Value| is_end(&said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_facebooks_own_word_is_an_end() {
        let done = |status, body: &str| is_done(&Answer::made(status, body.as_bytes()), is_end);
        assert!(done(200, r#"{"success":true}"#) && done(200, "true"));
        for (status, body) in [
            (200, r#"{"success":false}"#),
            (200, r#"{"success":"true"}"#),
            (200, r#"{"error":{"code":190}}"#),
            (200, "<html>"),
            (200, ""),
            (307, r#"{"success":true}"#),
            (500, "true"),
        ] {
            assert!(!done(status, body), "{status} {body}");
        }
    }

    #[test]
    fn any_other_answer_says_whether_to_retry() {
        let said = |status, body: &str| ended(Setback::of("test".into(), &Answer::made(status, body.as_bytes())));
        let error = |code: i64| said(400, &format!(r#"{{"error":{{"code":{code}}}}}"#));
        assert_eq!([error(190), error(10), error(803)], [Ended::Impossible; 3]);
        assert_eq!([error(4), error(613), said(429, "")], [Ended::Throttled; 3]);
        // One Page's own limit does not affect the others.
        assert_eq!([error(32), error(80_001), said(500, "")], [Ended::Later; 3]);
        assert_eq!(error(101), Ended::Refused);
    }
}
