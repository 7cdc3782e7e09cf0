//! Credentials that are dead but may work again without a link: they are still checked, and an
//! event is sent once they do.

use shared::{
    platform::AccountId,
    providers::{grantor::Facts, permissions::Granted},
    store::{
        keep::grants::AccountChange,
        records::{Account, Kept, Status},
    },
};

use super::findings::{GrantCheck, Stop};

impl GrantCheck<'_> {
    pub(super) fn was_dead(&self, id: &AccountId) -> bool {
        self.holding.accounts.iter().any(|account| account.id == *id && account.status != Status::Active)
    }

    /// Records a dead account whose token works again, if it has all required permissions.
    pub(super) fn account_lives_again(&mut self, id: &AccountId, facts: &Facts) {
        if self.granted(facts, id) == Granted::Yes {
            self.outcome.checked += 1;
            self.recovered.push(id.clone());
        }
    }

    /// Marks what works again as active, with its events, before anything else: its messages are
    /// then checked like any other's.
    pub(super) async fn revive(&mut self) -> Result<(), Stop> {
        let is_back = |account: &&Account<Kept>| self.recovered.contains(&account.id);
        let back: Vec<_> = self.holding.accounts.iter().filter(is_back).map(|account| (account, AccountChange::Recovered)).collect();
        if back.is_empty() {
            return Ok(());
        }
        let written = self.keeper.tables.change_grant(&self.holding, &back, None, None).await?;
        if written.accounts < back.len() {
            // Another run has, or it was linked again: the next check sees the new state.
            return Err(Stop::Changed);
        }
        for account in self.holding.accounts.iter_mut().filter(|account| self.recovered.contains(&account.id)) {
            (account.status, account.reason, account.dead_since, account.withheld_since) = (Status::Active, None, None, None);
        }
        Ok(())
    }
}
