//! Which failures are worth a retry, and after how long.

use std::{fmt, time::Duration};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::Error;

/// Attempts at a write, in addition to the SDK's own, for what the SDK does not retry: conflicts
/// with another transaction. (The SDK has retried an unanswered write for three seconds.)
pub(crate) const TRIES: u32 = 5;

/// Why DynamoDB did not do what was requested.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The operation and the error's code, for the log.
    pub(crate) cause: String,
    /// DynamoDB answered. Without an answer a write may still have succeeded.
    pub(crate) is_answered: bool,
    /// A retry may succeed.
    pub(crate) is_passing: bool,
}

impl Failure {
    pub(super) fn of<E: ProvideErrorMetadata, R: fmt::Debug>(name: &str, error: &SdkError<E, R>) -> Self {
        let answer = error.as_service_error();
        let code = answer.map(|error| error.code().unwrap_or("unknown"));
        let cause = code.unwrap_or(match error {
            SdkError::TimeoutError(_) => "timeout",
            SdkError::DispatchFailure(_) => "no connection",
            _ => "unreadable answer",
        });
        // Without an answer the SDK has made its attempts within 3 s; another would keep the
        // merchant waiting for too long.
        let is_passing = code.is_some_and(|code| PASSING.contains(&code));
        Self { cause: format!("{}: {cause}", operation(name)), is_answered: answer.is_some(), is_passing }
    }

    /// A request that could not be built: a bug in this code, reported like a failure of DynamoDB.
    pub(super) fn unsent(name: &str, why: impl fmt::Display) -> Self {
        Self { cause: format!("{}: {why}", operation(name)), is_answered: true, is_passing: false }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::storage_unavailable(failure.cause)
    }
}

/// Calls are timed under `dynamodb.OPERATION`.
fn operation(name: &str) -> &str {
    name.strip_prefix("dynamodb.").unwrap_or(name)
}

/// Errors after which a retry may succeed: a conflict, a throttle. All writes here may be sent
/// twice.
const PASSING: [&str; 7] = [
    "TransactionCanceledException",
    "TransactionConflictException",
    "TransactionInProgressException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "InternalServerError",
];

/// A pause that doubles, with jitter so that colliding writers do not collide again.
#[derive(Debug, Default)]
pub(crate) struct Pause {
    pub(crate) tries: u32,
}

impl Pause {
    const FIRST: Duration = Duration::from_millis(20);
    const LONGEST: Duration = Duration::from_millis(250);

    pub(crate) async fn wait(&mut self) {
        // Without randomness the pause just has no jitter.
        let chance = crate::random::bytes::<1>().map_or(128, |[byte]| byte);
        tokio::time::sleep(self.next(chance)).await;
    }

    /// Waits before the next attempt, if one is left.
    pub(super) async fn is_over(&mut self, failure: &Failure) -> bool {
        if !failure.is_passing || self.tries >= TRIES {
            return true;
        }
        self.wait().await;
        false
    }

    fn next(&mut self, chance: u8) -> Duration {
        let longest = Self::FIRST.saturating_mul(1 << self.tries.min(8)).min(Self::LONGEST);
        self.tries += 1;
        longest / 2 + longest.mul_f64(f64::from(chance) / 512.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit_and_half_of_each_is_jitter() {
        let mut pauses = (Pause::default(), Pause::default());
        for millis in [20, 40, 80, 160, 250, 250] {
            assert_eq!(pauses.0.next(0), Duration::from_millis(millis) / 2);
            let nearly = pauses.1.next(255);
            let longest = Duration::from_millis(millis);
            assert!(nearly < longest && nearly > longest.mul_f64(0.99), "{nearly:?}");
        }
        assert_eq!((pauses.0.tries, pauses.1.tries), (6, 6));
    }
}
