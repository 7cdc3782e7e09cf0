//! After a key change: reseals everything, due or not, in parts over several runs if needed.

use futures_util::{StreamExt as _, stream};
use shared::{Error, lambda};
use tokio::time::Instant;

use crate::keeper::TokenKeeper;

/// Records of each shard read in one request.
const AT_ONCE: i32 = 16;
/// Records sealed concurrently.
const CONCURRENCY: usize = 16;

/// Resumes until everything is done or time is up; returns how many records were resealed.
///
/// # Errors
/// `storage_unavailable`; resealed records stay resealed.
pub(crate) async fn everything(keeper: &TokenKeeper, until: Instant) -> Result<u64, Error> {
    let tables = &keeper.tables;
    let Some(mut walk) = tables.resealing().await? else { return Ok(0) };
    let mut resealed = 0;
    while Instant::now() < until {
        let found = tables.next_to_reseal(&mut walk, AT_ONCE).await?;
        let outcomes = stream::iter(found).map(|key| async move { tables.reseal(&key).await });
        let outcomes: Vec<Result<bool, Error>> = outcomes.buffer_unordered(CONCURRENCY).collect().await;
        resealed += outcomes.into_iter().map(|outcome| u64::from(outcome.unwrap_or_else(left))).sum::<u64>();
        tables.note_resealing(&walk).await?;
        if walk.is_over() {
            break;
        }
    }
    Ok(resealed)
}

/// The record keeps its key until it is next maintained.
fn left(error: Error) -> bool {
    tracing::warn!(code = error.code.as_str(), cause = error.cause, "record not sealed anew");
    if error.credentials_refused {
        lambda::doubt_secrets();
    }
    false
}
