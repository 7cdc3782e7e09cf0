//! A store that leaves: what a webhook, or time, makes of its link. Each write holds only for the link that was read, so that one that was made since stays.

use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update, builders::UpdateBuilder};
use uuid::Uuid;

use crate::{clock::UnixSeconds, encryption::Place, error::Error, providers::shopify, random, secret::Secret, signing::hex};

use super::{
    Cancelled, Connections, Item,
    deliveries::RequestId,
    disconnect::DISCONNECTED,
    due::Urgency,
    erase::Cause,
    events::{Event, EventType},
    flows::end_lease_of_any,
    item::{self, identity_key, n, s},
    patience::NOTES,
    sessions::{self, SessionKey},
    stores_write::incomplete,
    tokens::Status,
};

/// Uninstalled for this long counts as redacted.
pub const KEEP_UNINSTALLED: u64 = 30 * 24 * 3600;

/// Whether that is over: what counts as redacted is neither told nor revived, whether or not the keeper has come by.
#[must_use]
pub fn counts_as_redacted(status: Status, uninstalled_at: Option<UnixSeconds>, now: UnixSeconds) -> bool {
    status == Status::Uninstalled && uninstalled_at.is_some_and(|at| at.saturating_add(KEEP_UNINSTALLED) <= now)
}

/// Sessions that end in one transaction with an uninstall; the rest is over with the generation.
const SESSIONS: usize = 80;

/// A store as far as leaving is concerned. It can be read whatever became of its tokens.
#[derive(Clone, Debug)]
pub struct Leaver {
    /// Its identity.
    pub user_uuid: Uuid,
    /// The domain.
    pub shop: String,
    /// The numeric id, once it is known.
    pub shop_id: Option<String>,
    /// Whether it is linked.
    pub status: Status,
    /// Why it needs a new connection.
    pub reason: Option<String>,
    /// When the link was made.
    pub linked_at: UnixSeconds,
    /// The same in Unix milliseconds.
    pub linked_ms: u64,
    /// When it uninstalled the app.
    pub uninstalled_at: Option<UnixSeconds>,
    /// The client id that its tokens were issued to.
    pub app_id: String,
    /// The access token, if there is one that opens.
    pub access_token: Option<Secret>,
    /// Its end.
    pub access_expires_at: Option<UnixSeconds>,
    pub(super) generation: u64,
    pub(super) version: u64,
    sessions: Vec<String>,
}

/// What became of a write for a store that leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It was written.
    Written,
    /// The link is no longer the one that was read, or the bytes that asked for it were delivered meanwhile.
    Changed,
    /// This request has had its effect.
    Seen,
}

/// What a write in a transaction is there for, so that its failed condition can be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Link,
    Delivery,
    Bytes,
}

impl Leaver {
    /// Whether its merchant disconnected it here, and Shopify has said nothing: the app may still be installed, and nobody can be asked, since the tokens are gone.
    #[must_use]
    pub fn is_only_disconnected(&self) -> bool {
        self.status == Status::Uninstalled && self.reason.as_deref() == Some(DISCONNECTED)
    }

    /// Whether it is the link that was read, with the pair that was read.
    #[must_use]
    pub fn is_same(&self, generation: u64, version: u64) -> bool {
        self.generation == generation && self.version == version
    }
}

