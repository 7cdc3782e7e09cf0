//! The program around [`connections`].

use connections::ConnectionList;
use lambda_http::lambda_runtime;
use shared::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<ConnectionList>().await
}
