//! Ending what a link began at Facebook: a Page's subscription ([`super::subscriptions::unsubscribe`]) and a person's grant.

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::Secret;
use crate::http::{Answer, Outbound};

use super::{Graph, Verdict, graph::Setback};

/// The `kind` of a grant that is a business portfolio's and not a person's.
pub const SYSTEM_USER: &str = "SYSTEM_USER";

/// What came of ending something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is over.
    Done,
    /// This token can do nothing about it any more.
    Impossible,
    /// Nothing is known; it is worth another try.
    Later,
    /// The same, and other calls would meet the same.
    Throttled,
    /// The request is refused as it is: there is no such thing any more, or our credentials are wrong. Facebook has one number for both.
    Refused,
}

/// Takes a person's grant back as a whole, with the person's own token: every token that rests on it is dead after this (`docs/graph-api/reference/user/permissions`). Not for
/// the token of a [system user](SYSTEM_USER): its grant is the business portfolio's, which alone removes the app.
pub async fn revoke(graph: &Graph, outbound: &Outbound, token: &Secret) -> Ended {
    end(graph, "facebook.revoke", graph.delete(outbound, "me/permissions", token)).await
}

pub(super) async fn end(graph: &Graph, name: &'static str, request: RequestBuilder) -> Ended {
    let setback = match graph.send(name, request).await {
        Ok(answer) if is_done(&answer) => return Ended::Done,
        Ok(answer) => Setback::of(name, &answer),
        Err(error) => Setback::without_answer(name, error),
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

/// Only Facebook's own word counts: `{"success": true}`, or `true` as older versions say it.
fn is_done(answer: &Answer) -> bool {
    answer.json_of_success().is_some_and(|said: Value| said == true || said.get("success") == Some(&Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_facebooks_own_word_is_an_end() {
        let done = |status, body: &str| is_done(&Answer::made(status, body.as_bytes()));
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
    fn what_facebook_says_instead_tells_whether_to_ask_again() {
        let said = |status, body: &str| ended(Setback::of("test", &Answer::made(status, body.as_bytes())));
        let error = |code: i64| said(400, &format!(r#"{{"error":{{"code":{code}}}}}"#));
        assert_eq!([error(190), error(10), error(803)], [Ended::Impossible; 3]);
        assert_eq!([error(4), error(613), said(429, "")], [Ended::Throttled; 3]);
        // One Page's own limit leaves the others alone.
        assert_eq!([error(32), error(80_001), said(500, "")], [Ended::Later; 3]);
        assert_eq!(error(101), Ended::Refused);
    }
}
