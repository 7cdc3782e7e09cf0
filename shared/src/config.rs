//! Configuration: environment variables and secrets, parsed once into types. A bad value is
//! reported by the variable's name, never by its content. Each provider reads its own settings from
//! [`Vars`].

mod brand;
mod secrets;
mod url;

use std::collections::HashMap;

pub use secrets::SecretStore;
pub use url::RedirectUri;

use crate::{Error, Secret, signing::SecretPair};

/// A function's variables, and the secrets that go with them.
#[derive(Debug, Default)]
pub struct Vars {
    env: HashMap<String, String>,
    /// The content of the secret named by `SECRETS_ARN`; without one, secrets come from the
    /// environment (local work).
    secrets: Option<HashMap<String, Secret>>,
}

impl Vars {
    /// The process's environment. A value that is not Unicode counts as absent.
    #[must_use]
    pub fn from_env() -> Self {
        let env = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Self { env: env.collect(), secrets: None }
    }

    /// Given variables, for tests.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self { env: pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(), secrets: None }
    }

    /// The same variables with these secrets.
    #[must_use]
    pub fn with_secrets(&self, secrets: HashMap<String, Secret>) -> Self {
        Self { env: self.env.clone(), secrets: Some(secrets) }
    }

    /// A variable, if set; an empty one counts as absent, because a template can't leave one out.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    /// A required variable.
    ///
    /// # Errors
    /// `misconfigured`, naming it.
    pub fn required(&self, name: &str) -> Result<&str, Error> {
        self.optional(name).ok_or_else(|| Error::misconfigured(format!("{name} is not set")))
    }

    /// A required variable with a valid value.
    ///
    /// # Errors
    /// `misconfigured`, naming it.
    pub fn checked(&self, name: &str, default: Option<&str>, valid: impl Fn(&str) -> bool) -> Result<String, Error> {
        let value = self.optional(name).or(default).map_or_else(|| self.required(name), Ok)?;
        if valid(value) { Ok(value.to_owned()) } else { Err(unusable(name)) }
    }

    /// A required secret. A placeholder left over from a template is refused.
    ///
    /// # Errors
    /// `misconfigured`, naming it.
    pub fn secret(&self, name: &str) -> Result<Secret, Error> {
        self.optional_secret(name)?.ok_or_else(|| Error::misconfigured(format!("{name} is not set")))
    }

    /// An optional secret.
    ///
    /// # Errors
    /// `misconfigured` for a placeholder.
    pub fn optional_secret(&self, name: &str) -> Result<Option<Secret>, Error> {
        let value = match &self.secrets {
            Some(secrets) => secrets.get(name).cloned(),
            None => self.optional(name).map(Secret::new),
        };
        match value.filter(|secret| !secret.expose().trim().is_empty()) {
            Some(secret) if is_placeholder(secret.expose()) => Err(Error::misconfigured(format!("{name} still holds a placeholder"))),
            other => Ok(other),
        }
    }

    /// A secret and its predecessor, `NAME` and `NAME_PREVIOUS`.
    ///
    /// # Errors
    /// `misconfigured`, naming the one at fault, also when one is shorter than `min_length` bytes.
    pub fn secret_pair(&self, name: &str, min_length: usize) -> Result<SecretPair, Error> {
        let previous_name = format!("{name}_PREVIOUS");
        let pair = SecretPair { current: self.secret(name)?, previous: self.optional_secret(&previous_name)? };
        for (name, secret) in [(name, Some(&pair.current)), (previous_name.as_str(), pair.previous.as_ref())] {
            if secret.is_some_and(|secret| secret.expose().len() < min_length) {
                return Err(Error::misconfigured(format!("{name} is shorter than {min_length} bytes")));
            }
        }
        Ok(pair)
    }

    /// A redirect URI, byte for byte as configured; `path` is the route it must point to.
    ///
    /// # Errors
    /// `misconfigured` when it is neither https nor http on a loopback address, or leads elsewhere.
    pub fn redirect_uri(&self, name: &str, path: &str) -> Result<RedirectUri, Error> {
        RedirectUri::parse(self.required(name)?, path).ok_or_else(|| unusable(name))
    }

    /// A provider's base URL: `default`, unless a stand-in on a loopback address is configured for
    /// local work.
    ///
    /// # Errors
    /// `misconfigured` for anything but `http://` at a loopback address.
    pub fn endpoint(&self, name: &str, default: &str) -> Result<String, Error> {
        match self.optional(name) {
            None => Ok(default.to_owned()),
            Some(value) => url::loopback_endpoint(value).ok_or_else(|| unusable(name)),
        }
    }

    /// A list, separated by commas or spaces, of names made of letters, digits and underscores.
    ///
    /// # Errors
    /// `misconfigured` when there is none or one is not such a name.
    pub fn scopes(&self, name: &str, default: &str) -> Result<Vec<String>, Error> {
        let text = self.optional(name).unwrap_or(default);
        let list: Vec<String> = text.split([',', ' ']).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
        let valid = |scope: &String| scope.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if list.is_empty() || !list.iter().all(valid) {
            return Err(unusable(name));
        }
        Ok(list)
    }

    /// Whether the merchant reaches this service over https, as far as the variables tell, even if
    /// they are otherwise unusable.
    #[must_use]
    pub fn is_https(&self) -> bool {
        let uris = self.env.iter().filter(|(name, _)| name.ends_with("_REDIRECT_URI"));
        uris.map(|(_, uri)| uri.trim()).any(|uri| uri.starts_with("https://"))
    }
}

