//! What can happen between a customer and an account, and how it is told (Messenger Platform,
//! webhook events; Instagram messaging, webhooks).

use serde_json::{Value, json};

use crate::random;

/// The app that the inbox of Pages is.
const INBOX_APP: u64 = 263_902_037_430_900;

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A customer writes.
    Text(String),
    /// A customer presses a button of a message or of a menu.
    Postback {
        /// What the button says.
        title: String,
        /// What the bot gave it to send back.
        payload: String,
    },
    /// A customer takes one of the answers that were offered.
    QuickReply {
        /// What the answer says.
        text: String,
        /// What the bot gave it to send back.
        payload: String,
    },
    /// A customer reacts to a message, or takes a reaction back.
    Reaction {
        /// The message's id.
        mid: String,
        /// Meta's word for it, such as `love`.
        name: String,
        /// The reaction itself.
        emoji: String,
        /// Whether it is taken back.
        is_taken_back: bool,
    },
    /// A customer comes to the conversation by a link.
    Link {
        /// What stands in the link.
        reference: String,
    },
    /// The same by an ad.
    Ad {
        /// What stands in the ad.
        reference: String,
        /// The ad.
        ad_id: String,
    },
    /// A customer sends a picture, which is at this URL.
    Picture(String),
    /// Somebody answers the customer in the account's name.
    Echo {
        /// What it says.
        text: String,
        /// By which app; none: by the inbox.
        app_id: Option<u64>,
    },
    /// The customer has read everything so far.
    Read,
    /// What was sent has reached the customer.
    Delivered {
        /// The message's id.
        mid: String,
    },
    /// The same while another app has the conversation.
    Standby(Box<Self>),
    /// Anything else: the field it belongs to, and what stands beside sender, recipient and time.
    Other(&'static str, Value),
}

/// One update: an element of `messaging` or `standby`.
#[derive(Clone, Debug)]
pub struct Update {
    /// `page` or `instagram`.
    pub object: &'static str,
    /// The id of the Page or of the Instagram account.
    pub account: String,
    /// The field by which it is subscribed to.
    pub field: &'static str,
    /// The element. Tests change it.
    pub element: Value,
}

impl Update {
    /// What happens to an account of this object, at that time in milliseconds.
    #[must_use]
    pub fn of(object: &'static str, account: &str, customer: &str, happening: &Happening, at: i64) -> Self {
        let (field, member, content) = told(object, happening);
        // In the account's name the customer is the one who hears.
        let is_echo = content["is_echo"] == true;
        let (sender, recipient) = if is_echo { (account, customer) } else { (customer, account) };
        let mut element = json!({ "sender": { "id": sender }, "recipient": { "id": recipient }, "timestamp": at });
        match (member, content, element.as_object_mut()) {
            ("", Value::Object(members), Some(element)) => element.extend(members),
            (member, content, Some(element)) => {
                element.insert(member.to_owned(), content);
            }
            (_, _, None) => {}
        }
        Self { object, account: account.to_owned(), field, element }
    }

    /// Where it stands in an entry.
    pub(super) fn list(&self) -> &'static str {
        if self.field == "standby" { "standby" } else { "messaging" }
    }

    /// The id of the message that it is or is about, if there is one.
    #[must_use]
    pub fn mid(&self) -> Option<&str> {
        ["message", "postback", "reaction"].iter().find_map(|member| self.element[member]["mid"].as_str())
    }
}

/// A new message's id.
pub(in crate::facebook) fn new_mid() -> String {
    format!("m_{}", random::token())
}

/// The field, the member of the element, and what stands in it.
fn told(object: &str, happening: &Happening) -> (&'static str, &'static str, Value) {
    let is_instagram = object == "instagram";
    let referrals = if is_instagram { "messaging_referral" } else { "messaging_referrals" };
    match happening {
        Happening::Text(text) => ("messages", "message", json!({ "mid": new_mid(), "text": text })),
        Happening::Postback { title, payload } => {
            ("messaging_postbacks", "postback", json!({ "mid": new_mid(), "title": title, "payload": payload }))
        }
        Happening::QuickReply { text, payload } => {
            ("messages", "message", json!({ "mid": new_mid(), "text": text, "quick_reply": { "payload": payload } }))
        }
        Happening::Reaction { mid, is_taken_back: true, .. } => {
            ("message_reactions", "reaction", json!({ "mid": mid, "action": "unreact" }))
        }
        Happening::Reaction { mid, name, emoji, .. } => {
            ("message_reactions", "reaction", json!({ "mid": mid, "action": "react", "reaction": name, "emoji": emoji }))
        }
        Happening::Link { reference } => {
            let source = if is_instagram { "IGME-source-link" } else { "SHORTLINK" };
            (referrals, "referral", json!({ "ref": reference, "source": source, "type": "OPEN_THREAD" }))
        }
        Happening::Ad { reference, ad_id } => {
            let about = json!({ "ad_title": "Mugs for everyone", "post_id": "1" });
            let content = json!({ "ref": reference, "ad_id": ad_id, "source": "ADS", "type": "OPEN_THREAD", "ads_context_data": about });
            (referrals, "referral", content)
        }
        Happening::Picture(url) => {
            ("messages", "message", json!({ "mid": new_mid(), "attachments": [{ "type": "image", "payload": { "url": url } }] }))
        }
        Happening::Echo { text, app_id } => {
            let field = if is_instagram { "messages" } else { "message_echoes" };
            let app_id = app_id.unwrap_or(INBOX_APP);
            (field, "message", json!({ "mid": new_mid(), "text": text, "is_echo": true, "app_id": app_id }))
        }
        Happening::Read if is_instagram => ("messaging_seen", "read", json!({ "mid": new_mid() })),
        Happening::Read => ("message_reads", "read", json!({ "watermark": 1_458_668_856_253_i64 })),
        Happening::Delivered { mid } => ("message_deliveries", "delivery", json!({ "mids": [mid], "watermark": 1_458_668_856_253_i64 })),
        Happening::Standby(happening) => {
            let (_, member, content) = told(object, happening);
            ("standby", member, content)
        }
        Happening::Other(field, members) => (field, "", members.clone()),
    }
}
