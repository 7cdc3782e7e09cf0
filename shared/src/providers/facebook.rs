//! Facebook: its settings, login dialog, Pages and their messages.
//!
//! Source of each rule, unless named otherwise:
//! <https://developers.facebook.com/documentation/facebook-login/>.

mod grantor;
mod instagram;
pub mod messages;
pub mod pages;
pub mod routing;
mod scopes;
pub mod subscriptions;
mod words;

pub use grantor::{Facebook, REGISTRATION, Revocation};
pub use instagram::INSTAGRAM;
pub use scopes::{needed, scopes};

pub use super::meta::settings::api_version;

use std::time::Duration;

use crate::metrics::platform_metrics;
use crate::platform::{AccountKind, FlowsOf, GrantKind, Platform, PublicLinks};
use crate::{Clock, Error, Vars, config::RedirectUri, signing::SecretPair};

use super::credentials::AppCredentials;
use super::meta::{self, Graph, appsecret_proof, debug_token::SYSTEM_USER, settings};

/// Facebook. Its consent is a single page, so a state can be short-lived.
pub static PLATFORM: Platform = Platform {
    name: "facebook",
    label: "Facebook",
    state_lifetime: Duration::from_secs(300),
    flows_of: FlowsOf::Identity,
    account: Some(&PAGE),
    grant: Some(&PERSON),
    headers: &["facebook-api-version", "x-app-usage", "x-business-use-case-usage"],
    metrics: platform_metrics!("Facebook"),
    words: &words::SIGN_IN,
};

/// A Page, with a token of its own.
pub static PAGE: AccountKind = AccountKind {
    platform: &PLATFORM,
    grant: &PERSON,
    key: "page",
    id: "page_id",
    list: "pages",
    sealed: "page_token",
    borrows_token: false,
    registers: false,
    display: None,
    job: "unsubscribe",
    is_id: meta::is_id,
    companion: Some(&INSTAGRAM),
    conversation_routing: Some(routing::SETTING),
    public_links: |id, _name| PublicLinks {
        page: Some(format!("https://www.facebook.com/{id}")),
        message: Some(format!("https://m.me/{id}")),
    },
    words: &words::PAGES,
};

/// A person, or a system user of a business portfolio. The system user's grant is the portfolio's,
/// which alone can remove the app.
pub static PERSON: GrantKind = GrantKind {
    platform: &PLATFORM,
    key: "person",
    sealed: "user_token",
    job: "revoke",
    is_id: meta::is_person,
    is_revocable: |kind| kind != SYSTEM_USER,
    ends_with_accounts: false,
};

/// Reads `FACEBOOK_APP_ID`.
///
/// # Errors
/// `misconfigured` unless it is 15 to 20 digits.
pub fn app_id(vars: &Vars) -> Result<String, Error> {
    settings::app_id(vars, "FACEBOOK_APP_ID")
}

/// Reads `FACEBOOK_APP_SECRET` and `FACEBOOK_APP_SECRET_PREVIOUS`, which only verifies Facebook's
/// signatures.
///
/// # Errors
/// `misconfigured`.
pub fn app_secrets(vars: &Vars) -> Result<SecretPair, Error> {
    vars.secret_pair("FACEBOOK_APP_SECRET", 1)
}

/// Reads `FACEBOOK_REDIRECT_URI`.
///
/// # Errors
/// `misconfigured`.
pub fn redirect_uri(vars: &Vars) -> Result<RedirectUri, Error> {
    vars.redirect_uri("FACEBOOK_REDIRECT_URI", "/facebook/callback")
}

/// Reads what calls to the Graph API need.
///
/// # Errors
/// `misconfigured`.
pub fn graph(vars: &Vars, clock: Clock) -> Result<Graph, Error> {
    let (version, endpoint) = (api_version(vars)?, settings::graph_endpoint(vars)?);
    let (id, secrets) = (app_id(vars)?, app_secrets(vars)?);
    // The targets of other permissions are not Pages.
    let targets = |scope: &str| scope.starts_with("pages_").then_some(&PAGE);
    Ok(Graph::new(meta::App { platform: &PLATFORM, id, secrets, version, endpoint, targets, companion: Some(&INSTAGRAM) }, clock))
}

/// Reads our app, as far as needed to tell its tokens from others'.
///
/// # Errors
/// `misconfigured`.
pub fn credentials(vars: &Vars) -> Result<AppCredentials, Error> {
    Ok(AppCredentials::new(&PLATFORM, app_id(vars)?, app_secrets(vars)?.current, appsecret_proof))
}

