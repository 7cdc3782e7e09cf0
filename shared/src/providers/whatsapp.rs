//! WhatsApp: its settings, the dialog of its sign-up, phone numbers and their messages.
//!
//! A merchant's portfolio grants access to WhatsApp Business Accounts, and each of their phone
//! numbers is an account here. Its token is the grant's, which belongs to a business integration
//! system user.
//!
//! Source of each rule, unless named otherwise:
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/>.

mod account;
mod grantor;
pub mod messages;
pub mod numbers;
pub mod owners;
mod register;
pub mod subscriptions;
pub mod updates;
mod words;

pub use grantor::{REGISTRATION, Revocation, WhatsApp};

use std::time::Duration;

use crate::metrics::platform_metrics;
use crate::platform::{AccountKind, CompanionKind, FlowsOf, GrantKind, Platform, PublicLinks};
use crate::{Clock, Error, Vars, config::RedirectUri, signing::SecretPair};

use super::credentials::AppCredentials;
use super::meta::{self, Graph, appsecret_proof, settings};

/// WhatsApp. Its sign-up takes long: the merchant chooses a number and verifies it with a code.
pub static PLATFORM: Platform = Platform {
    name: "whatsapp",
    label: "WhatsApp",
    state_lifetime: Duration::from_secs(1800),
    flows_of: FlowsOf::Identity,
    account: Some(&PHONE),
    grant: Some(&BUSINESS),
    headers: &["facebook-api-version", "x-app-usage", "x-business-use-case-usage"],
    metrics: platform_metrics!("WhatsApp"),
    words: &words::SIGN_IN,
};

/// A phone number.
pub static PHONE: AccountKind = AccountKind {
    platform: &PLATFORM,
    grant: &BUSINESS,
    key: "phone",
    id: "phone_number_id",
    list: "phone_numbers",
    sealed: "phone_token",
    borrows_token: true,
    registers: true,
    display: Some("display_phone_number"),
    job: "whatsapp/unsubscribe",
    is_id: meta::is_id,
    companion: Some(&WABA),
    conversation_routing: None,
    public_links: |_id, _name| PublicLinks::default(),
    words: &words::NUMBERS,
};

/// The WhatsApp Business Account that a number belongs to and its messages come through.
pub static WABA: CompanionKind = CompanionKind {
    key: "waba",
    id: None,
    is_essential: true,
    doubt: Some("whatsapp/doubt"),
    label: "WhatsApp Business Account",
    entry: "waba_id",
    name: None,
    scopes: &[MESSAGING],
    targets: &["whatsapp_business_management", MESSAGING, "whatsapp_business_manage_events"],
    is_id: meta::is_id,
};

/// A business integration system user: a merchant's portfolio as seen by this app.
pub static BUSINESS: GrantKind = GrantKind {
    platform: &PLATFORM,
    key: "business",
    sealed: "business_token",
    job: "whatsapp/revoke",
    is_id: meta::is_person,
    is_revocable: |_kind| true,
    ends_with_accounts: true,
};

/// The object name of its deliveries.
const OBJECT: &str = "whatsapp_business_account";

/// The permission without which the bot can't do its work.
pub const MESSAGING: &str = "whatsapp_business_messaging";

/// Whether `WHATSAPP_CONFIG_ID` turns WhatsApp on.
///
/// # Errors
/// `misconfigured`.
pub fn is_on(vars: &Vars) -> Result<bool, Error> {
    Ok(config_id(vars)?.is_some())
}

fn config_id(vars: &Vars) -> Result<Option<String>, Error> {
    settings::config_id(vars, "WHATSAPP_CONFIG_ID")
}

/// The variable with this name, or Facebook's if it is not set: one app may serve both.
fn own_or_shared(vars: &Vars, own: &'static str, shared: &'static str) -> &'static str {
    if vars.optional(own).is_some() { own } else { shared }
}

/// Reads `WHATSAPP_APP_ID`, which defaults to the Facebook app's.
///
/// # Errors
/// `misconfigured`.
pub fn app_id(vars: &Vars) -> Result<String, Error> {
    settings::app_id(vars, own_or_shared(vars, "WHATSAPP_APP_ID", "FACEBOOK_APP_ID"))
}

/// Reads `WHATSAPP_APP_SECRET` and its predecessor, which default to the Facebook app's unless the
/// first is set.
///
/// # Errors
/// `misconfigured`.
pub fn app_secrets(vars: &Vars) -> Result<SecretPair, Error> {
    let is_own = vars.optional_secret("WHATSAPP_APP_SECRET")?.is_some();
    vars.secret_pair(if is_own { "WHATSAPP_APP_SECRET" } else { "FACEBOOK_APP_SECRET" }, 1)
}

