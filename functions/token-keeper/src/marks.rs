//! Once after an update, marks everything that names a person, so that the index finds it.
//!
//! People who asked for deletion are waiting for this to finish. So every run begins with one part,
//! no matter how much is due, and goes on with the others when everything else is done.

use shared::Error;
use tokio::time::Instant;

use crate::keeper::TokenKeeper;

/// Scans up to this many parts, until all are done or time is up; returns whether there is more.
///
/// # Errors
/// `storage_unavailable`; finished parts stay finished.
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
