//! Asks Shopify about stores.

use shared::{
    lambda,
    providers::shopify::{
        self, Refusal, ShopDomain,
        admin::{Admin, Identity},
    },
    renewal::Live,
    store::records::OpenShop,
};
use tokio::time::Instant;

use crate::{keeper::TokenKeeper, outcome::Outcome};

pub(super) const DAY: u64 = 24 * 3600;

/// The half of the run that talks to Shopify.
pub(crate) struct Stores<'a> {
    pub(super) keeper: &'a TokenKeeper,
    pub(super) backend: Live<'a>,
    /// The end of the run.
    pub(super) deadline: Instant,
}

impl<'a> Stores<'a> {
    pub(crate) fn new(keeper: &'a TokenKeeper, deadline: Instant) -> Self {
        let backend = Live::new(&keeper.sessions, &keeper.tables, &keeper.shopify, &keeper.http, &keeper.clock);
        Self { keeper, backend, deadline }
    }

    /// Which shop it is, according to Shopify, asked with the stored token.
    pub(super) async fn ask(&self, store: &OpenShop) -> Result<Identity, Refusal> {
        let (Some(token), Ok(shop), Ok(outbound)) = (&store.access_token, ShopDomain::parse(&store.shop), self.backend.outbound()) else {
            return Err(Refusal::Passing("misconfigured"));
        };
        let Self { keeper, .. } = self;
        Admin { app: &keeper.shopify, version: &keeper.shopify_version, outbound, shop: &shop, access_token: token }.identify().await
    }

    /// Shopify refuses our own credentials, which says nothing about the store.
    pub(super) fn credentials_refused(&self) -> Outcome {
        lambda::credentials_refused(shopify::PLATFORM.name);
        Outcome::not_tried()
    }
}
