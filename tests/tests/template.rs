//! The template against the contract and against what the functions really do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in a test's helper is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};

use e2e::database::Action;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::gateway::watch_routes;
use e2e::template::Template;
use e2e::world::World;
use serde_json::Value;

const FUNCTIONS: [&str; 4] = ["facebook-callback", "facebook-login", "shopify-callback", "shopify-login"];

/// The contract's table.
const ROUTES: [(&str, &str); 5] = [
    ("/facebook/callback", "facebook-callback"),
    ("/facebook/login", "facebook-login"),
    ("/shopify/callback", "shopify-callback"),
    ("/shopify/login", "shopify-login"),
    ("/shopify/{shop_name}/login", "shopify-login"),
];

/// Every variable of the contract that is no secret and not for local work.
const VARIABLES: [&str; 11] = [
    "SHOPIFY_API_KEY",
    "SHOPIFY_REDIRECT_URI",
    "SHOPIFY_SCOPES",
    "SHOPIFY_API_VERSION",
    "FACEBOOK_APP_ID",
    "FACEBOOK_REDIRECT_URI",
    "FACEBOOK_SCOPES",
    "FACEBOOK_CONFIG_ID",
    "FACEBOOK_API_VERSION",
    "SESSIONS_TABLE",
    "CONNECTIONS_TABLE",
];

/// What a library below the functions reads: the certificates' file.
const NOT_OURS: [&str; 1] = ["SSL_CERT_FILE"];

#[test]
fn the_routes_of_template_and_local_run_are_the_contracts() {
    let routes = Template::load().routes();
    let found: Vec<_> = routes.iter().map(|route| (route.method.as_str(), route.pattern.as_str(), route.function.as_str())).collect();
    let wanted: Vec<_> = ROUTES.iter().map(|(pattern, function)| ("GET", *pattern, *function)).collect();
    assert_eq!(found, wanted);
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
fn the_connections_outlive_the_stack_and_can_be_restored() {
    let template = Template::load();
    let table = &template.value()["Resources"]["ConnectionsTable"];
    assert_eq!((&table["DeletionPolicy"], &table["UpdateReplacePolicy"]), (&"Retain".into(), &"Retain".into()));
    assert_eq!(table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
}

#[test]
fn every_function_stops_before_the_api_gives_up_and_keeps_its_logs_for_a_while() {
    let template = Template::load();
    assert!(template.value()["Globals"]["Function"]["Timeout"].as_u64().unwrap() < 30);
    let groups: Vec<_> = template.resources("AWS::Logs::LogGroup").collect();
    assert_eq!(groups.len(), FUNCTIONS.len() + 1, "one for each function and one for the API");
    assert!(groups.iter().all(|(_, group)| !group["RetentionInDays"].is_null()));
    let (_, stage) = template.resources("AWS::ApiGatewayV2::Stage").next().unwrap();
    assert!(!stage["DefaultRouteSettings"]["ThrottlingRateLimit"].is_null());
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
        let world = World::builder().env(name, "un us\u{e9}able").start().await;
        for function in FUNCTIONS {
            let logs = world.function(function).logs();
            if logs.contains(name) {
                assert!(logs.contains("misconfigured"), "{logs}");
                read.entry(function.to_owned()).or_default().insert(name.to_owned());
            }
        }
    }
    for function in FUNCTIONS {
        let mut given: BTreeSet<String> = given[function].keys().filter(|name| !NOT_OURS.contains(&name.as_str())).cloned().collect();
        assert!(given.remove("SECRETS_ARN"), "{function} gets no secrets");
        assert_eq!(read.remove(function).unwrap_or_default(), given, "{function}");
    }
}

/// What a function's role allows on a table, without `dynamodb:`.
fn allowed(template: &Template, function: &str) -> BTreeSet<Action> {
    let of_function = |statement: &&Value| statement["Resource"]["Fn::GetAtt"][0].as_str().is_some_and(|id| id.ends_with("Table"));
    let role = template
        .resources("AWS::IAM::Role")
        .find(|(_, role)| role["Policies"][0]["PolicyName"] == function)
        .unwrap_or_else(|| panic!("no role for {function}"))
        .1;
    assert_eq!(role["Policies"].as_array().map(Vec::len), Some(1));
    assert!(role["ManagedPolicyArns"].is_null(), "{function} is allowed more than its own statements say");
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap();
    let mut actions = BTreeSet::new();
    for statement in statements.iter().filter(of_function) {
        assert_eq!(statement["Resource"]["Fn::GetAtt"][1], "Arn", "one table, no index");
        let table = statement["Resource"]["Fn::GetAtt"][0].as_str().unwrap().trim_end_matches("Table").to_lowercase();
        for action in statement["Action"].as_array().unwrap() {
            let action = action.as_str().unwrap().strip_prefix("dynamodb:").unwrap();
            assert!(!action.contains('*'), "{function} is allowed {action}");
            actions.insert((table.clone(), action.to_owned()));
        }
    }
    for statement in statements {
        let wildcard = statement["Resource"] == "*";
        assert!(!wildcard || statement["Sid"] == "Traces", "{function}: {statement}");
    }
    actions
}

/// The database calls of each function.
struct Calls<'a> {
    world: &'a World,
    made: BTreeMap<&'static str, BTreeSet<Action>>,
}