/// What a function needs to begin a flow.
#[derive(Clone, Debug)]
pub struct App {
    /// `FACEBOOK_APP_ID`.
    pub app_id: String,
    /// `FACEBOOK_SCOPES`, all of them required.
    pub scopes: Vec<String>,
    /// `FACEBOOK_REDIRECT_URI`.
    pub redirect_uri: RedirectUri,
    /// `FACEBOOK_API_VERSION`.
    pub version: String,
    config_id: Option<String>,
    dialog: String,
}

/// Options for the dialog.
#[derive(Clone, Copy, Debug)]
pub struct Dialog<'a> {
    /// The signed state.
    pub state: &'a str,
    /// PKCE's code challenge, method S256.
    pub code_challenge: &'a str,
    /// Ask again for declined permissions, which Facebook does not do on its own.
    pub rerequest: bool,
}

impl App {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars) -> Result<Self, Error> {
        Ok(Self {
            app_id: app_id(vars)?,
            scopes: scopes(vars)?,
            redirect_uri: redirect_uri(vars)?,
            version: api_version(vars)?,
            config_id: settings::config_id(vars, "FACEBOOK_CONFIG_ID")?,
            dialog: settings::dialog_endpoint(vars)?,
        })
    }

    /// The login dialog. Under Facebook Login for Business the configuration replaces the scopes.
    #[must_use]
    pub fn dialog_url(&self, dialog: Dialog<'_>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("client_id", &self.app_id)
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("state", dialog.state)
            .append_pair("response_type", "code")
            .append_pair("code_challenge", dialog.code_challenge)
            .append_pair("code_challenge_method", "S256");
        match &self.config_id {
            None => query.append_pair("scope", &self.scopes.join(",")),
            Some(config_id) => query.append_pair("config_id", config_id).append_pair("override_default_response_type", "true"),
        };
        if dialog.rerequest {
            query.append_pair("auth_type", "rerequest");
        }
        format!("{}/{}/dialog/oauth?{}", self.dialog, self.version, query.finish())
    }
}

#[cfg(test)]
pub(in crate::providers) mod tests {
    use super::*;

    /// A client for a stand-in at this address, at this time.
    pub(in crate::providers) fn graph(endpoint: &str, secret: &str, now: u64) -> Graph {
        let vars = [("FACEBOOK_APP_ID", "123456789012345"), ("FACEBOOK_APP_SECRET", secret), ("FACEBOOK_GRAPH_ENDPOINT_URL", endpoint)];
        super::graph(&Vars::from_pairs(vars), Clock::fixed(now)).unwrap()
    }

    const VARS: [(&str, &str); 2] =
        [("FACEBOOK_APP_ID", "123456789012345"), ("FACEBOOK_REDIRECT_URI", "https://link.example/facebook/callback")];
    const DIALOG: Dialog<'static> = Dialog { state: "S", code_challenge: "C", rerequest: false };

    fn app(more: &[(&'static str, &'static str)]) -> Result<App, Error> {
        App::from_vars(&Vars::from_pairs(VARS.into_iter().chain(more.iter().copied())))
    }

    #[test]
    fn the_dialog_requests_scopes_or_a_configuration() {
        let url = app(&[]).unwrap().dialog_url(DIALOG);
        assert_eq!(
            url,
            "https://www.facebook.com/v26.0/dialog/oauth?client_id=123456789012345&redirect_uri=https%3A%2F%2Flink.example%2Ffacebook%2Fcallback\
             &state=S&response_type=code&code_challenge=C&code_challenge_method=S256&scope=pages_messaging%2Cpages_show_list%2Cpages_manage_metadata"
        );
        let url = app(&[("FACEBOOK_CONFIG_ID", "77")]).unwrap().dialog_url(Dialog { rerequest: true, ..DIALOG });
        assert!(url.ends_with("&config_id=77&override_default_response_type=true&auth_type=rerequest") && !url.contains("scope="), "{url}");
    }

    #[test]
    fn unusable_settings_are_refused() {
        for (name, value) in [
            ("FACEBOOK_APP_ID", "12345678901234"),
            ("FACEBOOK_APP_ID", "12345678901234x"),
            ("FACEBOOK_API_VERSION", "26.0"),
            ("FACEBOOK_API_VERSION", "v26.0/../x"),
            ("FACEBOOK_CONFIG_ID", "a"),
            ("FACEBOOK_DIALOG_ENDPOINT_URL", "https://www.facebook.com"),
        ] {
            assert_eq!(app(&[(name, value)]).unwrap_err().cause.unwrap(), format!("{name} has an unusable value"));
        }
    }
}
