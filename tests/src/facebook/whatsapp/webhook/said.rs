//! What happens between a customer and a number, and how it is told (field `messages`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::facebook::whatsapp::business::Number;
use crate::facebook::whatsapp::chat::Contact;
use crate::random;

/// Something that happens between a customer and a number.
#[derive(Clone, Debug)]
pub enum Said {
    /// The customer writes.
    Text(String),
    /// The customer presses a button of a message.
    ButtonReply {
        /// What the bot gave it to send back.
        id: String,
        /// What it says.
        title: String,
    },
    /// The customer chooses from a list.
    ListReply {
        /// What the bot gave it to send back.
        id: String,
        /// What it says.
        title: String,
        /// What it says below.
        description: Option<String>,
    },
    /// The customer presses a button of a template.
    TemplateButton {
        /// What it says.
        text: String,
        /// What the bot gave it to send back.
        payload: String,
    },
    /// The customer sends a picture, which is at Meta by this id.
    Image {
        /// The medium.
        media_id: String,
        /// What stands below it.
        caption: Option<String>,
    },
    /// The customer comes by an ad, and writes.
    Ad {
        /// What the customer writes.
        text: String,
        /// The ad.
        source_id: String,
    },
    /// The customer reacts to a message, or takes the reaction back where there is no emoji.
    Reaction {
        /// The message.
        message_id: String,
        /// The reaction.
        emoji: Option<String>,
    },
    /// What became of a message that the app sent: `sent`, `delivered`, `read`, or `failed` for a
    /// reason.
    Status {
        /// The message.
        message_id: String,
        /// Which of them.
        status: &'static str,
        /// For `failed`: why.
        error: Option<u32>,
    },
    /// Anything else: what stands in the message beside sender, id and time.
    Other(Value),
}

impl Said {
    /// The value of the change, and the message's id.
    pub(super) fn told(&self, number: &Number, contact: &Contact, now: i64) -> (Value, String) {
        let digits: String = number.display_phone_number.chars().filter(char::is_ascii_digit).collect();
        let mut value = json!({
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": digits, "phone_number_id": number.id },
        });
        if let Self::Status { message_id, status, error } = self {
            value["statuses"] = json!([told_status(message_id, status, *error, contact, now)]);
            return (value, message_id.clone());
        }
        let mut profile = json!({ "profile": { "name": contact.name }, "user_id": contact.user_id });
        let id = new_wamid();
        let mut message = json!({ "from_user_id": contact.user_id, "id": id, "timestamp": now.to_string() });
        if let Some(wa_id) = &contact.wa_id {
            profile["wa_id"] = json!(wa_id);
            message["from"] = json!(wa_id);
        }
        for (name, member) in self.members(&digits).as_object().into_iter().flatten() {
            message[name] = member.clone();
        }
        value["contacts"] = json!([profile]);
        value["messages"] = json!([message]);
        (value, id)
    }

    /// What stands in the message beside sender, id and time.
    fn members(&self, digits: &str) -> Value {
        let context = || json!({ "from": digits, "id": new_wamid() });
        match self {
            Self::Text(text) => json!({ "type": "text", "text": { "body": text } }),
            Self::ButtonReply { id, title } => json!({
                "context": context(), "type": "interactive",
                "interactive": { "type": "button_reply", "button_reply": { "id": id, "title": title } },
            }),
            Self::ListReply { id, title, description } => {
                let mut reply = json!({ "id": id, "title": title });
                if let Some(description) = description {
                    reply["description"] = json!(description);
                }
                json!({ "context": context(), "type": "interactive", "interactive": { "type": "list_reply", "list_reply": reply } })
            }
            Self::TemplateButton { text, payload } => {
                json!({ "context": context(), "type": "button", "button": { "payload": payload, "text": text } })
            }
            Self::Image { media_id, caption } => {
                let sha256 = STANDARD.encode(random::bytes::<32>());
                let mut image = json!({ "mime_type": "image/jpeg", "sha256": sha256, "id": media_id });
                if let Some(caption) = caption {
                    image["caption"] = json!(caption);
                }
                json!({ "type": "image", "image": image })
            }
            Self::Ad { text, source_id } => {
                let referral = json!({
                    "source_url": "https://fb.me/3cr4Wqqkv", "source_id": source_id, "source_type": "ad",
                    "headline": "Mugs for everyone", "body": "Blue, green, yellow", "media_type": "image",
                    "image_url": "https://cdn.example/v/ad.jpg", "ctwa_clid": "Aff-n8ZTODiE79d22KtAwQKj9e_mIEOOj27vDVwFjN80",
                });
                json!({ "type": "text", "text": { "body": text }, "referral": referral })
            }
            Self::Reaction { message_id, emoji } => {
                let mut reaction = json!({ "message_id": message_id });
                if let Some(emoji) = emoji {
                    reaction["emoji"] = json!(emoji);
                }
                json!({ "type": "reaction", "reaction": reaction })
            }
            Self::Status { .. } => json!({}),
            Self::Other(members) => members.clone(),
        }
    }

    /// What it is to a person who looks at the conversation; nothing where it is no word of the
    /// customer's.
    pub(in crate::facebook::whatsapp) fn words(&self) -> Option<String> {
        Some(match self {
            Self::Text(text) | Self::Ad { text, .. } | Self::TemplateButton { text, .. } => text.clone(),
            Self::ButtonReply { title, .. } | Self::ListReply { title, .. } => title.clone(),
            Self::Image { caption, .. } => format!("(a picture) {}", caption.as_deref().unwrap_or_default()),
            Self::Reaction { emoji: Some(emoji), .. } => format!("(reacted with {emoji})"),
            Self::Reaction { emoji: None, .. } => "(took a reaction back)".to_owned(),
            Self::Other(_) => "(something else)".to_owned(),
            Self::Status { .. } => return None,
        })
    }
}

fn told_status(message_id: &str, status: &str, error: Option<u32>, contact: &Contact, now: i64) -> Value {
    let mut told = json!({ "id": message_id, "status": status, "timestamp": now.to_string(), "recipient_user_id": contact.user_id });
    if let Some(wa_id) = &contact.wa_id {
        told["recipient_id"] = json!(wa_id);
    }
    if let Some(code) = error {
        let title = match code {
            131_026 => "Message undeliverable",
            131_047 => "Re-engagement message",
            _ => "Something went wrong",
        };
        let details = json!({ "details": "Message failed to send." });
        let href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
        told["errors"] = json!([{ "code": code, "title": title, "message": title, "error_data": details, "href": href }]);
    } else {
        told["pricing"] = json!({ "billable": false, "pricing_model": "PMP", "category": "service", "type": "free_customer_service" });
    }
    told
}

/// A new message's id.
pub(in crate::facebook::whatsapp) fn new_wamid() -> String {
    format!("wamid.{}", STANDARD.encode(random::bytes::<36>()))
}
