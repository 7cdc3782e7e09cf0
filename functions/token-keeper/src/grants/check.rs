//! The check of one grant: first the questions, then what the answers require.
//!
//! ```text
//! read -> ask about the grant's token
//!      -> [lease, read, exchange it, derive the accounts' tokens, write, read again]
//!      -> ask about each account's -> their messages -> write
//! ```
//!
//! Of two concurrent visits both ask and one writes: each write requires what was read, including
//! the due time. Only an exchange needs a lease.
//!
//! A check has a time limit. If it has not covered all accounts by then, it writes what it found
//! and how far it came, and the next check resumes there.
//!
//! Deaths are only reported. An inconclusive answer ends the check without a change, and the grant
//! is retried.

mod exchange;
mod findings;
mod finish;
mod messages;
mod pace;
mod recovery;

use std::collections::BTreeSet;

use shared::{
    Error, Secret, UnixSeconds, lambda,
    platform::{AccountId, GrantId},
    providers::{
        grantor::{CallContext, Ended, Facts, Grantor, Standing, Trouble, TroubleKind},
        permissions::Granted,
    },
    store::{
        keep::grants::{AccountChange, Due, GrantChange, Holding},
        records::{Account, Kept, Status, Step},
        schedule::early,
    },
};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    keeper::TokenKeeper,
    outcome::{Again, Outcome, SECOND_LOOK_AFTER},
};

use findings::{GrantCheck, MISSING_PERMISSION, Stop};
use pace::Pace;

const DAY: u64 = 24 * 3600;

/// What checks require.
pub(super) struct Checks<'a> {
    pub(super) keeper: &'a TokenKeeper,
    pub(super) grantor: &'a dyn Grantor,
    pub(super) context: &'a CallContext,
    /// Since when a check counts, even if the next one is not yet due.
    pub(super) unchecked_since: Option<UnixSeconds>,
}

/// Runs the check, which must finish by `end`.
///
/// # Errors
/// `storage_unavailable`; what was written by then is complete, and the rest is done next time.
pub(super) async fn run(checks: Checks<'_>, (user_uuid, id): (Uuid, &GrantId), end: Instant) -> Result<Outcome, Error> {
    let Checks { keeper, grantor, context, unchecked_since } = checks;
    let now = keeper.clock.now();
    // The index may lag, and another run may have been here.
    let found = keeper.tables.load_grant(user_uuid, id).await?;
    let is_due = |holding: &Holding| holding.grant.is_due(user_uuid, unchecked_since, (now, keeper.check_every));
    let Some(holding) = found.filter(is_due) else { return Ok(Outcome::default()) };
    if holding.grant.app_id != grantor.app_id() {
        return Ok(Outcome::of_another_app(grantor.platform().name));
    }
    if let (false, true, Some(token)) = (holding.is_used(), id.kind().ends_with_accounts, holding.grant.token.token())
        && !keeper.tables.grant_is_used(id).await?
    {
        match grantor.revoke(&context.outbound, token).await {
            Ended::Later => return Ok(Outcome::failed()),
            Ended::Throttled => return Ok(Outcome::not_tried()),
            Ended::Done | Ended::Impossible | Ended::Refused => {}
        }
    }
    let idle = match (holding.is_used(), holding.is_wanted()) {
        (false, _) => Some(GrantChange { forget: true, due: Due::Never, ..GrantChange::default() }),
        (true, false) => Some(GrantChange { due: Due::At(early(user_uuid, now, DAY)), ..GrantChange::default() }),
        (true, true) => None,
    };
    if let Some(change) = idle {
        keeper.tables.change_grant(&holding, &[], Some(&change), None).await?;
        return Ok(Outcome::default());
    }
    let outcome = Outcome::default();
    let mut check = GrantCheck {
        keeper,
        grantor,
        context,
        holding,
        now,
        pace: Pace::until(end),
        outcome,
        facts: None,
        grant_died: None,
        dead_accounts: Vec::new(),
        grant_recovered: false,
        recovered: Vec::new(),
        exchange_refused: false,
        notes: Vec::new(),
        unfinished: false,
        goes_on: None,
    };
    match check.work().await {
        Ok(()) => Ok(check.outcome),
        Err(Stop::Changed) => Ok(Outcome { dead: Vec::new(), ..check.outcome }),
        Err(Stop::OfAnotherApp) => Ok(Outcome::of_another_app(grantor.platform().name)),
        Err(Stop::Trouble(trouble)) => Ok(check.troubled(&trouble)),
        Err(Stop::Storage(error)) => Err(error),
    }
}

