//! What Meta delivers for WhatsApp: messages and statuses of numbers, and what becomes of accounts
//! (WhatsApp, webhooks). An update is a change of an entry; entries are of accounts, or, where a
//! partner is told, of the app's own business.

mod event;
mod said;

use serde_json::{Value, json};

pub use event::AccountEvent;
pub(super) use event::REASONS;
pub use said::Said;
pub(super) use said::new_wamid;

use super::chat::Contact;
use super::{LocalFacebook, OBJECT};
use crate::facebook::graph::{Facebook, State};
use crate::facebook::webhook::{Delivery, MOST_UPDATES, deliver, unsent};
use crate::provider::lock;

/// One update.
#[derive(Clone, Debug)]
pub struct Change {
    /// The id of the account, or of the app's own business.
    pub entry: String,
    /// When, in seconds; only some entries tell.
    pub time: Option<i64>,
    /// The field by which it is subscribed to.
    pub field: String,
    /// What changed. Tests change it.
    pub value: Value,
}

impl Change {
    /// Any change of an account.
    #[must_use]
    pub fn of(account: &str, field: &str, value: Value) -> Self {
        Self { entry: account.to_owned(), time: None, field: field.to_owned(), value }
    }
}

/// The body of a delivery. Neighbours of one entry share it.
#[must_use]
pub fn payload(changes: &[Change]) -> Value {
    let entries = changes.chunk_by(|one, next| (&one.entry, one.time) == (&next.entry, next.time));
    let entries: Vec<Value> = entries
        .filter_map(|changes| {
            let first = changes.first()?;
            let list: Vec<Value> = changes.iter().map(|change| json!({ "field": change.field, "value": change.value })).collect();
            let mut entry = json!({ "id": first.entry, "changes": list });
            if let Some(time) = first.time {
                entry["time"] = json!(time);
            }
            Some(entry)
        })
        .collect();
    json!({ "object": OBJECT, "entry": entries })
}

impl LocalFacebook {
    /// What happens now between a customer and a number, which may answer it.
    ///
    /// # Panics
    /// When there is no such number.
    #[must_use]
    pub fn number_update(&self, number: &str, contact: &Contact, said: &Said) -> Change {
        self.number_update_at(number, contact, said, self.now())
    }

    /// The same at another time, in seconds.
    ///
    /// # Panics
    /// When there is no such number.
    #[must_use]
    pub fn number_update_at(&self, number: &str, contact: &Contact, said: &Said, at: i64) -> Change {
        lock(&self.facebook.state).happens_to_number(number, contact, said, at).expect("there is a number of that id")
    }

    /// What Meta says of an account, whether or not it is so.
    #[must_use]
    pub fn account_update(&self, account: &str, event: &AccountEvent) -> Change {
        let now = self.now();
        self.facebook.account_update(&lock(&self.facebook.state), account, event, now)
    }

    /// Lets something happen to an account; returns the delivery that tells of it.
    #[must_use]
    pub fn account_event(&self, account: &str, event: &AccountEvent) -> Delivery {
        let change = self.account_update(account, event);
        lock(&self.facebook.state).befalls(account, event);
        self.whatsapp_webhook([change])
    }

    /// A delivery of these updates in their order. Whether the app is subscribed to them is not
    /// asked.
    ///
    /// # Panics
    /// When they are none or too many, or WhatsApp is off.
    #[must_use]
    pub fn whatsapp_webhook(&self, changes: impl IntoIterator<Item = Change>) -> Delivery {
        let changes: Vec<Change> = changes.into_iter().collect();
        assert!((1..=MOST_UPDATES).contains(&changes.len()), "{} updates in one delivery", changes.len());
        let app = self.facebook.app.whatsapp.as_ref().expect("WhatsApp is on");
        Delivery::of(&payload(&changes), &app.app_secret)
    }

    /// A delivery of what happens now between a new customer and a number.
    ///
    /// # Panics
    /// When there is no such number.
    #[must_use]
    pub fn whatsapp_webhook_about(&self, number: &str, said: &Said) -> Delivery {
        self.whatsapp_webhook([self.number_update(number, &self.add_contact(), said)])
    }

