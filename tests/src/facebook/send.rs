//! The Send API (Messenger Platform, Send API; Instagram messaging, send a message): messages and
//! signs of life in the name of a Page, to its own customers and to those of its Instagram account.

mod message;

use axum::http::Method;
use serde_json::{Value, json};

pub(super) use message::{Button, ButtonKind, Card, Message};

use super::LocalFacebook;
use super::error::GraphError;
use super::graph::{Facebook, State};
use super::messenger::What;
use super::people::Page;
use super::tokens::Kind;
use super::webhook::{Delivery, Happening, Update, ask, deliver, new_mid, payload, permission};
use crate::gateway::Request;
use crate::provider::{RecordedRequest, lock};

/// The last reaches beyond the window with a tag that is for people alone; here it does not.
const TYPES: &[&str] = &["RESPONSE", "UPDATE", "MESSAGE_TAG"];
/// How long an account may answer what a customer did ("standard messaging window").
const WINDOW_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// A message that was sent to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The Page in whose name.
    pub page: String,
    /// The customer, by the id that they have for this Page or its Instagram account.
    pub recipient: String,
    /// What it says, of cards their titles, one a line.
    pub text: String,
}

impl LocalFacebook {
    /// Calls the Send API as a bot does, with a Page's token and its proof; returns status and answer.
    ///
    /// # Panics
    /// When nobody answers, or not in JSON.
    pub async fn send_as(&self, page: &str, token: &str, proof: &str, body: &Value) -> (u16, Value) {
        let request = Request::get("").with_method("POST").with_body("application/json", body.to_string());
        let request = request.with_header("authorization", &format!("Bearer {token}"));
        let url = format!("{}/v26.0/{page}/messages?appsecret_proof={proof}", self.url());
        let (status, answer) = ask(&url, request).await.expect("the local Facebook answers");
        (status, serde_json::from_slice(&answer).expect("an answer in JSON"))
    }
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
        let part = |name: &str| request.field(name).and_then(|text| serde_json::from_str::<Value>(&text).ok()).unwrap_or_default();
        let recipient = part("recipient")["id"].as_str().unwrap_or_default().to_owned();
        let found = state.addressed(&page, &recipient);
        let (object, account) = found.clone().unwrap_or_else(|| ("page", page.id.clone()));
        let needed = permission(object);
        if !state.grants.get(&holder.person).is_some_and(|grant| grant.covers(needed, &page.id)) {
            return Err(GraphError::forbidden(&format!("{needed} permission to manage the object")));
        }
        if found.is_none() {
            return Err(GraphError::new(100, "(#100) No matching user found").with_subcode(2_018_001));
        }
        let wanted = Wanted::read(request, &part("message"), object)?;
        let now = self.provider.now_millis();
        state.may_send(object, &page.id, &account, &recipient, now)?;
        let thread = state.thread(&account, &recipient);
        let message = match wanted {
            Wanted::Action(action) => {
                thread.shows(action, now);
                return Ok(json!({ "recipient_id": recipient }));
            }
            Wanted::Message(message) => message,
        };
        let mid = new_mid();
        let text = message.words();
        thread.says(What::App(message), now);
        state.last_mids.insert(account.clone(), mid.clone());
        state.sent.push(Sent { page: page.id, recipient: recipient.clone(), text });
        self.echo(&state, object, &account, &recipient, &echoed(&part("message"), &mid), now);
        Ok(json!({ "recipient_id": recipient, "message_id": mid }))
    }

    /// Tells the app of its own message, where it listens to that.
    fn echo(&self, state: &State, object: &'static str, account: &str, recipient: &str, message: &Value, now: i64) {
        let app_id = self.app.app_id.parse().ok();
        let mut echo = Update::of(object, account, recipient, &Happening::Echo { text: String::new(), app_id }, now);
        for (name, value) in message.as_object().into_iter().flatten() {
            echo.element["message"][name] = value.clone();
        }
        if !self.app.is_reachable || state.why_silent(&echo).is_some() {
            return;
        }
        let delivery = Delivery::of(&payload(object, &[echo], now), &self.app.app_secret);
        deliver(state.told.clone(), "The app's own message, as an echo".to_owned(), self.app.origin(), delivery.request());
    }
}

/// What a call asks for.
enum Wanted {
    Message(Message),
    Action(Action),
}

/// A sign of life.
#[derive(Clone, Copy)]
pub(super) enum Action {
    Typing,
    NotTyping,
    Seen,
}

impl Wanted {
    fn read(request: &RecordedRequest, message: &Value, object: &str) -> Result<Self, GraphError> {
        if let Some(action) = request.field("sender_action") {
            if !message.is_null() {
                return Err(GraphError::new(100, "(#100) Param sender_action goes with the recipient alone"));
            }
            return Ok(Self::Action(match &*action {
                "typing_on" => Action::Typing,
                "typing_off" => Action::NotTyping,
                "mark_seen" => Action::Seen,
                _ => return Err(GraphError::new(100, "(#100) Param sender_action must be one of {typing_on, typing_off, mark_seen}")),
            }));
        }
        // Instagram's examples go without.
        let kind = request.field("messaging_type").or_else(|| (object == "instagram").then(|| "RESPONSE".to_owned()));
        if !kind.is_some_and(|kind| TYPES.contains(&&*kind)) {
            return Err(GraphError::new(100, "(#100) Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}"));
        }
        Message::read(message, object).map(Self::Message)
    }
}

impl State {
    /// The account of a Page that a customer has an id for, and has written to.
    fn addressed(&self, page: &Page, customer: &str) -> Option<(&'static str, String)> {
        let of_instagram = page.instagram.iter().map(|(id, _)| ("instagram", id));
        let mut accounts = [("page", &page.id)].into_iter().chain(of_instagram);
        let (object, account) = accounts.find(|(_, account)| self.has_heard(account, customer))?;
        Some((object, account.clone()))
    }

    /// Whether a customer may be sent something now. The subcodes are what others met
    /// (davidchua/pymessenger#93, microsoft/botframework-sdk#4556).
    fn may_send(&mut self, object: &str, page: &str, account: &str, customer: &str, now: i64) -> Result<(), GraphError> {
        if object == "page" && self.held_by_others.contains(page) {
            let message = "(#10) Message failed to send because another app is controlling this thread now.";
            return Err(GraphError::new(10, message).with_subcode(2_018_300));
        }
        let thread = self.thread(account, customer);
        if thread.is_blocked {
            return Err(GraphError::new(551, "(#551) This person isn't available right now.").with_subcode(1_545_041));
        }
        if thread.heard_at.is_none_or(|heard_at| now - heard_at > WINDOW_MILLIS) {
            return Err(GraphError::new(10, "(#10) This message is sent outside of allowed window.").with_subcode(2_018_278));
        }
        Ok(())
    }
}

/// What an echo tells of a message; what was offered to answer with is not among it.
fn echoed(message: &Value, mid: &str) -> Value {
    match &message["attachment"] {
        Value::Null => json!({ "mid": mid, "text": message["text"] }),
        attachment => json!({ "mid": mid, "text": null, "attachments": [attachment] }),
    }
}
