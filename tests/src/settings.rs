//! The configuration that tests and the local run give the functions.

use std::collections::BTreeMap;

use crate::random;

/// Variables by name.
pub type Variables = BTreeMap<String, String>;

/// The variables whose values must never turn up anywhere.
pub const SECRETS: [&str; 5] =
    ["SHOPIFY_API_SECRET", "FACEBOOK_APP_SECRET", "META_VERIFY_TOKEN", "STATE_TOKEN_SECRET", "TOKEN_ENCRYPTION_KEYS"];

/// The same, of what is not always there.
pub const OPTIONAL_SECRETS: [&str; 1] = ["WHATSAPP_APP_SECRET"];

/// Credentials of apps that no provider knows, in the providers' own shapes, and the service's own secrets. All random,
/// so each of them can be searched for by its value.
pub fn fresh_credentials() -> Variables {
    let app_id = 1_000_000_000_000_000 + u64::from_be_bytes(random::bytes()) % 9_000_000_000_000_000;
    variables([
        ("SHOPIFY_API_KEY", random::hex::<16>()),
        ("SHOPIFY_API_SECRET", format!("shpss_{}", random::hex::<16>())),
        ("FACEBOOK_APP_ID", app_id.to_string()),
        ("FACEBOOK_APP_SECRET", random::hex::<16>()),
        ("META_VERIFY_TOKEN", random::token()),
        ("STATE_TOKEN_SECRET", random::token()),
        ("TOKEN_ENCRYPTION_KEYS", format!("k1:{}", random::key())),
    ])
}

/// What switches WhatsApp on for a service at `origin`, under the app for Pages.
pub fn whatsapp(origin: &str) -> Variables {
    let config_id = 1_000_000_000_000_000 + u64::from_be_bytes(random::bytes()) % 9_000_000_000_000_000;
    variables([("WHATSAPP_CONFIG_ID", config_id.to_string()), ("WHATSAPP_REDIRECT_URI", format!("{origin}/whatsapp/callback"))])
}

/// What makes WhatsApp an app of its own.
pub fn whatsapp_app() -> Variables {
    let app_id = 1_000_000_000_000_000 + u64::from_be_bytes(random::bytes()) % 9_000_000_000_000_000;
    variables([("WHATSAPP_APP_ID", app_id.to_string()), ("WHATSAPP_APP_SECRET", random::hex::<16>())])
}

/// The redirect URIs for a service at `origin`, such as `http://localhost:9000`.
pub fn redirect_uris(origin: &str) -> Variables {
    variables([
        ("SHOPIFY_REDIRECT_URI", format!("{origin}/shopify/callback")),
        ("FACEBOOK_REDIRECT_URI", format!("{origin}/facebook/callback")),
    ])
}

/// What leads the functions to the local providers.
pub fn provider_endpoints(shopify: &str, facebook: &str) -> Variables {
    variables([
        ("SHOPIFY_ENDPOINT_URL", shopify.to_owned()),
        ("FACEBOOK_GRAPH_ENDPOINT_URL", facebook.to_owned()),
        ("FACEBOOK_DIALOG_ENDPOINT_URL", facebook.to_owned()),
    ])
}

/// A table of variables.
pub fn variables<const N: usize>(pairs: [(&str, String); N]) -> Variables {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
