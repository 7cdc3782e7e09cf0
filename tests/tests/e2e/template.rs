//! The template against the contract and against what the functions really do.

use std::collections::{BTreeMap, BTreeSet};

use e2e::gateway::watch_routes;
use e2e::template::Template;
use e2e::world::World;

mod alarms;
mod bot;
mod conditions;
mod dashboard;
mod deployment;
mod documents;
mod events;
mod invoked;
mod limits;
mod messages;
mod pictures;
mod release;
mod shopify_app;
mod updates;
mod whatsapp;

const FUNCTIONS: [&str; 12] = [
    "connection-tokens",
    "connections",
    "facebook-callback",
    "facebook-lifecycle",
    "facebook-login",
    "meta-webhooks",
    "shopify-callback",
    "shopify-login",
    "shopify-webhooks",
    "token-keeper",
    "whatsapp-callback",
    "whatsapp-login",
];

/// The contract's table.
const ROUTES: [(&str, &str, &str); 19] = [
    ("GET", "/", "connections"),
    ("GET", "/.well-known/ucp-profile.json", "connections"),
    ("GET", "/connections", "connections"),
    ("GET", "/facebook/callback", "facebook-callback"),
    ("GET", "/facebook/data-deletion/{confirmation_code}", "facebook-lifecycle"),
    ("GET", "/facebook/login", "facebook-login"),
    ("GET", "/meta/webhooks", "meta-webhooks"),
    ("GET", "/shopify/callback", "shopify-callback"),
    ("GET", "/shopify/login", "shopify-login"),
    ("GET", "/shopify/{shop_name}/login", "shopify-login"),
    ("GET", "/whatsapp/callback", "whatsapp-callback"),
    ("GET", "/whatsapp/login", "whatsapp-login"),
    ("POST", "/connections/disconnect", "connections"),
    ("POST", "/connections/pin", "connections"),
    ("POST", "/connections/sign-out", "connections"),
    ("POST", "/facebook/data-deletion", "facebook-lifecycle"),
    ("POST", "/facebook/deauthorize", "facebook-lifecycle"),
    ("POST", "/meta/webhooks", "meta-webhooks"),
    ("POST", "/shopify/webhooks", "shopify-webhooks"),
];

/// Every variable that is no secret and not for local work.
const VARIABLES: [&str; 22] = [
    "CHECK_EVERY_DAYS",
    "SHOPIFY_API_KEY",
    "SHOPIFY_REDIRECT_URI",
    "SHOPIFY_SCOPES",
    "SHOPIFY_API_VERSION",
    "FACEBOOK_APP_ID",
    "FACEBOOK_REDIRECT_URI",
    "FACEBOOK_SCOPES",
    "FACEBOOK_CONFIG_ID",
    "FACEBOOK_API_VERSION",
    "FACEBOOK_SUBSCRIBED_FIELDS",
    "WHATSAPP_CONFIG_ID",
    "WHATSAPP_APP_ID",
    "WHATSAPP_REDIRECT_URI",
    "SESSIONS_TABLE",
    "CONNECTIONS_TABLE",
    "AUDIT_RETENTION_DAYS",
    "MESSAGE_BUS_NAME",
    "BRAND_NAME",
    "SUPPORT_URL",
    "PRIVACY_URL",
    "RETURN_URL",
];

/// What takes any value: a library's file of certificates, and the name that metrics stand under.
const ANYTHING: [&str; 2] = ["METRICS_NAMESPACE", "SSL_CERT_FILE"];

#[test]
fn the_routes_of_template_and_local_run_are_the_contracts() {
    let routes = Template::load().routes();
    let found: Vec<_> = routes.iter().map(|route| (route.method.as_str(), route.pattern.as_str(), route.function.as_str())).collect();
    assert_eq!(found, ROUTES);
    assert_eq!(watch_routes(), routes);
}

#[test]
fn both_tables_let_what_is_over_expire() {
    let tables = Template::load().tables();
    assert_eq!(tables.len(), 2);
    for table in tables {
        let specification = &table.time_to_live["TimeToLiveSpecification"];
        assert_eq!((&specification["AttributeName"], &specification["Enabled"]), (&"ttl".into(), &true.into()), "{}", table.name);
        assert_eq!(table.create["BillingMode"], "PAY_PER_REQUEST");
    }
}

#[test]
fn every_function_stops_before_the_api_gives_up_and_keeps_its_logs_for_a_while() {
    let template = Template::load();
    for (_, _, function) in ROUTES {
        assert!(template.timeout(function).as_secs() < 30, "{function}");
    }
    let functions: BTreeSet<String> = template.environments().into_keys().collect();
    assert_eq!(functions, FUNCTIONS.map(str::to_owned).into());
    let groups: Vec<_> = template.resources("AWS::Logs::LogGroup").collect();
    assert_eq!(groups.len(), FUNCTIONS.len() + 2, "one for each function, one for the API, one for the pipes");
    assert!(groups.iter().all(|(_, group)| !group["RetentionInDays"].is_null()));
    let (_, stage) = template.resources("AWS::ApiGatewayV2::Stage").next().unwrap();
    let format = stage["AccessLogSettings"]["Format"].as_str().unwrap();
    assert!(format.contains("$context.routeKey"), "{format}");
    for told in ["$context.path", "queryString", "requestOverride", "authorizer"] {
        assert!(!format.contains(told), "the access log tells {told}");
    }
}

/// An unusable value tells who reads a variable: that function is misconfigured, and the others work as before.
#[tokio::test(flavor = "multi_thread")]
async fn the_template_gives_a_function_every_variable_that_it_reads_and_no_other() {
    let given = Template::load().environments();
    let mut read: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in VARIABLES {
        // A name may be anything that can be seen.
        let world = World::builder().whatsapp().env(name, "un us\u{e9}\u{7}able").start().await;
        for function in invoked::FUNCTIONS {
            world.function(function).restart().await;
        }
        for function in FUNCTIONS {
            let logs = world.function(function).logs();
            if logs.contains(name) {
                assert!(logs.contains("misconfigured"), "{logs}");
                read.entry(function.to_owned()).or_default().insert(name.to_owned());
            }
        }
    }
    for function in FUNCTIONS {
        let mut given: BTreeSet<String> = given[function].keys().filter(|name| !ANYTHING.contains(&name.as_str())).cloned().collect();
        assert!(given.remove("SECRETS_ARN"), "{function} gets no secrets");
        assert_eq!(read.remove(function).unwrap_or_default(), given, "{function}");
    }
}
