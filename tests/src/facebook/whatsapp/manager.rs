//! The page on which a person is a merchant at WhatsApp Manager, and Meta as well: what becomes of
//! accounts and numbers is delivered to the app.

use serde_json::json;

use super::business::{Account, Number};
use super::chat::Contact;
use super::webhook::{AccountEvent, REASONS, Said};
use super::{MERCHANTS_PIN, PATH};
use crate::consent;
use crate::facebook::graph::{Facebook, State};
use crate::facebook::situations::select;
use crate::facebook::webhook::INBOX;
use crate::provider::{RecordedRequest, Reply, first, lock};

/// The buttons of an account, and what they say.
const EVENTS: [(&str, &str); 12] = [
    ("add", "The account is shared with the app's business"),
    ("remove", "The merchant stops sharing the account"),
    ("uninstall", "The merchant removes the app"),
    ("uninstall_other", "The merchant removes another app"),
    ("restrict", "Meta restricts the account"),
    ("violate", "Meta finds a violation"),
    ("schedule", "Meta announces a ban"),
    ("ban", "Meta bans the account"),
    ("reinstate", "Meta takes the ban back"),
    ("offboard", "The device changes"),
    ("reconnect", "The device is back"),
    ("delete", "The account is deleted"),
];
/// The buttons of a number's customer.
const CUSTOMERS: [(&str, &str); 7] = [
    ("text", "A customer writes this"),
    ("hidden", "A customer without a number writes this"),
    ("template_button", "A customer presses a template's button"),
    ("image", "A customer sends a picture"),
    ("ad", "A customer comes by an ad"),
    ("reaction", "A customer reacts"),
    ("location", "A customer sends a place"),
];
/// Those of the app's last message.
const STATUSES: [(&str, &str); 4] =
    [("sent", "It was sent"), ("delivered", "It was delivered"), ("read", "It was read"), ("failed", "It failed")];

impl Facebook {
    /// `GET /whatsapp`: every account and number with its buttons.
    pub(super) fn manager(&self) -> Reply {
        let state = lock(&self.state);
        let known = &state.whatsapp.lasting;
        let accounts: String = known.accounts.values().map(|account| account_form(&state, account)).collect();
        let accounts = if accounts.is_empty() { "<p>There is no account yet.</p>".to_owned() } else { accounts };
        let body = format!(
            "<p>What a merchant and Meta do here is delivered to the app. <a id=\"inbox\" href=\"{INBOX}\">What the app \
             answered</a></p>{accounts}"
        );
        Reply::html(200, consent::page("Facebook", "WhatsApp Manager", &body))
    }

    /// `POST /whatsapp`: one of the buttons.
    pub(super) fn manage(&self, request: &RecordedRequest) -> Reply {
        let form = request.form();
        let field = |name: &str| first(&form, name).unwrap_or_default();
        let mut state = lock(&self.state);
        let (decision, label) = (field("decision"), |list: &[(&str, &str)]| {
            let known = list.iter().find(|(id, _)| *id == field("decision"));
            known.map(|(_, label)| (*label).to_owned())
        });
        if let Some(event) = event(decision, field("reason")) {
            let what = label(&EVENTS).unwrap_or_else(|| format!("Coexistence ends: {}", field("reason")));
            if state.whatsapp.lasting.accounts.contains_key(field("account")) {
                self.befalls_account(&mut state, field("account"), what, &event);
            }
        } else if decision == "lift" {
            // That a restriction is over has no event.
            state.set_statuses(field("account"), "CONNECTED");
        } else {
            self.manage_number(&mut state, field("number"), decision, label(&CUSTOMERS), field("text"));
        }
        Reply::redirect(303, PATH.to_owned())
    }

    fn manage_number(&self, state: &mut State, id: &str, decision: &str, what: Option<String>, text: &str) {
        let Some(number) = state.whatsapp.lasting.numbers.get_mut(id) else { return };
        match decision {
            "pin_off" => return number.set_pin(None),
            "pin_set" => return number.set_pin(Some(MERCHANTS_PIN)),
            _ => {}
        }
        let last_sent = state.whatsapp.sent.iter().rev().find(|sent| sent.number == id).cloned();
        if let (Some((status, label)), Some(sent)) = (STATUSES.iter().find(|(status, _)| *status == decision), &last_sent) {
            let contact = state.contact(&sent.user_id);
            let error = (*status == "failed").then_some(131_026);
            let said = Said::Status { message_id: sent.message_id.clone(), status, error };
            return self.tell_whatsapp(state, id, &contact, format!("The app's last message: {label}"), &said);
        }
        let contact = if decision == "hidden" { state.new_contact(false) } else { state.own_contact() };
        let message_id = last_sent.map_or_else(super::webhook::new_wamid, |sent| sent.message_id);
        if let (Some(said), Some(what)) = (said(decision, text, message_id), what) {
            self.tell_whatsapp(state, id, &contact, what, &said);
        }
    }
}

