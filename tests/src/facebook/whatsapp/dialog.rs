//! The sign-up: who is logged in, which portfolio grants which accounts, and the callback that
//! follows, which names none of them.

use super::business::WhatsAppConsent;
use super::tokens::Code;
use super::{LocalFacebook, MERCHANTS_PIN, WhatsAppApp};
use crate::consent;
use crate::facebook::Misbehaviour;
use crate::facebook::dialog::{MISBEHAVIOURS, all, declined, error_page, failed, returned};
use crate::facebook::graph::{Facebook, State};
use crate::facebook::situations::select;
use crate::provider::{RecordedRequest, Reply, first, lock};

/// A dialog request that WhatsApp would show its sign-up for.
pub(in crate::facebook) struct SignUp {
    pub(in crate::facebook) redirect_uri: String,
    pub(in crate::facebook) state: String,
}

impl LocalFacebook {
    /// Answers WhatsApp's dialog in a person's place; returns the callback URL.
    ///
    /// # Panics
    /// With the text of the error page, when there would be one.
    #[must_use]
    pub fn approve_whatsapp(&self, dialog_url: &str, consent: &WhatsAppConsent) -> String {
        self.try_approve_whatsapp(dialog_url, consent).unwrap()
    }

    /// As [`Self::approve_whatsapp`].
    ///
    /// # Errors
    /// The text of the error page, when there would be one.
    pub fn try_approve_whatsapp(&self, dialog_url: &str, consent: &WhatsAppConsent) -> Result<String, String> {
        let query = self.opened(dialog_url)?;
        let app = self.facebook.app.whatsapp.as_ref().ok_or("WhatsApp is not switched on here")?;
        if first(&query, "config_id") != Some(&app.config_id) {
            return Err("This is not WhatsApp's dialog".to_owned());
        }
        let sign_up = sign_up(app, &query)?;
        self.facebook.grant_whatsapp(app, &sign_up, consent)
    }
}

/// Checks a dialog request; the error is what the error page says. A challenge is not documented
/// for this dialog: it is neither refused nor held against the exchange.
pub(in crate::facebook) fn sign_up(app: &WhatsAppApp, query: &[(String, String)]) -> Result<SignUp, String> {
    let parameter = |name: &str| first(query, name).unwrap_or_default().to_owned();
    if parameter("client_id") != app.app_id {
        return Err("Invalid App ID: The provided app ID does not look like a valid app ID.".to_owned());
    }
    let redirect_uri = parameter("redirect_uri");
    if !app.redirect_uris.contains(&redirect_uri) {
        return Err("URL blocked: This redirect failed because the redirect URI is not white-listed in the app's \
                    client OAuth settings."
            .to_owned());
    }
    if parameter("response_type") != "code" || parameter("override_default_response_type") != "true" {
        return Err("A system user's token needs response_type=code and override_default_response_type=true".to_owned());
    }
    if first(query, "scope").is_some() {
        return Err("Invalid Scopes: the configuration says what is asked for".to_owned());
    }
    Ok(SignUp { redirect_uri, state: parameter("state") })
}

impl Facebook {
    /// `GET dialog/oauth` with the configuration for WhatsApp.
    pub(in crate::facebook) fn show_whatsapp(&self, request: &RecordedRequest) -> Reply {
        let query = request.query();
        let Some(app) = &self.app.whatsapp else { return error_page("WhatsApp is not switched on here") };
        let sign_up = match sign_up(app, &query) {
            Ok(sign_up) => sign_up,
            Err(message) => return error_page(&message),
        };
        let state = lock(&self.state);
        let person = first(&query, "_person").filter(|id| state.people.contains_key(*id));
        match person.or_else(|| state.people.keys().next().map(String::as_str)) {
            Some(person) => Reply::html(200, self.sign_up_screen(&state, app, &sign_up, person, request)),
            None => error_page("Nobody has an account at this local Facebook"),
        }
    }

