//! What the flow is ended with.

use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    flow::Flow,
    http::Http,
    lambda::Function,
    providers::{
        facebook::{self, subscriptions::Fields},
        meta::Graph,
    },
    store::{Sessions, Tables},
};

/// One instance of the function.
pub(crate) struct FacebookCallback {
    pub(crate) app: facebook::App,
    /// Where a merchant goes back to whose Pages are linked, if that is configured.
    pub(crate) return_url: Option<String>,
    pub(crate) graph: Graph,
    pub(crate) fields: Fields,
    pub(crate) flow: Flow,
    pub(crate) sessions: Sessions,
    pub(crate) tables: Tables,
    pub(crate) http: Http,
    pub(crate) clock: Clock,
}

impl Function for FacebookCallback {
    const NAME: &'static str = "facebook-callback";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let app = facebook::App::from_vars(vars)?;
        Ok(Self {
            return_url: vars.return_url()?,
            graph: facebook::graph(vars, clock.clone())?,
            fields: Fields::from_vars(vars)?,
            flow: Flow::from_vars(vars, app.redirect_uri.is_secure(), clock.clone())?,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?,
            tables: Tables::from_vars(vars, clients, clock.clone())?,
            http: clients.http()?,
            app,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.sessions.warm_up().await;
    }
}
