//! A store that leaves: what a webhook, or the passage of time, does to its link. Each write
//! applies only to the link that was read, so that a later link stays.

use uuid::Uuid;

use crate::store::{
    Tables, audit,
    deliveries::{self, RequestId},
    erasing::mark_when,
    events::{self, EventType},
    flows::end_lease_of_any,
    identity::{owner, shop},
    records::{KEEP_UNINSTALLED, OpenShop, Shop, Status, attributes::*},
    sessions::SessionKey,
    table::{Condition, Key, Transaction, Write, Written},
};
use crate::{Error, UnixSeconds, providers::shopify};

/// Reason: the merchant disconnected the store here.
pub const DISCONNECTED: &str = "disconnected";
/// Sessions that end in one transaction with an uninstall; raising the generation ends the rest.
const MOST_SESSIONS: usize = 80;

/// Why an identity is erased, for the record.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'a> {
    /// What asked for it, as a word.
    pub what: &'a str,
    /// The request that asked, if one did.
    pub request: Option<&'a RequestId>,
    /// Whether the request was already noted, with a doubt that proved right.
    pub noted: bool,
}

/// The outcome of a write for a store that leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It was written.
    Written,
    /// The link is no longer the one that was read, or the request's bytes were delivered in
    /// between.
    Changed,
    /// This request has already taken effect.
    Seen,
}

/// The write that notes the request: if its condition fails, the request has already taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoteOfRequest;

impl<T> Shop<T> {
    /// Whether its merchant disconnected it here and Shopify has said nothing. The app may still be
    /// installed, and we can't ask, because the tokens are gone.
    #[must_use]
    pub fn is_only_disconnected(&self) -> bool {
        self.status == Status::Uninstalled && self.reason.as_deref() == Some(DISCONNECTED)
    }

    /// Requires the link that was read.
    fn as_read(&self) -> Condition {
        self.same_pair().and(LINKED_AT.is(self.linked_at)).and(STATUS.is(self.status))
    }
}

impl Tables {
    /// The store of a shop's domain; none if it was never linked, or is erased or being erased.
    /// Works even if its tokens no longer open.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn shop_of_domain(&self, domain: &str) -> Result<Option<OpenShop>, Error> {
        let Some(user_uuid) = owner(self, Key::owner_of_shop(domain)).await? else { return Ok(None) };
        self.shop_to_leave(user_uuid).await
    }

    /// The store of an identity; none if it is erased or being erased. Works even if its tokens no
    /// longer open.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn shop_to_leave(&self, user_uuid: Uuid) -> Result<Option<OpenShop>, Error> {
        let found = shop(self, user_uuid).await?.filter(|shop| shop.status != Status::Erasing);
        Ok(found.map(|shop| shop.open_leniently(&self.keys)))
    }

    /// The store uninstalled the app: its tokens and sessions are deleted at once. The accounts
    /// stay, unusable until the same shop is linked again or [`KEEP_UNINSTALLED`] is over. A doubt
    /// stays for the keeper: one that asks for more than this must not be lost.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn uninstall_store(&self, shop: &OpenShop, request: Option<&RequestId>) -> Result<Left, Error> {
        let now = self.clock.now();
        let uninstall = Transaction::new("dynamodb.uninstall")?.and_each(end_link(shop, None, None, now)).and(events::of_shop(
            shop.user_uuid,
            &shop.shop,
            EventType::Uninstalled,
            None,
            now,
        )?);
        leave(self, uninstall, request, None).await
    }

    /// A store that its merchant disconnected here has also uninstalled the app. From now on this
    /// is Shopify's own word, and a redact that follows needs no other.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn confirm_leave(&self, shop: &OpenShop, request: &RequestId) -> Result<Left, Error> {
        let confirm = Write::change(Key::store(shop.user_uuid)).when(shop.as_read()).remove(&REASON);
        leave(self, Transaction::new("dynamodb.confirm_leave")?.and(confirm), Some(request), None).await
    }

    /// Begins to erase an identity, which is dead from now on, no matter what else happens: its
    /// generation is raised, nothing leads to it, tokens and names are gone, and the search for
    /// unfinished work finds it. [`Tables::erase`] does the rest.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn begin_erasing(&self, shop: &OpenShop, cause: &Cause<'_>) -> Result<Left, Error> {
        let now = self.clock.now();
        let mark = mark_when(shop.as_read(), shop.user_uuid, cause.what, now);
        let begin = Transaction::new("dynamodb.begin_erasing")?
            .and(mark.set_some(&ERASE_REQUEST, cause.request.map(RequestId::as_str)))
            .and(Write::delete(Key::owner_of_shop(&shop.shop)).when_is(&IDENTITY, shop.user_uuid))
            .and(end_lease_of_any(&shopify::PLATFORM, &shop.shop, now))
            .and(events::of_shop(shop.user_uuid, &shop.shop, EventType::Erased, None, now)?);
        leave(self, begin, cause.request.filter(|_| !cause.noted), Some(shop.user_uuid)).await
    }

    /// Notes a request about which nothing is kept here.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_request(&self, what: &str, request: &RequestId) -> Result<Left, Error> {
        let record = audit::record(self, what, Some(request), 0)?;
        leave(self, Transaction::new("dynamodb.note_request")?.and(record), Some(request), None).await
    }

    /// Notes a request that changes nothing here.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_delivery(&self, request: &RequestId) -> Result<Left, Error> {
        leave(self, Transaction::new("dynamodb.note_delivery")?, Some(request), None).await
    }
}

