//! A check in progress: the grant as read, what its platform has said about it, and how far the
//! check has come.

use std::collections::BTreeSet;

use shared::{
    Error,
    clock::UnixSeconds,
    platform::AccountId,
    providers::{
        grantor::{CallContext, Facts, Grantor, Trouble},
        permissions::Granted,
    },
    store::{
        keep::grants::{AccountChange, Holding},
        records::{Account, Kept, Progress, Status, Step},
        schedule::SOON,
    },
};

use super::pace::Pace;
use crate::{keeper::TokenKeeper, outcome::Outcome};

/// Why an account is dead although its token works: the token does not allow all that the bot
/// needs.
pub(super) const MISSING_PERMISSION: &str = "missing_permission";

/// The check of one grant.
pub(super) struct GrantCheck<'a> {
    pub(super) keeper: &'a TokenKeeper,
    pub(super) grantor: &'a dyn Grantor,
    pub(super) context: &'a CallContext,
    pub(super) holding: Holding,
    pub(super) now: UnixSeconds,
    pub(super) pace: Pace,
    pub(super) outcome: Outcome,
    /// What the platform says about the grant's token, if it works.
    pub(super) facts: Option<Facts>,
    pub(super) grant_died: Option<&'static str>,
    pub(super) dead_accounts: Vec<(AccountId, &'static str)>,
    /// The grant was dead and works again.
    pub(super) grant_recovered: bool,
    /// Accounts that were dead and work again.
    pub(super) recovered: Vec<AccountId>,
    /// The exchange of the grant's token was refused, so it will not be extended.
    pub(super) exchange_refused: bool,
    /// Notes on working accounts.
    pub(super) notes: Vec<(AccountId, AccountChange)>,
    /// Whether a question remained unanswered.
    pub(super) unfinished: bool,
    /// Where the next check resumes, if time ran out.
    pub(super) goes_on: Option<Progress>,
}

/// Why a check ends early.
pub(super) enum Stop {
    /// The record has changed, and whoever changed it took care of the rest.
    Changed,
    /// The grant is another app's.
    OfAnotherApp,
    /// The platform's answer was inconclusive.
    Trouble(Trouble),
    Storage(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Storage(error)
    }
}

