//! A request through the API: one reply and, except for most refused signatures, one log line, no
//! matter what happens.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use lambda_http::{LambdaEvent, aws_lambda_events::apigw::ApiGatewayV2httpResponse};
use serde_json::value::RawValue;

use crate::providers::PLATFORMS;
use crate::reply::cookie::{self, Name, Presented, Token};
use crate::{Code, Error, VERSION, calls, facts::Brand, json, reply::Reply, request::Request};

use super::{function::Routes, host::Host, line::marks, measured::Failure};

/// The last resort against a handler that would outlast API Gateway's 30 s; every remote call has a
/// timeout of its own.
const HANDLER_TIMEOUT: Duration = Duration::from_secs(27);

/// A function that browsers reach, and the brand under which it answers.
pub(super) struct Site<F> {
    host: Arc<Host<F>>,
    brand: Arc<Brand>,
    /// Why it only answers `misconfigured`.
    flaw: Option<String>,
}

impl<F: Routes> Site<F> {
    /// Reads the brand. It is not secret, so it is read once per process.
    pub(super) fn of(host: Arc<Host<F>>) -> Self {
        let (brand, checked) = host.vars.brand();
        let flaw = checked.err().and_then(|error| error.cause);
        if let Some(cause) = &flaw {
            tracing::error!(function = F::NAME, code = Code::Misconfigured.as_str(), cause, "not ready");
        }
        Self { host, brand: Arc::new(brand), flaw }
    }

    /// The configured function, if the brand is usable too.
    async fn ready(&self) -> Result<Arc<F>, Error> {
        match &self.flaw {
            Some(cause) => Err(Error::misconfigured(cause)),
            None => self.host.ready().await,
        }
    }
}

pub(super) async fn answer<F: Routes>(site: &Site<F>, event: LambdaEvent<Box<RawValue>>) -> ApiGatewayV2httpResponse {
    let started = Instant::now();
    let https = site.host.vars.is_https();
    let mut request = Request::from_event(&json::read(&event.payload)).in_the_name_of(&site.brand);
    if request.chosen.is_none() {
        request.language = cookie::language(&request.cookies, https).unwrap_or(request.language);
    }
    let reply = calls::in_hand(marks(&event.context, &request.id), answer_in_hand(site, &request, https, started)).await;
    match request.chosen {
        Some(language) => reply.with_cookie(cookie::set_language(language, https)),
        None => reply,
    }
    .into_response(https)
}

async fn answer_in_hand<F: Routes>(site: &Site<F>, request: &Request, https: bool, started: Instant) -> Reply {
    let host = &site.host;
    // Otherwise the journey begins with the cookie, when a flow does.
    if let Presented::Token(browser) = Token::presented(&request.cookies, Name::Browser, https) {
        calls::on_journey(browser.journey());
    }
    let route = F::route(&request.path);
    let result = host.work(HANDLER_TIMEOUT, handle(site, request, route)).await;
    let failure = result.as_ref().err().map(Failure::of);
    let (cause, reply) = match result {
        Ok(reply) => (None, reply),
        Err(error) => (error.cause.clone(), refused::<F>(&error, request, route)),
    };
    if !host.is_told(failure) {
        return reply;
    }
    let done = calls::done();
    tracing::info!(
        function = F::NAME,
        route = route.unwrap_or("none"),
        outcome = reply.outcome,
        status = reply.status(),
        reference = failure.and_then(|_| request.reference()),
        cause,
        calls_ms = calls::summary(&done.calls),
        duration_ms = calls::millis_since(started),
        version = VERSION,
        members = host.measured(failure, &done),
        "request"
    );
    reply
}

async fn handle<F: Routes>(site: &Site<F>, request: &Request, route: Option<&'static str>) -> Result<Reply, Error> {
    let function = site.ready().await?;
    let route = route.ok_or_else(|| Error::of(Code::NotFound))?;
    if !F::methods(route).contains(&request.method.as_str()) {
        let detail = match F::methods(route) {
            ["GET"] => "This address can only be opened, not sent to.",
            ["POST"] => "This address can only be sent to, not opened.",
            _ => "This address can only be opened and sent to.",
        };
        return Err(Error::new(Code::MethodNotAllowed, detail));
    }
    function.handle(request).await
}

fn refused<F: Routes>(error: &Error, request: &Request, route: Option<&'static str>) -> Reply {
    let reply = Reply::error(error, request, PLATFORMS);
    match route {
        Some(route) if error.code == Code::MethodNotAllowed => reply.with_header("allow", &F::methods(route).join(", ")),
        _ => reply,
    }
}
