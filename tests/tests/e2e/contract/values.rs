//! Which values of a variable are usable.

use e2e::gateway::Request;
use e2e::world::HTTP;

use crate::contract::configuration::{assert_misconfigured, needed};
use crate::contract::{ask, assert_problem, function, functions, start, variables};

pub(crate) async fn refuses(names: &[&str], variable: &str, values: &[&str]) {
    for name in names {
        for value in values {
            let mut variables = variables(HTTP);
            variables.insert(variable.to_owned(), (*value).to_owned());
            assert_misconfigured(function(name), variable, &variables).await;
        }
    }
}

fn needing(variable: &str) -> Vec<&'static str> {
    functions().iter().map(|way| way.function).filter(|name| needed(name).contains(&variable)).collect()
}

pub(crate) async fn accepts(function: &str, variable: &str, values: &[&str]) {
    for value in values {
        let mut variables = variables(HTTP);
        variables.insert(variable.to_owned(), (*value).to_owned());
        let function = start(function, &variables).await;
        let code = assert_problem(&ask(&function, &Request::get("/nothing/here")).await);
        assert_eq!(code, "not_found", "{variable}={value}: {}", function.logs());
    }
}

#[tokio::test]
async fn the_endpoints_of_providers_are_http_at_a_loopback_address() {
    const FOREIGN: [&str; 14] = [
        "https://localhost:1",
        "https://127.0.0.1:1",
        "http://evil.example",
        "http://10.0.0.1",
        "http://0.0.0.0:1",
        "http://169.254.169.254",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
        "http://evil.example/#localhost",
        "http://evil.example?http://localhost",
        "http://[::2]:1",
        "localhost:1",
        "ftp://localhost:1",
    ];
    refuses(&["shopify-login", "shopify-callback", "shopify-webhooks", "connections"], "SHOPIFY_ENDPOINT_URL", &FOREIGN).await;
    refuses(&["facebook-login"], "FACEBOOK_DIALOG_ENDPOINT_URL", &FOREIGN).await;
    refuses(&["facebook-callback", "connections"], "FACEBOOK_GRAPH_ENDPOINT_URL", &FOREIGN).await;
    for loopback in ["http://localhost:1", "http://127.0.0.1:1/", "http://127.9.8.7:1", "http://[::1]:1", "http://LOCALHOST:1"] {
        accepts("shopify-login", "SHOPIFY_ENDPOINT_URL", &[loopback]).await;
        accepts("facebook-callback", "FACEBOOK_GRAPH_ENDPOINT_URL", &[loopback]).await;
    }
}

#[tokio::test]
async fn a_redirect_uri_is_https_or_loopback_and_leads_to_its_own_route() {
    let unusable = |route: &str, other: &str| {
        [
            format!("http://link.example.com{route}"),
            format!("http://localhost.evil.example{route}"),
            format!("http://10.0.0.1{route}"),
            format!("https://user@link.example.com{route}"),
            format!("https://link.example.com{other}"),
            format!("https://link.example.com{route}?x=1"),
            format!("https://link.example.com{route}#x"),
            format!("https://link.example.com{route}/"),
            format!("ftp://link.example.com{route}"),
            format!("//link.example.com{route}"),
            route.to_owned(),
            "not a URL".to_owned(),
        ]
    };
    let (shopify, facebook) = ("/shopify/callback", "/facebook/callback");
    let values = unusable(shopify, facebook);
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    refuses(&["shopify-login", "shopify-callback", "shopify-webhooks", "connections"], "SHOPIFY_REDIRECT_URI", &values).await;
    let values = unusable(facebook, shopify);
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    refuses(&["facebook-login", "facebook-callback", "facebook-lifecycle"], "FACEBOOK_REDIRECT_URI", &values).await;
    accepts("shopify-login", "SHOPIFY_REDIRECT_URI", &["https://link.example.com/shopify/callback", "http://[::1]:9/shopify/callback"])
        .await;
}

#[tokio::test]
async fn ids_versions_and_lists_have_their_forms() {
    refuses(&["shopify-login"], "SHOPIFY_API_KEY", &["two words", "é", "line\nbreak"]).await;
    refuses(&["shopify-login", "shopify-callback"], "SHOPIFY_SCOPES", &[",", "read_products;drop", "read_products&x=1", "<x>"]).await;
    refuses(&["shopify-callback"], "SHOPIFY_API_VERSION", &["latest", "2026-11", "2026-1", "26-10", "2026-10/../..", "2026-10?x"]).await;
    accepts("shopify-callback", "SHOPIFY_API_VERSION", &["2026-07", "2027-01"]).await;
    let apps = ["12345678901234", "123456789012345678901", "12345678901234x", "-23456789012345", "１２３４５６７８９０１２３４５"];
    refuses(&["facebook-login", "facebook-callback"], "FACEBOOK_APP_ID", &apps).await;
    accepts("facebook-login", "FACEBOOK_APP_ID", &["123456789012345", "12345678901234567890"]).await;
    refuses(&["facebook-login"], "FACEBOOK_SCOPES", &[",", "pages_messaging&x", "a;b"]).await;
    refuses(&["facebook-login"], "FACEBOOK_CONFIG_ID", &["abc", "1&x=2"]).await;
    refuses(&["facebook-login", "facebook-callback"], "FACEBOOK_API_VERSION", &["26.0", "v26", "v26.", "v26.0/..", "latest"]).await;
    refuses(&["meta-webhooks"], "MESSAGE_BUS_NAME", &["two words", "ä"]).await;
    refuses(&["facebook-login"], "SESSIONS_TABLE", &["x", "two words"]).await;
    refuses(&["facebook-lifecycle", "shopify-webhooks"], "AUDIT_RETENTION_DAYS", &["0", "-1", "a year"]).await;
}

#[tokio::test]
async fn secrets_have_their_lengths_and_forms() {
    let short = "31 bytes are one byte too short";
    assert_eq!(short.len(), 31);
    for name in needing("STATE_TOKEN_SECRET") {
        refuses(&[name], "STATE_TOKEN_SECRET", &["x", short]).await;
        refuses(&[name], "STATE_TOKEN_SECRET_PREVIOUS", &["x", short]).await;
        accepts(name, "STATE_TOKEN_SECRET", &["32 bytes are just as long as so."]).await;
    }
    refuses(&["meta-webhooks"], "META_VERIFY_TOKEN", &["15 characters.."]).await;
    accepts("meta-webhooks", "META_VERIFY_TOKEN", &["16 characters..."]).await;
    let (one, other) = (e2e::random::key(), e2e::random::key());
    let doubled = format!("k1:{one},k1:{other}");
    let half_bad = format!("k1:{one},k2");
    let keys = ["k1", "k1:", "k1:AAAA", "k1:not base64!", &one, &format!(":{one}"), &format!("k 1:{one}"), &doubled, &half_bad, ","];
    refuses(&needing("TOKEN_ENCRYPTION_KEYS"), "TOKEN_ENCRYPTION_KEYS", &keys).await;
    let (single, pair) = (format!("k1:{one}"), format!("k2:{other},k1:{one}"));
    accepts("shopify-callback", "TOKEN_ENCRYPTION_KEYS", &[single.as_str(), pair.as_str()]).await;
}
