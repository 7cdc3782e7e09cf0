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
        meta::Graph,
        whatsapp::{self, PHONE, Revocation},
    },
};

/// One instance of the function; none if WhatsApp is off.
pub(crate) struct WhatsAppCallback(pub(crate) Option<SwitchedOn>);

/// What it requires.
pub(crate) struct SwitchedOn {
    pub(crate) app: whatsapp::App,
    pub(crate) graph: Graph,
    pub(crate) revocation: Revocation,
    pub(crate) linking: Linking,
    pub(crate) http: Http,
    pub(crate) clock: Clock,
}

impl Function for WhatsAppCallback {
    const NAME: &'static str = "whatsapp-callback";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let Some(app) = whatsapp::App::from_vars(vars)? else { return Ok(Self(None)) };
        let graph = whatsapp::graph(vars, clock.clone())?;
        Ok(Self(Some(SwitchedOn {
            revocation: Revocation::of(graph.clone()),
            graph,
            linking: Linking::from_vars(vars, clients, &clock, &PHONE, app.redirect_uri.is_secure())?,
            http: clients.http()?,
            app,
            clock,
        })))
    }

    async fn warm_up(&self) {
        if let Some(on) = &self.0 {
            on.linking.sessions.warm_up().await;
        }
    }
}
