//! Doubts: what a webhook claimed about a store's link when its word alone was not enough and
//! Shopify could not be asked at once. The keeper asks.
//!
//! A doubt is stored beside the link it is about, records when that link was made and which request
//! raised the doubt, and is due at once. It does not affect later links. There is only one at a
//! time: a later request replaces an earlier one unless it asks for less; then it joins the
//! stronger one and shares its answer.

use uuid::Uuid;

pub use crate::store::records::About;
use crate::store::{
    Tables,
    deliveries::RequestId,
    records::{OpenShop, attributes::*},
    schedule::Urgency,
    table::{Condition, Key, Row, Transaction, Write},
};
use crate::{Error, UnixSeconds};

use super::uninstall::{Left, leave};

/// A doubt as found.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// Whose link it is about.
    pub user_uuid: Uuid,
    /// What it is about.
    pub about: About,
    /// When that link was made.
    pub linked_at: UnixSeconds,
    /// When to look into it.
    pub due_at: UnixSeconds,
    /// The request that raised it.
    pub request: Option<RequestId>,
    /// That request's bytes were delivered before: their word alone ends nothing.
    pub is_replayed: bool,
    /// The latest request that asks for less and shares the answer.
    pub(in crate::store) joined: Option<String>,
}

impl Doubt {
    fn read(user_uuid: Uuid, row: &Row) -> Option<Self> {
        Some(Self {
            user_uuid,
            about: row.get(&DOUBTED)?,
            linked_at: row.get(&LINKED_AT)?,
            due_at: row.get_or_default(&DUE_AT),
            request: row.text(&REQUEST).map(RequestId::from_hash),
            is_replayed: row.has(&REPLAYED),
            joined: row.get(&JOINED),
        })
    }

    /// Requires the doubt as it was read, raised by the same request and joined by no other.
    fn as_read(&self) -> Condition {
        let request = self.request.as_ref().map(RequestId::as_str).unwrap_or_default();
        DOUBTED
            .is(self.about)
            .and(LINKED_AT.is(self.linked_at))
            .and(REQUEST.is(request).or(REQUEST.absent()))
            .and(JOINED.is_still(self.joined.as_deref()))
    }
}

impl Tables {
    /// Raises a doubt about the link as it was read, due now. A stronger one about the same link
    /// stays, and answers this one too.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn doubt_store(&self, shop: &OpenShop, about: About, request: &RequestId) -> Result<Left, Error> {
        let doubt = async |write| {
            let link = Write::check(Key::store(shop.user_uuid)).when_is(&GENERATION, shop.generation).when_is(&LINKED_AT, shop.linked_at);
            leave(self, Transaction::new("dynamodb.doubt")?.and(link).and(write), Some(request), None).await
        };
        match (doubt(raise(shop, about, request, self.clock.now())).await?, join_stronger(shop, about, request)) {
            // Either the link has changed, or there was a stronger doubt.
            (Left::Changed, Some(join)) => doubt(join).await,
            (left, _) => Ok(left),
        }
    }

    /// The doubt about an identity's store, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_doubt(&self, user_uuid: Uuid) -> Result<Option<Doubt>, Error> {
        let found = self.database.read("dynamodb.store", Key::doubt(user_uuid)).await?;
        Ok(found.and_then(|found| Doubt::read(user_uuid, &found)))
    }

    /// Settles the doubt, unless another request has raised it since: the answer may predate that
    /// request.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn end_doubt(&self, doubt: &Doubt) -> Result<(), Error> {
        let end = Write::delete(Key::doubt(doubt.user_uuid)).when(Condition::new_item().or(doubt.as_read()));
        self.database.write_one("dynamodb.end_doubt", end).await?;
        Ok(())
    }

    /// Postpones a doubt, if it is still the one that was read.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn postpone_doubt(&self, doubt: &Doubt, due_at: UnixSeconds) -> Result<(), Error> {
        let postpone = Write::change(Key::doubt(doubt.user_uuid)).when(doubt.as_read()).set(&DUE_AT, due_at).remove_each(NOTES);
        self.database.write_one("dynamodb.postpone_doubt", postpone).await?;
        Ok(())
    }
}

/// Replaces any doubt that is not stronger or is about another link.
fn raise(shop: &OpenShop, about: About, request: &RequestId, now: UnixSeconds) -> Write {
    let row = Row::default()
        .with(&DOUBTED, about)
        .with(&LINKED_AT, shop.linked_at)
        .with(&REQUEST, request.as_str())
        .with(&DUE_SHARD, Urgency::Urgent.shard_of(shop.user_uuid))
        .with(&DUE_AT, now)
        .with_some(&REPLAYED, (!request.brings_bytes()).then_some(true));
    let weaker = DOUBTED.is_one_of(About::ALL.into_iter().filter(|other| *other <= about));
    Write::put(Key::doubt(shop.user_uuid), row).when(Condition::new_item().or(LINKED_AT.is_not(shop.linked_at)).or(weaker))
}

/// Joins the request to a stronger doubt about the same link, so that an answer on its way does not
/// end it; none if there is nothing stronger.
fn join_stronger(shop: &OpenShop, about: About, request: &RequestId) -> Option<Write> {
    let mut stronger = About::ALL.into_iter().filter(|other| *other > about).peekable();
    stronger.peek()?;
    let join = Write::change(Key::doubt(shop.user_uuid)).when_is(&LINKED_AT, shop.linked_at);
    Some(join.when(DOUBTED.is_one_of(stronger)).set(&JOINED, request.as_str()))
}