/// Writes all or nothing, together with the request, if that has had no effect yet. `erasing` is
/// the identity that the effect has yet to finish erasing.
pub(super) async fn leave(
    tables: &Tables,
    mut transaction: Transaction<NoteOfRequest>,
    request: Option<&RequestId>,
    erasing: Option<Uuid>,
) -> Result<Left, Error> {
    if let Some(request) = request {
        let now = tables.clock.now();
        transaction.push_as(NoteOfRequest, deliveries::note(request, erasing, now));
        transaction = transaction.and_each(deliveries::note_bytes(request, now));
    }
    Ok(match tables.database.write(transaction).await? {
        Written::Whole => Left::Written,
        Written::Refused(refused) if refused.has(&NoteOfRequest) => Left::Seen,
        Written::Refused(_) => Left::Changed,
    })
}

/// The writes that end a store's link: its tokens are deleted, its generation is raised, and its
/// sessions end, except the one that is `kept`.
pub(super) fn end_link(shop: &OpenShop, reason: Option<&str>, kept: Option<&SessionKey>, now: UnixSeconds) -> Vec<Write> {
    let sessions = shop.sessions.keys().take(MOST_SESSIONS);
    let ending: Vec<&String> = sessions.filter(|session| kept.is_none_or(|kept| kept.as_str() != *session)).collect();
    let end = Write::change(Key::store(shop.user_uuid))
        .when(shop.as_read())
        .set(&STATUS, Status::Uninstalled)
        .increase(&GENERATION, 1)
        .set(&UNINSTALLED_AT, now)
        .set(&DUE_AT, now.saturating_add(KEEP_UNINSTALLED))
        .set_or_remove(&REASON, reason)
        .remove_each([&ACCESS_TOKEN, &ACCESS_EXPIRES_AT, &REFRESH_TOKEN, &REFRESH_EXPIRES_AT])
        .remove_each([&ISSUED_AT, &DEAD_SINCE, &UNCONFIRMED, &UNCOMPARED])
        .remove_each(NOTES);
    let end = ending.iter().fold(end, |end, session| end.remove(&SESSIONS.entry::<u64>(session.to_string())));
    let sessions = ending.into_iter().map(|session| Write::delete(Key::session(session)));
    [end].into_iter().chain(sessions).collect()
}
