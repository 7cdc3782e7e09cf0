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
    Connections,
    item::{self, b, n, s},
    stores_write::{due_shard, put},
    unavailable,
};

/// The kind of job that ends a Page's subscription.
pub const UNSUBSCRIBE: &str = "unsubscribe";
/// After this it is given up: a Page that nobody holds sends its messages to nobody.
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

/// A job as it was found.
#[derive(Debug)]
pub enum FoundJob {
    /// To be done.
    Open(Unsubscribe),
    /// It is too late for it, or what it needs can't be read any more.
    Over,
}

impl Connections {
    /// A job to unsubscribe a Page, due now, for the transaction that deletes the Page.
    pub(super) fn put_unsubscribe(&self, job: &Unsubscribe) -> Result<TransactWriteItem, Error> {
        let (id, now) = (random::uuid()?, self.clock.now());
        let content = Secret::new(format!("{} {}", job.page_id, job.token.expose()));
        let written = item::item([
            ("pk", s(job_key(id))),
            ("sk", s(UNSUBSCRIBE)),
            ("due_shard", s(due_shard(id))),
            ("due_at", n(now)),
            ("app_id", s(&job.app_id)),
            ("sealed", b(self.keys.seal(place(id), &content)?)),
            ("ttl", n(now.saturating_add(GIVEN_UP_AFTER))),
        ]);
        put(Put::builder().table_name(&self.table).set_item(Some(written)))
    }

    /// A job to unsubscribe a Page, strongly consistent; none when it was done.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key it is sealed with is not known here yet.
    pub async fn load_unsubscribe(&self, id: Uuid) -> Result<Option<FoundJob>, Error> {
        let Some(found) = self.get(job_key(id), UNSUBSCRIBE).await? else { return Ok(None) };
        let late = item::number(&found, "ttl").is_none_or(|end| end <= self.clock.now());
        let content = match item::bytes(&found, "sealed").map(|sealed| self.keys.open(place(id), sealed)) {
            Some(Ok(content)) if !late => content,
            Some(Err(OpenError::UnknownKey(key))) if !late => {
                return Err(Error::storage_unavailable(format!("sealed: sealed with key {key}, which is not known here"))
                    .refusing_credentials(true));
            }
            _ => return Ok(Some(FoundJob::Over)),
        };
        let job = content.expose().split_once(' ').and_then(|(page_id, token)| {
            Some(Unsubscribe {
                page_id: PageId::parse(page_id)?,
                token: Secret::new(token),
                app_id: item::text(&found, "app_id").unwrap_or_default().to_owned(),
            })
        });
        Ok(Some(job.map_or(FoundJob::Over, FoundJob::Open)))
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
            .key("pk", s(job_key(id)))
            .key("sk", s(kind))
            .update_expression("SET due_at = :due")
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
        let delete = self.client.delete_item().table_name(&self.table).key("pk", s(job_key(id))).key("sk", s(kind));
        timed("dynamodb.end_job", delete.send()).await.map_err(|e| unavailable("end_job", &e))?;
        Ok(())
    }
}

fn job_key(id: Uuid) -> String {
    format!("job#{id}")
}

fn place(id: Uuid) -> Place<'static> {
    Place { user_uuid: id, platform: facebook::PLATFORM.name, account: "job", attribute: UNSUBSCRIBE }
}