impl Calls<'_> {
    /// Counts what is called during `work` as this function's: no other may call meanwhile.
    async fn of<T>(&mut self, function: &'static str, work: impl Future<Output = T>) -> T {
        self.world.database.reset_usage();
        let result = work.await;
        self.made.entry(function).or_default().extend(self.world.database.actions());
        result
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_allows_exactly_the_database_calls_that_its_function_makes() {
    let world = World::start().await;
    let mut calls = Calls { world: &world, made: BTreeMap::new() };
    for function in FUNCTIONS {
        calls.of(function, world.function(function).restart()).await;
    }
    let (browser, other) = (world.browser(), world.browser());
    let person = world.facebook.add_person("Jo Doe");
    // More than one transaction holds.
    let pages: Vec<String> = (0..35).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();

    for (browser, shop) in [(&browser, "acme"), (&browser, "acme"), (&other, "other")] {
        let login = calls.of("shopify-login", browser.get(&format!("/shopify/{shop}/login"))).await;
        let callback = world.shopify.approve(login.location());
        let linked = calls.of("shopify-callback", browser.get(&callback)).await;
        assert_eq!(linked.status(), 200, "{}", linked.text());
    }
    for (browser, query) in [(&other, ""), (&browser, "?move=1")] {
        let login = calls.of("facebook-login", browser.get(&format!("/facebook/login{query}"))).await;
        let declined = world.facebook.decline(login.location());
        assert_eq!(calls.of("facebook-callback", browser.get(&declined)).await.status(), 403);
        let login = calls.of("facebook-login", browser.get(&format!("/facebook/login{query}"))).await;
        let callback = world.facebook.approve(login.location(), &Consent::of(&person).with_pages(&pages));
        let linked = calls.of("facebook-callback", browser.get(&callback)).await;
        assert_eq!(linked.status(), 200, "{}", linked.text());
    }
    // A link that fails, then one of a domain that changed hands: the former owner's Pages and sessions are erased.
    let callback = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("token", Fault::ServerError500, Times::Once);
    assert_eq!(calls.of("shopify-callback", browser.get(&callback)).await.status(), 502);
    world.shopify.edit_shop("acme.myshopify.com", |shop| shop.id += 1);
    let callback = world.approve_shop(&browser, "acme").await;
    assert_eq!(calls.of("shopify-callback", browser.get(&callback)).await.status(), 200);

    let template = Template::load();
    for function in FUNCTIONS {
        assert_eq!(calls.made.remove(function).unwrap_or_default(), allowed(&template, function), "{function}");
    }
}
