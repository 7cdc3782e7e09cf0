//! The baseline for `./dev bench`: the cost of the runtime alone. Answers with a constant and is
//! never deployed.

use std::convert::Infallible;

use lambda_http::{Body, Request, Response, lambda_runtime, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda_http::run(service_fn(async |_: Request| Ok::<_, Infallible>(Response::new(Body::Text("ok".to_owned()))))).await
}
