//! Leases: who may change an account's tokens now.
//!
//! A lease lies in the account's item of used states, so that a link, which takes state and lease in one write ([`super::flows`]), and a renewal exclude each other. It has an
//! owner, an end, and a number that grows with every holder. What is written under it is written in a transaction that requires the owner to be still the same
//! ([`Lease::end`]): a holder that was too slow, and whose lease another has taken since, writes nothing.
//!
//! A holder that failed says so when it gives the lease back. Those who waited meanwhile take that for their answer rather than asking the provider one after the other.

use std::time::Duration;

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};

use crate::{calls::timed, error::Error, flow::Platform, random, signing::hex};

use super::{
    Item, Pause, Sessions, TRIES,
    flows::{KEEP, flow_key},
    is_worth_repeating,
    item::{self, n, s},
    kind,
    stores_write::incomplete,
    unavailable,
};

/// The right to change an account's tokens.
#[derive(Clone, Debug)]
pub struct Lease {
    key: String,
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
    /// Asks for the lease on an account, for `length`. A failure of another holder counts from `since` (Unix milliseconds) on.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn lease(&self, platform: Platform, account: &str, length: Duration, since: u64) -> Result<Asked, Error> {
        let mut lease = Lease { key: flow_key(platform, account), owner: hex(&random::bytes::<16>()?), until: 0 };
        let mut pause = Pause::default();
        loop {
            let now = self.clock.now_millis();
            lease.until = now.saturating_add(u64::try_from(length.as_millis()).unwrap_or_default());
            let write = self
                .client
                .update_item()
                .table_name(&self.table)
                .key("pk", s(&lease.key))
                .update_expression("SET lease_owner = :me, lease_until = :until, #ttl = :ttl ADD fence :one")
                // The third part lets the same write pass when it is sent again because its answer was lost, and not an earlier one that
                // arrives late, which would make the lease shorter than its holder knows it.
                .condition_expression(
                    "(attribute_not_exists(lease_owner) OR lease_until < :now OR (lease_owner = :me AND lease_until <= :until))\
                     AND (attribute_not_exists(failed_at) OR failed_at < :since)",
                )
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_values(":me", s(&lease.owner))
                .expression_attribute_values(":until", n(lease.until))
                .expression_attribute_values(":now", n(now))
                .expression_attribute_values(":since", n(since))
                .expression_attribute_values(":ttl", n((now / 1000).saturating_add(KEEP.as_secs())))
                .expression_attribute_values(":one", n(1))
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            let error = match timed("dynamodb.lease", write.send()).await {
                Ok(_) => return Ok(Asked::Granted(lease)),
                Err(error) => error,
            };
            match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    return Ok(failed.item().map_or(Asked::Held, |found| refused(found, since)));
                }
                _ if pause.tries < TRIES && is_worth_repeating(&error) => pause.wait().await,
                answer => {
                    // Without an answer it may stand all the same, and must not keep others waiting.
                    if answer.is_none() {
                        self.release(&lease, None).await;
                    }
                    return Err(unavailable("lease", &error));
                }
            }
        }
    }

    /// Whether the lease lasts as long as `needed`. Asked right before a token goes out: were the lease to end meanwhile, another could store
    /// a pair that the answer then retires.
    #[must_use]
    pub fn lasts(&self, lease: &Lease, needed: Duration) -> bool {
        u128::from(lease.until.saturating_sub(self.clock.now_millis())) >= needed.as_millis()
    }

    /// Gives the lease back, with the failure that came of it, if one did. Best effort: what is not given back runs out.
    pub async fn release(&self, lease: &Lease, failure: Option<&str>) {
        let update = self.client.update_item().table_name(&self.table).key("pk", s(&lease.key));
        let update = match failure {
            None => update.update_expression("REMOVE lease_owner, lease_until"),
            Some(failure) => update
                .update_expression("SET failed_at = :now, failure = :failure REMOVE lease_owner, lease_until")
                .expression_attribute_values(":now", n(self.clock.now_millis()))
                .expression_attribute_values(":failure", s(failure)),
        };
        let update = update.condition_expression("lease_owner = :me").expression_attribute_values(":me", s(&lease.owner));
        match timed("dynamodb.release", update.send()).await {
            Ok(_) => {}
            // It ran out, and is another's by now.
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {}
            Err(error) => tracing::warn!(cause = kind(&error), "lease not released"),
        }
    }
}

impl Lease {
    /// Names the transaction that is written under this lease, so that its repetition is the same write.
    pub(super) fn token(&self) -> &str {
        &self.owner
    }

    /// Ends the lease in the transaction that writes what it was taken for, and requires that it is still ours.
    pub(super) fn end(&self, sessions_table: &str) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(sessions_table)
            .key("pk", s(&self.key))
            .update_expression("REMOVE lease_owner, lease_until")
            .condition_expression("lease_owner = :me")
            .expression_attribute_values(":me", s(&self.owner))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }
}

/// Why a lease was not granted, from the item as it is.
fn refused(found: &Item, since: u64) -> Asked {
    match item::number(found, "failed_at") {
        Some(at) if at >= since => Asked::Failed(item::text(found, "failure").unwrap_or("provider_error").to_owned()),
        _ => Asked::Held,
    }
}
