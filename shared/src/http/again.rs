//! Retries after temporary failures: only for harmless calls, and while a merchant waits whose
//! consent would otherwise be lost.

use std::time::Duration;

use reqwest::RequestBuilder;
use tokio::time::{Instant, sleep};

use crate::{calls::Call, random};

use super::{Answer, CALL_TIMEOUT, CallError, Outbound, send};

/// The shortest and the longest pause before the second and the third try, in milliseconds: random,
/// so that calls that failed together are not retried together.
const PAUSES: [(u16, u16); 2] = [(100, 250), (300, 800)];

/// Sends a request until the answer is not a temporary failure: three times at most, with a pause
/// before each, and only as long as `outbound` allows. After a timeout it retries only once.
///
/// # Errors
/// [`CallError`] of the last try.
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
    /// Retries harmless calls after a temporary failure, as long as a whole call can still end
    /// before this. Without it everything is sent once.
    #[must_use]
    pub fn asking_again_until(self, deadline: Instant) -> Self {
        Self { asking_until: Some(deadline), ..self }
    }

    /// The deadline of the work that these connections are for, if it has one.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.asking_until
    }

    /// The pause after this many tries; none if there is no other.
    fn pause(&self, tries: usize) -> Option<Duration> {
        let &(shortest, longest) = PAUSES.get(tries.checked_sub(1)?)?;
        // Without randomness the pause is merely not random.
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

    /// The final status with these answers, and how many were requested.
    async fn asked(outbound: &Outbound, statuses: &[u16]) -> (Result<u16, CallError>, usize) {
        let provider = Scripted::new(statuses.iter().map(|status| (*status, String::new())).collect());
        let request = outbound.post(&provider.endpoint).form(&[("a", "b")]);
        let answer = send_again(outbound, CALL, request, |answer| answer.status >= 500).await;
        (answer.map(|answer| answer.status), provider.asked().len())
    }

    #[tokio::test]
    async fn a_passing_failure_is_asked_again_and_anything_else_is_an_answer() {
        assert_eq!(asked(&patient(), &[200, 500]).await, (Ok(200), 1));
        assert_eq!(asked(&patient(), &[503, 200]).await, (Ok(200), 2));
        assert_eq!(asked(&patient(), &[503, 400, 200]).await, (Ok(400), 2));
        assert_eq!(asked(&patient(), &[500, 500, 502, 200]).await, (Ok(502), 3));
    }

    #[tokio::test]
    async fn the_log_has_each_failure_that_was_not_the_last() {
        let log = Log::listen();
        assert_eq!(asked(&patient(), &[503, 500, 500]).await.0, Ok(500));
        let told = log.take();
        assert_eq!(told.matches("asked again").count(), 2, "{told}");
        assert!(told.contains("status=503") && told.contains("call=test"), "{told}");
    }

    #[tokio::test]
    async fn without_time_for_a_whole_call_and_without_a_deadline_it_is_asked_once() {
        assert_eq!(asked(&outbound(), &[503, 200]).await, (Ok(503), 1));
        let hurried = outbound().asking_again_until(Instant::now() + CALL_TIMEOUT);
        assert_eq!(asked(&hurried, &[503, 200]).await, (Ok(503), 1));
    }

    #[test]
    fn after_a_call_that_took_all_its_time_there_is_one_more() {
        let outbound = patient();
        let pause = |tries| outbound.pause(tries).map(|pause| pause.as_millis());
        assert!((100..=250).contains(&pause(1).unwrap()) && (300..=800).contains(&pause(2).unwrap()));
        assert_eq!([pause(3), pause(4), pause(0)], [None; 3]);
    }
}
