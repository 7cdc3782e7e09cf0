//! A run's report, in the contract's terms.

use std::ops::RangeInclusive;

use serde_json::{Value, json};
use shared::{calls::count, clock::UnixSeconds, metrics};

use crate::outcome::Outcome;

#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) due: u64,
    refreshed: u64,
    checked: u64,
    pub(super) reconnect_needed: u64,
    pub(super) failed: u64,
    remaining: u64,
    /// Since when the oldest record that is still due has waited.
    oldest: Option<UnixSeconds>,
}

impl Report {
    pub(super) fn add(&mut self, outcome: &Outcome) {
        self.refreshed += outcome.refreshed;
        self.checked += outcome.checked;
        self.reconnect_needed += outcome.reconnect_needed;
        self.failed += outcome.failed;
    }

    /// How many were not maintained.
    pub(super) const fn remaining(&self) -> u64 {
        self.remaining
    }

    /// A record was not maintained in this run.
    pub(super) fn left_over(&mut self, due_at: UnixSeconds) {
        self.remaining += 1;
        self.still_due(due_at);
    }

    /// A record was maintained but is still due.
    pub(super) fn still_due(&mut self, due_at: UnixSeconds) {
        self.oldest = Some(self.oldest.map_or(due_at, |oldest| oldest.min(due_at)));
    }

    /// The reply; also logs it and counts the metrics.
    pub(super) fn told(&self, now: UnixSeconds, parts: &RangeInclusive<u8>, resealed: u64) -> Value {
        let shards = format!("{}-{}", parts.start(), parts.end());
        let Self { due, refreshed, checked, reconnect_needed, failed, remaining, oldest } = *self;
        let lag_seconds = oldest.map_or(0, |oldest| now.saturating_sub(oldest));
        tracing::info!(due, refreshed, checked, reconnect_needed, failed, remaining, lag_seconds, shards, resealed, "run");
        for (metric, figure) in [
            (metrics::KEEPER_RUNS, 1),
            (metrics::KEEPER_DUE, due),
            (metrics::KEEPER_REMAINING, remaining),
            (metrics::KEEPER_FAILED, failed),
            (metrics::KEEPER_LAG, lag_seconds),
        ] {
            count(metric, figure);
        }
        json!({
            "due": due, "refreshed": refreshed, "checked": checked, "reconnect_needed": reconnect_needed,
            "failed": failed, "remaining": remaining, "lag_seconds": lag_seconds,
        })
    }
}
