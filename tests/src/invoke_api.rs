//! Lambda's own API, as far as somebody invokes a function with it: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::world::World;

/// Serves the functions of a world to AWS's SDKs. It ends when dropped.
pub struct InvokeApi {
    url: String,
    server: JoinHandle<()>,
}

impl InvokeApi {
    /// Starts it at a free port.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub async fn start(world: &Arc<World>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let service = Router::new().route("/2015-03-31/functions/{name}/invocations", post(invoke)).with_state(Arc::clone(world));
        let server = tokio::spawn(async move {
            // Accepting never ends by itself.
            let _ended = axum::serve(listener, service).await;
        });
        Self { url, server }
    }

    /// For `AWS_ENDPOINT_URL_LAMBDA`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for InvokeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn invoke(State(world): State<Arc<World>>, Path(name): Path<String>, payload: Bytes) -> Response {
    let refused = |status: StatusCode, kind: &'static str| {
        (status, [("x-amzn-errortype", kind)], json!({ "Type": "User", "Message": kind }).to_string()).into_response()
    };
    let Some(function) = world.gateway().functions().find(|function| function.name() == name) else {
        return refused(StatusCode::NOT_FOUND, "ResourceNotFoundException");
    };
    let Ok(payload) = serde_json::from_slice::<Value>(&payload) else {
        return refused(StatusCode::BAD_REQUEST, "InvalidRequestContentException");
    };
    match function.invoke_directly(payload).await {
        Ok(reply) => reply.to_string().into_response(),
        Err(error) => {
            let report = json!({ "errorType": error.error_type, "errorMessage": error.message });
            ([("x-amz-function-error", "Unhandled")], report.to_string()).into_response()
        }
    }
}
