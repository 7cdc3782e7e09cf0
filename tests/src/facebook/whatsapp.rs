//! The local WhatsApp: a configuration of Facebook Login for Business whose dialog is WhatsApp's
//! sign-up, and the Business Management and Cloud APIs behind it. Comments say where a rule is
//! practice or a choice of this stand-in, not documented.

mod business;
mod chat;
mod controls;
mod dialog;
mod inspection;
mod manager;
mod message;
mod nodes;
mod page;
mod register;
mod samples;
mod send;
mod subscriptions;
mod tokens;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use business::{Account, Number, Portfolio, Targets, WhatsAppConsent};
pub use chat::{Contact, SentByNumber};
pub(super) use dialog::sign_up;
pub use register::Registration;
pub use samples::Meaning;
pub(super) use subscriptions::OBJECT;
pub use webhook::{AccountEvent, Change, Said, payload};

use super::LocalFacebook;
use super::error::GraphError;
use super::graph::Facebook;
use super::tokens::presented;
use crate::provider::{RecordedRequest, Reply, first, lock};
use crate::settings::Variables;

/// The path of its pages.
pub(super) const PATH: &str = "/whatsapp";
/// The PIN that merchants have set before.
pub const MERCHANTS_PIN: &str = "271828";
/// What every configuration for WhatsApp asks for (WhatsApp, embedded sign-up).
const PERMISSIONS: [&str; 2] = ["whatsapp_business_management", "whatsapp_business_messaging"];
/// What the app listens to unless a test says otherwise.
pub(super) const APP_FIELDS: [&str; 2] = ["messages", "account_update"];
/// The names of its calls; see [`super::CALLS`].
pub(super) const CALLS: &[crate::provider::Call] = &[
    ("whatsapp_exchange", &[]),
    ("whatsapp_debug_token", &["whatsapp_exchange"]),
    ("whatsapp_extension", &[]),
    ("whatsapp_me", &["whatsapp_debug_token"]),
    ("whatsapp_account", &["whatsapp_debug_token"]),
    ("whatsapp_phone_numbers", &["whatsapp_debug_token"]),
    ("whatsapp_phone_number", &[]),
    ("whatsapp_subscribe", &["whatsapp_phone_numbers"]),
    ("whatsapp_subscribed_apps", &["whatsapp_subscribe"]),
    ("whatsapp_unsubscribe", &[]),
    ("whatsapp_app_subscriptions", &[]),
    ("whatsapp_register", &["whatsapp_subscribed_apps"]),
    ("whatsapp_deregister", &[]),
    ("whatsapp_revoke", &["whatsapp_unsubscribe"]),
    ("whatsapp_send", &[]),
];

/// The app that WhatsApp is switched on for, as it is configured at Facebook.
#[derive(Clone, Debug)]
pub struct WhatsAppApp {
    /// The app id, which may be that of the app for Pages.
    pub app_id: String,
    /// The app secret.
    pub app_secret: String,
    /// The configuration for WhatsApp.
    pub config_id: String,
    /// The allowed redirect URIs, compared exactly.
    pub redirect_uris: Vec<String>,
    /// The permissions of the configuration: all are granted, or none.
    pub permissions: Vec<String>,
    /// How long its tokens live: sixty days with one of the templates, else for ever.
    pub token_seconds: Option<i64>,
    /// "Require App Secret": calls with a token need its proof.
    pub require_proof: bool,
    /// Who owns the app: some webhooks have this id in the account's place.
    pub business_id: String,
}

impl WhatsAppApp {
    /// An app with one redirect URI and tokens that never end, which requires the proof.
    #[must_use]
    pub fn new(app_id: &str, app_secret: &str, config_id: &str, redirect_uri: &str) -> Self {
        Self {
            app_id: app_id.to_owned(),
            app_secret: app_secret.to_owned(),
            config_id: config_id.to_owned(),
            redirect_uris: vec![redirect_uri.to_owned()],
            permissions: PERMISSIONS.map(str::to_owned).to_vec(),
            token_seconds: None,
            require_proof: true,
            business_id: "2949482758682047".to_owned(),
        }
    }

