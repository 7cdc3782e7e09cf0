//! The writes of a link of Pages, each with its condition.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use uuid::Uuid;

use crate::{
    encryption::Place,
    error::Error,
    providers::facebook::{self, pages::Page, subscriptions::Unready},
};

use super::{
    super::{
        Connections,
        due::Urgency,
        item::{self, b, identity_key, n, s},
        pages::{PageRecord, PagesLink, Person, THREAD_ROUTING},
        persons::person_due_at,
        sessions::LeftBehind,
        stores_write::{incomplete, put},
    },
    Plan,
};

impl Connections {
    pub(super) fn put_page_owner(&self, link: &PagesLink<'_>, plan: &Plan<'_>) -> Result<TransactWriteItem, Error> {
        let owner = item::item([
            ("pk", s(format!("page#{}", plan.page.id))),
            ("sk", s("owner")),
            ("uuid", s(link.session.user_uuid.to_string())),
            ("shop", s(&link.session.shop)),
        ]);
        let mine = Put::builder()
            .table_name(&self.table)
            .set_item(Some(owner))
            .expression_attribute_names("#uuid", "uuid")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        put(match plan.from {
            None => mine
                .condition_expression("attribute_not_exists(pk) OR #uuid = :mine")
                .expression_attribute_values(":mine", s(link.session.user_uuid.to_string())),
            Some(from) => mine.condition_expression("#uuid = :from").expression_attribute_values(":from", s(from.to_string())),
        })
    }

    pub(super) fn put_page(&self, link: &PagesLink<'_>, page: &Page, known: Option<&PageRecord>) -> Result<TransactWriteItem, Error> {
        let linked_ms = self.clock.now_millis();
        let mut found = item::item([
            ("pk", s(identity_key(link.session.user_uuid))),
            ("sk", s(format!("page#{}", page.id))),
            ("name", s(&page.name)),
            ("tasks", item::list(&page.tasks)),
            ("status", s("active")),
            ("granted_by", s(link.person.user_id)),
            ("app_id", s(link.app_id)),
            ("linked_at", n(linked_ms / 1000)),
            ("linked_ms", n(linked_ms)),
            // Until somebody has looked: a crash right after the link must not leave a promise.
            ("messaging_ready", AttributeValue::Bool(false)),
            ("messaging_reason", s(Unready::NotChecked.as_str())),
            ("version", n(super::next_version(known))),
        ]);
        // A setting of the Page, not of the grant: what was seen last stays until it is seen again.
        if let Some(shared) = known.and_then(|record| record.thread_routing) {
            found.insert(THREAD_ROUTING.to_owned(), AttributeValue::Bool(shared));
        }
        if let Some(category) = &page.category {
            found.insert("category".to_owned(), s(category));
        }
        if let Some(token) = &page.access_token {
            let place = self.facebook_place(link, page.id.as_str(), "page_token");
            found.insert("access_token".to_owned(), b(self.keys.seal(place, token)?));
        }
        let new = Put::builder().table_name(&self.table).set_item(Some(found));
        put(match known {
            None => new.condition_expression("attribute_not_exists(pk)"),
            Some(record) => new
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", n(record.version)),
        })
    }

    /// The former holder keeps a note that the Page moved, without a word about where to, and without the token.
    pub(super) fn mark_moved(&self, page_id: &str, from: Uuid) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(from)))
            .key("sk", s(format!("page#{page_id}")))
            .update_expression(
                "SET #status = :moved, version = version + :one REMOVE access_token, messaging_ready, messaging_reason, thread_routing, reason, dead_since",
            )
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":moved", s("moved"))
            .expression_attribute_values(":one", n(1))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    pub(super) fn put_person(&self, link: &PagesLink<'_>, person: &Person<'_>) -> Result<TransactWriteItem, Error> {
        let linked_ms = self.clock.now_millis();
        let now = linked_ms / 1000;
        let token = self.keys.seal(self.facebook_place(link, person.user_id, "user_token"), person.access_token)?;
        let mut found = item::item([
            ("pk", s(identity_key(link.session.user_uuid))),
            ("sk", s(format!("person#{}", person.user_id))),
            ("person", s(format!("{}#{}", facebook::PLATFORM.name, person.user_id))),
            ("kind", s(person.kind)),
            ("access_token", b(token)),
            ("scopes", item::list(person.scopes)),
            ("app_id", s(link.app_id)),
            ("status", s("active")),
            ("linked_at", n(now)),
            ("linked_ms", n(linked_ms)),
            ("due_shard", s(Urgency::Routine.shard_of(link.session.user_uuid))),
            ("issued_at", n(now)),
            ("due_at", n(person_due_at(link.session.user_uuid, now, now, person.expires_at))),
        ]);
        for (name, end) in [("expires_at", person.expires_at), ("data_access_expires_at", person.data_access_expires_at)] {
            if let Some(end) = end {
                found.insert(name.to_owned(), n(end));
            }
        }
        put(Put::builder().table_name(&self.table).set_item(Some(found)))
    }

    pub(super) fn end_session_of_identity(&self, link: &PagesLink<'_>) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(link.session.user_uuid)))
            .key("sk", s("store"))
            .update_expression("REMOVE sessions.#session")
            .condition_expression("generation = :generation")
            .expression_attribute_names("#session", link.session_key.as_str())
            .expression_attribute_values(":generation", n(link.session.generation))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    pub(super) fn delete_session(&self, link: &PagesLink<'_>) -> Result<TransactWriteItem, Error> {
        let delete = Delete::builder()
            .table_name(&self.sessions_table)
            .key("pk", s(link.session_key.partition()))
            .condition_expression("#uuid = :uuid")
            .expression_attribute_names("#uuid", "uuid")
            .expression_attribute_values(":uuid", AttributeValue::S(link.session.user_uuid.to_string()))
            .build();
        Ok(TransactWriteItem::builder().delete(delete.map_err(incomplete)?).build())
    }

    /// The session stays, with what was left behind.
    pub(super) fn keep_session(&self, link: &PagesLink<'_>, left_behind: &[LeftBehind]) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.sessions_table)
            .key("pk", s(link.session_key.partition()))
            .update_expression(LeftBehind::UPDATE)
            .condition_expression("#uuid = :uuid")
            .expression_attribute_names("#uuid", "uuid")
            .expression_attribute_values(":uuid", s(link.session.user_uuid.to_string()))
            .expression_attribute_values(":held", LeftBehind::seal(left_behind, link.session_key)?)
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    fn facebook_place<'a>(&self, link: &PagesLink<'_>, account: &'a str, attribute: &'a str) -> Place<'a> {
        Place { user_uuid: link.session.user_uuid, platform: facebook::PLATFORM.name, account, attribute }
    }
}
