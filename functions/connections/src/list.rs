//! What showing the list, and ending its entries, requires.

use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    flow::state_secrets,
    http::Http,
    lambda::Function,
    providers::{self, grantor::Revoker, shopify},
    signing::SecretPair,
    store::{
        Sessions, Tables,
        sessions::{self, Session, SessionKey},
    },
};

/// One instance of the function.
pub struct ConnectionList {
    pub(crate) app: shopify::App,
    pub(crate) api_version: String,
    pub(crate) revokers: Vec<Box<dyn Revoker>>,
    /// The secrets from which form tokens are derived.
    pub(crate) secrets: SecretPair,
    pub(crate) sessions: Sessions,
    pub(crate) tables: Tables,
    pub(crate) http: Http,
    pub(crate) clock: Clock,
}

impl ConnectionList {
    /// An instance that lists the accounts of these platforms, which `tables` has to know.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn of(vars: &Vars, clients: &Clients, tables: Tables, revokers: Vec<Box<dyn Revoker>>, clock: Clock) -> Result<Self, Error> {
        Ok(Self {
            app: shopify::App::from_vars(vars)?,
            api_version: shopify::api_version(vars)?,
            revokers,
            secrets: state_secrets(vars)?,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?.of_platforms(tables.platforms()),
            tables,
            http: clients.http()?,
            clock,
        })
    }
}

impl Function for ConnectionList {
    const NAME: &'static str = "connections";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let tables = Tables::from_vars(vars, clients, clock.clone())?;
        Self::of(vars, clients, tables, providers::revokers(vars, &clock)?, clock)
    }

    async fn warm_up(&self) {
        self.tables.warm_up().await;
    }
}

impl ConnectionList {
    /// The live session of this cookie.
    ///
    /// # Errors
    /// `invalid_session`, `storage_unavailable`.
    pub(crate) async fn session(&self, key: &SessionKey) -> Result<Session, Error> {
        self.sessions.load_for_list(key).await?.ok_or_else(sessions::invalid)
    }
}
