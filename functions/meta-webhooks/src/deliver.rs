//! From a delivery to the bus.

use std::collections::BTreeSet;

use shared::{
    Error,
    bus::MessageBus,
    calls::count,
    message::{Holder, Message},
    metrics::{MESSAGES_DROPPED, MESSAGES_LOST, MESSAGES_PUT},
    providers::meta::{messages::Received, webhook::Delivery},
};

use crate::meta_webhooks::MetaWebhooks;

/// Puts every message of a delivery on the bus, for who holds what it was sent to. One that is for
/// nobody is counted and dropped, and so is one whose time is over.
///
/// # Errors
/// `storage_unavailable` when not everything is on the bus.
pub(crate) async fn all(webhooks: &MetaWebhooks, bus: &MessageBus, delivery: &Delivery<'_>) -> Result<(), Error> {
    let now = webhooks.clock.now_millis();
    let inboxes = webhooks.inboxes.iter();
    let received: Vec<Received> = inboxes.map(|inbox| (inbox.messages)(delivery, &inbox.recipient.app_id, now)).collect();
    let out_of_time = received.iter().map(|received| received.out_of_time).sum::<u64>();
    let messages: Vec<Message> = received.into_iter().flat_map(|received| received.messages).collect();
    let holders = webhooks.directory.holders(messages.iter().map(|message| message.to.clone()).collect::<BTreeSet<_>>()).await?;
    let held: Vec<(&Message, &Holder)> = messages.iter().filter_map(|message| Some((message, holders.get(&message.to)?))).collect();
    let dropped = out_of_time + amount(messages.len() - held.len());
    if dropped > 0 {
        count(MESSAGES_DROPPED, dropped);
    }
    let events = held.iter().map(|(message, holder)| event(message, holder)).collect::<Vec<_>>();
    let refused = bus.put(&events).await?;
    // Sent again they would be refused again, and hold up all others: so they go without what can
    // be at fault.
    let shorter: Vec<String> = refused.iter().filter_map(|&at| held.get(at)).map(|(message, holder)| message.truncated(holder)).collect();
    let lost = bus.put(&shorter).await?.len();
    if lost > 0 {
        tracing::error!(lost, "the bus takes these messages in no form");
        count(MESSAGES_LOST, amount(lost));
    }
    if events.len() > lost {
        count(MESSAGES_PUT, amount(events.len() - lost));
    }
    Ok(())
}

fn event(message: &Message, holder: &Holder) -> String {
    let whole = message.whole(holder);
    if MessageBus::takes(&whole) { whole } else { message.truncated(holder) }
}

fn amount(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
