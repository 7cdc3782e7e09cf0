//! Work left to do at a provider once a link is gone. A job has an id of its own, so that nothing
//! leads from it to what was erased, and the data that the call needs are sealed. Before carrying a
//! job out, the worker checks that it is still wanted.

use uuid::Uuid;

use crate::{
    Error, Secret, UnixSeconds,
    platform::{AccountId, AccountKind, CompanionId, GrantId, Platform},
    providers::{
        grantor::Receiver,
        news::{End, Removal},
    },
    random,
    signing::labelled_sha256,
};

use super::{
    Tables,
    records::{Account, Grant, Kept, attributes::*, open, place_at, place_of_grant, seal},
    schedule::Urgency,
    table::{Condition, Key, Query, Row, Write},
};

/// The account name under which a job's content is sealed.
const JOB: &str = "job";
/// After this a job is given up: by then an account that nobody holds delivers to nobody, and
/// nothing rests on a grant that is to be revoked.
const GIVEN_UP_AFTER: u64 = 7 * 24 * 3600;
/// How long a job to revoke a grant waits: by then the index by person shows everything linked
/// before, and no earlier flow is under way.
pub(super) const REVOKE_AFTER: u64 = 600;

/// Unsubscribe an account, unless someone holds it by then.
#[derive(Debug)]
pub struct Unsubscribe {
    /// The account.
    pub account: AccountId,
    /// The companion that its messages come through, if any.
    pub companion: Option<CompanionId>,
    /// The account's token, which authorizes the call.
    pub token: Secret,
    /// The app that the token was issued to.
    pub app_id: String,
}

impl Unsubscribe {
    /// For an account with its token.
    pub(super) fn of<T>(account: &Account<T>, token: Secret) -> Self {
        let companion = account.companion.as_ref().map(|companion| companion.id.clone()).filter(|id| id.kind().is_essential);
        Self { account: account.id.clone(), companion, token, app_id: account.app_id.clone() }
    }

    /// The account as the platform addresses it.
    #[must_use]
    pub fn receiver(&self) -> Receiver<'_> {
        Receiver { id: &self.account, companion: self.companion.as_ref(), token: &self.token, tasks: &[] }
    }
}

