//! The login dialog: who is logged in, which Pages and permissions they choose, and the callback that follows.

use std::collections::BTreeSet;

use super::graph::{Facebook, State};
use super::people::{Consent, Grant, Misbehaviour, Pages};
use super::tokens::Code;
use crate::consent;
use crate::provider::{RecordedRequest, Reply, encode, first, lock, with_query};

/// A dialog request that Facebook would show the dialog for.
pub(super) struct Dialog {
    pub(super) redirect_uri: String,
    pub(super) state: String,
    permissions: Vec<String>,
    rerequest: bool,
    challenge: Option<(String, String)>,
}

impl Facebook {
    /// Checks a dialog request; the error is what Facebook's error page says.
    pub(super) fn dialog(&self, query: &[(String, String)]) -> Result<Dialog, String> {
        let parameter = |name: &str| first(query, name).unwrap_or_default().to_owned();
        if parameter("client_id") != self.app.app_id {
            return Err("Invalid App ID: The provided app ID does not look like a valid app ID.".to_owned());
        }
        // Strict mode: the whole URI, query included, must equal a registered one (Facebook Login, security).
        let redirect_uri = parameter("redirect_uri");
        if !self.app.redirect_uris.contains(&redirect_uri) {
            return Err("URL blocked: This redirect failed because the redirect URI is not white-listed in the app's \
                        client OAuth settings."
                .to_owned());
        }
        let response_type = first(query, "response_type").unwrap_or("code");
        if response_type != "code" {
            return Err(format!("The local Facebook knows no response_type {response_type:?}"));
        }
        Ok(Dialog {
            redirect_uri,
            state: parameter("state"),
            permissions: self.asked(first(query, "scope"), first(query, "config_id"))?,
            rerequest: first(query, "auth_type") == Some("rerequest"),
            challenge: first(query, "code_challenge")
                .map(|challenge| (challenge.to_owned(), first(query, "code_challenge_method").unwrap_or("plain").to_owned())),
        })
    }

