//! Used states, and the lease on a store.
//!
//! A state is used by one conditional write before its code goes out, so that of many callbacks exactly one exchanges the code. All
//! used states of an account stand in one item, each under a name of its own with who used it and what became of it, so that for a
//! store the same write also takes the lease: while one holds it, nobody else changes that store's tokens, since Shopify retires the
//! earlier pair when it issues the later one.
//!
//! ```text
//! flow#shopify#HASH                  of the store's domain
//!   c_NONCE      { by: claim id, exp: end of the state, out: in_flight | linked | failed }
//!   lease_owner  claim id        lease_until  Unix milliseconds       fence  grows with every claim
//! ```
//!
//! Whoever writes tokens does so in a transaction that requires `lease_owner` to be its own claim: a holder that was too slow, and whose
//! lease another has taken since, writes nothing.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, Update},
};

use crate::{
    calls::timed,
    clock::UnixSeconds,
    error::Error,
    flow::{Platform, Returned, nonce_key},
    random,
    signing::{base64url, hex, labelled_sha256},
};

use super::{
    Item, Pause, Sessions, is_worth_repeating,
    item::{self, n, s},
    kind,
    stores_write::incomplete,
    unavailable,
};

/// Longer than what comes before the exchange, slow as it may be, and the exchange itself. A holder that died is replaced after that.
const LEASE: Duration = Duration::from_secs(15);
/// How long a callback waits for another's lease: a little longer than a lease, so that the one of a dead holder is outlived.
const LEASE_WAIT: Duration = Duration::from_secs(16);
/// The item outlives every state in it.
pub(super) const KEEP: Duration = Duration::from_secs(900);

/// What became of a used state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its callback has not ended, or died.
    InFlight,
    /// The link was made.
    Linked,
    /// The link was not made.
    Failed,
}

/// A state that this callback, and no other, uses.
#[derive(Clone, Debug)]
pub struct Claim {
    key: String,
    attribute: String,
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
    /// The table failed, or the lease did not come free in time; the state is unused.
    Failed(Error),
}

impl Sessions {
    /// Uses a state.
    ///
    /// # Errors
    /// [`ClaimError`].
    pub async fn claim(&self, platform: Platform, account: &str, state: &Returned) -> Result<Claim, ClaimError> {
        let claim = Claim::new(platform, account, state, false)?;
        match self.try_claim(claim, state.expires_at).await? {
            Some(claim) => Ok(claim),
            None => Err(ClaimError::Failed(Error::storage_unavailable("claim: neither used nor free"))),
        }
    }

    /// Uses a state and takes the lease on its account in the same write; while another holds the lease, waits.
    ///
    /// # Errors
    /// [`ClaimError`].
    pub async fn claim_with_lease(&self, platform: Platform, account: &str, state: &Returned) -> Result<Claim, ClaimError> {
        let claim = Claim::new(platform, account, state, true)?;
        let started = Instant::now();
        let mut pause = Pause::default();
        loop {
            if let Some(claim) = self.try_claim(claim.clone(), state.expires_at).await? {
                return Ok(claim);
            }
            if started.elapsed() > LEASE_WAIT {
                // Many callbacks of one store at once.
                return Err(ClaimError::Failed(Error::storage_unavailable("claim: the lease did not come free").provoked(true)));
            }
            pause.wait().await;
        }
    }

