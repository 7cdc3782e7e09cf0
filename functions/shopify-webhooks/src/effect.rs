//! Applies a delivery's effect, once.

use std::{cmp::Ordering, time::Duration};

use futures_util::future::try_join3;
use shared::{
    Error,
    providers::shopify::{
        Refusal, ShopDomain,
        admin::Admin,
        webhook::{Delivery, Message, Sender, Triggered},
    },
    store::{
        deliveries::{RequestId, SignedBytes},
        erasing::Erased,
        leave::{
            doubts::About,
            uninstall::{Cause, Left},
        },
        records::{OpenShop, Status},
    },
};
use tokio::time::Instant;

use crate::webhooks::ShopifyWebhooks;

/// How long Shopify has to say whether it still accepts a token.
const ASKING: Duration = Duration::from_millis(600);
/// After this we no longer wait for it, so that a doubt can still be written before the answer is
/// sent.
const ASKED_BY: Duration = Duration::from_millis(700);
/// After this nothing more is erased before the answer.
const ERASING: Duration = Duration::from_millis(750);
/// Attempts at a write, each with the link as it is then.
const TRIES: u32 = 5;

/// A delivery on its way to its effect.
pub(crate) struct Effect<'a> {
    webhooks: &'a ShopifyWebhooks,
    delivery: &'a Delivery,
    id: RequestId,
    started: Instant,
}

/// What a delivery is about, as read, and how to note it with its effect.
struct Found {
    store: Option<OpenShop>,
    id: RequestId,
    /// Its bytes were delivered before: anyone who kept them can send them again, under any id and
    /// time.
    is_replayed: bool,
}

/// What a delivery's time says about a link. It is not signed, so by itself it never ends a link
/// that may be newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// The link was there before.
    LinkedBefore,
    /// The link was made after.
    LinkedAfter,
    /// Unknown.
    Unknown,
}

/// What Shopify says about a store's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Works,
    Refused,
    Unknown,
}

impl<'a> Effect<'a> {
    pub(crate) fn new(webhooks: &'a ShopifyWebhooks, delivery: &'a Delivery, id: RequestId, started: Instant) -> Self {
        Self { webhooks, delivery, id, started }
    }

