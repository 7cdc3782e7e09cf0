//! The parts of a store's link, as items and conditions.

use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use uuid::Uuid;

use crate::{clock::UnixSeconds, encryption::Place, error::Error, providers::shopify};

use super::{
    Connections, Item,
    due::{Urgency, keep_alive_at, store_due_at},
    item::{self, b, identity_key, n, s},
    sessions,
    stores::{Linked, NewLink, StoreRecord},
};

/// When the keeper asks which shop it is, unless the link has found that out by then.
const IDENTIFY_AFTER: u64 = 600;

impl Connections {
    pub(super) fn root(&self, link: &NewLink<'_>, linked: &Linked) -> Result<Item, Error> {
        let now = self.clock.now();
        let mut root = item::item([
            ("pk", s(identity_key(linked.user_uuid))),
            ("sk", s("store")),
            ("shop", s(link.shop)),
            ("generation", n(linked.generation)),
            ("version", n(1)),
            ("sessions", item::map([(link.session.as_str(), n(sessions::expires_at(now)))])),
            ("due_shard", s(Urgency::Routine.shard_of(linked.user_uuid))),
        ]);
        for (name, value) in self.credentials(link, linked.user_uuid)? {
            if let Some(value) = value {
                root.insert(name.to_owned(), value);
            }
        }
        Ok(root)
    }

    pub(super) fn put_root(&self, link: &NewLink<'_>, linked: &Linked) -> Result<TransactWriteItem, Error> {
        let root = self.root(link, linked)?;
        put(Put::builder().table_name(&self.table).set_item(Some(root)).condition_expression("attribute_not_exists(pk)"))
    }

    pub(super) fn put_owner(&self, shop: &str, user_uuid: Uuid, instead_of: Option<Uuid>) -> Result<TransactWriteItem, Error> {
        let owner = item::item([("pk", s(format!("shop#{shop}"))), ("sk", s("owner")), ("uuid", s(user_uuid.to_string()))]);
        let put_owner = Put::builder().table_name(&self.table).set_item(Some(owner));
        put(match instead_of {
            None => put_owner.condition_expression("attribute_not_exists(pk)"),
            Some(old) => put_owner
                .condition_expression("#uuid = :old")
                .expression_attribute_names("#uuid", "uuid")
                .expression_attribute_values(":old", s(old.to_string())),
        })
    }

    pub(super) fn put_session(&self, link: &NewLink<'_>, linked: &Linked) -> Result<TransactWriteItem, Error> {
        let session = sessions::new_item(link.session, linked.user_uuid, link.shop, linked.generation, self.clock.now());
        put(Put::builder().table_name(&self.sessions_table).set_item(Some(session)))
    }

    /// The new pair for a known identity. A store that had been uninstalled stays unconfirmed, and its Pages without tokens, until the
    /// shop's id shows that it is the same shop. One that was linked all the time goes on meanwhile.
    pub(super) fn update_root(&self, link: &NewLink<'_>, record: &StoreRecord) -> Result<TransactWriteItem, Error> {
        let mut set = vec!["version = :next".to_owned(), "sessions.#session = :session_end".to_owned()];
        let mut remove = Vec::new();
        let mut update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(record.user_uuid)))
            .key("sk", s("store"))
            .condition_expression("generation = :generation AND version = :version")
            .expression_attribute_names("#session", link.session.as_str())
            .expression_attribute_values(":version", n(record.version))
            .expression_attribute_values(":next", n(record.version.saturating_add(1)))
            .expression_attribute_values(":generation", n(record.generation))
            .expression_attribute_values(":session_end", n(sessions::expires_at(self.clock.now())))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None);
        set.push(if record.uninstalled { "unconfirmed = :true".to_owned() } else { "uncompared = :true".to_owned() });
        update = update.expression_attribute_values(":true", AttributeValue::Bool(true));
        for (i, (name, value)) in self.credentials(link, record.user_uuid)?.into_iter().enumerate() {
            update = update.expression_attribute_names(format!("#a{i}"), name);
            match value {
                Some(value) => {
                    set.push(format!("#a{i} = :a{i}"));
                    update = update.expression_attribute_values(format!(":a{i}"), value);
                }
                None => remove.push(format!("#a{i}")),
            }
        }
        for (i, session) in record.ending_sessions.iter().enumerate() {
            update = update.expression_attribute_names(format!("#s{i}"), session);
            remove.push(format!("sessions.#s{i}"));
        }
        let remove = if remove.is_empty() { String::new() } else { format!(" REMOVE {}", remove.join(", ")) };
        let update = update.update_expression(format!("SET {}{remove}", set.join(", "))).build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    /// When a store is due whose shop is known.
    pub(super) fn regular_due_at(&self, link: &NewLink<'_>, user_uuid: Uuid) -> UnixSeconds {
        let now = self.clock.now();
        store_due_at(user_uuid, now, keep_alive_at(link.tokens.expires_at.is_some(), now, link.tokens.refresh_expires_at))
    }

    /// The attributes that belong to the token pair; none stands for an attribute to remove. The store is due soon: which shop it is has yet to be read with the new token.
    fn credentials(&self, link: &NewLink<'_>, user_uuid: Uuid) -> Result<Vec<(&'static str, Option<AttributeValue>)>, Error> {
        let place = |attribute| Place { user_uuid, platform: shopify::PLATFORM.name, account: link.shop, attribute };
        let tokens = link.tokens;
        let refresh = tokens.refresh_token.as_ref().map(|token| self.keys.seal(place("refresh_token"), token)).transpose()?;
        let now_ms = self.clock.now_millis();
        let now = now_ms / 1000;
        let due_at = self.regular_due_at(link, user_uuid).min(now.saturating_add(IDENTIFY_AFTER));
        Ok(vec![
            ("access_token", Some(b(self.keys.seal(place("access_token"), &tokens.access_token)?))),
            ("access_expires_at", tokens.expires_at.map(n)),
            ("refresh_token", refresh.map(b)),
            ("refresh_expires_at", tokens.refresh_expires_at.map(n)),
            ("scopes", Some(item::list(&tokens.scopes))),
            ("app_id", Some(s(link.api_key))),
            ("status", Some(s("active"))),
            ("reason", None),
            ("dead_since", None),
            ("failures", None),
            ("dead_seen_at", None),
            ("uninstalled_at", None),
            ("linked_at", Some(n(now))),
            ("linked_ms", Some(n(now_ms))),
            ("issued_at", Some(n(now))),
            ("due_at", Some(n(due_at))),
        ])
    }
}

pub(super) fn put(builder: aws_sdk_dynamodb::types::builders::PutBuilder) -> Result<TransactWriteItem, Error> {
    Ok(TransactWriteItem::builder().put(builder.build().map_err(incomplete)?).build())
}

/// A request of ours that lacks a part: a mistake of this code, which storage reports like a failure of its own.
pub(super) fn incomplete(error: aws_sdk_dynamodb::error::BuildError) -> Error {
    Error::storage_unavailable(format!("incomplete request: {error}"))
}
