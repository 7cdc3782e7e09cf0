//! Linking a store: its identity, its token pair, its session.

use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use uuid::Uuid;

use crate::{
    calls::timed,
    encryption::Place,
    error::{Code, Error},
    providers::shopify::{self, token::Tokens},
    random,
};

use super::{
    Cancelled, Connections, Item,
    flows::{Claim, Outcome},
    item::{self, b, identity_key, n, s},
    sessions::{self, SessionKey},
    unavailable,
};

/// Index partitions over due times, so that no single one gets every link's writes.
const DUE_SHARDS: u8 = 64;
/// A refresh token dies after 90 idle days; the store is due this long before.
const DUE_BEFORE_REFRESH_END: u64 = 30 * 24 * 3600;
const DAY: u64 = 24 * 3600;

/// A store as it was linked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRecord {
    /// Its identity.
    pub user_uuid: Uuid,
    /// Raised by whatever ends a link; a write of an older generation does not count.
    pub generation: u64,
    /// The numeric id of the shop, once it is known.
    pub shop_id: Option<String>,
    version: u64,
    uninstalled: bool,
    stale_sessions: Vec<String>,
}

/// A store that has just been linked.
#[derive(Clone, Debug)]
pub struct Linked {
    /// Its identity.
    pub user_uuid: Uuid,
    /// The identity's generation.
    pub generation: u64,
    /// The numeric id it was known by before.
    pub known_shop_id: Option<String>,
    /// Of the token pair: another one after this retired it.
    pub(super) version: u64,
}

/// What a link writes.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// The shop's domain.
    pub shop: &'a str,
    /// What Shopify issued.
    pub tokens: &'a Tokens,
    /// The client id it was issued to.
    pub api_key: &'a str,
    /// The new session.
    pub session: &'a SessionKey,
    /// The state that this link uses, with its lease.
    pub claim: &'a Claim,
}

impl Connections {
    /// One cheap read, so that connection and credentials are ready before the first request.
    pub async fn warm_up(&self) {
        let read = self.client.get_item().table_name(&self.table).key("pk", s("warm-up")).key("sk", s("warm-up"));
        let _ = timed("dynamodb.warm_up", read.send()).await;
    }

