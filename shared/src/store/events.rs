//! The outbox: what happened to a link, for whoever listens on the event bus.
//!
//! An event is an item in the transaction of the change it tells of, so neither exists without the other. The table's stream carries it on from the moment it is
//! written; the item itself has done its part by then and goes with its TTL, or with the identity it lies under.

use aws_sdk_dynamodb::{
    primitives::{DateTime, DateTimeFormat},
    types::{Put, TransactWriteItem},
};
use uuid::Uuid;

use crate::{calls, clock::UnixSeconds, error::Error, metrics, random};

use super::{
    Connections,
    item::{self, identity_key, n, s},
    stores_write::put,
};

/// An item that was not cleared away by its TTL says nothing new after this.
const KEEP: u64 = 3600;

/// What happened: the `detail-type` on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    /// A store or a Page was linked, anew or again.
    Linked,
    /// A Page that this identity held is held by another one now.
    Moved,
    /// A credential is dead, and only the merchant can give another.
    ReconnectNeeded,
    /// The store uninstalled the app.
    Uninstalled,
    /// The merchant disconnected a store or a Page.
    Disconnected,
    /// The identity and all that hung on it was erased.
    Erased,
}

/// Something that happened to an account of an identity.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// What happened.
    pub event_type: EventType,
    /// Whose account it is.
    pub user_uuid: Uuid,
    /// The platform's name.
    pub platform: &'static str,
    /// The shop's domain, or the Page's id.
    pub account: &'a str,
    /// Why a new connection is needed.
    pub reason: Option<&'a str>,
}

impl EventType {
    /// The `detail-type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Moved => "moved",
            Self::ReconnectNeeded => "reconnect_needed",
            Self::Uninstalled => "uninstalled",
            Self::Disconnected => "disconnected",
            Self::Erased => "erased",
        }
    }
}

impl Connections {
    /// The write that tells of the change it stands beside. It has no condition: it stands or falls with the transaction.
    pub(super) fn put_event(&self, event: &Event<'_>) -> Result<TransactWriteItem, Error> {
        let (id, now) = (random::uuid()?.to_string(), self.clock.now());
        let mut written = item::item([
            ("pk", s(identity_key(event.user_uuid))),
            ("sk", s(format!("event#{id}"))),
            ("event_type", s(event.event_type.as_str())),
            ("event_id", s(id)),
            ("user_uuid", s(event.user_uuid.to_string())),
            ("platform", s(event.platform)),
            ("account", s(event.account)),
            ("at", s(rfc3339(now))),
            ("ttl", n(now.saturating_add(KEEP))),
        ]);
        if let Some(reason) = event.reason {
            written.insert("reason".to_owned(), s(reason));
        }
        put(Put::builder().table_name(&self.table).set_item(Some(written)))
    }
}

/// Counts what a transaction that was written told of.
pub(super) fn counted(items: &[TransactWriteItem]) {
    for event in items.iter().filter_map(|item| Some(item.put()?.item())) {
        if item::text(event, "event_type") != Some(EventType::ReconnectNeeded.as_str()) {
            continue;
        }
        if let Some(metrics) = item::text(event, "platform").and_then(metrics::of_platform) {
            calls::count(metrics.reconnect_needed, 1);
        }
    }
}

/// A moment as RFC 3339 has it, in UTC.
#[must_use]
pub fn rfc3339(at: UnixSeconds) -> String {
    DateTime::from_secs(i64::try_from(at).unwrap_or(i64::MAX)).fmt(DateTimeFormat::DateTime).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_an_account_that_needs_its_merchant_is_counted_each_for_its_platform() {
        let told = |event_type: EventType, platform: &str| {
            let event = item::item([("event_type", s(event_type.as_str())), ("platform", s(platform))]);
            put(Put::builder().table_name("t").set_item(Some(event))).unwrap()
        };
        let items = [
            told(EventType::ReconnectNeeded, "shopify"),
            told(EventType::ReconnectNeeded, "facebook"),
            told(EventType::ReconnectNeeded, "facebook"),
            told(EventType::ReconnectNeeded, "another"),
            told(EventType::Linked, "shopify"),
            TransactWriteItem::builder().build(),
        ];
        let counting = async {
            counted(&items);
            calls::done()
        };
        let done = calls::in_hand(calls::Marks::default(), counting).await;
        assert_eq!((done.count_of(&metrics::SHOPIFY_RECONNECT_NEEDED), done.count_of(&metrics::FACEBOOK_RECONNECT_NEEDED)), (1, 2));
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(rfc3339(1_793_404_800), "2026-10-31T00:00:00Z");
        assert_eq!(rfc3339(u64::MAX), "");
    }
}
