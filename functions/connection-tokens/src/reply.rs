//! The reply to the bot. The only place where tokens leave this service, and only through the AWS
//! API.

use serde_json::{Map, Value, json};
use shared::{
    Secret,
    clock::rfc3339,
    facts::Unready,
    platform::{Companion, Platforms},
    providers::{credentials::AppCredentials, shopify},
    store::records::{Account, OpenShop, Status},
};

/// An account with its token, if that may be handed out.
type OpenAccount = Account<Option<Secret>>;

/// A store for the reply.
pub(crate) struct Given {
    /// The record.
    pub(crate) store: OpenShop,
    /// Why there is currently no token, although the link is still good.
    pub(crate) trouble: Option<String>,
}

/// Our apps.
pub(crate) struct Apps<'a> {
    /// At Shopify.
    pub(crate) shopify: &'a shopify::App,
    /// At the platforms for accounts.
    pub(crate) others: &'a [AppCredentials],
}

/// The reply defined by the contract.
pub(crate) fn tokens(given: &Given, accounts: &[OpenAccount], apps: &Apps<'_>, platforms: Platforms) -> Value {
    let store = &given.store;
    let login_url = format!("{}/shopify/{}/login", apps.shopify.redirect_uri.origin(), store.shop);
    let lists = platforms.accounts().map(|kind| {
        let of_kind = accounts.iter().filter(|account| account.id.kind() == kind);
        (kind.list.to_owned(), of_kind.map(|entry| account(store, entry, apps, &login_url)).collect())
    });
    let mut reply = json!({
        "user_uuid": store.user_uuid.to_string(),
        "shops": [shop(given, &apps.shopify.api_key, &login_url)],
    });
    if let Some(reply) = reply.as_object_mut() {
        reply.extend(lists);
    }
    reply
}

fn shop(given: &Given, api_key: &str, login_url: &str) -> Value {
    let store = &given.store;
    let expires_at = store.access_expires_at.map(rfc3339);
    let mut entry = json!({ "shop": store.shop, "scope": store.scopes, "expires_at": expires_at });
    let (status, reason) = store.worth(api_key);
    if let Some(entry) = entry.as_object_mut() {
        match (status, &given.trouble) {
            (Status::Active, None) => insert(entry, "access_token", store.access_token.as_ref().map(Secret::expose)),
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

fn account(store: &OpenShop, account: &OpenAccount, apps: &Apps<'_>, login_url: &str) -> Value {
    let kind = account.id.kind();
    let app = apps.others.iter().find(|app| app.platform == kind.platform);
    let (status, reason) = account.worth(store, app.map(|app| app.id.as_str()));
    let active = status == Status::Active;
    let mut entry = json!({
        kind.id: account.id.as_str(),
        "name": account.name,
        "status": status.as_str(),
        "expires_at": account.expires_at.map(rfc3339),
        "messaging_ready": active && account.messaging().is_ok(),
        // For an account without a token the status says why.
        "messaging_reason": account.messaging().err().filter(|_| active).map(Unready::as_str),
    });
    if let Some(entry) = entry.as_object_mut() {
        if let Some(display) = kind.display {
            insert(entry, display, account.display.as_deref());
        }
        if kind.conversation_routing.is_some() {
            insert(entry, "thread_routing", account.thread_routing);
        }
        if let Some(companion) = kind.companion {
            insert(entry, companion.entry, account.companion.as_ref().map(Companion::entry));
        }
        match &account.access_token {
            Some(token) if active => {
                insert(entry, "access_token", token.expose());
                insert(entry, "appsecret_proof", app.map(|app| app.proof(token)));
            }
            _ if active => insert(entry, "access_token", Value::Null),
            _ => without_token(entry, status, reason, login_url),
        }
    }
    entry
}

/// Why there is no token, and where the merchant can provide a new one.
fn without_token(entry: &mut Map<String, Value>, status: Status, reason: Option<&str>, login_url: &str) {
    if status == Status::ReconnectNeeded {
        insert(entry, "reason", reason.unwrap_or("unknown"));
        insert(entry, "login_url", login_url);
    }
}

fn insert(entry: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    entry.insert(name.to_owned(), value.into());
}
