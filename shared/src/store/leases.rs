//! Leases: who may change an account's tokens now.
//!
//! A lease lies in the account's item of used states, so that a link, which takes state and lease in one write ([`super::flows`]), and a renewal exclude each other. It has an
//! owner, an end, and a number that grows with every holder. What is written under it is written in a transaction that requires the owner to be still the same
//! ([`Lease::end`]): a holder that was too slow, and whose lease another has taken since, writes nothing.
//!
//! A holder that failed says so when it gives the lease back. Those who waited meanwhile take that for their answer rather than asking the provider one after the other.

use std::time::Duration;

use crate::{error::Error, flow::Platform, random, signing::hex};

use super::{
    Sessions,
    flows::{KEEP, flow},
    records::attributes::{FAILED_AT, FAILURE, FENCE, LEASE_OWNER, LEASE_UNTIL, TTL},
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

/// What became of asking for a lease.
#[derive(Clone, Debug)]
pub enum Asked<L = Lease> {
    /// It is ours.
    Granted(L),
    /// Another holds it.
    Held,
    /// Another held it, and failed after the moment from which that counts.
    Failed(String),
}

impl Sessions {
    /// Asks for the lease on an account, for `length`. A failure of another holder counts from
    /// `since` (Unix milliseconds) on.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn lease(&self, platform: Platform, account: &str, length: Duration, since: u64) -> Result<Asked, Error> {
        let now = self.clock.now_millis();
        let until = now.saturating_add(u64::try_from(length.as_millis()).unwrap_or_default());
        let lease = Lease { key: flow(platform, account), owner: hex(&random::bytes::<16>()?), until };
        // The third part lets the same write pass when it is sent again because its answer was
        // lost, and not an earlier one that arrives late, which would make the lease shorter than
        // its holder knows it.
        let is_free = LEASE_OWNER.absent().or(LEASE_UNTIL.below(now)).or(LEASE_OWNER.is(&lease.owner).and(LEASE_UNTIL.at_most(until)));
        let take = Write::change(lease.key.clone())
            .when(is_free)
            .when(FAILED_AT.absent().or(FAILED_AT.below(since)))
            .set(&LEASE_OWNER, &lease.owner)
            .set(&LEASE_UNTIL, until)
            .set(&TTL, (now / 1000).saturating_add(KEEP.as_secs()))
            .add(&FENCE, 1)
            .returning_old();
        match self.database.write_one("dynamodb.lease", take).await {
            Ok(Answer::Written(_)) => Ok(Asked::Granted(lease)),
            Ok(Answer::Refused(found)) => Ok(found.map_or(Asked::Held, |found| refused(&found, since))),
            Err(failure) => {
                // Without an answer it may stand all the same, and must not keep others waiting.
                if !failure.is_answered {
                    self.release(&lease, None).await;
                }
                Err(failure.into())
            }
        }
    }

    /// Whether the lease lasts as long as `needed`. Asked right before a token goes out: were the
    /// lease to end meanwhile, another could store a pair that the answer then retires.
    #[must_use]
    pub fn lasts(&self, lease: &Lease, needed: Duration) -> bool {
        u128::from(lease.until.saturating_sub(self.clock.now_millis())) >= needed.as_millis()
    }

    /// Gives the lease back, with the failure that came of it, if one did. Best effort: what is not
    /// given back runs out.
    pub async fn release(&self, lease: &Lease, failure: Option<&str>) {
        let failed_at = failure.map(|_| self.clock.now_millis());
        let release = lease.end().set_some(&FAILED_AT, failed_at).set_some(&FAILURE, failure);
        // A lease that ran out may be another's by now, and stays with it.
        if let Err(failure) = self.database.write_one("dynamodb.release", release).await {
            tracing::warn!(cause = failure.cause, "lease not released");
        }
    }
}

impl Lease {
    /// Names the transaction that is written under this lease, so that its repetition is the same
    /// write.
    pub(super) fn token(&self) -> &str {
        &self.owner
    }

    /// Ends the lease in the transaction that writes what it was taken for, and requires that it is
    /// still ours.
    pub(super) fn end(&self) -> Write {
        let change = Write::change(self.key.clone()).when_is(&LEASE_OWNER, &self.owner);
        change.remove_each([&LEASE_OWNER, &LEASE_UNTIL])
    }
}

/// Why a lease was not granted, from the item as it is.
fn refused(found: &Row, since: u64) -> Asked {
    match found.get(&FAILED_AT) {
        Some(at) if at >= since => Asked::Failed(found.text(&FAILURE).unwrap_or("provider_error").to_owned()),
        _ => Asked::Held,
    }
}
