//! Stands in for Amazon EventBridge: takes `PutEvents` as documented, keeps what was put, and fails
//! on request.
//!
//! After <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html> and
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html>. Faults of a whole
//! call are [`Provider`]'s: a throttled or failed call, a hanging one, an answer that was lost
//! after the events were taken.

mod put;

use std::io;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::faults::Times;
use crate::privileges::caller;
use crate::provider::{Provider, Server, lock};
use crate::random;
use crate::schemas;

pub use put::LARGEST_CALL;
use put::{Buses, Refusal};

/// The bus of the usual world.
pub const MESSAGE_BUS: &str = "messenger-link-messages";
/// The bus of what happens to links, which the template's pipes put there.
pub const LINK_BUS: &str = "messenger-link";
/// The one call, as faults and recorded requests name it.
pub const PUT_EVENTS: &str = "put_events";

/// An event as a rule on the bus sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Put {
    /// Who says so.
    pub source: String,
    /// The type of event.
    pub detail_type: String,
    /// Its content.
    pub detail: Value,
    /// The name of the bus.
    pub bus: String,
}

impl Put {
    /// The same as a target of a rule gets it.
    #[must_use]
    pub fn event(&self) -> Value {
        json!({
            "version": "0", "id": random::uuid().to_string(), "source": self.source, "detail-type": self.detail_type,
            "account": "000000000000", "region": "us-east-1", "time": self.detail["at"], "resources": [], "detail": self.detail,
        })
    }
}

/// What was put, in the order of arrival.
#[derive(Clone, Default)]
pub struct Journal {
    puts: Arc<Mutex<Vec<Put>>>,
    /// What of that is not as published.
    wrong: Arc<Mutex<Vec<String>>>,
}

impl Journal {
    /// All of it.
    #[must_use]
    pub fn puts(&self) -> Vec<Put> {
        lock(&self.puts).clone()
    }

    fn take(&self) -> Vec<Put> {
        std::mem::take(&mut lock(&self.puts))
    }

    fn push(&self, put: Put) {
        lock(&self.wrong).extend(schemas::put(&put).err());
        lock(&self.puts).push(put);
    }
}

/// The running stand-in. Requests, faults and delay are [`Provider`]'s; it ends when dropped.
pub struct EventBus {
    buses: Arc<Buses>,
    _server: Server,
}

/// A test that put something else than what is published fails, whatever it looked at.
impl Drop for EventBus {
    fn drop(&mut self) {
        let wrong = std::mem::take(&mut *lock(&self.buses.journal.wrong));
        assert!(wrong.is_empty() || std::thread::panicking(), "{}", wrong.join("\n"));
    }
}

impl Deref for EventBus {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        &self.buses.provider
    }
}

impl EventBus {
    /// Starts on a free port with buses of these names, besides the account's `default`. Must be
    /// called within a tokio runtime.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start(names: &[&str]) -> Self {
        Self::try_start(names).expect("a port is free on the loopback address")
    }

    /// The same.
    ///
    /// # Errors
    /// When no port is free.
    pub fn try_start(names: &[&str]) -> io::Result<Self> {
        let provider = Provider::bind(0, &[(PUT_EVENTS, &[])])?;
        let names = names.iter().copied().chain(["default"]).map(str::to_owned).collect();
        let buses = Arc::new(Buses::new(Arc::clone(&provider), names));
        Ok(Self { buses: Arc::clone(&buses), _server: Server::start(provider, buses) })
    }

    /// The variables that lead a function here.
    #[must_use]
    pub fn env(&self) -> [(String, String); 2] {
        [("AWS_ENDPOINT_URL_EVENTBRIDGE".to_owned(), self.url()), ("MESSAGE_BUS_NAME".to_owned(), MESSAGE_BUS.to_owned())]
    }

    /// What was put so far, in the order of arrival.
    #[must_use]
    pub fn puts(&self) -> Vec<Put> {
        self.buses.journal.puts()
    }

    /// The same, and forgets it.
    pub fn take_puts(&self) -> Vec<Put> {
        self.buses.journal.take()
    }

    /// What was and will be put, for who shows it.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.buses.journal.clone()
    }

    /// Takes an event that does not come by a call: a pipe's.
    pub fn take(&self, put: Put) {
        self.buses.take(put);
    }

    /// Tells somebody of each event from now on.
    pub fn on_put(&self, listener: impl Fn(&Put) + Send + Sync + 'static) {
        lock(&self.buses.listeners).push(Box::new(listener));
    }

    /// Refuses the next entries, so many or all, with a code such as `ThrottlingException`,
    /// `InternalFailure` or `MalformedDetail`; the call itself succeeds.
    pub fn refuse(&self, code: &'static str, times: Times) {
        self.refuse_where(code, times, |_| true);
    }

    /// The same of those entries that are meant.
    pub fn refuse_where(&self, code: &'static str, times: Times, is_meant: impl Fn(&Put) -> bool + Send + Sync + 'static) {
        lock(&self.buses.refusals).push(Refusal { code, times, is_meant: Box::new(is_meant) });
    }

    /// Refuses no more entries.
    pub fn clear_refusals(&self) {
        lock(&self.buses.refusals).clear();
    }

    /// Whether a function has put anything, or tried to.
    #[must_use]
    pub fn was_called_by(&self, function: &str) -> bool {
        self.requests_of(PUT_EVENTS).iter().any(|request| caller(request.header("authorization").unwrap_or_default()) == function)
    }
}

#[cfg(test)]
mod tests;
