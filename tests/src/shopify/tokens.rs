//! The token endpoint: codes, access tokens, refresh tokens, and how they replace one another.

use axum::http::header::ACCEPT;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::scopes;
use super::{Shopify, State};
use crate::provider::{RecordedRequest, Reply, lock};

/// Lifetimes as in the documented replies (shopify.dev, offline access tokens).
const ACCESS_TOKEN_SECONDS: i64 = 3600;
const REFRESH_TOKEN_SECONDS: i64 = 7_776_000;
const ONLINE_TOKEN_SECONDS: i64 = 86_399;
/// How long a refresh token that was used goes on working while its successor is unused (changelog of 2026-08-28).
const AFTER_FIRST_USE_SECONDS: i64 = 30 * 86_400;
/// How long the reply to a migration can be had again (changelog of 2026-09-29).
const MIGRATION_AGAIN_SECONDS: i64 = 7 * 86_400;

const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const OFFLINE_TOKEN: &str = "urn:shopify:params:oauth:token-type:offline-access-token";

/// A code that was sent to a redirect URI.
pub(super) struct Code {
    pub(super) value: String,
    pub(super) shop: String,
    pub(super) scopes: Vec<String>,
    pub(super) online: bool,
    pub(super) used: bool,
}

/// A token for the Admin API.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct AccessToken {
    pub(super) value: String,
    pub(super) shop: String,
    pub(super) scopes: Vec<String>,
    /// `None`: never.
    pub(super) expires_at: Option<i64>,
    #[serde(skip)]
    migrated: Option<Migration>,
}

/// What an old token became, kept for a reply that was lost.
#[derive(Clone)]
struct Migration {
    at: i64,
    reply: serde_json::Value,
}

impl AccessToken {
    /// The same, issued so many seconds later.
    pub(super) fn issued_later(self, seconds: i64) -> Self {
        Self { expires_at: self.expires_at.map(|at| at + seconds), ..self }
    }

    pub(super) fn lives(&self, now: i64) -> bool {
        self.migrated.is_none() && self.expires_at.is_none_or(|at| now < at)
    }
}

/// A refresh token. They are kept in the order of issue.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct RefreshToken {
    value: String,
    shop: String,
    scopes: Vec<String>,
    expires_at: i64,
    first_used_at: Option<i64>,
}

impl RefreshToken {
    /// The same, issued so many seconds later.
    pub(super) fn issued_later(self, seconds: i64) -> Self {
        Self { expires_at: self.expires_at + seconds, first_used_at: self.first_used_at.map(|at| at + seconds), ..self }
    }

    fn lives(&self, now: i64) -> bool {
        now < self.expires_at && self.first_used_at.is_none_or(|at| now < at + AFTER_FIRST_USE_SECONDS)
    }
}

impl State {
    /// Ends everything that was issued for a shop, as an uninstall does.
    pub(super) fn revoke(&mut self, shop: &str) {
        self.access_tokens.retain(|token| token.shop != shop);
        self.refresh_tokens.retain(|token| token.shop != shop);
        self.codes.retain(|code| code.shop != shop);
    }

    /// Whether the merchant has granted all of these already: some token of the store still says so.
    pub(super) fn has_granted(&self, shop: &str, wanted: &[String]) -> bool {
        let by_access = self.access_tokens.iter().filter(|token| token.shop == shop).map(|token| &token.scopes);
        let by_refresh = self.refresh_tokens.iter().filter(|token| token.shop == shop).map(|token| &token.scopes);
        by_access.chain(by_refresh).any(|granted| wanted.iter().all(|scope| scopes::grants(granted, scope)))
    }

    pub(super) fn set_scopes(&mut self, shop: &str, scopes: &str) {
        let scopes: Vec<String> = scopes.split(',').map(str::to_owned).collect();
        self.access_tokens.iter_mut().filter(|token| token.shop == shop).for_each(|token| token.scopes.clone_from(&scopes));
        self.refresh_tokens.iter_mut().filter(|token| token.shop == shop).for_each(|token| token.scopes.clone_from(&scopes));
    }

    pub(super) fn revoke_refresh_tokens(&mut self, shop: &str) {
        self.refresh_tokens.retain(|token| token.shop != shop);
    }

    pub(super) fn never_expires(&mut self, shop: &str) {
        self.revoke_refresh_tokens(shop);
        self.access_tokens.iter_mut().filter(|token| token.shop == shop).for_each(|token| token.expires_at = None);
    }
}

impl Shopify {
    /// `POST /{shop}/admin/oauth/access_token`.
    pub(super) fn access_token(&self, shop: &str, request: &RecordedRequest) -> Reply {
        let field = |name: &str| request.field(name).unwrap_or_default();
        // Without `Accept: application/json` errors are pages.
        let as_json = request.header(ACCEPT.as_str()).is_some_and(|accept| accept.contains("application/json"));
        let refuse = |(status, error, description): Refusal| {
            if as_json {
                return Reply::json(status, &json!({"error": error, "error_description": description}));
            }
            let word = if status == 401 { "unauthorized" } else { "400" };
            Reply::html(
                status,
                format!(
                    "<html><head><title>{word} - Oauth error {error}</title></head><body><div>Oops, something went \
                     wrong.</div><div>Oauth error {error}: {description}</div></body></html>"
                ),
            )
        };
        if field("client_id") != self.app.api_key {
            return refuse((400, "application_cannot_be_found", "The application could not be found"));
        }
        if !lock(&self.state).api_secrets.contains(&field("client_secret")) {
            return refuse((400, "invalid_client", "Client authentication failed"));
        }
        let expiring = matches!(&*field("expiring"), "1" | "true");
        let issued = match &*field("grant_type") {
            "refresh_token" => self.refresh(shop, &field("refresh_token")),
            TOKEN_EXCHANGE
                if field("subject_token_type") == OFFLINE_TOKEN && field("requested_token_type") == OFFLINE_TOKEN && expiring =>
            {
                self.migrate(shop, &field("subject_token"))
            }
            "" | "authorization_code" => self.exchange(shop, &field("code"), expiring),
            _ => Err((400, "invalid_request", "The grant type is not supported")),
        };
        issued.map_or_else(refuse, |body| Reply::json(200, &body))
    }

