//! Runs a function: configuration first, then the handler, then one reply and one log line, whatever happens.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;
use lambda_http::{
    LambdaEvent,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    lambda_runtime::{self, service_fn},
};
use serde_json::Value;

use crate::{
    calls,
    clients::Clients,
    clock::Clock,
    config::{SecretStore, Vars},
    error::{Code, Error},
    reply::Reply,
    request::Request,
};

/// Secrets are read again after this long.
const SECRETS_AGE: Duration = Duration::from_secs(300);
/// And at most this often when something hints that they changed, or when reading them failed.
const SECRETS_PAUSE: Duration = Duration::from_secs(60);
/// The last resort against a handler that would outlast API Gateway's 30 s; every remote call has a limit of its own.
const HANDLER_TIMEOUT: Duration = Duration::from_secs(27);
/// When a handler stops what it is doing on its own, so that it can still say that nothing came of it.
const WORK_TIMEOUT: Duration = Duration::from_secs(23);

/// One of the functions.
pub trait Function: Sized + Send + Sync + 'static {
    /// Its name: folder, crate and binary.
    const NAME: &'static str;

    /// Reads its configuration. Called at init and whenever the secrets were read again.
    ///
    /// # Errors
    /// `misconfigured`.
    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error>;

    /// Sets up connections while init still has the full CPU. What fails here is ignored: the first request will tell.
    fn warm_up(&self) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// The route a path belongs to, as API Gateway names it; none is `not_found`.
    fn route(path: &str) -> Option<&'static str>;

    /// Answers a `GET` of one of its routes.
    ///
    /// # Errors
    /// Any row of the table of errors; it becomes the reply.
    fn handle(&self, request: &Request) -> impl Future<Output = Result<Reply, Error>> + Send;
}

/// Runs `F` under the Lambda Runtime API until the process ends.
///
/// # Errors
/// When the Runtime API is gone.
pub async fn run<F: Function>() -> Result<(), lambda_runtime::Error> {
    start_log();
    let host = Arc::new(Host::<F>::new(Vars::from_env()));
    match host.ready().await {
        Ok(function) => {
            let _ = tokio::time::timeout(Duration::from_secs(1), function.warm_up()).await;
        }
        Err(error) => tracing::error!(function = F::NAME, code = error.code.as_str(), cause = error.cause, "not ready"),
    }
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let host = Arc::clone(&host);
        async move { Ok::<_, std::convert::Infallible>(host.answer(event).await) }
    }))
    .await
}

/// The end of the work on a request that begins now.
#[must_use]
pub fn work_deadline() -> tokio::time::Instant {
    tokio::time::Instant::now() + WORK_TIMEOUT
}

/// Does `work` until `deadline`.
///
/// # Errors
/// Those of the work; `provider_timeout` at the deadline, since only providers take that long.
pub async fn until<T>(deadline: tokio::time::Instant, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout_at(deadline, work).await.unwrap_or_else(|_elapsed| Err(too_long("deadline of the work")))
}

fn too_long(cause: &str) -> Error {
    Error::new(Code::ProviderTimeout, "This took too long. Please start again.").caused_by(cause)
}

