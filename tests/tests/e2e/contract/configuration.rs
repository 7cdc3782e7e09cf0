//! A function that can't work says so before anything else, and only the log says why.

use std::collections::BTreeSet;

use e2e::browser::Accept;
use e2e::gateway::Request;
use e2e::lambda::Function;
use e2e::settings::{SECRETS, Variables};
use e2e::world::{HTTP, HTTPS, World};
use serde_json::{Value, json};

use crate::contract::{Way, ask, assert_common_headers, assert_json_lines, assert_problem, function, functions, start, variables};

const SHOPIFY: [&str; 3] = ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "SHOPIFY_REDIRECT_URI"];
const STATES: [&str; 1] = ["STATE_TOKEN_SECRET"];
const TABLES: [&str; 3] = ["SESSIONS_TABLE", "CONNECTIONS_TABLE", "TOKEN_ENCRYPTION_KEYS"];

/// The variables without which a function can't work.
pub(crate) fn needed(function: &str) -> Vec<&'static str> {
    match function {
        "shopify-login" => [&STATES[..], &SHOPIFY].concat(),
        "shopify-callback" => [&STATES[..], &SHOPIFY, &TABLES].concat(),
        "shopify-webhooks" => [&SHOPIFY[..], &TABLES].concat(),
        "facebook-login" => [&STATES[..], &["FACEBOOK_APP_ID", "FACEBOOK_REDIRECT_URI", "SESSIONS_TABLE"]].concat(),
        "facebook-callback" => [&STATES[..], &["FACEBOOK_APP_ID", "FACEBOOK_REDIRECT_URI", "FACEBOOK_APP_SECRET"], &TABLES].concat(),
        "whatsapp-login" => [&STATES[..], &["FACEBOOK_APP_ID", "WHATSAPP_REDIRECT_URI", "SESSIONS_TABLE"]].concat(),
        "whatsapp-callback" => [&STATES[..], &["FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET", "WHATSAPP_REDIRECT_URI"], &TABLES].concat(),
        "facebook-lifecycle" => [&STATES[..], &["FACEBOOK_REDIRECT_URI", "FACEBOOK_APP_SECRET"], &TABLES].concat(),
        "meta-webhooks" => vec!["FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET", "CONNECTIONS_TABLE", "MESSAGE_BUS_NAME"],
        "connections" => [&STATES[..], &SHOPIFY, &["FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET"], &TABLES].concat(),
        other => panic!("{other}"),
    }
}

/// A secret without which a function can't work.
pub(crate) fn needed_secret(function: &str) -> &'static str {
    needed(function).into_iter().find(|name| SECRETS.contains(name)).unwrap()
}

fn others(name: &str, value: &str, variables: &Variables) -> Variables {
    let mut changed = variables.clone();
    changed.insert(name.to_owned(), value.to_owned());
    changed
}

/// Every kind of request gets `misconfigured`; the log names the variable, no reply does, and neither shows its value.
pub(crate) async fn assert_misconfigured(way: Way, variable: &str, variables: &Variables) {
    let name = way.function;
    let function = start(name, variables).await;
    let origin = if variables.values().any(|value| value.starts_with("https://link.")) { HTTPS } else { HTTP };
    let value = variables.get(variable).map_or("", String::as_str);
    let requests = [
        way.request(),
        way.request_with("?code=x&shop=x&shop=y&%zz"),
        Request::get("/nothing/here"),
        way.request().with_body("text/plain", "x"),
        way.in_the_other_method().with_body("text/plain", "x"),
        way.request().with_header("accept", "text/html"),
    ];
    for request in requests {
        let reply = ask(&function, &request).await;
        assert_eq!(reply.status, 500, "{name} with {variable} {value:?}: {}", reply.text());
        if reply.header("content-type") == Some("application/problem+json") {
            assert_eq!(assert_problem(&reply), "misconfigured");
        } else {
            assert!(reply.text().contains("<html"), "{}", reply.text());
        }
        if !variable.ends_with("REDIRECT_URI") {
            assert_common_headers(&reply, origin);
        }
        assert!(reply.cookies.is_empty());
        assert!(!reply.text().contains(variable), "the reply names {variable}");
        assert!(value.trim().len() < 4 || !reply.text().contains(value), "the reply shows {variable}");
    }
    let nothing = function.invoke(Value::Null).await.reply();
    assert_eq!(assert_problem(&nothing), "misconfigured");
    let logs = function.logs();
    assert_json_lines(&logs);
    assert!(logs.contains(variable), "{name}: the log does not name {variable}:\n{logs}");
    let lines: Vec<Value> = logs.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let causes: Vec<&str> = lines.iter().filter_map(|line| line["cause"].as_str()).collect();
    assert!(value.trim().len() < 4 || !causes.iter().any(|cause| cause.contains(value)), "the log shows {variable}: {causes:?}");
}

