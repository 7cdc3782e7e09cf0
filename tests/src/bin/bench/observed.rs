//! A world whose functions reach the database and the providers through relays that note when a call is under way.

use std::path::PathBuf;

use e2e::world::World;
use tokio_rustls::TlsAcceptor;

use super::flow::handlers;
use super::front::{Calls, Front};

pub(crate) struct Observed {
    pub(crate) world: World,
    /// Of all its functions.
    pub(crate) calls: Calls,
}

impl Observed {
    /// With the database over TLS when there is a certificate to serve it with, and the file in which to trust it. Providers
    /// are always on http, the only way to reach one that is local.
    pub(crate) async fn start(tls: Option<(TlsAcceptor, PathBuf)>) -> Self {
        let (acceptor, certificate) = tls.unzip();
        let calls = Calls::default();
        let front = async |tls| Front::start(tls, &calls).await.expect("a free port");
        let (database, shopify, facebook) = (front(acceptor).await, front(None).await, front(None).await);
        let mut world = World::builder().env("AWS_ENDPOINT_URL_DYNAMODB", &database.url());
        // The logins call nobody: they send the browser there.
        for caller in handlers().filter(|name| !name.ends_with("-login")) {
            world =
                world.env_of(caller, "SHOPIFY_ENDPOINT_URL", &shopify.url()).env_of(caller, "FACEBOOK_GRAPH_ENDPOINT_URL", &facebook.url());
        }
        if let Some(certificate) = certificate {
            world = world.env("SSL_CERT_FILE", certificate.to_str().expect("a path in UTF-8"));
        }
        let world = world.start().await;
        database.lead_to(&world.database.endpoint());
        shopify.lead_to(&world.shopify.url());
        facebook.lead_to(&world.facebook.url());
        Self { world, calls }
    }
}
