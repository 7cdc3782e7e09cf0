//! Once after an update: marks everything that names a person, so that the index finds it.
//!
//! Deletion requests wait for this, so every run starts with one part, however much is due, and
//! does the others when everything else is done.

use shared::Error;
use tokio::time::Instant;

use crate::keeper::TokenKeeper;

/// Walks over up to `most` parts, until all is done or time is up; returns whether there is more.
///
/// # Errors
/// `storage_unavailable`; what was done stays done.
pub(crate) async fn parts(keeper: &TokenKeeper, most: usize, until: Instant) -> Result<bool, Error> {
    let tables = &keeper.tables;
    let mut next = tables.marking().await?;
    for _ in 0..most {
        let Some(from) = next.filter(|_| Instant::now() < until) else { break };
        let (pages, rest) = tables.mark_next(from, until).await?;
        if pages > 0 {
            tracing::info!(pages, "marked with the person who granted them");
        }
        next = rest;
    }
    Ok(next.is_some())
}
