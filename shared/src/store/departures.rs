//! What a person, or a Page, asked for by leaving: the request itself as a record.
//!
//! One item per signed request, under a code that follows from what was signed. It is the request's memory (a repetition has no further effect, and what was first asked at
//! one route asks for nothing else at the other), the job that is left to do (due until it is settled, with the subject sealed in it), and what the status page shows. Who it
//! was about is gone from it with the last of the work.
//!
//! The work itself is in [`work`]: first with the request, and once more a minute later, since the index by person lags behind and may not have shown a link that was made
//! just before. By then what was [`told`] of a deletion has been delivered, and goes. A deletion is looked after until the index surely has everything (see
//! [`marks`](super::marks)).

mod plan;
mod told;
mod work;

pub(super) use work::as_read;

use aws_sdk_dynamodb::{
    operation::put_item::PutItemError,
    types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};
use uuid::Uuid;

use crate::{
    calls::timed,
    clock::UnixSeconds,
    encryption::{OpenError, Place},
    error::Error,
    providers::facebook::{self, pages::PageId, signed_request::Subject},
    random,
    secret::Secret,
    signing::hex,
};

use super::{
    Cancelled, Connections, Item, Pause, TRIES,
    deliveries::RequestId,
    due::Urgency,
    is_worth_repeating,
    item::{self, b, n, s},
    patience::NOTES,
    stores_write::incomplete,
    unavailable,
};

/// The sort key of such a record.
pub(super) const STATUS: &str = "status";
/// After this the index by person shows what was linked before the request.
const SETTLE_AFTER: u64 = 60;
/// Until a deletion is looked after again, for which the index may not have everything yet.
const LOOK_AGAIN_AFTER: u64 = 600;

/// What leaving asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The app was removed: the tokens of that grant go.
    Deauthorize,
    /// Everything that is kept because of the person goes.
    Deletion,
}

/// A request to leave that was verified.
#[derive(Clone, Debug)]
pub struct Leave {
    /// Names the request to who sent it; says nothing about whom it is about.
    pub code: Uuid,
    /// What it asks for.
    pub asked: Asked,
    /// Who leaves.
    pub subject: Subject,
    /// When Facebook signed it.
    pub issued_at: UnixSeconds,
}

/// A request as it is stored.
#[derive(Clone, Debug)]
pub struct Departure {
    /// Its code.
    pub code: Uuid,
    /// What it asked for when it came first.
    pub asked: Asked,
    /// When it came first.
    pub received_at: UnixSeconds,
    /// When all was erased; none until then.
    pub done_at: Option<UnixSeconds>,
    /// How many records were erased or lost their tokens.
    pub records: u64,
    /// Nothing more will be found, and who it was about is forgotten.
    pub settled: bool,
    /// Who leaves, until that is settled.
    subject: Option<Subject>,
    issued_at: UnixSeconds,
    received_ms: u64,
    /// How many of the records the audit knows of.
    audited: u64,
}

