//! The part of the run that talks to one grantor: grants and the accounts that rest on them.

mod check;

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use shared::{
    Error,
    clock::UnixSeconds,
    platform::{GrantId, Platform},
    providers::grantor::{CallContext, Grantor},
    store::keep::grants::{AccountChange, GrantChange},
};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::{
    keeper::TokenKeeper,
    outcome::{CondemnedGrant, Outcome},
};

use check::Checks;

/// The limit for one visit, so that one person takes only part of a run.
const WORK: Duration = Duration::from_secs(45);

/// Maintains the grants of one platform.
pub(crate) struct Grants<'a> {
    keeper: &'a TokenKeeper,
    pub(crate) grantor: &'a dyn Grantor,
    context: OnceLock<CallContext>,
    /// The end of the run.
    deadline: Instant,
    /// Since when a check counts, even if the next one is not yet due.
    unchecked_since: Option<UnixSeconds>,
    /// Whether the platform is no longer called in this run.
    stopped: AtomicBool,
}

impl<'a> Grants<'a> {
    pub(crate) fn new(keeper: &'a TokenKeeper, grantor: &'a dyn Grantor, deadline: Instant, unchecked_since: Option<UnixSeconds>) -> Self {
        Self { keeper, grantor, context: OnceLock::new(), deadline, unchecked_since, stopped: AtomicBool::new(false) }
    }

    pub(crate) fn platform(&self) -> &'static Platform {
        self.grantor.platform()
    }

    /// Maintains one grant, as far as due: checks the tokens, exchanges the grant's before it ends,
    /// and reseals what an old key sealed.
    ///
    /// # Errors
    /// `storage_unavailable`; what was written by then is complete, and the rest is done next time.
    pub(crate) async fn look_after(&self, user_uuid: Uuid, id: &GrantId) -> Result<Outcome, Error> {
        if self.stopped.load(Ordering::Relaxed) {
            return Ok(Outcome::not_tried());
        }
        let context = self.context()?;
        let end = (Instant::now() + WORK).min(self.deadline);
        let checks = Checks { keeper: self.keeper, grantor: self.grantor, context, unchecked_since: self.unchecked_since };
        let worked = timeout_at(end, check::run(checks, (user_uuid, id), end)).await;
        let outcome = worked.unwrap_or_else(|_elapsed| {
            tracing::warn!(platform = self.platform().name, "looking after a person took too long");
            Ok(Outcome::failed())
        })?;
        self.stopped.fetch_or(outcome.stop, Ordering::Relaxed);
        Ok(outcome)
    }

    /// How many records the platform's limit allows concurrently, given the usual number.
    pub(crate) fn width(&self, usual: usize) -> usize {
        self.context.get().map_or(usual, |context| context.load.width(usual))
    }

    /// Marks a credential as dead, with the event that reports it; false if the record has changed
    /// since it was judged.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub(crate) async fn condemn(&self, condemned: &CondemnedGrant) -> Result<bool, Error> {
        let CondemnedGrant { holding, account, grant } = condemned;
        let accounts: Vec<_> = account
            .iter()
            .filter_map(|(id, reason)| Some((holding.accounts.iter().find(|account| account.id == *id)?, AccountChange::Dead(reason))))
            .collect();
        let written = self.keeper.tables.change_grant(holding, &accounts, grant.as_ref(), None).await?;
        Ok(if account.is_some() { written.accounts > 0 } else { written.grant })
    }

    /// Notes that a grant, or one of its accounts, was found dead, which is not yet believed.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub(crate) async fn note_dead(&self, condemned: &CondemnedGrant) -> Result<(), Error> {
        let seen = GrantChange { seen_dead: true, ..GrantChange::default() };
        self.keeper.tables.change_grant(&condemned.holding, &[], Some(&seen), None).await?;
        Ok(())
    }

    /// What the calls of this run share. Its connections must not outlive the invocation, because
    /// the instance is frozen afterwards.
    pub(crate) fn context(&self) -> Result<&CallContext, Error> {
        if let Some(context) = self.context.get() {
            return Ok(context);
        }
        let outbound = self.keeper.http.outbound()?;
        Ok(self.context.get_or_init(|| CallContext::new(outbound)))
    }
}
