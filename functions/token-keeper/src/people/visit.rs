//! What is done for one person under the lease: the questions first, then what the answers call for.
//!
//! ```text
//! read -> ask about the person's token -> [exchange it, derive the Pages' tokens, write, read again] -> ask about each Page's -> their messages -> write
//! ```
//!
//! Deaths are only reported. Whatever is no clear answer ends the visit without a change, and the person stays due.

mod exchange;
mod finish;
mod messages;

use futures_util::{StreamExt as _, stream};
use shared::{
    Error, Secret,
    clock::UnixSeconds,
    http::Connections,
    lambda,
    providers::facebook::{
        PLATFORM,
        check::{Death, Facts, Standing, Trouble, TroubleKind, check},
        pages::PageId,
    },
    store::{
        due::early,
        leases::Lease,
        persons::{Grant, GrantedPage, Kept},
        persons_write::{Due, PersonChange},
        tokens::Status,
    },
};
use uuid::Uuid;

use crate::{TokenKeeper, outcome::Outcome};

const DAY: u64 = 24 * 3600;
/// Page tokens asked about at the same time.
const CONCURRENCY: usize = 8;
/// A Page whose token works, but not for all that the bot does.
const MISSING_PERMISSION: &str = "missing_permission";

pub(super) use messages::Hearing;

/// One person's turn.
pub(super) struct Visit<'a> {
    keeper: &'a TokenKeeper,
    provider: &'a Connections,
    hearing: &'a Hearing,
    grant: Grant,
    now: UnixSeconds,
    outcome: Outcome,
    /// What Facebook says of the person's token, where it works.
    facts: Option<Facts>,
    person_died: Option<Death>,
    dead_pages: Vec<(PageId, &'static str)>,
    /// Some question stayed open: the person stays due.
    unfinished: bool,
}

/// Why a visit ends early.
enum Stop {
    /// The record is not what it was, and whoever changed it has seen to the rest.
    Changed,
    /// Nothing follows from what Facebook said.
    Trouble(Trouble),
    Storage(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Storage(error)
    }
}

