//! What Meta says of accounts by itself. A word that ends a link is checked first, since it may be
//! late; where Meta does not answer in time, the keeper asks.

use futures_util::{StreamExt as _, future::join, stream};
use shared::{
    Error,
    http::Outbound,
    providers::{
        grantor::Revoker as _,
        meta::webhook::Delivery,
        news::Removal,
        whatsapp::{
            self,
            updates::{self, Updates},
        },
    },
    removing::{Settled, settle},
};
use tokio::time::Instant;

use crate::meta_webhooks::{MetaWebhooks, Numbers};

/// Words about which something is done at the same time.
const AT_ONCE: usize = 16;

/// Does what follows from each word of a delivery. Meta is asked nothing after `until`.
///
/// # Errors
/// `storage_unavailable` when not everything is done, or left to the keeper.
pub(crate) async fn all(webhooks: &MetaWebhooks, delivery: &Delivery<'_>, until: Instant) -> Result<(), Error> {
    let Some(numbers) = &webhooks.numbers else { return Ok(()) };
    let Updates { removals, news } = updates::read(delivery, numbers.whatsapp.app_id(), webhooks.clock.now_millis());
    if removals.is_empty() && news.is_empty() {
        return Ok(());
    }
    let outbound = numbers.http.outbound()?;
    let ending: Vec<_> = removals.iter().map(|removal| end(numbers, &outbound, removal, until)).collect();
    let noting: Vec<_> = news.iter().map(|news| numbers.tables.take_news(news, numbers.whatsapp.app_id())).collect();
    let ended = stream::iter(ending).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    let noted = stream::iter(noting).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    let (ended, noted) = join(ended, noted).await;
    // One that failed keeps none of the others.
    ended.into_iter().chain(noted).collect()
}

async fn end(numbers: &Numbers, outbound: &Outbound, removal: &Removal, until: Instant) -> Result<(), Error> {
    let Numbers { tables, whatsapp, .. } = numbers;
    match settle(tables, whatsapp, outbound, removal, until).await? {
        Settled::Done => Ok(()),
        Settled::Open => tables.doubt_accounts(removal, &whatsapp::PLATFORM, whatsapp.app_id()).await,
    }
}
