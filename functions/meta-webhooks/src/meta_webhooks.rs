//! What deliveries are handled with.

use shared::{
    Clock, Error, Secret,
    bus::MessageBus,
    clients::Clients,
    config::Vars,
    lambda::Function,
    providers::{
        facebook,
        meta::webhook::{self, Recipient},
        whatsapp,
    },
    store::Directory,
};

/// One instance of the function.
pub(crate) struct MetaWebhooks {
    /// Without `META_VERIFY_TOKEN` it is switched off, and needs no bus.
    pub(crate) switched_on: Option<SwitchedOn>,
    pub(crate) app_id: String,
    /// Whose deliveries are taken.
    pub(crate) recipients: Vec<Recipient>,
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
        let app_id = facebook::app_id(vars)?;
        let of_pages = Recipient { platform: &facebook::PLATFORM, app_id: app_id.clone(), secrets: facebook::app_secrets(vars)? };
        let of_numbers = match whatsapp::is_on(vars)? {
            true => {
                Some(Recipient { platform: &whatsapp::PLATFORM, app_id: whatsapp::app_id(vars)?, secrets: whatsapp::app_secrets(vars)? })
            }
            false => None,
        };
        Ok(Self {
            switched_on,
            app_id,
            recipients: [of_pages].into_iter().chain(of_numbers).collect(),
            directory: Directory::from_vars(vars, clients, clock.clone())?,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.directory.warm_up().await;
    }
}
