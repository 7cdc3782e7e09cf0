//! What the keeper requires.

use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    http::Http,
    lambda::Function,
    providers::{self, grantor::Grantor, shopify},
    store::{Sessions, Tables, schedule::CHECKED_EVERY},
};

/// An instance of it.
pub struct TokenKeeper {
    pub(crate) shopify: shopify::App,
    pub(crate) shopify_version: String,
    pub(crate) grantors: Vec<Box<dyn Grantor>>,
    pub(crate) sessions: Sessions,
    pub(crate) tables: Tables,
    pub(crate) http: Http,
    pub(crate) clock: Clock,
    /// How often grants are checked, in seconds.
    pub(crate) check_every: u64,
    /// In megabytes; 0 if Lambda does not say.
    pub(crate) memory: usize,
}

impl TokenKeeper {
    /// An instance that keeps the grants of these platforms, which `tables` has to know.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn of(vars: &Vars, clients: &Clients, tables: Tables, grantors: Vec<Box<dyn Grantor>>, clock: Clock) -> Result<Self, Error> {
        Ok(Self {
            shopify: shopify::App::from_vars(vars)?,
            shopify_version: shopify::api_version(vars)?,
            grantors,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?.of_platforms(tables.platforms()),
            tables: tables.with_audits(vars)?,
            http: clients.http()?,
            check_every: check_every(vars)?,
            memory: vars.optional("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").and_then(|size| size.parse().ok()).unwrap_or_default(),
            clock,
        })
    }
}

/// Reads `CHECK_EVERY_DAYS`: 1 to 7.
fn check_every(vars: &Vars) -> Result<u64, Error> {
    let days = vars.checked("CHECK_EVERY_DAYS", Some("1"), |days| matches!(days.as_bytes(), [b'1'..=b'7']))?;
    Ok(days.parse::<u64>().unwrap_or(1) * CHECKED_EVERY)
}

impl Function for TokenKeeper {
    const NAME: &'static str = "token-keeper";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let tables = Tables::from_vars(vars, clients, clock.clone())?;
        Self::of(vars, clients, tables, providers::grantors(vars, &clock)?, clock)
    }

    async fn warm_up(&self) {
        self.tables.warm_up().await;
    }
}
