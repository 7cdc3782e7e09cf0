//! The ground of the tests itself, where a mistake in it would let other tests pass for nothing: functions without a route, and the way of events.

use std::time::Instant;

use e2e::facebook::Consent;
use e2e::outbox::Event;
use e2e::world::World;
use futures_util::future::join_all;
use serde_json::{Value, json};

const TOKENS: &str = "connection-tokens";

#[tokio::test(flavor = "multi_thread")]
async fn a_function_without_a_route_starts_with_its_first_event_and_can_be_killed() {
    let world = World::start().await;
    let function = world.function(TOKENS);
    assert!(function.instances().is_empty());
    let ask = || function.invoke_directly(json!({ "shop": "acme.myshopify.com" }));
    assert_eq!(ask().await.unwrap()["error"]["code"], "not_found");
    assert_eq!(function.instances().len(), 1);
    function.kill().await;
    assert_eq!(ask().await.unwrap_err().error_type, "Runtime.ExitError");
    function.restart().await;
    assert_eq!(ask().await.unwrap()["error"]["code"], "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_instances_answer_side_by_side() {
    let world = World::builder().instances(TOKENS, 50).start().await;
    assert_eq!(world.function(TOKENS).instances().len(), 50);
    let delay = std::time::Duration::from_millis(500);
    world.database.delay(delay);
    let started = Instant::now();
    let asked = (0..50).map(|_| world.invoke(TOKENS, json!({ "shop": "acme.myshopify.com" })));
    assert!(join_all(asked).await.iter().all(|told| told["error"]["code"] == "not_found"));
    assert!(started.elapsed() < delay * 25, "one after the other they would take twice that: {:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_can_be_made_due_and_expire() {
    let world = World::start().await;
    assert_eq!(world.link_shop(&world.browser(), "acme").await.status(), 200);
    let uuid = world.identities_of("acme.myshopify.com").into_iter().next().unwrap();
    let number = |attribute: &str| world.item(&format!("uuid#{uuid}"), "store").unwrap().text(attribute).unwrap().parse::<i64>().unwrap();
    let before = number("access_expires_at");
    world.expire_access_token("acme.myshopify.com").await;
    assert!(number("access_expires_at") < before - 3000);
    world.make_due(&uuid, "store").await;
    assert_eq!(number("due_at"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_told_on_the_bus() {
    let world = World::start().await;
    let browser = world.browser();
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    let uuid = world.owner(&format!("page#{page}")).unwrap();
    let linked = |platform: &str, account: &str| Event {
        detail_type: "linked".to_owned(),
        user_uuid: uuid.clone(),
        platform: platform.to_owned(),
        account: account.to_owned(),
        reason: None,
    };
    let mut events = world.events();
    events.sort();
    assert_eq!(events, [linked("facebook", &page), linked("shopify", "acme.myshopify.com")]);

    let delivered = world.delivered();
    assert_eq!(delivered.len(), 2, "{delivered:?}");
    for event in &delivered {
        assert_eq!((event.source.as_str(), event.detail_type.as_str()), ("messenger-link", "linked"));
        let mut members: Vec<&String> = event.detail.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["account", "at", "event_id", "platform", "user_uuid"]);
        assert!(event.detail.as_object().unwrap().values().all(|value| value.as_str().is_some_and(|text| !text.is_empty())));
        assert_eq!(event.detail["user_uuid"], Value::from(uuid.as_str()));
    }
    assert!(world.secrets().iter().all(|secret| delivered.iter().all(|event| !event.detail.to_string().contains(secret.as_str()))));
}
