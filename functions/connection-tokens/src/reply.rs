//! What the bot is told. The only place of this service where tokens leave it, and only through the AWS API.

use serde_json::{Map, Value, json};
use shared::{
    providers::shopify,
    store::{
        events::rfc3339,
        tokens::{PageTokens, Status, StoreTokens},
    },
};

/// A token that another client id was issued to is never tried, and never given out.
const ANOTHER_APP: &str = "another_app";

/// A store as it is to be told.
pub(crate) struct Given {
    /// The record.
    pub(crate) store: StoreTokens,
    /// Why there is no token at this moment, though the link is as good as before.
    pub(crate) trouble: Option<String>,
}

/// The reply of the contract.
pub(crate) fn tokens(given: &Given, pages: &[PageTokens], app: &shopify::App, facebook_app_id: &str) -> Value {
    let store = &given.store;
    let login_url = format!("{}/shopify/{}/login", app.redirect_uri.origin(), store.shop);
    json!({
        "user_uuid": store.user_uuid.to_string(),
        "shops": [shop(given, &app.api_key, &login_url)],
        "pages": pages.iter().map(|entry| page(store, entry, facebook_app_id, &login_url)).collect::<Vec<_>>(),
    })
}

fn shop(given: &Given, api_key: &str, login_url: &str) -> Value {
    let store = &given.store;
    let expires_at = store.access_expires_at.map(rfc3339);
    let mut entry = json!({ "shop": store.shop, "scope": store.scopes, "expires_at": expires_at });
    let status = match store.status {
        Status::Active if store.app_id != api_key => Status::ReconnectNeeded,
        Status::Erasing => Status::Uninstalled,
        status => status,
    };
    let reason = if store.status == Status::Active { Some(ANOTHER_APP) } else { store.reason.as_deref() };
    if let Some(entry) = entry.as_object_mut() {
        match (status, &given.trouble) {
            (Status::Active, None) => insert(entry, "access_token", store.access_token.as_ref().map(shared::Secret::expose)),
            (Status::Active, Some(trouble)) => {
                insert(entry, "access_token", Value::Null);
                insert(entry, "reason", trouble.as_str());
            }
            _ => without_token(entry, status, reason, login_url),
        }
        insert(entry, "status", status.as_str());
    }
    entry
}

fn page(store: &StoreTokens, page: &PageTokens, facebook_app_id: &str, login_url: &str) -> Value {
    let mut entry = json!({ "page_id": page.id, "name": page.name, "expires_at": null });
    // While a store is uninstalled, or not known to be the same shop as before, its Pages yield nothing.
    let held_back = store.unconfirmed || matches!(store.status, Status::Uninstalled | Status::Erasing);
    let status = match page.status {
        _ if held_back => Status::Uninstalled,
        Status::Active if page.app_id != facebook_app_id => Status::ReconnectNeeded,
        status => status,
    };
    let reason = if page.status == Status::Active { Some(ANOTHER_APP) } else { page.reason.as_deref() };
    if let Some(entry) = entry.as_object_mut() {
        if status == Status::Active {
            insert(entry, "access_token", page.access_token.as_ref().map(shared::Secret::expose));
        } else {
            without_token(entry, status, reason, login_url);
        }
        insert(entry, "messaging_ready", status == Status::Active && page.messaging_ready);
        insert(entry, "status", status.as_str());
    }
    entry
}

/// Why there is no token, and where the merchant gives another.
fn without_token(entry: &mut Map<String, Value>, status: Status, reason: Option<&str>, login_url: &str) {
    if status == Status::ReconnectNeeded {
        insert(entry, "reason", reason.unwrap_or("unknown"));
        insert(entry, "login_url", login_url);
    }
}

fn insert(entry: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    entry.insert(name.to_owned(), value.into());
}
