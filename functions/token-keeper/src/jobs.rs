//! What is left to do once a link is gone.

use shared::{
    Error,
    providers::facebook::{
        PLATFORM,
        subscriptions::{Unsubscribed, unsubscribe},
    },
    store::jobs::{FoundJob, UNSUBSCRIBE},
};
use uuid::Uuid;

use crate::{TokenKeeper, outcome::Outcome, people::People};

const DAY: u64 = 24 * 3600;

/// Carries a job out, unless it is not wanted any more.
///
/// # Errors
/// `storage_unavailable`; the job is still there then.
pub(crate) async fn carry_out(keeper: &TokenKeeper, people: &People<'_>, id: Uuid, kind: &str) -> Result<Outcome, Error> {
    match kind {
        UNSUBSCRIBE => end_subscription(keeper, people, id).await,
        // Of another version of this service.
        _ => Ok(Outcome::default()),
    }
}

/// Ends a Page's subscription with the Page's own token, which nothing else keeps any more.
async fn end_subscription(keeper: &TokenKeeper, people: &People<'_>, id: Uuid) -> Result<Outcome, Error> {
    let over = || keeper.connections.end_job(id, UNSUBSCRIBE);
    let job = match keeper.connections.load_unsubscribe(id).await? {
        None => return Ok(Outcome::default()),
        Some(FoundJob::Over) => {
            over().await?;
            return Ok(Outcome::default());
        }
        Some(FoundJob::Open(job)) => job,
    };
    if job.app_id != keeper.facebook.app_id {
        tracing::warn!(platform = PLATFORM.name, "a token that another app was given is left alone");
        return Ok(Outcome::default());
    }
    let provider = people.provider()?;
    // Right before the call: somebody may have connected the Page since, and wants to hear from it.
    if keeper.connections.is_held(&job.page_id).await? {
        over().await?;
        return Ok(Outcome::default());
    }
    match unsubscribe(&keeper.graph, provider, &job.page_id, &job.token).await {
        Unsubscribed::Over => {
            over().await?;
            Ok(Outcome::default())
        }
        Unsubscribed::Later => Ok(Outcome { failed: 1, ..Outcome::default() }),
        Unsubscribed::Throttled => Ok(Outcome { failed: 1, stop: true, ..Outcome::default() }),
        Unsubscribed::Refused => {
            keeper.connections.postpone_job(id, UNSUBSCRIBE, keeper.clock.now().saturating_add(DAY)).await?;
            Ok(Outcome { failed: 1, ..Outcome::default() })
        }
    }
}
