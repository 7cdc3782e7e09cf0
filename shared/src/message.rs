//! A customer's message on its way to the bot: the event `message`. It is neither stored nor logged
//! here, so it can't be printed.

use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    platform::Addressee,
    signing::{hex, labelled_sha256},
    words::words,
};

/// Separates event ids from other hashes.
const LABEL: &str = "messenger-link/message/v1";
/// The longest text in an event that is too large to include everything delivered, in bytes of
/// JSON. No platform lets a customer write that much.
const LONGEST_TEXT: usize = 64 * 1024;

words! {
    /// What kind of message it is.
    enum MessageKind {
        /// The customer wrote.
        Text = "text",
        /// A picture, a file or a location.
        Attachment = "attachment",
        /// The customer pressed a button.
        Postback = "postback",
        /// The customer chose one of the offered replies.
        QuickReply = "quick_reply",
        /// The customer came through a link or an advertisement.
        Referral = "referral",
        /// The customer reacted to a message.
        Reaction = "reaction",
        /// Another app answers this conversation.
        Standby = "standby",
        /// Another app, or a person in the inbox, wrote to the customer.
        Echo = "echo",
        /// A message to the customer was not delivered.
        Failed = "failed",
        /// None of these.
        Other = "other",
    }
}

/// A message as a platform delivered it.
#[derive(Clone)]
pub struct Message {
    /// What it was sent to.
    pub to: Addressee,
    /// What identifies it.
    pub name: MessageName,
    /// Who sent it.
    pub sender: String,
    /// When, in Unix milliseconds.
    pub at: u64,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// The text, if there is one.
    pub text: Option<String>,
    /// Everything delivered about it, verbatim.
    pub raw: Box<RawValue>,
}

/// What distinguishes a message from any other, no matter how often it is delivered.
#[derive(Clone, Default)]
pub struct MessageName {
    /// The platform's name for its kind.
    pub element: String,
    /// The id of the message, or of the message that it is about.
    pub message_id: Option<String>,
    /// Whether that id is its own.
    pub is_own: bool,
    /// What was done with the message, if it has no id of its own.
    pub action: Option<String>,
}

/// Who holds the addressee of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The identity.
    pub user_uuid: Uuid,
    /// The shop's domain.
    pub shop: String,
    /// The shop's status, if that is not `active`.
    pub store_status: Option<&'static str>,
}

/// The event in the form that goes on the bus.
#[derive(Serialize)]
struct Detail<'a> {
    event_id: String,
    user_uuid: String,
    shop: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    store_status: Option<&'static str>,
    platform: &'static str,
    account: &'a str,
    sender: &'a str,
    message_id: Option<&'a str>,
    at: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
}

impl Message {
    /// The complete event as JSON.
    #[must_use]
    pub fn whole(&self, holder: &Holder) -> String {
        self.detail(holder, self.text.as_deref(), Some(&self.raw))
    }

    /// The same for an event that is too large: only the beginning of the text, and not what was
    /// delivered.
    #[must_use]
    pub fn truncated(&self, holder: &Holder) -> String {
        self.detail(holder, self.text.as_deref().map(beginning), None)
    }

    fn detail(&self, holder: &Holder, text: Option<&str>, raw: Option<&RawValue>) -> String {
        let detail = Detail {
            event_id: self.event_id(),
            user_uuid: holder.user_uuid.to_string(),
            shop: &holder.shop,
            store_status: holder.store_status,
            platform: self.to.platform(),
            account: self.to.as_str(),
            sender: &self.sender,
            message_id: self.name.message_id.as_deref(),
            at: crate::clock::rfc3339_millis(self.at),
            kind: self.kind.as_str(),
            text,
            raw,
            truncated: raw.is_none(),
        };
        // These types always serialize.
        serde_json::to_string(&detail).unwrap_or_default()
    }

    /// The same for the same message, no matter how often and as which kind it is delivered.
    fn event_id(&self) -> String {
        let MessageName { element, message_id, is_own, action } = &self.name;
        let at = self.at.to_string();
        let id = message_id.as_deref().unwrap_or_default();
        let whose = [self.to.platform(), self.to.as_str(), element, id, action.as_deref().unwrap_or_default()];
        let more: &[&str] = if *is_own { &[] } else { &[&self.sender, &at] };
        let mut parts = Vec::new();
        // Each is prefixed with its length, so that no two lists of parts are the same bytes.
        for part in whose.iter().chain(more) {
            parts.extend_from_slice(&part.len().to_be_bytes());
            parts.extend_from_slice(part.as_bytes());
        }
        hex(&labelled_sha256(LABEL, &parts))
    }
}

/// As much of a text as fits.
fn beginning(text: &str) -> &str {
    let mut written = 0;
    let end = text.char_indices().find(|(_, letter)| {
        // A control character is written as `\u001f`, a quotation mark as `\"`.
        written += if letter.is_control() { 6 } else { letter.len_utf8() + usize::from(matches!(letter, '"' | '\\')) };
        written > LONGEST_TEXT
    });
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests;
