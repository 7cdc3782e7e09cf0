//! Handles a platform's notification that the link of accounts has ended. It may be late or
//! outdated, so the platform is asked first: by the receiver of the notification, or, without an
//! answer, by the keeper.

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

/// Attempts at reading an identity that changes concurrently.
const TRIES: usize = 5;

/// The outcome of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Every account it concerns has ended, or is known to work.
    Done,
    /// The platform did not answer about all of them.
    Open,
}

/// Asks the platform about each account concerned, and ends those it refuses. Makes no calls after
/// `until`.
///
/// # Errors
/// `storage_unavailable`; what was written by then is consistent.
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
    /// Answers by token.
    answers: Vec<(Secret, Reach)>,
}

impl Asking<'_> {
    async fn settle(&mut self, user_uuid: Uuid) -> Result<Settled, Error> {
        let Removal { companion, end, at, .. } = self.removal;
        let status: &[Status] = match end {
            End::Gone => &[Status::Active, Status::ReconnectNeeded],
            // The event that one needs a link is sent once.
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

    /// Accounts without a token can't be checked, and don't work anyway.
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
