//! Holds a provider's answer back until the test lets it go: races whose order is the test's, without waiting for luck.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use crate::faults::Fault;

/// How long anything that has to happen may take before the test counts as failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A gate. It opens when dropped, so that no server thread stays behind. Needs a runtime of several threads.
pub struct Gate(Arc<Inner>);

struct Inner {
    arrived: watch::Sender<usize>,
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    /// A closed one.
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(Inner { arrived: watch::channel(0).0, open: Mutex::new(false), opened: Condvar::new() }))
    }

    /// The fault to switch on: the provider has done what it was asked for, and its answer waits here.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let gate = Arc::clone(&self.0);
        Fault::edit(move |_| gate.pass())
    }

    /// The same, and what comes in the end can't be read.
    #[must_use]
    pub fn spoilt(&self) -> Fault {
        let gate = Arc::clone(&self.0);
        Fault::edit(move |answer| {
            gate.pass();
            *answer = serde_json::Value::Null;
        })
    }

    /// Waits until so many answers have arrived at the gate.
    ///
    /// # Panics
    ///
    /// When they don't.
    pub async fn reached(&self, answers: usize) {
        let mut arrived = self.0.arrived.subscribe();
        let waiting = tokio::time::timeout(PATIENCE, arrived.wait_for(|count| *count >= answers)).await;
        assert!(waiting.is_ok(), "nobody came to the gate");
    }

    /// Lets all answers pass, those to come as well.
    pub fn open(&self) {
        *self.0.open.lock().unwrap() = true;
        self.0.opened.notify_all();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}

impl Inner {
    fn pass(&self) {
        self.arrived.send_modify(|count| *count += 1);
        tokio::task::block_in_place(|| {
            let closed = self.open.lock().unwrap();
            drop(self.opened.wait_while(closed, |open| !*open).unwrap());
        });
    }
}

/// Waits for what other processes bring about and nobody announces.
///
/// # Panics
///
/// When it does not come true.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = tokio::time::Instant::now() + PATIENCE;
    while !holds() {
        assert!(tokio::time::Instant::now() < end, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
