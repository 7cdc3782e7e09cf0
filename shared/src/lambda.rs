//! Runs a function: configuration first, then the handler, then one reply and one log line, no
//! matter what happens.

mod function;
mod host;
mod invoked;
mod line;
mod measured;
mod refused;
mod routes;

use std::time::{Duration, Instant};
use std::{future::Future, sync::Arc};

use lambda_http::{LambdaEvent, lambda_runtime, lambda_runtime::service_fn};
use serde_json::value::RawValue;

use crate::{Error, Vars, calls, metrics};

use host::{Host, too_long};
use routes::Site;

pub use function::{Function, Invoked, Routes};
pub use host::doubt_secrets;

/// When a handler stops on its own, so that it can still report that nothing came of it.
const WORK_TIMEOUT: Duration = Duration::from_secs(23);

/// Runs `F` behind its routes, on the Lambda Runtime API, until the process ends.
///
/// # Errors
/// If the Runtime API is gone.
pub async fn run<F: Routes>() -> Result<(), lambda_runtime::Error> {
    let site = Arc::new(Site::of(start::<F>().await));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let site = Arc::clone(&site);
        async move { Ok::<_, std::convert::Infallible>(routes::answer(&site, event).await) }
    }))
    .await
}

/// Runs `F` for direct invocations, on the Lambda Runtime API, until the process ends.
///
/// # Errors
/// If the Runtime API is gone.
pub async fn run_invoked<F: Invoked>() -> Result<(), lambda_runtime::Error> {
    let host = start::<F>().await;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let host = Arc::clone(&host);
        async move { Ok::<_, std::convert::Infallible>(invoked::answer(&host, event).await) }
    }))
    .await
}

async fn start<F: Function>() -> Arc<Host<F>> {
    let started = Instant::now();
    start_log();
    let host = Arc::new(Host::<F>::new(Vars::from_env()));
    match host.ready().await {
        Ok(function) => {
            let _ = tokio::time::timeout(Duration::from_secs(1), function.warm_up()).await;
        }
        Err(error) => tracing::error!(function = F::NAME, code = error.code.as_str(), cause = error.cause, "not ready"),
    }
    host.is_started(calls::millis_since(started));
    host
}

/// The deadline for the work on a request that begins now.
#[must_use]
pub fn work_deadline() -> tokio::time::Instant {
    tokio::time::Instant::now() + WORK_TIMEOUT
}

/// Runs `work` until `deadline`.
///
/// # Errors
/// Those of the work; `provider_timeout` at the deadline, because only providers take that long.
pub async fn until<T>(deadline: tokio::time::Instant, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout_at(deadline, work).await.unwrap_or_else(|_elapsed| Err(too_long("deadline of the work")))
}

/// Logs that a provider refused our own credentials, which raises an alarm and makes the function
/// reload its secrets.
pub fn credentials_refused(platform: &'static str) {
    tracing::error!(alarm = "credentials_refused", platform, "our credentials were refused");
    calls::count(metrics::CREDENTIALS_REFUSED, 1);
    doubt_secrets();
}

/// Logs JSON lines to stdout. The level is fixed: below INFO, libraries log whole requests.
fn start_log() {
    let _ = tracing_subscriber::fmt().event_format(line::Line).with_max_level(tracing::Level::INFO).try_init();
    // A panic's message can contain anything, so only its location is logged.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
