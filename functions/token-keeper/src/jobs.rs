//! Work left to do once a link is gone.

use shared::{
    Error,
    http::CALL_TIMEOUT,
    providers::{grantor::Ended, news::Removal},
    removing::{Settled, settle},
    store::jobs::{FoundJob, Revoke, Unsubscribe},
};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{grants::Grants, keeper::TokenKeeper, outcome::Outcome};

const DAY: u64 = 24 * 3600;
/// How soon to look again at a job that waits for another.
const MINUTES: u64 = 10 * 60;

/// Carries a job out, unless it is no longer wanted.
///
/// # Errors
/// `storage_unavailable`; then the job is still there.
pub(crate) async fn carry_out(keeper: &TokenKeeper, grants: &Grants<'_>, id: Uuid, kind: &str) -> Result<Outcome, Error> {
    match keeper.tables.load_job(id, kind).await? {
        Some(FoundJob::Unsubscribe(job)) => end_delivery(keeper, grants, id, &job).await,
        Some(FoundJob::Revoke(job)) => end_grant(keeper, grants, id, &job).await,
        Some(FoundJob::Doubt(removal)) => settle_doubt(keeper, grants, (id, kind), &removal).await,
        Some(FoundJob::Over) => over(keeper, id, kind).await,
        None => Ok(Outcome::default()),
    }
}

/// Ends delivery of an account's messages with the account's own token, of which this is the last
/// copy.
async fn end_delivery(keeper: &TokenKeeper, grants: &Grants<'_>, id: Uuid, job: &Unsubscribe) -> Result<Outcome, Error> {
    if job.app_id != grants.grantor.app_id() {
        return Ok(Outcome::of_another_app(grants.platform().name));
    }
    let (kind, context) = (job.account.kind().job, grants.context()?);
    // Right before the call: someone may have connected the account since, and needs its messages.
    if keeper.tables.is_held(job).await? {
        return over(keeper, id, kind).await;
    }
    ended(keeper, id, kind, grants.grantor.end_delivery(&context.outbound, job.receiver()).await).await
}

/// Revokes a grant on which nothing rests any more.
async fn end_grant(keeper: &TokenKeeper, grants: &Grants<'_>, id: Uuid, job: &Revoke) -> Result<Outcome, Error> {
    if job.app_id != grants.grantor.app_id() {
        return Ok(Outcome::of_another_app(grants.platform().name));
    }
    let kind = job.grant.kind().job;
    if let Some((after, kind_of_after)) = job.after
        && keeper.tables.has_job(after, kind_of_after).await?
    {
        keeper.tables.postpone_job(id, kind, keeper.clock.now().saturating_add(MINUTES)).await?;
        return Ok(Outcome::default());
    }
    let context = grants.context()?;
    // Right before the call: someone may have connected an account since, and its token would die
    // with the grant.
    if keeper.tables.grant_is_used(&job.grant).await? {
        return over(keeper, id, kind).await;
    }
    ended(keeper, id, kind, grants.grantor.revoke(&context.outbound, &job.token).await).await
}

/// Asks about accounts that their platform reported as ended without answering us then. Its report
/// and its answer together make the circuit breaker unnecessary.
async fn settle_doubt(keeper: &TokenKeeper, grants: &Grants<'_>, (id, kind): (Uuid, &str), removal: &Removal) -> Result<Outcome, Error> {
    let (context, until) = (grants.context()?, Instant::now() + CALL_TIMEOUT);
    match settle(&keeper.tables, grants.grantor, &context.outbound, removal, until).await? {
        Settled::Done => over(keeper, id, kind).await,
        Settled::Open => Ok(Outcome::failed()),
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
