//! What tests do to portfolios, accounts, numbers and grants.

use super::business::{Account, Number, Targets};
use super::{LocalFacebook, MERCHANTS_PIN};
use crate::facebook::graph::State;
use crate::provider::lock;

impl LocalFacebook {
    /// A portfolio with numbers of every sort: new, with a PIN, in the WhatsApp Business app, not
    /// verified.
    pub(in crate::facebook) fn populate_whatsapp(&self, person: &str) {
        let business = self.add_business(person, "Acme Inc.");
        let store = self.add_account(&business, "Acme Store");
        self.add_number(&store, "+1 631-555-0101");
        let with_pin = self.add_number(&store, "+1 631-555-0102");
        self.set_pin(&with_pin, Some(MERCHANTS_PIN));
        let outlet = self.add_account(&business, "Acme Outlet");
        let in_app = self.add_number(&outlet, "+1 631-555-0103");
        self.edit_number(&in_app, |number| {
            number.is_on_biz_app = true;
            "CLOUD_API".clone_into(&mut number.platform_type);
            "CONNECTED".clone_into(&mut number.status);
        });
        let unverified = self.add_number(&outlet, "+1 631-555-0104");
        self.edit_number(&unverified, |number| "NOT_VERIFIED".clone_into(&mut number.code_verification_status));
    }

    /// Adds a business portfolio that this person has full control of; returns the id.
    pub fn add_business(&self, person: &str, name: &str) -> String {
        lock(&self.facebook.state).new_business(person, name)
    }

    /// Adds a WhatsApp Business Account without a number; returns the id.
    pub fn add_account(&self, business: &str, name: &str) -> String {
        lock(&self.facebook.state).new_account(business, name)
    }

    /// Adds a verified number that waits for its registration; returns the id.
    pub fn add_number(&self, account: &str, display_phone_number: &str) -> String {
        let mut state = lock(&self.facebook.state);
        let name = state.whatsapp.lasting.accounts.get(account).map(|account| account.name.clone()).unwrap_or_default();
        state.new_number(account, display_phone_number, &name)
    }

    /// Leaves an account as its sign-up, a subscription and the registration of its numbers with
    /// this PIN would; returns the token.
    ///
    /// # Panics
    /// When there is no such account, or WhatsApp is off.
    #[must_use]
    pub fn connect_account(&self, account: &str, pin: &str) -> String {
        let app = self.facebook.app.whatsapp.as_ref().expect("WhatsApp is on");
        let now = self.now();
        let mut state = lock(&self.facebook.state);
        let known = &mut state.whatsapp.lasting;
        let business = known.accounts.get(account).expect("there is an account of that id").owner.clone();
        let grant = known.grants.entry(business.clone()).or_default();
        grant.permissions.extend(app.permissions.iter().cloned());
        grant.accounts.retain(|earlier| earlier != account);
        grant.accounts.insert(0, account.to_owned());
        known.subscriptions.insert(account.to_owned(), None);
        known.numbers.values_mut().filter(|number| number.account == account).for_each(|number| number.connect(pin, now));
        self.facebook.issue_business(&mut state, &business, &app.app_id, app.token_seconds)
    }

    /// Changes an account.
    ///
    /// # Panics
    /// When there is no such account.
    pub fn edit_account(&self, id: &str, edit: impl FnOnce(&mut Account)) {
        edit(lock(&self.facebook.state).whatsapp.lasting.accounts.get_mut(id).expect("there is an account of that id"));
    }

    /// Changes a number.
    ///
    /// # Panics
    /// When there is no such number.
    pub fn edit_number(&self, id: &str, edit: impl FnOnce(&mut Number)) {
        edit(lock(&self.facebook.state).whatsapp.lasting.numbers.get_mut(id).expect("there is a number of that id"));
    }

    /// A number as it is now.
    ///
    /// # Panics
    /// When there is no such number.
    #[must_use]
    pub fn number(&self, id: &str) -> Number {
        lock(&self.facebook.state).whatsapp.lasting.numbers.get(id).expect("there is a number of that id").clone()
    }

    /// Removes a number; calls about it answer that there is none.
    pub fn remove_number(&self, id: &str) {
        lock(&self.facebook.state).whatsapp.lasting.numbers.remove(id);
    }

    /// Removes an account with its numbers.
    pub fn remove_account(&self, id: &str) {
        let known = &mut lock(&self.facebook.state).whatsapp.lasting;
        known.accounts.remove(id);
        known.numbers.retain(|_, number| number.account != id);
    }

    /// Lets the inspection name other targets of a permission than the accounts chosen, or none. A
    /// permission that was not granted is from now on.
    pub fn set_targets(&self, business: &str, permission: &str, targets: Targets) {
        let mut state = lock(&self.facebook.state);
        let grant = state.whatsapp.lasting.grants.entry(business.to_owned()).or_default();
        grant.permissions.insert(permission.to_owned());
        grant.targets.insert(permission.to_owned(), targets);
    }

    /// Takes one permission of a portfolio's grant back.
    pub fn take_back_from_business(&self, business: &str, permission: &str) {
        if let Some(grant) = lock(&self.facebook.state).whatsapp.lasting.grants.get_mut(business) {
            grant.permissions.remove(permission);
        }
    }

    /// Takes one account out of what a portfolio granted.
    pub fn unshare_account(&self, business: &str, account: &str) {
        let known = &mut lock(&self.facebook.state).whatsapp.lasting;
        if let Some(grant) = known.grants.get_mut(business) {
            grant.accounts.retain(|shared| shared != account);
        }
        known.subscriptions.remove(account);
    }

    /// Lets a portfolio remove the app: its tokens are dead.
    pub fn remove_app_from_business(&self, business: &str) {
        lock(&self.facebook.state).end_business(business);
    }
}

impl State {
    pub(super) fn end_business(&mut self, business: &str) {
        let known = &mut self.whatsapp.lasting;
        let accounts = known.grants.remove(business).unwrap_or_default().accounts;
        for account in accounts {
            known.subscriptions.remove(&account);
        }
    }
}
