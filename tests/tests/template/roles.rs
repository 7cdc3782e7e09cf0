//! What each role allows, and what its function does with it.

use std::collections::{BTreeMap, BTreeSet};

use e2e::database::Action;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::template::Template;
use e2e::world::World;
use serde_json::Value;

use super::FUNCTIONS;

/// The table or index of a statement, as [`Action`] names it.
fn table(resource: &Value) -> Option<String> {
    let arn = resource["Fn::Sub"].as_str().and_then(|text| text.strip_prefix("${")?.split_once("Table.Arn}"));
    let (id, index) = match resource["Fn::GetAtt"][0].as_str() {
        Some(id) => (id.strip_suffix("Table")?, ""),
        None => arn?,
    };
    assert!(arn.is_some() || resource["Fn::GetAtt"][1] == "Arn", "{resource}");
    Some(format!("{}{index}", id.to_lowercase()))
}

/// What a function's role allows on a table, without `dynamodb:`.
fn allowed(template: &Template, function: &str) -> BTreeSet<Action> {
    let role = template
        .resources("AWS::IAM::Role")
        .find(|(_, role)| role["Policies"][0]["PolicyName"] == function)
        .unwrap_or_else(|| panic!("no role for {function}"))
        .1;
    assert_eq!(role["Policies"].as_array().map(Vec::len), Some(1));
    assert!(role["ManagedPolicyArns"].is_null(), "{function} is allowed more than its own statements say");
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap();
    let mut actions = BTreeSet::new();
    for statement in statements {
        let Some(table) = table(&statement["Resource"]) else {
            assert!(!statement["Action"].to_string().contains("dynamodb:"), "{function}: {statement}");
            continue;
        };
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
