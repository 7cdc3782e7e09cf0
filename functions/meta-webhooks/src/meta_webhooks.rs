//! What deliveries are handled with.

use shared::{
    Clock, Error, Secret,
    bus::MessageBus,
    clients::Clients,
    config::Vars,
    lambda::Function,
    providers::{facebook, meta::webhook},
    signing::SecretPair,
    store::Directory,
};

use crate::counting::Counting;

/// One instance of the function. Without `META_VERIFY_TOKEN` it is switched off.
pub(crate) struct MetaWebhooks {
    pub(crate) switched_on: Option<Webhooks>,
    pub(crate) counting: Counting,
}

/// What it takes to be switched on.
pub(crate) struct Webhooks {
    pub(crate) verify_token: Secret,
    pub(crate) app_id: String,
    pub(crate) secrets: SecretPair,
    pub(crate) directory: Directory,
    pub(crate) bus: MessageBus,
    pub(crate) clock: Clock,
}

impl Function for MetaWebhooks {
    const NAME: &'static str = "meta-webhooks";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let switched_on = match webhook::verify_token(vars)? {
            Some(verify_token) => Some(Webhooks::configure(verify_token, vars, clients)?),
            None => None,
        };
        Ok(Self { switched_on, counting: Counting::default() })
    }

    async fn warm_up(&self) {
        if let Some(webhooks) = &self.switched_on {
            webhooks.directory.warm_up().await;
        }
    }
}

impl Webhooks {
    fn configure(verify_token: Secret, vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        Ok(Self {
            verify_token,
            app_id: facebook::app_id(vars)?,
            secrets: facebook::app_secrets(vars)?,
            directory: Directory::from_vars(vars, clients, clock.clone())?,
            bus: MessageBus::from_vars(vars, clients)?,
            clock,
        })
    }
}
