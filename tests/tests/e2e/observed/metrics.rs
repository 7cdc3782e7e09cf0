//! The metrics that each event brings, read from the lines.

use std::collections::BTreeSet;

use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::{Value, json};
use shared::metrics::{ALL, NAMESPACE};
use shared::providers::PLATFORMS;

use crate::observed::format::{Metrics, metrics};
use crate::observed::{ACME, lines};

const KEEPER: &str = "token-keeper";

fn of(world: &World) -> Metrics {
    metrics(&lines(world), NAMESPACE)
}

fn sum(metrics: &Metrics, name: &str) -> u64 {
    metrics.get(name).map_or(0, |values| values.iter().sum())
}

fn count(metrics: &Metrics, name: &str) -> usize {
    metrics.get(name).map_or(0, Vec::len)
}

/// The names, without dimensions, whose values are not all zero.
fn counted(metrics: &Metrics) -> BTreeSet<&str> {
    let some = metrics.iter().filter(|(_, values)| values.iter().any(|value| *value > 0));
    some.map(|(name, _)| name.split('{').next().unwrap())
        .filter(|name| !name.ends_with("Latency") && !name.ends_with("Calls") && *name != "InitTime")
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_counted_from_its_start_to_its_end() {
    let world = World::start().await;
    let browser = world.browser();
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    let metrics = of(&world);
    for (metric, functions) in
        [("LinksStarted", ["shopify-login", "facebook-login"]), ("LinksFinished", ["shopify-callback", "facebook-callback"])]
    {
        for function in functions {
            assert_eq!(metrics[&format!("{metric}{{function={function}}}")], [1], "{metrics:?}");
            assert_eq!(metrics[&format!("Faults{{function={function}}}")], [0]);
            assert_eq!(count(&metrics, &format!("InitTime{{function={function}}}")), 1);
        }
    }
    assert_eq!(counted(&metrics), ["LinksFinished", "LinksStarted", "StartsWithoutFetchMetadata"].into());
    assert_eq!(metrics["StartsWithoutFetchMetadata"], [1], "at Facebook alone");
    // One value for each call, and no error among them.
    let (shopify, facebook) = (world.shopify.requests(), world.facebook.requests());
    let called = |requests: &[e2e::provider::RecordedRequest], pages: &[&str]| {
        requests.iter().filter(|request| !pages.contains(&request.call)).count()
    };
    assert_eq!(count(&metrics, "ShopifyLatency"), called(&shopify, &["authorize"]), "{shopify:?}");
    assert_eq!(count(&metrics, "FacebookLatency"), called(&facebook, &["dialog"]), "{facebook:?}");
    for provider in ["Shopify", "Facebook"] {
        let calls = usize::try_from(sum(&metrics, &format!("{provider}Calls"))).unwrap();
        assert_eq!(calls, count(&metrics, &format!("{provider}Latency")));
    }
    // Each event once by its function, and once as one of all.
    let by_function = metrics.iter().filter(|(name, _)| name.starts_with("Faults{")).map(|(_, values)| values.len());
    assert_eq!(count(&metrics, "Faults"), by_function.sum::<usize>());
    assert!(count(&metrics, "DynamoDBLatency") >= 8, "{metrics:?}");
    // A warm instance is started no second time.
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let metrics = of(&world);
    assert_eq!(count(&metrics, "InitTime{function=shopify-callback}"), 1);
    assert_eq!(count(&metrics, "Faults{function=shopify-callback}"), 2);
    world.function("shopify-login").restart().await;
    world.approve_shop(&browser, "acme").await;
    assert_eq!(count(&of(&world), "InitTime{function=shopify-login}"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_counted_by_step_and_code_and_a_fault_by_whose_it_is() {
    let world = World::start().await;
    let browser = world.browser();
    assert_eq!(browser.get("/facebook/login").await.status(), 400);
    // Shopify fails, refuses, does not answer; then the tables fail.
    for (fault, status) in
        [(Fault::ServerError500, 502), (Fault::json(400, &json!({ "error": "invalid_request" })), 400), (Fault::Reset, 502)]
    {
        let callback = world.approve_shop(&browser, "acme").await;
        world.shopify.switch_on("token", fault, Times::Once);
        assert_eq!(browser.get(&callback).await.status(), status);
    }
    let callback = world.approve_shop(&browser, "acme").await;
    world.database.fail_operation("UpdateItem", DatabaseFault::InternalError, 100);
    assert_eq!(browser.get(&callback).await.status(), 503);
    world.database.clear_faults();
    let metrics = of(&world);
    let failures = |function: &str, code: &str| sum(&metrics, &format!("Failures{{function={function},outcome={code}}}"));
    assert_eq!(failures("facebook-login", "missing_session"), 1);
    assert_eq!(failures("shopify-callback", "provider_error"), 2);
    assert_eq!(failures("shopify-callback", "token_exchange_failed"), 1);
    assert_eq!(failures("shopify-callback", "storage_unavailable"), 1);
    assert_eq!(metrics["Faults{function=facebook-login}"], [0], "the merchant's");
    assert_eq!(metrics["Faults{function=shopify-callback}"], [1, 0, 1, 1]);
    assert_eq!((sum(&metrics, "ShopifyErrors"), count(&metrics, "ShopifyLatency")), (2, 3), "what is refused is no error of Shopify's");
    assert_eq!(counted(&metrics), ["Failures", "Faults", "LinksStarted", "ShopifyErrors"].into());
}

/// Makes the store's and the person's token due for a renewal.
async fn fading(world: &World, uuid: &str, person: &str) {
    for sk in ["store", person] {
        world.set_number(&format!("uuid#{uuid}"), sk, "issued_at", 1).await;
        world.make_due(uuid, sk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn renewals_deaths_and_runs_are_counted() {
    let world = World::start().await;
    let browser = world.browser();
    let jo = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&jo, "Acme Store");
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&jo)).await.status(), 200);
    let uuid = world.owner(&format!("page#{page}")).unwrap();
    let person = world
        .database
        .scan("connections")
        .iter()
        .find_map(|item| item.text("sk").filter(|sk| sk.starts_with("person#")).map(str::to_owned));
    let person = person.expect("the person is stored");
    let mut seen = BTreeSet::new();
    let mut since = |world: &World| {
        let fresh: Vec<Value> = lines(world).into_iter().filter(|line| seen.insert(line.to_string())).collect();
        metrics(&fresh, NAMESPACE)
    };
    since(&world);

    fading(&world, &uuid, &person).await;
    world.invoke(KEEPER, json!({})).await;
    let run = since(&world);
    assert_eq!(counted(&run), ["FacebookRefreshed", "KeeperDue", "KeeperRuns", "ShopifyRefreshed"].into(), "{run:?}");
    assert_eq!(
        (&run["KeeperRuns"], &run["KeeperDue"], &run["KeeperRemaining"], &run["KeeperFailed"]),
        (&vec![1], &vec![2], &vec![0], &vec![0])
    );
    assert_eq!(
        (&run["ShopifyRefreshed"], &run["FacebookRefreshed"], &run["Faults{function=token-keeper}"]),
        (&vec![1], &vec![1], &vec![0])
    );

    // Neither provider can.
    fading(&world, &uuid, &person).await;
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::Once);
    world.facebook.switch_on("long_lived_exchange", Fault::ServerError500, Times::Once);
    world.invoke(KEEPER, json!({})).await;
    let run = since(&world);
    assert_eq!((&run["ShopifyRefreshFailed"], &run["FacebookRefreshFailed"]), (&vec![1], &vec![1]), "{run:?}");
    assert_eq!((sum(&run, "ShopifyErrors"), sum(&run, "FacebookErrors"), sum(&run, "KeeperFailed")), (1, 1, 2), "{run:?}");
    assert_eq!(sum(&run, "ShopifyRefreshed") + sum(&run, "FacebookRefreshed"), 0);

    // For the bot.
    world.expire_access_token(ACME).await;
    world.invoke("connection-tokens", json!({ "shop": ACME })).await;
    let asked = since(&world);
    assert_eq!((counted(&asked), &asked["ShopifyRefreshed"]), (["ShopifyRefreshed"].into(), &vec![1]));
    assert_eq!(world.invoke("connection-tokens", json!({ "shop": "no-such.myshopify.com" })).await["error"]["code"], "not_found");
    assert_eq!(counted(&since(&world)), ["Failures"].into());

    // Both are dead.
    fading(&world, &uuid, &person).await;
    world.shopify.uninstall(ACME);
    world.facebook.change_password(person.trim_start_matches("person#"));
    world.invoke(KEEPER, json!({})).await;
    let run = since(&world);
    let told = |platform: &str| {
        let events = world.events().into_iter();
        u64::try_from(events.filter(|event| event.detail_type == "reconnect_needed" && event.platform == platform).count()).unwrap()
    };
    assert_eq!(sum(&run, "ShopifyReconnectNeeded"), told("shopify"), "{run:?}");
    assert_eq!(sum(&run, "FacebookReconnectNeeded"), told("facebook"), "{run:?}");
    assert!(told("shopify") == 1 && told("facebook") >= 1);
    assert_eq!(sum(&run, "ShopifyRefreshFailed") + sum(&run, "FacebookRefreshFailed"), 0, "a death is no failure: {run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_wakes_somebody_is_counted() {
    let world = World::start().await;
    let browser = world.browser();
    for number in 0..12 {
        let shop = format!("store-{number}");
        assert_eq!(world.link_shop(&browser, &shop).await.status(), 200);
        let uuid = world.owner(&format!("shop#{shop}.myshopify.com")).unwrap();
        world.set_number(&format!("uuid#{uuid}"), "store", "issued_at", 1).await;
        world.make_due(&uuid, "store").await;
        world.shopify.uninstall(&format!("{shop}.myshopify.com"));
    }
    let told = world.invoke(KEEPER, json!({})).await;
    assert_eq!(told["failed"], 12);
    assert_eq!(of(&world)["TooManyDead"], [1]);
    // Our own secret is refused: of a link, then of a renewal.
    let callback = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("token", Fault::json(401, &json!({ "error": "invalid_client" })), Times::Once);
    assert_eq!(browser.get(&callback).await.status(), 400);
    assert_eq!(of(&world)["CredentialsRefused"], [1]);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    world.expire_access_token(ACME).await;
    world.shopify.switch_on("refresh", Fault::json(401, &json!({ "error": "invalid_client" })), Times::Once);
    world.invoke("connection-tokens", json!({ "shop": ACME })).await;
    assert_eq!(of(&world)["CredentialsRefused"], [1, 1]);
}

/// A store costs nothing, and a session may begin twenty flows: nothing that comes back with them wakes anybody or turns a deployment back.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_merchant_can_bring_about_is_no_fault_and_wakes_nobody() {
    let world = World::start().await;
    let browser = world.browser();
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let state = |callback: &str| {
        callback.split('&').flat_map(|part| part.split('?')).find_map(|part| part.strip_prefix("state=")).unwrap().to_owned()
    };
    for (answer, status, code) in
        [("error=x", 502, "provider_error"), ("error_code=1349048", 502, "provider_error"), ("code=junk", 400, "token_exchange_failed")]
    {
        let state = state(&world.approve_pages(&browser, &Consent::of(&person)).await);
        let reply = browser.get(&format!("/facebook/callback?{answer}&state={state}")).await;
        assert_eq!((reply.status(), reply.code().as_deref()), (status, Some(code)), "{answer}");
    }
    // A code that was made for another redirect URI of this app, and the limit of one person.
    let mismatch = json!({ "error": { "code": 100, "error_subcode": 36008 } });
    let busy = json!({ "error": { "code": 17 } });
    for (call, body, status) in [("code_exchange", mismatch, 400), ("accounts", busy, 502)] {
        let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
        world.facebook.switch_on(call, Fault::json(400, &body), Times::UntilCleared);
        assert_eq!(browser.get(&callback).await.status(), status, "{call}");
        world.facebook.clear_faults();
    }
    let metrics = of(&world);
    assert_eq!(metrics["Faults{function=facebook-callback}"], [0; 5], "{metrics:?}");
    assert_eq!(sum(&metrics, "Failures{function=facebook-callback,outcome=provider_error}"), 3);
    assert_eq!((sum(&metrics, "CredentialsRefused"), sum(&metrics, "Faults")), (0, 0));
    // Our own id or secret, and the app as a whole, are another matter.
    for (call, code) in [("code_exchange", 101), ("code_exchange", 1), ("accounts", 4)] {
        let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
        world.facebook.switch_on(call, Fault::json(400, &json!({ "error": { "code": code } })), Times::UntilCleared);
        assert!(browser.get(&callback).await.status() >= 400, "{call}");
        world.facebook.clear_faults();
    }
    let metrics = of(&world);
    assert_eq!((sum(&metrics, "CredentialsRefused"), sum(&metrics, "Faults")), (2, 1), "{metrics:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_is_counted_and_does_not_fill_the_log() {
    let world = World::start().await;
    let rubbish = [
        ("shopify-webhooks", Request::get("/shopify/webhooks").with_method("POST").with_body("application/json", "{}")),
        ("meta-webhooks", Request::get("/meta/webhooks").with_method("POST").with_body("application/json", "{}")),
        (
            "facebook-lifecycle",
            Request::get("/facebook/deauthorize").with_method("POST").with_body("application/x-www-form-urlencoded", "signed_request=a.b"),
        ),
    ];
    for (function, request) in rubbish {
        for _ in 0..50 {
            assert_eq!(world.gateway().send(&request).await.status, 401);
        }
        // One that is refused for another reason has its line, and that line tells of them.
        world.function(function).invoke(json!({ "rawPath": request.path(), "requestContext": { "http": { "method": "PUT" } } })).await;
        let lines: Vec<Value> = lines(&world).into_iter().filter(|line| line["function"] == function).collect();
        let refused = lines.iter().filter(|line| line["outcome"] == "invalid_signature").count();
        // One a minute, and the minute may end while this runs.
        assert!((1..=3).contains(&refused), "{lines:?}");
        let metrics = metrics(&lines, NAMESPACE);
        assert_eq!(sum(&metrics, &format!("RefusedSignatures{{function={function}}}")), 50, "{metrics:?}");
        assert_eq!(sum(&metrics, "RefusedSignatures"), 50);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_has_a_namespace_of_its_own() {
    let world = World::builder().env("METRICS_NAMESPACE", "staging").start().await;
    world.approve_shop(&world.browser(), "acme").await;
    let lines = lines(&world);
    assert!(lines.iter().any(|line| line["message"] == "request"));
    assert_eq!(sum(&metrics(&lines, "staging"), "LinksStarted{function=shopify-login}"), 1);
    // Each line that ends an event has its metrics, and no other line has any.
    let ends = |line: &&Value| line["message"] == "request" || line["message"] == "invocation";
    assert!(lines.iter().all(|line| ends(&line) == line["_aws"].is_object()), "{lines:?}");
}

/// Whoever reads the table may rely on it.
#[test]
fn the_documentation_lists_every_metric_with_what_it_is_told_apart_by() {
    let text = std::fs::read_to_string(e2e::template::project_dir().join("docs/logging.md")).unwrap();
    let (_, section) = text.split_once("\n## Metrics\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let rows = section.lines().filter(|line| line.starts_with("| `")).map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let told: BTreeSet<(String, Vec<String>)> =
        rows.flat_map(|cells| quoted(cells[1]).into_iter().map(move |name| (name, quoted(cells[2])))).collect();
    let known = ALL
        .into_iter()
        .chain(PLATFORMS.metrics())
        .map(|metric| (metric.name.to_owned(), metric.dimensions.concat().into_iter().map(str::to_owned).collect()));
    assert_eq!(told, known.collect());
}
