//! A direct invocation: one reply and one log line, no matter what happens.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use lambda_http::LambdaEvent;
use serde_json::{Value, json, value::RawValue};

use crate::{Code, Error, VERSION, calls, json, texts::in_english};

use super::function::{Function, Invoked};
use super::{host::Host, line::marks, measured::Failure};

/// Between the function's own deadline and Lambda's: for the reply and the log line.
const RESERVE: Duration = Duration::from_millis(1500);
/// How long an invocation may take if its deadline is unknown.
const UNTOLD: Duration = Duration::from_secs(29);

pub(super) async fn answer<F: Invoked>(host: &Host<F>, event: LambdaEvent<Box<RawValue>>) -> Value {
    let started = Instant::now();
    calls::in_hand(marks(&event.context, ""), answer_in_hand(host, &event, started)).await
}

async fn answer_in_hand<F: Invoked>(host: &Host<F>, event: &LambdaEvent<Box<RawValue>>, started: Instant) -> Value {
    let limit = time_left(event.context.deadline, SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()).saturating_sub(RESERVE);
    let deadline = tokio::time::Instant::now() + limit;
    let work = async { host.ready().await?.invoke(&json::read(&event.payload), deadline).await };
    // The function keeps to its deadline; if not, it is cut off while there is still time to say
    // so.
    let result = host.work(limit + RESERVE / 2, work).await;
    let (outcome, cause, failure) = match &result {
        Ok(_) => ("ok", None, None),
        Err(error) => (error.code.as_str(), error.cause.clone(), Some(Failure::of(error))),
    };
    let done = calls::done();
    tracing::info!(
        function = <F as Function>::NAME,
        outcome,
        cause,
        calls_ms = calls::summary(&done.calls),
        duration_ms = calls::millis_since(started),
        version = VERSION,
        members = host.measured(failure, &done),
        "invocation"
    );
    result.unwrap_or_else(|error| refusal(&error))
}

/// An expected failure as a reply. The caller needs only one of a provider's two failure codes.
fn refusal(error: &Error) -> Value {
    let code = if error.code == Code::ProviderTimeout { Code::ProviderError } else { error.code };
    json!({ "error": { "code": code.as_str(), "detail": in_english(error) } })
}

/// The time until Lambda ends the invocation, at a moment in Unix milliseconds. A deadline that has
/// passed before the work begins is none: `cargo lambda watch` gives 600.
fn time_left(deadline: u64, now: Duration) -> Duration {
    Duration::from_millis(deadline).checked_sub(now).filter(|left| !left.is_zero()).unwrap_or(UNTOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_before_the_work_begins_is_ignored() {
        let now = Duration::from_secs(1_000_000);
        assert_eq!(time_left(1_000_300_000, now), Duration::from_secs(300));
        for over in [0, 600, 1_000_000_000] {
            assert_eq!(time_left(over, now), UNTOLD, "{over}");
        }
    }
}
