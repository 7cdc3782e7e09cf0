//! Linking a store: its identity, its token pair, its session.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use uuid::Uuid;

use crate::{
    calls::timed,
    clock::UnixSeconds,
    error::{Code, Detail, Error},
    providers::shopify::{self, token::Tokens},
    random,
};

use super::{
    Cancelled, Connections, Item,
    events::{Event, EventType},
    flows::{Claim, Outcome},
    item::{self, identity_key, n, s},
    leaving::counts_as_redacted,
    sessions::{self, SessionKey},
    stores_write::put,
    tokens::Status,
    unavailable,
};

/// The newest sessions of a store that stay; more would make its item large, and no merchant has that many browsers.
const SESSIONS: usize = 20;
/// Sessions that a link ends, at most: together with the link they are one transaction.
const ENDING: usize = 60;

/// A store as it was linked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRecord {
    /// Its identity.
    pub user_uuid: Uuid,
    /// Raised by whatever ends a link; a write of an older generation does not count.
    pub generation: u64,
    /// The numeric id of the shop, once it is known.
    pub shop_id: Option<String>,
    pub(super) version: u64,
    pub(super) uninstalled: bool,
    /// It uninstalled the app so long ago that a new link is of somebody new.
    pub(super) redacted: bool,
    /// Sessions that are over, and those that a new one makes too many.
    pub(super) ending_sessions: Vec<String>,
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

/// A link whose shop was read.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The link; under another identity where the domain was another shop's.
    pub linked: Linked,
    /// Whether that stands in the tables.
    pub confirmation: Confirmation,
}