impl GrantCheck<'_> {
    /// The platform's name in the log.
    pub(super) fn platform(&self) -> &'static str {
        self.grantor.platform().name
    }

    /// The required permissions that were there when the link was made: one that was configured
    /// later has not been taken away.
    pub(super) fn needed(&self) -> impl Iterator<Item = &str> {
        self.grantor.scopes().iter().map(String::as_str).filter(|scope| self.holding.grant.scopes.iter().any(|granted| granted == scope))
    }

    pub(super) fn living_accounts(&self) -> impl Iterator<Item = &Account<Kept>> {
        self.holding.accounts.iter().filter(|account| self.lives(account))
    }

    fn lives(&self, account: &Account<Kept>) -> bool {
        account.status == Status::Active && !self.dead_accounts.iter().any(|(dead, _)| *dead == account.id)
    }

    pub(super) fn grant_lives(&self) -> bool {
        (self.holding.grant.status == Status::Active || self.grant_recovered) && self.grant_died.is_none()
    }

    /// Whether the grant is dead but may recover without a link.
    pub(super) fn grant_may_recover(&self) -> bool {
        let grant = &self.holding.grant;
        let is_dead = grant.status == Status::ReconnectNeeded && grant.token.token().is_some();
        is_dead && grant.reason.as_deref().is_some_and(|reason| self.grantor.may_pass(reason))
    }

    /// Whether an account is dead but may recover without a link: what its token lacked can also be
    /// granted again at the platform.
    pub(super) fn may_recover(&self, account: &Account<Kept>) -> bool {
        let is_dead = account.status == Status::ReconnectNeeded && account.access_token.token().is_some();
        is_dead && account.reason.as_deref().is_some_and(|reason| self.may_pass(reason))
    }

    /// Whether anything about the grant is dead, now or before, but may recover without a link.
    pub(super) fn something_may_recover(&self) -> bool {
        let mut died = self.dead_accounts.iter().map(|(_, reason)| *reason);
        self.grant_may_recover()
            || self.grant_died.is_some_and(|reason| self.grantor.may_pass(reason))
            || died.any(|reason| self.may_pass(reason))
            || self.holding.accounts.iter().any(|account| self.may_recover(account))
    }

    fn may_pass(&self, reason: &str) -> bool {
        reason == MISSING_PERMISSION || self.grantor.may_pass(reason)
    }

    /// Whether the accounts have no tokens of their own.
    pub(super) fn platform_lends_tokens(&self) -> bool {
        self.grantor.platform().account.is_some_and(|kind| kind.borrows_token)
    }

    /// Whether everything required was granted for an account, by its own token and the grant's,
    /// and for its companion if that is essential.
    pub(super) fn granted(&self, facts: &Facts, account: &AccountId) -> Granted {
        let said = self.needed().flat_map(|scope| self.said(facts).map(move |facts| facts.permissions.granted(scope, account)));
        let companion = self.holding.accounts.iter().find(|held| held.id == *account).and_then(|held| held.companion.as_ref());
        let essential = companion.filter(|companion| companion.id.kind().is_essential);
        let by_companion = essential.and_then(|companion| self.said(facts).map(|facts| facts.permissions.granted_to(&companion.id)).min());
        said.chain(by_companion).min().unwrap_or(Granted::Yes)
    }

    /// What the platform says about an account's own token and the grant's.
    pub(super) fn said<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = &'a Facts> {
        [Some(facts), self.facts.as_ref()].into_iter().flatten()
    }

    /// What ends soon and can't be extended by us, as a word.
    pub(super) fn ends_soon(&self) -> Option<&'static str> {
        let is_soon = |end: Option<UnixSeconds>| end.is_some_and(|end| end <= self.now.saturating_add(SOON));
        match (self.exchange_refused, is_soon(self.end()), is_soon(self.access_end())) {
            (true, true, _) => Some("token_expires"),
            (true, false, true) => Some("data_access_expires"),
            _ => None,
        }
    }

    /// When access to the grantor's data ends, if it does.
    pub(super) fn access_end(&self) -> Option<UnixSeconds> {
        let grant = &self.holding.grant;
        let ends = self.grantor.has_ending_access(&grant.kind, &grant.scopes);
        self.facts.as_ref().and_then(|facts| facts.data_access_expires_at).filter(|_| ends)
    }

    /// When the grant's token ends: according to the platform, because not every exchange says so,
    /// or else as stored.
    pub(super) fn end(&self) -> Option<UnixSeconds> {
        self.facts.as_ref().and_then(|facts| facts.expires_at).or(self.holding.grant.expires_at)
    }

    /// The accounts that an earlier check did not reach with this step, in order of id: working
    /// ones and, for tokens, those that may recover.
    pub(super) fn left_of(&self, step: Step) -> impl Iterator<Item = &Account<Kept>> {
        let after =
            self.holding.grant.progress.as_ref().filter(|progress| progress.step == step).and_then(|progress| progress.after.as_ref());
        let is_asked = move |account: &&Account<Kept>| self.lives(account) || step == Step::Tokens && self.may_recover(account);
        self.holding.accounts.iter().filter(is_asked).filter(move |account| after.is_none_or(|after| account.id > *after))
    }

    /// Records where the next check resumes, if this one did not cover all of these. If it came no
    /// further than the previous one, there is nothing to resume from.
    pub(super) fn has_come_to(&mut self, step: Step, all: &[AccountId], done: &BTreeSet<AccountId>) {
        if all.iter().all(|id| done.contains(id)) {
            return;
        }
        let before = self.holding.grant.progress.as_ref().filter(|progress| progress.step == step);
        let after = all.iter().take_while(|id| done.contains(*id)).last().or(before.and_then(|before| before.after.as_ref()));
        let reached = Progress { step, after: after.cloned() };
        if before.map_or(reached.after.is_none() && step == Step::Tokens, |before| *before == reached) {
            // Its messages can wait until tomorrow.
            self.unfinished |= step == Step::Tokens;
        } else {
            self.goes_on = Some(reached);
        }
    }
}