    /// `config_id` doesn't work under the classic login, nor `scope` under Facebook Login for Business.
    fn asked(&self, scope: Option<&str>, config_id: Option<&str>) -> Result<Vec<String>, String> {
        let list = match (&self.app.config_id, config_id) {
            (Some(configured), Some(sent)) if configured == sent && scope.is_none() => self.app.permissions.join(","),
            (None, None) => scope.unwrap_or_default().to_owned(),
            _ => return Err("Feature unavailable: Facebook Login is currently unavailable for this app.".to_owned()),
        };
        let mut permissions: Vec<String> = Vec::new();
        for permission in list.split([',', ' ']).filter(|permission| !permission.is_empty()) {
            if !permission.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
                return Err(format!("Invalid Scopes: {permission}."));
            }
            if !permissions.iter().any(|known| known == permission) {
                permissions.push(permission.to_owned());
            }
        }
        Ok(permissions)
    }

    /// `GET dialog/oauth`.
    pub(super) fn show(&self, request: &RecordedRequest) -> Reply {
        let query = request.query();
        let dialog = match self.dialog(&query) {
            Ok(dialog) => dialog,
            Err(message) => return error_page(&message),
        };
        let state = lock(&self.state);
        let person = first(&query, "_person").filter(|id| state.people.contains_key(*id));
        match person.or_else(|| state.people.keys().next().map(String::as_str)) {
            Some(person) => Reply::html(200, self.screen(&state, &dialog, person, request)),
            None => error_page("Nobody has an account at this local Facebook"),
        }
    }

    fn screen(&self, state: &State, dialog: &Dialog, person: &str, request: &RecordedRequest) -> String {
        let here = &request.path_and_query;
        let name = |id: &str| state.people.get(id).map(|person| consent::escape(&person.name)).unwrap_or_default();
        let others: String = state
            .people
            .keys()
            .filter(|id| *id != person)
            .map(|id| {
                let switch = consent::escape(&format!("{}&_person={id}", here.split("&_person=").next().unwrap_or_default()));
                format!(" <a id=\"person-{id}\" href=\"{switch}\">Log in as {} instead</a>", name(id))
            })
            .collect();
        let pages: String = state.pages_of(person).iter().map(|page| consent::ticked("pages", &page.id, &page.name)).collect();
        let asked = state.asked_again(dialog, person);
        let permissions: String = asked.iter().map(|name| consent::ticked("permissions", name, name)).collect();
        let misbehave: String = MISBEHAVIOURS.iter().map(|(id, label, _)| consent::decision(id, label)).collect();
        let failures = consent::decision("fail", "Fail without an error name")
            + &consent::decision("development", "Fail as an app in development mode does");
        let body = format!(
            "<p>You are logged in as <strong id=\"person\">{name}</strong>.{others}</p>\
             <form method=\"post\" action=\"{here}\">{person}{pages}{instagram}{permissions}{approve}{decline}{situations}{misbehave}</form>\
             {faults}<p>{app} returns to <code>{redirect_uri}</code>.</p>",
            name = name(person),
            here = consent::escape(here),
            person = consent::hidden("person", person),
            pages = consent::group("Pages the app may use", &pages),
            instagram = state.instagram_choice(person, &asked),
            permissions = consent::group("The app may (untick to decline)", &permissions),
            approve = consent::decision("approve", "Continue"),
            decline = consent::decision("decline", "Cancel"),
            situations = self.situations(state, person, &asked),
            misbehave = consent::group("Misbehave", &(misbehave + &failures)),
            faults = consent::faults_form(&self.provider, here),
            app = consent::escape(&self.app.name),
            redirect_uri = consent::escape(&dialog.redirect_uri),
        );
        consent::page("Facebook", "Log in with Facebook", &body)
    }

    /// The dialog's form, sent to the same URL.
    pub(super) fn decide(&self, request: &RecordedRequest) -> Reply {
        let dialog = match self.dialog(&request.query()) {
            Ok(dialog) => dialog,
            Err(message) => return error_page(&message),
        };
        let form = request.form();
        let person = first(&form, "person").unwrap_or_default();
        let mut left_out = self.arrange(&form);
        {
            let state = lock(&self.state);
            left_out.extend(state.instagram_left_out(person, &state.asked_again(&dialog, person), &form));
        }
        let consent = Consent {
            person: person.to_owned(),
            pages: Some(Pages::These(all(&form, "pages").collect())),
            permissions: Some(all(&form, "permissions").collect()),
            left_out,
            misbehaviour: None,
        };
        let decision = first(&form, "decision").unwrap_or_default();
        let misbehaviour = MISBEHAVIOURS.iter().find(|(id, ..)| *id == decision).map(|(.., misbehaviour)| *misbehaviour);
        let callback = match (decision, misbehaviour) {
            ("approve", _) => self.callback(&dialog, &consent),
            (_, Some(misbehaviour)) => self.callback(&dialog, &consent.with(misbehaviour)),
            ("fail", _) => Ok(failed(&dialog.redirect_uri, &dialog.state)),
            _ => Ok(declined(&dialog.redirect_uri, &dialog.state)),
        };
        // Facebook appends this fragment; no server sees it.
        callback.map_or_else(|message| error_page(&message), |url| Reply::redirect(302, format!("{url}#_=_")))
    }

    /// Writes the grant down; returns the URL a person's browser is sent to.
    pub(super) fn callback(&self, dialog: &Dialog, consent: &Consent) -> Result<String, String> {
        let mut state = lock(&self.state);
        if !state.people.contains_key(&consent.person) {
            return Err(format!("There is nobody with the id {:?}", consent.person));
        }
        state.grant(dialog, consent, self.app.config_id.is_some());
        let code = self.provider.issue("AQ");
        state.codes.push(Code {
            value: code.clone(),
            person: consent.person.clone(),
            redirect_uri: dialog.redirect_uri.clone(),
            challenge: dialog.challenge.clone(),
            foreign: consent.misbehaviour == Some(Misbehaviour::ForeignToken),
            issued_at: self.provider.now(),
            used: false,
        });
        Ok(returned(&dialog.redirect_uri, &dialog.state, &code, consent.misbehaviour))
    }
}