    /// The identity that a shop has, if it was ever linked and not erased since.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_store(&self, shop: &str) -> Result<Option<StoreRecord>, Error> {
        let Some(owner) = self.get(format!("shop#{shop}"), "owner").await? else { return Ok(None) };
        let user_uuid = item::uuid(&owner, "uuid").ok_or_else(|| Error::storage_unavailable("a store without identity"))?;
        let Some(root) = self.get(identity_key(user_uuid), "store").await? else { return Ok(None) };
        let now = self.clock.now();
        let stale_sessions = root
            .get("sessions")
            .and_then(|v| v.as_m().ok())
            .map(|m| m.keys().filter(|k| item::number(m, k).is_none_or(|end| end < now)).take(50).cloned().collect());
        Ok(Some(StoreRecord {
            user_uuid,
            generation: item::number(&root, "generation").unwrap_or_default(),
            shop_id: item::text(&root, "shop_id").map(str::to_owned),
            version: item::number(&root, "version").unwrap_or_default(),
            uninstalled: item::text(&root, "status") != Some("active"),
            stale_sessions: stale_sessions.unwrap_or_default(),
        }))
    }

    async fn get(&self, pk: String, sk: &str) -> Result<Option<Item>, Error> {
        let read = self.client.get_item().table_name(&self.table).key("pk", s(pk)).key("sk", s(sk)).consistent_read(true);
        let output = timed("dynamodb.store", read.send()).await.map_err(|e| unavailable("store", &e))?;
        Ok(output.item)
    }

    /// Writes the link in one transaction: the pair, the session, the outcome of the state, and the lease's end. `known` is what was read
    /// after the lease was taken and before the code went out, so a link that was uninstalled or erased since is not revived by it.
    ///
    /// # Errors
    /// `token_exchange_failed` when the store left meanwhile or the lease is lost; `storage_unavailable`.
    pub async fn link_store(&self, link: &NewLink<'_>, known: Option<&StoreRecord>) -> Result<Linked, Error> {
        let linked = match known {
            Some(record) => Linked {
                user_uuid: record.user_uuid,
                generation: record.generation,
                known_shop_id: record.shop_id.clone(),
                version: record.version.saturating_add(1),
            },
            None => Linked { user_uuid: random::uuid()?, generation: 1, known_shop_id: None, version: 1 },
        };
        let mut items = vec![
            TransactWriteItem::builder().update(link.claim.update(&self.sessions_table, Outcome::Linked)?).build(),
            self.put_session(link, &linked)?,
        ];
        match known {
            Some(record) => {
                items.push(self.update_root(link, record)?);
                // What the root no longer lists, an erasure would not find.
                for session in &record.stale_sessions {
                    items.push(self.delete_from_sessions(SessionKey::from_hash(session).partition())?);
                }
            }
            None => items.extend([self.put_root(link, &linked)?, self.put_owner(link.shop, linked.user_uuid, None)?]),
        }
        match self.transact("dynamodb.link_store", link.claim.token(), items).await {
            Ok(()) => Ok(linked),
            Err(Cancelled::Failed(error)) => Err(error),
            Err(Cancelled::Conditions(failed)) => {
                let places: Vec<usize> = failed.iter().map(|(index, _)| *index).collect();
                Err(Error::new(Code::TokenExchangeFailed, "Your store changed while it was being connected. Please start again.")
                    .caused_by(format!("link: conditions {places:?} failed")))
            }
        }
    }

    /// Fills in who the shop is, once that is known. The same domain with another id is another shop: it gets an identity of its own, and
    /// the old one is erased.
    ///
    /// # Errors
    /// `storage_unavailable` when that other shop could not get its own identity.
    pub async fn identify_store(&self, link: &NewLink<'_>, linked: Linked, shop_id: &str, name: Option<&str>) -> Result<Linked, Error> {
        if linked.known_shop_id.as_deref().is_some_and(|known| known != shop_id) {
            return self.replace_identity(link, &linked, shop_id, name).await;
        }
        let write = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(identity_key(linked.user_uuid)))
            .key("sk", s("store"))
            .update_expression("SET shop_id = :id, #name = :name REMOVE unconfirmed")
            .condition_expression("generation = :generation AND (attribute_not_exists(shop_id) OR shop_id = :id)")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":id", s(shop_id))
            .expression_attribute_values(":name", s(name.unwrap_or(link.shop)))
            .expression_attribute_values(":generation", n(linked.generation));
        match timed("dynamodb.identify_store", write.send()).await {
            Ok(_) => Ok(linked),
            // The store left, or another link of it was faster: what stands there is newer than this.
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(linked),
            // The link stands, and the next occasion fills the id in.
            Err(error) => {
                tracing::warn!(cause = unavailable("identify_store", &error).cause, "shop id not noted");
                Ok(linked)
            }
        }
    }

    /// A new identity for a domain that changed hands, in one transaction with the end of the old one; what the old one held is erased
    /// after that. If that stops half-way, the old identity is marked as erasing and nothing leads to it any more. The lease is over by
    /// now: where another link has stored a newer pair since, it is that one's part to replace the identity, since ours is retired.
    async fn replace_identity(&self, link: &NewLink<'_>, old: &Linked, shop_id: &str, name: Option<&str>) -> Result<Linked, Error> {
        let new = Linked { user_uuid: random::uuid()?, generation: 1, known_shop_id: Some(shop_id.to_owned()), version: 1 };
        let mut root = self.root(link, &new)?;
        root.insert("shop_id".to_owned(), s(shop_id));
        root.insert("name".to_owned(), s(name.unwrap_or(link.shop)));
        let items = vec![
            put(Put::builder().table_name(&self.table).set_item(Some(root)).condition_expression("attribute_not_exists(pk)"))?,
            self.put_owner(link.shop, new.user_uuid, Some(old.user_uuid))?,
            self.put_session(link, &new)?,
            self.mark_erasing(old, link.session)?,
        ];
        let token = crate::signing::hex(&random::bytes::<16>()?);
        match self.transact("dynamodb.replace_identity", &token, items).await {
            Ok(()) => {}
            Err(Cancelled::Failed(error)) => return Err(error),
            Err(Cancelled::Conditions(_)) => {
                return Err(Error::new(Code::TokenExchangeFailed, "Your store changed while it was being connected. Please start again.")
                    .caused_by("replace_identity: conditions failed"));
            }
        }
        // The new link stands whatever happens to the rest.
        if let Err(error) = self.erase(old.user_uuid).await {
            tracing::error!(cause = error.cause, "old identity not yet erased");
        }
        Ok(new)
    }

    fn root(&self, link: &NewLink<'_>, linked: &Linked) -> Result<Item, Error> {
        let now = self.clock.now();
        let mut root = item::item([
            ("pk", s(identity_key(linked.user_uuid))),
            ("sk", s("store")),
            ("shop", s(link.shop)),
            ("generation", n(linked.generation)),
            ("version", n(1)),
            ("sessions", item::map([(link.session.as_str(), n(sessions::expires_at(now)))])),
            ("due_shard", s(due_shard(linked.user_uuid))),
        ]);
        for (name, value) in self.credentials(link, linked.user_uuid)? {
            if let Some(value) = value {
                root.insert(name.to_owned(), value);
            }
        }
        Ok(root)
    }

    fn put_root(&self, link: &NewLink<'_>, linked: &Linked) -> Result<TransactWriteItem, Error> {
        let root = self.root(link, linked)?;
        put(Put::builder().table_name(&self.table).set_item(Some(root)).condition_expression("attribute_not_exists(pk)"))
    }

    fn put_owner(&self, shop: &str, user_uuid: Uuid, instead_of: Option<Uuid>) -> Result<TransactWriteItem, Error> {
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

    fn put_session(&self, link: &NewLink<'_>, linked: &Linked) -> Result<TransactWriteItem, Error> {
        let session = sessions::new_item(link.session, linked.user_uuid, link.shop, linked.generation, self.clock.now());
        put(Put::builder().table_name(&self.sessions_table).set_item(Some(session)))
    }

    /// The new pair for a known identity. A store that had been uninstalled stays unconfirmed, and its Pages without tokens, until the
    /// shop's id shows that it is the same shop.
    fn update_root(&self, link: &NewLink<'_>, record: &StoreRecord) -> Result<TransactWriteItem, Error> {
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
        if record.uninstalled {
            set.push("unconfirmed = :unconfirmed".to_owned());
            update = update.expression_attribute_values(":unconfirmed", AttributeValue::Bool(true));
        }
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
        for (i, session) in record.stale_sessions.iter().enumerate() {
            update = update.expression_attribute_names(format!("#s{i}"), session);
            remove.push(format!("sessions.#s{i}"));
        }
        let remove = if remove.is_empty() { String::new() } else { format!(" REMOVE {}", remove.join(", ")) };
        let update = update.update_expression(format!("SET {}{remove}", set.join(", "))).build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    /// The attributes that belong to the token pair; none stands for an attribute to remove.
    fn credentials(&self, link: &NewLink<'_>, user_uuid: Uuid) -> Result<Vec<(&'static str, Option<AttributeValue>)>, Error> {
        let place = |attribute| Place { user_uuid, platform: shopify::PLATFORM.name, account: link.shop, attribute };
        let tokens = link.tokens;
        let refresh = tokens.refresh_token.as_ref().map(|token| self.keys.seal(place("refresh_token"), token)).transpose()?;
        let now = self.clock.now();
        // Spread over a week, so that stores linked on one day do not fall due in one minute.
        let jitter = user_uuid.as_u128().wrapping_rem(u128::from(7 * DAY));
        let latest = tokens.refresh_expires_at.map_or(now + DAY, |end| end.saturating_sub(DUE_BEFORE_REFRESH_END).max(now + DAY));
        let due_at = latest.saturating_sub(u64::try_from(jitter).unwrap_or_default()).max(now + DAY / 2);
        Ok(vec![
            ("access_token", Some(b(self.keys.seal(place("access_token"), &tokens.access_token)?))),
            ("access_expires_at", tokens.expires_at.map(n)),
            ("refresh_token", refresh.map(b)),
            ("refresh_expires_at", tokens.refresh_expires_at.map(n)),
            ("scopes", Some(item::list(&tokens.scopes))),
            ("app_id", Some(s(link.api_key))),
            ("status", Some(s("active"))),
            ("reason", None),
            ("linked_at", Some(n(now))),
            ("due_at", Some(n(due_at))),
        ])
    }
}

/// The index partition of an identity.
pub(super) fn due_shard(user_uuid: Uuid) -> String {
    let [first, ..] = user_uuid.into_bytes();
    format!("{:02}", first % DUE_SHARDS)
}

pub(super) fn put(builder: aws_sdk_dynamodb::types::builders::PutBuilder) -> Result<TransactWriteItem, Error> {
    Ok(TransactWriteItem::builder().put(builder.build().map_err(incomplete)?).build())
}

/// A request of ours that lacks a part: a mistake of this code, which storage reports like a failure of its own.
pub(super) fn incomplete(error: aws_sdk_dynamodb::error::BuildError) -> Error {
    Error::storage_unavailable(format!("incomplete request: {error}"))
}