impl Connections {
    /// The store that a shop's domain leads to; none when it was never linked, or is erased or being erased.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn leaver_of(&self, shop: &str) -> Result<Option<Leaver>, Error> {
        let Some(owner) = self.get(format!("shop#{shop}"), "owner").await? else { return Ok(None) };
        let user_uuid = item::uuid(&owner, "uuid").ok_or_else(|| Error::storage_unavailable("a store without identity"))?;
        self.leaver(user_uuid).await
    }

    /// The store of an identity; none when it is erased or being erased.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn leaver(&self, user_uuid: Uuid) -> Result<Option<Leaver>, Error> {
        let found = self.get(identity_key(user_uuid), "store").await?;
        Ok(found.and_then(|found| self.read_leaver(user_uuid, &found)).filter(|leaver| leaver.status != Status::Erasing))
    }

    fn read_leaver(&self, user_uuid: Uuid, found: &Item) -> Option<Leaver> {
        let shop = item::text(found, "shop")?;
        let place = Place { user_uuid, platform: shopify::PLATFORM.name, account: shop, attribute: "access_token" };
        let sessions = found.get("sessions").and_then(|value| value.as_m().ok());
        let linked_at = item::number(found, "linked_at").unwrap_or_default();
        let linked_ms = item::number(found, "linked_ms").filter(|millis| millis / 1000 == linked_at);
        Some(Leaver {
            user_uuid,
            shop_id: item::text(found, "shop_id").map(str::to_owned),
            status: Status::read(found),
            reason: item::text(found, "reason").map(str::to_owned),
            linked_at,
            linked_ms: linked_ms.unwrap_or(linked_at.saturating_mul(1000)),
            uninstalled_at: item::number(found, "uninstalled_at"),
            app_id: item::text(found, "app_id").unwrap_or_default().to_owned(),
            access_token: item::bytes(found, "access_token").and_then(|sealed| self.keys.open(place, sealed).ok()),
            access_expires_at: item::number(found, "access_expires_at"),
            generation: item::number(found, "generation").unwrap_or_default(),
            version: item::number(found, "version").unwrap_or_default(),
            sessions: sessions.map(|sessions| sessions.keys().take(SESSIONS).cloned().collect()).unwrap_or_default(),
            shop: shop.to_owned(),
        })
    }

    /// The store uninstalled the app: its tokens and sessions go at once. The Pages stay and yield nothing, until the same shop is linked again or [`KEEP_UNINSTALLED`] is
    /// over. A doubt stays for the keeper: one that asks for more than this must not go with it.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn uninstall_store(&self, leaver: &Leaver, request: Option<&RequestId>) -> Result<Left, Error> {
        let mut items = self.end_link(leaver, None, None)?;
        items.push(self.put_event(&event(EventType::Uninstalled, leaver))?);
        self.leave_with("dynamodb.uninstall", items, request).await
    }

    /// The store that its merchant disconnected here uninstalled the app as well: from here on that is Shopify's own word, and a redact that follows needs no other.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn confirm_leave(&self, leaver: &Leaver, request: &RequestId) -> Result<Left, Error> {
        let update = self.update_of_leaver(leaver).update_expression("REMOVE reason");
        self.leave_with("dynamodb.confirm_leave", vec![write(update)?], Some(request)).await
    }

    /// The writes by which a store's link ends: its tokens go, its generation is raised, and its sessions end, but for the one that is `kept`.
    pub(super) fn end_link(
        &self,
        leaver: &Leaver,
        reason: Option<&str>,
        kept: Option<&SessionKey>,
    ) -> Result<Vec<TransactWriteItem>, Error> {
        let now = self.clock.now();
        let ending: Vec<&String> = leaver.sessions.iter().filter(|session| kept.is_none_or(|kept| kept.as_str() != *session)).collect();
        let mut set = "SET #status = :uninstalled, generation = generation + :one, uninstalled_at = :now, due_at = :due".to_owned();
        let mut remove: Vec<String> = [
            "access_token",
            "access_expires_at",
            "refresh_token",
            "refresh_expires_at",
            "issued_at",
            "dead_since",
            "unconfirmed",
            "uncompared",
            NOTES,
        ]
        .map(str::to_owned)
        .to_vec();
        remove.extend((0..ending.len()).map(|i| format!("sessions.#s{i}")));
        let mut update = self
            .update_of_leaver(leaver)
            .expression_attribute_values(":uninstalled", s(Status::Uninstalled.as_str()))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":now", n(now))
            .expression_attribute_values(":due", n(now.saturating_add(KEEP_UNINSTALLED)));
        match reason {
            Some(reason) => {
                set.push_str(", reason = :reason");
                update = update.expression_attribute_values(":reason", s(reason));
            }
            None => remove.push("reason".to_owned()),
        }
        for (i, session) in ending.iter().enumerate() {
            update = update.expression_attribute_names(format!("#s{i}"), *session);
        }
        let update = update.update_expression(format!("{set} REMOVE {}", remove.join(", ")));
        let mut items = vec![write(update)?];
        for session in ending {
            items.push(self.delete_from_sessions(sessions::partition(session))?);
        }
        Ok(items)
    }

    /// Begins to erase an identity: from here on it is dead, whatever else happens. Its generation is raised, nothing leads to it any more, tokens and names are gone, and
    /// whoever looks for unfinished work finds it. [`Connections::erase`] does the rest.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn begin_erasing(&self, leaver: &Leaver, cause: &Cause<'_>) -> Result<Left, Error> {
        let mut set =
            "SET #status = :erasing, generation = generation + :one, due_shard = :urgent, due_at = :now, erase_what = :what".to_owned();
        let mut update = self
            .update_of_leaver(leaver)
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":erasing", s(Status::Erasing.as_str()))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":urgent", s(Urgency::Urgent.shard_of(leaver.user_uuid)))
            .expression_attribute_values(":now", n(self.clock.now()))
            .expression_attribute_values(":what", s(cause.what));
        if let Some(request) = cause.request {
            set.push_str(", erase_request = :request");
            update = update.expression_attribute_values(":request", s(request.as_str()));
        }
        let update = update.update_expression(format!("{set} REMOVE access_token, refresh_token, shop_id, #name, scopes, {NOTES}"));
        let owner = Delete::builder()
            .table_name(&self.table)
            .key("pk", s(format!("shop#{}", leaver.shop)))
            .key("sk", s("owner"))
            .condition_expression("#uuid = :mine")
            .expression_attribute_names("#uuid", "uuid")
            .expression_attribute_values(":mine", s(leaver.user_uuid.to_string()))
            .build();
        let lease = end_lease_of_any(&self.sessions_table, shopify::PLATFORM, &leaver.shop, self.clock.now())?;
        let items = vec![
            (Role::Link, write(update)?),
            (Role::Link, TransactWriteItem::builder().delete(owner.map_err(incomplete)?).build()),
            (Role::Link, TransactWriteItem::builder().update(lease).build()),
            (Role::Link, self.put_event(&event(EventType::Erased, leaver))?),
        ];
        self.leave("dynamodb.begin_erasing", items, cause.request.filter(|_| !cause.noted), Some(leaver.user_uuid)).await
    }

    /// Notes a request that asks for nothing that is kept here.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_request(&self, what: &str, request: &RequestId) -> Result<Left, Error> {
        let items = vec![(Role::Link, self.put_audit(what, Some(request), 0)?)];
        self.leave("dynamodb.note_request", items, Some(request), None).await
    }

    /// Notes a request that changes nothing here.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_delivery(&self, request: &RequestId) -> Result<Left, Error> {
        self.leave_with("dynamodb.note_delivery", Vec::new(), Some(request)).await
    }

    /// Writes all or nothing, with the request, if that has had no effect yet. `erasing` is what the effect has yet to finish.
    pub(super) async fn leave_with(
        &self,
        name: &'static str,
        items: Vec<TransactWriteItem>,
        request: Option<&RequestId>,
    ) -> Result<Left, Error> {
        self.leave(name, items.into_iter().map(|item| (Role::Link, item)).collect(), request, None).await
    }

    async fn leave(
        &self,
        name: &'static str,
        mut items: Vec<(Role, TransactWriteItem)>,
        request: Option<&RequestId>,
        erasing: Option<Uuid>,
    ) -> Result<Left, Error> {
        if let Some(request) = request {
            items.push((Role::Delivery, self.put_delivery(request, erasing)?));
            items.extend(self.put_first_bytes(request)?.map(|note| (Role::Bytes, note)));
        }
        let (roles, items): (Vec<Role>, Vec<TransactWriteItem>) = items.into_iter().unzip();
        match self.transact(name, &hex(&random::bytes::<16>()?), items).await {
            Ok(()) => Ok(Left::Written),
            Err(Cancelled::Failed(error)) => Err(error),
            Err(Cancelled::Conditions(failed)) => {
                let seen = failed.iter().any(|(index, _)| roles.get(*index) == Some(&Role::Delivery));
                Ok(if seen { Left::Seen } else { Left::Changed })
            }
        }
    }

    /// A write to the link as it was read.
    fn update_of_leaver(&self, leaver: &Leaver) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(leaver.user_uuid)))
            .key("sk", s("store"))
            .condition_expression("generation = :generation AND version = :version AND linked_at = :linked_at AND #status = :status")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":generation", n(leaver.generation))
            .expression_attribute_values(":version", n(leaver.version))
            .expression_attribute_values(":linked_at", n(leaver.linked_at))
            .expression_attribute_values(":status", s(leaver.status.as_str()))
    }
}

fn write(update: UpdateBuilder) -> Result<TransactWriteItem, Error> {
    Ok(TransactWriteItem::builder().update(update.build().map_err(incomplete)?).build())
}

fn event(event_type: EventType, leaver: &Leaver) -> Event<'_> {
    Event { event_type, user_uuid: leaver.user_uuid, platform: shopify::PLATFORM.name, account: &leaver.shop, reason: None }
}
