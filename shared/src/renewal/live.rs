//! A renewal with the real tables and the real Shopify.

use std::{sync::OnceLock, time::Duration};

use crate::http::{Http, Outbound};
use crate::providers::shopify::{Refusal, ShopDomain, token};
use crate::store::leases::{Lease, LeaseAnswer};
use crate::store::{Sessions, Tables};
use crate::{Clock, Error, calls::count, providers::shopify, store::records::OpenShop};

use super::{Backend, LEASE, NEEDED};

const FIRST_PAUSE: Duration = Duration::from_millis(40);
const LONGEST_PAUSE: Duration = Duration::from_millis(320);

/// The parts of one invocation.
#[derive(Debug)]
pub struct Live<'a> {
    sessions: &'a Sessions,
    tables: &'a Tables,
    app: &'a shopify::App,
    http: &'a Http,
    clock: &'a Clock,
    outbound: OnceLock<Outbound>,
}

impl<'a> Live<'a> {
    /// Opens no connection yet.
    #[must_use]
    pub fn new(sessions: &'a Sessions, tables: &'a Tables, app: &'a shopify::App, http: &'a Http, clock: &'a Clock) -> Self {
        Self { sessions, tables, app, http, clock, outbound: OnceLock::new() }
    }

    /// This invocation's connections to Shopify, opened when first needed.
    ///
    /// # Errors
    /// `misconfigured` when the client can't be set up.
    pub fn outbound(&self) -> Result<&Outbound, Error> {
        match self.outbound.get() {
            Some(outbound) => Ok(outbound),
            None => {
                let made = self.http.outbound()?;
                Ok(self.outbound.get_or_init(|| made))
            }
        }
    }
}

impl Backend for Live<'_> {
    type Lease = Lease;

    fn now_millis(&self) -> u64 {
        self.clock.now_millis()
    }

    async fn pause(&self, tries: u32) {
        tokio::time::sleep(FIRST_PAUSE.saturating_mul(1 << tries.min(8)).min(LONGEST_PAUSE)).await;
    }

    async fn lease(&self, shop: &str, since: u64) -> Result<LeaseAnswer<Lease>, Error> {
        self.sessions.lease(&shopify::PLATFORM, shop, LEASE, since).await
    }

    fn lasts(&self, lease: &Lease) -> bool {
        self.sessions.lasts(lease, NEEDED)
    }

    async fn release(&self, lease: &Lease, failure: Option<&str>) {
        self.sessions.release(lease, failure).await;
    }

    async fn load(&self, record: &OpenShop) -> Result<Option<OpenShop>, Error> {
        self.tables.shop(record.user_uuid).await
    }

    /// Obtains the next pair with the refresh token; a non-expiring token is exchanged for a pair.
    async fn ask(&self, record: &OpenShop) -> Result<token::Tokens, Refusal> {
        let (Ok(shop), Ok(outbound)) = (ShopDomain::parse(&record.shop), self.outbound()) else {
            return Err(Refusal::Passing("misconfigured"));
        };
        let now = self.clock.now();
        let answer = match (&record.refresh_token, &record.access_token, record.access_expires_at) {
            (Some(refresh_token), _, _) => token::refresh(self.app, outbound, &shop, refresh_token, now).await,
            (None, Some(access_token), None) => token::migrate(self.app, outbound, &shop, access_token, now).await,
            _ => Err(Refusal::Dead("no_refresh_token")),
        };
        if answer.as_ref().is_err_and(|refusal| !matches!(refusal, Refusal::Dead(_))) {
            count(shopify::PLATFORM.metrics.refresh_failed, 1);
        }
        answer
    }

    async fn save(&self, lease: &Lease, record: &OpenShop, tokens: &token::Tokens) -> Result<Option<OpenShop>, Error> {
        let saved = self.tables.save_renewed(lease, record, tokens, &self.app.scopes).await;
        match &saved {
            Ok(Some(_)) => count(shopify::PLATFORM.metrics.refreshed, 1),
            // Another's pair counts.
            Ok(None) => {}
            Err(_) => count(shopify::PLATFORM.metrics.refresh_failed, 1),
        }
        saved
    }

    async fn condemn(&self, lease: &Lease, record: &OpenShop, reason: &str) -> Result<bool, Error> {
        self.tables.condemn_shop(record, reason, Some(lease)).await
    }
}
