//! What the answers require.

use std::sync::Arc;

use shared::{
    clock::UnixSeconds,
    store::{
        keep::grants::{AccountChange, Due, GrantChange},
        records::{Account, Kept, Status},
        schedule::{KEEP_DEAD, grant_due_at},
    },
};

use crate::outcome::{Condemned, CondemnedGrant};

use super::findings::{GrantCheck, Stop};

/// How soon an unfinished check resumes: in the next run, and there behind records that have waited
/// longer.
const GOES_ON_AFTER: u64 = 240;

impl GrantCheck<'_> {
    /// Reseals, deletes what has been dead for long, and sets the next due time. If there are
    /// deaths, that is left to the write that marks them: if they are not believed, the grant stays
    /// due.
    pub(super) async fn finish(&mut self) -> Result<(), Stop> {
        let due = match self.goes_on.take() {
            Some(progress) => Due::GoesOn(self.keeper.clock.now().saturating_add(GOES_ON_AFTER), progress),
            None if self.unfinished => Due::Unchanged,
            None => self.next(),
        };
        let accounts: Vec<(&Account<Kept>, AccountChange)> = match due {
            Due::At(_) | Due::Never => self.housekeeping(),
            Due::Unchanged | Due::GoesOn(..) => self.noted().collect(),
        };
        let tables = &self.keeper.tables;
        if self.dead_accounts.is_empty() && self.grant_died.is_none() {
            if due == Due::Unchanged {
                tables.change_grant(&self.holding, &accounts, None, None).await?;
                return Ok(());
            }
            let mut grant = self.grant_change(due);
            if !self.rests_on_it_after(&accounts) {
                grant = GrantChange { token: None, forget: true, due: Due::Never, ..grant };
            }
            tables.change_grant(&self.holding, &accounts, Some(&grant), None).await?;
            return Ok(());
        }
        tables.change_grant(&self.holding, &accounts, None, None).await?;
        let holding = Arc::new(self.holding.clone());
        let mut dead: Vec<CondemnedGrant> = std::mem::take(&mut self.dead_accounts)
            .into_iter()
            .map(|account| CondemnedGrant { holding: Arc::clone(&holding), account: Some(account), grant: None })
            .collect();
        match (self.grant_died, dead.last_mut()) {
            (Some(death), _) => {
                let grant = GrantChange { dead: Some(death), due, checked: self.is_checked(), ..GrantChange::default() };
                dead.push(CondemnedGrant { holding, account: None, grant: Some(grant) });
            }
            (None, Some(last)) if due != Due::Unchanged => {
                last.grant = Some(GrantChange { due, checked: self.is_checked(), ..GrantChange::default() })
            }
            _ => {}
        }
        self.outcome.dead = dead.into_iter().map(Condemned::Grant).collect();
        Ok(())
    }

    /// The notes to write about accounts.
    fn noted(&self) -> impl Iterator<Item = (&Account<Kept>, AccountChange)> {
        let notes = self
            .notes
            .iter()
            .filter_map(|(id, note)| Some((self.holding.accounts.iter().find(|account| account.id == *id)?, note.clone())));
        notes.chain(self.ending())
    }

    /// Reports to make about accounts that work but soon will not. An account with another note is
    /// reported next time.
    fn ending(&self) -> impl Iterator<Item = (&Account<Kept>, AccountChange)> {
        let is_told =
            |account: &&Account<Kept>| account.expiring_told.is_some() || self.notes.iter().any(|(noted, _)| *noted == account.id);
        let ending = self.ends_soon().map(|reason| {
            self.living_accounts()
                .filter(move |account| !is_told(account))
                .map(move |account| (account, AccountChange::ExpiringSoon(reason)))
        });
        ending.into_iter().flatten()
    }

    /// The same, plus anything else an account needs: each is written once, and the rest waits.
    fn housekeeping(&self) -> Vec<(&Account<Kept>, AccountChange)> {
        let change = |account: &Account<Kept>| {
            // A borrowed token goes with the grant.
            let is_lent = self.platform_lends_tokens() && self.living_accounts().next().is_some();
            if !is_lent && is_over(account.status, account.dead_since, &account.access_token, self.now) {
                return Some(AccountChange::Forget);
            }
            account.access_token.to_reseal().map(|token| AccountChange::Token(token.clone()))
        };
        let noted: Vec<_> = self.noted().collect();
        let spoken_of = |account: &Account<Kept>| {
            self.dead_accounts.iter().any(|(dead, _)| *dead == account.id) || noted.iter().any(|(noted, _)| noted.id == account.id)
        };
        let accounts = self.holding.accounts.iter().filter(|account| !spoken_of(account));
        let changed: Vec<_> = accounts.filter_map(|account| Some((account, change(account)?))).collect();
        changed.into_iter().chain(noted).collect()
    }

    /// Whether an account still rests on the grant after these changes.
    fn rests_on_it_after(&self, changes: &[(&Account<Kept>, AccountChange)]) -> bool {
        let goes = |account: &Account<Kept>| {
            changes.iter().any(|(other, change)| other.id == account.id && matches!(change, AccountChange::Forget))
        };
        self.holding.accounts.iter().any(|account| account.rests() && !goes(account))
    }

    /// Whether the platform gave any answer: nothing is asked about what has been dead for long.
    const fn is_checked(&self) -> bool {
        self.outcome.checked + self.outcome.refreshed > 0
    }

    fn grant_change(&self, due: Due) -> GrantChange {
        let forget =
            !self.grant_recovered && is_over(self.holding.grant.status, self.holding.grant.dead_since, &self.holding.grant.token, self.now);
        let learned = self.facts.as_ref().and_then(|facts| facts.expires_at).filter(|_| self.holding.grant.expires_at.is_none());
        GrantChange {
            token: self.holding.grant.token.to_reseal().filter(|_| !forget).cloned(),
            issued: learned.map(|end| (self.holding.grant.issued_at, Some(end))),
            data_access_expires_at: self.facts.as_ref().and_then(|facts| facts.data_access_expires_at),
            dead: None,
            recovered: self.grant_recovered,
            seen_dead: false,
            forget,
            checked: self.is_checked() && matches!(due, Due::At(_) | Due::Never),
            due,
        }
    }

    /// Daily while anything works or may recover; then when the first dead token may be deleted;
    /// then never.
    fn next(&self) -> Due {
        if self.grant_lives() || self.living_accounts().next().is_some() || self.something_may_recover() {
            let end = self.end().filter(|_| self.grant_lives());
            return Due::At(grant_due_at(self.holding.user_uuid, self.now, self.holding.grant.issued_at, end, self.keeper.check_every));
        }
        let grant = (&self.holding.grant.token, self.holding.grant.dead_since);
        let kept = self.holding.accounts.iter().map(|account| (&account.access_token, account.dead_since)).chain([grant]);
        let ends =
            kept.filter(|(token, _)| !matches!(token, Kept::None)).map(|(_, since)| since.unwrap_or(self.now).saturating_add(KEEP_DEAD));
        // What has run out is deleted now.
        ends.filter(|end| *end > self.now).min().map_or(Due::Never, Due::At)
    }
}

/// Whether a token has been dead for so long that it is deleted.
fn is_over(status: Status, dead_since: Option<UnixSeconds>, token: &Kept, now: UnixSeconds) -> bool {
    let since = dead_since.filter(|_| status == Status::ReconnectNeeded && !matches!(token, Kept::None));
    since.is_some_and(|since| since.saturating_add(KEEP_DEAD) <= now)
}
