//! The outbox: what happened to a link, for subscribers on the event bus.
//!
//! An event is an item in the transaction of the change it reports, so neither exists without the
//! other. The table's stream picks it up as soon as it is written; after that the item is only
//! waiting for its TTL, or for its identity to be erased.

use uuid::Uuid;

use crate::{
    Error, UnixSeconds,
    clock::rfc3339,
    metrics::Metric,
    platform::{AccountId, Platform},
    providers::shopify,
    random,
    words::words,
};

use super::{
    records::attributes::*,
    table::{Key, Row, Write},
};

/// If the TTL deletes an item late, it is not published after this.
const KEEP: u64 = 3600;

words! {
    /// What happened: the `detail-type` on the bus.
    enum EventType {
        /// A store or an account was linked, for the first time or again.
        Linked = "linked",
        /// Another identity now holds an account that this one held.
        Moved = "moved",
        /// A credential is dead, and only the merchant can provide a new one.
        ReconnectNeeded = "reconnect_needed",
        /// A link that needed its merchant works again, without a new link.
        Recovered = "recovered",
        /// It works but soon will not: only the merchant can extend it.
        ExpiringSoon = "expiring_soon",
        /// The store uninstalled the app.
        Uninstalled = "uninstalled",
        /// The merchant disconnected a store or an account.
        Disconnected = "disconnected",
        /// The identity was erased, with everything linked to it.
        Erased = "erased",
    }
}

/// An event about a store.
pub(super) fn of_shop(user_uuid: Uuid, shop: &str, event_type: EventType, reason: Option<&str>, now: UnixSeconds) -> Result<Write, Error> {
    write(user_uuid, (&shopify::PLATFORM, shop), event_type, reason, now)
}

/// An event about an account.
pub(super) fn of_account(
    user_uuid: Uuid,
    id: &AccountId,
    event: EventType,
    reason: Option<&str>,
    now: UnixSeconds,
) -> Result<Write, Error> {
    write(user_uuid, (id.kind().platform, id.as_str()), event, reason, now)
}

/// The write for an event, in the transaction of the change it reports. It has no condition: it
/// succeeds or fails with the transaction.
fn write(
    user_uuid: Uuid,
    (platform, account): (&'static Platform, &str),
    event_type: EventType,
    reason: Option<&str>,
    now: UnixSeconds,
) -> Result<Write, Error> {
    let id = random::uuid()?;
    let row = Row::default()
        .with(&EVENT_TYPE, event_type.as_str())
        .with(&EVENT_ID, id.to_string())
        .with(&USER_UUID, user_uuid)
        .with(&PLATFORM, platform.name)
        .with(&ACCOUNT, account)
        .with(&HAPPENED_AT, rfc3339(now))
        .with(&TTL, now.saturating_add(KEEP))
        .with_some(&REASON, reason);
    Ok(Write::put(Key::event(user_uuid, id), row).counting(counted(event_type, platform)))
}

/// The metric to count with it.
fn counted(event_type: EventType, platform: &Platform) -> Option<Metric> {
    (event_type == EventType::ReconnectNeeded).then_some(platform.metrics.reconnect_needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::PLATFORMS;

    #[test]
    fn only_accounts_that_need_their_merchant_are_counted_by_platform() {
        for platform in PLATFORMS.0 {
            assert_eq!(counted(EventType::ReconnectNeeded, platform), Some(platform.metrics.reconnect_needed));
            assert_eq!(counted(EventType::Linked, platform), None);
        }
    }
}