    /// Why Meta would not deliver an update of this account now; none where it would.
    #[must_use]
    pub fn why_whatsapp_is_silent(&self, account: &str, field: &str) -> Option<String> {
        lock(&self.facebook.state).why_whatsapp_is_silent(account, field)
    }
}

impl State {
    /// Why an update is not delivered, in words for a person at the page.
    pub(super) fn why_whatsapp_is_silent(&self, account: &str, field: &str) -> Option<String> {
        let known = &self.whatsapp.lasting;
        let is_message = field == "messages";
        if is_message && !known.grants.values().any(|grant| grant.covers("whatsapp_business_messaging", account)) {
            return Some("nobody has granted whatsapp_business_messaging to the app for its account".to_owned());
        }
        match known.subscriptions.get(account) {
            None => Some("the app is not subscribed to its account".to_owned()),
            Some(Some(elsewhere)) => Some(format!("the webhooks of its account go to {elsewhere}")),
            Some(None) => self.why_app_is_deaf(field),
        }
    }

    fn why_app_is_deaf(&self, field: &str) -> Option<String> {
        let heard = self.app_fields.get(OBJECT).map(Vec::as_slice).unwrap_or_default();
        let is_heard = heard.iter().any(|own| own == field);
        (!is_heard).then(|| format!("the app itself does not listen to {field} of the object {OBJECT}"))
    }

    /// The same of one update: what the app's own business is told needs no subscription to an
    /// account (a choice: Meta says nothing about that).
    fn why_unsent(&self, account: &str, change: &Change) -> Option<String> {
        if change.entry == account { self.why_whatsapp_is_silent(account, &change.field) } else { self.why_app_is_deaf(&change.field) }
    }

    /// Notes what happens between a customer and a number, and says how it is told; none where
    /// there is no such number.
    pub(super) fn happens_to_number(&mut self, number: &str, contact: &Contact, said: &Said, now: i64) -> Option<Change> {
        let number = self.whatsapp.lasting.numbers.get(number)?.clone();
        let (value, id) = said.told(&number, contact, now);
        self.note_said(&number.id, contact, said, &id, now);
        Some(Change::of(&number.account, "messages", value))
    }
}

impl Facebook {
    /// Something that happens between a customer and a number: noted, and delivered where the app
    /// is subscribed to it.
    pub(super) fn tell_whatsapp(&self, state: &mut State, number: &str, contact: &Contact, what: String, said: &Said) {
        if let Some(change) = state.happens_to_number(number, contact, said, self.provider.now()) {
            let why = state.why_unsent(&change.entry, &change);
            self.deliver_whatsapp(state, what, change, why);
        }
    }

    /// Delivers an update, or says why not.
    fn deliver_whatsapp(&self, state: &State, what: String, change: Change, why: Option<String>) {
        let Some(app) = &self.app.whatsapp else { return };
        if let Some(why) = why {
            unsent(&state.told, what, &why);
            return;
        }
        let delivery = Delivery::of(&payload(&[change]), &app.app_secret);
        deliver(state.told.clone(), what, self.app.origin(), delivery.request());
    }

    fn account_update(&self, state: &State, account: &str, event: &AccountEvent, now: i64) -> Change {
        let owner = state.whatsapp.lasting.accounts.get(account).map(|account| account.owner.clone()).unwrap_or_default();
        let (app_id, own_business) = match &self.app.whatsapp {
            Some(app) => (app.app_id.as_str(), app.business_id.as_str()),
            None => ("", ""),
        };
        let entry = if event.is_for_partner() { own_business } else { account };
        let value = event.told(account, &owner, app_id);
        Change { time: Some(now), ..Change::of(entry, "account_update", value) }
    }

    /// The same from the pages: it happens and is delivered.
    pub(super) fn befalls_account(&self, state: &mut State, account: &str, what: String, event: &AccountEvent) {
        let change = self.account_update(state, account, event, self.provider.now());
        // What ends a subscription is still told.
        let why = state.why_unsent(account, &change);
        state.befalls(account, event);
        self.deliver_whatsapp(state, what, change, why);
    }
}