    fn sign_up_screen(&self, state: &State, app: &WhatsAppApp, sign_up: &SignUp, person: &str, request: &RecordedRequest) -> String {
        let here = &request.path_and_query;
        let base = here.split("&_person=").next().unwrap_or_default();
        let name = |id: &str| state.people.get(id).map(|person| consent::escape(&person.name)).unwrap_or_default();
        let other = |id: &String| {
            let switch = consent::escape(&format!("{base}&_person={id}"));
            format!(" <a id=\"person-{id}\" href=\"{switch}\">Log in as {} instead</a>", name(id))
        };
        let others: String = state.people.keys().filter(|id| *id != person).map(other).collect();
        let known = &state.whatsapp.lasting;
        let own: Vec<_> = known.portfolios.values().filter(|portfolio| portfolio.admins.contains(person)).collect();
        let choice: Vec<(&str, &str)> = own.iter().map(|portfolio| (portfolio.id.as_str(), portfolio.name.as_str())).collect();
        let accounts: String = own
            .iter()
            .map(|portfolio| {
                let boxes: String = known.accounts_of(&portfolio.id).iter().map(|account| account_box(state, account)).collect();
                consent::group(&format!("Accounts of {}", portfolio.name), &boxes)
            })
            .collect();
        let misbehave: String = MISBEHAVIOURS.iter().map(|(id, label, _)| consent::decision(id, label)).collect();
        let body = format!(
            "<p>You are logged in as <strong id=\"person\">{name}</strong>.{others}</p>\
             <form method=\"post\" action=\"{action}\">{person}{business}{accounts}{new}{approve}{half_way}{decline}{situations}{misbehave}</form>\
             {faults}<p>{app_name} asks for {permissions} and returns to <code>{redirect_uri}</code>.</p>",
            name = name(person),
            action = consent::escape(here),
            person = consent::hidden("person", person),
            business = select("business", "Business portfolio (a new one if none is chosen)", &choice),
            new = new_number(),
            approve = consent::decision("approve", "Continue"),
            half_way = consent::decision("half_way", "Leave before there is a number"),
            decline = consent::decision("decline", "Cancel"),
            situations = consent::group("Situations", &self.error_choice()),
            misbehave = consent::group("Misbehave", &(misbehave + &consent::decision("fail", "Fail without an error name"))),
            faults = consent::faults_form(&self.provider, here),
            app_name = consent::escape(&self.app.name),
            permissions = consent::escape(&app.permissions.join(", ")),
            redirect_uri = consent::escape(&sign_up.redirect_uri),
        );
        consent::page("Facebook", "Connect your WhatsApp account", &body)
    }

    /// The dialog's form, sent to the same URL.
    pub(in crate::facebook) fn decide_whatsapp(&self, request: &RecordedRequest) -> Reply {
        let Some(app) = &self.app.whatsapp else { return error_page("WhatsApp is not switched on here") };
        let sign_up = match sign_up(app, &request.query()) {
            Ok(sign_up) => sign_up,
            Err(message) => return error_page(&message),
        };
        let form = request.form();
        self.arrange_error(&form);
        let decision = first(&form, "decision").unwrap_or_default();
        let misbehaviour = MISBEHAVIOURS.iter().find(|(id, ..)| *id == decision).map(|(.., misbehaviour)| *misbehaviour);
        let callback = match decision {
            "fail" => Ok(failed(&sign_up.redirect_uri, &sign_up.state)),
            decision if misbehaviour.is_some() || ["approve", "half_way"].contains(&decision) => {
                let consent = lock(&self.state).signed_up(&form, decision == "half_way");
                consent.and_then(|consent| self.grant_whatsapp(app, &sign_up, &WhatsAppConsent { misbehaviour, ..consent }))
            }
            _ => Ok(declined(&sign_up.redirect_uri, &sign_up.state)),
        };
        // Facebook appends this fragment; no server sees it.
        callback.map_or_else(|message| error_page(&message), |url| Reply::redirect(302, format!("{url}#_=_")))
    }

