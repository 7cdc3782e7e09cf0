//! A platform reports that the link of accounts has ended. The report may be late or outdated, so
//! we ask the platform first: at once, or later by the keeper if there was no answer.

use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::{
    Error, Secret,
    http::Outbound,
    providers::{
        grantor::{Reach, Revoker},
        news::{End, Removal},
    },
    store::{
        Tables,
        companions::{Found, Sought},
        leave::removed::Revoking,
        records::Status,
    },
};

/// Attempts at reading an identity that is changing.
const TRIES: usize = 5;

/// The outcome of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// What it was about has ended, or is known to work.
    Done,
    /// The platform did not answer for all of it.
    Open,
}

/// Asks the platform about each account concerned, and ends those that it refuses. Asks nothing
/// after `until`.
///
/// # Errors
/// `storage_unavailable`; what was written by then is complete.
pub async fn settle(
    tables: &Tables,
    revoker: &dyn Revoker,
    outbound: &Outbound,
    removal: &Removal,
    until: Instant,
) -> Result<Settled, Error> {
    let mut settled = Settled::Done;
    for user_uuid in tables.identities_of_companion(&removal.companion).await? {
        let mut asking = Asking { tables, revoker, outbound, removal, until, answers: Vec::new() };
        if asking.settle(user_uuid).await? == Settled::Open {
            settled = Settled::Open;
        }
    }
    Ok(settled)
}

struct Asking<'a> {
    tables: &'a Tables,
    revoker: &'a dyn Revoker,
    outbound: &'a Outbound,
    removal: &'a Removal,
    until: Instant,
    /// By token.
    answers: Vec<(Secret, Reach)>,
}

impl Asking<'_> {
    async fn settle(&mut self, user_uuid: Uuid) -> Result<Settled, Error> {
        let Removal { companion, end, at, .. } = self.removal;
        let status: &[Status] = match end {
            End::Gone => &[Status::Active, Status::ReconnectNeeded],
            // A need for a new link is reported only once.
            End::NeedsLink => &[Status::Active],
        };
        for _ in 0..TRIES {
            let sought = Sought { companion, before: *at, app_id: self.revoker.app_id(), status };
            let (mut settled, mut has_changed) = (Settled::Done, false);
            for found in self.tables.find_accounts(user_uuid, sought).await? {
                let revoking = match self.reach(&found).await {
                    Reach::Open => continue,
                    Reach::Unknown => {
                        settled = Settled::Open;
                        continue;
                    }
                    Reach::Closed { is_dead: true } => Revoking::Needless,
                    Reach::Closed { is_dead: false } => Revoking::IfUnused,
                };
                has_changed |= !self.tables.remove_accounts(&found, self.removal, revoking).await?;
            }
            if !has_changed {
                return Ok(settled);
            }
        }
        Err(Error::storage_unavailable("remove_accounts: the identity keeps changing"))
    }

    /// There is nothing to ask about accounts without a token, and they do not work anyway.
    async fn reach(&mut self, found: &Found) -> Reach {
        let Some(token) = &found.token else { return Reach::Closed { is_dead: true } };
        if let Some((_, reach)) = self.answers.iter().find(|(asked, _)| asked.expose() == token.expose()) {
            return *reach;
        }
        let asked = self.revoker.reach(self.outbound, &self.removal.companion, token);
        let reach = timeout_at(self.until, asked).await.unwrap_or(Reach::Unknown);
        self.answers.push((token.clone(), reach));
        reach
    }
}
