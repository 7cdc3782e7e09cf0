//! Accounts and numbers as a token's holder sees them (WhatsApp Business Management API).

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::business::{Account, Number};
use super::tokens::Token;
use crate::facebook::error::GraphError;
use crate::facebook::graph::{Facebook, State};
use crate::provider::{RecordedRequest, lock};

/// Any of them lets an account be read: tokens may carry the last one in the place of the first
/// (chatwoot/chatwoot#14690).
pub(super) const READING: &[&str] = &["whatsapp_business_management", "whatsapp_business_messaging", "whatsapp_business_manage_events"];
/// Any of these lets an account be changed.
pub(super) const MANAGING: &[&str] = &["whatsapp_business_management", "whatsapp_business_manage_events"];
/// What lets a number be registered and messages be sent.
pub(super) const MESSAGING: &[&str] = &["whatsapp_business_messaging"];

const ACCOUNT_FIELDS: &str = "id,name,currency,timezone_id,message_template_namespace";
const NUMBER_FIELDS: &str = "id,verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,\
                             last_onboarded_time,webhook_configuration";

impl Facebook {
    /// `{waba-id}`.
    pub(super) fn whatsapp_account(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.whatsapp_holder(request)?;
        let state = lock(&self.state);
        let account = state.account_for(id, &holder, READING)?;
        account_node(&state, &account, request.field("fields").as_deref().unwrap_or(ACCOUNT_FIELDS))
    }

    /// `{waba-id}/phone_numbers`, in pages.
    pub(super) fn whatsapp_phone_numbers(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.whatsapp_holder(request)?;
        let state = lock(&self.state);
        let account = state.account_for(id, &holder, READING)?;
        let numbers = state.whatsapp.lasting.numbers_of(&account.id);
        let (chosen, paging) = self.part(&state, request, &holder.value, &numbers)?;
        let fields = request.field("fields").unwrap_or_else(|| NUMBER_FIELDS.to_owned());
        let nodes = chosen.iter().map(|number| self.number_node(&state, number, &fields));
        let mut answer = json!({ "data": nodes.collect::<Result<Vec<_>, _>>()? });
        if let Some(paging) = paging {
            answer["paging"] = paging;
        }
        Ok(answer)
    }

    /// `{phone-number-id}`.
    pub(super) fn whatsapp_number(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.whatsapp_holder(request)?;
        if request.method != Method::GET {
            return Err(GraphError::new(100, "Unsupported request."));
        }
        let state = lock(&self.state);
        let number = state.number_for(id, &holder, READING)?;
        self.number_node(&state, &number, request.field("fields").as_deref().unwrap_or(NUMBER_FIELDS))
    }

    fn number_node(&self, state: &State, number: &Number, fields: &str) -> Result<Value, GraphError> {
        let mut node = Map::from_iter([("id".to_owned(), json!(number.id))]);
        for field in names(fields) {
            let value = match field {
                "id" => continue,
                "display_phone_number" => json!(number.display_phone_number),
                "verified_name" => json!(number.verified_name),
                "status" => json!(number.status),
                "code_verification_status" => json!(number.code_verification_status),
                "platform_type" => json!(number.platform_type),
                "quality_rating" => json!(number.quality_rating),
                "name_status" => json!(number.name_status),
                "account_mode" => json!(number.account_mode),
                "is_on_biz_app" => json!(number.is_on_biz_app),
                "is_pin_enabled" => json!(number.pin.is_some()),
                "throughput" => json!({ "level": if number.is_registered() { "STANDARD" } else { "NOT_APPLICABLE" } }),
                "last_onboarded_time" => match number.last_onboarded_at {
                    None => continue,
                    Some(at) => json!(rfc3339(at)),
                },
                "webhook_configuration" => {
                    let own = state.whatsapp.lasting.subscriptions.get(&number.account);
                    let application = format!("{}{}", self.app.origin(), crate::facebook::META_ROUTE);
                    let mut places = json!({ "application": application });
                    if let Some(Some(elsewhere)) = own {
                        places["whatsapp_business_account"] = json!(elsewhere);
                    }
                    places
                }
                "whatsapp_business_manager_messaging_limit" => json!("TIER_250"),
                other => return Err(unknown(other, "WhatsAppBusinessPhoneNumber")),
            };
            node.insert(field.to_owned(), value);
        }
        Ok(Value::Object(node))
    }
}

