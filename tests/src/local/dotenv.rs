//! Reads `.env`: which apps the local run works with.

use crate::settings::Variables;

/// Without these four there is no real provider; with some of them there is a mistake.
const CREDENTIALS: [&str; 4] = ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET"];

/// What may stand in `.env` besides. The rest of the configuration is the local run's own.
const OTHERS: [&str; 24] = [
    "CHECK_EVERY_DAYS",
    "SHOPIFY_REDIRECT_URI",
    "SHOPIFY_SCOPES",
    "SHOPIFY_API_VERSION",
    "SHOPIFY_API_SECRET_PREVIOUS",
    "FACEBOOK_REDIRECT_URI",
    "FACEBOOK_SCOPES",
    "FACEBOOK_CONFIG_ID",
    "FACEBOOK_API_VERSION",
    "FACEBOOK_SUBSCRIBED_FIELDS",
    "FACEBOOK_APP_SECRET_PREVIOUS",
    "WHATSAPP_CONFIG_ID",
    "WHATSAPP_APP_ID",
    "WHATSAPP_APP_SECRET",
    "WHATSAPP_APP_SECRET_PREVIOUS",
    "WHATSAPP_REDIRECT_URI",
    "META_VERIFY_TOKEN",
    "BRAND_NAME",
    "SUPPORT_URL",
    "PRIVACY_URL",
    "RETURN_URL",
    "STATE_TOKEN_SECRET",
    "STATE_TOKEN_SECRET_PREVIOUS",
    "TOKEN_ENCRYPTION_KEYS",
];

/// A `.env` that can be worked with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dotenv {
    /// The variables that have a value.
    pub(super) variables: Variables,
    /// Whether it holds the credentials of real apps.
    pub(super) is_real: bool,
}

/// Reads the text of a `.env`.
///
/// # Errors
///
/// With what to do about it. Never with a value: it may be a secret.
pub(super) fn parse(text: &str) -> Result<Dotenv, String> {
    let mut variables = Variables::new();
    for (number, line) in text.lines().enumerate() {
        let here = |problem: &str| format!(".env, line {}: {problem}", number + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once('=').ok_or_else(|| here("this is not NAME=VALUE."))?;
        let name = name.trim().trim_start_matches("export ").trim();
        if !CREDENTIALS.contains(&name) && !OTHERS.contains(&name) {
            return Err(here(&format!("{name} can't be set here. See .env.example for what can.")));
        }
        let value = unquoted(value.trim()).ok_or_else(|| here(&format!("the value of {name} has an open quote.")))?;
        if value.is_empty() {
            continue;
        }
        if variables.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(here(&format!("{name} is set twice.")));
        }
    }
    let missing: Vec<&str> = CREDENTIALS.into_iter().filter(|name| !variables.contains_key(*name)).collect();
    if !missing.is_empty() && missing.len() < CREDENTIALS.len() {
        return Err(format!(
            ".env holds some credentials of real apps, but not {}. Add what is missing, or remove the other ones to \
             work with the local Shopify and the local Facebook.",
            missing.join(", ")
        ));
    }
    Ok(Dotenv { variables, is_real: missing.is_empty() })
}

fn unquoted(value: &str) -> Option<&str> {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.strip_suffix(quote);
        }
    }
    // A comment behind a value.
    Some(value.split(" #").next().unwrap_or_default().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::variables;
    use crate::template::project_dir;

    #[test]
    fn the_example_as_it_is_means_local_providers() {
        let example = std::fs::read_to_string(project_dir().join(".env.example")).unwrap();
        assert_eq!(parse(&example), Ok(Dotenv { variables: Variables::new(), is_real: false }));
        for name in CREDENTIALS.into_iter().chain(OTHERS) {
            assert!(example.contains(&format!("{name}=")), "{name} is not in .env.example");
        }
    }

    #[test]
    fn all_four_credentials_mean_real_apps() {
        let text = "SHOPIFY_API_KEY=a # the client id\nexport SHOPIFY_API_SECRET='b # c'\nFACEBOOK_APP_ID=\"d\"\n\
                    FACEBOOK_APP_SECRET = e=\nSHOPIFY_SCOPES=\n";
        let expected = variables([
            ("SHOPIFY_API_KEY", "a".to_owned()),
            ("SHOPIFY_API_SECRET", "b # c".to_owned()),
            ("FACEBOOK_APP_ID", "d".to_owned()),
            ("FACEBOOK_APP_SECRET", "e=".to_owned()),
        ]);
        assert_eq!(parse(text), Ok(Dotenv { variables: expected, is_real: true }));
    }

    #[test]
    fn some_credentials_name_the_missing_ones() {
        let error = parse("SHOPIFY_API_KEY=a\nFACEBOOK_APP_ID=1\n").unwrap_err();
        assert!(error.contains("not SHOPIFY_API_SECRET, FACEBOOK_APP_SECRET."), "{error}");
    }

    #[test]
    fn a_broken_line_is_named_without_its_value() {
        for (text, expected) in [
            ("\nsecretvalue", "line 2: this is not NAME=VALUE."),
            ("SHOPIFY_APIKEY=secretvalue", "SHOPIFY_APIKEY can't be set here"),
            ("SHOPIFY_API_KEY=\"secretvalue", "SHOPIFY_API_KEY has an open quote"),
            ("SHOPIFY_API_KEY=secretvalue\nSHOPIFY_API_KEY=secretvalue", "line 2: SHOPIFY_API_KEY is set twice"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected) && !error.contains("secretvalue"), "{error}");
        }
    }
}
