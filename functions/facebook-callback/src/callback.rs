//! What ending the flow requires.

use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    http::Http,
    lambda::Function,
    linking::Linking,
    providers::{
        facebook::{self, PAGE, subscriptions::Fields},
        meta::Graph,
    },
};

/// One instance of the function.
pub(crate) struct FacebookCallback {
    pub(crate) app: facebook::App,
    pub(crate) graph: Graph,
    pub(crate) fields: Fields,
    pub(crate) linking: Linking,
    pub(crate) http: Http,
    pub(crate) clock: Clock,
}

impl Function for FacebookCallback {
    const NAME: &'static str = "facebook-callback";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let app = facebook::App::from_vars(vars)?;
        Ok(Self {
            graph: facebook::graph(vars, clock.clone())?,
            fields: Fields::from_vars(vars)?,
            linking: Linking::from_vars(vars, clients, &clock, &PAGE, app.redirect_uri.is_secure())?,
            http: clients.http()?,
            app,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.linking.sessions.warm_up().await;
    }
}