impl Connections {
    /// Takes a request down before anything is done about it, so that nothing of it is lost; one that came before is given back as it stands, under whichever of its `codes` that was.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn take_leave(&self, leave: &Leave, older_codes: &[Uuid]) -> Result<Departure, Error> {
        for code in older_codes {
            if let Some(known) = self.departure(*code).await? {
                return Ok(known);
            }
        }
        let received_ms = self.clock.now_millis();
        let now = received_ms / 1000;
        let written = item::item([
            ("pk", s(key(leave.code))),
            ("sk", s(STATUS)),
            ("asked", s(leave.asked.as_str())),
            ("issued_at", n(leave.issued_at)),
            ("received_ms", n(received_ms)),
            ("records", n(0)),
            ("audited", n(0)),
            ("sealed", b(self.keys.seal(place(leave.code), &to_secret(&leave.subject))?)),
            ("due_shard", s(Urgency::Urgent.shard_of(leave.code))),
            ("due_at", n(now)),
            ("ttl", n(now.saturating_add(self.audit_retention))),
        ]);
        let mut pause = Pause::default();
        loop {
            let write = self
                .client
                .put_item()
                .table_name(&self.table)
                .set_item(Some(written.clone()))
                .condition_expression("attribute_not_exists(pk)")
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            let error = match timed("dynamodb.take_leave", write.send()).await {
                Ok(_) => return self.read_departure(leave.code, &written),
                Err(error) => error,
            };
            match error.as_service_error() {
                // Also when the answer to this very write was lost.
                Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                    return match failed.item() {
                        Some(found) => self.read_departure(leave.code, found),
                        None => self.departure(leave.code).await?.ok_or_else(|| unavailable("take_leave", &error)),
                    };
                }
                _ if pause.tries < TRIES && is_worth_repeating(&error) => pause.wait().await,
                _ => return Err(unavailable("take_leave", &error)),
            }
        }
    }

    /// A request by its code, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key it is sealed with is not known here yet.
    pub async fn departure(&self, code: Uuid) -> Result<Option<Departure>, Error> {
        match self.get(key(code), STATUS).await? {
            Some(found) => self.read_departure(code, &found).map(Some),
            None => Ok(None),
        }
    }

    /// Does what a request asks for, as far as it is not done; `Ok` says that it is done. May be called again after any end, by several at once.
    ///
    /// # Errors
    /// `storage_unavailable`; each record that was dealt with by then is whole.
    pub async fn do_leave(&self, departure: &Departure) -> Result<(), Error> {
        let Some(subject) = departure.subject.as_ref().filter(|_| departure.done_at.is_none()) else { return Ok(()) };
        self.erase_subject(departure, subject).await?;
        self.mark_done(departure).await
    }

    /// What the keeper does when a request is due: finishes it, or looks once more for what the index had not shown, and forgets who it was about.
    ///
    /// # Errors
    /// As [`Self::do_leave`].
    pub async fn settle_leave(&self, code: Uuid) -> Result<(), Error> {
        let Some(departure) = self.departure(code).await? else { return Ok(()) };
        let Some(subject) = &departure.subject else { return self.mark_settled(code).await };
        if departure.done_at.is_none() {
            return self.do_leave(&departure).await;
        }
        // Asked before the look that it is asked for.
        let finds_all = departure.asked == Asked::Deauthorize || self.persons_are_marked().await?;
        self.erase_subject(&departure, subject).await?;
        self.delete_told(code).await?;
        if finds_all { self.mark_settled(code).await } else { self.look_again(code).await }
    }

    async fn look_again(&self, code: Uuid) -> Result<(), Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(key(code)))
            .key("sk", s(STATUS))
            .update_expression("SET due_at = :later")
            .condition_expression("attribute_exists(sealed)")
            .expression_attribute_values(":later", n(self.clock.now().saturating_add(LOOK_AGAIN_AFTER)));
        match timed("dynamodb.look_again", update.send()).await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(unavailable("look_again", &error)),
        }
    }

    /// All that was found is erased. The audit record is written with it.
    async fn mark_done(&self, departure: &Departure) -> Result<(), Error> {
        let now = self.clock.now();
        // Each batch counted what it erased, whoever wrote it.
        let records = self.departure(departure.code).await?.map_or(departure.records, |found| found.records);
        let update = self
            .status(departure.code)
            .update_expression(format!("SET done_at = :now, due_at = :settle, audited = :records REMOVE {NOTES}"))
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(done_at)")
            .expression_attribute_values(":now", n(now))
            .expression_attribute_values(":settle", n(now.saturating_add(SETTLE_AFTER)))
            .expression_attribute_values(":records", n(records));
        self.write_end(update, self.audit(departure.asked, departure.code, records)?).await
    }

    /// Nothing is left to do: nobody is named any more.
    async fn mark_settled(&self, code: Uuid) -> Result<(), Error> {
        let Some(departure) = self.departure(code).await? else { return Ok(()) };
        let update = self
            .status(code)
            .update_expression("SET audited = :records REMOVE sealed, due_shard, due_at, failures")
            .condition_expression("records = :records AND audited = :audited")
            .expression_attribute_values(":records", n(departure.records))
            .expression_attribute_values(":audited", n(departure.audited));
        let late = departure.records.saturating_sub(departure.audited);
        let audit = if late > 0 { self.audit(departure.asked, code, late)? } else { Vec::new() };
        self.write_end(update, audit).await
    }

    async fn write_end(
        &self,
        update: aws_sdk_dynamodb::types::builders::UpdateBuilder,
        audit: Vec<TransactWriteItem>,
    ) -> Result<(), Error> {
        let update = TransactWriteItem::builder().update(update.build().map_err(incomplete)?).build();
        let token = hex(&random::bytes::<16>()?);
        match self.transact("dynamodb.end_leave", &token, [vec![update], audit].concat()).await {
            // Another was faster, or will be: what it wrote counts.
            Ok(()) | Err(Cancelled::Conditions(_)) => Ok(()),
            Err(Cancelled::Failed(error)) => Err(error),
        }
    }

    fn audit(&self, asked: Asked, code: Uuid, records: u64) -> Result<Vec<TransactWriteItem>, Error> {
        Ok(vec![self.put_audit(asked.as_str(), Some(&request_id(code)), records)?])
    }

    fn status(&self, code: Uuid) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        Update::builder().table_name(&self.table).key("pk", s(key(code))).key("sk", s(STATUS))
    }

    fn read_departure(&self, code: Uuid, found: &Item) -> Result<Departure, Error> {
        let subject = match item::bytes(found, "sealed").map(|sealed| self.keys.open(place(code), sealed)) {
            Some(Ok(subject)) => from_secret(&subject),
            Some(Err(OpenError::UnknownKey(key))) => {
                return Err(Error::storage_unavailable(format!("sealed: sealed with key {key}, which is not known here"))
                    .refusing_credentials(true));
            }
            Some(Err(OpenError::Corrupt)) | None => None,
        };
        let received_ms = item::number(found, "received_ms").unwrap_or_default();
        Ok(Departure {
            code,
            asked: Asked::read(found),
            received_at: received_ms / 1000,
            done_at: item::number(found, "done_at"),
            records: item::number(found, "records").unwrap_or_default(),
            settled: !found.contains_key("sealed"),
            subject,
            issued_at: item::number(found, "issued_at").unwrap_or_default(),
            received_ms,
            audited: item::number(found, "audited").unwrap_or_default(),
        })
    }
}

