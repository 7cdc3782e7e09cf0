//! A request through the API: one reply and one log line, whatever happens.

use std::time::{Duration, Instant};

use lambda_http::{LambdaEvent, aws_lambda_events::apigw::ApiGatewayV2httpResponse};
use serde_json::Value;

use crate::{
    error::{Code, Error},
    reply::Reply,
    request::Request,
};

use super::{Host, Routes};

/// The last resort against a handler that would outlast API Gateway's 30 s; every remote call has a limit of its own.
const HANDLER_TIMEOUT: Duration = Duration::from_secs(27);

pub(super) async fn answer<F: Routes>(host: &Host<F>, event: LambdaEvent<Value>) -> ApiGatewayV2httpResponse {
    let started = Instant::now();
    let request = Request::from_event(&event.payload);
    let route = F::route(&request.path);
    let (result, calls) = host.work(HANDLER_TIMEOUT, handle(host, &request, route)).await;
    let (cause, reply) = match result {
        Ok(reply) => (None, reply),
        Err(error) => (error.cause.clone(), refused::<F>(&error, &request, route)),
    };
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
    reply.into_response(host.vars.is_https())
}

async fn handle<F: Routes>(host: &Host<F>, request: &Request, route: Option<&'static str>) -> Result<Reply, Error> {
    let function = host.ready().await?;
    let route = route.ok_or_else(|| Error::new(Code::NotFound, "There is nothing at this address."))?;
    if request.method != F::method(route) {
        let detail = match F::method(route) {
            "GET" => "This address can only be opened, not sent to.",
            _ => "This address can only be sent to, not opened.",
        };
        return Err(Error::new(Code::MethodNotAllowed, detail));
    }
    function.handle(request).await
}

fn refused<F: Routes>(error: &Error, request: &Request, route: Option<&'static str>) -> Reply {
    let reply = Reply::error(error, request.wants_html);
    match route {
        Some(route) if error.code == Code::MethodNotAllowed => reply.with_header("allow", F::method(route)),
        _ => reply,
    }
}
