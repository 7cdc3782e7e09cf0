//! Codes and tokens: the token endpoint, what a token still is, and its inspection.

use axum::http::header::AUTHORIZATION;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::GraphError;
use super::graph::{Facebook, State};
use super::people::Pages;
use super::proof;
use crate::provider::{RecordedRequest, lock};

/// About two hours, and the documented figure for long-lived ones (Facebook Login, get long-lived).
const SHORT_SECONDS: i64 = 7200;
pub(super) const LONG_SECONDS: i64 = 5_183_944;
/// Data access ends 90 days after the person's last activity (Facebook Login, auth vs. data).
pub(super) const DATA_ACCESS_SECONDS: i64 = 90 * 86_400;
/// A code's lifetime is not documented; RFC 6749 4.1.2 recommends ten minutes at most.
const CODE_SECONDS: i64 = 600;
/// The app that foreign tokens belong to.
pub(super) const FOREIGN_APP: &str = "999999999999999";

/// A code that was sent to a redirect URI.
pub(super) struct Code {
    pub(super) value: String,
    pub(super) person: String,
    pub(super) redirect_uri: String,
    /// PKCE challenge and method.
    pub(super) challenge: Option<(String, String)>,
    pub(super) foreign: bool,
    pub(super) issued_at: i64,
    pub(super) used: bool,
}

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    User,
    SystemUser,
    Page(String),
}

/// An access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) value: String,
    pub(super) kind: Kind,
    pub(super) person: String,
    app_id: String,
    issued_at: i64,
    /// `None`: never.
    pub(super) expires_at: Option<i64>,
    data_access_expires_at: i64,
    /// Set by [`State::end_sessions`].
    password_changed: bool,
    pub(super) long_lived: bool,
}

impl Token {
    /// The same, issued so many seconds later.
    pub(super) fn issued_later(self, seconds: i64) -> Self {
        Self {
            issued_at: self.issued_at + seconds,
            expires_at: self.expires_at.map(|at| at + seconds),
            data_access_expires_at: self.data_access_expires_at + seconds,
            ..self
        }
    }

    /// A system user has an id of its own.
    pub(super) fn user_id(&self) -> String {
        if self.kind == Kind::SystemUser { format!("9{}", self.person) } else { self.person.clone() }
    }
}

/// Who calls.
pub(super) enum Caller {
    App,
    Holder(Token),
}

impl State {
    /// Why a token is dead, if it is.
    pub(super) fn check(&self, token: &Token, now: i64) -> Result<(), GraphError> {
        let dead = |subcode| Err(GraphError::dead_token(Some(subcode)));
        if let Some(subcode) = self.killed.get(&token.value) {
            return Err(GraphError::dead_token(*subcode));
        }
        if token.password_changed {
            return dead(460);
        }
        if token.expires_at.is_some_and(|at| now >= at) {
            return dead(463);
        }
        let Some(grant) = self.grants.get(&token.person) else {
            return dead(458);
        };
        let Kind::Page(page) = &token.kind else {
            return Ok(());
        };
        if self.pages.get(page).is_none_or(|page| page.tasks_of(&token.person).is_empty()) {
            return dead(492);
        }
        // A Page token dies when its Page or the permission is unticked in a later dialog.
        if !grant.covers("pages_show_list", page) {
            return Err(GraphError::dead_token(None));
        }
        Ok(())
    }

    /// Ends every token of a person, as a changed password does.
    pub(super) fn end_sessions(&mut self, person: &str) {
        self.tokens.iter_mut().filter(|token| token.person == person).for_each(|token| token.password_changed = true);
    }
}

impl Facebook {
    /// `oauth/access_token`: GET as documented, POST with a form or JSON works as well.
    pub(super) fn access_token(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let field = |name: &str| request.field(name).unwrap_or_default();
        if field("client_id") != self.app.app_id {
            return Err(GraphError::new(101, "Error validating application. Invalid application ID."));
        }
        if field("client_secret") != self.app.app_secret {
            return Err(GraphError::new(1, "Error validating client secret."));
        }
        match &*field("grant_type") {
            "fb_exchange_token" => self.extend(&field("fb_exchange_token")),
            "" | "authorization_code" => self.exchange(&field("code"), &field("redirect_uri"), &field("code_verifier")),
            other => Err(GraphError::new(100, format!("Unsupported grant_type: {other}"))),
        }
    }

