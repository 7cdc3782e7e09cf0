//! The Send API of numbers (Cloud API, messages): to a phone number or a customer's own id, within
//! 24 hours of their last word.

use axum::http::Method;
use serde_json::{Value, json};

use super::chat::{Contact, Line, SentByNumber};
use super::message::{Message, invalid};
use super::nodes::MESSAGING;
use super::register::posted;
use super::webhook::{Said, new_wamid};
use super::{LocalFacebook, WhatsAppQuirk};
use crate::facebook::error::GraphError;
use crate::facebook::graph::{Facebook, State};
use crate::facebook::webhook::ask;
use crate::gateway::Request;
use crate::provider::{RecordedRequest, lock};

/// How long a number may answer what a customer wrote ("customer service window").
const WINDOW_SECONDS: i64 = 24 * 3600;

impl LocalFacebook {
    /// Calls the Send API as a bot does, with a token and its proof; returns status and answer.
    ///
    /// # Panics
    /// When nobody answers, or not in JSON.
    pub async fn send_as_number(&self, number: &str, token: &str, proof: &str, body: &Value) -> (u16, Value) {
        let request = Request::get("").with_method("POST").with_body("application/json", body.to_string());
        let request = request.with_header("authorization", &format!("Bearer {token}"));
        let url = format!("{}/v26.0/{number}/messages?appsecret_proof={proof}", self.url());
        let (status, answer) = ask(&url, request).await.expect("the local Facebook answers");
        (status, serde_json::from_slice(&answer).expect("an answer in JSON"))
    }
}

impl Facebook {
    /// `POST {phone-number-id}/messages`: a message, or that one was read.
    pub(super) fn whatsapp_send(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        if request.method != Method::POST {
            return Err(GraphError::new(100, "Unsupported get request."));
        }
        let holder = self.whatsapp_holder(request)?;
        posted(request)?;
        let now = self.provider.now();
        let part = |name: &str| request.field(name).and_then(|text| serde_json::from_str::<Value>(&text).ok()).unwrap_or_default();
        let mut state = lock(&self.state);
        let number = state.number_for(id, &holder, MESSAGING)?;
        let account = state.account_for(&number.account, &holder, MESSAGING)?;
        if account.is_locked {
            return Err(GraphError::of_whatsapp(403, 131_031, "Account has been locked", "The account violates a policy."));
        }
        if number.platform_type != "CLOUD_API" {
            let was_there = number.last_onboarded_at.is_some();
            return Err(match was_there {
                true => GraphError::of_whatsapp(500, 131_045, "Incorrect certificate", "The number has to be registered again."),
                false => GraphError::of_whatsapp(400, 133_010, "Phone number not registered", "Register the number first."),
            });
        }
        if let Some(status) = request.field("status") {
            let read = request.field("message_id").unwrap_or_default();
            let is_typing = !part("typing_indicator").is_null();
            let is_known = status == "read" && state.read_chat(id, &read, is_typing, now);
            return if is_known { Ok(json!({ "success": true })) } else { Err(invalid("message_id must be of a message received")) };
        }
        let kind = request.field("type").unwrap_or_else(|| "text".to_owned());
        let message = Message::read(&kind, &part(&kind))?;
        let (input, contact) = state.addressed_contact(request)?;
        let refusal = contact.as_ref().map_or_else(|| Some(undeliverable()), |contact| state.refusal(id, contact, now));
        let is_late = state.whatsapp.quirks.contains(&WhatsAppQuirk::RefusedLater);
        let failed = match refusal {
            Some(error) if !is_late => return Err(error),
            Some(error) => Some(error.code),
            None => None,
        };
        let mid = new_wamid();
        let told = contact.as_ref().map(|contact| json!({ "input": input, "wa_id": contact.wa_id, "user_id": contact.user_id }));
        if let Some(contact) = contact {
            if failed.is_none() {
                let body = serde_json::from_slice(&request.body).unwrap_or_default();
                let (number, user_id) = (id.to_owned(), contact.user_id.clone());
                let sent = SentByNumber { number, user_id, message_id: mid.clone(), text: message.text.clone(), body };
                state.whatsapp.sent.push(sent);
                state.chat(id, &contact).says(Line::of_app(&mid, message, now));
            }
            if self.app.is_reachable {
                let status = if failed.is_some() { "failed" } else { "delivered" };
                let said = Said::Status { message_id: mid.clone(), status, error: failed };
                self.tell_whatsapp(&mut state, id, &contact, format!("A message of the app: {status}"), &said);
            }
        }
        let told = told.unwrap_or_else(|| json!({ "input": input, "wa_id": input }));
        Ok(json!({ "messaging_product": "whatsapp", "contacts": [told], "messages": [{ "id": mid }] }))
    }
}

impl State {
    /// To whom a call is: `to` is a phone number in any spelling, `recipient` a customer's id for
    /// the business.
    fn addressed_contact(&self, request: &RecordedRequest) -> Result<(String, Option<Contact>), GraphError> {
        let field = |name: &str| request.field(name).filter(|value| !value.is_empty());
        let contacts = &self.whatsapp.contacts;
        match (field("to"), field("recipient")) {
            (Some(to), _) => {
                let digits: String = to.chars().filter(char::is_ascii_digit).collect();
                Ok((to, contacts.iter().find(|contact| contact.wa_id.as_ref() == Some(&digits)).cloned()))
            }
            (None, Some(recipient)) => {
                let contact = contacts.iter().find(|contact| contact.user_id == recipient).cloned();
                Ok((recipient, contact))
            }
            (None, None) => Err(invalid("The parameter to is required.")),
        }
    }

    fn refusal(&mut self, number: &str, contact: &Contact, now: i64) -> Option<GraphError> {
        let chat = self.chat(number, contact);
        if chat.is_blocked {
            return Some(undeliverable());
        }
        let is_open = chat.heard_at.is_some_and(|heard_at| now - heard_at < WINDOW_SECONDS);
        let details = "More than 24 hours have passed since the customer last replied to this number.";
        (!is_open).then(|| GraphError::of_whatsapp(400, 131_047, "Re-engagement message", details))
    }

    /// Marks a message as read, in whichever conversation it is.
    fn read_chat(&mut self, number: &str, message: &str, is_typing: bool, now: i64) -> bool {
        let mut own = self.whatsapp.chats.iter_mut().filter(|((of, _), _)| of == number);
        own.any(|(_, chat)| chat.shows(message, is_typing, now))
    }
}

fn undeliverable() -> GraphError {
    GraphError::of_whatsapp(400, 131_026, "Message undeliverable", "Message undeliverable.")
}
