//! What is left to do at a provider once a link is gone. A job lies under an id of its own, so that
//! nothing leads from it to what was erased, and what the call needs is sealed. Who carries it out
//! looks first whether it is still wanted.

use uuid::Uuid;

use crate::{Error, Secret, UnixSeconds, providers::facebook::pages::PageId};

use super::{
    Tables,
    records::{attributes::*, open, place_of_facebook, seal},
    schedule::Urgency,
    table::{Condition, Key, Row, Write},
};

/// The kind of job that ends a Page's subscription.
pub const UNSUBSCRIBE: &str = "unsubscribe";
/// The kind of job that takes a person's grant back.
pub const REVOKE: &str = "revoke";
/// The account that the content of a job is sealed for.
const JOB: &str = "job";
/// After this it is given up: a Page that nobody holds sends its messages to nobody, and nothing
/// rests on a grant that is to be taken back.
const GIVEN_UP_AFTER: u64 = 7 * 24 * 3600;

/// A Page that is to be unsubscribed, if nobody holds it by then.
#[derive(Debug)]
pub struct Unsubscribe {
    /// The Page.
    pub page_id: PageId,
    /// The Page's own token, with which that is asked.
    pub token: Secret,
    /// The app that the token was issued to.
    pub app_id: String,
}

/// A person's grant that is to be taken back, if nothing rests on it by then.
#[derive(Debug)]
pub struct Revoke {
    /// The person.
    pub person_id: String,
    /// The person's own token, with which that is asked.
    pub token: Secret,
    /// The app that the grant was given to.
    pub app_id: String,
    /// The job that unsubscribes the last Page, which comes first: the Page's token dies with the
    /// grant.
    pub after: Option<Uuid>,
}

/// A job as it was found.
#[derive(Debug)]
pub enum FoundJob<J> {
    /// To be done.
    Open(J),
    /// It is too late for it, or what it needs can't be read any more.
    Over,
}

/// A job to unsubscribe a Page, due now, for the transaction that deletes the Page.
pub(super) fn unsubscribe(tables: &Tables, id: Uuid, job: &Unsubscribe) -> Result<Write, Error> {
    let row = row(tables, id, UNSUBSCRIBE, (job.page_id.as_str(), &job.token), &job.app_id, tables.clock.now())?;
    Ok(Write::put(Key::job(id, UNSUBSCRIBE), row))
}

/// A job to take a grant back, for the transaction that deletes what rests on it.
pub(super) fn revoke(tables: &Tables, id: Uuid, job: &Revoke, due_at: UnixSeconds) -> Result<Write, Error> {
    let row = row(tables, id, REVOKE, (&job.person_id, &job.token), &job.app_id, due_at)?;
    Ok(Write::put(Key::job(id, REVOKE), row.with_some(&AFTER, job.after)))
}

fn row(tables: &Tables, id: Uuid, kind: &str, (account, token): (&str, &Secret), app_id: &str, due_at: UnixSeconds) -> Result<Row, Error> {
    let content = Secret::new(format!("{account} {}", token.expose()));
    Ok(Row::default()
        .with(&DUE_SHARD, Urgency::Urgent.shard_of(id))
        .with(&DUE_AT, due_at)
        .with(&APP_ID, app_id)
        .with(&CONTENT, seal(&tables.keys, place_of_facebook(id, JOB, kind), &content)?)
        .with(&TTL, tables.clock.now().saturating_add(GIVEN_UP_AFTER)))
}

impl Tables {
    /// A job to unsubscribe a Page, strongly consistent; none when it was done.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key it is sealed with is not known here yet.
    pub async fn load_unsubscribe(&self, id: Uuid) -> Result<Option<FoundJob<Unsubscribe>>, Error> {
        let read = |id: &str, token, app_id, _| Some(Unsubscribe { page_id: PageId::parse(id)?, token, app_id });
        self.load_job(id, UNSUBSCRIBE, read).await
    }

    /// A job to take a grant back, strongly consistent; none when it was done.
    ///
    /// # Errors
    /// As [`Tables::load_unsubscribe`].
    pub async fn load_revoke(&self, id: Uuid) -> Result<Option<FoundJob<Revoke>>, Error> {
        let read = |id: &str, token, app_id, after| Some(Revoke { person_id: id.to_owned(), token, app_id, after });
        self.load_job(id, REVOKE, read).await
    }

    async fn load_job<J>(
        &self,
        id: Uuid,
        kind: &str,
        read: impl FnOnce(&str, Secret, String, Option<Uuid>) -> Option<J> + Send,
    ) -> Result<Option<FoundJob<J>>, Error> {
        let Some(found) = self.database.read("dynamodb.store", Key::job(id, kind)).await? else { return Ok(None) };
        // Whatever it is sealed with: what is too late waits for no key.
        if found.get(&TTL).is_none_or(|end| end <= self.clock.now()) {
            return Ok(Some(FoundJob::Over));
        }
        let content = open(&self.keys, place_of_facebook(id, JOB, kind), found.get(&CONTENT).as_ref())?;
        let content = content.token().and_then(|content| content.expose().split_once(' '));
        let (app_id, after) = (found.get_or_default(&APP_ID), found.get(&AFTER));
        let job = content.and_then(|(account, token)| read(account, Secret::new(token), app_id, after));
        Ok(Some(job.map_or(FoundJob::Over, FoundJob::Open)))
    }

    /// Whether a job is still to be done.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn has_job(&self, id: Uuid, kind: &str) -> Result<bool, Error> {
        Ok(self.database.read("dynamodb.store", Key::job(id, kind)).await?.is_some())
    }

    /// Whether any identity holds a Page at this moment.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn is_held(&self, page_id: &PageId) -> Result<bool, Error> {
        Ok(self.database.read("dynamodb.store", Key::owner_of_page(page_id.as_str())).await?.is_some())
    }

    /// The job is tried again at another time, if it is still there.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn postpone_job(&self, id: Uuid, kind: &str, due_at: UnixSeconds) -> Result<(), Error> {
        let postpone = Write::change(Key::job(id, kind)).when(Condition::known_item()).set(&DUE_AT, due_at).remove_each(NOTES);
        self.database.write_one("dynamodb.postpone_job", postpone).await?;
        Ok(())
    }

    /// The job is done, or not wanted any more.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn end_job(&self, id: Uuid, kind: &str) -> Result<(), Error> {
        self.database.write_one("dynamodb.end_job", Write::delete(Key::job(id, kind))).await?;
        Ok(())
    }
}
