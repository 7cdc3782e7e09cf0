//! One renewal among many: of all that want a store's pair renewed, one asks Shopify and the others
//! read the result.
//!
//! Shopify's rules (<https://shopify.dev/docs/api/usage/authentication>, changelog of 2026-08-28):
//! a refresh token works until its successor is used, so a lost answer can be obtained again with
//! the same token, and two renewals from one token both succeed. A link breaks if a stale writer
//! overwrites a newer pair after that one was used, or if a code exchange runs concurrently with a
//! renewal. Hence two guards. The *lease*: whoever asks Shopify holds it, including links, and the
//! write of the new pair requires that it is still held. The *version*: that write also requires
//! the pair it was made from.
//!
//! The steps are written once, over [`Backend`]. The tests run these same steps over a model of
//! Shopify and DynamoDB, in every order they can think of.

mod live;
#[cfg(test)]
mod simulation;

use std::{future::Future, time::Duration};

use crate::store::records::{OpenShop, Status};
use crate::{Error, providers::shopify::Refusal, providers::shopify::token::Tokens, store::leases::LeaseAnswer};

pub use live::Live;

/// Longer than it takes to read the record and ask Shopify, however slow. If the holder dies,
/// another can take over after this.
pub const LEASE: Duration = Duration::from_secs(9);
/// How much must be left of the lease when the token is sent.
pub const NEEDED: Duration = crate::http::CALL_TIMEOUT;
/// How long others wait: slightly longer than a lease, so that they outlast a dead holder's.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Rounds after which an ever-changing record is left to the next invocation.
const ROUNDS: u32 = 8;

/// What a renewal runs on.
pub trait Backend: Sync {
    /// The right to renew.
    type Lease: Send + Sync;

    /// Unix milliseconds.
    fn now_millis(&self) -> u64;

    /// Waits for another holder, longer with each attempt.
    fn pause(&self, tries: u32) -> impl Future<Output = ()> + Send;

    /// Requests the lease; another holder's failure counts from `since` (Unix milliseconds) on.
    fn lease(&self, shop: &str, since: u64) -> impl Future<Output = Result<LeaseAnswer<Self::Lease>, Error>> + Send;

    /// Whether the lease lasts for one more call.
    fn lasts(&self, lease: &Self::Lease) -> bool;

    /// Returns the lease, with the failure, if any.
    fn release(&self, lease: &Self::Lease, failure: Option<&str>) -> impl Future<Output = ()> + Send;

    /// The record as it is now.
    fn load(&self, record: &OpenShop) -> impl Future<Output = Result<Option<OpenShop>, Error>> + Send;

    /// Asks Shopify for the next pair.
    fn ask(&self, record: &OpenShop) -> impl Future<Output = Result<Tokens, Refusal>> + Send;

    /// Stores both tokens in one write that also ends the lease; none if the lease was lost or the
    /// record has changed.
    fn save(&self, lease: &Self::Lease, record: &OpenShop, tokens: &Tokens)
    -> impl Future<Output = Result<Option<OpenShop>, Error>> + Send;

    /// Marks the pair as dead, once, in one write that also ends the lease; false if the lease was
    /// lost or the record has changed.
    fn condemn(&self, lease: &Self::Lease, record: &OpenShop, reason: &str) -> impl Future<Output = Result<bool, Error>> + Send;
}

/// What to do about a pair that turned out dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDead {
    /// Mark it at once.
    Condemn,
    /// Only report it: a caller that checks many pairs first decides whether so many can be dead.
    Report,
}

