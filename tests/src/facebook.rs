//! A local Facebook: login dialog and Graph API for one app, behaving as documented. Comments name the documentation
//! that a behaviour rests on; where Facebook documents nothing they say so.

mod dialog;
mod error;
mod graph;
mod instagram;
mod leave;
mod memory;
mod messenger;
mod pages;
mod paging;
mod people;
mod proof;
mod send;
mod situations;
mod subscriptions;
mod tokens;
mod webhook;
mod whatsapp;

use std::collections::BTreeMap;
use std::io;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, Mutex};

use axum::http::Method;

pub use leave::{delivery, signed_request};
pub use people::{ALL_TASKS, Consent, Misbehaviour, Page, Pages, Person};
pub use proof::appsecret_proof;
pub use send::Sent;
pub use webhook::{Delivery, Happening, META_ROUTE, MOST_UPDATES, Update, handshake};
pub use whatsapp::{
    Account, AccountEvent, Change, Contact, MERCHANTS_PIN, Meaning, Number, Portfolio, Registration, Said, SentByNumber, Targets,
    WhatsAppApp, WhatsAppConsent, WhatsAppQuirk, payload as whatsapp_payload,
};

use crate::provider::{Answers, Call, Provider, RecordedRequest, Server, first, lock};
use graph::{Facebook, node};

/// The calls by name. A system user's token isn't exchanged: there `code_exchange` comes before the last three.
const CALLS: &[Call] = &[
    ("dialog", &[]),
    ("code_exchange", &[]),
    ("long_lived_exchange", &["code_exchange"]),
    ("debug_token", &["long_lived_exchange"]),
    ("accounts", &["long_lived_exchange"]),
    ("page", &["debug_token", "accounts"]),
    ("me", &[]),
    ("permissions", &["unsubscribe"]),
    ("subscribe", &["debug_token", "accounts"]),
    ("subscribed_apps", &["subscribe"]),
    ("unsubscribe", &[]),
    ("app_subscriptions", &["debug_token", "accounts"]),
    ("thread_routing", &["debug_token", "accounts"]),
    ("send", &[]),
];

/// What the app listens to unless a test says otherwise: all that a bot for Pages could want.
const APP_FIELDS: [&str; 9] = [
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "message_echoes",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "standby",
];

/// The app as it is configured at Facebook.
#[derive(Clone, Debug)]
pub struct FacebookApp {
    /// The app id.
    pub app_id: String,
    /// The app secret.
    pub app_secret: String,
    /// The app's name, as the dialog shows it.
    pub name: String,
    /// The allowed redirect URIs, compared exactly.
    pub redirect_uris: Vec<String>,
    /// With Facebook Login for Business its configuration, which issues tokens of system users.
    pub config_id: Option<String>,
    /// The permissions of that configuration.
    pub permissions: Vec<String>,
    /// "Require App Secret": calls with a token need its proof.
    pub require_proof: bool,
    /// What the app's operator entered beside the webhooks' address.
    pub verify_token: String,
    /// Whether the service listens at the origin of its redirect URI, so that it hears of its own
    /// messages. What a person does on the pages here is delivered whatever this says.
    pub is_reachable: bool,
    /// The app that WhatsApp is switched on for, the same or another one.
    pub whatsapp: Option<WhatsAppApp>,
}

impl FacebookApp {
    /// An app under the classic login with one redirect URI, which requires the proof.
    #[must_use]
    pub fn new(app_id: &str, app_secret: &str, redirect_uri: &str) -> Self {
        Self {
            app_id: app_id.to_owned(),
            app_secret: app_secret.to_owned(),
            name: "Local app".to_owned(),
            redirect_uris: vec![redirect_uri.to_owned()],
            config_id: None,
            permissions: ["pages_messaging", "pages_show_list", "pages_manage_metadata"].map(str::to_owned).to_vec(),
            require_proof: true,
            verify_token: String::new(),
            is_reachable: false,
            whatsapp: None,
        }
    }

    /// Scheme and host of the service, which the redirect URI tells; empty where there is none.
    pub(crate) fn origin(&self) -> &str {
        self.redirect_uris.first().and_then(|uri| uri.strip_suffix("/facebook/callback")).unwrap_or_default()
    }
}

/// What is odd about `me/accounts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quirk {
    /// Every answer has a next page, and from the second on its cursor is the same.
    RepeatedCursor,
    /// The second answer is empty, and there is more behind it. Needs more Pages than one answer holds.
    EmptyMiddlePage,
    /// This Page comes without a token whatever the person's tasks are.
    PageWithoutToken(String),
    /// The last Page of an answer is in the next one again.
    DuplicateIds,
    /// This Page's subscription is taken and not kept, as when the Page has switched off apps (Messenger Platform, webhooks).
    SubscriptionNotKept(String),
}

