//! The permissions that a person is asked to grant.

use crate::{Error, Vars};

use super::instagram::INSTAGRAM;

const DEFAULT: &str = "pages_messaging,pages_show_list,pages_manage_metadata";

/// Reads `FACEBOOK_SCOPES`.
///
/// # Errors
/// `misconfigured`.
pub fn scopes(vars: &Vars) -> Result<Vec<String>, Error> {
    vars.scopes("FACEBOOK_SCOPES", DEFAULT)
}

/// Permissions for which access to a person's data does not end ninety days after they were last
/// seen (`facebook-login/auth-vs-data`).
const EXEMPT: [&str; 4] = ["pages_messaging", "pages_show_list", "pages_manage_metadata", "business_management"];

/// The permissions for which it does end.
pub(super) fn ending(scopes: &[String]) -> impl Iterator<Item = &String> {
    scopes.iter().filter(|scope| !EXEMPT.contains(&scope.as_str()))
}

/// The permissions that a Page requires. Those for its companion are never missing.
pub fn needed(scopes: &[String]) -> impl Iterator<Item = &String> {
    scopes.iter().filter(|scope| !INSTAGRAM.scopes.contains(&scope.as_str()))
}