/// Reads what calls to the Graph API need.
///
/// # Errors
/// `misconfigured`.
pub fn graph(vars: &Vars, clock: Clock) -> Result<Graph, Error> {
    let (version, endpoint) = (settings::api_version(vars)?, settings::graph_endpoint(vars)?);
    let (id, secrets) = (app_id(vars)?, app_secrets(vars)?);
    // Permissions are granted for WhatsApp Business Accounts, and so for all their numbers.
    let app = meta::App { platform: &PLATFORM, id, secrets, version, endpoint, targets: |_scope| None, companion: Some(&WABA) };
    Ok(Graph::new(app, clock))
}

/// Reads our app, as far as needed to tell its tokens from others'.
///
/// # Errors
/// `misconfigured`.
pub fn credentials(vars: &Vars) -> Result<AppCredentials, Error> {
    Ok(AppCredentials::new(&PLATFORM, app_id(vars)?, app_secrets(vars)?.current, appsecret_proof))
}

/// What a function needs to begin or end a flow.
#[derive(Clone, Debug)]
pub struct App {
    /// `WHATSAPP_APP_ID`.
    pub app_id: String,
    /// `WHATSAPP_REDIRECT_URI`.
    pub redirect_uri: RedirectUri,
    /// `FACEBOOK_API_VERSION`.
    pub version: String,
    config_id: String,
    dialog: String,
}

impl App {
    /// Reads the variables; none if WhatsApp is off.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars) -> Result<Option<Self>, Error> {
        let Some(config_id) = config_id(vars)? else { return Ok(None) };
        Ok(Some(Self {
            app_id: app_id(vars)?,
            redirect_uri: vars.redirect_uri("WHATSAPP_REDIRECT_URI", "/whatsapp/callback")?,
            version: settings::api_version(vars)?,
            config_id,
            dialog: settings::dialog_endpoint(vars)?,
        }))
    }

    /// The sign-up dialog. The configuration contains the permissions: all are granted or none, so
    /// there is nothing to request again. No code challenge is documented for it.
    #[must_use]
    pub fn dialog_url(&self, state: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("client_id", &self.app_id)
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("state", state)
            .append_pair("response_type", "code")
            .append_pair("config_id", &self.config_id)
            .append_pair("override_default_response_type", "true");
        format!("{}/{}/dialog/oauth?{}", self.dialog, self.version, query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARED: [(&str, &str); 3] = [
        ("FACEBOOK_APP_ID", "123456789012345"),
        ("FACEBOOK_APP_SECRET", "facebook's"),
        ("WHATSAPP_REDIRECT_URI", "https://link.example/whatsapp/callback"),
    ];

    fn vars(more: &[(&'static str, &'static str)]) -> Vars {
        Vars::from_pairs(SHARED.into_iter().chain(more.iter().copied()))
    }

    #[test]
    fn it_is_off_without_a_configuration() {
        assert!(!is_on(&vars(&[])).unwrap() && App::from_vars(&vars(&[])).unwrap().is_none());
        assert!(!is_on(&vars(&[("WHATSAPP_CONFIG_ID", "")])).unwrap());
        let unusable = is_on(&vars(&[("WHATSAPP_CONFIG_ID", "a")])).unwrap_err();
        assert_eq!(unusable.cause.unwrap(), "WHATSAPP_CONFIG_ID has an unusable value");
    }

    #[test]
    fn the_dialog_requests_the_configuration_only() {
        let app = App::from_vars(&vars(&[("WHATSAPP_CONFIG_ID", "77")])).unwrap().unwrap();
        assert_eq!(
            app.dialog_url("S"),
            "https://www.facebook.com/v26.0/dialog/oauth?client_id=123456789012345&redirect_uri=https%3A%2F%2Flink.example%2Fwhatsapp%2Fcallback\
             &state=S&response_type=code&config_id=77&override_default_response_type=true"
        );
    }

    #[test]
    fn an_own_app_replaces_facebooks() {
        assert_eq!(app_id(&vars(&[])).unwrap(), "123456789012345");
        assert_eq!(app_id(&vars(&[("WHATSAPP_APP_ID", "543210987654321")])).unwrap(), "543210987654321");
        assert_eq!(app_secrets(&vars(&[])).unwrap().current.expose(), "facebook's");
        let own = vars(&[("WHATSAPP_APP_SECRET", "whatsapp's"), ("FACEBOOK_APP_SECRET_PREVIOUS", "facebook's former")]);
        let own = app_secrets(&own).unwrap();
        assert_eq!(own.current.expose(), "whatsapp's");
        assert!(own.previous.is_none(), "a predecessor goes with its successor");
    }
}
