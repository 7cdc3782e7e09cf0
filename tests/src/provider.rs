//! What the local Shopify and the local Facebook share: a server on the loopback address that records every request,
//! applies the faults that are switched on, issues secrets that tests can find again, and has a clock of its own.

mod exchange;
mod gate;
mod server;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::net::TcpSocket;

pub use exchange::RecordedRequest;
pub(crate) use exchange::{Reply, encode, first, with_query};
pub(crate) use server::{Answers, Server};

use crate::faults::{Fault, Plan, Times};
use crate::random;
use gate::Gate;

/// A provider's call by name, and the calls that have to be answered before it is made; some of them are made at the same time.
pub(crate) type Call = (&'static str, &'static [&'static str]);

/// The controls that both stand-ins have.
pub struct Provider {
    gate: Arc<Gate>,
    calls: &'static [Call],
    recorded: Mutex<Vec<RecordedRequest>>,
    plan: Mutex<Plan>,
    delay: Mutex<Duration>,
    issued: Mutex<Vec<String>>,
    marker: Mutex<String>,
    clock_offset_seconds: AtomicI64,
}

impl Provider {
    pub(crate) fn bind(port: u16, calls: &'static [Call]) -> io::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            gate: Gate::bind(port)?,
            calls,
            recorded: Mutex::default(),
            plan: Mutex::default(),
            delay: Mutex::default(),
            issued: Mutex::default(),
            marker: Mutex::default(),
            clock_offset_seconds: AtomicI64::new(0),
        }))
    }

    /// What the endpoint variables are set to, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.gate.address())
    }

    /// The names of the calls, as faults and recorded requests use them.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.calls.iter().map(|(name, _)| *name).collect()
    }

    /// Every request so far, in the order of arrival; approvals made without HTTP are among them.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.recorded).clone()
    }

    /// The requests of one call.
    #[must_use]
    pub fn requests_of(&self, call: &str) -> Vec<RecordedRequest> {
        lock(&self.recorded).iter().filter(|request| request.call == call).cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        lock(&self.recorded).clear();
    }

    pub(crate) fn record(&self, request: RecordedRequest) {
        lock(&self.recorded).push(request);
    }

    /// Switches a fault on for a call.
    ///
    /// # Panics
    /// When the provider has no call of that name.
    pub fn switch_on(&self, call: &str, fault: Fault, times: Times) {
        let (name, before) = self.call(call);
        match fault {
            Fault::ConnectionRefused if before.is_empty() => self.stop(),
            Fault::ConnectionRefused => lock(&self.plan).refuse_after = before.to_vec(),
            fault => lock(&self.plan).add(name, fault, times),
        }
    }

    /// Switches all faults off, and accepts connections again.
    ///
    /// # Panics
    /// When the port was taken by somebody else meanwhile.
    pub fn clear_faults(&self) {
        *lock(&self.plan) = Plan::default();
        self.resume();
    }

    /// Refuses connections from now on; the port stays reserved. Idle connections end as soon as the runtime's tasks
    /// have run.
    ///
    /// # Panics
    /// When the operating system refuses the reservation.
    pub fn stop(&self) {
        self.gate.shut().expect("the port of a local provider can be kept");
    }

    /// Accepts connections again.
    ///
    /// # Panics
    /// When the port was taken by somebody else meanwhile.
    pub fn resume(&self) {
        self.gate.open().expect("the port of a local provider can be opened again");
    }

    /// Waits this long before every answer from now on, as for benchmarks that count sequential calls.
    pub fn set_delay(&self, delay: Duration) {
        *lock(&self.delay) = delay;
    }

    /// Puts a searchable marker into every secret issued from now on.
    ///
    /// # Panics
    /// When the marker is not of ASCII letters and digits, which every kind of token may hold.
    pub fn set_marker(&self, marker: &str) {
        assert!(marker.bytes().all(|byte| byte.is_ascii_alphanumeric()), "a marker is of letters and digits");
        marker.clone_into(&mut lock(&self.marker));
    }

    /// Every code and token issued so far.
    #[must_use]
    pub fn issued_secrets(&self) -> Vec<String> {
        lock(&self.issued).clone()
    }

    /// A new secret with 128 bits of chance in it: prefix, marker, hexadecimal digits.
    pub(crate) fn issue(&self, prefix: &str) -> String {
        let secret = format!("{prefix}{}{}", lock(&self.marker), hex(&random::bytes::<16>()));
        lock(&self.issued).push(secret.clone());
        secret
    }

    /// Moves this provider's clock, so that what it issued ages.
    pub fn advance_clock(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        self.clock_offset_seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Unix time by this provider's clock.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now_millis() / 1000
    }

    /// The same in milliseconds.
    #[must_use]
    pub fn now_millis(&self) -> i64 {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX) + self.clock_offset_seconds.load(Ordering::SeqCst) * 1000
    }

    fn call(&self, name: &str) -> Call {
        let known = self.calls.iter().find(|(call, _)| *call == name);
        *known.unwrap_or_else(|| panic!("no call {name:?} here, but {:?}", self.calls()))
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// HMAC-SHA256.
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// A panic in one test thread must not turn into panics about a poisoned lock elsewhere.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A port that stays reserved and that nobody listens on: for a provider that is never there.
pub struct ClosedPort {
    _socket: TcpSocket,
    address: SocketAddr,
}

impl ClosedPort {
    /// Reserves a port.
    ///
    /// # Errors
    /// When the operating system has none.
    pub fn reserve() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let address = socket.local_addr()?;
        Ok(Self { _socket: socket, address })
    }

    /// The URL at which every connection is refused.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

#[cfg(test)]
pub(crate) mod tests;