/// Revoke a grant, unless something rests on it by then.
#[derive(Debug)]
pub struct Revoke {
    /// The grant.
    pub grant: GrantId,
    /// The grant's own token, which authorizes the call.
    pub token: Secret,
    /// The app that the grant was given to.
    pub app_id: String,
    /// The job that unsubscribes the last account and has to run first: the account's token dies
    /// with the grant.
    pub after: Option<(Uuid, &'static str)>,
}

/// A job to revoke a grant along with its accounts, if its kind ends with them, after the job that
/// unsubscribes one of these. None without a token that opens: it could authorize no call, and
/// erasing does not wait for a key.
pub(super) fn revoke_with_accounts(
    tables: &Tables,
    user_uuid: Uuid,
    grant: &Grant,
    after: Option<(Uuid, &'static str)>,
) -> Result<Option<Write>, Error> {
    if !grant.id.kind().ends_with_accounts {
        return Ok(None);
    }
    let Ok(Kept::Open { token, .. }) = open(&tables.keys, place_of_grant(user_uuid, &grant.id), grant.token.as_ref()) else {
        return Ok(None);
    };
    let job = Revoke { grant: grant.id.clone(), token, app_id: grant.app_id.clone(), after };
    revoke(tables, random::uuid()?, &job, tables.clock.now().saturating_add(REVOKE_AFTER)).map(Some)
}

/// A job as found.
#[derive(Debug)]
pub enum FoundJob {
    /// To do.
    Unsubscribe(Unsubscribe),
    /// To do.
    Revoke(Revoke),
    /// Ask the platform whether this is true.
    Doubt(Removal),
    /// It is too late, or its data can no longer be read.
    Over,
}

/// A job to unsubscribe an account, due now, for the transaction that deletes the account.
pub(super) fn unsubscribe(tables: &Tables, id: Uuid, job: &Unsubscribe) -> Result<Write, Error> {
    let kind = job.account.kind();
    let companion = job.companion.as_ref().map(|companion| format!(" {companion}")).unwrap_or_default();
    let content = Secret::new(format!("{} {}{companion}", job.account, job.token.expose()));
    Ok(Write::put(Key::job(id, kind.job), row(tables, id, (kind.platform, kind.job), &content, &job.app_id, tables.clock.now())?))
}

/// A job to revoke a grant, for the transaction that deletes what rests on it.
pub(super) fn revoke(tables: &Tables, id: Uuid, job: &Revoke, due_at: UnixSeconds) -> Result<Write, Error> {
    let kind = job.grant.kind();
    let content = Secret::new(format!("{} {}", job.grant, job.token.expose()));
    let row = row(tables, id, (kind.platform, kind.job), &content, &job.app_id, due_at)?;
    Ok(Write::put(Key::job(id, kind.job), row.with_some(&AFTER, job.after.map(|(id, _)| id))))
}

/// The id of the job that settles a doubt: repeated reports make one job.
fn id_of_doubt(content: &Secret, at: UnixSeconds) -> Uuid {
    let word = format!("{} {at}", content.expose());
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = labelled_sha256("messenger-link/doubt/v1", word.as_bytes());
    Uuid::from_bytes(id)
}

/// None for a format of another version.
fn removal(kind: &AccountKind, companion: &str, rest: &str, at: UnixSeconds) -> Option<Removal> {
    let (end, reason) = rest.split_once(' ')?;
    let companion = CompanionId::parse(kind.companion?, companion)?;
    Some(Removal { companion, end: End::parse(end)?, reason: reason.to_owned(), at })
}

fn row(
    tables: &Tables,
    id: Uuid,
    (platform, kind): (&Platform, &str),
    content: &Secret,
    app_id: &str,
    due_at: UnixSeconds,
) -> Result<Row, Error> {
    Ok(Row::default()
        .with(&DUE_SHARD, Urgency::Urgent.shard_of(id))
        .with(&DUE_AT, due_at)
        .with(&APP_ID, app_id)
        .with(&CONTENT, seal(&tables.keys, place_at(platform, id, JOB, kind), content)?)
        .with(&TTL, tables.clock.now().saturating_add(GIVEN_UP_AFTER)))
}

impl Tables {
    /// Leaves it to the keeper's next run to ask whether the link of these accounts has ended.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn doubt_accounts(&self, removal: &Removal, platform: &'static Platform, app_id: &str) -> Result<(), Error> {
        let Removal { companion, end, reason, at } = removal;
        let Some(kind) = companion.kind().doubt else { return Ok(()) };
        let content = Secret::new(format!("{companion} {} {reason}", end.as_str()));
        let id = id_of_doubt(&content, *at);
        let row = row(self, id, (platform, kind), &content, app_id, self.clock.now())?.with(&ISSUED_AT, *at);
        let doubt = Write::put(Key::job(id, kind), row).when(Condition::new_item());
        self.database.write_one("dynamodb.doubt", doubt).await?;
        Ok(())
    }

    /// A job, strongly consistent; none if it is done, or of a kind that this version does not
    /// know.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key it is sealed with is not known here yet.
    pub async fn load_job(&self, id: Uuid, kind: &str) -> Result<Option<FoundJob>, Error> {
        let account = self.platforms.accounts().find(|account| account.job == kind);
        let grant = self.platforms.grants().find(|grant| grant.job == kind);
        let doubted = self.platforms.accounts().find(|account| account.companion.is_some_and(|companion| companion.doubt == Some(kind)));
        let platform = account.or(doubted).map(|kind| kind.platform).or(grant.map(|kind| kind.platform));
        let Some(platform) = platform else { return Ok(None) };
        let Some(found) = self.database.read("dynamodb.store", Key::job(id, kind)).await? else { return Ok(None) };
        // Checked before opening: an expired job waits for no key.
        if found.get(&TTL).is_none_or(|end| end <= self.clock.now()) {
            return Ok(Some(FoundJob::Over));
        }
        let content = open(&self.keys, place_at(platform, id, JOB, kind), found.get(&CONTENT).as_ref())?;
        let content = content.token().and_then(|content| content.expose().split_once(' '));
        let job = content.and_then(|(of, token)| {
            let app_id = found.get_or_default(&APP_ID);
            if let Some(kind) = doubted {
                return removal(kind, of, token, found.get(&ISSUED_AT)?).map(FoundJob::Doubt);
            }
            if let Some(kind) = account {
                // No token contains a space.
                let (token, companion) = token.split_once(' ').map_or((token, None), |(token, companion)| (token, Some(companion)));
                let companion = companion.and_then(|id| CompanionId::parse(kind.companion?, id));
                let (account, token) = (AccountId::parse(kind, of)?, Secret::new(token));
                return Some(FoundJob::Unsubscribe(Unsubscribe { account, companion, token, app_id }));
            }
            let token = Secret::new(token);
            let after = found.get(&AFTER).zip(platform.account.map(|kind| kind.job));
            Some(FoundJob::Revoke(Revoke { grant: GrantId::parse(grant?, of)?, token, app_id, after }))
        });
        Ok(Some(job.unwrap_or(FoundJob::Over)))
    }

    /// Whether a job is still to be done.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn has_job(&self, id: Uuid, kind: &str) -> Result<bool, Error> {
        Ok(self.database.read("dynamodb.store", Key::job(id, kind)).await?.is_some())
    }

    /// Whether any identity currently holds the account, or another one with the same companion.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn is_held(&self, job: &Unsubscribe) -> Result<bool, Error> {
        if let Some(companion) = &job.companion {
            return Ok(!self.database.query("dynamodb.companion", &Query::partition(&companion.place())).await?.is_empty());
        }
        Ok(self.database.read("dynamodb.store", Key::owner_of_account(&job.account)).await?.is_some())
    }

    /// Schedules the job for another time, if it still exists.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn postpone_job(&self, id: Uuid, kind: &str, due_at: UnixSeconds) -> Result<(), Error> {
        let postpone = Write::change(Key::job(id, kind)).when(Condition::known_item()).set(&DUE_AT, due_at).remove_each(NOTES);
        self.database.write_one("dynamodb.postpone_job", postpone).await?;
        Ok(())
    }

    /// Ends a job that is done or no longer wanted.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn end_job(&self, id: Uuid, kind: &str) -> Result<(), Error> {
        self.database.write_one("dynamodb.end_job", Write::delete(Key::job(id, kind))).await?;
        Ok(())
    }
}
