//! Stands in for the HTTP API: routes a request to its function and gives back what a browser would receive.

mod described;
mod event;
mod routes;

use std::collections::BTreeMap;

use crate::lambda::{Function, FunctionError, Reply};
use crate::template::Route;

pub use described::Description;
pub use event::event;
pub use routes::{Match, find_route, watch_routes};

/// A request as it arrives at the HTTP API.
#[derive(Debug, Clone)]
pub struct Request {
    /// In upper case.
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Besides `host` and the `x-forwarded-…` headers, which the HTTP API sets.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: Vec<u8>,
}

impl Request {
    /// A `GET` of path and query.
    pub fn get(target: impl Into<String>) -> Self {
        Self { method: "GET".to_owned(), target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// The same with another method.
    #[must_use]
    pub fn with_method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_lowercase(), value.to_owned()));
        self
    }

    /// The same with a body of the type.
    #[must_use]
    pub fn with_body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self.with_header("content-type", content_type) }
    }

    /// What stands before the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split(['?', '#']).next().unwrap_or_default()
    }

    fn query(&self) -> &str {
        let target = self.target.split('#').next().unwrap_or_default();
        target.split_once('?').map_or("", |(_, query)| query)
    }
}

/// The HTTP API with the functions behind it.
pub struct Gateway {
    origin: String,
    routes: Vec<Route>,
    functions: BTreeMap<String, Function>,
    /// Read before the first request, so that no measurement contains it.
    description: &'static Description,
}

impl Gateway {
    /// `origin` is the scheme and host that browsers use: `https://link.example.com`.
    pub fn new(origin: &str, routes: Vec<Route>, functions: impl IntoIterator<Item = Function>) -> Self {
        let functions = functions.into_iter().map(|function| (function.name().to_owned(), function)).collect();
        Self { origin: origin.to_owned(), routes, functions, description: Description::published() }
    }

    /// The same functions from the binaries of another profile, none of them started yet.
    #[must_use]
    pub fn of_profile(&self, profile: &str) -> Self {
        Self::new(&self.origin, self.routes.clone(), self.functions.values().map(|function| function.of_profile(profile)))
    }

    /// Scheme and host under which the service is reached.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// One of the functions.
    ///
    /// # Panics
    ///
    /// When there is none of this name.
    pub fn function(&self, name: &str) -> &Function {
        self.functions.get(name).unwrap_or_else(|| panic!("no function {name} behind the gateway"))
    }

    /// All functions.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.functions.values()
    }

    /// Sends the request to its function. A function error is the 500 that the HTTP API makes of it, a request without
    /// a route its 404.
    ///
    /// # Panics
    ///
    /// When a function answers what the published description of its route does not have. Only tests and measurements
    /// come through here, so whatever they do holds every answer against it; the local run has a gateway of cargo-lambda's.
    pub async fn send(&self, request: &Request) -> Reply {
        let Some(found) = find_route(&self.routes, &request.method, request.path()) else {
            return Reply::of_gateway(404, "Not Found");
        };
        let outcome = self.function(&found.route.function).invoke(event(&self.origin, request, &found)).await;
        match outcome.result {
            Ok(reply) => {
                self.description.check(found.route, &reply).unwrap_or_else(|undescribed| panic!("{undescribed}"));
                reply
            }
            Err(error) if error.error_type == "Sandbox.Timedout" => Reply::of_gateway(503, "Service Unavailable"),
            Err(error) => {
                complain(found.route.function.as_str(), &error);
                Reply::of_gateway(500, "Internal Server Error")
            }
        }
    }
}

/// The caller sees as little as with AWS; whoever reads the output of a failed test sees why.
#[expect(clippy::print_stderr, reason = "a test's output, shown when it fails")]
fn complain(function: &str, error: &FunctionError) {
    eprintln!("{function}: {error}");
}
