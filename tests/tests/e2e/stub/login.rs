//! Starts the stub's flow for the identity of the browser's session, if one of our own pages began
//! it; otherwise asks first. Without a configuration there is no such route.

use lambda_http::lambda_runtime;
use shared::{
    Code, Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    flow::Flow,
    lambda::{self, Function, Routes},
    linking::login::Login,
    reply::Reply,
    request::Request,
    store::Sessions,
};

use crate::stub::platform::{App, BOX};

const ROUTE: &str = "/stub/login";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<StubLogin>().await
}

/// None if the platform is off.
pub(crate) struct StubLogin(pub(crate) Option<(App, Login)>);

impl Function for StubLogin {
    const NAME: &'static str = "stub-login";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let Some(app) = App::from_vars(vars)? else { return Ok(Self(None)) };
        let clock = Clock::system();
        let login = Login {
            kind: &BOX,
            flow: Flow::from_vars(vars, app.redirect_uri.is_secure(), clock.clone())?,
            sessions: Sessions::from_vars(vars, clients, clock)?,
        };
        Ok(Self(Some((app, login))))
    }

    async fn warm_up(&self) {
        if let Some((_, login)) = &self.0 {
            login.sessions.warm_up().await;
        }
    }
}

impl Routes for StubLogin {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let Some((app, login)) = &self.0 else { return Err(Error::of(Code::NotFound)) };
        login.answer(request, |begun, _wish| app.dialog_url(&begun.state)).await
    }
}