impl State {
    /// A customer by their id for the business.
    fn contact(&self, user_id: &str) -> Contact {
        let known = self.whatsapp.contacts.iter().find(|contact| contact.user_id == user_id).cloned();
        known.unwrap_or_else(|| Contact { wa_id: None, user_id: user_id.to_owned(), name: String::new() })
    }
}

fn event(decision: &str, reason: &str) -> Option<AccountEvent> {
    let ban = |state| AccountEvent::Ban { state, date: "November 30, 2026" };
    Some(match decision {
        "add" => AccountEvent::Added,
        "remove" => AccountEvent::Removed,
        "uninstall" => AccountEvent::AppUninstalled,
        "uninstall_other" => AccountEvent::OtherAppUninstalled { app_id: "999999999999999" },
        "restrict" => AccountEvent::Restricted { kind: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: None },
        "violate" => AccountEvent::Violation { kind: "ADULT" },
        "schedule" => ban("SCHEDULE_FOR_DISABLE"),
        "ban" => ban("DISABLE"),
        "reinstate" => ban("REINSTATE"),
        "offboard" => AccountEvent::Offboarded,
        "reconnect" => AccountEvent::Reconnected,
        "delete" => AccountEvent::Deleted,
        "disconnect" => {
            let (reason, initiated_by) = REASONS.iter().find(|(known, _)| *known == reason)?;
            AccountEvent::Disconnected { reason, initiated_by }
        }
        _ => return None,
    })
}

fn said(decision: &str, text: &str, message_id: String) -> Option<Said> {
    let text = text.to_owned();
    Some(match decision {
        "text" | "hidden" => Said::Text(text),
        "template_button" => Said::TemplateButton { text, payload: "LOCAL_BUTTON".to_owned() },
        "image" => Said::Image { media_id: "1003383421387256".to_owned(), caption: Some(text) },
        "ad" => Said::Ad { text, source_id: "120226305854810726".to_owned() },
        "reaction" => Said::Reaction { message_id, emoji: Some("\u{2764}\u{fe0f}".to_owned()) },
        "location" => Said::Other(json!({ "type": "location", "location": { "latitude": 52.52, "longitude": 13.405, "name": text } })),
        _ => return None,
    })
}

fn account_form(state: &State, account: &Account) -> String {
    let id = consent::escape(&account.id);
    let button = |(decision, label): &(&str, &str)| {
        format!("<button type=\"submit\" id=\"{decision}-{id}\" name=\"decision\" value=\"{decision}\">{}</button>", consent::escape(label))
    };
    let events: String = EVENTS.iter().map(button).collect();
    let reasons: Vec<(&str, &str)> = REASONS.iter().map(|(reason, _)| (*reason, *reason)).collect();
    let numbers: String = state.whatsapp.lasting.numbers_of(&account.id).iter().map(|number| number_form(state, number)).collect();
    let silent = match state.why_whatsapp_is_silent(&account.id, "messages") {
        Some(why) => format!("<p>Messages are not delivered: {}.</p>", consent::escape(&why)),
        None => String::new(),
    };
    let content = format!(
        "{silent}<form method=\"post\" action=\"{PATH}\">{hidden}{events}{lift}{reason}{disconnect}</form>{numbers}",
        hidden = consent::hidden("account", &account.id),
        lift = button(&("lift", "A restriction is over (without a word)")),
        reason = select("reason", "Reason", &reasons).replace("id=\"reason\"", &format!("id=\"reason-{id}\"")),
        disconnect = button(&("disconnect", "Coexistence ends for this reason")),
    );
    consent::group(&format!("{} (account {})", account.name, account.id), &content)
}

fn number_form(state: &State, number: &Number) -> String {
    let id = consent::escape(&number.id);
    let button = |(decision, label): &(&str, &str)| {
        format!("<button type=\"submit\" id=\"{decision}-{id}\" name=\"decision\" value=\"{decision}\">{}</button>", consent::escape(label))
    };
    let tries = state.whatsapp.registrations.iter().filter(|tried| tried.number == number.id).count();
    let pin = match &number.pin {
        None => button(&("pin_set", &format!("The merchant sets the PIN {MERCHANTS_PIN}"))),
        Some(_) => button(&("pin_off", "The merchant switches the PIN off")),
    };
    let customers: String = CUSTOMERS.iter().map(button).collect();
    let statuses: String = STATUSES.iter().map(button).collect();
    let content = format!(
        "<p>{status}, {verified}; {tries} tries to register it. <a id=\"chat-{id}\" href=\"{PATH}/{id}\">Write to it as in WhatsApp</a></p>\
         <form method=\"post\" action=\"{PATH}\">{hidden}{pin}<label>Text <input type=\"text\" name=\"text\" id=\"text-of-{id}\" \
         value=\"Do you have a blue mug?\"></label>{customers}{of_last}</form>",
        status = consent::escape(&number.status),
        verified = consent::escape(&number.code_verification_status),
        hidden = consent::hidden("number", &number.id),
        of_last = consent::group("The app's last message", &statuses),
    );
    consent::group(&format!("{} ({})", number.display_phone_number, number.verified_name), &content)
}
