//! HTTP servers in front of the gateway, for browsers that are real.

mod web;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use web::{CookieChange, FACEBOOK, Visit, Web};

use crate::gateway::Request;
use crate::world::{World, WorldBuilder};

/// What the HTTP API takes.
const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// A world that answers at `http://localhost:PORT`. It ends when dropped.
pub struct Front {
    /// The world behind it.
    pub world: Arc<World>,
    server: JoinHandle<()>,
}

impl Front {
    /// Starts the world at a free port.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub async fn start(world: WorldBuilder) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let world = Arc::new(world.at(&format!("http://localhost:{port}")).start().await);
        let service = Router::new().fallback(receive).with_state(Arc::clone(&world));
        let server = tokio::spawn(async move {
            // Accepting never ends by itself.
            let _ended = axum::serve(listener, service).await;
        });
        Self { world, server }
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.world.gateway().origin()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(State(world): State<Arc<World>>, request: http::Request<Body>) -> http::Response<Body> {
    pass_on(&world, request).await
}

async fn pass_on(world: &World, request: http::Request<Body>) -> http::Response<Body> {
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let request = Request {
        method: head.method.to_string(),
        target: target.to_owned(),
        headers: headers.collect(),
        body: to_bytes(body, BODY_LIMIT).await.map(|body| body.to_vec()).unwrap_or_default(),
    };
    let reply = world.gateway().send(&request).await;
    let mut builder = http::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    for cookie in &reply.cookies {
        builder = builder.header("set-cookie", cookie);
    }
    builder.body(Body::from(reply.body)).expect("a function's reply is an HTTP response")
}
