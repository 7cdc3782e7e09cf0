//! The outcome of maintaining one record.

use std::sync::Arc;

use shared::{
    clock::UnixSeconds,
    platform::AccountId,
    store::{
        keep::grants::{GrantChange, Holding},
        records::OpenShop,
    },
};

/// From here on a second look counts as a day later: due times are early by up to an eighth.
pub(crate) const SECOND_LOOK_AFTER: u64 = 20 * 3600;

/// The outcome for one record. Deaths are recorded here but not yet in the table.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Credentials renewed.
    pub(crate) refreshed: u64,
    /// Credentials checked with the provider and found working.
    pub(crate) checked: u64,
    /// Credentials that were renewed but still marked, because their scopes shrank.
    pub(crate) reconnect_needed: u64,
    /// Credentials that could not be judged this time.
    pub(crate) failed: u64,
    /// Credentials that the provider called dead.
    pub(crate) dead: Vec<Condemned>,
    /// Whether to leave the provider alone for the rest of the run: it throttles us, or refuses our
    /// own credentials.
    pub(crate) stop: bool,
    /// When to look at the record again.
    pub(crate) again: Again,
}

/// When to look at a record again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Again {
    /// At its due time, which was written with the changes.
    #[default]
    AsWritten,
    /// In the next run: it was not tried, or is not finished.
    NextRun,
    /// After a pause that grows with each failure.
    Patiently,
    /// In a day: it belongs to another app.
    Tomorrow,
}

/// A credential that its provider declared dead.
#[derive(Debug)]
pub(crate) enum Condemned {
    /// A store's pair, and why.
    Store(Box<OpenShop>, &'static str),
    /// A grant's token or an account's.
    Grant(CondemnedGrant),
}

/// A credential that a grantor declared dead, and the grant as it was then.
#[derive(Clone, Debug)]
pub(crate) struct CondemnedGrant {
    pub(crate) holding: Arc<Holding>,
    /// None: the grant's own token.
    pub(crate) account: Option<(AccountId, &'static str)>,
    pub(crate) grant: Option<GrantChange>,
}

impl CondemnedGrant {
    /// When the grant was first found dead, or one of the accounts.
    pub(crate) fn dead_seen_at(&self) -> Option<UnixSeconds> {
        self.holding.grant.dead_seen_at
    }
}

impl Outcome {
    /// The record failed.
    pub(crate) fn failed() -> Self {
        Self { failed: 1, again: Again::Patiently, ..Self::default() }
    }

    /// The record was not tried, because its provider can't be asked now; nor will the others be.
    pub(crate) fn not_tried() -> Self {
        Self { failed: 1, stop: true, again: Again::NextRun, ..Self::default() }
    }

    /// There was more to do than time.
    pub(crate) fn unfinished() -> Self {
        Self { again: Again::NextRun, ..Self::default() }
    }

    /// The record belongs to another app.
    pub(crate) fn of_another_app(platform: &str) -> Self {
        tracing::warn!(platform, "a token that another app was given is left alone");
        Self { again: Again::Tomorrow, ..Self::default() }
    }

    /// When the record was first found dead, in a run in which too many were; none if that is new.
    pub(crate) fn dead_seen_at(&self) -> Option<UnixSeconds> {
        match self.dead.first()? {
            Condemned::Store(record, _) => record.dead_seen_at,
            Condemned::Grant(condemned) => condemned.dead_seen_at(),
        }
    }
}