impl<'a> Visit<'a> {
    /// Pays the visit; true when the lease was given back with the last write.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub(super) async fn pay(
        keeper: &'a TokenKeeper,
        provider: &'a Connections,
        hearing: &'a Hearing,
        user_uuid: Uuid,
        user_id: &str,
        lease: &Lease,
    ) -> Result<(Outcome, bool), Error> {
        let (idle, now) = (|| (Outcome::default(), false), keeper.clock.now());
        // The index may lag behind, and another run may have been here.
        let Some(grant) =
            keeper.connections.load_grant(user_uuid, user_id).await?.filter(|grant| grant.due_at.is_some_and(|due| due <= now))
        else {
            return Ok(idle());
        };
        if grant.app_id != keeper.facebook.app_id {
            left_alone();
            return Ok(idle());
        }
        if !grant.is_wanted() {
            let later = PersonChange { due: Due::At(early(user_uuid, now, DAY)), ..PersonChange::default() };
            let written = keeper.connections.change_grant(&grant, &[], Some(&later), Some(lease)).await?;
            return Ok((Outcome::default(), written.lease_over));
        }
        let outcome = Outcome::default();
        let mut visit = Self {
            keeper,
            provider,
            hearing,
            grant,
            now,
            outcome,
            facts: None,
            person_died: None,
            dead_pages: Vec::new(),
            unfinished: false,
        };
        match visit.work(lease).await {
            Ok(lease_over) => Ok((visit.outcome, lease_over)),
            Err(Stop::Changed) => Ok((Outcome { dead: Vec::new(), ..visit.outcome }, false)),
            Err(Stop::Trouble(trouble)) => Ok((visit.troubled(&trouble), false)),
            Err(Stop::Storage(error)) => Err(error),
        }
    }

    async fn work(&mut self, lease: &Lease) -> Result<bool, Stop> {
        self.ask_about_person().await?;
        if let Some(facts) = &self.facts
            && self.needed().any(|scope| facts.lacks(scope))
        {
            // The Pages' tokens may work, but not for the bot; and a longer life would not help them.
            self.dead_pages = self.living_pages().map(|page| (page.id.clone(), MISSING_PERMISSION)).collect();
        } else {
            self.exchange_in_time().await?;
            self.ask_about_pages().await?;
        }
        if !self.unfinished {
            self.keep_messages_arriving().await;
        }
        self.finish(lease).await
    }

    /// The permissions that are needed and were there when the link was made: one that was configured later is not something the person took back.
    fn needed(&self) -> impl Iterator<Item = &str> {
        self.keeper.facebook.scopes.iter().map(String::as_str).filter(|scope| self.grant.scopes.iter().any(|granted| granted == scope))
    }

    fn living_pages(&self) -> impl Iterator<Item = &GrantedPage> {
        self.grant.pages.iter().filter(|page| page.status == Status::Active && !self.dead_pages.iter().any(|(dead, _)| *dead == page.id))
    }

    fn person_lives(&self) -> bool {
        self.grant.status == Status::Active && self.person_died.is_none()
    }

    /// The end of the person's token: Facebook's word, since not every exchange tells it, and otherwise what is stored.
    fn end(&self) -> Option<UnixSeconds> {
        self.facts.as_ref().and_then(|facts| facts.expires_at).or(self.grant.expires_at)
    }

    async fn ask(&self, token: &Secret) -> Result<Standing, Trouble> {
        check(&self.keeper.facebook, &self.keeper.graph, self.provider, token).await
    }

    /// A token that is known to be dead is not asked about again.
    async fn ask_about_person(&mut self) -> Result<(), Stop> {
        if self.grant.status != Status::Active {
            return Ok(());
        }
        let Some(token) = self.grant.token.token() else {
            if matches!(self.grant.token, Kept::Corrupt) {
                self.does_not_open();
            }
            return Ok(());
        };
        match self.ask(token).await.map_err(Stop::Trouble)? {
            Standing::Valid(facts) => {
                self.outcome.checked += 1;
                self.facts = Some(facts);
            }
            Standing::Dead(death) => self.person_died = Some(death),
            Standing::OfAnotherApp => {
                left_alone();
                return Err(Stop::Changed);
            }
        }
        Ok(())
    }

    async fn ask_about_pages(&mut self) -> Result<(), Stop> {
        let (ours, foreign): (Vec<&GrantedPage>, Vec<&GrantedPage>) =
            self.living_pages().partition(|page| page.app_id == self.keeper.facebook.app_id);
        let corrupt = ours.iter().filter(|page| matches!(page.token, Kept::Corrupt)).count();
        let foreign = foreign.len();
        for (id, answer) in self.ask_all(&ours).await? {
            match answer {
                Ok(Standing::Valid(facts)) if self.is_short_of_permissions(&facts, &id) => self.dead_pages.push((id, MISSING_PERMISSION)),
                Ok(Standing::Valid(_)) => self.outcome.checked += 1,
                Ok(Standing::Dead(death)) => self.dead_pages.push((id, death.as_str())),
                Ok(Standing::OfAnotherApp) => left_alone(),
                Err(trouble) => {
                    tracing::warn!(platform = PLATFORM.name, cause = trouble.cause, "token not checked");
                    self.unfinished = true;
                }
            }
        }
        self.outcome.failed += u64::from(self.unfinished);
        (0..foreign).for_each(|_| left_alone());
        (0..corrupt).for_each(|_| self.does_not_open());
        Ok(())
    }

    async fn ask_all(&self, pages: &[&GrantedPage]) -> Result<Vec<(PageId, Result<Standing, Trouble>)>, Stop> {
        let with_token: Vec<(PageId, Secret)> =
            pages.iter().filter_map(|page| Some((page.id.clone(), page.token.token()?.clone()))).collect();
        let mut asking =
            stream::iter(with_token).map(|(id, token)| async move { (id, self.ask(&token).await) }).buffer_unordered(CONCURRENCY);
        let mut answers = Vec::new();
        while let Some((id, answer)) = asking.next().await {
            match answer {
                // The rest would be told the same.
                Err(trouble) if trouble.kind != TroubleKind::Passing => return Err(Stop::Trouble(trouble)),
                answer => answers.push((id, answer)),
            }
        }
        Ok(answers)
    }

    fn is_short_of_permissions(&self, facts: &Facts, page: &PageId) -> bool {
        self.needed().any(|scope| [Some(facts), self.facts.as_ref()].into_iter().flatten().any(|facts| facts.lacks_for(scope, page)))
    }

    fn does_not_open(&mut self) {
        tracing::warn!(platform = PLATFORM.name, "a sealed token does not open");
        self.outcome.failed += 1;
    }

    fn troubled(self, trouble: &Trouble) -> Outcome {
        let cause = &trouble.cause;
        let stop = match trouble.kind {
            TroubleKind::Passing | TroubleKind::Refused => {
                tracing::warn!(platform = PLATFORM.name, cause, "token not checked");
                false
            }
            TroubleKind::Throttled => {
                tracing::warn!(platform = PLATFORM.name, cause, "throttled; left alone for this run");
                true
            }
            TroubleKind::Credentials => {
                tracing::warn!(platform = PLATFORM.name, cause, "token not checked");
                lambda::credentials_refused(PLATFORM.name);
                true
            }
        };
        Outcome { failed: self.outcome.failed + 1, dead: Vec::new(), stop, ..self.outcome }
    }
}

fn left_alone() {
    tracing::warn!(platform = PLATFORM.name, "a token that another app was given is left alone");
}
