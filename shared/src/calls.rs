//! How long each remote call of the request in hand took, for its one log line.

use std::{cell::RefCell, future::Future, time::Instant};

tokio::task_local! {
    static CALLS: RefCell<Vec<(&'static str, u64)>>;
}

/// Runs `future` with an empty list and returns the calls made meanwhile: name and milliseconds, in the order they ended.
pub async fn recorded<F: Future>(future: F) -> (F::Output, Vec<(&'static str, u64)>) {
    CALLS
        .scope(RefCell::new(Vec::new()), async {
            let output = future.await;
            (output, CALLS.with(RefCell::take))
        })
        .await
}

/// Notes how long `future` takes under `name`; outside [`recorded`] it only runs it.
pub async fn timed<F: Future>(name: &'static str, future: F) -> F::Output {
    let started = Instant::now();
    let output = future.await;
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let _ = CALLS.try_with(|calls| calls.borrow_mut().push((name, millis)));
    output
}

/// So many calls are told one by one.
const TOLD: usize = 32;

/// The calls as the log line has them: `name=milliseconds`; where there are very many, one word per name, `name*calls=milliseconds of the longest`.
#[must_use]
pub fn summary(calls: &[(&'static str, u64)]) -> String {
    let words: Vec<String> = if calls.len() <= TOLD {
        calls.iter().map(|(name, millis)| format!("{name}={millis}")).collect()
    } else {
        let mut names: Vec<(&str, usize, u64)> = Vec::new();
        for &(name, millis) in calls {
            match names.iter_mut().find(|(known, ..)| *known == name) {
                Some((_, count, longest)) => (*count, *longest) = (*count + 1, (*longest).max(millis)),
                None => names.push((name, 1, millis)),
            }
        }
        names.iter().map(|(name, count, longest)| format!("{name}*{count}={longest}")).collect()
    };
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_many_calls_are_told_by_name() {
        assert_eq!(summary(&[("a", 1), ("b", 2), ("a", 3)]), "a=1 b=2 a=3");
        let many: Vec<_> = (0..40).map(|millis| (if millis % 2 == 0 { "a" } else { "b" }, millis)).collect();
        assert_eq!(summary(&many), "a*20=38 b*20=39");
    }
}
