//! The outbox: what happened to a link, for whoever listens on the event bus.
//!
//! An event is an item in the transaction of the change it tells of, so neither exists without the
//! other. The table's stream carries it on from the moment it is written; the item itself has done
//! its part by then and goes with its TTL, or with the identity it lies under.

use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use uuid::Uuid;

use crate::{
    clock::UnixSeconds,
    error::Error,
    metrics::{self, Metric},
    providers::{facebook, facebook::pages::PageId, shopify},
    random,
};

use super::{
    records::{Shop, attributes::*},
    table::{Key, Row, Write},
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

impl Event<'_> {
    /// The write that tells of the change it stands beside. It has no condition: it stands or falls
    /// with the transaction.
    pub(super) fn write(&self, now: UnixSeconds) -> Result<Write, Error> {
        let id = random::uuid()?;
        let row = Row::default()
            .with(&EVENT_TYPE, self.event_type.as_str())
            .with(&EVENT_ID, id.to_string())
            .with(&USER_UUID, self.user_uuid)
            .with(&PLATFORM, self.platform)
            .with(&ACCOUNT, self.account)
            .with(&HAPPENED_AT, rfc3339(now))
            .with(&TTL, now.saturating_add(KEEP))
            .with_some(&REASON, self.reason);
        Ok(Write::put(Key::event(self.user_uuid, id), row).counting(self.metric()))
    }

    /// What is counted once it is told.
    fn metric(&self) -> Option<Metric> {
        let metrics = metrics::of_platform(self.platform).filter(|_| self.event_type == EventType::ReconnectNeeded);
        metrics.map(|metrics| metrics.reconnect_needed)
    }
}

/// That this happened to a store.
pub(super) fn of_shop<T>(shop: &Shop<T>, event_type: EventType, reason: Option<&str>, now: UnixSeconds) -> Result<Write, Error> {
    Event { event_type, user_uuid: shop.user_uuid, platform: shopify::PLATFORM.name, account: &shop.shop, reason }.write(now)
}

/// That this happened to a Page of an identity.
pub(super) fn of_page(
    user_uuid: Uuid,
    page: &PageId,
    event_type: EventType,
    reason: Option<&str>,
    now: UnixSeconds,
) -> Result<Write, Error> {
    Event { event_type, user_uuid, platform: facebook::PLATFORM.name, account: page.as_str(), reason }.write(now)
}

/// A moment as RFC 3339 has it, in UTC.
#[must_use]
pub fn rfc3339(at: UnixSeconds) -> String {
    DateTime::from_secs(i64::try_from(at).unwrap_or(i64::MAX)).fmt(DateTimeFormat::DateTime).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_account_that_needs_its_merchant_is_counted_each_for_its_platform() {
        let metric = |event_type, platform| Event { event_type, user_uuid: Uuid::nil(), platform, account: "1", reason: None }.metric();
        assert_eq!(metric(EventType::ReconnectNeeded, "shopify"), Some(metrics::SHOPIFY_RECONNECT_NEEDED));
        assert_eq!(metric(EventType::ReconnectNeeded, "facebook"), Some(metrics::FACEBOOK_RECONNECT_NEEDED));
        assert_eq!(metric(EventType::ReconnectNeeded, "another"), None);
        assert_eq!(metric(EventType::Linked, "shopify"), None);
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(rfc3339(1_793_404_800), "2026-10-31T00:00:00Z");
        assert_eq!(rfc3339(u64::MAX), "");
    }
}
