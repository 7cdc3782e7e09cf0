//! The Graph API's nodes: people's Pages and permissions, single Pages, and their webhook subscriptions.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::Quirk;
use super::error::GraphError;
use super::graph::{Facebook, State};
use super::people::Page;
use super::tokens::{Caller, Kind, Token};
use crate::provider::{RecordedRequest, lock};

/// The field that tells whether several apps share a Page's conversations (Messenger Platform, conversation routing).
pub(super) const MESSAGING_FEATURES: &str = "messaging_feature_status";
/// The field that names the Instagram account of a Page, and how it is asked for.
const INSTAGRAM: &str = "instagram_business_account";
const INSTAGRAM_FIELDS: &str = "instagram_business_account{id,username}";
/// One of these is enough for a Page's token to be shown.
const TASKS_FOR_TOKEN: &[&str] = &["ADVERTISE", "CREATE_CONTENT", "MANAGE", "MESSAGING", "MODERATE"];

impl Facebook {
    /// The holder of the token that a call needs.
    pub(super) fn holder(&self, request: &RecordedRequest) -> Result<Token, GraphError> {
        match self.caller(request)? {
            Caller::Holder(token) => Ok(token),
            Caller::App => Err(GraphError::new(2500, "An active access token must be used to query information about the current user.")),
        }
    }

    /// `me`.
    pub(super) fn me(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.holder(request)?;
        let state = lock(&self.state);
        let name = state.people.get(&holder.person).map(|person| person.name.clone());
        let mut me = json!({"id": holder.user_id(), "name": name});
        if holder.kind == Kind::SystemUser {
            me["client_business_id"] = json!(format!("8{}", holder.person));
        }
        Ok(me)
    }

    /// `me/accounts`: Pages with a role and a grant, but those of a business portfolio only with `business_management`
    /// (restfb/restfb#1368, chatwoot/chatwoot#15019).
    pub(super) fn accounts(&self, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.holder(request)?;
        let mut state = lock(&self.state);
        let grant = state.grants.get(&holder.person).cloned().unwrap_or_default();
        if !grant.granted.contains("pages_show_list") {
            return Err(GraphError::forbidden("pages_show_list permission"));
        }
        let with_business = grant.granted.contains("business_management");
        let listed = |page: &Page| grant.covers("pages_show_list", &page.id) && (with_business || !page.business_owned);
        let pages: Vec<_> = state.pages_of(&holder.person).into_iter().filter(listed).collect();
        let (chosen, paging) = self.part(&state, request, &holder.value, &pages)?;
        let fields = request.field("fields");
        let data: Vec<_> =
            chosen.iter().map(|page| self.page_node(&mut state, &holder, page, fields.as_deref())).collect::<Result<_, _>>()?;
        let mut answer = json!({"data": data});
        if let Some(paging) = paging {
            answer["paging"] = paging;
        }
        Ok(answer)
    }

    /// A Page as its holder sees it. The token is missing where the person's tasks don't suffice.
    fn page_node(&self, state: &mut State, holder: &Token, page: &Page, fields: Option<&str>) -> Result<Value, GraphError> {
        let mut node = Map::from_iter([("id".to_owned(), json!(page.id))]);
        let tokenless = state.quirks.contains(&Quirk::PageWithoutToken(page.id.clone()));
        let granted = state.grants.get(&holder.person).map(|grant| grant.granted.clone()).unwrap_or_default();
        let is_granted = |permission: &str| granted.contains(permission);
        let has_token = page.has_any_task(&holder.person, TASKS_FOR_TOKEN) && !tokenless;
        // No other field has fields of its own here.
        let fields = fields.unwrap_or("id,name,access_token,tasks,category,category_list").replace(INSTAGRAM_FIELDS, INSTAGRAM);
        for field in fields.split(',').map(str::trim) {
            let value = match field {
                "id" => continue,
                "name" => json!(page.name),
                "category" => json!(page.category),
                "category_list" => json!([{"id": "1", "name": page.category}]),
                "tasks" => json!(page.tasks_of(&holder.person)),
                "access_token" if !has_token => continue,
                "access_token" if matches!(holder.kind, Kind::Page(_)) => json!(holder.value),
                "access_token" => json!(self.page_token(state, holder, &page.id)),
                INSTAGRAM if !is_granted("instagram_basic") => return Err(GraphError::forbidden("instagram_basic permission")),
                INSTAGRAM => match &page.instagram {
                    None => continue,
                    Some((id, username)) => json!({"id": id, "username": username}),
                },
                MESSAGING_FEATURES => match state.routing.get(&page.id).copied().unwrap_or(Some(false)) {
                    None => continue,
                    Some(shared) => json!({"hop_v2": false, "msgr_multi_app": shared, "ig_multi_app": false}),
                },
                other => {
                    let message = format!("(#100) Tried accessing nonexisting field ({other}) on node type (Page)");
                    return Err(GraphError::new(100, message));
                }
            };
            node.insert(field.to_owned(), value);
        }
        Ok(Value::Object(node))
    }

    /// `{page-id}`: also Pages that `me/accounts` leaves out, if they were granted.
    pub(super) fn page(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.holder(request)?;
        let mut state = lock(&self.state);
        let page = state.page_for(id, &holder)?;
        self.page_node(&mut state, &holder, &page, Some(request.field("fields").as_deref().unwrap_or("name")))
    }

    /// `me/permissions`, or `{user-id}/permissions` of the same person: GET lists, DELETE revokes all or one.
    pub(super) fn permissions(&self, user: &str, name: Option<&str>, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.holder(request)?;
        if user != "me" && user != holder.user_id() {
            return Err(GraphError::forbidden("a token of this person"));
        }
        let mut state = lock(&self.state);
        if request.method != Method::DELETE {
            let grant = state.grants.get(&holder.person).cloned().unwrap_or_default();
            let list = |names: std::collections::BTreeSet<String>, status: &'static str| {
                names.into_iter().map(move |name| json!({"permission": name, "status": status}))
            };
            let data: Vec<_> = list(grant.granted, "granted").chain(list(grant.declined, "declined")).collect();
            return Ok(json!({"data": data}));
        }
        match name {
            None => {
                state.grants.remove(&holder.person);
            }
            Some(name) => {
                if let Some(grant) = state.grants.get_mut(&holder.person) {
                    grant.granted.remove(name);
                    grant.declined.insert(name.to_owned());
                }
            }
        }
        Ok(json!({"success": true}))
    }
}

impl State {
    /// The Pages a person has a role on, by id.
    pub(super) fn pages_of(&self, person: &str) -> Vec<Page> {
        self.pages.values().filter(|page| !page.tasks_of(person).is_empty()).cloned().collect()
    }

    pub(super) fn page_for(&self, id: &str, holder: &Token) -> Result<Page, GraphError> {
        let page = self.pages.get(id).cloned();
        let page = page.ok_or_else(|| GraphError::new(803, format!("(#803) Some of the aliases you requested do not exist: {id}")))?;
        let covered = self.grants.get(&holder.person).is_some_and(|grant| grant.pages.cover(id));
        let is_other = matches!(&holder.kind, Kind::Page(own) if own != id);
        if !covered || is_other || page.tasks_of(&holder.person).is_empty() {
            return Err(GraphError::forbidden("a role on this Page and its grant"));
        }
        Ok(page)
    }
}
