//! Whether a token still gives access to a WhatsApp Business Account (`GET {waba}`): a report that
//! it ended may be late or outdated.

use serde_json::Value;

use crate::Secret;
use crate::http::{Answer, Outbound};
use crate::platform::CompanionId;
use crate::providers::grantor::Reach;
use crate::providers::meta::{Graph, GraphError, Setback, digits};

use super::numbers::is_own;

/// Asks once.
pub(super) async fn reach(graph: &Graph, outbound: &Outbound, waba: &CompanionId, token: &Secret) -> Reach {
    const NAME: &str = "account";
    let request = graph.get(outbound, waba.as_str(), token).query(&[("fields", "id")]);
    match graph.send(NAME, request).await {
        Ok(answer) => {
            if Setback::is_one(&answer) {
                Setback::of(graph.call(NAME), &answer);
            }
            said(&answer, waba)
        }
        Err(error) => {
            Setback::without_answer(graph.call(NAME), error);
            Reach::Unknown
        }
    }
}

/// Only a permanent error means that it is closed.
fn said(answer: &Answer, waba: &CompanionId) -> Reach {
    const DEAD: [i64; 2] = [190, 102];
    match GraphError::of(answer) {
        Some(error) if DEAD.contains(&error.code) => Reach::Closed { is_dead: true },
        Some(error) if is_own(error.code) && !error.is_transient && answer.status < 500 => Reach::Closed { is_dead: false },
        None if answer.is_success() && id(answer).is_some_and(|id| id == waba.as_str()) => Reach::Open,
        _ => Reach::Unknown,
    }
}

fn id(answer: &Answer) -> Option<String> {
    answer.value().and_then(|body: &Value| body.get("id").cloned()).and_then(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::whatsapp::WABA;

    #[test]
    fn only_a_refusal_about_the_account_itself_closes_it() {
        let waba = CompanionId::parse(&WABA, "102").unwrap();
        let of = |status, body: &str| said(&Answer::made(status, body.as_bytes()), &waba);
        let error = |status, code: i64| of(status, &format!(r#"{{"error":{{"code":{code}}}}}"#));
        assert_eq!([of(200, r#"{"id":"102"}"#), of(200, r#"{"id":102}"#)], [Reach::Open; 2]);
        assert_eq!([error(400, 190), error(401, 190)], [Reach::Closed { is_dead: true }; 2]);
        assert_eq!([10, 33, 100, 200, 299].map(|code| error(400, code)), [Reach::Closed { is_dead: false }; 5]);
        assert_eq!([1, 2, 4, 80_007, 368, 300, 0].map(|code| error(400, code)), [Reach::Unknown; 7]);
        assert_eq!([error(500, 100), error(503, 200)], [Reach::Unknown; 2]);
        let transient = r#"{"error":{"code":100,"is_transient":true}}"#;
        for (status, body) in
            [(200, "<html>"), (200, r#"{"id":"103"}"#), (200, "{}"), (302, r#"{"id":"102"}"#), (429, ""), (400, transient)]
        {
            assert_eq!(of(status, body), Reach::Unknown, "{status} {body}");
        }
    }
}
