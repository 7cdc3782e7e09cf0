//! Codes and tokens of business integration system users: exchange, extension, inspection, end.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{WhatsAppApp, WhatsAppQuirk};
use crate::facebook::error::GraphError;
use crate::facebook::graph::{Facebook, State};
use crate::facebook::proof;
use crate::facebook::tokens::{DATA_ACCESS_SECONDS, FOREIGN_APP, LONG_SECONDS, presented, unreadable};
use crate::provider::{RecordedRequest, lock};

/// Documented for the sign-up by script (WhatsApp, embedded sign-up, implementation); taken to hold
/// for the redirect.
const CODE_SECONDS: i64 = 30;

/// A code that was sent to a redirect URI.
pub(super) struct Code {
    pub(super) value: String,
    pub(super) business: String,
    pub(super) redirect_uri: String,
    pub(super) foreign: bool,
    pub(super) issued_at: i64,
    pub(super) used: bool,
}

/// A token of a portfolio's system user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) value: String,
    pub(super) business: String,
    pub(super) app_id: String,
    pub(super) issued_at: i64,
    /// `None`: never.
    pub(super) expires_at: Option<i64>,
    pub(super) data_access_expires_at: i64,
}

impl Token {
    pub(super) fn issued_later(&mut self, seconds: i64) {
        self.issued_at += seconds;
        self.expires_at = self.expires_at.map(|at| at + seconds);
        self.data_access_expires_at += seconds;
    }

    /// The system user's own id.
    pub(super) fn user_id(&self) -> String {
        format!("9{}", self.business)
    }
}

/// Who calls.
enum Caller {
    App,
    Holder(Token),
}

impl State {
    /// Why a token of WhatsApp's is dead, if it is.
    pub(super) fn check_business(&self, token: &Token, now: i64) -> Result<(), GraphError> {
        if let Some(subcode) = self.killed.get(&token.value) {
            return Err(GraphError::dead_token(*subcode));
        }
        if self.whatsapp.lasting.revoked.contains(&token.value) {
            return Err(GraphError::dead_token(None));
        }
        if token.expires_at.is_some_and(|at| now >= at) {
            return Err(GraphError::dead_token(Some(463)));
        }
        if !self.whatsapp.lasting.grants.contains_key(&token.business) {
            return Err(GraphError::dead_token(Some(458)));
        }
        Ok(())
    }

    /// Whether calls with this token of WhatsApp's would work now.
    pub(in crate::facebook) fn accepts_business(&self, access_token: &str, now: i64) -> bool {
        let mut tokens = self.whatsapp.lasting.tokens.iter();
        tokens.any(|token| token.value == access_token && self.check_business(token, now).is_ok())
    }
}

impl Facebook {
    /// The app of WhatsApp, which every call of WhatsApp's has.
    pub(super) fn whatsapp_app(&self) -> Result<&WhatsAppApp, GraphError> {
        self.app.whatsapp.as_ref().ok_or_else(|| GraphError::new(101, "Error validating application. Invalid application ID."))
    }

    fn whatsapp_credentials(&self, request: &RecordedRequest) -> Result<&WhatsAppApp, GraphError> {
        let (app, field) = (self.whatsapp_app()?, |name: &str| request.field(name).unwrap_or_default());
        if field("client_id") != app.app_id {
            return Err(GraphError::new(101, "Error validating application. Invalid application ID."));
        }
        if field("client_secret") != app.app_secret {
            return Err(GraphError::new(1, "Error validating client secret."));
        }
        Ok(app)
    }

    /// `oauth/access_token` with a code. Only the token of the answer is documented.
    pub(super) fn whatsapp_exchange(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let app = self.whatsapp_credentials(request)?;
        let field = |name: &str| request.field(name).unwrap_or_default();
        let now = self.provider.now();
        let mut state = lock(&self.state);
        let code = state.whatsapp.codes.iter_mut().find(|code| code.value == field("code"));
        let code = code.ok_or_else(|| GraphError::new(100, "Invalid verification code format."))?;
        if code.used {
            return Err(GraphError::new(100, "This authorization code has been used.").with_subcode(36009));
        }
        if now >= code.issued_at + CODE_SECONDS {
            return Err(GraphError::new(100, "This authorization code has expired.").with_subcode(36007));
        }
        if code.redirect_uri != field("redirect_uri") {
            let message = "Error validating verification code. Please make sure your redirect_uri is identical to the \
                           one you used in the OAuth dialog request";
            return Err(GraphError::new(100, message).with_subcode(36008));
        }
        code.used = true;
        let (business, foreign) = (code.business.clone(), code.foreign);
        let app_id = if foreign { FOREIGN_APP } else { &app.app_id };
        let token = self.issue_business(&mut state, &business, app_id, app.token_seconds);
        let mut reply = json!({ "access_token": token });
        if state.whatsapp.quirks.contains(&WhatsAppQuirk::WholeReply) {
            reply["token_type"] = json!("bearer");
            if let Some(seconds) = app.token_seconds {
                reply["expires_in"] = json!(seconds);
            }
        }
        Ok(reply)
    }

