//! What the keeper works with.

use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    http::Http,
    lambda::Function,
    providers::{
        facebook::{self, Graph, subscriptions::Fields},
        shopify,
    },
    store::{Sessions, Tables},
};

/// One instance of it.
pub(crate) struct TokenKeeper {
    pub(crate) shopify: shopify::App,
    pub(crate) shopify_version: String,
    pub(crate) facebook: facebook::App,
    pub(crate) graph: Graph,
    pub(crate) fields: Fields,
    pub(crate) sessions: Sessions,
    pub(crate) tables: Tables,
    pub(crate) http: Http,
    pub(crate) clock: Clock,
}

impl Function for TokenKeeper {
    const NAME: &'static str = "token-keeper";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let facebook = facebook::App::from_vars(vars)?;
        Ok(Self {
            shopify: shopify::App::from_vars(vars)?,
            shopify_version: shopify::api_version(vars)?,
            graph: Graph::from_vars(vars, clock.clone())?,
            fields: Fields::from_vars(vars)?,
            facebook,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?,
            tables: Tables::from_vars(vars, clients, clock.clone())?.with_audits(vars)?,
            http: clients.http()?,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.tables.warm_up().await;
    }
}
