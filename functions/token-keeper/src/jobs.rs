//! What is left to do once a link is gone.

use shared::{
    Error,
    providers::facebook::{
        PLATFORM,
        ending::{Ended, revoke},
        subscriptions::unsubscribe,
    },
    store::jobs::{FoundJob, REVOKE, UNSUBSCRIBE},
};
use uuid::Uuid;

use crate::{grants::Grants, keeper::TokenKeeper, outcome::Outcome};

const DAY: u64 = 24 * 3600;
/// Until a job that waits for another one is looked at again.
const MINUTES: u64 = 10 * 60;

/// Carries a job out, unless it is not wanted any more.
///
/// # Errors
/// `storage_unavailable`; the job is still there then.
pub(crate) async fn carry_out(keeper: &TokenKeeper, grants: &Grants<'_>, id: Uuid, kind: &str) -> Result<Outcome, Error> {
    match kind {
        UNSUBSCRIBE => end_subscription(keeper, grants, id).await,
        REVOKE => end_grant(keeper, grants, id).await,
        // Of another version of this service.
        _ => Ok(Outcome::default()),
    }
}

/// Ends an account's subscription with the account's own token, which nothing else keeps any more.
async fn end_subscription(keeper: &TokenKeeper, grants: &Grants<'_>, id: Uuid) -> Result<Outcome, Error> {
    let Some(job) = open(keeper, id, UNSUBSCRIBE, keeper.tables.load_unsubscribe(id).await?).await? else {
        return Ok(Outcome::default());
    };
    if job.app_id != keeper.facebook.app_id {
        return Ok(Outcome::of_another_app(PLATFORM.name));
    }
    let outbound = grants.outbound()?;
    // Right before the call: somebody may have connected the account since, and wants to hear from it.
    if keeper.tables.is_held(&job.account_id).await? {
        return over(keeper, id, UNSUBSCRIBE).await;
    }
    ended(keeper, id, UNSUBSCRIBE, unsubscribe(&keeper.graph, outbound, &job.account_id, &job.token).await).await
}

/// Takes a grant back, on which nothing rests any more.
async fn end_grant(keeper: &TokenKeeper, grants: &Grants<'_>, id: Uuid) -> Result<Outcome, Error> {
    let Some(job) = open(keeper, id, REVOKE, keeper.tables.load_revoke(id).await?).await? else { return Ok(Outcome::default()) };
    if job.app_id != keeper.facebook.app_id {
        return Ok(Outcome::of_another_app(PLATFORM.name));
    }
    if let Some(after) = job.after
        && keeper.tables.has_job(after, UNSUBSCRIBE).await?
    {
        keeper.tables.postpone_job(id, REVOKE, keeper.clock.now().saturating_add(MINUTES)).await?;
        return Ok(Outcome::default());
    }
    let outbound = grants.outbound()?;
    // Right before the call: the person may have connected an account since, and its token would die with the grant.
    if keeper.tables.grant_is_used(&job.grant_id).await? {
        return over(keeper, id, REVOKE).await;
    }
    ended(keeper, id, REVOKE, revoke(&keeper.graph, outbound, &job.token).await).await
}

/// The job, if there is something to do.
async fn open<J>(keeper: &TokenKeeper, id: Uuid, kind: &str, found: Option<FoundJob<J>>) -> Result<Option<J>, Error> {
    match found {
        None => Ok(None),
        Some(FoundJob::Over) => {
            over(keeper, id, kind).await?;
            Ok(None)
        }
        Some(FoundJob::Open(job)) => Ok(Some(job)),
    }
}

async fn ended(keeper: &TokenKeeper, id: Uuid, kind: &str, ended: Ended) -> Result<Outcome, Error> {
    match ended {
        Ended::Done | Ended::Impossible => over(keeper, id, kind).await,
        Ended::Later => Ok(Outcome::failed()),
        Ended::Throttled => Ok(Outcome::not_tried()),
        Ended::Refused => {
            keeper.tables.postpone_job(id, kind, keeper.clock.now().saturating_add(DAY)).await?;
            Ok(Outcome { failed: 1, ..Outcome::default() })
        }
    }
}

async fn over(keeper: &TokenKeeper, id: Uuid, kind: &str) -> Result<Outcome, Error> {
    keeper.tables.end_job(id, kind).await?;
    Ok(Outcome::default())
}
