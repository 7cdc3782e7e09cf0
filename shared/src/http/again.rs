//! Retries after transient failures: for idempotent requests, and while someone waits whose consent
//! would otherwise be lost.

use std::time::Duration;

use reqwest::RequestBuilder;
use tokio::time::{Instant, sleep};

use crate::{calls::Call, random};

use super::{Answer, CALL_TIMEOUT, CallError, Outbound, send};

/// The shortest and longest pause before the second and third attempt, in milliseconds; random, so
/// that requests that failed together do not come back together.
const PAUSES: [(u16, u16); 2] = [(100, 250), (300, 800)];

/// Sends a request until the answer is no transient failure: at most three times, with a pause
/// before each retry, and only as long as `outbound` allows. After a timeout there is only one
/// retry.
///
/// # Errors
/// [`CallError`] of the last attempt.
pub async fn send_again(
    outbound: &Outbound,
    call: Call,
    mut request: RequestBuilder,
    is_passing: impl Fn(&Answer) -> bool,
) -> Result<Answer, CallError> {
    let mut tries = 0;
    loop {
        let next = request.try_clone();
        let answer = send(call, request).await;
        tries += if answer.as_ref().is_err_and(|error| *error == CallError::Timeout) { 2 } else { 1 };
        let is_passing = answer.as_ref().map_or(true, &is_passing);
        let (true, Some(next), Some(pause)) = (is_passing, next, outbound.pause(tries)) else { return answer };
        match &answer {
            Ok(answer) => tracing::warn!(%call, status = answer.status, "asked again"),
            Err(error) => tracing::warn!(%call, cause = ?error, "asked again"),
        }
        sleep(pause).await;
        request = next;
    }
}

impl Outbound {
    /// Retries idempotent requests after a transient failure, as long as a whole call can still
    /// finish before this. Without it everything is sent once.
    #[must_use]
    pub fn asking_again_until(self, deadline: Instant) -> Self {
        Self { asking_until: Some(deadline), ..self }
    }

    /// The deadline for the work that these connections are for, if there is one.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.asking_until
    }

    /// The pause after this many attempts; none if there is no further one.
    fn pause(&self, tries: usize) -> Option<Duration> {
        let &(shortest, longest) = PAUSES.get(tries.checked_sub(1)?)?;
        // Without randomness the pause is just not random.
        let chance = random::bytes::<1>().map_or(u8::MAX, |[byte]| byte);
        let more = u64::from(longest - shortest) * u64::from(chance) / u64::from(u8::MAX);
        let pause = Duration::from_millis(u64::from(shortest) + more);
        (Instant::now() + pause + CALL_TIMEOUT <= self.asking_until?).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Log, Scripted, outbound};

    const CALL: Call = Call { platform: None, name: "test" };

    fn patient() -> Outbound {
        outbound().asking_again_until(Instant::now() + Duration::from_secs(20))
    }

    /// The final status, given these answers, and how many requests were made.
    async fn asked(outbound: &Outbound, statuses: &[u16]) -> (Result<u16, CallError>, usize) {
        let provider = Scripted::new(statuses.iter().map(|status| (*status, String::new())).collect());
        let request = outbound.post(&provider.endpoint).form(&[("a", "b")]);
        let answer = send_again(outbound, CALL, request, |answer| answer.status >= 500).await;
        (answer.map(|answer| answer.status), provider.asked().len())
    }

    #[tokio::test]
    async fn only_a_transient_failure_is_retried() {
        assert_eq!(asked(&patient(), &[200, 500]).await, (Ok(200), 1));
        assert_eq!(asked(&patient(), &[503, 200]).await, (Ok(200), 2));
        assert_eq!(asked(&patient(), &[503, 400, 200]).await, (Ok(400), 2));
        assert_eq!(asked(&patient(), &[500, 500, 502, 200]).await, (Ok(502), 3));
    }

    #[tokio::test]
    async fn every_failure_but_the_last_is_logged() {
        let log = Log::listen();
        assert_eq!(asked(&patient(), &[503, 500, 500]).await.0, Ok(500));
        let told = log.take();
        assert_eq!(told.matches("asked again").count(), 2, "{told}");
        assert!(told.contains("status=503") && told.contains("call=test"), "{told}");
    }

    #[tokio::test]
    async fn without_a_deadline_or_enough_time_there_is_one_attempt() {
        assert_eq!(asked(&outbound(), &[503, 200]).await, (Ok(503), 1));
        let hurried = outbound().asking_again_until(Instant::now() + CALL_TIMEOUT);
        assert_eq!(asked(&hurried, &[503, 200]).await, (Ok(503), 1));
    }

    #[test]
    fn after_a_timeout_there_is_one_retry() {
        let outbound = patient();
        let pause = |tries| outbound.pause(tries).map(|pause| pause.as_millis());
        assert!((100..=250).contains(&pause(1).unwrap()) && (300..=800).contains(&pause(2).unwrap()));
        assert_eq!([pause(3), pause(4), pause(0)], [None; 3]);
    }
}
