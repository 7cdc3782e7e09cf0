//! Webhook subscriptions, which fire only where a field is subscribed to on both levels: the Page's (Graph API reference, Page, Subscribed Apps)
//! and the app's (Graph API reference, Application, Subscriptions).

use axum::http::Method;
use serde_json::{Value, json};

use super::error::GraphError;
use super::graph::{Facebook, State};
use super::tokens::{Caller, Kind};
use super::whatsapp::OBJECT;
use super::{LocalFacebook, Quirk};
use crate::provider::{RecordedRequest, lock};

/// One of these is enough for a Page to be subscribed.
const TASKS_TO_SUBSCRIBE: &[&str] = &["CREATE_CONTENT", "MANAGE", "MODERATE"];

/// The fields there are (facebook-python-business-sdk, `page.py`).
const FIELDS: &[&str] = &[
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "standby",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
    "message_edits",
    "messaging_policy_enforcement",
    "messaging_feedback",
    "feed",
];

/// The fields of the object `instagram` (Instagram messaging, webhooks), each with the Page's field
/// that tells the same. Echoes have no field of their own: they come with the messages.
const INSTAGRAM_FIELDS: &[(&str, &str)] = &[
    ("messages", "messages"),
    ("messaging_postbacks", "messaging_postbacks"),
    ("messaging_seen", "message_reads"),
    ("message_reactions", "message_reactions"),
    ("messaging_referral", "messaging_referrals"),
    ("standby", "standby"),
];

impl LocalFacebook {
    /// Sets the webhook fields that the app as a whole listens to on Pages, and on Instagram by the
    /// names that they have there; none: it has no subscription to them.
    pub fn set_app_fields(&self, fields: Option<&[&str]>) {
        lock(&self.facebook.state).listen_to(fields);
    }

    /// Sets those of one object alone, `page` or `instagram`.
    pub fn set_app_fields_of(&self, object: &'static str, fields: Option<&[&str]>) {
        lock(&self.facebook.state).listen_to_object(object, fields);
    }

    /// Lets somebody else change what the app is subscribed to at a Page.
    pub fn set_subscribed_fields(&self, page: &str, fields: &[&str]) {
        lock(&self.facebook.state).subscriptions.insert(page.to_owned(), fields.iter().map(|&field| field.to_owned()).collect());
    }

    /// The webhook fields the app is subscribed to at a Page.
    #[must_use]
    pub fn subscribed_fields(&self, page: &str) -> Vec<String> {
        lock(&self.facebook.state).subscriptions.get(page).cloned().unwrap_or_default()
    }
}

impl State {
    /// Lets the app listen to these fields of Pages, and to those of Instagram that tell the same.
    pub(super) fn listen_to(&mut self, fields: Option<&[&str]>) {
        self.listen_to_object("page", fields);
        let of_instagram = fields.map(|fields| {
            let told = INSTAGRAM_FIELDS.iter().filter(|(_, of_page)| fields.contains(of_page));
            told.map(|(name, _)| *name).collect::<Vec<_>>()
        });
        self.listen_to_object("instagram", of_instagram.as_deref());
    }

    pub(super) fn listen_to_object(&mut self, object: &'static str, fields: Option<&[&str]>) {
        match fields {
            Some(fields) => self.app_fields.insert(object, fields.iter().map(|&field| field.to_owned()).collect()),
            None => self.app_fields.remove(object),
        };
    }
}

impl Facebook {
    /// `{page-id}/subscribed_apps`: GET lists, POST replaces the fields, DELETE removes.
    pub(super) fn subscribed_apps(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.holder(request)?;
        let mut state = lock(&self.state);
        let page = state.page_for(id, &holder)?;
        if holder.kind != Kind::Page(page.id.clone()) {
            return Err(GraphError::new(210, "(#210) A page access token is required to request this resource."));
        }
        let grant = state.grants.get(&holder.person).cloned().unwrap_or_default();
        if !grant.covers("pages_manage_metadata", &page.id) {
            return Err(GraphError::forbidden("pages_manage_metadata permission"));
        }
        if request.method == Method::GET {
            let app = |fields: &Vec<String>| json!({"id": self.app.app_id, "name": self.app.name, "subscribed_fields": fields});
            // Other apps of the Page are nobody's business here, but stand in the list.
            let other = json!({"id": "999999999999999", "name": "Another app", "subscribed_fields": ["messages"]});
            let data: Vec<_> = [other].into_iter().chain(state.subscriptions.get(&page.id).map(app)).collect();
            return Ok(json!({"data": data}));
        }
        if !page.has_any_task(&holder.person, TASKS_TO_SUBSCRIBE) {
            return Err(GraphError::forbidden("one of the tasks CREATE_CONTENT, MANAGE, MODERATE"));
        }
        if request.method == Method::DELETE {
            state.subscriptions.remove(&page.id);
            return Ok(json!({"success": true}));
        }
        let fields = request.field("subscribed_fields").unwrap_or_default();
        // A list is JSON, as Meta's SDKs write it, or texts with commas between them, as its documentation does.
        let fields: Vec<String> = serde_json::from_str(&fields)
            .unwrap_or_else(|_| fields.split(',').map(str::trim).filter(|field| !field.is_empty()).map(str::to_owned).collect());
        if fields.is_empty() {
            return Err(GraphError::new(100, "(#100) The parameter subscribed_fields is required"));
        }
        if let Some(unknown) = fields.iter().find(|field| !FIELDS.contains(&field.as_str())) {
            return Err(GraphError::new(100, format!("(#100) Param subscribed_fields has an unknown field: {unknown}")));
        }
        if fields.iter().any(|field| field.starts_with("messag")) && !grant.covers("pages_messaging", &page.id) {
            return Err(GraphError::forbidden("pages_messaging permission"));
        }
        if !state.quirks.contains(&Quirk::SubscriptionNotKept(page.id.clone())) {
            state.subscriptions.insert(page.id, fields);
        }
        Ok(json!({"success": true}))
    }

    /// `{app-id}/subscriptions`, with the app's token.
    pub(super) fn app_subscriptions(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        if !matches!(self.caller(request)?, Caller::App) || id != self.app.app_id {
            return Err(GraphError::new(15, "(#15) This method must be called with an app access_token."));
        }
        let is_of_other = |object: &str| object == OBJECT && self.app.whatsapp.as_ref().is_some_and(|app| app.app_id != id);
        let fields = lock(&self.state).app_fields.clone();
        let own = fields.iter().filter(|(object, _)| !is_of_other(object));
        let of_bot = own.map(|(object, fields)| Self::app_subscription(object, fields));
        let other = Self::app_subscription("user", &["messages".to_owned()]);
        Ok(json!({"data": of_bot.chain([other]).collect::<Vec<_>>()}))
    }

    /// An entry of that list.
    pub(super) fn app_subscription(object: &str, fields: &[String]) -> Value {
        let fields: Vec<_> = fields.iter().map(|field| json!({"name": field, "version": "v26.0"})).collect();
        json!({"object": object, "callback_url": "https://bot.example/webhook", "active": true, "fields": fields})
    }
}