/// Whether the tables say which shop a link is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// They do, and what was linked before works on.
    Written,
    /// The store left, or was linked once more: what they say is newer than this link.
    Outdated,
    /// They could not be reached. The keeper asks soon.
    Failed,
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
        let root = self.get(identity_key(user_uuid), "store").await?;
        let Some(root) = root.filter(|root| item::text(root, "status") != Some("erasing")) else {
            // It is erased, or being erased, and takes the way to it along; where that was left over, the link of the shop must not fail for it.
            self.forget_owner(shop, user_uuid).await?;
            return Ok(None);
        };
        let (now, status) = (self.clock.now(), Status::read(&root));
        Ok(Some(StoreRecord {
            user_uuid,
            generation: item::number(&root, "generation").unwrap_or_default(),
            shop_id: item::text(&root, "shop_id").map(str::to_owned),
            version: item::number(&root, "version").unwrap_or_default(),
            uninstalled: status == Status::Uninstalled,
            redacted: counts_as_redacted(status, item::number(&root, "uninstalled_at"), now),
            ending_sessions: ending(&root, now),
        }))
    }

    /// Deletes what leads from a shop to an identity, if it still does.
    async fn forget_owner(&self, shop: &str, user_uuid: Uuid) -> Result<(), Error> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("pk", s(format!("shop#{shop}")))
            .key("sk", s("owner"))
            .condition_expression("#uuid = :gone")
            .expression_attribute_names("#uuid", "uuid")
            .expression_attribute_values(":gone", s(user_uuid.to_string()));
        match timed("dynamodb.forget_owner", delete.send()).await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(unavailable("forget_owner", &error)),
        }
    }

    pub(super) async fn get(&self, pk: String, sk: &str) -> Result<Option<Item>, Error> {
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
            Some(record) if !record.redacted => Linked {
                user_uuid: record.user_uuid,
                generation: record.generation,
                known_shop_id: record.shop_id.clone(),
                version: record.version.saturating_add(1),
            },
            _ => Linked { user_uuid: random::uuid()?, generation: 1, known_shop_id: None, version: 1 },
        };
        let mut items = vec![
            TransactWriteItem::builder().update(link.claim.update(&self.sessions_table, Outcome::Linked)?).build(),
            self.put_session(link, &linked)?,
            self.put_event(&linked_event(link, linked.user_uuid))?,
        ];
        match known {
            Some(record) if record.redacted => {
                items.extend([self.put_root(link, &linked)?, self.put_owner(link.shop, linked.user_uuid, Some(record.user_uuid))?]);
                items.extend(self.end_former(link, record.user_uuid, record.generation, record.version, "uninstalled_30_days")?);
            }
            Some(record) => {
                items.push(self.update_root(link, record)?);
                // What the root no longer lists, an erasure would not find.
                for session in &record.ending_sessions {
                    items.push(self.delete_from_sessions(sessions::partition(session))?);
                }
            }
            None => items.extend([self.put_root(link, &linked)?, self.put_owner(link.shop, linked.user_uuid, None)?]),
        }
        match self.transact("dynamodb.link_store", link.claim.token(), items).await {
            Ok(()) => {
                if let Some(record) = known.filter(|record| record.redacted) {
                    self.erase_former(record.user_uuid).await;
                }
                Ok(linked)
            }
            Err(Cancelled::Failed(error)) => Err(error),
            Err(Cancelled::Conditions(failed)) => {
                let places: Vec<usize> = failed.iter().map(|(index, _)| *index).collect();
                Err(Error::new(Code::TokenExchangeFailed, Detail::StoreChanged).caused_by(format!("link: conditions {places:?} failed")))
            }
        }
    }

    /// Fills in who the shop is, once that is known; until then the store is due soon. The same domain with another id is another shop: it gets an identity of its own, and the
    /// old one is erased.
    ///
    /// # Errors
    /// `storage_unavailable` when that other shop could not get its own identity.
    pub async fn identify_store(&self, link: &NewLink<'_>, linked: Linked, shop_id: &str, name: Option<&str>) -> Result<Identified, Error> {
        if linked.known_shop_id.as_deref().is_some_and(|known| known != shop_id) {
            let linked = self.replace_identity(link, &linked, shop_id, name).await?;
            return Ok(Identified { linked, confirmation: Confirmation::Written });
        }
        let write = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(identity_key(linked.user_uuid)))
            .key("sk", s("store"))
            .update_expression("SET shop_id = :id, #name = :name, due_at = :due REMOVE unconfirmed, uncompared")
            // It is the shop of this link's token, and says nothing of another's.
            .condition_expression("generation = :generation AND version = :version AND (attribute_not_exists(shop_id) OR shop_id = :id)")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":id", s(shop_id))
            .expression_attribute_values(":name", s(name.unwrap_or(link.shop)))
            .expression_attribute_values(":due", n(self.regular_due_at(link, linked.user_uuid)))
            .expression_attribute_values(":version", n(linked.version))
            .expression_attribute_values(":generation", n(linked.generation));
        let confirmation = match timed("dynamodb.identify_store", write.send()).await {
            Ok(_) => Confirmation::Written,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Confirmation::Outdated,
            Err(error) => {
                tracing::warn!(cause = unavailable("identify_store", &error).cause, "shop id not noted");
                Confirmation::Failed
            }
        };
        Ok(Identified { linked, confirmation })
    }

    /// A new identity for a domain that changed hands, in one transaction with the end of the old one; what the old one held is erased
    /// after that. If that stops half-way, the old identity is marked as erasing and nothing leads to it any more. The lease is over by
    /// now: where another link has stored a newer pair since, it is that one's part to replace the identity, since ours is retired.
    async fn replace_identity(&self, link: &NewLink<'_>, old: &Linked, shop_id: &str, name: Option<&str>) -> Result<Linked, Error> {
        let new = Linked { user_uuid: random::uuid()?, generation: 1, known_shop_id: Some(shop_id.to_owned()), version: 1 };
        let mut root = self.root(link, &new)?;
        root.insert("shop_id".to_owned(), s(shop_id));
        root.insert("name".to_owned(), s(name.unwrap_or(link.shop)));
        root.insert("due_at".to_owned(), n(self.regular_due_at(link, new.user_uuid)));
        let mut items = vec![
            put(Put::builder().table_name(&self.table).set_item(Some(root)).condition_expression("attribute_not_exists(pk)"))?,
            self.put_owner(link.shop, new.user_uuid, Some(old.user_uuid))?,
            self.put_session(link, &new)?,
            self.put_event(&linked_event(link, new.user_uuid))?,
        ];
        items.extend(self.end_former(link, old.user_uuid, old.generation, old.version, "changed_hands")?);
        let token = crate::signing::hex(&random::bytes::<16>()?);
        match self.transact("dynamodb.replace_identity", &token, items).await {
            Ok(()) => {}
            Err(Cancelled::Failed(error)) => return Err(error),
            Err(Cancelled::Conditions(_)) => {
                return Err(Error::new(Code::TokenExchangeFailed, Detail::StoreChanged).caused_by("replace_identity: conditions failed"));
            }
        }
        self.erase_former(old.user_uuid).await;
        Ok(new)
    }

    /// The end of a shop's former identity, for the transaction in which the shop gets another one.
    fn end_former(
        &self,
        link: &NewLink<'_>,
        former: Uuid,
        generation: u64,
        version: u64,
        what: &str,
    ) -> Result<[TransactWriteItem; 2], Error> {
        let erased = Event { event_type: EventType::Erased, ..linked_event(link, former) };
        Ok([self.mark_erasing(former, generation, version, what, link.session)?, self.put_event(&erased)?])
    }

    /// The new link stands whatever happens to the rest.
    async fn erase_former(&self, user_uuid: Uuid) {
        if let Err(error) = self.erase(user_uuid, None).await {
            tracing::error!(cause = error.cause, "old identity not yet erased");
        }
    }
}

/// The sessions that end with a new link: all that are over, and of the others the oldest, so that [`SESSIONS`] are left with the new one.
fn ending(root: &Item, now: UnixSeconds) -> Vec<String> {
    let Some(listed) = root.get("sessions").and_then(|value| value.as_m().ok()) else { return Vec::new() };
    let end = |session: &str| item::number(listed, session).unwrap_or_default();
    let mut sessions: Vec<(u64, &String)> = listed.keys().map(|session| (end(session), session)).collect();
    sessions.sort_unstable();
    let live = sessions.iter().filter(|(end, _)| *end >= now).count();
    let ending = sessions.len() - live + (live + 1).saturating_sub(SESSIONS);
    sessions.into_iter().take(ending.min(ENDING)).map(|(_, session)| session.clone()).collect()
}

fn linked_event<'a>(link: &NewLink<'a>, user_uuid: Uuid) -> Event<'a> {
    Event { event_type: EventType::Linked, user_uuid, platform: shopify::PLATFORM.name, account: link.shop, reason: None }
}
