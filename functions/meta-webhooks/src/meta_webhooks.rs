//! What deliveries are handled with.

use shared::{
    Clock, Error, Secret,
    bus::MessageBus,
    clients::Clients,
    config::Vars,
    http::Http,
    lambda::Function,
    providers::{
        inboxes,
        meta::webhook::{self, Inbox, Reported},
        reported,
    },
    store::{Directory, Tables},
};

/// One instance of the function.
pub(crate) struct MetaWebhooks {
    /// Without `META_VERIFY_TOKEN` it is switched off, and needs no bus.
    pub(crate) switched_on: Option<SwitchedOn>,
    /// Whose deliveries are taken.
    pub(crate) inboxes: Vec<Inbox>,
    /// None if Meta reports no ended links.
    pub(crate) ending: Option<Ending>,
    pub(crate) directory: Directory,
    pub(crate) clock: Clock,
}

/// What it takes to be switched on.
pub(crate) struct SwitchedOn {
    pub(crate) verify_token: Secret,
    pub(crate) bus: MessageBus,
}

/// What it takes to end links.
pub(crate) struct Ending {
    pub(crate) tables: Tables,
    pub(crate) reported: Vec<Reported>,
    pub(crate) http: Http,
}

impl Ending {
    fn from_vars(vars: &Vars, clients: &Clients, clock: &Clock) -> Result<Option<Self>, Error> {
        let reported = reported(vars, clock)?;
        if reported.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self { tables: Tables::without_sessions(vars, clients, clock.clone())?, reported, http: clients.http()? }))
    }
}

impl Function for MetaWebhooks {
    const NAME: &'static str = "meta-webhooks";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let (inboxes, clock) = (inboxes(vars)?, Clock::system());
        let switched_on = match webhook::verify_token(vars)? {
            Some(verify_token) => Some(SwitchedOn { verify_token, bus: MessageBus::from_vars(vars, clients)? }),
            None => None,
        };
        // Where nothing is delivered there is nothing to end.
        let ending = if switched_on.is_some() { Ending::from_vars(vars, clients, &clock)? } else { None };
        Ok(Self { switched_on, inboxes, ending, directory: Directory::from_vars(vars, clients, clock.clone())?, clock })
    }

    async fn warm_up(&self) {
        self.directory.warm_up().await;
    }
}