fn account_node(state: &State, account: &Account, fields: &str) -> Result<Value, GraphError> {
    let name = |business: &str| state.whatsapp.lasting.portfolios.get(business).map(|portfolio| portfolio.name.clone());
    let owner = json!({ "id": account.owner, "name": name(&account.owner) });
    let mut node = Map::from_iter([("id".to_owned(), json!(account.id))]);
    for field in names(fields) {
        let value = match field {
            "id" => continue,
            "name" => json!(account.name),
            "currency" => json!("USD"),
            "timezone_id" => json!("1"),
            "message_template_namespace" => json!(format!("ns_{}", account.id)),
            "account_review_status" => json!(account.review_status),
            "owner_business_info" if account.is_on_behalf => continue,
            "owner_business_info" => owner.clone(),
            "on_behalf_of_business_info" if !account.is_on_behalf => continue,
            "on_behalf_of_business_info" => {
                let mut owner = owner.clone();
                owner["status"] = json!("APPROVED");
                owner["type"] = json!("SELF");
                owner
            }
            other => return Err(unknown(other, "WhatsAppBusinessAccount")),
        };
        node.insert(field.to_owned(), value);
    }
    Ok(Value::Object(node))
}

impl State {
    /// An account that a token reaches by one of these permissions, where it has no error of its
    /// own.
    pub(super) fn account_for(&self, id: &str, holder: &Token, permissions: &[&str]) -> Result<Account, GraphError> {
        let known = &self.whatsapp.lasting;
        let account = known.accounts.get(id).ok_or_else(|| missing(id))?;
        if let Some(code) = account.error {
            return Err(own_error(code, id));
        }
        let grant = known.grants.get(&holder.business);
        // What was not shared is as if it were not there.
        if !grant.is_some_and(|grant| READING.iter().any(|permission| grant.covers(permission, id))) {
            return Err(missing(id));
        }
        if !grant.is_some_and(|grant| permissions.iter().any(|permission| grant.covers(permission, id))) {
            return Err(GraphError::forbidden(&format!("{} permission", permissions.join(" or "))));
        }
        Ok(account.clone())
    }

    /// The same for a number.
    pub(super) fn number_for(&self, id: &str, holder: &Token, permissions: &[&str]) -> Result<Number, GraphError> {
        let number = self.whatsapp.lasting.numbers.get(id).ok_or_else(|| missing(id))?;
        self.account_for(&number.account, holder, permissions)?;
        Ok(number.clone())
    }
}

/// What is not there, or not for this token (seen as code 100 with subcode 33).
fn missing(id: &str) -> GraphError {
    let message = format!(
        "Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does \
         not support this operation"
    );
    GraphError::new(100, message).with_subcode(33)
}

fn own_error(code: u32, id: &str) -> GraphError {
    match code {
        200..=299 => GraphError::forbidden("access to this WhatsApp Business Account"),
        100 => missing(id),
        code => GraphError::new(code, format!("(#{code}) This WhatsApp Business Account can't be read")),
    }
}

fn unknown(field: &str, kind: &str) -> GraphError {
    GraphError::new(100, format!("(#100) Tried accessing nonexisting field ({field}) on node type ({kind})"))
}

/// The names of a list of fields; what is asked for inside of one is not looked at.
fn names(fields: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let parts = fields.split(|sign: char| {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        sign == ',' && depth == 0
    });
    parts.map(|part| part.split('{').next().unwrap_or_default().trim()).filter(|name| !name.is_empty()).collect()
}

/// Meta's form of a time.
fn rfc3339(at: i64) -> String {
    shared::clock::rfc3339(u64::try_from(at).unwrap_or_default()).replace('Z', "+0000")
}
