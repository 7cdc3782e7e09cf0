//! Evaluates a wave: counts it, and marks the deaths that are believed.

use shared::{Error, calls::count, clock::UnixSeconds, metrics, store::keep::due::DueRecord};
use tokio::time::{Instant, timeout_at};

use crate::outcome::Outcome;

use super::{report::Report, sides::Side};

/// A record, and the outcome of maintaining it.
pub(super) struct Looked {
    pub(super) record: DueRecord,
    pub(super) outcome: Outcome,
    pub(super) is_still_due: bool,
}

/// Judges the waves of one run.
pub(super) struct Judge<'r> {
    pub(super) report: &'r mut Report,
    pub(super) now: UnixSeconds,
    pub(super) brake_is_off: bool,
    /// What is not written by then is left to the next run.
    pub(super) deadline: Instant,
}

impl Judge<'_> {
    /// Judges each platform's part of a wave by itself.
    pub(super) async fn judge(&mut self, sides: &[Side<'_>], looked: &[Looked]) {
        for looked in looked {
            self.report.add(&looked.outcome);
            if looked.is_still_due {
                self.report.still_due(looked.record.due_at);
            }
        }
        for side in sides {
            let of_it: Vec<&Looked> = looked.iter().filter(|looked| side.keeps(&looked.record.key)).collect();
            self.judge_side(side, &of_it).await;
        }
    }

    async fn judge_side(&mut self, side: &Side<'_>, looked: &[&Looked]) {
        let (now, brake_is_off) = (self.now, self.brake_is_off);
        let (believed, held, (judged, dead)) = {
            let mut brake = side.count(looked.iter().map(|looked| &looked.outcome), brake_is_off);
            let dead = looked.iter().filter(|looked| !looked.outcome.dead.is_empty());
            let (believed, held): (Vec<_>, Vec<_>) =
                dead.partition(|looked| brake_is_off || brake.believes(looked.outcome.dead_seen_at(), now));
            (believed, held, brake.figures())
        };
        if !held.is_empty() {
            let (platform, held) = (side.platform().name, held.len());
            tracing::error!(alarm = "too_many_dead", platform, judged, dead, held, "too many turned out dead; not all of these are marked");
            count(metrics::TOO_MANY_DEAD, 1);
        }
        for looked in held {
            self.hold_back(side, looked).await;
        }
        for looked in believed {
            self.condemn(side, looked).await;
        }
    }

    /// Leaves a record that was found dead unchanged, except for a note of when that was first
    /// seen. It is due as before, but comes after records that have waited longer.
    async fn hold_back(&mut self, side: &Side<'_>, looked: &Looked) {
        let Some(first) = looked.outcome.dead.first() else { return };
        self.report.failed += u64::try_from(looked.outcome.dead.len()).unwrap_or_default();
        if let Err(error) = self.in_time(side.note_dead(first)).await {
            tracing::warn!(code = error.code.as_str(), cause = error.cause, "death not noted");
            self.report.still_due(looked.record.due_at);
        }
    }

    async fn condemn(&mut self, side: &Side<'_>, looked: &Looked) {
        for condemned in &looked.outcome.dead {
            match self.in_time(side.condemn(condemned)).await {
                Ok(true) => self.report.reconnect_needed += 1,
                // Another run was faster, or it was linked again.
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(code = error.code.as_str(), cause = error.cause, "death not marked");
                    self.report.failed += 1;
                    self.report.still_due(looked.record.due_at);
                }
            }
        }
    }

    async fn in_time<T>(&self, write: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let written = timeout_at(self.deadline, write).await;
        written.unwrap_or_else(|_elapsed| Err(Error::storage_unavailable("the time of the run is up")))
    }
}