    fn exchange(&self, value: &str, redirect_uri: &str, verifier: &str) -> Result<Value, GraphError> {
        let now = self.provider.now();
        let mut state = lock(&self.state);
        let code = state.codes.iter_mut().find(|code| code.value == value);
        let code = code.ok_or_else(|| GraphError::new(100, "Invalid verification code format."))?;
        if code.used {
            return Err(GraphError::new(100, "This authorization code has been used.").with_subcode(36009));
        }
        if now >= code.issued_at + CODE_SECONDS {
            return Err(GraphError::new(100, "This authorization code has expired.").with_subcode(36007));
        }
        if code.redirect_uri != redirect_uri {
            let message = "Error validating verification code. Please make sure your redirect_uri is identical to the \
                           one you used in the OAuth dialog request";
            return Err(GraphError::new(100, message).with_subcode(36008));
        }
        // Facebook documents PKCE for its OIDC flow only; whether it enforces it elsewhere is unknown. It does here.
        if let Some((challenge, method)) = &code.challenge
            && !proof::verifier_fits(verifier, challenge, method)
        {
            return Err(GraphError::new(100, "Invalid code_verifier parameter."));
        }
        code.used = true;
        let (person, foreign) = (code.person.clone(), code.foreign);
        // A system user's token doesn't expire by default (Facebook Login for Business).
        let (kind, lifetime) = if self.app.config_id.is_some() { (Kind::SystemUser, None) } else { (Kind::User, Some(SHORT_SECONDS)) };
        let token = self.issue(&mut state, &person, kind, lifetime, foreign);
        Ok(token_reply(&token, lifetime))
    }

    fn extend(&self, value: &str) -> Result<Value, GraphError> {
        let mut state = lock(&self.state);
        let token = state.tokens.iter().find(|token| token.value == value).cloned();
        let token = token.ok_or_else(unreadable)?;
        // An expired token can't be exchanged; a long-lived one can, for another sixty days.
        state.check(&token, self.provider.now())?;
        if token.kind != Kind::User {
            return Err(GraphError::new(100, "Only user access tokens can be exchanged."));
        }
        let foreign = token.app_id == FOREIGN_APP;
        let long = self.issue(&mut state, &token.person, Kind::User, Some(LONG_SECONDS), foreign);
        Ok(token_reply(&long, Some(LONG_SECONDS)))
    }

    fn issue(&self, state: &mut State, person: &str, kind: Kind, lifetime: Option<i64>, foreign: bool) -> Token {
        let now = self.provider.now();
        let token = Token {
            value: self.provider.issue("EAA"),
            kind,
            person: person.to_owned(),
            app_id: if foreign { FOREIGN_APP.to_owned() } else { self.app.app_id.clone() },
            issued_at: now,
            expires_at: lifetime.map(|seconds| now + seconds),
            data_access_expires_at: now + DATA_ACCESS_SECONDS,
            password_changed: false,
            long_lived: lifetime.is_none_or(|seconds| seconds > SHORT_SECONDS),
        };
        state.tokens.push(token.clone());
        token
    }

    /// The Page's token that a person's token yields: without expiry only from a long-lived one, the same at each call.
    pub(super) fn page_token(&self, state: &mut State, holder: &Token, page: &str) -> String {
        let kind = Kind::Page(page.to_owned());
        let same = state.tokens.iter().find(|token| {
            token.kind == kind
                && token.person == holder.person
                && token.long_lived == holder.long_lived
                && !token.password_changed
                && !state.killed.contains_key(&token.value)
                && token.expires_at.is_none_or(|at| self.provider.now() < at)
        });
        if let Some(token) = same {
            return token.value.clone();
        }
        let lifetime = holder.expires_at.filter(|_| !holder.long_lived).map(|at| at - self.provider.now());
        self.issue(state, &holder.person, kind, lifetime, false).value
    }