/// A running local Facebook, dialog and Graph API at one URL. Requests, faults, delay, clock and issued secrets are
/// [`Provider`]'s; it ends when dropped.
pub struct LocalFacebook {
    facebook: Arc<Facebook>,
    _server: Server,
}

/// Both stand-ins have the same controls, and tests shouldn't have to spell out where they come from.
impl Deref for LocalFacebook {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        &self.facebook.provider
    }
}

impl LocalFacebook {
    /// Starts on a free port, without people and Pages. Must be called within a tokio runtime.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start(app: FacebookApp) -> Self {
        Self::start_on(0, app).expect("a port is free on the loopback address")
    }

    /// Starts on this port.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start_on(port: u16, app: FacebookApp) -> io::Result<Self> {
        static ALL_CALLS: LazyLock<Vec<Call>> = LazyLock::new(|| [CALLS, whatsapp::CALLS].concat());
        let provider = Provider::bind(port, &ALL_CALLS)?;
        let mut state = graph::State::default();
        state.listen_to(Some(&APP_FIELDS));
        if app.whatsapp.is_some() {
            state.listen_to_object(whatsapp::OBJECT, Some(&whatsapp::APP_FIELDS));
        }
        let facebook = Arc::new(Facebook { app, provider: Arc::clone(&provider), state: Mutex::new(state) });
        let stand_in: Arc<dyn Answers> = Arc::<Facebook>::clone(&facebook);
        Ok(Self { facebook, _server: Server::start(provider, stand_in) })
    }

    /// Two people with Pages of every sort, to click through by hand: shared, of a business portfolio, without a
    /// sufficient task. Returns the first person's id.
    pub fn populate(&self) -> String {
        let (jo, kim) = (self.add_person("Jo Doe"), self.add_person("Kim Roe"));
        let store = self.add_page(&jo, "Acme Store");
        self.link_instagram(&store, "acme.store");
        let shared = self.add_page(&jo, "Acme Outlet");
        self.edit_page(&shared, |page| {
            page.tasks.insert(kim.clone(), ALL_TASKS.iter().map(|task| (*task).to_owned()).collect());
        });
        let owned = self.add_page(&jo, "Acme Wholesale (business portfolio)");
        self.edit_page(&owned, |page| page.business_owned = true);
        let watched = self.add_page(&jo, "Acme Archive (analyst only)");
        self.edit_page(&watched, |page| {
            page.tasks.insert(jo.clone(), vec!["ANALYZE".to_owned()]);
        });
        self.add_page(&kim, "Kim's Corner");
        if self.facebook.app.whatsapp.is_some() {
            self.populate_whatsapp(&jo);
        }
        jo
    }

    /// Adds somebody; returns the id.
    pub fn add_person(&self, name: &str) -> String {
        let mut state = lock(&self.facebook.state);
        let id = state.next_id(10_000_000_000_000_000);
        state.people.insert(id.clone(), Person { id: id.clone(), name: name.to_owned() });
        id
    }

    /// Adds a Page on which this person has every task; returns the id.
    pub fn add_page(&self, person: &str, name: &str) -> String {
        let mut state = lock(&self.facebook.state);
        let id = state.next_id(100_000_000_000_000);
        let tasks = ALL_TASKS.iter().map(|task| (*task).to_owned()).collect();
        let page = Page {
            id: id.clone(),
            name: name.to_owned(),
            category: "Shopping & retail".to_owned(),
            tasks: BTreeMap::from([(person.to_owned(), tasks)]),
            business_owned: false,
            instagram: None,
        };
        state.pages.insert(id.clone(), page);
        id
    }

    /// Links an Instagram account to a Page, in the place of another; returns its id.
    ///
    /// # Panics
    /// When there is no such Page.
    pub fn link_instagram(&self, page: &str, name: &str) -> String {
        let id = lock(&self.facebook.state).next_id(17_841_400_000_000_000);
        self.edit_page(page, |page| page.instagram = Some((id.clone(), name.to_owned())));
        id
    }

    /// Changes a Page: its name, who has which tasks on it, whose it is.
    ///
    /// # Panics
    /// When there is no such Page.
    pub fn edit_page(&self, id: &str, edit: impl FnOnce(&mut Page)) {
        edit(lock(&self.facebook.state).pages.get_mut(id).expect("there is a Page of that id"));
    }

    /// Removes a Page; calls about it answer that there is no such object.
    pub fn remove_page(&self, id: &str) {
        lock(&self.facebook.state).pages.remove(id);
    }

    /// Answers a dialog URL in a person's place; returns the callback URL.
    ///
    /// # Panics
    /// With the text of the error page, when Facebook would show one.
    #[must_use]
    pub fn approve(&self, dialog_url: &str, consent: &Consent) -> String {
        self.try_approve(dialog_url, consent).unwrap()
    }

    /// As [`Self::approve`].
    ///
    /// # Errors
    /// The text of the error page, when Facebook would show one.
    pub fn try_approve(&self, dialog_url: &str, consent: &Consent) -> Result<String, String> {
        self.facebook.callback(&self.facebook.dialog(&self.opened(dialog_url)?)?, consent)
    }

    /// Cancels a dialog; returns the callback URL.
    ///
    /// # Panics
    /// With the text of the error page, when Facebook would show one.
    #[must_use]
    pub fn decline(&self, dialog_url: &str) -> String {
        let (redirect_uri, state) = self.opened_any(dialog_url).unwrap();
        dialog::declined(&redirect_uri, &state)
    }

    /// Lets a dialog fail with a code and a message but no `error`; returns the callback URL.
    ///
    /// # Panics
    /// With the text of the error page, when Facebook would show one.
    #[must_use]
    pub fn fail(&self, dialog_url: &str) -> String {
        let (redirect_uri, state) = self.opened_any(dialog_url).unwrap();
        dialog::failed(&redirect_uri, &state)
    }

    /// The redirect URI and the state of a dialog, WhatsApp's or the other.
    fn opened_any(&self, dialog_url: &str) -> Result<(String, String), String> {
        let query = self.opened(dialog_url)?;
        match &self.facebook.app.whatsapp {
            Some(app) if first(&query, "config_id") == Some(&app.config_id) => {
                whatsapp::sign_up(app, &query).map(|dialog| (dialog.redirect_uri, dialog.state))
            }
            _ => self.facebook.dialog(&query).map(|dialog| (dialog.redirect_uri, dialog.state)),
        }
    }

    /// What a dialog URL asks.
    fn opened(&self, dialog_url: &str) -> Result<Vec<(String, String)>, String> {
        let path_and_query = dialog_url.strip_prefix(&self.url()).ok_or("The URL is not of this Facebook")?;
        let request = RecordedRequest {
            call: "dialog",
            method: Method::GET,
            path_and_query: path_and_query.to_owned(),
            headers: axum::http::HeaderMap::new(),
            body: Vec::new(),
        };
        self.record(request.clone());
        match node(&request).map_err(|error| error.message)?.1[..] {
            ["dialog", "oauth"] => Ok(request.query()),
            _ => Err("There is nothing at this URL".to_owned()),
        }
    }

    /// Lets a person change the password: every token that rests on it is dead.
    pub fn change_password(&self, person: &str) {
        lock(&self.facebook.state).end_sessions(person);
    }

    /// Ends one token, for the reason that a subcode stands for.
    pub fn kill_token(&self, access_token: &str, subcode: Option<u32>) {
        lock(&self.facebook.state).killed.insert(access_token.to_owned(), subcode);
    }

    /// A token that was ended works again: what was wrong was put right at Facebook.
    pub fn revive_token(&self, access_token: &str) {
        lock(&self.facebook.state).killed.remove(access_token);
    }

    /// Lets a person take one permission back.
    pub fn take_back(&self, person: &str, permission: &str) {
        if let Some(grant) = lock(&self.facebook.state).grants.get_mut(person) {
            grant.granted.remove(permission);
        }
    }

    /// Lets a person remove the app.
    pub fn remove_app(&self, person: &str) {
        lock(&self.facebook.state).grants.remove(person);
    }

    /// Makes `me/accounts` odd in these ways, and in no others.
    pub fn set_quirks(&self, quirks: impl IntoIterator<Item = Quirk>) {
        lock(&self.facebook.state).quirks = quirks.into_iter().collect();
    }

    /// Lets an answer of `me/accounts` hold at most so many Pages, whatever `limit` asks for.
    pub fn set_largest_page(&self, size: usize) {
        lock(&self.facebook.state).largest_page = Some(size);
    }

    /// Sets the percentage in the usage headers.
    pub fn set_usage(&self, percent: u32) {
        lock(&self.facebook.state).usage_percent = percent;
    }

    /// Sets the percentage in the usage header of one Page.
    pub fn set_page_usage(&self, page: &str, percent: u32) {
        lock(&self.facebook.state).page_usage.insert(page.to_owned(), percent);
    }

    /// Lets several apps share a Page's conversations, or lets the app have them alone again; none: Facebook does not tell which.
    pub fn set_thread_routing(&self, page: &str, shared: Option<bool>) {
        lock(&self.facebook.state).routing.insert(page.to_owned(), shared);
    }

    /// Lets another app hold every conversation of a Page.
    pub fn hold_conversations(&self, page: &str) {
        lock(&self.facebook.state).held_by_others.insert(page.to_owned());
    }

    /// The messages that the app has sent to customers.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        lock(&self.facebook.state).sent.clone()
    }

    /// Whether calls with this token would work now, given its proof.
    #[must_use]
    pub fn accepts(&self, access_token: &str) -> bool {
        let state = lock(&self.facebook.state);
        let is_alive = state.tokens.iter().any(|token| token.value == access_token && state.check(token, self.now()).is_ok());
        is_alive || state.accepts_business(access_token, self.now())
    }
}

#[cfg(test)]
mod tests;
