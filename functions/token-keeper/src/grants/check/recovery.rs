//! What is dead but may recover without a link: still checked, and reported once it works.

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

    /// Records a dead account whose token works again, if it allows everything required.
    pub(super) fn account_lives_again(&mut self, id: &AccountId, facts: &Facts) {
        if self.granted(facts, id) == Granted::Yes {
            self.outcome.checked += 1;
            self.recovered.push(id.clone());
        }
    }

    /// Marks what works again as active, with the events that report it, before anything else is
    /// done for it: its messages are then checked like those of any working account.
    pub(super) async fn revive(&mut self) -> Result<(), Stop> {
        let is_back = |account: &&Account<Kept>| self.recovered.contains(&account.id);
        let back: Vec<_> = self.holding.accounts.iter().filter(is_back).map(|account| (account, AccountChange::Recovered)).collect();
        if back.is_empty() {
            return Ok(());
        }
        let written = self.keeper.tables.change_grant(&self.holding, &back, None, None).await?;
        if written.accounts < back.len() {
            // Another run did, or it was linked again: the next check sees what is there then.
            return Err(Stop::Changed);
        }
        for account in self.holding.accounts.iter_mut().filter(|account| self.recovered.contains(&account.id)) {
            (account.status, account.reason, account.dead_since, account.withheld_since) = (Status::Active, None, None, None);
        }
        Ok(())
    }
}
