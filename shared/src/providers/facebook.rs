//! Facebook: its settings, login dialog, tokens and Pages.
//!
//! Source of each rule, unless named otherwise: <https://developers.facebook.com/documentation/facebook-login/>.

pub mod check;
pub mod ending;
mod graph;
mod id;
pub mod pages;
pub mod permissions;
mod proof;
mod purpose;
pub mod routing;
pub mod signed_request;
pub mod subscriptions;
pub mod token;
mod usage;
pub mod versions;

pub use graph::{Graph, Verdict};
pub use proof::appsecret_proof;
pub use purpose::Purpose;
pub use usage::Load;

use std::time::Duration;

use crate::flow::{FlowsOf, Platform};
use crate::{Error, Provider, Vars, config::RedirectUri, signing::SecretPair};

/// Facebook as a platform of the flow. Its consent is one page, so a state need not live long.
pub const PLATFORM: Platform =
    Platform { name: "facebook", provider: Provider::Facebook, state_lifetime: Duration::from_secs(300), flows_of: FlowsOf::Identity };

const DEFAULT_SCOPES: &str = "pages_messaging,pages_show_list,pages_manage_metadata";

/// Reads `FACEBOOK_APP_ID`.
///
/// # Errors
/// `misconfigured` unless it is 15 to 20 digits.
pub fn app_id(vars: &Vars) -> Result<String, Error> {
    vars.checked("FACEBOOK_APP_ID", None, |id| (15..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()))
}

/// Reads `FACEBOOK_APP_SECRET` and `FACEBOOK_APP_SECRET_PREVIOUS`, which only verifies what Facebook signs.
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

/// Reads `FACEBOOK_API_VERSION`.
///
/// # Errors
/// `misconfigured`.
pub fn api_version(vars: &Vars) -> Result<String, Error> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let version =
        |text: &str| text.strip_prefix('v').and_then(|v| v.split_once('.')).is_some_and(|(major, minor)| digits(major) && digits(minor));
    vars.checked("FACEBOOK_API_VERSION", Some(versions::DEFAULT), version)
}

/// What a function needs to know to begin a flow.
#[derive(Clone, Debug)]
pub struct App {
    /// `FACEBOOK_APP_ID`.
    pub app_id: String,
    /// `FACEBOOK_SCOPES`: all of them are needed.
    pub scopes: Vec<String>,
    /// `FACEBOOK_REDIRECT_URI`.
    pub redirect_uri: RedirectUri,
    /// `FACEBOOK_API_VERSION`.
    pub version: String,
    config_id: Option<String>,
    dialog: String,
}

/// How the dialog is to be opened.
#[derive(Clone, Copy, Debug)]
pub struct Dialog<'a> {
    /// The signed state.
    pub state: &'a str,
    /// PKCE's code challenge, method S256.
    pub code_challenge: &'a str,
    /// Ask again for permissions once declined, which Facebook never does by itself.
    pub rerequest: bool,
}

impl App {
    /// Reads the variables.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars) -> Result<Self, Error> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let config_id = vars.optional("FACEBOOK_CONFIG_ID").map(|_| vars.checked("FACEBOOK_CONFIG_ID", None, digits));
        Ok(Self {
            app_id: app_id(vars)?,
            scopes: vars.scopes("FACEBOOK_SCOPES", DEFAULT_SCOPES)?,
            redirect_uri: redirect_uri(vars)?,
            version: api_version(vars)?,
            config_id: config_id.transpose()?,
            dialog: vars.endpoint("FACEBOOK_DIALOG_ENDPOINT_URL", "https://www.facebook.com")?,
        })
    }

    /// The login dialog. Under Facebook Login for Business the configuration takes the place of the scopes.
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
mod tests {
    use super::*;

    const VARS: [(&str, &str); 2] =
        [("FACEBOOK_APP_ID", "123456789012345"), ("FACEBOOK_REDIRECT_URI", "https://link.example/facebook/callback")];
    const DIALOG: Dialog<'static> = Dialog { state: "S", code_challenge: "C", rerequest: false };

    fn app(more: &[(&'static str, &'static str)]) -> Result<App, Error> {
        App::from_vars(&Vars::from_pairs(VARS.into_iter().chain(more.iter().copied())))
    }

    #[test]
    fn the_dialog_asks_for_scopes_or_for_a_configuration() {
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
