//! What each role allows, and what its function does with it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::database::Action;
use e2e::facebook::{Consent, delivery};
use e2e::faults::{Fault, Times};
use e2e::template::Template;
use e2e::world::World;
use serde_json::{Value, json};

const ACME: &str = "acme.myshopify.com";

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
    made: BTreeMap<String, BTreeSet<Action>>,
}

impl<'a> Calls<'a> {
    fn new(world: &'a World) -> Self {
        Self { world, made: BTreeMap::new() }
    }

    /// Counts what is called during `work` as this function's: no other may call meanwhile.
    async fn of<T>(&mut self, function: &str, work: impl Future<Output = T>) -> T {
        self.world.database.reset_usage();
        let result = work.await;
        self.made.entry(function.to_owned()).or_default().extend(self.world.database.actions());
        result
    }

    /// Demands that the function's role allows what was counted, and nothing else.
    #[track_caller]
    fn are_what_is_allowed(&self, function: &str) {
        assert_eq!(self.made.get(function), Some(&allowed(&Template::load(), function)), "{function}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_allows_exactly_the_database_calls_that_its_function_makes() {
    let world = World::start().await;
    let mut calls = Calls::new(&world);
    // Those that providers call have tests of their own.
    let behind_routes = ["facebook-callback", "facebook-login", "shopify-callback", "shopify-login"];
    for function in behind_routes {
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

    for function in behind_routes {
        calls.are_what_is_allowed(function);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_function_that_people_leave_through_is_allowed_exactly_the_database_calls_that_it_makes() {
    const FUNCTION: &str = "facebook-lifecycle";
    let world = World::start().await;
    let mut calls = Calls::new(&world);
    calls.of(FUNCTION, world.function(FUNCTION).restart()).await;
    let (_, page, person) = linked(&world, "acme").await;
    let leaves = [
        ("/facebook/deauthorize", world.facebook.signed_leave_of_page(&page)),
        ("/facebook/deauthorize", world.facebook.signed_leave(&person)),
    ];
    for (route, leave) in &leaves {
        assert_eq!(calls.of(FUNCTION, world.gateway().send(&delivery(route, leave))).await.status, 200);
    }
    let (.., person) = linked(&world, "other").await;
    let leave = world.facebook.signed_leave(&person);
    let told = calls.of(FUNCTION, world.gateway().send(&delivery("/facebook/data-deletion", &leave))).await;
    let url = told.json()["url"].as_str().unwrap().to_owned();
    assert_eq!(calls.of(FUNCTION, world.browser().get(&url)).await.json()["records"], 2);
    calls.are_what_is_allowed(FUNCTION);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bots_function_is_allowed_exactly_the_database_calls_that_it_makes() {
    const FUNCTION: &str = "connection-tokens";
    let world = World::start().await;
    let mut calls = Calls::new(&world);
    let (uuid, page, _) = linked(&world, "acme").await;
    calls.of(FUNCTION, world.function(FUNCTION).restart()).await;
    for id in [json!({ "page_id": page }), json!({ "shop": ACME }), json!({ "user_uuid": uuid })] {
        assert_eq!(calls.of(FUNCTION, world.invoke(FUNCTION, id)).await["shops"][0]["status"], "active");
    }
    // A token to renew: first in vain, then with success, then with the answer that it is dead.
    let ask = || world.invoke(FUNCTION, json!({ "page_id": page }));
    world.expire_access_token(ACME).await;
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    let told = calls.of(FUNCTION, ask()).await;
    assert_eq!((&told["shops"][0]["status"], &told["shops"][0]["access_token"]), (&json!("active"), &Value::Null));
    world.shopify.clear_faults();
    let told = calls.of(FUNCTION, ask()).await;
    assert!(told["shops"][0]["access_token"].is_string(), "{told}");
    world.shopify.uninstall(ACME);
    world.expire_access_token(ACME).await;
    assert_eq!(calls.of(FUNCTION, ask()).await["shops"][0]["status"], "reconnect_needed");
    assert_eq!(world.events().iter().filter(|event| event.detail_type == "reconnect_needed").count(), 1);
    calls.are_what_is_allowed(FUNCTION);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keeper_is_allowed_exactly_the_database_calls_that_it_makes() {
    const FUNCTION: &str = "token-keeper";
    let world = World::start().await;
    let mut calls = Calls::new(&world);
    let (acme, _, person) = linked(&world, "acme").await;
    let (gone, ..) = linked(&world, "gone").await;
    let person_key = format!("person#{person}");
    calls.of(FUNCTION, world.function(FUNCTION).restart()).await;
    for (uuid, sk) in [(&acme, "store"), (&acme, person_key.as_str())] {
        world.set_number(&format!("uuid#{uuid}"), sk, "issued_at", 1).await;
        world.make_due(uuid, sk).await;
    }
    // What was left of an identity that is being erased.
    let update = world.database.client().update_item().table_name("connections").update_expression("SET #s = :s, erase_request = :s");
    let update = update.key("pk", AttributeValue::S(format!("uuid#{gone}"))).key("sk", AttributeValue::S("store".to_owned()));
    let update = update.expression_attribute_names("#s", "status");
    update.expression_attribute_values(":s", AttributeValue::S("erasing".to_owned())).send().await.unwrap();
    world.make_due(&gone, "store").await;
    let told = calls.of(FUNCTION, world.invoke(FUNCTION, json!({}))).await;
    assert_eq!((&told["due"], &told["failed"]), (&json!(3), &json!(0)), "{told}\n{}", world.function(FUNCTION).logs());
    assert!(world.item(&format!("uuid#{gone}"), "store").is_none(), "erased");

    // Somebody left, and what the index had not shown yet is looked for once more.
    let (.., leaver) = linked(&world, "left").await;
    let leave = world.facebook.signed_leave(&leaver);
    assert_eq!(world.gateway().send(&delivery("/facebook/data-deletion", &leave)).await.status, 200);
    let requests = world.database.scan("connections").into_iter();
    let request = requests.filter_map(|item| item.text("pk").filter(|pk| pk.starts_with("deletion#")).map(str::to_owned)).next();
    world.set_number(&request.expect("it was taken down"), "status", "due_at", 1).await;
    assert_eq!(calls.of(FUNCTION, world.invoke(FUNCTION, json!({}))).await["failed"], 0);

    // Both are dead at their providers; before that one is asked in vain.
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    for round in 0..2 {
        for sk in ["store", &person_key] {
            world.set_number(&format!("uuid#{acme}"), sk, "issued_at", 1).await;
            world.make_due(&acme, sk).await;
        }
        let told = calls.of(FUNCTION, world.invoke(FUNCTION, json!({}))).await;
        assert_eq!(told["failed"], json!(1 - round), "{told}\n{}", world.function(FUNCTION).logs());
        world.shopify.clear_faults();
        world.shopify.uninstall(ACME);
        world.facebook.change_password(&person);
    }
    let dead: BTreeSet<String> = world.events().into_iter().filter(|event| event.reason.is_some()).map(|event| event.platform).collect();
    assert_eq!(dead, ["facebook".to_owned(), "shopify".to_owned()].into());
    calls.are_what_is_allowed(FUNCTION);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_function_for_shopifys_webhooks_is_allowed_exactly_the_database_calls_that_it_makes() {
    const FUNCTION: &str = "shopify-webhooks";
    let world = World::start().await;
    let mut calls = Calls::new(&world);
    let (uuid, ..) = linked(&world, "acme").await;
    calls.of(FUNCTION, world.function(FUNCTION).restart()).await;
    for topic in ["app/scopes_update", "customers/redact", "app/uninstalled", "shop/redact"] {
        let linked_at = world.item(&format!("uuid#{uuid}"), "store").unwrap().text("linked_at").unwrap().parse::<u64>().unwrap();
        world.set_number(&format!("uuid#{uuid}"), "store", "linked_at", linked_at - 60).await;
        let webhook = world.shopify.webhook(topic, ACME).request();
        assert_eq!(calls.of(FUNCTION, world.gateway().send(&webhook)).await.status, 200, "{}", world.function(FUNCTION).logs());
    }
    assert!(world.item(&format!("uuid#{uuid}"), "store").is_none(), "erased");
    calls.are_what_is_allowed(FUNCTION);
}

/// Links a store and a Page; returns the identity, the Page and the person.
async fn linked(world: &World, shop: &str) -> (String, String, String) {
    let browser = world.browser();
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    assert_eq!(world.link_shop(&browser, shop).await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    let uuid = world.owner(&format!("page#{page}")).expect("the Page is linked");
    let person = world.database.scan("connections").iter().find_map(|item| {
        let of_uuid = item.text("pk") == Some(&format!("uuid#{uuid}"));
        item.text("sk").filter(|_| of_uuid)?.strip_prefix("person#").map(str::to_owned)
    });
    (uuid, page, person.expect("the person is stored"))
}
