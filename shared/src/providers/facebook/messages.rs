//! Messages from customers to Pages and their Instagram accounts, as Meta's webhooks deliver them.
//! <https://developers.facebook.com/docs/messenger-platform/reference/webhook-events>,
//! <https://developers.facebook.com/docs/messenger-platform/instagram/features/webhook>

use serde_json::{Value, value::RawValue};

use crate::json;
use crate::message::{Message, MessageKind, MessageName};
use crate::platform::{AccountId, Addressee, CompanionId};
use crate::providers::meta::digits;
use crate::providers::meta::messages::{Received, id, millis};
use crate::providers::meta::webhook::{Delivery, Entry, Inbox, Recipient};
use crate::{Error, Vars};

use super::{INSTAGRAM, PAGE, PLATFORM, app_id, app_secrets, redirect_uri};

/// The parts of an element that are messages, by Meta's names.
const MESSAGES: [&str; 4] = ["message", "postback", "reaction", "referral"];
/// Parts that only say that something arrived.
const RECEIPTS: [&str; 2] = ["read", "delivery"];
/// Parts that accompany the content of an element.
const AROUND: [&str; 4] = ["sender", "recipient", "timestamp", "hop_context"];

/// Reads the settings for deliveries of messages.
///
/// # Errors
/// `misconfigured`.
pub fn inbox(vars: &Vars) -> Result<Inbox, Error> {
    // Nothing is redirected there, but it says whether replies are on https.
    if vars.optional("FACEBOOK_REDIRECT_URI").is_some() {
        redirect_uri(vars)?;
    }
    let recipient = Recipient { platform: &PLATFORM, app_id: app_id(vars)?, secrets: app_secrets(vars)? };
    Ok(Inbox { recipient, messages: read })
}

/// Reads what was delivered to this app. Leaves out echoes of the app's own messages, and anything
/// that is no message. All times are in Unix milliseconds.
#[must_use]
pub fn read(delivery: &Delivery<'_>, app_id: &str, now: u64) -> Received {
    let mut received = Received::default();
    let Some(object) = delivery.object().filter(|_| delivery.is_for(&PLATFORM)) else { return received };
    for entry in delivery.entries() {
        let Some(to) = addressee(&object, &entry) else { continue };
        let time = entry.time.and_then(|time| millis(&json::read(time))).unwrap_or(now);
        let ours = entry.messaging().map(|element| (element, false));
        for (element, is_standby) in ours.chain(entry.standby().map(|element| (element, true))) {
            if let Some(message) = message(&to, (element, is_standby), app_id, time) {
                received.take(message, now);
            }
        }
    }
    received
}

fn addressee(object: &str, entry: &Entry<'_>) -> Option<Addressee> {
    let id = digits(json::read(entry.id?))?;
    match object {
        "page" => AccountId::parse(&PAGE, &id).map(Addressee::Account),
        "instagram" => CompanionId::parse(&INSTAGRAM, &id).map(Addressee::Companion),
        _ => None,
    }
}

/// An element of `messaging` or `standby`; `time` is when Meta wrote the entry.
fn message(to: &Addressee, (raw, is_standby): (&RawValue, bool), app_id: &str, time: u64) -> Option<Message> {
    let value = json::read(raw);
    let (name, element) = named(&value, is_standby)?;
    let is_echo = element.get("is_echo").and_then(Value::as_bool).unwrap_or_default();
    if is_echo && element.get("app_id").and_then(id).is_some_and(|id| id == app_id) {
        return None;
    }
    let message_id = element.get("mid").and_then(id);
    let is_deleted = element.get("is_deleted").and_then(Value::as_bool).unwrap_or_default();
    // A reaction carries the id of the message it is about.
    let is_own = message_id.is_some() && name != "reaction";
    let action = if is_deleted { Some("delete") } else { element.get("action").and_then(Value::as_str) };
    Some(Message {
        to: to.clone(),
        sender: value.pointer("/sender/id").and_then(id)?,
        at: value.get("timestamp").and_then(millis).unwrap_or(time),
        kind: if is_standby { MessageKind::Standby } else { kind(name, element, is_echo) },
        text: element.get("text").and_then(Value::as_str).map(str::to_owned),
        name: MessageName { element: name.to_owned(), message_id, is_own, action: action.map(str::to_owned) },
        raw: raw.to_owned(),
    })
}

/// The kind of an element, from the name of its content. In another app's conversation every
/// utterance counts.
fn named(value: &Value, is_standby: bool) -> Option<(&str, &Value)> {
    let value = value.as_object()?;
    let message = MESSAGES.into_iter().find_map(|name| Some((name, value.get(name).filter(|element| element.is_object())?)));
    let is_receipt = RECEIPTS.iter().any(|name| value.contains_key(*name));
    let any = || value.iter().find(|(name, _)| !AROUND.contains(&name.as_str())).map(|(name, element)| (name.as_str(), element));
    message.or_else(|| any().filter(|_| is_standby && !is_receipt))
}

fn kind(name: &str, element: &Value, is_echo: bool) -> MessageKind {
    let has_text = element.get("text").and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    let has_attachments = element.get("attachments").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    match name {
        "postback" => MessageKind::Postback,
        "reaction" => MessageKind::Reaction,
        "referral" => MessageKind::Referral,
        _ if is_echo => MessageKind::Echo,
        _ if element.get("quick_reply").is_some_and(Value::is_object) => MessageKind::QuickReply,
        // A link arrives as text, with its target as an attachment.
        _ if has_text => MessageKind::Text,
        _ if has_attachments => MessageKind::Attachment,
        _ => MessageKind::Other,
    }
}

#[cfg(test)]
mod tests;
