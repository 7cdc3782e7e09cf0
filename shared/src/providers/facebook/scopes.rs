//! The permissions that a person is asked for.

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

/// The permissions that a Page takes. Those of what may hang on it are never missing.
pub fn needed(scopes: &[String]) -> impl Iterator<Item = &String> {
    scopes.iter().filter(|scope| !INSTAGRAM.scopes.contains(&scope.as_str()))
}
