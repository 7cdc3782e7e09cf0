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

/// One instance of the function.
pub(crate) struct MetaWebhooks {
    /// Without `META_VERIFY_TOKEN` it is switched off, and needs no bus.
    pub(crate) switched_on: Option<SwitchedOn>,
    pub(crate) app_id: String,
    pub(crate) secrets: SecretPair,
    pub(crate) directory: Directory,
    pub(crate) clock: Clock,
}

/// What it takes to be switched on.
pub(crate) struct SwitchedOn {
    pub(crate) verify_token: Secret,
    pub(crate) bus: MessageBus,
}

impl Function for MetaWebhooks {
    const NAME: &'static str = "meta-webhooks";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        // Nothing is redirected there, but it says whether replies are on https.
        if vars.optional("FACEBOOK_REDIRECT_URI").is_some() {
            facebook::redirect_uri(vars)?;
        }
        let clock = Clock::system();
        let switched_on = match webhook::verify_token(vars)? {
            Some(verify_token) => Some(SwitchedOn { verify_token, bus: MessageBus::from_vars(vars, clients)? }),
            None => None,
        };
        Ok(Self {
            switched_on,
            app_id: facebook::app_id(vars)?,
            secrets: facebook::app_secrets(vars)?,
            directory: Directory::from_vars(vars, clients, clock.clone())?,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.directory.warm_up().await;
    }
}