/// The outcome of a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to do: the record says it all, even if another has renewed it since.
    AsItIs,
    /// This one renewed it.
    Renewed,
    /// Not now; the record is unchanged. The word says why.
    Later(String),
    /// The shop is unavailable for a longer time; the record is unchanged. The word says why.
    Stopped(&'static str),
    /// Our own credentials were refused; the record is unchanged.
    CredentialsRefused,
    /// The pair is dead. The word says why.
    Dead(&'static str),
}

/// Renews a store's pair if it works and `wanted` agrees, and returns the record as it is
/// afterwards.
///
/// # Errors
/// `storage_unavailable` if not even the record could be read; Shopify was not asked then.
pub async fn renew<G: Backend>(
    backend: &G,
    record: OpenShop,
    wanted: impl Fn(&OpenShop) -> bool + Sync,
    on_dead: OnDead,
) -> Result<(OpenShop, Verdict), Error> {
    let since = backend.now_millis();
    let patience = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
    let needed = |record: &OpenShop| record.may_be_renewed() && wanted(record);
    let mut record = record;
    let (mut tries, mut rounds) = (0, 0);
    while needed(&record) {
        let lease = match backend.lease(&record.shop, since).await? {
            LeaseAnswer::Granted(lease) => lease,
            LeaseAnswer::Failed(reason) => return Ok((record, Verdict::Later(reason))),
            LeaseAnswer::Held => {
                if backend.now_millis().saturating_sub(since) > patience {
                    return Ok((record, Verdict::Later("busy".to_owned())));
                }
                backend.pause(tries).await;
                tries += 1;
                record = current(backend, record).await?;
                continue;
            }
        };
        let (found, verdict) = under_lease(backend, &lease, record, &needed, on_dead).await?;
        record = found;
        match verdict {
            Some(verdict) => return Ok((record, verdict)),
            None if rounds >= ROUNDS => return Ok((record, Verdict::Later("busy".to_owned()))),
            None => rounds += 1,
        }
    }
    Ok((record, Verdict::AsItIs))
}

/// Whether its token is of the non-expiring kind.
#[must_use]
pub fn is_endless(record: &OpenShop) -> bool {
    record.refresh_token.is_none() && record.access_expires_at.is_none()
}

/// Exchanges a non-expiring token for a pair, after Shopify has refused it for its kind or as dead.
/// An exchange whose answer was lost has ended the token too, and returns the pair again; so the
/// token is dead only if the exchange is also refused. Marking that death is up to the caller,
/// regardless of `on_dead`.
///
/// # Errors
/// As [`renew`].
pub async fn replace_endless<G: Backend>(
    backend: &G,
    record: OpenShop,
    refusal: Refusal,
    on_dead: OnDead,
) -> Result<(OpenShop, Verdict), Error> {
    let (record, verdict) = renew(backend, record, is_endless, on_dead).await?;
    let verdict = match (refusal, verdict) {
        (Refusal::Dead(reason), Verdict::Later(word)) if word == Refusal::NOT_EXCHANGED => Verdict::Dead(reason),
        (_, verdict) => verdict,
    };
    Ok((record, verdict))
}

/// One lease holder's part. No verdict means: look again.
async fn under_lease<G: Backend>(
    backend: &G,
    lease: &G::Lease,
    record: OpenShop,
    needed: &(impl Fn(&OpenShop) -> bool + Sync),
    on_dead: OnDead,
) -> Result<(OpenShop, Option<Verdict>), Error> {
    // Read under the lease: another may just have renewed it.
    let record = match current(backend, record).await {
        Ok(record) => record,
        Err(error) => {
            backend.release(lease, None).await;
            return Err(error);
        }
    };
    if !needed(&record) {
        backend.release(lease, None).await;
        return Ok((record, None));
    }
    if !backend.lasts(lease) {
        backend.release(lease, Some("storage_unavailable")).await;
        return Ok((record, Some(Verdict::Later("storage_unavailable".to_owned()))));
    }
    let (failure, verdict) = match backend.ask(&record).await {
        Ok(tokens) => match backend.save(lease, &record, &tokens).await {
            Ok(Some(renewed)) => return Ok((renewed, Some(Verdict::Renewed))),
            // The lease was lost, or the link ended or was renewed: this pair no longer counts, and
            // the stored one is newer.
            Ok(None) => (None, None),
            // The stored refresh token still works, because nobody has used its successor.
            Err(error) => {
                tracing::warn!(cause = error.cause, "renewed pair not stored");
                (Some("storage_unavailable"), Some(Verdict::Later("storage_unavailable".to_owned())))
            }
        },
        Err(Refusal::Dead(reason)) => return dead(backend, lease, record, reason, on_dead).await,
        Err(Refusal::OurCredentials) => (Some("credentials_refused"), Some(Verdict::CredentialsRefused)),
        Err(Refusal::Stopped(reason)) => (Some(reason), Some(Verdict::Stopped(reason))),
        Err(Refusal::Passing(reason)) => (Some(reason), Some(Verdict::Later(reason.to_owned()))),
        // The token endpoint never says this.
        Err(Refusal::NonExpiring | Refusal::MissingScope) => (Some("provider_error"), Some(Verdict::Later("provider_error".to_owned()))),
    };
    backend.release(lease, failure).await;
    let record = if verdict.is_none() { current(backend, record).await? } else { record };
    Ok((record, verdict))
}

/// The token was refused. If another pair has been stored since, that one counts.
async fn dead<G: Backend>(
    backend: &G,
    lease: &G::Lease,
    refused: OpenShop,
    reason: &'static str,
    on_dead: OnDead,
) -> Result<(OpenShop, Option<Verdict>), Error> {
    let (version, generation) = (refused.version, refused.generation);
    let record = match current(backend, refused).await {
        Ok(record) => record,
        Err(error) => {
            backend.release(lease, Some("storage_unavailable")).await;
            return Err(error);
        }
    };
    if record.version != version || record.generation != generation || !record.may_be_renewed() {
        backend.release(lease, None).await;
        return Ok((record, None));
    }
    if on_dead == OnDead::Report {
        backend.release(lease, Some(reason)).await;
        return Ok((record, Some(Verdict::Dead(reason))));
    }
    match backend.condemn(lease, &record, reason).await {
        Ok(true) => {
            let record = OpenShop { status: Status::ReconnectNeeded, reason: Some(reason.to_owned()), ..record };
            Ok((record, Some(Verdict::Dead(reason))))
        }
        Ok(false) => {
            backend.release(lease, None).await;
            Ok((current(backend, record).await?, None))
        }
        Err(error) => {
            tracing::warn!(cause = error.cause, "dead pair not marked");
            backend.release(lease, Some("storage_unavailable")).await;
            Ok((record, Some(Verdict::Later("storage_unavailable".to_owned()))))
        }
    }
}

/// The record as it is now; a missing one counts as being erased.
async fn current<G: Backend>(backend: &G, record: OpenShop) -> Result<OpenShop, Error> {
    let found = backend.load(&record).await?;
    Ok(found.unwrap_or(OpenShop { status: Status::Erasing, access_token: None, refresh_token: None, ..record }))
}
