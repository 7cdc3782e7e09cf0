//! Exchanges a grant's token before it ends, and derives the accounts' tokens from the new one.

use std::time::Duration;

use shared::{
    Secret,
    calls::count,
    platform::AccountId,
    providers::grantor::{GrantToken, TroubleKind},
    signing::equal,
    store::{
        keep::grants::{AccountChange, GrantChange},
        leases::{Lease, LeaseAnswer},
        records::{Account, Kept},
        schedule::SOON,
    },
};

use super::findings::{GrantCheck, Stop};

/// Outlives the visit; if the holder dies, another can take over after this.
const LEASE: Duration = Duration::from_secs(60);

/// After an exchange that returned a token but did not extend access, wait this long.
const AGAIN_AFTER: u64 = 7 * 24 * 3600;

impl GrantCheck<'_> {
    /// Exchanges a token that is about to end, unless another run is doing so.
    pub(super) async fn exchange_in_time(&mut self) -> Result<(), Stop> {
        let (Some(_), Some(end)) = (&self.facts, self.end()) else { return Ok(()) };
        // A token that was dead is exchanged once it is marked as working.
        if self.grant_recovered || !(self.holding.grant.is_fading(end, self.now) || self.access_fades()) {
            return Ok(());
        }
        let (sessions, now) = (&self.keeper.sessions, self.keeper.clock.now_millis());
        let account = self.holding.user_uuid.to_string();
        let LeaseAnswer::Granted(lease) = sessions.lease(self.grantor.platform(), &account, LEASE, now).await? else {
            return Err(Stop::Changed);
        };
        let exchanged = self.exchange_under(&lease).await;
        if !matches!(exchanged, Ok(true)) {
            sessions.release(&lease, None).await;
        }
        exchanged.map(drop)
    }

    /// The accounts' new tokens are written first: after a crash before the grant's own, everything
    /// is repeated. True if the lease was returned along with that.
    async fn exchange_under(&mut self, lease: &Lease) -> Result<bool, Stop> {
        // Read under the lease: another may just have exchanged it.
        let read = self.keeper.tables.load_grant(self.holding.user_uuid, &self.holding.grant.id).await?;
        self.holding = read.filter(|read| read.is_as_before(&self.holding)).ok_or(Stop::Changed)?;
        let Some(token) = self.holding.grant.token.token() else { return Ok(false) };
        let metrics = &self.grantor.platform().metrics;
        let answer = self.grantor.renew(self.context, token, self.keeper.clock.now()).await;
        if answer.is_err() {
            count(metrics.refresh_failed, 1);
        }
        let renewed = match answer {
            Ok(renewed) => renewed,
            // The token has weeks to live. The exchange is retried daily, and the accounts are
            // maintained in the meantime.
            Err(trouble) if trouble.kind == TroubleKind::Refused => {
                tracing::warn!(platform = self.platform(), cause = trouble.cause, "token not exchanged");
                self.outcome.failed += 1;
                self.exchange_refused = true;
                return Ok(false);
            }
            Err(trouble) => return Err(Stop::Trouble(trouble)),
        };
        let derived = self.derive(&renewed).await?;
        let grant = GrantChange {
            token: Some(renewed.access_token),
            issued: Some((self.keeper.clock.now(), renewed.expires_at)),
            ..GrantChange::default()
        };
        let accounts: Vec<_> = derived.iter().map(|(account, token)| (*account, AccountChange::Token(token.clone()))).collect();
        let written = self.keeper.tables.change_grant(&self.holding, &accounts, Some(&grant), Some(lease)).await?;
        if !written.grant {
            return Err(Stop::Changed);
        }
        self.outcome.checked -= 1;
        self.outcome.refreshed += 1;
        count(metrics.refreshed, 1);
        let holding = self.keeper.tables.load_grant(self.holding.user_uuid, &self.holding.grant.id).await?;
        self.holding = holding.ok_or(Stop::Changed)?;
        // It described the previous token.
        if let Some(facts) = &mut self.facts {
            facts.expires_at = None;
        }
        Ok(written.lease_over)
    }

    /// Whether access to the grantor's data ends soon, and this token was not just exchanged
    /// because of that.
    fn access_fades(&self) -> bool {
        let is_soon = self.access_end().is_some_and(|end| end <= self.now.saturating_add(SOON));
        is_soon && self.holding.grant.issued_at.saturating_add(AGAIN_AFTER) <= self.now
    }

    /// The new tokens of the accounts that rest on this grant, if they differ. An account without
    /// one keeps its token; its own check will tell.
    async fn derive(&self, renewed: &GrantToken) -> Result<Vec<(&Account<Kept>, Secret)>, Stop> {
        let held: Vec<AccountId> = self.living_accounts().map(|account| account.id.clone()).collect();
        if held.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.grantor.derive(self.context, &renewed.access_token, &held).await.map_err(Stop::Trouble)?;
        let derived = self.living_accounts().filter_map(|account| {
            let (_, token) = found.extract_if(.., |(id, _)| *id == account.id).next()?;
            let same = account.access_token.token().is_some_and(|kept| equal(kept.expose().as_bytes(), token.expose().as_bytes()));
            (!same).then_some((account, token))
        });
        Ok(derived.collect())
    }
}