    /// None when another holds the lease.
    async fn try_claim(&self, mut claim: Claim, state_expires_at: u64) -> Result<Option<Claim>, ClaimError> {
        let now = self.clock.now();
        let mut pause = Pause::default();
        loop {
            let mut write = self
                .client
                .update_item()
                .table_name(&self.table)
                .key("pk", s(&claim.key))
                .expression_attribute_names("#claim", &claim.attribute)
                .expression_attribute_names("#by", "by")
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_values(
                    ":claim",
                    item::map([("by", s(&claim.id)), ("exp", n(state_expires_at)), ("out", s("in_flight"))]),
                )
                .expression_attribute_values(":me", s(&claim.id))
                .expression_attribute_values(":ttl", n(now.saturating_add(KEEP.as_secs())))
                .return_values(ReturnValue::AllNew)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            // The second half lets the same write pass when it is sent again because its answer was lost. An earlier try that arrives late
            // does not make the lease shorter than its holder knows it.
            let unused = "(attribute_not_exists(#claim) OR #claim.#by = :me)";
            write = if claim.leased {
                let millis = self.clock.now_millis();
                claim.lease_until = millis.saturating_add(u64::try_from(LEASE.as_millis()).unwrap_or_default());
                write
                    .update_expression("SET #claim = :claim, #ttl = :ttl, lease_owner = :me, lease_until = :until ADD fence :one")
                    .condition_expression(format!(
                        "{unused} AND (attribute_not_exists(lease_owner) OR lease_until < :millis OR (lease_owner = :me AND lease_until <= :until))"
                    ))
                    .expression_attribute_values(":until", n(claim.lease_until))
                    .expression_attribute_values(":millis", n(millis))
                    .expression_attribute_values(":one", n(1))
            } else {
                write.update_expression("SET #claim = :claim, #ttl = :ttl").condition_expression(unused)
            };
            match timed("dynamodb.claim", write.send()).await {
                Ok(output) => {
                    claim.stale = output.attributes().map(|found| stale(found, now)).unwrap_or_default();
                    return Ok(Some(claim));
                }
                Err(error) => match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                        let used = failed.item().and_then(|found| outcome(found.get(&claim.attribute)?));
                        return used.map_or(Ok(None), |outcome| Err(ClaimError::Used(outcome)));
                    }
                    _ if pause.tries < super::TRIES && is_worth_repeating(&error) => pause.wait().await,
                    answer => {
                        // Without an answer it may stand all the same, and must not keep the lease for as long as it lasts.
                        if answer.is_none() {
                            self.fail(&claim).await;
                        }
                        return Err(ClaimError::Failed(unavailable("claim", &error)));
                    }
                },
            }
        }
    }

    /// Makes sure that the lease lasts as long as `needed`. Asked right before a code goes out: were the lease to end meanwhile, another link
    /// could store a pair that this exchange then retires.
    ///
    /// # Errors
    /// `storage_unavailable`: the tables were slow, and the code is better not sent.
    pub fn check_lease(&self, claim: &Claim, needed: Duration) -> Result<(), Error> {
        let left = claim.lease_until.saturating_sub(self.clock.now_millis());
        if u128::from(left) < needed.as_millis() {
            return Err(Error::storage_unavailable(format!("claim: {left} ms of the lease left")));
        }
        Ok(())
    }

    /// Notes that a used state made no link, and gives the lease back. Best effort: if it fails, the state reads as in flight until it
    /// ends, and the lease runs out.
    pub async fn fail(&self, claim: &Claim) {
        match self.try_fail(claim).await {
            // The lease is another's by now, and stays with it; the state is still ours.
            Err(error) if claim.leased && error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                let _ = self.try_fail(&Claim { leased: false, ..claim.clone() }).await;
            }
            Err(error) => tracing::warn!(cause = kind(&error), "claim not failed"),
            Ok(()) => {}
        }
    }

    async fn try_fail(&self, claim: &Claim) -> Result<(), SdkError<UpdateItemError>> {
        let update =
            claim.update(&self.table, Outcome::Failed).map_err(|error| SdkError::construction_failure(error.cause.unwrap_or_default()))?;
        let write = self
            .client
            .update_item()
            .table_name(update.table_name())
            .set_key(Some(update.key().clone()))
            .update_expression(update.update_expression())
            .set_condition_expression(update.condition_expression().map(str::to_owned))
            .set_expression_attribute_names(update.expression_attribute_names().cloned())
            .set_expression_attribute_values(update.expression_attribute_values().cloned());
        timed("dynamodb.fail", write.send()).await.map(|_| ())
    }
}

