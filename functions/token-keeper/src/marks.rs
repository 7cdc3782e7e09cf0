//! Once after an update: whatever names a person is marked, so that the index finds it.

use shared::Error;
use tokio::time::Instant;

use crate::TokenKeeper;

/// Goes on with it until all is done or the time is up.
///
/// # Errors
/// `storage_unavailable`; what was done stays done.
pub(crate) async fn everything(keeper: &TokenKeeper, until: Instant) -> Result<(), Error> {
    let connections = &keeper.connections;
    let mut next = connections.marking().await?;
    let mut marked = 0;
    while let Some(from) = next.filter(|_| Instant::now() < until) {
        let (found, rest) = connections.mark_next(from).await?;
        marked += found;
        next = rest;
    }
    if marked > 0 {
        tracing::info!(pages = marked, "marked with the person who granted them");
    }
    Ok(())
}
