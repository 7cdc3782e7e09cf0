//! What deliveries are handled with.

use shared::{
    Clock, Error, Secret,
    bus::MessageBus,
    clients::Clients,
    config::Vars,
    http::Http,
    lambda::Function,
    providers::{
        facebook,
        meta::webhook::{self, Recipient},
        whatsapp,
    },
    store::{Directory, Tables},
};

/// One instance of the function.
pub(crate) struct MetaWebhooks {
    /// Without `META_VERIFY_TOKEN` it is switched off, and needs no bus.
    pub(crate) switched_on: Option<SwitchedOn>,
    pub(crate) app_id: String,
    /// Whose deliveries are taken.
    pub(crate) recipients: Vec<Recipient>,
    /// None where WhatsApp is off.
    pub(crate) numbers: Option<Numbers>,
    pub(crate) directory: Directory,
    pub(crate) clock: Clock,
}

/// What it takes to be switched on.
pub(crate) struct SwitchedOn {
    pub(crate) verify_token: Secret,
    pub(crate) bus: MessageBus,
}

/// What it takes to end links of numbers.
pub(crate) struct Numbers {
    pub(crate) tables: Tables,
    pub(crate) whatsapp: whatsapp::Revocation,
    pub(crate) http: Http,
}

impl Numbers {
    fn from_vars(vars: &Vars, clients: &Clients, clock: &Clock) -> Result<Option<Self>, Error> {
        if !whatsapp::is_on(vars)? {
            return Ok(None);
        }
        Ok(Some(Self {
            tables: Tables::without_sessions(vars, clients, clock.clone())?,
            whatsapp: whatsapp::Revocation::from_vars(vars, clock.clone())?,
            http: clients.http()?,
        }))
    }
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
        // Where nothing is delivered there is nothing to end.
        let numbers = if switched_on.is_some() { Numbers::from_vars(vars, clients, &clock)? } else { None };
        Ok(Self {
            switched_on,
            numbers,
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
