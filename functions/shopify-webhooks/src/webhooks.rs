//! What handling deliveries requires.

use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    http::Http,
    lambda::Function,
    providers::shopify,
    store::{Sessions, Tables},
};

/// One instance of the function.
pub(crate) struct ShopifyWebhooks {
    pub(crate) app: shopify::App,
    pub(crate) api_version: String,
    pub(crate) sessions: Sessions,
    pub(crate) tables: Tables,
    pub(crate) http: Http,
    pub(crate) clock: Clock,
}

impl Function for ShopifyWebhooks {
    const NAME: &'static str = "shopify-webhooks";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        Ok(Self {
            app: shopify::App::from_vars(vars)?,
            api_version: shopify::api_version(vars)?,
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