    /// The same with `fb_exchange_token` (system users, install apps and generate tokens): the old
    /// one lives on to its end.
    pub(super) fn whatsapp_extend(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let app = self.whatsapp_credentials(request)?;
        let field = |name: &str| request.field(name).unwrap_or_default();
        let mut state = lock(&self.state);
        let token = state.whatsapp.lasting.tokens.iter().find(|token| token.value == field("fb_exchange_token")).cloned();
        let token = token.ok_or_else(unreadable)?;
        state.check_business(&token, self.provider.now())?;
        if field("set_token_expires_in_60_days") != "true" {
            return Err(GraphError::new(100, "(#100) The parameter set_token_expires_in_60_days is required"));
        }
        if token.app_id != app.app_id {
            return Err(GraphError::new(100, "The access token does not belong to application"));
        }
        let long = self.issue_business(&mut state, &token.business, &token.app_id, Some(LONG_SECONDS));
        Ok(json!({ "access_token": long, "token_type": "bearer", "expires_in": LONG_SECONDS }))
    }

    /// A new token of a portfolio's.
    pub(super) fn issue_business(&self, state: &mut State, business: &str, app_id: &str, lifetime: Option<i64>) -> String {
        let now = self.provider.now();
        let value = self.provider.issue("EAA");
        state.whatsapp.lasting.tokens.push(Token {
            value: value.clone(),
            business: business.to_owned(),
            app_id: app_id.to_owned(),
            issued_at: now,
            expires_at: lifetime.map(|seconds| now + seconds),
            data_access_expires_at: now + DATA_ACCESS_SECONDS,
        });
        value
    }

    /// `oauth/revoke` (system users, revoke an access token): documented as GET, whose answer has a
    /// text for the truth. POST is taken as well, as by the other token endpoint, and as there the
    /// secret is proof enough.
    pub(super) fn whatsapp_revoke(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let app = self.whatsapp_credentials(request)?;
        let (caller, wanted) = (presented(request)?, request.field("revoke_token").unwrap_or_default());
        let now = self.provider.now();
        let mut state = lock(&self.state);
        let find = |value: &str| state.whatsapp.lasting.tokens.iter().find(|token| token.value == value).ok_or_else(unreadable);
        let business = &find(&wanted)?.business;
        if caller != format!("{}|{}", app.app_id, app.app_secret) {
            let holder = find(&caller)?;
            state.check_business(holder, now)?;
            if holder.business != *business {
                return Err(GraphError::forbidden("a token of the same system user"));
            }
        }
        let known = &mut state.whatsapp.lasting;
        known.revoked.insert(wanted);
        Ok(json!({ "success": "true" }))
    }

    fn whatsapp_caller(&self, request: &RecordedRequest) -> Result<Caller, GraphError> {
        let (app, value) = (self.whatsapp_app()?, presented(request)?);
        if value == format!("{}|{}", app.app_id, app.app_secret) {
            return Ok(Caller::App);
        }
        let now = self.provider.now();
        let state = lock(&self.state);
        let Some(token) = state.whatsapp.lasting.tokens.iter().find(|token| token.value == value).cloned() else {
            // A token of Facebook's says nothing about WhatsApp.
            let is_facebooks = state.tokens.iter().any(|token| token.value == value);
            return Err(if is_facebooks { GraphError::forbidden("whatsapp_business_management permission") } else { unreadable() });
        };
        proof::check(request, &value, &app.app_secret, app.require_proof, now)?;
        state.check_business(&token, now)?;
        Ok(Caller::Holder(token))
    }

    /// The portfolio whose token a call comes with.
    pub(super) fn whatsapp_holder(&self, request: &RecordedRequest) -> Result<Token, GraphError> {
        match self.whatsapp_caller(request)? {
            Caller::Holder(token) => Ok(token),
            Caller::App => Err(GraphError::new(2500, "An active access token must be used to query information about the current user.")),
        }
    }

    /// Whether the app itself calls.
    pub(super) fn is_whatsapp_app(&self, request: &RecordedRequest) -> Result<bool, GraphError> {
        Ok(matches!(self.whatsapp_caller(request)?, Caller::App))
    }

    /// `me`: the system user, which tells its portfolio where that is asked for.
    pub(super) fn whatsapp_me(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.whatsapp_holder(request)?;
        let mut me = json!({ "id": holder.user_id() });
        let fields = request.field("fields").unwrap_or_else(|| "id,name".to_owned());
        for field in fields.split(',').map(str::trim) {
            match field {
                "id" => {}
                "name" => me["name"] = json!(format!("{} System User", self.app.name)),
                "client_business_id" => me["client_business_id"] = json!(holder.business),
                other => {
                    let message = format!("(#100) Tried accessing nonexisting field ({other}) on node type (SystemUser)");
                    return Err(GraphError::new(100, message));
                }
            }
        }
        Ok(me)
    }

    /// `me/permissions` lists. That it would end a system user's grant is documented nowhere, so it
    /// does not here.
    pub(super) fn whatsapp_permissions(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.whatsapp_holder(request)?;
        if request.method != axum::http::Method::GET {
            return Err(GraphError::new(100, "Unsupported delete request."));
        }
        let state = lock(&self.state);
        let grant = state.whatsapp.lasting.grants.get(&holder.business).cloned().unwrap_or_default();
        let entry = |permission: String| json!({ "permission": permission, "status": "granted" });
        Ok(json!({ "data": grant.permissions.into_iter().map(entry).collect::<Vec<_>>() }))
    }
}
