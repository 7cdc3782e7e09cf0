//! Doubts: what a webhook said of a store's link, where its word alone was not enough and Shopify could not be asked at once. The keeper asks.
//!
//! A doubt lies beside the link it is about, names that link by the moment it was made and the request that raised it, and is due at once. A link that is made after it outlives
//! it. There is one at a time: a later request takes the place of an earlier one, unless it asks for less; then it is noted on the stronger one, whose answer is its own.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem, Update};
use uuid::Uuid;

use crate::{calls::timed, clock::UnixSeconds, error::Error};

use super::{
    Connections,
    deliveries::RequestId,
    due::Urgency,
    item::{self, identity_key, n, s},
    leaving::{Leaver, Left},
    patience::NOTES,
    stores_write::{incomplete, put},
    unavailable,
};

/// The sort key.
pub(super) const DOUBT: &str = "doubt";
/// The doubt is the one that was read, raised by the same request.
const SAME: &str = "doubted = :about AND linked_at = :linked_at AND (#request = :request OR attribute_not_exists(#request))";
/// No request has joined it.
const ALONE: &str = "attribute_not_exists(joined)";
/// None but the one that was read.
const JOINED: &str = "joined = :joined";

/// What is in doubt, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Whether the link may still do all that it could.
    Scopes,
    /// Whether the app is still installed.
    Uninstalled,
    /// The same, and if it is not, everything is to be erased.
    Redact,
}

/// A doubt as it was found.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// Whose link it is about.
    pub user_uuid: Uuid,
    /// What.
    pub about: About,
    /// When the link that it is about was made.
    pub linked_at: UnixSeconds,
    /// When it is to be looked into.
    pub due_at: UnixSeconds,
    /// The request that raised it.
    pub request: Option<RequestId>,
    /// The bytes of that request were delivered before: their word alone ends nothing.
    pub is_replayed: bool,
    /// The latest request that asks for less, and is answered by the same.
    pub(super) joined: Option<String>,
}

impl About {
    const ALL: [Self; 3] = [Self::Scopes, Self::Uninstalled, Self::Redact];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Scopes => "scopes",
            Self::Uninstalled => "uninstalled",
            Self::Redact => "redact",
        }
    }
}

impl Doubt {
    /// The condition that it is as it was read, with its values.
    fn as_read(&self) -> (String, HashMap<String, AttributeValue>) {
        let request = self.request.as_ref().map(RequestId::as_str).unwrap_or_default();
        let mut values = item::item([(":about", s(self.about.as_str())), (":linked_at", n(self.linked_at)), (":request", s(request))]);
        values.extend(self.joined.as_ref().map(|joined| (":joined".to_owned(), s(joined))));
        (format!("{SAME} AND {}", if self.joined.is_some() { JOINED } else { ALONE }), values)
    }
}

/// The words of the doubts that are `wanted`, as a condition names them, with its values.
fn words(wanted: impl Fn(About) -> bool) -> (String, Vec<(String, AttributeValue)>) {
    let words = About::ALL.into_iter().filter(|about| wanted(*about)).map(About::as_str);
    let values: Vec<_> = words.enumerate().map(|(i, word)| (format!(":word{i}"), s(word))).collect();
    let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
    (names.join(", "), values)
}

