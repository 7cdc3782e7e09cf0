//! Used states, and the lease on a store.
//!
//! One conditional write marks a state as used before its code is sent, so that of many callbacks
//! exactly one exchanges the code. All used states of an account are in one item, each in an
//! attribute of its own that says who used it and how it ended. For a store the same write can
//! therefore take the lease: while one callback holds it, no other changes that store's tokens,
//! because Shopify retires the earlier pair when it issues the later one.
//!
//! ```text
//! flow#shopify#HASH                  of the store's domain
//!   c_NONCE      { by: claim id, exp: end of the state, out: in_flight | linked | failed }
//!   lease_owner  claim id        lease_until  Unix milliseconds      fence  grows with every claim
//! ```
//!
//! Tokens are written in a transaction that requires `lease_owner` to be the writer's claim. A
//! holder that was too slow and has lost its lease to another writes nothing.

use std::time::{Duration, Instant};

use crate::{
    Error, UnixSeconds,
    flow::{Returned, nonce_key},
    platform::Platform,
    random,
    signing::{base64url, hex, labelled_sha256},
};

pub use super::records::Outcome;
use super::{
    Sessions,
    records::attributes::*,
    table::{Answer, Attribute, Key, Pause, Row, Write},
};

/// Prefix of a used state's attribute name.
const USED: &str = "c_";
/// In milliseconds. Longer than the exchange and everything before it, however slow. If the holder
/// dies, another can take over after this.
const LEASE: u64 = 15_000;
/// How long a callback waits for another's lease: slightly longer than a lease, so that it outlasts
/// a dead holder's.
const LEASE_WAIT: Duration = Duration::from_secs(16);
/// In seconds, at least. The item outlives each of its states by half the state's lifetime.
const KEEP: u64 = 900;

/// A state that this callback alone uses.
#[derive(Clone, Debug)]
pub struct Claim {
    platform: &'static Platform,
    key: Key,
    nonce: String,
    id: String,
    leased: bool,
    /// End of the lease in Unix milliseconds; 0 without one.
    lease_until: u64,
    stale: Vec<String>,
}

/// Why a state can't be used.
#[derive(Debug)]
pub enum ClaimError {
    /// It was used before.
    Used(Outcome),
    /// The table failed, or the lease was not released in time; the state is unused.
    Failed(Error),
}

impl Sessions {
    /// Uses a state.
    ///
    /// # Errors
    /// [`ClaimError`].
    pub async fn claim(&self, platform: &'static Platform, account: &str, state: &Returned) -> Result<Claim, ClaimError> {
        let claim = self.try_claim(Claim::new(platform, account, state, false)?, state.expires_at).await?;
        claim.ok_or_else(|| ClaimError::Failed(Error::storage_unavailable("claim: neither used nor free")))
    }

    /// Uses a state and takes the lease on its account in the same write. Waits while another holds
    /// the lease.
    ///
    /// # Errors
    /// [`ClaimError`].
    pub async fn claim_with_lease(&self, platform: &'static Platform, account: &str, state: &Returned) -> Result<Claim, ClaimError> {
        let claim = Claim::new(platform, account, state, true)?;
        let started = Instant::now();
        let mut pause = Pause::default();
        loop {
            if let Some(claim) = self.try_claim(claim.clone(), state.expires_at).await? {
                return Ok(claim);
            }
            if started.elapsed() > LEASE_WAIT {
                // Many callbacks for one store at once.
                return Err(ClaimError::Failed(Error::storage_unavailable("claim: the lease did not come free").provoked(true)));
            }
            pause.wait().await;
        }
    }

    /// None when another holds the lease.
    async fn try_claim(&self, mut claim: Claim, state_expires_at: u64) -> Result<Option<Claim>, ClaimError> {
        let now = self.clock.now();
        let used = claim.used();
        let state = Row::default().with(&USED_BY, &claim.id).with(&USED_STATE_ENDS, state_expires_at).with(&OUTCOME, Outcome::InFlight);
        // The second condition lets the same write pass when it is retried because its answer was
        // lost.
        let mut write = change(&claim.key, claim.platform, now)
            .when(used.absent().or(claim.part(&USED_BY).is(&claim.id)))
            .set(&used, state)
            .returning_old()
            .returning_new();
        if claim.leased {
            let now = self.clock.now_millis();
            claim.lease_until = now.saturating_add(LEASE);
            write = take_lease(write, &claim.id, now, claim.lease_until);
        }
        match self.database.write_one("dynamodb.claim", write).await {
            Ok(Answer::Written(flows)) => {
                claim.stale = stale(&flows, now);
                Ok(Some(claim))
            }
            Ok(Answer::Refused(flows)) => {
                let state = flows.and_then(|flows| flows.get(&used));
                state.map_or(Ok(None), |state| Err(ClaimError::Used(state.get_or_default(&OUTCOME))))
            }
            Err(failure) => {
                // An unanswered write may have succeeded, and must not hold the lease for its full
                // term.
                if !failure.is_answered {
                    self.fail(&claim).await;
                }
                Err(ClaimError::Failed(failure.into()))
            }
        }
    }

    /// Makes sure that the lease lasts for at least `needed`. Call this right before sending a
    /// code: if the lease ended during the exchange, another link could store a pair that this
    /// exchange then retires.
    ///
    /// # Errors
    /// `storage_unavailable`: the tables were slow, so the code should not be sent.
    pub fn check_lease(&self, claim: &Claim, needed: Duration) -> Result<(), Error> {
        let left = claim.lease_until.saturating_sub(self.clock.now_millis());
        let lasts = u128::from(left) >= needed.as_millis();
        lasts.then_some(()).ok_or_else(|| Error::storage_unavailable(format!("claim: {left} ms of the lease left")))
    }