    /// Does what the delivery asks for, unless that was done before. Resumes what was begun but not
    /// finished.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub(crate) async fn happen(self) -> Result<(), Error> {
        let tables = &self.webhooks.tables;
        for _ in 0..TRIES {
            let (seen, is_replayed, store) = try_join3(self.webhooks.sessions.delivery(&self.id), self.is_replayed(), self.store()).await?;
            if let Some(seen) = seen {
                if let Some(user_uuid) = seen.erasing {
                    self.finish_erasing(user_uuid).await?;
                }
                return Ok(());
            }
            let id = match self.bytes() {
                Some(bytes) if !is_replayed => self.id.clone().bringing(bytes),
                _ => self.id.clone(),
            };
            let found = Found { store, id, is_replayed };
            let left = match &self.delivery.message {
                Message::Uninstalled(sender) => self.uninstalled(sender, found).await?,
                Message::ShopRedact(sender) => self.redact(sender, found).await?,
                // We store nothing about customers: neither orders nor chats.
                Message::Customers(topic) => tables.note_request(topic, &found.id).await?,
                Message::ScopesUpdate(_) => self.scopes(found).await?,
                Message::Nothing => return Ok(()),
            };
            if left == Left::Written {
                return Ok(());
            }
        }
        Err(Error::storage_unavailable("webhook: the store keeps changing"))
    }

    async fn store(&self) -> Result<Option<OpenShop>, Error> {
        let shop = match &self.delivery.message {
            Message::Uninstalled(sender) | Message::ShopRedact(sender) => &sender.shop,
            Message::ScopesUpdate(shop) => shop,
            Message::Customers(_) | Message::Nothing => return Ok(None),
        };
        self.webhooks.tables.shop_of_domain(shop.as_str()).await
    }

    /// Deliveries that end something are remembered by their bytes.
    fn bytes(&self) -> Option<SignedBytes> {
        let ends = matches!(self.delivery.message, Message::Uninstalled(_) | Message::ShopRedact(_));
        ends.then(|| SignedBytes::of(&self.delivery.fingerprint))
    }

    async fn is_replayed(&self) -> Result<bool, Error> {
        match self.bytes() {
            Some(bytes) => self.webhooks.sessions.were_delivered(&bytes).await,
            None => Ok(false),
        }
    }

    async fn uninstalled(&self, sender: &Sender, found: Found) -> Result<Left, Error> {
        let tables = &self.webhooks.tables;
        let Found { store, id, is_replayed } = found;
        let may_uninstall = |store: &OpenShop| store.status != Status::Uninstalled || store.is_only_disconnected();
        let Some(store) = store.filter(|store| may_uninstall(store) && is_about(sender, store)) else {
            tracing::info!("uninstall without effect: there is no such link");
            return tables.note_delivery(&id).await;
        };
        match self.order(&store) {
            Order::LinkedBefore if !is_replayed && store.is_only_disconnected() => tables.confirm_leave(&store, &id).await,
            _ if store.is_only_disconnected() => {
                tracing::info!("uninstall without effect: its word alone says nothing, and the store was only disconnected here");
                tables.note_delivery(&id).await
            }
            Order::LinkedAfter => {
                tracing::info!("uninstall without effect: the store was linked again since");
                tables.note_delivery(&id).await
            }
            Order::LinkedBefore if !is_replayed => tables.uninstall_store(&store, Some(&id)).await,
            Order::LinkedBefore | Order::Unknown => match self.ask(&store).await? {
                Standing::Refused => tables.uninstall_store(&store, Some(&id)).await,
                Standing::Works => {
                    tracing::info!("uninstall without effect: its word alone says nothing, and the store's token works");
                    tables.note_delivery(&id).await
                }
                Standing::Unknown => tables.doubt_store(&store, About::Uninstalled, &id).await,
            },
        }
    }

    async fn redact(&self, sender: &Sender, found: Found) -> Result<Left, Error> {
        let tables = &self.webhooks.tables;
        let Found { store, id, is_replayed } = found;
        let Some(store) = store.filter(|store| is_about(sender, store)) else {
            return tables.note_request(REDACT, &id).await;
        };
        if self.order(&store) == Order::LinkedAfter {
            tracing::info!("redact without effect: the store was linked again since");
            return tables.note_request(REDACT, &id).await;
        }
        if is_replayed && store.is_only_disconnected() {
            // There is nobody left to ask. If Shopify does mean it, thirty days without a link have
            // the same result.
            tracing::info!("redact without effect: its word alone says nothing, and the store was only disconnected here");
            return tables.note_request(REDACT, &id).await;
        }
        // Any other uninstalled store is so by Shopify's own word.
        let standing = if store.status == Status::Uninstalled { Standing::Refused } else { self.ask(&store).await? };
        match standing {
            Standing::Refused => self.erase(&store, &id).await,
            Standing::Works => {
                tracing::info!("redact without effect: the store is linked, and its token works");
                tables.note_request(REDACT, &id).await
            }
            Standing::Unknown => tables.doubt_store(&store, About::Redact, &id).await,
        }
    }

    /// The body names no shop, and the header may name any. So this only leads to a question to
    /// Shopify, which the keeper asks.
    async fn scopes(&self, found: Found) -> Result<Left, Error> {
        match found.store.filter(OpenShop::may_be_renewed) {
            Some(store) => self.webhooks.tables.doubt_store(&store, About::Scopes, &found.id).await,
            None => Ok(Left::Written),
        }
    }

    async fn erase(&self, store: &OpenShop, id: &RequestId) -> Result<Left, Error> {
        let cause = Cause { what: REDACT, request: Some(id), noted: false };
        let left = self.webhooks.tables.begin_erasing(store, &cause).await?;
        if left == Left::Written {
            self.finish_erasing(store.user_uuid).await?;
        }
        Ok(left)
    }

    async fn finish_erasing(&self, user_uuid: uuid::Uuid) -> Result<(), Error> {
        let deadline = self.started + ERASING;
        match tokio::time::timeout_at(deadline, self.webhooks.tables.erase(user_uuid, Some(deadline))).await {
            Ok(Ok(Erased::Whole)) => {}
            Ok(Ok(Erased::Partly)) | Err(_) => tracing::info!("not erased whole before the answer; the keeper goes on"),
            Ok(Err(error)) => return Err(error),
        }
        Ok(())
    }

    /// If the time is in whole seconds, a link made in that second may be newer. A time in the
    /// future was not Shopify's.
    fn order(&self, store: &OpenShop) -> Order {
        order(self.delivery.triggered_at, store.linked_ms, self.webhooks.clock.now_millis())
    }

    /// Whether Shopify still accepts the store's token. An expired token, or another app's, says
    /// nothing.
    async fn ask(&self, store: &OpenShop) -> Result<Standing, Error> {
        let webhooks = self.webhooks;
        if store.app_id != webhooks.app.api_key {
            return Ok(Standing::Unknown);
        }
        let Some(token) = &store.access_token else {
            // It was refused before, and has been dead for so long that it was deleted.
            return Ok(if store.status == Status::ReconnectNeeded { Standing::Refused } else { Standing::Unknown });
        };
        let has_ended = store.access_expires_at.is_some_and(|end| end <= webhooks.clock.now());
        let Some(shop) = ShopDomain::parse(&store.shop).ok().filter(|_| !has_ended) else { return Ok(Standing::Unknown) };
        let outbound = webhooks.http.outbound()?;
        let admin = Admin { app: &webhooks.app, version: &webhooks.api_version, outbound: &outbound, shop: &shop, access_token: token };
        Ok(match tokio::time::timeout_at((Instant::now() + ASKING).min(self.started + ASKED_BY), admin.identify()).await {
            Ok(Ok(_)) | Ok(Err(Refusal::NonExpiring | Refusal::MissingScope)) => Standing::Works,
            Ok(Err(Refusal::Dead(_))) => Standing::Refused,
            Ok(Err(Refusal::OurCredentials | Refusal::Stopped(_) | Refusal::Passing(_))) | Err(_) => Standing::Unknown,
        })
    }
}

