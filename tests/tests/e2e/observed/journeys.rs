//! From the reference on an error page to every line of the merchant's flow.

use std::collections::BTreeSet;

use e2e::browser::{Accept, Browser};
use e2e::facebook::{Consent, delivery};
use e2e::faults::{Fault, Times};
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::{Value, json};

use crate::observed::{ACME, lines};

/// The reference that a page shows at its bottom.
fn reference(page: &str) -> &str {
    let (_, rest) = page.split_once("class=\"ref\">").unwrap_or_else(|| panic!("no reference on {page}"));
    rest.split('<').next().unwrap()
}

/// The journey of the line of a request.
fn journey_of(world: &World, reference: &str) -> String {
    let lines = lines(world);
    let mut found = lines.iter().filter(|line| line["reference"] == reference);
    let line = found.next().unwrap_or_else(|| panic!("no request {reference} in the log"));
    assert!(line["message"] == "request" && line["request_id"].is_string() && found.next().is_none(), "{line}");
    line["journey"].as_str().unwrap_or_else(|| panic!("no journey: {line}")).to_owned()
}

/// The requests of a journey, by function.
fn requests_of(world: &World, journey: &str) -> Vec<String> {
    let all = lines(world);
    let of_journey = all.iter().filter(|line| line["journey"] == journey && line["message"] == "request");
    let mut functions: Vec<String> = of_journey.map(|line| line["function"].as_str().unwrap().to_owned()).collect();
    functions.sort();
    functions
}

/// Links the store and then fails at Facebook; returns the error's page.
async fn fails_at_the_end(world: &World, browser: &Browser, shop: &str) -> String {
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    assert_eq!(world.link_shop(browser, shop).await.status(), 200);
    let callback = world.approve_pages(browser, &Consent::of(&person)).await;
    world.facebook.switch_on("debug_token", Fault::ServerError500, Times::UntilCleared);
    let failed = browser.get(&callback).await;
    world.facebook.clear_faults();
    assert_eq!(failed.status(), 502, "{}", failed.text());
    failed.text()
}

async fn the_reference_leads_to_the_flow(world: World) {
    let (one, other) = (world.browser().accepting(Accept::Html), world.browser().accepting(Accept::Html));
    // Their requests are mixed in the functions' logs.
    assert_eq!(one.get("/shopify/acme/login").await.status(), 302);
    assert_eq!(world.link_shop(&other, "other").await.status(), 200);
    let (failed, failed_too) = (fails_at_the_end(&world, &one, "acme").await, fails_at_the_end(&world, &other, "other").await);
    let (journey, another) = (journey_of(&world, reference(&failed)), journey_of(&world, reference(&failed_too)));
    assert_ne!(journey, another);
    assert!(journey.len() == 16 && journey.bytes().all(|byte| byte.is_ascii_hexdigit()), "{journey}");
    let flow = ["facebook-callback", "facebook-login", "shopify-callback", "shopify-login", "shopify-login"];
    assert_eq!(requests_of(&world, &journey), flow);
    let flow = ["facebook-callback", "facebook-login", "shopify-callback", "shopify-callback", "shopify-login", "shopify-login"];
    assert_eq!(requests_of(&world, &another), flow);
    // The cookie it is made of, and any other, stays out of the log.
    let logs = world.logs();
    for cookie in ["browser_id", "session_id", "__Host-browser_id", "__Host-session_id"] {
        let values = [&one, &other].into_iter().filter_map(|browser| browser.cookie(cookie));
        assert!(values.into_iter().all(|value| !logs.contains(&value)), "{cookie}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_of_an_error_leads_to_every_line_of_its_flow_and_to_no_others() {
    the_reference_leads_to_the_flow(World::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_https() {
    the_reference_leads_to_the_flow(World::builder().https().start().await).await;
}

/// Not only the line that sums a request up.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_logged_meanwhile_belongs_to_the_journey_too() {
    let world = World::start().await;
    let browser = world.browser();
    world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let lines = lines(&world);
    let warning = lines.iter().find(|line| line["message"] == "shop data not fetched").expect("a warning");
    let request =
        lines.iter().find(|line| line["message"] == "request" && line["request_id"] == warning["request_id"]).expect("its request");
    for mark in ["journey", "request_id", "lambda_request_id", "trace_id"] {
        assert!(warning[mark].is_string() && warning[mark] == request[mark], "{mark}: {warning} {request}");
    }
    let traces: BTreeSet<&str> = lines.iter().filter_map(|line| line["trace_id"].as_str()).collect();
    assert!(traces.len() == 2 && traces.iter().all(|trace| trace.starts_with("1-")), "one for each request: {traces:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_browser_is_on_no_journey() {
    let world = World::start().await;
    let browser = world.browser();
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let journeys = lines(&world).iter().filter(|line| line["journey"].is_string()).count();
    assert_eq!(journeys, 2);
    assert_eq!(world.gateway().send(&world.shopify.webhook("app/scopes_update", ACME).request()).await.status, 200);
    let stranger = world.facebook.add_person("Someone");
    assert_eq!(world.gateway().send(&delivery("/facebook/deauthorize", &world.facebook.signed_leave(&stranger))).await.status, 200);
    world.invoke("connection-tokens", json!({ "shop": ACME })).await;
    world.invoke("token-keeper", json!({})).await;
    // Refused before a cookie is given, and with one that nobody was given.
    assert_eq!(world.browser().get("/shopify/no!store/login").await.status(), 400);
    let planted = Request::get("/facebook/login").with_header("cookie", "browser_id=x; browser_id=y");
    assert_eq!(world.browser().send(planted).await.status(), 400);
    let lines = lines(&world);
    assert_eq!(lines.iter().filter(|line| line["journey"].is_string()).count(), journeys, "no more than before");
    let ends: Vec<&Value> = lines.iter().filter(|line| line["message"] == "request" || line["message"] == "invocation").collect();
    assert!(ends.iter().all(|line| line["lambda_request_id"].is_string() && line["trace_id"].is_string()), "{ends:?}");
}
