//! Leases: the right to change an account's tokens now.
//!
//! A lease is in the account's item of used states, so that a link, which takes state and lease in
//! one write ([`super::flows`]), and a renewal exclude each other. It has an owner, an end, and a
//! number that grows with every holder. Writes under it require in their transaction that the owner
//! is unchanged ([`Lease::end`]): a holder that was too slow, and whose lease another has taken,
//! writes nothing.
//!
//! A holder that failed says so when it releases the lease. Those who waited take that as their
//! answer instead of asking the provider one by one.

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

/// The outcome of requesting a lease.
#[derive(Clone, Debug)]
pub enum LeaseAnswer<L = Lease> {
    /// It is ours.
    Granted(L),
    /// Another holds it.
    Held,
    /// Another held it, and failed after the given time.
    Failed(String),
}

impl Sessions {
    /// Requests the lease on an account, for `length`. A failure of another holder counts from
    /// `since` (Unix milliseconds) on.
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
                // Without an answer it may have succeeded anyway, and must not keep others waiting.
                if !failure.is_answered {
                    self.release(&lease, None).await;
                }
                Err(failure.into())
            }
        }
    }

    /// Whether the lease lasts as long as `needed`. Called right before a token is sent: if the
    /// lease ended in between, another could store a pair that the answer then retires.
    #[must_use]
    pub fn lasts(&self, lease: &Lease, needed: Duration) -> bool {
        u128::from(lease.until.saturating_sub(self.clock.now_millis())) >= needed.as_millis()
    }

    /// Releases the lease, with the failure if there was one. Best effort: otherwise it expires.
    pub async fn release(&self, lease: &Lease, failure: Option<&str>) {
        let failed_at = failure.map(|_| self.clock.now_millis());
        let release = lease.end().set_some(&FAILED_AT, failed_at).set_some(&FAILURE, failure);
        // Another may hold an expired lease by now, and keeps it.
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

    /// Ends the lease in the transaction it was taken for, and requires that it is still ours.
    pub(super) fn end(&self) -> Write {
        end_lease(Write::change(self.key.clone()), &self.owner)
    }
}
