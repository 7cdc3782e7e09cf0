//! What is left to do at a provider once a link is gone. A job lies under an id of its own, so that nothing leads from it to what was erased, and what the call needs is
//! sealed. Whoever carries it out looks first whether it is still wanted.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use uuid::Uuid;

use crate::{
    calls::timed,
    clock::UnixSeconds,
    encryption::{OpenError, Place},
    error::Error,
    providers::facebook::{self, pages::PageId},
    random,
    secret::Secret,
};

use super::{
    Connections, Item,
    due::Urgency,
    item::{self, b, n, s},
    patience::NOTES,
    stores_write::put,
    unavailable,
};

/// The kind of job that ends a Page's subscription.
pub const UNSUBSCRIBE: &str = "unsubscribe";
/// The kind of job that takes a person's grant back.
pub const REVOKE: &str = "revoke";
/// After this it is given up: a Page that nobody holds sends its messages to nobody, and nothing rests on a grant that is to be taken back.
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
    /// The job that unsubscribes the last Page, which comes first: the Page's token dies with the grant.
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

impl Connections {
    /// A job to unsubscribe a Page, due now, for the transaction that deletes the Page.
    pub(super) fn put_unsubscribe(&self, job: &Unsubscribe) -> Result<TransactWriteItem, Error> {
        self.put_unsubscribe_as(random::uuid()?, job)
    }

    /// The same under a given id.
    pub(super) fn put_unsubscribe_as(&self, id: Uuid, job: &Unsubscribe) -> Result<TransactWriteItem, Error> {
        self.put_job(self.job(id, UNSUBSCRIBE, (job.page_id.as_str(), &job.token), &job.app_id, self.clock.now())?)
    }

    /// A job to take a grant back, for the transaction that deletes what rests on it.
    pub(super) fn put_revoke(&self, id: Uuid, job: &Revoke, due_at: UnixSeconds) -> Result<TransactWriteItem, Error> {
        let mut written = self.job(id, REVOKE, (&job.person_id, &job.token), &job.app_id, due_at)?;
        written.extend(job.after.map(|after| ("after".to_owned(), s(after.to_string()))));
        self.put_job(written)
    }

    fn put_job(&self, written: Item) -> Result<TransactWriteItem, Error> {
        put(Put::builder().table_name(&self.table).set_item(Some(written)))
    }

    fn job(
        &self,
        id: Uuid,
        kind: &'static str,
        (account, token): (&str, &Secret),
        app_id: &str,
        due_at: UnixSeconds,
    ) -> Result<Item, Error> {
        let content = Secret::new(format!("{account} {}", token.expose()));
        Ok(item::item([
            ("pk", s(key(id))),
            ("sk", s(kind)),
            ("due_shard", s(Urgency::Urgent.shard_of(id))),
            ("due_at", n(due_at)),
            ("app_id", s(app_id)),
            ("sealed", b(self.keys.seal(place(id, kind), &content)?)),
            ("ttl", n(self.clock.now().saturating_add(GIVEN_UP_AFTER))),
        ]))
    }

    /// A job to unsubscribe a Page, strongly consistent; none when it was done.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key it is sealed with is not known here yet.
    pub async fn load_unsubscribe(&self, id: Uuid) -> Result<Option<FoundJob<Unsubscribe>>, Error> {
        let read = |page_id: &str, token, app_id, _: &Item| Some(Unsubscribe { page_id: PageId::parse(page_id)?, token, app_id });
        self.load_job(id, UNSUBSCRIBE, read).await
    }

    /// A job to take a grant back, strongly consistent; none when it was done.
    ///
    /// # Errors
    /// As [`Connections::load_unsubscribe`].
    pub async fn load_revoke(&self, id: Uuid) -> Result<Option<FoundJob<Revoke>>, Error> {
        let read = |person_id: &str, token, app_id, found: &Item| {
            Some(Revoke { person_id: person_id.to_owned(), token, app_id, after: item::uuid(found, "after") })
        };
        self.load_job(id, REVOKE, read).await
    }

    async fn load_job<J>(
        &self,
        id: Uuid,
        kind: &'static str,
        read: impl FnOnce(&str, Secret, String, &Item) -> Option<J> + Send,
    ) -> Result<Option<FoundJob<J>>, Error> {
        let Some(found) = self.get(key(id), kind).await? else { return Ok(None) };
        let late = item::number(&found, "ttl").is_none_or(|end| end <= self.clock.now());
        let content = match item::bytes(&found, "sealed").map(|sealed| self.keys.open(place(id, kind), sealed)) {
            Some(Ok(content)) if !late => content,
            Some(Err(OpenError::UnknownKey(key))) if !late => {
                return Err(Error::storage_unavailable(format!("sealed: sealed with key {key}, which is not known here"))
                    .refusing_credentials(true));
            }
            _ => return Ok(Some(FoundJob::Over)),
        };
        let app_id = item::text(&found, "app_id").unwrap_or_default().to_owned();
        let job = content.expose().split_once(' ').and_then(|(account, token)| read(account, Secret::new(token), app_id, &found));
        Ok(Some(job.map_or(FoundJob::Over, FoundJob::Open)))
    }

    /// Whether a job is still to be done.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn has_job(&self, id: Uuid, kind: &str) -> Result<bool, Error> {
        Ok(self.get(key(id), kind).await?.is_some())
    }

    /// Whether any identity holds a Page at this moment.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn is_held(&self, page_id: &PageId) -> Result<bool, Error> {
        Ok(self.get(format!("page#{page_id}"), "owner").await?.is_some())
    }

    /// The job is tried again at another time, if it is still there.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn postpone_job(&self, id: Uuid, kind: &str, due_at: UnixSeconds) -> Result<(), Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(key(id)))
            .key("sk", s(kind))
            .update_expression(format!("SET due_at = :due REMOVE {NOTES}"))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":due", n(due_at));
        match timed("dynamodb.postpone_job", update.send()).await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(unavailable("postpone_job", &error)),
        }
    }

    /// The job is done, or not wanted any more.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn end_job(&self, id: Uuid, kind: &str) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table).key("pk", s(key(id))).key("sk", s(kind));
        timed("dynamodb.end_job", delete.send()).await.map_err(|e| unavailable("end_job", &e))?;
        Ok(())
    }
}

/// The partition of a job.
pub(super) fn key(id: Uuid) -> String {
    format!("job#{id}")
}

fn place(id: Uuid, kind: &'static str) -> Place<'static> {
    Place { user_uuid: id, platform: facebook::PLATFORM.name, account: "job", attribute: kind }
}
