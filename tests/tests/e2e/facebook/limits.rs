//! Facebook's limits, its versions, and its errors by number.

use e2e::browser::Browser;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{assert_error, case, connections, ids, linked_pages, linked_shop, warning, warnings};

const TRACE: &str = "AtraceOfThisTest";

/// A Graph error of this number.
fn numbered(code: u32) -> Fault {
    Fault::json(400, &json!({"error": {"message": "x", "type": "OAuthException", "code": code, "fbtrace_id": TRACE}}))
}

/// A person with so many Pages in the list and so many that it leaves out, and a browser with a store's session.
async fn merchant(world: &World, listed: usize, owned: usize) -> (Browser, String, Vec<String>, Vec<String>) {
    let person = world.facebook.add_person("Jo Doe");
    let listed = (0..listed).map(|number| world.facebook.add_page(&person, &format!("Listed {number}"))).collect();
    let owned: Vec<String> = (0..owned).map(|number| world.facebook.add_page(&person, &format!("Owned {number}"))).collect();
    for page in &owned {
        world.facebook.edit_page(page, |page| page.business_owned = true);
    }
    let browser = world.browser();
    linked_shop(world, &browser, "acme").await;
    (browser, person, listed, owned)
}

/// The lines of the log with this message.
fn lines(world: &World, message: &str) -> Vec<Value> {
    let lines = world.logs();
    let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line.get(line.find('{')?..)?).ok());
    lines.filter(|line| line["message"] == message).collect()
}

#[tokio::test]
async fn when_the_apps_limit_is_nearly_used_up_pages_are_left_for_later() {
    let world = World::start().await;
    let (browser, person, listed, owned) = merchant(&world, 2, 5).await;
    world.facebook.set_usage(96);
    listed.iter().for_each(|page| world.facebook.set_page_usage(page, 3));
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(ids(&reply), listed);
    assert_eq!(warnings(&reply), owned.iter().map(|page| warning("rate_limited", page)).collect::<Vec<_>>());
    assert_eq!(world.facebook.requests_of("page").len(), 0);
    let told = lines(&world, "graph api usage is high");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["level"], &told[0]["percent"], &told[0]["call"]), (&json!("WARN"), &json!(96), &json!("facebook.accounts")));
    assert_eq!(told[0]["app_percent"], 96);
}

#[tokio::test]
async fn a_high_usage_slows_down_and_loses_nothing() {
    let world = World::start().await;
    let (browser, person, listed, owned) = merchant(&world, 1, 6).await;
    world.facebook.set_usage(90);
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply), warnings(&reply)), ([listed, owned].concat(), vec![]));
}

#[tokio::test]
async fn once_the_app_is_throttled_no_further_page_is_asked_for() {
    let world = World::start().await;
    let (browser, person, listed, owned) = merchant(&world, 1, 60).await;
    world.facebook.switch_on("page", numbered(4), Times::UntilCleared);
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(ids(&reply), listed);
    assert_eq!(warnings(&reply), owned.iter().map(|page| warning("rate_limited", page)).collect::<Vec<_>>());
    let asked = world.facebook.requests_of("page").len();
    assert!(asked <= 16, "those that were under way already, not {asked}");
}

#[tokio::test]
async fn the_limit_of_one_page_is_that_pages_alone() {
    let world = World::start().await;
    let (browser, person, listed, _) = merchant(&world, 3, 0).await;
    world.facebook.set_page_usage(&listed[1], 97);
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply), warnings(&reply)), (listed.clone(), vec![warning("not_receiving_messages", &listed[1])]));
    assert_eq!(reply.json()["pages"]["data"][1]["messaging_reason"], "rate_limited");
}

#[tokio::test]
async fn usage_in_any_form_breaks_nothing() {
    let world = World::start().await;
    let (browser, person, listed, _) = merchant(&world, 1, 0).await;
    world.facebook.set_usage(u32::MAX);
    world.facebook.set_page_usage(&listed[0], 0);
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await), listed);
}

#[tokio::test]
async fn an_ended_version_is_told_at_the_start_and_when_another_answers() {
    let world = World::builder().setting("FACEBOOK_API_VERSION", "v20.0").start().await;
    let (browser, person, _, _) = merchant(&world, 2, 1).await;
    assert_eq!(warnings(&linked_pages(&world, &browser, &Consent::of(&person)).await), []);
    let ended = lines(&world, "graph api version has ended");
    assert!(ended.len() >= 2 && ended.iter().all(|line| line["version"] == "v20.0" && line["level"] == "WARN"), "{ended:?}");
    let served = lines(&world, "another graph api version answered");
    assert_eq!(served.len(), 1, "{served:?}");
    assert_eq!((&served[0]["asked"], &served[0]["served"], &served[0]["level"]), (&json!("v20.0"), &json!("v21.0"), &json!("WARN")));
}

#[tokio::test]
async fn the_default_version_is_the_one_that_answers() {
    let world = World::start().await;
    let (browser, person, _, _) = merchant(&world, 1, 0).await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    // Ninety days before its end the version is warned about in the log, whoever answers; that is for `./dev versions` to look at, and not to fail this test one day.
    let of_the_day = ["graph api version ends soon", "graph api version may end soon", "graph api version has ended"];
    let logs = world.logs();
    let told: Vec<&str> = logs.lines().filter(|line| line.contains("graph api version")).collect();
    assert!(told.iter().all(|line| of_the_day.iter().any(|message| line.contains(message))), "{told:?}");
}

#[tokio::test]
async fn a_cursor_that_facebook_no_longer_takes_begins_the_list_anew_once() {
    let world = World::start().await;
    let (browser, person, listed, _) = merchant(&world, 5, 0).await;
    world.facebook.set_largest_page(2);
    let once = |world: &World| {
        world.facebook.switch_on("accounts", Fault::edit(|_| {}), Times::Once);
        world.facebook.switch_on("accounts", numbered(2642), Times::Once);
    };
    once(&world);
    once(&world);
    let before = connections(&world);
    assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 502, "provider_error");
    assert_eq!(connections(&world), before);
    world.facebook.clear_faults();
    world.facebook.clear_requests();
    once(&world);
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((ids(&reply), warnings(&reply)), (listed, vec![]));
    assert_eq!(world.facebook.requests_of("accounts").len(), 2 + 3);
}

#[tokio::test]
async fn a_page_that_there_is_not_is_dropped_and_told() {
    let world = World::start().await;
    let (browser, person, listed, owned) = merchant(&world, 1, 2).await;
    world.facebook.switch_on("page", numbered(803), Times::Once);
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    let told = warnings(&reply);
    assert_eq!((ids(&reply).len(), told.len(), told[0].0.as_str()), (2, 1, "unreadable"));
    assert!(ids(&reply).contains(&listed[0]) && owned.contains(&told[0].1));
    assert!(reply.json()["warnings"][0]["detail"].as_str().unwrap().contains("knows no such Page"));
}

#[tokio::test]
async fn every_error_of_the_graph_api_leaves_facebooks_trace_in_the_log() {
    for call in [
        "code_exchange",
        "long_lived_exchange",
        "debug_token",
        "accounts",
        "page",
        "subscribe",
        "subscribed_apps",
        "app_subscriptions",
        "thread_routing",
    ] {
        let world = World::start().await;
        let (browser, person, _, _) = merchant(&world, 1, 1).await;
        world.facebook.switch_on(call, numbered(190), Times::Once);
        world.link_pages(&browser, &Consent::of(&person)).await;
        case(call);
        assert_eq!(world.logs().matches(TRACE).count(), 1, "{}", world.logs());
    }
}