#[tokio::test]
async fn every_needed_variable_that_is_missing_or_empty_is_misconfigured() {
    for way in functions() {
        let all = variables(HTTP);
        for variable in needed(way.function) {
            let mut missing = all.clone();
            missing.remove(variable);
            for variables in [missing, others(variable, "", &all), others(variable, "  ", &all)] {
                assert_misconfigured(way, variable, &variables).await;
            }
        }
    }
}

#[tokio::test]
async fn a_function_needs_just_the_variables_it_uses() {
    for way in functions() {
        let name = way.function;
        let needed: BTreeSet<&str> = needed(name).into_iter().collect();
        let mut just = variables(HTTP);
        just.retain(|variable, _| needed.contains(variable.as_str()));
        let function = start(name, &just).await;
        assert_eq!(assert_problem(&ask(&function, &Request::get("/nothing/here")).await), "not_found", "{name}");
        assert_eq!(assert_problem(&ask(&function, &way.in_the_other_method()).await), "method_not_allowed");
    }
}

#[tokio::test]
async fn without_a_region_a_function_with_tables_is_misconfigured() {
    for way in functions().into_iter().filter(|way| needed(way.function).contains(&"SESSIONS_TABLE")) {
        let variables = others("AWS_DEFAULT_REGION", "", &others("AWS_REGION", "", &variables(HTTP)));
        assert_misconfigured(way, "AWS_REGION", &variables).await;
    }
}

#[tokio::test]
async fn a_placeholder_in_place_of_a_secret_is_misconfigured() {
    let placeholders = [
        "placeholder-placeholder-placeholder-placeholder",
        "PLACEHOLDER_REPLACE_ME_WITH_32_BYTES_OR_MORE",
        "changeme-changeme-changeme-changeme-changeme",
        "change-me-to-a-random-value-of-32-bytes",
        "your-secret-here-at-least-32-bytes-long",
        "<at least 32 bytes of your own, from a good source>",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "00000000000000000000000000000000",
    ];
    for placeholder in placeholders {
        let variables = others("STATE_TOKEN_SECRET", placeholder, &variables(HTTP));
        assert_misconfigured(function("shopify-login"), "STATE_TOKEN_SECRET", &variables).await;
    }
    let providers = [
        ("shopify-login", "SHOPIFY_API_SECRET"),
        ("shopify-webhooks", "SHOPIFY_API_SECRET"),
        ("facebook-callback", "FACEBOOK_APP_SECRET"),
        ("facebook-lifecycle", "FACEBOOK_APP_SECRET"),
        ("meta-webhooks", "FACEBOOK_APP_SECRET"),
        ("meta-webhooks", "META_VERIFY_TOKEN"),
    ];
    for (name, variable) in providers {
        for placeholder in ["PLACEHOLDER", "changeme", "your-secret-of-some-length"] {
            let variables = others(variable, placeholder, &variables(HTTP));
            assert_misconfigured(function(name), variable, &variables).await;
        }
    }
}

#[tokio::test]
async fn on_https_the_error_of_a_misconfigured_function_has_the_same_headers() {
    for way in functions() {
        let (mut variables, missing) = (variables(HTTPS), needed_secret(way.function));
        variables.remove(missing);
        assert_misconfigured(way, missing, &variables).await;
    }
}

#[tokio::test]
async fn a_misconfigured_callback_stores_nothing_and_spends_no_state() {
    let world = World::builder().env_of("shopify-callback", "TOKEN_ENCRYPTION_KEYS", "k1:short").start().await;
    let browser = world.browser();
    let url = world.approve_shop(&browser, "acme").await;
    let page = browser.get(&url).await;
    assert_eq!((page.status(), page.code().as_deref()), (500, Some("misconfigured")));
    let html = browser.accepting(Accept::Html).get(&url).await;
    assert_eq!(html.status(), 500);
    assert!(world.database.dump().is_empty());
    assert!(world.shopify.requests_of("token").is_empty());
}

#[tokio::test]
async fn a_bare_environment_is_misconfigured_too() {
    // WhatsApp is off without its configuration.
    for way in functions().into_iter().filter(|way| !way.function.starts_with("whatsapp-")) {
        let function = Function::start(way.function, &[]).await;
        for event in [Value::Null, json!({}), json!([1]), json!("x")] {
            assert_eq!(assert_problem(&function.invoke(event).await.reply()), "misconfigured");
        }
    }
}