fn unusable(name: &str) -> Error {
    Error::misconfigured(format!("{name} has an unusable value"))
}

/// Texts that templates and examples contain in place of a secret.
fn is_placeholder(secret: &str) -> bool {
    const MARKS: [&str; 9] =
        ["placeholder", "changeme", "change-me", "change_me", "replace-me", "replace_me", "replaceme", "your-secret", "your_secret"];
    let lower = secret.to_ascii_lowercase();
    let is_crossed_out = lower.len() > 7 && [b'x', b'0', b'*'].iter().any(|mark| lower.bytes().all(|byte| byte == *mark));
    let is_in_brackets = secret.starts_with('<') && secret.ends_with('>');
    MARKS.iter().any(|mark| lower.contains(mark)) || is_crossed_out || is_in_brackets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
        result.unwrap_err().cause.unwrap()
    }

    #[test]
    fn a_bad_value_is_named_but_not_shown() {
        let vars = Vars::from_pairs([("A", "bad value!"), ("B_SCOPES", "read products; drop"), ("C", "")]);
        assert_eq!(cause(vars.checked("A", None, |_| false)), "A has an unusable value");
        assert_eq!(cause(vars.scopes("B_SCOPES", "x")), "B_SCOPES has an unusable value");
        assert_eq!(cause(vars.required("C")), "C is not set");
    }

    #[test]
    fn secrets_come_only_from_the_store_once_there_is_one() {
        let vars = Vars::from_pairs([("S", "from the environment")]);
        assert_eq!(vars.secret("S").unwrap().expose(), "from the environment");
        let vars = vars.with_secrets(HashMap::from([("T".to_owned(), Secret::new("stored"))]));
        assert_eq!(cause(vars.secret("S")), "S is not set");
        assert_eq!(vars.secret("T").unwrap().expose(), "stored");
    }

    #[test]
    fn placeholders_and_short_secrets_are_refused() {
        let vars = Vars::from_pairs([
            ("S", "PLACEHOLDER-fill-me-in-with-32-bytes-or-more"),
            ("T", "short"),
            ("U", "0123456789abcdef"),
            ("U_PREVIOUS", "x"),
        ]);
        assert_eq!(cause(vars.secret("S")), "S still holds a placeholder");
        assert_eq!(cause(vars.secret_pair("T", 32)), "T is shorter than 32 bytes");
        assert_eq!(cause(vars.secret_pair("U", 16)), "U_PREVIOUS is shorter than 16 bytes");
    }

    #[test]
    fn only_text_crossed_out_or_bracketed_as_a_whole_is_a_placeholder() {
        for placeholder in ["xxxxxxxx", "XXXXXXXXX", "00000000", "********", "<secret>", "my-changeme-1"] {
            assert!(is_placeholder(placeholder), "{placeholder}");
        }
        for secret in ["xxxxxxx", "xxxxxxx0", "<secret", "secret>", ""] {
            assert!(!is_placeholder(secret), "{secret}");
        }
    }
}