impl Asked {
    /// The word in a record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deauthorize => "facebook/deauthorize",
            Self::Deletion => "facebook/data-deletion",
        }
    }

    /// A word that is not known asks for the least.
    fn read(found: &Item) -> Self {
        match item::text(found, "asked") {
            Some("facebook/data-deletion") => Self::Deletion,
            _ => Self::Deauthorize,
        }
    }
}

pub(super) fn key(code: Uuid) -> String {
    format!("deletion#{}", code.simple())
}

/// The request in the audit: from it the code of the status page can't be had back.
fn request_id(code: Uuid) -> RequestId {
    RequestId::of("messenger-link/departure/v1", code.as_bytes())
}

fn place(code: Uuid) -> Place<'static> {
    Place { user_uuid: code, platform: facebook::PLATFORM.name, account: "departure", attribute: "subject" }
}

fn to_secret(subject: &Subject) -> Secret {
    Secret::new(match subject {
        Subject::Person(id) => format!("person {id}"),
        Subject::Page(id) => format!("page {id}"),
        Subject::Nobody => "nobody".to_owned(),
    })
}

fn from_secret(subject: &Secret) -> Option<Subject> {
    match subject.expose().split_once(' ') {
        Some(("person", id)) => Some(Subject::Person(id.to_owned())),
        Some(("page", id)) => PageId::parse(id).map(Subject::Page),
        _ => Some(Subject::Nobody),
    }
}