    /// The app of these settings, which is that for Pages unless they say another; none where
    /// WhatsApp is off.
    #[must_use]
    pub fn of(settings: &Variables) -> Option<Self> {
        let of = |name: &str| settings.get(&format!("WHATSAPP_{name}"));
        let own_or_shared = |name: &str| of(name).or_else(|| settings.get(&format!("FACEBOOK_{name}")));
        let (app_id, app_secret) = (own_or_shared("APP_ID")?, own_or_shared("APP_SECRET")?);
        Some(Self::new(app_id, app_secret, of("CONFIG_ID")?, of("REDIRECT_URI")?))
    }
}

/// What is odd about WhatsApp's answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhatsAppQuirk {
    /// `target_ids` are numbers, not texts.
    NumericTargets,
    /// The inspection calls a token `USER`, as Meta's sample does, not `SYSTEM_USER`.
    TypeUser,
    /// The exchange tells type and lifetime of the token as well.
    WholeReply,
    /// This account's subscription is taken and not kept.
    SubscriptionNotKept(String),
    /// What can't be delivered is accepted first, and refused by a status later.
    RefusedLater,
}

/// What WhatsApp knows.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) lasting: Lasting,
    codes: Vec<tokens::Code>,
    quirks: Vec<WhatsAppQuirk>,
    /// Counts inspections of tokens: each lists in another order.
    inspections: usize,
    registrations: Vec<Registration>,
    contacts: Vec<Contact>,
    /// Who writes from the pages.
    own_contact: Option<Contact>,
    /// By number and customer.
    chats: BTreeMap<(String, String), chat::Chat>,
    sent: Vec<SentByNumber>,
}

/// The part that another stand-in can go on with.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Lasting {
    portfolios: BTreeMap<String, Portfolio>,
    accounts: BTreeMap<String, Account>,
    numbers: BTreeMap<String, Number>,
    /// By portfolio: what its people granted to the app.
    grants: BTreeMap<String, business::Grant>,
    tokens: Vec<tokens::Token>,
    /// By account: where its webhooks go in the app's place, if anywhere else.
    subscriptions: BTreeMap<String, Option<String>>,
    revoked: BTreeSet<String>,
}

impl Lasting {
    /// The same, come about so many seconds later.
    pub(super) fn later(mut self, seconds: i64) -> Self {
        self.tokens.iter_mut().for_each(|token| token.issued_later(seconds));
        self
    }
}

impl LocalFacebook {
    /// Makes WhatsApp's answers odd in these ways, and in no others.
    pub fn set_whatsapp_quirks(&self, quirks: impl IntoIterator<Item = WhatsAppQuirk>) {
        lock(&self.facebook.state).whatsapp.quirks = quirks.into_iter().collect();
    }
}

