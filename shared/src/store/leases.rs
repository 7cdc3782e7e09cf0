//! Leases: who may currently change an account's tokens.
//!
//! A lease is part of the account's item of used states, so that a link, which takes state and
//! lease in one write ([`super::flows`]), and a renewal exclude each other. It has an owner, an
//! end, and a number that grows with every holder. Everything done under it is written in a
//! transaction that requires the same owner ([`Lease::end`]): a holder that was too slow and has
//! lost its lease to another writes nothing.
//!
//! A holder that failed says so when it returns the lease. Those waiting for it take that as their
//! answer instead of asking the provider one after the other.

use std::time::Duration;

use crate::{Error, platform::Platform, random, signing::hex};

use super::{
    Sessions,
    flows::{change, end_lease, flow, take_lease},
    records::attributes::*,
    table::{Answer, Key, Row, Write},
};

/// The right to change an account's tokens.
#[derive(Clone, Debug)]
pub struct Lease {
    key: Key,
    owner: String,
    /// In Unix milliseconds.
    until: u64,
}

/// The answer to a request for a lease.
#[derive(Clone, Debug)]
pub enum LeaseAnswer<L = Lease> {
    /// It is ours.
    Granted(L),
    /// Another holds it.
    Held,
    /// Another held it, and failed recently enough to count.
    Failed(String),
}

impl Sessions {
    /// Requests the lease on an account, for `length`. Another holder's failure counts from `since`
    /// (Unix milliseconds) on.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn lease(&self, platform: &'static Platform, account: &str, length: Duration, since: u64) -> Result<LeaseAnswer, Error> {
        let now = self.clock.now_millis();
        let until = now.saturating_add(u64::try_from(length.as_millis()).unwrap_or_default());
        let lease = Lease { key: flow(platform, account), owner: hex(&random::bytes::<16>()?), until };
        let take = change(&lease.key, platform, now / 1000).when(FAILED_AT.absent().or(FAILED_AT.below(since))).returning_old();
        let take = take_lease(take, &lease.owner, now, until);
        match self.database.write_one("dynamodb.lease", take).await {
            Ok(Answer::Written(_)) => Ok(LeaseAnswer::Granted(lease)),
            Ok(Answer::Refused(found)) => {
                let failed = found.filter(|found| found.get(&FAILED_AT).is_some_and(|at| at >= since));
                let failure = |failed: Row| failed.text(&FAILURE).unwrap_or("provider_error").to_owned();
                Ok(failed.map_or(LeaseAnswer::Held, |failed| LeaseAnswer::Failed(failure(failed))))
            }
            Err(failure) => {
                // An unanswered write may have succeeded, and must not keep others waiting.
                if !failure.is_answered {
                    self.release(&lease, None).await;
                }
                Err(failure.into())
            }
        }
    }

    /// Whether the lease lasts for at least `needed`. Check this right before sending a token: if
    /// the lease ended during the call, another could store a pair that the answer then retires.
    #[must_use]
    pub fn lasts(&self, lease: &Lease, needed: Duration) -> bool {
        u128::from(lease.until.saturating_sub(self.clock.now_millis())) >= needed.as_millis()
    }

    /// Returns the lease, with the failure of the work, if any. Best effort: an unreturned lease
    /// runs out.
    pub async fn release(&self, lease: &Lease, failure: Option<&str>) {
        let failed_at = failure.map(|_| self.clock.now_millis());
        let release = lease.end().set_some(&FAILED_AT, failed_at).set_some(&FAILURE, failure);
        // An expired lease may belong to another by now, and stays with it.
        if let Err(failure) = self.database.write_one("dynamodb.release", release).await {
            tracing::warn!(cause = failure.cause, "lease not released");
        }
    }
}

impl Lease {
    /// Names the transaction written under this lease, so that a retry is the same write.
    pub(super) fn token(&self) -> &str {
        &self.owner
    }

    /// Ends the lease in the transaction that writes the result, and requires that we still hold
    /// it.
    pub(super) fn end(&self) -> Write {
        end_lease(Write::change(self.key.clone()), &self.owner)
    }
}