    /// Writes the grant down; returns the URL a person's browser is sent to.
    fn grant_whatsapp(&self, app: &WhatsAppApp, sign_up: &SignUp, consent: &WhatsAppConsent) -> Result<String, String> {
        let mut state = lock(&self.state);
        let known = &mut state.whatsapp.lasting;
        if !known.portfolios.contains_key(&consent.business) {
            return Err(format!("There is no business portfolio with the id {:?}", consent.business));
        }
        let usable = known.accounts_of(&consent.business);
        let chosen = consent.accounts.clone().unwrap_or_else(|| usable.clone());
        if let Some(foreign) = chosen.iter().find(|account| !usable.contains(account)) {
            return Err(format!("The portfolio has no account with the id {foreign:?}"));
        }
        let grant = known.grants.entry(consent.business.clone()).or_default();
        grant.permissions.extend(app.permissions.iter().cloned());
        for account in chosen {
            grant.accounts.retain(|earlier| *earlier != account);
            grant.accounts.insert(0, account);
        }
        let code = self.provider.issue("AQ");
        state.whatsapp.codes.push(Code {
            value: code.clone(),
            business: consent.business.clone(),
            redirect_uri: sign_up.redirect_uri.clone(),
            foreign: consent.misbehaviour == Some(Misbehaviour::ForeignToken),
            issued_at: self.provider.now(),
            used: false,
        });
        Ok(returned(&sign_up.redirect_uri, &sign_up.state, &code, consent.misbehaviour))
    }
}

impl State {
    /// What the form says, with the portfolio, the account and the number that it makes.
    fn signed_up(&mut self, form: &[(String, String)], is_half_way: bool) -> Result<WhatsAppConsent, String> {
        let field = |name: &str| first(form, name).map(str::trim).filter(|value| !value.is_empty());
        let person = field("person").filter(|id| self.people.contains_key(*id)).ok_or("There is nobody with this id")?;
        let business = match field("business") {
            Some(business) => business.to_owned(),
            None => {
                let name = self.people.get(person).map(|person| person.name.clone()).unwrap_or_default();
                self.new_business(person, &format!("Business of {name}"))
            }
        };
        let is_admin = |id: &str| self.whatsapp.lasting.portfolios.get(id).is_some_and(|own| own.admins.contains(person));
        if !is_admin(&business) {
            return Err("Only an admin with full control of the portfolio can do this".to_owned());
        }
        let usable = self.whatsapp.lasting.accounts_of(&business);
        let mut accounts: Vec<String> = all(form, "accounts").filter(|account| usable.contains(account)).collect();
        if is_half_way || field("new_number").is_some() {
            let name = field("new_account").unwrap_or("New account").to_owned();
            let account = self.new_account(&business, &name);
            if let Some(display) = field("new_number").filter(|_| !is_half_way) {
                let number = self.new_number(&account, display, &name);
                self.arrange_number(&number, field("number_state").unwrap_or_default());
            }
            accounts.push(account);
        }
        Ok(WhatsAppConsent::of(&business).with_accounts(accounts))
    }

    fn arrange_number(&mut self, id: &str, wanted: &str) {
        let Some(number) = self.whatsapp.lasting.numbers.get_mut(id) else { return };
        match wanted {
            "pin" => number.pin = Some(MERCHANTS_PIN.to_owned()),
            "app" => {
                number.is_on_biz_app = true;
                "CLOUD_API".clone_into(&mut number.platform_type);
                "CONNECTED".clone_into(&mut number.status);
            }
            "unverified" => "NOT_VERIFIED".clone_into(&mut number.code_verification_status),
            _ => {}
        }
    }
}

fn account_box(state: &State, account: &str) -> String {
    let known = &state.whatsapp.lasting;
    let numbers: Vec<String> = known.numbers_of(account).into_iter().map(|number| number.display_phone_number).collect();
    let numbers = if numbers.is_empty() { "no number yet".to_owned() } else { numbers.join(", ") };
    let name = known.accounts.get(account).map(|account| account.name.as_str()).unwrap_or_default();
    consent::ticked("accounts", account, &format!("{name} ({numbers})"))
}

fn new_number() -> String {
    let field = |name: &str, label: &str| {
        format!("<label>{label} <input type=\"text\" name=\"{name}\" id=\"{name}\" autocomplete=\"off\"></label>")
    };
    let states = [("pin", "has a two-step PIN already"), ("app", "stays in the WhatsApp Business app"), ("unverified", "is not verified")];
    let content = field("new_account", "Name of a new account")
        + &field("new_number", "Its phone number, such as +1 631-555-0123")
        + &select("number_state", "The number", &states);
    consent::group("Add another number", &content)
}
