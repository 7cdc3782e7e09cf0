//! Facebook behind the platform-neutral interface.

use crate::http::Outbound;
use crate::platform::{AccountId, Platform};
use crate::providers::grantor::{
    CallContext, Delivery, Ended, GrantToken, Grantor, Pending, Receiver, Revoker, Revoking, Standing, Trouble, TroubleKind,
};
use crate::providers::meta::{self, Graph, debug_token, exchange};
use crate::providers::registration::Registration;
use crate::{Clock, Code, Error, Secret, UnixSeconds, Vars};

use super::subscriptions::{self, Fields, app_fields, ensure_subscribed};
use super::{PAGE, PLATFORM, pages, routing::thread_routing};

/// On the list, where it is always enabled.
pub static REGISTRATION: Registration = Registration {
    account: &PAGE,
    is_on: |_vars| Ok(true),
    grantor: |vars, clock| Ok(Box::new(Facebook::from_vars(vars, clock)?)),
    revoker: |vars, clock| Ok(Box::new(Revocation::from_vars(vars, clock)?)),
    credentials: super::credentials,
};

/// Facebook, for functions that only end things.
#[derive(Clone, Debug)]
pub struct Revocation(Graph);

/// Facebook, with what maintaining its Pages requires.
#[derive(Clone, Debug)]
pub struct Facebook {
    revocation: Revocation,
    /// Those of `FACEBOOK_SCOPES` that a Page requires.
    scopes: Vec<String>,
    /// Those of all scopes for which access to a person's data ends.
    ending: Vec<String>,
    /// `FACEBOOK_SUBSCRIBED_FIELDS`.
    fields: Fields,
}

impl Revocation {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clock: Clock) -> Result<Self, Error> {
        super::graph(vars, clock).map(Self)
    }
}

impl Facebook {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clock: Clock) -> Result<Self, Error> {
        let scopes = super::scopes::scopes(vars)?;
        Ok(Self {
            revocation: Revocation::from_vars(vars, clock)?,
            scopes: super::scopes::needed(&scopes).cloned().collect(),
            ending: super::scopes::ending(&scopes).cloned().collect(),
            fields: Fields::from_vars(vars)?,
        })
    }

    const fn graph(&self) -> &Graph {
        &self.revocation.0
    }

    async fn derived(&self, context: &CallContext, token: &Secret, held: &[AccountId]) -> Result<Vec<(AccountId, Secret)>, Trouble> {
        let mut found = match pages::list(self.graph(), &context.outbound, token, &[]).await {
            Ok(found) => found,
            Err(error) if matches!(error.code, Code::ProviderError | Code::ProviderTimeout) => {
                return Err(Trouble { kind: TroubleKind::Passing, cause: error.cause.unwrap_or_default() });
            }
            Err(_refused) => pages::Pages::default(),
        };
        found.unreadable.retain(|id| held.contains(id));
        pages::fetch_missing(self.graph(), &context.outbound, token, &[], held, &mut found).await;
        Ok(found.found.into_iter().filter_map(|page| Some((page.id, page.access_token?))).collect())
    }
}

impl Revoker for Revocation {
    fn platform(&self) -> &'static Platform {
        &PLATFORM
    }

    fn app_id(&self) -> &str {
        &self.0.app.id
    }

    fn end_delivery<'a>(&'a self, outbound: &'a Outbound, account: Receiver<'a>) -> Pending<'a, Ended> {
        Box::pin(subscriptions::unsubscribe(&self.0, outbound, account.id, account.token))
    }

    /// Never called for a system user's token (`docs/graph-api/reference/user/permissions`).
    fn revoke<'a>(&'a self, outbound: &'a Outbound, token: &'a Secret) -> Pending<'a, Ended> {
        Box::pin(meta::end(&self.0, "revoke", self.0.delete(outbound, "me/permissions", token)))
    }
}

impl Revoking for Facebook {
    fn revocation(&self) -> &dyn Revoker {
        &self.revocation
    }
}

impl Grantor for Facebook {
    fn scopes(&self) -> &[String] {
        &self.scopes
    }

    fn check<'a>(&'a self, context: &'a CallContext, token: &'a Secret) -> Pending<'a, Result<Standing, Trouble>> {
        Box::pin(debug_token::check(self.graph(), &context.outbound, token, &context.load))
    }

    fn may_pass(&self, reason: &str) -> bool {
        debug_token::may_pass(reason)
    }

    /// A business portfolio's system user is no person, and its token reads no person's data.
    fn has_ending_access(&self, kind: &str, granted: &[String]) -> bool {
        kind != debug_token::SYSTEM_USER && self.ending.iter().any(|scope| granted.contains(scope))
    }

    fn renew<'a>(&'a self, context: &'a CallContext, token: &'a Secret, now: UnixSeconds) -> Pending<'a, Result<GrantToken, Trouble>> {
        Box::pin(exchange::renew(self.graph(), &context.outbound, token, now))
    }

    fn derive<'a>(
        &'a self,
        context: &'a CallContext,
        token: &'a Secret,
        held: &'a [AccountId],
    ) -> Pending<'a, Result<Vec<(AccountId, Secret)>, Trouble>> {
        Box::pin(self.derived(context, token, held))
    }

    fn listen<'a>(&'a self, context: &'a CallContext) -> Pending<'a, ()> {
        Box::pin(async {
            let mut known = context.heard.lock().await;
            if known.is_none() {
                *known = Some(app_fields(self.graph(), &context.outbound, &self.fields).await);
            }
        })
    }

    fn ensure_delivery<'a>(&'a self, context: &'a CallContext, account: Receiver<'a>) -> Pending<'a, Delivery> {
        Box::pin(async move {
            let heard = context.heard.lock().await.clone().flatten();
            let (graph, outbound, load) = (self.graph(), &context.outbound, &context.load);
            let messaging = ensure_subscribed(graph, outbound, account, &self.fields, heard.as_deref(), load);
            let (messaging, thread_routing) = futures_util::future::join(messaging, thread_routing(graph, outbound, account, load)).await;
            Delivery { messaging, thread_routing }
        })
    }
}
