//! The program around [`token_keeper`].

use lambda_http::lambda_runtime;
use shared::lambda;
use token_keeper::TokenKeeper;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run_invoked::<TokenKeeper>().await
}
