//! What Meta says of accounts by itself. A word that ends a link is checked first, since it may be
//! late; where Meta does not answer in time, the keeper asks.

use futures_util::{StreamExt as _, future::join, stream};
use shared::{
    Error,
    http::Outbound,
    providers::{grantor::Revoker, meta::webhook::Delivery, news::Removal},
    removing::{Settled, settle},
    store::Tables,
};
use tokio::time::Instant;

use crate::meta_webhooks::{Ending, MetaWebhooks};

/// Words about which something is done at the same time.
const AT_ONCE: usize = 16;

/// Does what follows from each word of a delivery. Meta is asked nothing after `until`.
///
/// # Errors
/// `storage_unavailable` when not everything is done, or left to the keeper.
pub(crate) async fn all(webhooks: &MetaWebhooks, delivery: &Delivery<'_>, until: Instant) -> Result<(), Error> {
    let Some(Ending { tables, reported, http }) = &webhooks.ending else { return Ok(()) };
    let now = webhooks.clock.now_millis();
    let said: Vec<_> = reported.iter().map(|of| (&*of.revoker, (of.updates)(delivery, of.revoker.app_id(), now))).collect();
    if said.iter().all(|(_, updates)| updates.is_nothing()) {
        return Ok(());
    }
    let outbound = http.outbound()?;
    let removals = said.iter().flat_map(|(revoker, updates)| updates.removals.iter().map(|removal| (*revoker, removal)));
    let ending: Vec<_> = removals.map(|(revoker, removal)| end(tables, revoker, &outbound, removal, until)).collect();
    let news = said.iter().flat_map(|(revoker, updates)| updates.news.iter().map(|news| (revoker.app_id(), news)));
    let noting: Vec<_> = news.map(|(app_id, news)| tables.take_news(news, app_id)).collect();
    let ended = stream::iter(ending).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    let noted = stream::iter(noting).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    let (ended, noted) = join(ended, noted).await;
    // One that failed keeps none of the others.
    ended.into_iter().chain(noted).collect()
}

async fn end(tables: &Tables, revoker: &dyn Revoker, outbound: &Outbound, removal: &Removal, until: Instant) -> Result<(), Error> {
    match settle(tables, revoker, outbound, removal, until).await? {
        Settled::Done => Ok(()),
        Settled::Open => tables.doubt_accounts(removal, revoker.platform(), revoker.app_id()).await,
    }
}
