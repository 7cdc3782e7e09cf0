//! A function, as the runner sees it.

use std::future::Future;

use serde_json::Value;

use crate::{Error, Vars, clients::Clients, reply::Reply, request::Request};

/// One of the functions.
pub trait Function: Sized + Send + Sync + 'static {
    /// Its name: folder, crate and binary.
    const NAME: &'static str;

    /// Reads its configuration. Called at init and whenever the secrets have been reloaded.
    ///
    /// # Errors
    /// `misconfigured`.
    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error>;

    /// Opens connections while init still has the full CPU. Failures are ignored: the first request
    /// will reveal them.
    fn warm_up(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// A function behind routes of the API.
pub trait Routes: Function {
    /// The route of a path, as API Gateway names it; none is `not_found`.
    fn route(path: &str) -> Option<&'static str>;

    /// The methods that a route takes.
    fn methods(_route: &'static str) -> &'static [&'static str] {
        &["GET"]
    }

    /// Answers a request to one of its routes, with one of that route's methods.
    ///
    /// # Errors
    /// Any row of the error table; it becomes the reply.
    fn handle(&self, request: &Request) -> impl Future<Output = Result<Reply, Error>> + Send;
}

/// A function that is invoked directly, without a route.
pub trait Invoked: Function {
    /// Answers a payload before `deadline`, which is slightly before Lambda's.
    ///
    /// # Errors
    /// Any; it becomes the reply `{"error": {"code", "detail"}}`.
    fn invoke(&self, payload: &Value, deadline: tokio::time::Instant) -> impl Future<Output = Result<Value, Error>> + Send;
}
