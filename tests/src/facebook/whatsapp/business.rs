//! Who and what there is: business portfolios, their accounts and numbers, and what they granted to
//! the app.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Lasting;
use crate::facebook::Misbehaviour;
use crate::facebook::graph::State;

/// A business portfolio.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Portfolio {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Who has full control of it, by person id.
    pub admins: BTreeSet<String>,
}

/// A WhatsApp Business Account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The portfolio that owns it.
    pub owner: String,
    /// Portfolios that may use it though it is not theirs.
    pub shared_with: BTreeSet<String>,
    /// An older one, run on behalf of its owner, whose id stands in another field then.
    pub is_on_behalf: bool,
    /// `APPROVED`, `PENDING` or `REJECTED`.
    pub review_status: String,
    /// Every call about it is answered with this error, such as 10, 33, 100 or 200.
    pub error: Option<u32>,
    /// Whether it is locked for a violation: its numbers can't be registered, and can't send.
    pub is_locked: bool,
}

/// A phone number of an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Number {
    /// The id.
    pub id: String,
    /// The account it belongs to.
    pub account: String,
    /// The number, as it is shown.
    pub display_phone_number: String,
    /// The name that Meta has verified.
    pub verified_name: String,
    /// Such as `PENDING` or `CONNECTED`.
    pub status: String,
    /// `VERIFIED`, `NOT_VERIFIED` or `EXPIRED`.
    pub code_verification_status: String,
    /// `CLOUD_API`, `ON_PREMISE` or `NOT_APPLICABLE`.
    pub platform_type: String,
    /// Whether it is in the WhatsApp Business app at the same time.
    pub is_on_biz_app: bool,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub quality_rating: String,
    /// Such as `APPROVED`.
    pub name_status: String,
    /// `LIVE` or `SANDBOX`.
    pub account_mode: String,
    /// When it was registered last, in seconds.
    pub last_onboarded_at: Option<i64>,
    /// The PIN of its two-step verification.
    pub pin: Option<String>,
    /// Every registration is answered with this error, such as 133015 or 133000.
    pub registration_error: Option<u32>,
    /// After a wrong PIN the next one is too fast for so many seconds. Not documented; none by
    /// default.
    pub guess_pause_seconds: i64,
    /// When a wrong PIN was tried, since the last right one.
    pub(super) wrong_guesses: Vec<i64>,
}

impl Number {
    /// Whether messages can be sent from it.
    pub(super) fn is_registered(&self) -> bool {
        self.status == "CONNECTED" && self.platform_type == "CLOUD_API"
    }
}

/// What a permission was granted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Targets {
    /// The inspection names no targets.
    Unnamed,
    /// These, by id; for none, if there are none.
    These(Vec<String>),
}

/// What a portfolio's people granted to the app. Later dialogs add to it: the new token reaches the
/// earlier accounts as well (WhatsApp, manage accounts: "the first is the newest").
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) permissions: BTreeSet<String>,
    pub(super) accounts: Vec<String>,
    /// By permission, in place of the accounts above.
    pub(super) targets: BTreeMap<String, Targets>,
}

impl Grant {
    pub(super) fn covers(&self, permission: &str, account: &str) -> bool {
        let is_shared = self.accounts.iter().any(|shared| shared == account);
        let is_target = match self.targets.get(permission) {
            Some(Targets::These(targets)) => targets.iter().any(|target| target == account),
            Some(Targets::Unnamed) | None => true,
        };
        self.permissions.contains(permission) && is_shared && is_target
    }
}

/// How a person answers WhatsApp's dialog.
#[derive(Clone, Debug)]
pub struct WhatsAppConsent {
    /// The portfolio that grants.
    pub business: String,
    /// The accounts chosen; without them all that the portfolio owns or may use.
    pub accounts: Option<Vec<String>>,
    /// What is wrong with the callback or the token.
    pub misbehaviour: Option<Misbehaviour>,
}

impl WhatsAppConsent {
    /// Every account of this portfolio.
    #[must_use]
    pub fn of(business: &str) -> Self {
        Self { business: business.to_owned(), accounts: None, misbehaviour: None }
    }

    /// Chooses these accounts.
    #[must_use]
    pub fn with_accounts<T: AsRef<str>>(mut self, accounts: impl IntoIterator<Item = T>) -> Self {
        self.accounts = Some(accounts.into_iter().map(|account| account.as_ref().to_owned()).collect());
        self
    }

    /// Lets the callback or the token be wrong.
    #[must_use]
    pub fn with(mut self, misbehaviour: Misbehaviour) -> Self {
        self.misbehaviour = Some(misbehaviour);
        self
    }
}

impl Lasting {
    /// The accounts that a portfolio owns or may use, by id.
    pub(super) fn accounts_of(&self, business: &str) -> Vec<String> {
        let is_usable = |account: &&Account| account.owner == business || account.shared_with.contains(business);
        self.accounts.values().filter(is_usable).map(|account| account.id.clone()).collect()
    }

    /// The numbers of an account, by id.
    pub(super) fn numbers_of(&self, account: &str) -> Vec<Number> {
        self.numbers.values().filter(|number| number.account == account).cloned().collect()
    }
}

impl State {
    pub(super) fn new_business(&mut self, person: &str, name: &str) -> String {
        let id = self.next_id(2_329_000_000_000_000);
        let portfolio = Portfolio { id: id.clone(), name: name.to_owned(), admins: BTreeSet::from([person.to_owned()]) };
        self.whatsapp.lasting.portfolios.insert(id.clone(), portfolio);
        id
    }

    pub(super) fn new_account(&mut self, business: &str, name: &str) -> String {
        let id = self.next_id(102_000_000_000_000);
        let account = Account {
            id: id.clone(),
            name: name.to_owned(),
            owner: business.to_owned(),
            shared_with: BTreeSet::new(),
            is_on_behalf: false,
            review_status: "APPROVED".to_owned(),
            error: None,
            is_locked: false,
        };
        self.whatsapp.lasting.accounts.insert(id.clone(), account);
        id
    }

    /// A new number is verified by a code in the dialog, and waits for its registration.
    pub(super) fn new_number(&mut self, account: &str, display_phone_number: &str, name: &str) -> String {
        let id = self.next_id(106_000_000_000_000);
        let number = Number {
            id: id.clone(),
            account: account.to_owned(),
            display_phone_number: display_phone_number.to_owned(),
            verified_name: name.to_owned(),
            status: "PENDING".to_owned(),
            code_verification_status: "VERIFIED".to_owned(),
            platform_type: "NOT_APPLICABLE".to_owned(),
            is_on_biz_app: false,
            quality_rating: "UNKNOWN".to_owned(),
            name_status: "APPROVED".to_owned(),
            account_mode: "LIVE".to_owned(),
            last_onboarded_at: None,
            pin: None,
            registration_error: None,
            guess_pause_seconds: 0,
            wrong_guesses: Vec::new(),
        };
        self.whatsapp.lasting.numbers.insert(id.clone(), number);
        id
    }
}