    fn exchange(&self, shop: &str, code: &str, expiring: bool) -> Result<serde_json::Value, Refusal> {
        let mut state = lock(&self.state);
        // A code works once, and only at the store that it was issued for.
        let known = state.codes.iter_mut().find(|known| known.value == code && known.shop == shop && !known.used);
        let Some(known) = known else {
            return Err((400, "invalid_request", "The authorization code was not found or was already used"));
        };
        known.used = true;
        let (scopes, online) = (known.scopes.clone(), known.online);
        if online {
            return Ok(self.online_token(&mut state, shop, scopes));
        }
        // Another token by code retires every refresh token of this app and store at once (shopify.dev, offline access
        // tokens); access tokens live to their own end.
        state.refresh_tokens.retain(|token| token.shop != shop);
        if expiring {
            return Ok(self.pair(&mut state, shop, scopes));
        }
        let value = self.new_access_token(&mut state, shop, &scopes, None);
        Ok(json!({"access_token": value, "scope": scopes::joined(&scopes)}))
    }

    fn refresh(&self, shop: &str, value: &str) -> Result<serde_json::Value, Refusal> {
        let now = self.provider.now();
        let mut state = lock(&self.state);
        let position = state
            .refresh_tokens
            .iter()
            .position(|token| token.value == value && token.shop == shop && token.lives(now))
            // One answer for unknown, replaced, expired and revoked ones.
            .ok_or((401, "invalid_request", "This request requires an active refresh_token"))?;
        // Using a newer refresh token ends the older ones; using an older one again ends nothing.
        let mut index = 0;
        state.refresh_tokens.retain(|token| {
            index += 1;
            token.shop != shop || index > position
        });
        let token = state.refresh_tokens.iter_mut().find(|token| token.value == value);
        let scopes = token.map_or_else(Vec::new, |token| {
            token.first_used_at.get_or_insert(now);
            token.scopes.clone()
        });
        Ok(self.pair(&mut state, shop, scopes))
    }

    fn migrate(&self, shop: &str, subject: &str) -> Result<serde_json::Value, Refusal> {
        const DEAD: Refusal = (400, "invalid_request", "The subject token is invalid");
        let now = self.provider.now();
        let mut state = lock(&self.state);
        let is_subject = |token: &AccessToken| token.value == subject && token.shop == shop && token.expires_at.is_none();
        let old = state.access_tokens.iter().find(|token| is_subject(token)).cloned().ok_or(DEAD)?;
        if let Some(migration) = old.migrated {
            return if now < migration.at + MIGRATION_AGAIN_SECONDS { Ok(migration.reply) } else { Err(DEAD) };
        }
        let reply = self.pair(&mut state, shop, old.scopes);
        if let Some(token) = state.access_tokens.iter_mut().find(|token| is_subject(token)) {
            token.migrated = Some(Migration { at: now, reply: reply.clone() });
        }
        Ok(reply)
    }

    fn pair(&self, state: &mut State, shop: &str, scopes: Vec<String>) -> serde_json::Value {
        let now = self.provider.now();
        let access_token = self.new_access_token(state, shop, &scopes, Some(now + ACCESS_TOKEN_SECONDS));
        let refresh_token = self.provider.issue("shprt_");
        let scope = scopes::joined(&scopes);
        state.refresh_tokens.push(RefreshToken {
            value: refresh_token.clone(),
            shop: shop.to_owned(),
            scopes,
            expires_at: now + REFRESH_TOKEN_SECONDS,
            first_used_at: None,
        });
        json!({
            "access_token": access_token,
            "expires_in": ACCESS_TOKEN_SECONDS,
            "refresh_token": refresh_token,
            "refresh_token_expires_in": REFRESH_TOKEN_SECONDS,
            "scope": scope,
        })
    }

    fn online_token(&self, state: &mut State, shop: &str, scopes: Vec<String>) -> serde_json::Value {
        let expires_at = self.provider.now() + ONLINE_TOKEN_SECONDS;
        let value = self.new_access_token(state, shop, &scopes, Some(expires_at));
        let scope = scopes::joined(&scopes);
        json!({
            "access_token": value, "scope": scope, "expires_in": ONLINE_TOKEN_SECONDS, "associated_user_scope": scope,
            "associated_user": {
                "id": 902_541_635, "first_name": "Jo", "last_name": "Doe", "email": "jo@example.com",
                "email_verified": true, "account_owner": true, "locale": "en", "collaborator": false,
            },
        })
    }

    fn new_access_token(&self, state: &mut State, shop: &str, scopes: &[String], expires_at: Option<i64>) -> String {
        let value = self.provider.issue("shpat_");
        state.access_tokens.push(AccessToken {
            value: value.clone(),
            shop: shop.to_owned(),
            scopes: scopes.to_vec(),
            expires_at,
            migrated: None,
        });
        value
    }
}

/// Status, error, description.
type Refusal = (u16, &'static str, &'static str);
