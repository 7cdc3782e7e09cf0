//! Once after an update: whatever names a person is marked, so that the index finds it.
//!
//! Who asked to be forgotten waits for the end of it, so every run begins with a part, however much
//! is due, and goes on with the others when all else is done.

use shared::Error;
use tokio::time::Instant;

use crate::keeper::TokenKeeper;

/// Walks over so many parts, until all is done or the time is up; whether there is more.
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
