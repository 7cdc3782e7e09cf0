//! WhatsApp behind the platform-neutral interface.

use serde_json::Value;

use crate::facts::{Messaging, Unready};
use crate::http::Outbound;
use crate::platform::{AccountId, CompanionId, Platform};
use crate::providers::grantor::{
    CallContext, Delivery, Ended, GrantToken, Grantor, Pending, Reach, Receiver, Revoker, Revoking, Standing, Trouble,
};
use crate::providers::load::Load;
use crate::providers::meta::{Graph, debug_token, end_as, exchange};
use crate::providers::registration::Registration;
use crate::{Clock, Error, Secret, UnixSeconds, Vars};

use super::numbers::{self, NumberReply, NumberState};
use super::{MESSAGING, PHONE, PLATFORM, account, register, subscriptions};

/// On the list.
pub static REGISTRATION: Registration = Registration {
    account: &PHONE,
    is_on: super::is_on,
    grantor: |vars, clock| Ok(Box::new(WhatsApp::from_vars(vars, clock)?)),
    revoker: |vars, clock| Ok(Box::new(Revocation::from_vars(vars, clock)?)),
    credentials: super::credentials,
};

/// WhatsApp, for functions that only end or register things.
#[derive(Clone, Debug)]
pub struct Revocation(Graph);

/// WhatsApp, with what maintaining its numbers requires.
#[derive(Clone, Debug)]
pub struct WhatsApp {
    revocation: Revocation,
    /// What a number requires: a configuration may request more, and nothing here depends on that.
    scopes: Vec<String>,
}

impl Revocation {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clock: Clock) -> Result<Self, Error> {
        super::graph(vars, clock).map(Self)
    }

    /// For this app.
    #[must_use]
    pub const fn of(graph: Graph) -> Self {
        Self(graph)
    }
}

impl WhatsApp {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clock: Clock) -> Result<Self, Error> {
        Ok(Self { revocation: Revocation::from_vars(vars, clock)?, scopes: vec![MESSAGING.to_owned()] })
    }

    const fn graph(&self) -> &Graph {
        &self.revocation.0
    }

    /// Whether a number is registered and its account subscribed to. What it takes to register the
    /// number is unknown here.
    async fn messaging(&self, context: &CallContext, number: Receiver<'_>) -> Messaging {
        let (graph, outbound, load) = (self.graph(), &context.outbound, &context.load);
        match state(graph, outbound, number, load).await? {
            NumberState::Connected => {}
            NumberState::Unregistered { has_pin: Some(true) } => return Err(Unready::PinRequired),
            NumberState::Unregistered { .. } => return Err(Unready::NotRegistered),
            NumberState::Refused(unready) => return Err(unready),
        }
        let Some(waba) = number.companion else { return Err(Unready::NotChecked) };
        subscriptions::ensure_subscribed(graph, outbound, waba, number.token, load).await
    }
}

/// The current state of a number.
async fn state(graph: &Graph, outbound: &Outbound, number: Receiver<'_>, load: &Load) -> Result<NumberState, Unready> {
    let request = graph.get(outbound, number.id.as_str(), number.token).query(&[("fields", numbers::FIELDS)]);
    let answer = subscriptions::asked(graph, outbound, "phone_number", request, load).await?;
    answer.json::<NumberReply>().map(|number| number.state()).ok_or(Unready::NotChecked)
}

impl Revoker for Revocation {
    fn platform(&self) -> &'static Platform {
        &PLATFORM
    }

    fn app_id(&self) -> &str {
        &self.0.app.id
    }

    /// The account's subscription covers all its numbers.
    fn end_delivery<'a>(&'a self, outbound: &'a Outbound, account: Receiver<'a>) -> Pending<'a, Ended> {
        Box::pin(async move {
            match account.companion {
                Some(waba) => subscriptions::unsubscribe(&self.0, outbound, waba, account.token).await,
                None => Ended::Impossible,
            }
        })
    }

    fn register<'a>(&'a self, outbound: &'a Outbound, account: Receiver<'a>, pin: &'a Secret) -> Pending<'a, Messaging> {
        Box::pin(register::register(&self.0, outbound, account, pin))
    }

    fn reach<'a>(&'a self, outbound: &'a Outbound, companion: &'a CompanionId, token: &'a Secret) -> Pending<'a, Reach> {
        Box::pin(account::reach(&self.0, outbound, companion, token))
    }

    /// `oauth/revoke`, which revokes system users' tokens; its answer has a string for true.
    fn revoke<'a>(&'a self, outbound: &'a Outbound, token: &'a Secret) -> Pending<'a, Ended> {
        Box::pin(async move {
            let (id, secret) = (self.0.app.id.as_str(), self.0.app.secrets.current.expose());
            let form = [("client_id", id), ("client_secret", secret), ("revoke_token", token.expose()), ("access_token", token.expose())];
            let request = self.0.post(outbound, "oauth/revoke", token, &form);
            let is_done = |said: &Value| said["success"] == true || said["success"] == "true";
            end_as(&self.0, "revoke", request, is_done).await
        })
    }
}

impl Revoking for WhatsApp {
    fn revocation(&self) -> &dyn Revoker {
        &self.revocation
    }
}

impl Grantor for WhatsApp {
    fn scopes(&self) -> &[String] {
        &self.scopes
    }

    fn check<'a>(&'a self, context: &'a CallContext, token: &'a Secret) -> Pending<'a, Result<Standing, Trouble>> {
        Box::pin(debug_token::check(self.graph(), &context.outbound, token, &context.load))
    }

    fn may_pass(&self, reason: &str) -> bool {
        debug_token::may_pass(reason)
    }

    fn renew<'a>(&'a self, context: &'a CallContext, token: &'a Secret, now: UnixSeconds) -> Pending<'a, Result<GrantToken, Trouble>> {
        Box::pin(exchange::renew_for_60_days(self.graph(), &context.outbound, token, now))
    }

    /// Numbers have no tokens of their own.
    fn derive<'a>(
        &'a self,
        _context: &'a CallContext,
        _token: &'a Secret,
        _held: &'a [AccountId],
    ) -> Pending<'a, Result<Vec<(AccountId, Secret)>, Trouble>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn listen<'a>(&'a self, _context: &'a CallContext) -> Pending<'a, ()> {
        Box::pin(async {})
    }

    fn ensure_delivery<'a>(&'a self, context: &'a CallContext, account: Receiver<'a>) -> Pending<'a, Delivery> {
        Box::pin(async move { Delivery { messaging: self.messaging(context, account).await, thread_routing: None } })
    }
}