impl GrantCheck<'_> {
    async fn work(&mut self) -> Result<(), Stop> {
        self.ask_about_grant().await?;
        if let Some(facts) = &self.facts
            && self.needed().any(|scope| facts.permissions.lack(scope))
        {
            // The accounts' tokens may work, but not for the bot, and a longer life would not help.
            self.dead_accounts = self.living_accounts().map(|account| (account.id.clone(), MISSING_PERMISSION)).collect();
        } else {
            self.exchange_in_time().await?;
            self.ask_about_accounts().await?;
            self.revive().await?;
        }
        if !self.unfinished && self.goes_on.is_none() {
            self.keep_messages_arriving().await;
        }
        if self.unfinished {
            self.outcome.failed += 1;
        }
        // Other grants would meet the same limit.
        self.outcome.stop |= self.context.load.is_exhausted();
        self.outcome.again = match (self.unfinished && self.goes_on.is_none(), self.outcome.stop) {
            (false, _) => Again::AsWritten,
            (true, false) => Again::Patiently,
            (true, true) => Again::NextRun,
        };
        self.finish().await
    }

    async fn ask(&self, token: &Secret) -> Result<Standing, Trouble> {
        self.grantor.check(self.context, token).await
    }

    /// A token known to be dead is not checked again, unless it may recover.
    async fn ask_about_grant(&mut self) -> Result<(), Stop> {
        let was_dead = self.holding.grant.status != Status::Active;
        if was_dead && !self.grant_may_recover() {
            return Ok(());
        }
        let Some(token) = self.holding.grant.token.token() else {
            if matches!(self.holding.grant.token, Kept::Corrupt) {
                self.does_not_open();
            }
            return Ok(());
        };
        match self.ask(token).await.map_err(Stop::Trouble)? {
            Standing::Valid(facts) => {
                self.outcome.checked += 1;
                self.facts = Some(facts);
                self.grant_recovered = was_dead;
            }
            Standing::Dead(death) => self.grant_died = Some(death).filter(|_| !was_dead),
            Standing::OfAnotherApp => return Err(Stop::OfAnotherApp),
        }
        Ok(())
    }

    async fn ask_about_accounts(&mut self) -> Result<(), Stop> {
        let platform = self.platform();
        if self.platform_lends_tokens() {
            self.answer_for_accounts();
            return Ok(());
        }
        if self.holding.grant.progress.as_ref().is_some_and(|progress| progress.step != Step::Tokens) {
            return Ok(());
        }
        let (ours, foreign): (Vec<&Account<Kept>>, Vec<&Account<Kept>>) =
            self.left_of(Step::Tokens).partition(|account| account.app_id == self.grantor.app_id());
        let corrupt = ours.iter().filter(|account| matches!(account.access_token, Kept::Corrupt)).count();
        let foreign = foreign.len();
        let asked: Vec<(AccountId, Secret)> =
            ours.iter().filter_map(|account| Some((account.id.clone(), account.access_token.token()?.clone()))).collect();
        let ids: Vec<AccountId> = asked.iter().map(|(id, _)| id.clone()).collect();
        let (check, load) = (&*self, &self.context.load);
        let ask = |(id, token): (AccountId, Secret)| async move { (id, check.ask(&token).await) };
        // Trouble with the app itself would affect the rest too.
        let of_app = |trouble: &Trouble| trouble.kind != TroubleKind::Passing;
        let answers = self.pace.ask(load, asked, ask, |(_, answer)| answer.as_ref().is_err_and(of_app)).await;
        let mut answered = BTreeSet::new();
        for (id, answer) in answers {
            match answer {
                Ok(Standing::Valid(facts)) if self.was_dead(&id) => self.account_lives_again(&id, &facts),
                Ok(Standing::Valid(facts)) => self.account_lives(&id, &facts),
                Ok(Standing::Dead(_)) if self.was_dead(&id) => {}
                Ok(Standing::Dead(death)) => self.dead_accounts.push((id.clone(), death)),
                Ok(Standing::OfAnotherApp) => left_alone(platform),
                Err(trouble) if trouble.kind == TroubleKind::Passing => {
                    tracing::warn!(platform, cause = trouble.cause, "token not checked");
                    self.unfinished = true;
                }
                // The answers before it are valid as far as they go.
                Err(trouble) if trouble.kind == TroubleKind::Throttled && !answered.is_empty() => {
                    tracing::warn!(platform, cause = trouble.cause, "throttled; left alone for this run");
                    self.outcome.stop = true;
                    continue;
                }
                Err(trouble) => return Err(Stop::Trouble(trouble)),
            }
            answered.insert(id);
        }
        self.has_come_to(Step::Tokens, &ids, &answered);
        if self.holding.grant.progress.is_none() {
            (0..foreign).for_each(|_| left_alone(platform));
            (0..corrupt).for_each(|_| self.does_not_open());
        }
        Ok(())
    }

    /// For accounts that use the grant's token: its verdict is theirs.
    fn answer_for_accounts(&mut self) {
        let ours: Vec<AccountId> = self.left_of(Step::Tokens).map(|account| account.id.clone()).collect();
        for id in ours {
            match (self.facts.clone(), self.grant_died, self.was_dead(&id)) {
                (Some(facts), _, true) => self.account_lives_again(&id, &facts),
                (Some(facts), _, false) => self.account_lives(&id, &facts),
                (None, Some(death), false) => self.dead_accounts.push((id, death)),
                (None, _, _) => {}
            }
        }
    }

    /// Records an account whose token works; whether it allows enough is another question.
    fn account_lives(&mut self, id: &AccountId, facts: &Facts) {
        let noted = self.holding.accounts.iter().find(|account| account.id == *id).and_then(|account| account.withheld_since);
        match (self.granted(facts, id), noted) {
            (Granted::No, _) => return self.dead_accounts.push((id.clone(), MISSING_PERMISSION)),
            (Granted::ForNone, Some(since)) if since.saturating_add(SECOND_LOOK_AFTER) <= self.now => {
                return self.dead_accounts.push((id.clone(), MISSING_PERMISSION));
            }
            (Granted::ForNone, None) => self.notes.push((id.clone(), AccountChange::Withheld)),
            (Granted::Yes, Some(_)) => self.notes.push((id.clone(), AccountChange::NotWithheld)),
            (Granted::Yes, None) => {
                let change = self.change_of_companion(facts, id);
                self.notes.extend(change.map(|change| (id.clone(), change)));
            }
            (Granted::ForNone, Some(_)) => {}
        }
        self.outcome.checked += 1;
    }

    /// The consequence for an account's companion: if the companion's own permissions ended, the
    /// account goes on without it.
    fn change_of_companion(&self, facts: &Facts, id: &AccountId) -> Option<AccountChange> {
        let account = self.holding.accounts.iter().find(|account| account.id == *id)?;
        let companion = account.companion.as_ref().filter(|companion| !companion.id.kind().is_essential)?;
        let granted = self.said(facts).map(|facts| facts.permissions.granted_to(&companion.id)).min()?;
        match (granted, account.companion_withheld_since) {
            (Granted::No, _) => Some(AccountChange::Alone),
            (Granted::ForNone, Some(since)) if since.saturating_add(SECOND_LOOK_AFTER) <= self.now => Some(AccountChange::Alone),
            (Granted::ForNone, None) => Some(AccountChange::CompanionWithheld),
            (Granted::Yes, Some(_)) => Some(AccountChange::CompanionNotWithheld),
            (Granted::ForNone, Some(_)) | (Granted::Yes, None) => None,
        }
    }

    fn does_not_open(&mut self) {
        tracing::warn!(platform = self.platform(), "a sealed token does not open");
        self.outcome.failed += 1;
    }

    fn troubled(self, trouble: &Trouble) -> Outcome {
        let (platform, cause) = (self.platform(), &trouble.cause);
        let stop = match trouble.kind {
            TroubleKind::Passing | TroubleKind::Refused => {
                tracing::warn!(platform, cause, "token not checked");
                false
            }
            TroubleKind::Throttled => {
                tracing::warn!(platform, cause, "throttled; left alone for this run");
                true
            }
            TroubleKind::Credentials => {
                tracing::warn!(platform, cause, "token not checked");
                lambda::credentials_refused(platform);
                true
            }
        };
        let again = if stop { Again::NextRun } else { Again::Patiently };
        Outcome { failed: self.outcome.failed + 1, dead: Vec::new(), stop, again, ..self.outcome }
    }
}

fn left_alone(platform: &str) {
    tracing::warn!(platform, "a token that another app was given is left alone");
}