/// A call of WhatsApp's.
#[derive(Clone, Copy)]
pub(super) enum Call<'a> {
    Dialog,
    Exchange,
    Extension,
    Revoke,
    DebugToken,
    Me,
    Permissions,
    Account(&'a str),
    Number(&'a str),
    PhoneNumbers(&'a str),
    SubscribedApps(&'a str),
    AppSubscriptions,
    Register(&'a str),
    Deregister(&'a str),
    Send(&'a str),
    /// The page of accounts and numbers.
    Manager,
    /// The page of a customer.
    Chat(&'a str),
}

impl Call<'_> {
    /// By what name tests know it.
    pub(super) fn name(self, method: &Method) -> &'static str {
        match self {
            Self::Dialog => "dialog",
            Self::Exchange => "whatsapp_exchange",
            Self::Extension => "whatsapp_extension",
            Self::Revoke => "whatsapp_revoke",
            Self::DebugToken => "whatsapp_debug_token",
            Self::Me => "whatsapp_me",
            Self::Permissions => "whatsapp_permissions",
            Self::Account(_) => "whatsapp_account",
            Self::Number(_) => "whatsapp_phone_number",
            Self::PhoneNumbers(_) => "whatsapp_phone_numbers",
            Self::SubscribedApps(_) if method == Method::POST => "whatsapp_subscribe",
            Self::SubscribedApps(_) if method == Method::DELETE => "whatsapp_unsubscribe",
            Self::SubscribedApps(_) => "whatsapp_subscribed_apps",
            Self::AppSubscriptions => "whatsapp_app_subscriptions",
            Self::Register(_) => "whatsapp_register",
            Self::Deregister(_) => "whatsapp_deregister",
            Self::Send(_) => "whatsapp_send",
            Self::Manager | Self::Chat(_) => "whatsapp_pages",
        }
    }
}

impl Facebook {
    /// Which call of WhatsApp's a request is: by the configuration, the token, or what it is about.
    /// Where both are one app what nobody knows stays Facebook's.
    pub(super) fn whatsapp_call<'a>(&self, request: &RecordedRequest, path: &[&'a str]) -> Option<Call<'a>> {
        let app = self.app.whatsapp.as_ref()?;
        let is_apart = app.app_id != self.app.app_id;
        let state = lock(&self.state);
        let known = &state.whatsapp.lasting;
        let is_token = |value: &str| known.tokens.iter().any(|token| token.value == value);
        let caller = presented(request).unwrap_or_default();
        let is_holders = is_token(&caller);
        let is_apps = is_apart && caller == format!("{}|{}", app.app_id, app.app_secret);
        let field = |name: &str| request.field(name).unwrap_or_default();
        Some(match *path {
            ["dialog", "oauth"] if first(&request.query(), "config_id") == Some(&app.config_id) => Call::Dialog,
            ["oauth", "access_token"] => {
                let (code, token) = (field("code"), field("fb_exchange_token"));
                let is_about = state.whatsapp.codes.iter().any(|known| known.value == code) || is_token(&token);
                let is_ours = is_about || is_apart && field("client_id") == app.app_id;
                match &*field("grant_type") {
                    "fb_exchange_token" if is_ours => Call::Extension,
                    _ if is_ours => Call::Exchange,
                    _ => return None,
                }
            }
            ["oauth", "revoke"] => Call::Revoke,
            ["debug_token"] if is_apps || is_token(&field("input_token")) => Call::DebugToken,
            ["me"] if is_holders => Call::Me,
            ["me", "permissions"] if is_holders => Call::Permissions,
            [id, "phone_numbers"] => Call::PhoneNumbers(id),
            [id, "subscribed_apps"] if is_holders || known.accounts.contains_key(id) => Call::SubscribedApps(id),
            [id, "subscriptions"] if is_apart && id == app.app_id => Call::AppSubscriptions,
            [id, "register"] => Call::Register(id),
            [id, "deregister"] => Call::Deregister(id),
            [id, "messages"] if is_holders || known.numbers.contains_key(id) => Call::Send(id),
            ["whatsapp"] => Call::Manager,
            ["whatsapp", number] => Call::Chat(number),
            [id] if known.numbers.contains_key(id) => Call::Number(id),
            [id] if is_holders || known.accounts.contains_key(id) => Call::Account(id),
            _ => return None,
        })
    }

    /// The answer where it is a page.
    pub(super) fn whatsapp_page(&self, call: Call, request: &RecordedRequest) -> Option<Reply> {
        let is_post = request.method == Method::POST;
        Some(match call {
            Call::Dialog if is_post => self.decide_whatsapp(request),
            Call::Dialog => self.show_whatsapp(request),
            Call::Manager if is_post => self.manage(request),
            Call::Manager => self.manager(),
            Call::Chat(number) if is_post => self.whatsapp_writes(number, request),
            Call::Chat(number) => self.whatsapp_chat(number),
            _ => return None,
        })
    }

    /// The answer to all other calls.
    pub(super) fn whatsapp(&self, call: Call, request: &RecordedRequest) -> Result<Value, GraphError> {
        match call {
            Call::Dialog | Call::Manager | Call::Chat(_) => Err(GraphError::new(2500, "Unknown path components")),
            Call::Exchange => self.whatsapp_exchange(request),
            Call::Extension => self.whatsapp_extend(request),
            Call::Revoke => self.whatsapp_revoke(request),
            Call::DebugToken => self.whatsapp_debug_token(request),
            Call::Me => self.whatsapp_me(request),
            Call::Permissions => self.whatsapp_permissions(request),
            Call::Account(id) => self.whatsapp_account(id, request),
            Call::Number(id) => self.whatsapp_number(id, request),
            Call::PhoneNumbers(id) => self.whatsapp_phone_numbers(id, request),
            Call::SubscribedApps(id) => self.whatsapp_subscribed_apps(id, request),
            Call::AppSubscriptions => self.whatsapp_app_subscriptions(request),
            Call::Register(id) => self.whatsapp_register(id, request),
            Call::Deregister(id) => self.whatsapp_deregister(id, request),
            Call::Send(id) => self.whatsapp_send(id, request),
        }
    }
}
