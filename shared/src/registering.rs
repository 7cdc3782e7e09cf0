//! Registers an account so that its messages arrive: the only way to ask the platform for it, for
//! all callers.

use crate::Secret;
use crate::facts::{Messaging, Unready};
use crate::http::Outbound;
use crate::providers::grantor::{Receiver, Revoker};
use crate::store::Tables;

/// Registers an account once, with the PIN that its merchant has `given` or with the stored one.
/// The try is counted and the PIN stored before the platform is asked.
///
/// # Errors
/// Why it is not registered; `rate_limited`, without a call, if there were too many tries.
pub async fn register(
    tables: &Tables,
    revoker: &dyn Revoker,
    outbound: &Outbound,
    account: Receiver<'_>,
    given: Option<&Secret>,
) -> Messaging {
    match tables.count_registering(account.id, given).await {
        Ok(Some(pin)) => revoker.register(outbound, account, &pin).await,
        Ok(None) => Err(Unready::RateLimited),
        Err(error) => {
            tracing::warn!(cause = error.cause, "not registered");
            Err(Unready::NotChecked)
        }
    }
}