impl Connections {
    /// Raises a doubt about the link as it was read, due now. A stronger one about the same link stays, and answers this one as well.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn doubt_store(&self, leaver: &Leaver, about: About, request: &RequestId) -> Result<Left, Error> {
        let raised = vec![self.check_link(leaver)?, self.put_doubt(leaver, about, request)?];
        match self.leave_with("dynamodb.doubt", raised, Some(request)).await? {
            Left::Changed => {}
            left => return Ok(left),
        }
        // Either the link is another one by now, or a stronger doubt was there.
        let Some(stronger) = self.join_stronger(leaver, about, request)? else { return Ok(Left::Changed) };
        self.leave_with("dynamodb.doubt", vec![self.check_link(leaver)?, stronger], Some(request)).await
    }

    fn put_doubt(&self, leaver: &Leaver, about: About, request: &RequestId) -> Result<TransactWriteItem, Error> {
        let mut doubt = item::item([
            ("pk", s(identity_key(leaver.user_uuid))),
            ("sk", s(DOUBT)),
            ("doubted", s(about.as_str())),
            ("linked_at", n(leaver.linked_at)),
            ("request", s(request.as_str())),
            ("due_shard", s(Urgency::Urgent.shard_of(leaver.user_uuid))),
            ("due_at", n(self.clock.now())),
        ]);
        let (weaker, values) = words(|other| other <= about);
        if !request.brings_bytes() {
            doubt.insert("replayed".to_owned(), AttributeValue::Bool(true));
        }
        let put_doubt = Put::builder()
            .table_name(&self.table)
            .set_item(Some(doubt))
            .condition_expression(format!("attribute_not_exists(pk) OR linked_at <> :linked_at OR doubted IN ({weaker})"))
            .expression_attribute_values(":linked_at", n(leaver.linked_at));
        put(values.into_iter().fold(put_doubt, |put_doubt, (name, word)| put_doubt.expression_attribute_values(name, word)))
    }

    /// Notes the request on a stronger doubt about the same link, so that an answer which is on its way does not end it; none where there is nothing stronger.
    fn join_stronger(&self, leaver: &Leaver, about: About, request: &RequestId) -> Result<Option<TransactWriteItem>, Error> {
        let (stronger, values) = words(|other| other > about);
        if values.is_empty() {
            return Ok(None);
        }
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(leaver.user_uuid)))
            .key("sk", s(DOUBT))
            .update_expression("SET joined = :joined")
            .condition_expression(format!("linked_at = :linked_at AND doubted IN ({stronger})"))
            .expression_attribute_values(":linked_at", n(leaver.linked_at))
            .expression_attribute_values(":joined", s(request.as_str()));
        let update = values.into_iter().fold(update, |update, (name, word)| update.expression_attribute_values(name, word));
        Ok(Some(TransactWriteItem::builder().update(update.build().map_err(incomplete)?).build()))
    }

    /// The doubt about an identity's store, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_doubt(&self, user_uuid: Uuid) -> Result<Option<Doubt>, Error> {
        let found = self.get(identity_key(user_uuid), DOUBT).await?;
        Ok(found.and_then(|found| {
            let word = item::text(&found, "doubted")?;
            Some(Doubt {
                user_uuid,
                about: About::ALL.into_iter().find(|about| about.as_str() == word)?,
                linked_at: item::number(&found, "linked_at")?,
                due_at: item::number(&found, "due_at").unwrap_or_default(),
                request: item::text(&found, "request").map(RequestId::from_hash),
                is_replayed: found.contains_key("replayed"),
                joined: item::text(&found, "joined").map(str::to_owned),
            })
        }))
    }

    /// The doubt is settled. One that another request raised meanwhile is not: what was asked for it may have been answered too early.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn end_doubt(&self, doubt: &Doubt) -> Result<(), Error> {
        let (condition, values) = doubt.as_read();
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("pk", s(identity_key(doubt.user_uuid)))
            .key("sk", s(DOUBT))
            .condition_expression(format!("attribute_not_exists(pk) OR ({condition})"))
            .expression_attribute_names("#request", "request")
            .set_expression_attribute_values(Some(values));
        match timed("dynamodb.end_doubt", delete.send()).await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(unavailable("end_doubt", &error)),
        }
    }

    /// Looks into a doubt again at another time, if it is still the one that was read.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn postpone_doubt(&self, doubt: &Doubt, due_at: UnixSeconds) -> Result<(), Error> {
        let (condition, values) = doubt.as_read();
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(identity_key(doubt.user_uuid)))
            .key("sk", s(DOUBT))
            .update_expression(format!("SET due_at = :due REMOVE {NOTES}"))
            .condition_expression(condition)
            .expression_attribute_names("#request", "request")
            .set_expression_attribute_values(Some(values))
            .expression_attribute_values(":due", n(due_at));
        match timed("dynamodb.postpone_doubt", update.send()).await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(unavailable("postpone_doubt", &error)),
        }
    }

    fn check_link(&self, leaver: &Leaver) -> Result<TransactWriteItem, Error> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(leaver.user_uuid)))
            .key("sk", s("store"))
            .condition_expression("generation = :generation AND linked_at = :linked_at")
            .expression_attribute_values(":generation", n(leaver.generation))
            .expression_attribute_values(":linked_at", n(leaver.linked_at))
            .build();
        Ok(TransactWriteItem::builder().condition_check(check.map_err(incomplete)?).build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stronger_doubt_is_the_later_one() {
        assert!(About::Redact > About::Uninstalled && About::Uninstalled > About::Scopes);
        for about in About::ALL {
            assert_eq!(About::ALL.into_iter().find(|other| other.as_str() == about.as_str()), Some(about));
        }
    }
}
