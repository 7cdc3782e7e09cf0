//! The Send API, as far as a bot needs it for an answer in text (Messenger Platform, Send API).

use axum::http::Method;
use serde_json::{Value, json};

use super::error::GraphError;
use super::graph::Facebook;
use super::tokens::Kind;
use crate::provider::{RecordedRequest, lock};

/// In UTF-8 characters, as documented.
const LONGEST_TEXT: usize = 2000;
const TYPES: &[&str] = &["RESPONSE", "UPDATE", "MESSAGE_TAG"];

/// A message that was sent to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The Page in whose name.
    pub page: String,
    /// The customer, by the id that they have for this Page.
    pub recipient: String,
    /// What it says.
    pub text: String,
}

impl Facebook {
    /// `POST {page-id}/messages`, or `me/messages` with the Page's token; the body is JSON, or a form with JSON in its fields.
    pub(super) fn send(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        if request.method != Method::POST {
            return Err(GraphError::new(100, "Unsupported get request."));
        }
        let holder = self.holder(request)?;
        let Kind::Page(own) = &holder.kind else {
            return Err(GraphError::new(190, "(#190) This method must be called with a Page Access Token"));
        };
        let id = if id == "me" { own } else { id };
        let mut state = lock(&self.state);
        let page = state.page_for(id, &holder)?;
        if !state.grants.get(&holder.person).is_some_and(|grant| grant.covers("pages_messaging", &page.id)) {
            return Err(GraphError::forbidden("pages_messaging permission to manage the object"));
        }
        let part = |name: &str| request.field(name).and_then(|text| serde_json::from_str::<Value>(&text).ok()).unwrap_or_default();
        let (recipient, message) = (part("recipient"), part("message"));
        let recipient = recipient["id"].as_str().filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
        let recipient = recipient.ok_or_else(|| GraphError::new(100, "(#100) No matching user found").with_subcode(2_018_001))?;
        if !request.field("messaging_type").is_some_and(|kind| TYPES.contains(&&*kind)) {
            return Err(GraphError::new(100, "(#100) Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}"));
        }
        let text = message["text"].as_str().filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| GraphError::new(100, "(#100) param message must be non-empty."))?;
        if text.chars().count() > LONGEST_TEXT {
            return Err(GraphError::new(100, "(#100) Length of param message[text] must be less than or equal to 2000"));
        }
        if state.held_by_others.contains(&page.id) {
            let message = "(#10) Message failed to send because another app is controlling this thread now.";
            return Err(GraphError::new(10, message));
        }
        state.sent.push(Sent { page: page.id, recipient: recipient.to_owned(), text: text.to_owned() });
        Ok(json!({"recipient_id": recipient, "message_id": self.provider.issue("m_")}))
    }
}
