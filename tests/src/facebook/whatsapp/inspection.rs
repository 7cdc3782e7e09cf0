//! The inspection of a token: the only place where it stands which accounts a sign-up was about.

use serde_json::{Value, json};

use super::WhatsAppQuirk;
use super::business::{Grant, Targets};
use super::tokens::Token;
use crate::facebook::error::GraphError;
use crate::facebook::graph::{Facebook, State};
use crate::facebook::tokens::{presented, unreadable};
use crate::provider::{RecordedRequest, lock};

impl Facebook {
    /// `debug_token`, with the app's token.
    pub(super) fn whatsapp_debug_token(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let app = self.whatsapp_app()?;
        let is_other_app = presented(request)? == format!("{}|{}", self.app.app_id, self.app.app_secret);
        if !is_other_app && !self.is_whatsapp_app(request)? {
            return Err(GraphError::new(100, "(#100) You must provide an app access token"));
        }
        let viewer = if is_other_app { &self.app.app_id } else { &app.app_id };
        let input = request.field("input_token").unwrap_or_default();
        let mut state = lock(&self.state);
        let Some(token) = state.whatsapp.lasting.tokens.iter().find(|token| token.value == input).cloned() else {
            let error = unreadable();
            let data = json!({ "error": { "code": error.code, "message": error.message }, "is_valid": false, "scopes": [] });
            return Ok(json!({ "data": data }));
        };
        if token.app_id != *viewer {
            return Err(GraphError::new(100, "(#100) The App_id in the input_token did not match the Viewing App"));
        }
        state.whatsapp.inspections += 1;
        let data = self.inspect_business(&state, &token);
        Ok(json!({ "data": data }))
    }

    fn inspect_business(&self, state: &State, token: &Token) -> Value {
        let grant = state.whatsapp.lasting.grants.get(&token.business).cloned().unwrap_or_default();
        let is_odd = |quirk: WhatsAppQuirk| state.whatsapp.quirks.contains(&quirk);
        let turn = state.whatsapp.inspections;
        let is_numeric = is_odd(WhatsAppQuirk::NumericTargets);
        let granular = |permission: &String| match targets(&grant, permission, &token.business) {
            Targets::Unnamed => json!({ "scope": permission }),
            Targets::These(ids) => {
                let id = |id: &String| if is_numeric { id.parse::<u64>().map_or_else(|_| json!(id), |id| json!(id)) } else { json!(id) };
                json!({ "scope": permission, "target_ids": turned(ids, turn).iter().map(id).collect::<Vec<_>>() })
            }
        };
        let has_targets = |permission: &&String| permission.starts_with("whatsapp_") || permission.starts_with("business_");
        let granular: Vec<Value> = grant.permissions.iter().filter(has_targets).map(granular).collect();
        let scopes: Vec<String> = grant.permissions.iter().cloned().chain(["public_profile".to_owned()]).collect();
        let mut data = json!({
            "app_id": token.app_id, "application": self.app.name,
            "type": if is_odd(WhatsAppQuirk::TypeUser) { "USER" } else { "SYSTEM_USER" },
            "is_valid": true, "issued_at": token.issued_at, "expires_at": token.expires_at.unwrap_or(0),
            "data_access_expires_at": token.data_access_expires_at, "user_id": token.user_id(),
            "scopes": scopes, "granular_scopes": turned(granular, turn),
        });
        if let Err(error) = state.check_business(token, self.provider.now()) {
            data["is_valid"] = json!(false);
            data["error"] = json!({ "code": error.code, "subcode": error.subcode, "message": error.message });
        }
        data
    }
}

/// What a permission was granted for: accounts, or, where it is about the portfolio, that.
fn targets(grant: &Grant, permission: &str, business: &str) -> Targets {
    let usual = || match permission {
        "business_management" => vec![business.to_owned()],
        _ => grant.accounts.clone(),
    };
    grant.targets.get(permission).cloned().unwrap_or_else(|| Targets::These(usual()))
}

/// A list in another order at each turn.
fn turned<T>(mut list: Vec<T>, turn: usize) -> Vec<T> {
    let places = list.len();
    if places > 0 {
        list.rotate_left(turn % places);
    }
    list
}
