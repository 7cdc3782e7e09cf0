//! Settings common to all apps at Meta.

use crate::{Error, Vars};

use super::versions;

/// Reads an app's id.
///
/// # Errors
/// `misconfigured` unless it is 15 to 20 digits.
pub fn app_id(vars: &Vars, name: &'static str) -> Result<String, Error> {
    vars.checked(name, None, |id| (15..=20).contains(&id.len()) && is_digits(id))
}

/// Reads a Facebook Login for Business configuration, if there is one.
///
/// # Errors
/// `misconfigured` unless it is digits.
pub fn config_id(vars: &Vars, name: &'static str) -> Result<Option<String>, Error> {
    vars.optional(name).map(|_| vars.checked(name, None, is_digits)).transpose()
}

/// Reads `FACEBOOK_API_VERSION`, which applies to all of Meta's platforms.
///
/// # Errors
/// `misconfigured`.
pub fn api_version(vars: &Vars) -> Result<String, Error> {
    let is_number = |text: &str| !text.is_empty() && is_digits(text);
    let is_version = |text: &str| {
        let number = text.strip_prefix('v').and_then(|version| version.split_once('.'));
        number.is_some_and(|(major, minor)| is_number(major) && is_number(minor))
    };
    vars.checked("FACEBOOK_API_VERSION", Some(versions::DEFAULT), is_version)
}

/// The Graph API's base URL.
///
/// # Errors
/// `misconfigured`.
pub fn graph_endpoint(vars: &Vars) -> Result<String, Error> {
    vars.endpoint("FACEBOOK_GRAPH_ENDPOINT_URL", "https://graph.facebook.com")
}

/// The base URL of the dialogs.
///
/// # Errors
/// `misconfigured`.
pub fn dialog_endpoint(vars: &Vars) -> Result<String, Error> {
    vars.endpoint("FACEBOOK_DIALOG_ENDPOINT_URL", "https://www.facebook.com")
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}
