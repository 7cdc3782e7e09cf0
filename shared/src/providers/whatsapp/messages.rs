//! Messages from customers to numbers, and messages that did not reach them, as Meta's webhooks
//! deliver them (`webhooks/reference/messages`).

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::json;
use crate::message::{Message, MessageKind, MessageName};
use crate::platform::Addressee;
use crate::providers::meta::account;
use crate::providers::meta::messages::{Received, id, millis};
use crate::providers::meta::webhook::{Delivery, Inbox, Recipient, elements};
use crate::{Error, Vars};

use super::{OBJECT, PHONE, PLATFORM, app_id, app_secrets};

/// Meta's name for the field, and for the messages in it.
const MESSAGES: &str = "messages";
/// Meta's name for the outcomes of messages sent to customers.
const STATUSES: &str = "statuses";
/// The only status that matters.
const FAILED: &str = "failed";

/// What happened between a number and its customers.
#[derive(Deserialize)]
struct Conversations<'a> {
    #[serde(borrow, default)]
    metadata: Option<&'a RawValue>,
    #[serde(borrow, default)]
    messages: Option<&'a RawValue>,
    #[serde(borrow, default)]
    statuses: Option<&'a RawValue>,
}

/// Reads the settings for deliveries of messages.
///
/// # Errors
/// `misconfigured`.
pub fn inbox(vars: &Vars) -> Result<Inbox, Error> {
    let recipient = Recipient { platform: &PLATFORM, app_id: app_id(vars)?, secrets: app_secrets(vars)? };
    Ok(Inbox { recipient, messages: |delivery, _app_id, now| read(delivery, now) })
}

/// Reads what was delivered to WhatsApp's app. Of the outcomes of sent messages only failures
/// count. The time is in Unix milliseconds.
#[must_use]
pub fn read(delivery: &Delivery<'_>, now: u64) -> Received {
    let mut received = Received::default();
    if !delivery.is_for(&PLATFORM) || delivery.object().as_deref() != Some(OBJECT) {
        return received;
    }
    for entry in delivery.entries() {
        let time = entry.time.and_then(|time| millis(&json::read(time))).unwrap_or(now);
        for change in entry.changes(MESSAGES) {
            let Ok(told) = serde_json::from_str::<Conversations<'_>>(change.get()) else { continue };
            let Some(to) = told.number() else { continue };
            let messages = elements(told.messages).filter_map(|raw| message(&to, raw, time));
            let failures = elements(told.statuses).filter_map(|raw| failure(&to, raw, time));
            messages.chain(failures).for_each(|message| received.take(message, now));
        }
    }
    received
}

impl Conversations<'_> {
    fn number(&self) -> Option<Addressee> {
        let id = json::read(self.metadata?).get("phone_number_id").cloned()?;
        account(&PHONE, id).map(Addressee::Account)
    }
}

/// An element of `messages`; `time` is when Meta wrote the entry.
fn message(to: &Addressee, raw: &RawValue, time: u64) -> Option<Message> {
    let value = json::read(raw);
    let (kind, text) = content(&value);
    Some(Message {
        // A customer with a user name may be known only by that.
        sender: ["from", "from_user_id"].into_iter().find_map(|name| value.get(name).and_then(id))?,
        kind,
        text: text.and_then(Value::as_str).map(str::to_owned),
        ..element(to, raw, &value, (MESSAGES, None), time)
    })
}

/// An element of `statuses` that reports a failure. It has the id of the failed message and of the
/// customer it was sent to.
fn failure(to: &Addressee, raw: &RawValue, time: u64) -> Option<Message> {
    let value = json::read(raw);
    if value.get("status").and_then(Value::as_str) != Some(FAILED) {
        return None;
    }
    Some(Message {
        sender: ["recipient_id", "recipient_user_id"].into_iter().find_map(|name| value.get(name).and_then(id))?,
        kind: MessageKind::Failed,
        ..element(to, raw, &value, (STATUSES, Some(FAILED)), time)
    })
}

/// What messages and failures have in common.
fn element(to: &Addressee, raw: &RawValue, value: &Value, (name, action): (&str, Option<&str>), time: u64) -> Message {
    let message_id = value.get("id").and_then(id);
    let is_own = message_id.is_some() && action.is_none();
    Message {
        to: to.clone(),
        name: MessageName { element: name.to_owned(), message_id, is_own, action: action.map(str::to_owned) },
        sender: String::new(),
        at: value.get("timestamp").and_then(millis).unwrap_or(time),
        kind: MessageKind::Other,
        text: None,
        raw: raw.to_owned(),
    }
}

/// A message's kind and content.
fn content(value: &Value) -> (MessageKind, Option<&Value>) {
    let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
    let said = |path: &str| value.pointer(path);
    match kind {
        "text" => (MessageKind::Text, said("/text/body")),
        "reaction" => (MessageKind::Reaction, None),
        "button" => (MessageKind::QuickReply, said("/button/text")),
        "interactive" => match ["/interactive/button_reply", "/interactive/list_reply"].into_iter().find_map(said) {
            Some(answer) => (MessageKind::QuickReply, answer.get("title")),
            None => (MessageKind::Other, None),
        },
        "image" | "video" | "document" => (MessageKind::Attachment, value.get(kind).and_then(|medium| medium.get("caption"))),
        "audio" | "sticker" | "location" | "contacts" => (MessageKind::Attachment, None),
        _ => (MessageKind::Other, None),
    }
}

#[cfg(test)]
mod tests;