    /// Notes that a used state produced no link, and returns the lease. Best effort: if this fails,
    /// the state reads as in flight until it ends, and the lease runs out.
    pub async fn fail(&self, claim: &Claim) {
        let mut answer = self.database.write_one("dynamodb.fail", claim.end(Outcome::Failed)).await;
        if claim.leased && matches!(answer, Ok(Answer::Refused(_))) {
            // Another callback holds the lease by now, and keeps it; the state is still ours.
            let claim = Claim { leased: false, ..claim.clone() };
            answer = self.database.write_one("dynamodb.fail", claim.end(Outcome::Failed)).await;
        }
        if let Err(failure) = answer {
            tracing::warn!(cause = failure.cause, "claim not failed");
        }
    }
}

impl Claim {
    fn new(platform: &'static Platform, account: &str, state: &Returned, leased: bool) -> Result<Self, ClaimError> {
        let id = random::bytes::<16>().map_err(ClaimError::Failed)?;
        Ok(Self {
            platform,
            key: flow(platform, account),
            nonce: nonce_key(&state.nonce),
            id: hex(&id),
            leased,
            lease_until: 0,
            stale: Vec::new(),
        })
    }

    /// Names the transaction that ends this flow, so that a retry is the same write.
    pub(super) fn token(&self) -> &str {
        &self.id
    }

    /// The write that ends the flow, for the transaction of the link itself. It requires this
    /// claim, and for a store its lease, to be current, and removes states that have ended.
    pub(super) fn end(&self, outcome: Outcome) -> Write {
        let state = self.part(&OUTCOME);
        let is_ours = self.part(&USED_BY).is(&self.id).and(state.is(Outcome::InFlight));
        let mut write = Write::change(self.key.clone()).when(is_ours).set(&state, outcome);
        if self.leased {
            write = end_lease(write, &self.id);
        }
        self.stale.iter().fold(write, |write, nonce| write.remove(&used_state(nonce)))
    }

    fn used(&self) -> Attribute<Row> {
        used_state(&self.nonce)
    }

    fn part<T>(&self, part: &Attribute<T>) -> Attribute<T> {
        self.used().entry(part.name().to_owned())
    }
}

/// A used state, by its nonce.
fn used_state(nonce: &str) -> Attribute<Row> {
    Attribute::dynamic(format!("{USED}{nonce}"))
}

/// Whether a callback for this account is running, or died less than `late` seconds ago.
pub(super) fn is_in_flight(flows: &Row, late: u64, now: UnixSeconds) -> bool {
    flows.beginning_with(USED).any(|(_, state): (_, Row)| {
        let (outcome, end) = (state.get_or_default(&OUTCOME), state.get_or_default(&USED_STATE_ENDS));
        outcome == Outcome::InFlight && now < end.saturating_add(late)
    })
}

/// The partition of an account's used states. It does not name the account, because used states are
/// kept even when everything else about it is erased: otherwise they could be used again. A
/// callback that arrives after the erasure leaves one, too.
#[must_use]
pub fn flow_key(platform: &'static Platform, account: &str) -> String {
    flow(platform, account).pk().to_owned()
}

/// The key of an account's used states.
pub(super) fn flow(platform: &'static Platform, account: &str) -> Key {
    Key::flow(platform.name, &base64url(&labelled_sha256("messenger-link/flow/v1", account.as_bytes())))
}

/// Ends the lease on an account, no matter who holds it, so that the flow under way with it writes
/// nothing. Used states stay.
pub(super) fn end_lease_of_any(platform: &'static Platform, account: &str, now: UnixSeconds) -> Write {
    change(&flow(platform, account), platform, now).remove_each([&LEASE_OWNER, &LEASE_UNTIL, &FAILED_AT, &FAILURE])
}

/// A change to an account's used states or lease that keeps the item long enough.
pub(super) fn change(key: &Key, platform: &Platform, now: UnixSeconds) -> Write {
    let keep = KEEP.max(platform.state_lifetime.as_secs() * 3 / 2);
    Write::change(key.clone()).set(&TTL, now.saturating_add(keep))
}

/// Takes the lease with a write, if it is free; both times are in Unix milliseconds. The same write
/// passes when it is retried because its answer was lost. An earlier write that arrives late does
/// not: it would make the lease shorter than its holder believes.
pub(super) fn take_lease(write: Write, owner: &str, now: u64, until: u64) -> Write {
    let is_mine = LEASE_OWNER.is(owner).and(LEASE_UNTIL.at_most(until));
    let write = write.when(LEASE_OWNER.absent().or(LEASE_UNTIL.below(now)).or(is_mine));
    write.set(&LEASE_OWNER, owner).set(&LEASE_UNTIL, until).add(&FENCE, 1)
}

/// Ends the lease with a write, which requires this owner to still hold it.
pub(super) fn end_lease(write: Write, owner: &str) -> Write {
    write.when_is(&LEASE_OWNER, owner).remove_each([&LEASE_OWNER, &LEASE_UNTIL])
}

/// The nonces of states that ended a while ago: they would be refused for their age anyway. A few
/// at a time, because expressions are limited in size.
fn stale(flows: &Row, now: UnixSeconds) -> Vec<String> {
    let has_ended = |state: &Row| state.get(&USED_STATE_ENDS).is_some_and(|end| end.saturating_add(120) < now);
    flows.beginning_with(USED).filter(|(_, state)| has_ended(state)).map(|(nonce, _)| nonce.to_owned()).take(50).collect()
}

#[cfg(test)]
mod tests;