/// The URL a browser is sent to with a code.
pub(super) fn returned(redirect_uri: &str, state: &str, code: &str, misbehaviour: Option<Misbehaviour>) -> String {
    let mut pairs = vec![("code", code), ("state", state)];
    let tampered = tampered(state);
    match misbehaviour {
        Some(Misbehaviour::TamperedState) => pairs = vec![("code", code), ("state", &tampered)],
        Some(Misbehaviour::RepeatedParameter) => pairs.push(("code", "again")),
        Some(Misbehaviour::CodeAndError) => pairs.push(("error", "access_denied")),
        Some(Misbehaviour::Nothing) => pairs = vec![("state", state)],
        Some(Misbehaviour::ForeignToken) | None => {}
    }
    with_query(redirect_uri, &encode(pairs))
}

impl State {
    /// What a dialog asks a person for: a permission once declined not again, except by `auth_type=rerequest`.
    fn asked_again(&self, dialog: &Dialog, person: &str) -> Vec<String> {
        let declined = self.grants.get(person).map(|grant| &grant.declined);
        let is_asked = |name: &&String| dialog.rerequest || declined.is_none_or(|declined| !declined.contains(*name));
        dialog.permissions.iter().filter(is_asked).cloned().collect()
    }

    fn grant(&mut self, dialog: &Dialog, consent: &Consent, all_or_none: bool) {
        let asked: BTreeSet<_> = self.asked_again(dialog, &consent.person).into_iter().collect();
        let ticked: BTreeSet<_> = match &consent.permissions {
            Some(chosen) if !all_or_none => chosen.iter().filter(|name| asked.contains(*name)).cloned().collect(),
            _ => asked.clone(),
        };
        let pages = consent
            .pages
            .clone()
            .unwrap_or_else(|| Pages::These(self.pages_of(&consent.person).iter().map(|page| page.id.clone()).collect()));
        let grant: &mut Grant = self.grants.entry(consent.person.clone()).or_default();
        for unticked in asked.difference(&ticked) {
            grant.granted.remove(unticked);
            grant.declined.insert(unticked.clone());
        }
        for name in ticked {
            grant.declined.remove(&name);
            grant.granted.insert(name);
        }
        grant.granted.insert("public_profile".to_owned());
        grant.pages = pages;
        grant.left_out.clear();
        for (permission, page) in &consent.left_out {
            grant.left_out.entry(permission.clone()).or_default().insert(page.clone());
        }
    }
}

/// The buttons beside the ordinary ones.
pub(super) const MISBEHAVIOURS: &[(&str, &str, Misbehaviour)] = &[
    ("tampered_state", "Approve with a tampered state", Misbehaviour::TamperedState),
    ("repeated_parameter", "Approve with a repeated parameter", Misbehaviour::RepeatedParameter),
    ("code_and_error", "Approve with a code and an error", Misbehaviour::CodeAndError),
    ("nothing", "Return without code and error", Misbehaviour::Nothing),
    ("foreign_token", "Approve with tokens of another app", Misbehaviour::ForeignToken),
];

/// A person who cancels (Facebook Login, manual flow); `error_code` comes with it in practice. An app in development mode, or without the permission, gets the very
/// same (Facebook Login for Business).
pub(super) fn declined(redirect_uri: &str, state: &str) -> String {
    let query = encode([
        ("error", "access_denied"),
        ("error_code", "200"),
        ("error_description", "Permissions error"),
        ("error_reason", "user_denied"),
        ("state", state),
    ]);
    with_query(redirect_uri, &query)
}

/// Some failures have a code and a message but no `error` (seen by jaredhanson/passport-facebook).
pub(super) fn failed(redirect_uri: &str, state: &str) -> String {
    let query = encode([("error_code", "1349048"), ("error_message", "Can't Load URL"), ("state", state)]);
    with_query(redirect_uri, &query)
}

/// Every value of a name.
pub(super) fn all(form: &[(String, String)], wanted: &'static str) -> impl Iterator<Item = String> {
    form.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.clone())
}

fn tampered(state: &str) -> String {
    let mut tampered = state.to_owned();
    let last = tampered.pop();
    tampered.push(if last == Some('A') { 'B' } else { 'A' });
    tampered
}

/// Facebook's own error page.
pub(super) fn error_page(message: &str) -> Reply {
    let body = format!("<p id=\"error\">{}</p>", consent::escape(message));
    Reply::html(400, consent::page("Facebook", "Sorry, something went wrong", &body))
}
