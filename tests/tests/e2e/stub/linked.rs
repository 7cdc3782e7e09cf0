//! The stub through its real functions: it is linked, listed and kept alive.

use e2e::browser::Browser;
use e2e::world::World;
use serde_json::json;

use crate::support::{assert_error, linked_shop};

async fn world() -> World {
    let redirect = format!("{}/stub/callback", e2e::world::HTTP);
    World::builder().env("STUB_APP_ID", "stub-app").env("STUB_REDIRECT_URI", &redirect).start().await
}

/// The callback's URL, as the platform makes it from the login's.
async fn approved(browser: &Browser, code: &str) -> String {
    let login = browser.get("/stub/login").await;
    let (dialog, query) = login.location().split_once('?').unwrap();
    assert_eq!((login.status(), dialog), (302, "https://stub.example/dialog"));
    let state = query.split('&').find(|pair| pair.starts_with("state=")).unwrap();
    format!("/stub/callback?code={code}&{state}")
}

#[tokio::test]
async fn it_is_linked_listed_and_kept_alive() {
    let world = world().await;
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let linked = browser.get(&approved(&browser, "7").await).await;
    assert_eq!(linked.status(), 200, "{}", linked.text());
    let partition = format!("uuid#{uuid}");
    assert!(["box#1", "box#2", "giver#7"].iter().all(|place| world.item(&partition, place).is_some()));

    let list = browser.get("/connections").await.json();
    let ids: Vec<_> = list["boxes"].as_array().unwrap().iter().map(|listed| &listed["box_id"]).collect();
    assert_eq!(ids, [&json!("1"), &json!("2")], "{list}");

    world.set_number(&partition, "giver#7", "due_at", 1).await;
    let run = world.invoke("token-keeper", json!({})).await;
    assert_eq!((&run["failed"], &run["reconnect_needed"], &run["checked"]), (&json!(0), &json!(0), &json!(3)), "{run}");
}

#[tokio::test]
async fn a_code_that_it_refuses_links_nothing() {
    let world = world().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let refused = browser.get(&approved(&browser, "nobody").await).await;
    assert_error(&refused, 400, "token_exchange_failed");
}

#[tokio::test]
async fn it_is_off_without_its_app() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    assert_error(&browser.get("/stub/login").await, 404, "not_found");
}