const REDACT: &str = "shop/redact";

/// The same domain with another numeric id is another shop.
fn is_about(sender: &Sender, store: &OpenShop) -> bool {
    match (&sender.shop_id, &store.shop_id) {
        (Some(named), Some(known)) => named == known,
        _ => true,
    }
}

/// All in Unix milliseconds.
fn order(triggered: Option<Triggered>, linked: u64, now: u64) -> Order {
    let Some(Triggered { millis, exact }) = triggered.filter(|triggered| triggered.millis <= now) else { return Order::Unknown };
    let (at, linked) = if exact { (millis, linked) } else { (millis / 1000, linked / 1000) };
    match at.cmp(&linked) {
        Ordering::Less => Order::LinkedAfter,
        Ordering::Equal => Order::Unknown,
        Ordering::Greater => Order::LinkedBefore,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inconclusive_time_never_outranks_a_link() {
        let (linked, now) = (100_500, 200_000);
        for (millis, exact, expected) in [
            (99_000, false, Order::LinkedAfter),
            (100_000, false, Order::Unknown),
            (101_000, false, Order::LinkedBefore),
            (100_499, true, Order::LinkedAfter),
            (100_500, true, Order::Unknown),
            (100_501, true, Order::LinkedBefore),
            (200_000, true, Order::LinkedBefore),
            (200_001, true, Order::Unknown),
            (201_000, false, Order::Unknown),
            (u64::MAX, true, Order::Unknown),
        ] {
            assert_eq!(order(Some(Triggered { millis, exact }), linked, now), expected, "{millis} {exact}");
        }
        assert_eq!(order(None, linked, now), Order::Unknown);
    }
}
