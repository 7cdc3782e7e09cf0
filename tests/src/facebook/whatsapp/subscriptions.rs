//! Which accounts' webhooks the app hears (WhatsApp Business Account API, subscribed apps), and
//! what it listens to as a whole.

use axum::http::Method;
use serde_json::{Value, json};

use super::nodes::{MANAGING, READING};
use super::{LocalFacebook, WhatsAppQuirk};
use crate::facebook::error::GraphError;
use crate::facebook::graph::Facebook;
use crate::provider::{RecordedRequest, lock};

/// The object of the app's subscription.
pub(in crate::facebook) const OBJECT: &str = "whatsapp_business_account";

impl LocalFacebook {
    /// Whether the app is subscribed to an account.
    #[must_use]
    pub fn is_subscribed(&self, account: &str) -> bool {
        lock(&self.facebook.state).whatsapp.lasting.subscriptions.contains_key(account)
    }

    /// Loses the app's subscription to an account.
    pub fn lose_subscription(&self, account: &str) {
        lock(&self.facebook.state).whatsapp.lasting.subscriptions.remove(account);
    }
}

impl Facebook {
    /// `{waba-id}/subscribed_apps`: GET lists, POST subscribes to all fields, DELETE removes.
    pub(super) fn whatsapp_subscribed_apps(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        let (app, holder) = (self.whatsapp_app()?, self.whatsapp_holder(request)?);
        let is_reading = request.method == Method::GET;
        let mut state = lock(&self.state);
        let account = state.account_for(id, &holder, if is_reading { READING } else { MANAGING })?;
        let is_kept = !state.whatsapp.quirks.contains(&WhatsAppQuirk::SubscriptionNotKept(account.id.clone()));
        let subscriptions = &mut state.whatsapp.lasting.subscriptions;
        if is_reading {
            let entry = |id: &str, name: &str| {
                let link = format!("https://www.facebook.com/games/?app_id={id}");
                json!({ "whatsapp_business_api_data": { "id": id, "link": link, "name": name } })
            };
            // Other apps of the account are nobody's business here, but stand in the list.
            let mut data = vec![entry("999999999999999", "Another app")];
            if let Some(elsewhere) = subscriptions.get(&account.id) {
                let mut own = entry(&app.app_id, &self.app.name);
                if let Some(elsewhere) = elsewhere {
                    own["override_callback_uri"] = json!(elsewhere);
                }
                data.push(own);
            }
            return Ok(json!({ "data": data }));
        }
        if request.method == Method::DELETE {
            subscriptions.remove(&account.id);
            return Ok(json!({ "success": true }));
        }
        let elsewhere = request.field("override_callback_uri");
        if elsewhere.is_some() && !subscriptions.contains_key(&account.id) {
            // Seen by chatwoot/chatwoot#12488.
            let message = "(#100) Before override the current callback uri, your app must be subscribed to receive messages";
            return Err(GraphError::new(100, message));
        }
        if is_kept {
            subscriptions.insert(account.id, elsewhere);
        }
        Ok(json!({ "success": true }))
    }

    /// `{app-id}/subscriptions` of an app that is WhatsApp's alone.
    pub(super) fn whatsapp_app_subscriptions(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        if !self.is_whatsapp_app(request)? {
            return Err(GraphError::new(15, "(#15) This method must be called with an app access_token."));
        }
        let fields = lock(&self.state).app_fields.clone();
        let own = fields.iter().filter(|(object, _)| **object == OBJECT);
        let listed = own.map(|(object, fields)| Self::app_subscription(object, fields));
        Ok(json!({ "data": listed.collect::<Vec<_>>() }))
    }
}
