//! The outcome of processing one record.

use std::sync::Arc;

use shared::{
    clock::UnixSeconds,
    platform::AccountId,
    store::{
        keep::grants::{GrantChange, Holding},
        records::OpenShop,
    },
};

/// From here on a second check counts as a day later: due times are early by up to an eighth.
pub(crate) const SECOND_LOOK_AFTER: u64 = 20 * 3600;

/// The outcome of one record. Deaths are reported here, not yet written to the table.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Credentials renewed.
    pub(crate) refreshed: u64,
    /// Credentials that were checked and work.
    pub(crate) checked: u64,
    /// Credentials that were renewed but marked anyway, since they have fewer permissions than
    /// before.
    pub(crate) reconnect_needed: u64,
    /// Credentials that could not be checked this time.
    pub(crate) failed: u64,
    /// Credentials that the provider called dead.
    pub(crate) dead: Vec<Condemned>,
    /// Leave the provider alone for the rest of the run: it throttles us, or refuses our own
    /// credentials.
    pub(crate) stop: bool,
    /// When the record is processed again.
    pub(crate) again: Again,
}

/// When a record is processed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Again {
    /// At its due time, which has already been written.
    #[default]
    AsWritten,
    /// In the next run: not tried, or not finished.
    NextRun,
    /// After a delay that grows with each failure.
    Patiently,
    /// In a day: it is another app's.
    Tomorrow,
}

/// A credential that its provider called dead.
#[derive(Debug)]
pub(crate) enum Condemned {
    /// A store's pair, and why.
    Store(Box<OpenShop>, &'static str),
    /// A grant's token or an account's.
    Grant(CondemnedGrant),
}

/// A credential that a grantor called dead, and the grant as it was then.
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

    /// The record was not tried, since its provider can't be called now; the others won't be
    /// either.
    pub(crate) fn not_tried() -> Self {
        Self { failed: 1, stop: true, again: Again::NextRun, ..Self::default() }
    }

    /// There was not enough time for everything.
    pub(crate) fn unfinished() -> Self {
        Self { again: Again::NextRun, ..Self::default() }
    }

    /// The record is another app's.
    pub(crate) fn of_another_app(platform: &str) -> Self {
        tracing::warn!(platform, "a token that another app was given is left alone");
        Self { again: Again::Tomorrow, ..Self::default() }
    }

    /// When the record was first found dead, in a run with too many deaths; none if it is new.
    pub(crate) fn dead_seen_at(&self) -> Option<UnixSeconds> {
        match self.dead.first()? {
            Condemned::Store(record, _) => record.dead_seen_at,
            Condemned::Grant(condemned) => condemned.dead_seen_at(),
        }
    }
}
