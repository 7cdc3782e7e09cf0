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