/// JSON lines on stdout. The level is fixed: below INFO, libraries print whole requests.
fn start_log() {
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_max_level(tracing::Level::INFO)
        .try_init();
    // A panic's message can hold anything, so only its place is written.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

struct Host<F> {
    vars: Vars,
    clients: Clients,
    clock: Clock,
    secrets: Result<Option<SecretStore>, String>,
    loaded: Mutex<Loaded<F>>,
}

struct Loaded<F> {
    function: Option<Arc<F>>,
    /// Why there is no function, where trying again would not help.
    misconfigured: Option<String>,
    /// When the secrets were last read.
    read_at: u64,
    /// Not before then are they read again because of a hint.
    next_hinted_read: u64,
    /// Not before then is a failed reading tried again, while an older one still serves.
    next_try: u64,
    /// Something hints that the secrets changed: a provider refused our credentials.
    hint: bool,
}

impl<F: Function> Host<F> {
    fn new(vars: Vars) -> Self {
        let secrets = match vars.optional("SECRETS_ARN") {
            None => Ok(None),
            Some(arn) => Clients::secrets_manager(&vars)
                .map(|client| Some(SecretStore::new(client, arn.to_owned())))
                .map_err(|error| error.cause.unwrap_or_default()),
        };
        let loaded = Mutex::new(Loaded { function: None, misconfigured: None, read_at: 0, next_hinted_read: 0, next_try: 0, hint: false });
        Self { vars, clients: Clients::default(), clock: Clock::system(), secrets, loaded }
    }

    fn loaded(&self) -> std::sync::MutexGuard<'_, Loaded<F>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The configured function, with secrets that are fresh enough.
    async fn ready(&self) -> Result<Arc<F>, Error> {
        let store = self.secrets.as_ref().map_err(Error::misconfigured)?;
        let now = self.clock.now();
        let Some(store) = store else {
            let mut loaded = self.loaded();
            if let Some(function) = &loaded.function {
                return Ok(Arc::clone(function));
            }
            if let Some(cause) = &loaded.misconfigured {
                return Err(Error::misconfigured(cause));
            }
            return match F::configure(&self.vars, &self.clients) {
                Ok(function) => Ok(Arc::clone(loaded.function.insert(Arc::new(function)))),
                Err(error) => {
                    loaded.misconfigured = error.cause.clone();
                    Err(error)
                }
            };
        };
        let current = {
            let mut loaded = self.loaded();
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
        // Rarely taken, and large: on the heap, so that no other request carries its size along.
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
            // What worked until now goes on working; the reason is in the log and the next try a minute away.
            (Err(error), Some(function)) => {
                tracing::error!(code = error.code.as_str(), cause = error.cause, "secrets not read again");
                self.loaded().next_try = now + SECRETS_PAUSE.as_secs();
                Ok(function)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn answer(&self, event: LambdaEvent<Value>) -> ApiGatewayV2httpResponse {
        let started = Instant::now();
        let request = Request::from_event(&event.payload);
        let route = F::route(&request.path);
        // On the heap: a handler's future is tens of kilobytes, and each layer around it would copy it.
        let answered = Box::pin(AssertUnwindSafe(self.handle(&request, route)).catch_unwind());
        let (result, calls) = calls::recorded(tokio::time::timeout(HANDLER_TIMEOUT, answered)).await;
        let result = match result {
            Ok(Ok(result)) => result,
            Ok(Err(_panic)) => Err(Error::storage_unavailable("panic in the handler")),
            Err(_elapsed) => Err(too_long("handler timeout")),
        };
        let (cause, reply) = match result {
            Ok(reply) => (None, reply),
            Err(error) => {
                if error.credentials_refused {
                    self.loaded().hint = true;
                }
                (error.cause.clone(), Reply::error(&error, request.wants_html))
            }
        };
        let calls = calls.iter().map(|(name, millis)| format!("{name}={millis}")).collect::<Vec<_>>().join(" ");
        tracing::info!(
            function = F::NAME,
            route = route.unwrap_or("none"),
            outcome = reply.outcome,
            status = reply.status(),
            cause,
            calls_ms = calls,
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            request_id = request.id,
            lambda_request_id = event.context.request_id,
            "request"
        );
        reply.into_response(self.vars.is_https())
    }

    async fn handle(&self, request: &Request, route: Option<&'static str>) -> Result<Reply, Error> {
        let function = self.ready().await?;
        if route.is_none() {
            return Err(Error::new(Code::NotFound, "There is nothing at this address."));
        }
        if request.method != "GET" {
            return Err(Error::new(Code::MethodNotAllowed, "This address can only be opened, not sent to."));
        }
        function.handle(request).await
    }
}