impl Claim {
    fn new(platform: Platform, account: &str, state: &Returned, leased: bool) -> Result<Self, ClaimError> {
        let id = random::bytes::<16>().map_err(ClaimError::Failed)?;
        Ok(Self {
            key: flow_key(platform, account),
            attribute: format!("c_{}", nonce_key(&state.nonce)),
            id: hex(&id),
            leased,
            lease_until: 0,
            stale: Vec::new(),
        })
    }

    /// Names the transaction that ends this flow, so that its repetition is the same write.
    pub(super) fn token(&self) -> &str {
        &self.id
    }

    /// The write that ends the flow, for the transaction of the link itself. It requires that this claim, and for a store the lease,
    /// is still ours, and clears away states that are past their time.
    pub(super) fn update(&self, sessions_table: &str, outcome: Outcome) -> Result<Update, Error> {
        let out = match outcome {
            Outcome::InFlight => "in_flight",
            Outcome::Linked => "linked",
            Outcome::Failed => "failed",
        };
        let mut remove: Vec<String> = (0..self.stale.len()).map(|i| format!("#stale{i}")).collect();
        if self.leased {
            remove.extend(["lease_owner".to_owned(), "lease_until".to_owned()]);
        }
        let mut update = Update::builder()
            .table_name(sessions_table)
            .key("pk", s(&self.key))
            .update_expression(if remove.is_empty() {
                "SET #claim.#out = :out".to_owned()
            } else {
                format!("SET #claim.#out = :out REMOVE {}", remove.join(", "))
            })
            .condition_expression(if self.leased {
                "#claim.#by = :me AND #claim.#out = :open AND lease_owner = :me"
            } else {
                "#claim.#by = :me AND #claim.#out = :open"
            })
            .expression_attribute_names("#claim", &self.attribute)
            .expression_attribute_names("#by", "by")
            .expression_attribute_names("#out", "out")
            .expression_attribute_values(":me", s(&self.id))
            .expression_attribute_values(":open", s("in_flight"))
            .expression_attribute_values(":out", s(out));
        for (i, name) in self.stale.iter().enumerate() {
            update = update.expression_attribute_names(format!("#stale{i}"), name);
        }
        update.build().map_err(|e| Error::storage_unavailable(format!("claim: {e}")))
    }
}

/// The key of an account's used states. It does not name the account: used states are remembered also when all else of it is erased, or else they would be good once more,
/// and a callback that comes after that leaves one.
#[must_use]
pub fn flow_key(platform: Platform, account: &str) -> String {
    format!("flow#{}#{}", platform.name, base64url(&labelled_sha256("messenger-link/flow/v1", account.as_bytes())))
}

/// Ends the lease on an account, whoever holds it, so that the flow that is under way with it writes nothing. Used states stay.
pub(super) fn end_lease_of_any(sessions_table: &str, platform: Platform, account: &str, now: UnixSeconds) -> Result<Update, Error> {
    let update = Update::builder()
        .table_name(sessions_table)
        .key("pk", s(flow_key(platform, account)))
        .update_expression("SET #ttl = :ttl REMOVE lease_owner, lease_until, failed_at, failure")
        .expression_attribute_names("#ttl", "ttl")
        .expression_attribute_values(":ttl", n(now.saturating_add(KEEP.as_secs())));
    update.build().map_err(incomplete)
}

pub(super) fn outcome(claim: &AttributeValue) -> Option<Outcome> {
    let claim = claim.as_m().ok()?;
    Some(match item::text(claim, "out") {
        Some("linked") => Outcome::Linked,
        Some("failed") => Outcome::Failed,
        _ => Outcome::InFlight,
    })
}

/// The names of states in `found` that ended a while ago: refused for their age, they need no memory. A few at a time, since an
/// expression has its limits.
fn stale(found: &Item, now: u64) -> Vec<String> {
    let ended = |value: &AttributeValue| {
        value.as_m().ok().and_then(|claim| item::number(claim, "exp")).is_some_and(|end| end.saturating_add(120) < now)
    };
    found.iter().filter(|(name, value)| name.starts_with("c_") && ended(value)).map(|(name, _)| name.clone()).take(50).collect()
}

#[cfg(test)]
mod tests;
