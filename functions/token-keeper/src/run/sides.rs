//! The platforms in a run, each with its worker and a brake of its own.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use shared::{
    Error,
    clock::UnixSeconds,
    platform::Platform,
    providers::shopify,
    store::keep::due::{DueKey, DueRecord},
};
use tokio::time::Instant;

use crate::{
    grants::Grants,
    jobs,
    keeper::TokenKeeper,
    outcome::{Condemned, Outcome},
    stores::Stores,
};

use super::brake::Brake;

/// A platform in this run.
pub(super) struct Side<'a> {
    keeper: &'a TokenKeeper,
    work: Work<'a>,
    brake: Mutex<Brake>,
    /// Whether it is no longer called.
    stopped: AtomicBool,
}

/// The worker for a platform's records.
enum Work<'a> {
    /// Stores are the roots of identities.
    Stores(Stores<'a>),
    /// Accounts linked to them rest on grants.
    Grants(Grants<'a>),
}

impl<'a> Side<'a> {
    /// The stores' platform, then each grantor.
    pub(super) fn all(keeper: &'a TokenKeeper, deadline: Instant, unchecked_since: Option<UnixSeconds>) -> Vec<Self> {
        let grants = keeper.grantors.iter().map(|grantor| Work::Grants(Grants::new(keeper, grantor.as_ref(), deadline, unchecked_since)));
        let works = [Work::Stores(Stores::new(keeper, deadline))].into_iter().chain(grants);
        works.map(|work| Self { keeper, work, brake: Mutex::default(), stopped: AtomicBool::default() }).collect()
    }

    pub(super) fn platform(&self) -> &'static Platform {
        match &self.work {
            Work::Stores(_) => &shopify::PLATFORM,
            Work::Grants(grants) => grants.platform(),
        }
    }

    /// Whether a record belongs to this platform. A privacy request belongs to none: it makes no
    /// calls.
    pub(super) fn keeps(&self, key: &DueKey) -> bool {
        match (&self.work, key) {
            (Work::Stores(_), DueKey::Shop(_) | DueKey::Doubt(_)) => true,
            (Work::Grants(grants), DueKey::Grant(_, id)) => id.kind().platform == grants.platform(),
            (Work::Grants(grants), DueKey::Job(_, kind)) => has_job(grants.platform(), kind),
            _ => false,
        }
    }

    /// Whether a record of this platform has to wait because we no longer call the platform.
    /// Erasing makes no calls.
    pub(super) fn leaves_alone(&self, record: &DueRecord) -> bool {
        let is_erasing = matches!(record.key, DueKey::Shop(_)) && record.is_urgent();
        self.stopped.load(Ordering::Relaxed) && !is_erasing && self.keeps(&record.key)
    }

    /// Maintains a record of this platform.
    pub(super) async fn look_after(&self, key: &DueKey) -> Result<Outcome, Error> {
        match (&self.work, key) {
            (Work::Stores(stores), DueKey::Shop(user_uuid)) => stores.look_after(*user_uuid).await,
            (Work::Stores(stores), DueKey::Doubt(user_uuid)) => stores.settle_doubt(*user_uuid).await,
            (Work::Grants(grants), DueKey::Grant(user_uuid, id)) => grants.look_after(*user_uuid, id).await,
            (Work::Grants(grants), DueKey::Job(id, kind)) => jobs::carry_out(self.keeper, grants, *id, kind).await,
            _ => Ok(Outcome::default()),
        }
    }

    /// Counts a wave's outcomes for this platform, and returns what holds its deaths back.
    pub(super) fn count<'o>(&self, outcomes: impl Iterator<Item = &'o Outcome>, brake_is_off: bool) -> MutexGuard<'_, Brake> {
        let mut brake = self.brake.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stop = false;
        for outcome in outcomes {
            brake.count(outcome);
            stop |= outcome.stop;
        }
        self.stopped.fetch_or(stop || brake.holds() && !brake_is_off, Ordering::Relaxed);
        brake
    }

    /// How many concurrent calls the platform's limit allows, given the usual number.
    pub(super) fn width(&self, usual: usize) -> usize {
        match &self.work {
            Work::Stores(_) => usual,
            Work::Grants(grants) => grants.width(usual),
        }
    }

    /// Marks a credential as dead, with the event that reports it; false if the record has changed
    /// since it was judged.
    pub(super) async fn condemn(&self, condemned: &Condemned) -> Result<bool, Error> {
        match (condemned, &self.work) {
            (Condemned::Store(record, reason), _) => self.keeper.tables.condemn_shop(record, reason, None).await,
            (Condemned::Grant(condemned), Work::Grants(grants)) => grants.condemn(condemned).await,
            (Condemned::Grant(_), Work::Stores(_)) => Ok(false),
        }
    }

    /// Notes that it was found dead, which is not yet believed.
    pub(super) async fn note_dead(&self, condemned: &Condemned) -> Result<(), Error> {
        match (condemned, &self.work) {
            (Condemned::Store(record, _), _) => self.keeper.tables.note_dead_shop(record).await.map(drop),
            (Condemned::Grant(condemned), Work::Grants(grants)) => grants.note_dead(condemned).await,
            (Condemned::Grant(_), Work::Stores(_)) => Ok(()),
        }
    }
}

fn has_job(platform: &Platform, kind: &str) -> bool {
    let doubt = platform.account.and_then(|account| account.companion).and_then(|companion| companion.doubt);
    let jobs = [platform.account.map(|account| account.job), platform.grant.map(|grant| grant.job), doubt];
    jobs.contains(&Some(kind))
}