    /// Who calls, by `Authorization: Bearer` or `access_token`. A holder's call has to carry the proof of its token.
    pub(super) fn caller(&self, request: &RecordedRequest) -> Result<Caller, GraphError> {
        let value = presented(request)?;
        if value == format!("{}|{}", self.app.app_id, self.app.app_secret) {
            return Ok(Caller::App);
        }
        let now = self.provider.now();
        let state = lock(&self.state);
        let token = state.tokens.iter().find(|token| token.value == value).cloned().ok_or_else(unreadable)?;
        proof::check(request, &value, &self.app.app_secret, self.app.require_proof, now)?;
        state.check(&token, now)?;
        Ok(Caller::Holder(token))
    }

    /// `debug_token`, with the app's token.
    pub(super) fn debug_token(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        if !matches!(self.caller(request)?, Caller::App) {
            return Err(GraphError::new(100, "(#100) You must provide an app access token"));
        }
        let input = request.field("input_token").unwrap_or_default();
        let state = lock(&self.state);
        let Some(token) = state.tokens.iter().find(|token| token.value == input) else {
            let error = unreadable();
            let data = json!({"error": {"code": error.code, "message": error.message}, "is_valid": false, "scopes": []});
            return Ok(json!({"data": data}));
        };
        if token.app_id != self.app.app_id {
            let message = "(#100) The App_id in the input_token did not match the Viewing App";
            return Err(GraphError::new(100, message));
        }
        let data = self.inspect(&state, token);
        Ok(json!({"data": data}))
    }

    fn inspect(&self, state: &State, token: &Token) -> Value {
        let granted: Vec<_> = state.grants.get(&token.person).map_or_else(Vec::new, |grant| grant.granted.iter().cloned().collect());
        let grant = state.grants.get(&token.person);
        let granular = |permission: &&String| match grant {
            // Of these the targets are Instagram accounts.
            Some(grant) if permission.starts_with("instagram_") && grant.pages != Pages::AllAndFuture => {
                let pages = grant.targets(permission);
                let of = |page: &String| state.pages.get(page)?.instagram.as_ref().map(|(id, _)| id.clone());
                json!({"scope": permission, "target_ids": pages.into_iter().filter_map(of).collect::<Vec<_>>()})
            }
            // No targets: granted for all.
            Some(grant) if permission.starts_with("pages_") && grant.pages != Pages::AllAndFuture => {
                json!({"scope": permission, "target_ids": grant.targets(permission)})
            }
            _ => json!({"scope": permission}),
        };
        let has_targets = |permission: &&String| ["pages_", "business_", "instagram_"].iter().any(|of| permission.starts_with(of));
        let granular: Vec<_> = granted.iter().filter(has_targets).map(|permission| granular(&permission)).collect();
        let mut data = json!({
            // A number in the documentation, text in practice.
            "app_id": token.app_id, "application": self.app.name,
            "type": match token.kind { Kind::User => "USER", Kind::SystemUser => "SYSTEM_USER", Kind::Page(_) => "PAGE" },
            "is_valid": true, "issued_at": token.issued_at, "expires_at": token.expires_at.unwrap_or(0),
            "data_access_expires_at": token.data_access_expires_at, "user_id": token.user_id(),
            "scopes": granted, "granular_scopes": granular,
        });
        if let Kind::Page(page) = &token.kind {
            data["profile_id"] = json!(page);
        }
        if let Err(error) = state.check(token, self.provider.now()) {
            data["is_valid"] = json!(false);
            data["error"] = json!({"code": error.code, "subcode": error.subcode, "message": error.message});
        }
        data
    }
}

/// The token that a call comes with.
pub(super) fn presented(request: &RecordedRequest) -> Result<String, GraphError> {
    let bearer = request.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    let value = bearer.map(str::to_owned).or_else(|| request.field("access_token"));
    value.ok_or_else(|| GraphError::new(104, "An access token is required to request this resource."))
}

fn token_reply(token: &Token, lifetime: Option<i64>) -> Value {
    let mut reply = json!({"access_token": token.value, "token_type": "bearer"});
    if let Some(seconds) = lifetime {
        reply["expires_in"] = json!(seconds);
    }
    reply
}

/// What is no token.
pub(super) fn unreadable() -> GraphError {
    GraphError::new(190, "Invalid OAuth access token - Cannot parse access token")
}
