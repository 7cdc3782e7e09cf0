//! Starts the Facebook flow for the identity of the browser's session, if one of our own pages
//! began it; otherwise asks first.

use lambda_http::lambda_runtime;
use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    flow::Flow,
    lambda::{self, Function, Routes},
    linking::login::Login,
    providers::{
        facebook::{self, Dialog, PAGE},
        meta::versions,
    },
    reply::Reply,
    request::Request,
    store::Sessions,
};

const ROUTE: &str = "/facebook/login";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<FacebookLogin>().await
}

struct FacebookLogin {
    app: facebook::App,
    login: Login,
}

impl Function for FacebookLogin {
    const NAME: &'static str = "facebook-login";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let app = facebook::App::from_vars(vars)?;
        versions::warn_about(&app.version, clock.now());
        let login = Login {
            kind: &PAGE,
            flow: Flow::from_vars(vars, app.redirect_uri.is_secure(), clock.clone())?,
            sessions: Sessions::from_vars(vars, clients, clock)?,
        };
        Ok(Self { app, login })
    }

    async fn warm_up(&self) {
        self.login.sessions.warm_up().await;
    }
}

impl Routes for FacebookLogin {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let dialog = |state: &str, code_challenge: &str, rerequest| self.app.dialog_url(Dialog { state, code_challenge, rerequest });
        self.login.answer(request, |begun, wish| dialog(&begun.state, &begun.code_challenge, wish.rerequest)).await
    }
}
