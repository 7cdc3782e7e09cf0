//! State that lives as long as the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;

use crate::{Clock, Code, Error, Vars, calls, calls::Done, clients::Clients, config::SecretStore, metrics};

use super::{function::Function, measured, measured::Failure, refused::RefusedSignatures};

/// Secrets are reloaded after this long.
const SECRETS_AGE: Duration = Duration::from_secs(300);
/// And at most this often after a hint that they changed, or after a failure to load them.
const SECRETS_PAUSE: Duration = Duration::from_secs(60);

/// Set when a refusal does not end the invocation. A process has one function, and one set of
/// secrets.
static DOUBTED: AtomicBool = AtomicBool::new(false);

/// Hints that the secrets changed, although the invocation goes on: they are reloaded before the
/// next one, at most once a minute.
pub fn doubt_secrets() {
    DOUBTED.store(true, Ordering::Relaxed);
}

/// A function's process: its configuration, and sufficiently fresh secrets.
pub(super) struct Host<F> {
    pub(super) vars: Vars,
    clients: Clients,
    clock: Clock,
    secrets: Result<Option<SecretStore>, String>,
    loaded: Mutex<Loaded<F>>,
    /// How long the start took, until the first log line has reported it.
    init: Mutex<Option<u64>>,
    refused_signatures: Mutex<RefusedSignatures>,
}

struct Loaded<F> {
    function: Option<Arc<F>>,
    /// When the secrets were last loaded.
    read_at: u64,
    /// The earliest time to reload them because of a hint.
    next_hinted_read: u64,
    /// The earliest time to retry a failed load, while older secrets still serve.
    next_try: u64,
    /// Whether something hints that the secrets changed: a provider refused our credentials.
    hint: bool,
}

impl<F: Function> Host<F> {
    pub(super) fn new(vars: Vars) -> Self {
        let secrets = match vars.optional("SECRETS_ARN") {
            None => Ok(None),
            Some(arn) => Clients::secrets_manager(&vars)
                .map(|client| Some(SecretStore::new(client, arn.to_owned())))
                .map_err(|error| error.cause.unwrap_or_default()),
        };
        let loaded = Mutex::new(Loaded { function: None, read_at: 0, next_hinted_read: 0, next_try: 0, hint: false });
        Self {
            vars,
            clients: Clients::default(),
            clock: Clock::system(),
            secrets,
            loaded,
            init: Mutex::default(),
            refused_signatures: Mutex::default(),
        }
    }

    /// Marks the instance as ready, with how many milliseconds that took.
    pub(super) fn is_started(&self, millis: u64) {
        *self.init.lock().unwrap_or_else(PoisonError::into_inner) = Some(millis);
    }

    /// Whether to log an event with this outcome. The line then includes all refused signatures
    /// that no line has reported yet.
    pub(super) fn is_told(&self, failure: Option<Failure>) -> bool {
        let mut refused = self.refused_signatures.lock().unwrap_or_else(PoisonError::into_inner);
        if failure.is_some_and(|failure| failure.code == Code::InvalidSignature) && !refused.count(self.clock.now()) {
            return false;
        }
        match refused.take() {
            0 => {}
            untold => calls::count(metrics::REFUSED_SIGNATURES, untold),
        }
        true
    }

    /// The metrics of an event, as members of its log line.
    pub(super) fn measured(&self, failure: Option<Failure>, done: &Done) -> String {
        let namespace = self.vars.optional("METRICS_NAMESPACE").unwrap_or(metrics::NAMESPACE);
        let init = self.init.lock().unwrap_or_else(PoisonError::into_inner).take();
        measured::members(namespace, self.clock.now_millis(), failure, init, done)
    }

    fn loaded(&self) -> std::sync::MutexGuard<'_, Loaded<F>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The configured function, with sufficiently fresh secrets.
    pub(super) async fn ready(&self) -> Result<Arc<F>, Error> {
        let store = self.secrets.as_ref().map_err(Error::misconfigured)?;
        let now = self.clock.now();
        let Some(store) = store else {
            let mut loaded = self.loaded();
            if let Some(function) = &loaded.function {
                return Ok(Arc::clone(function));
            }
            let function = F::configure(&self.vars, &self.clients)?;
            return Ok(Arc::clone(loaded.function.insert(Arc::new(function))));
        };
        let current = {
            let mut loaded = self.loaded();
            loaded.hint |= DOUBTED.swap(false, Ordering::Relaxed);
            let current = loaded.function.clone();
            let hinted = loaded.hint && now >= loaded.next_hinted_read;
            let aged = now >= loaded.read_at + SECRETS_AGE.as_secs();
            if let Some(function) = &current
                && (!(hinted || aged) || now < loaded.next_try)
            {
                return Ok(Arc::clone(function));
            }
            if hinted {
                loaded.hint = false;
                loaded.next_hinted_read = now + SECRETS_PAUSE.as_secs();
            }
            current
        };
        // Rare and large: on the heap, so that other requests do not carry its size.
        let read = match Box::pin(store.fetch()).await {
            Ok(secrets) => F::configure(&self.vars.with_secrets(secrets), &self.clients),
            Err(error) => Err(error),
        };
        match (read, current) {
            (Ok(function), _) => {
                let mut loaded = self.loaded();
                loaded.read_at = now;
                Ok(Arc::clone(loaded.function.insert(Arc::new(function))))
            }
            // What has worked until now keeps working; the reason is in the log, and the next
            // attempt is a minute away.
            (Err(error), Some(function)) => {
                tracing::error!(code = error.code.as_str(), cause = error.cause, "secrets not read again");
                self.loaded().next_try = now + SECRETS_PAUSE.as_secs();
                Ok(function)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// Runs the work on one event, for at most `limit`, and turns a panic into an error.
    pub(super) fn work<T>(&self, limit: Duration, work: impl Future<Output = Result<T, Error>>) -> impl Future<Output = Result<T, Error>> {
        // On the heap, and boxed before anything awaits it: a handler's future is large, and each
        // layer around it would copy it.
        let work = Box::pin(AssertUnwindSafe(work).catch_unwind());
        async move {
            let result = match tokio::time::timeout(limit, work).await {
                Ok(Ok(result)) => result,
                Ok(Err(_panic)) => Err(Error::storage_unavailable("panic in the handler")),
                Err(_elapsed) => Err(too_long("handler timeout")),
            };
            if let Err(error) = &result
                && error.credentials_refused
            {
                self.loaded().hint = true;
                // An unknown key of our own also hints at changed secrets, but is not a provider's
                // refusal.
                if matches!(error.code, Code::TokenExchangeFailed | Code::ProviderError) {
                    calls::count(metrics::CREDENTIALS_REFUSED, 1);
                }
            }
            result
        }
    }
}

/// The error for work that took too long.
pub(super) fn too_long(cause: &str) -> Error {
    Error::of(Code::ProviderTimeout).caused_by(cause)
}
