//! A provider that takes the request and never answers. The cases wait at the same time.

use std::time::{Duration, Instant};

use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use futures_util::future::join_all;
use serde_json::Value;

use crate::faults::without_flows;
use crate::support::{assert_error, dump, ids, linked_pages, linked_shop, person_with_page, warning, warnings};

/// One call's limit of 6 s with some room.
const PATIENCE: Duration = Duration::from_secs(9);
/// The same for a call that is asked once more.
const PATIENCE_FOR_TWO: Duration = Duration::from_secs(16);

async fn facebook_hangs(call: &'static str) {
    let (tries, patience) = if call == "code_exchange" { (1, PATIENCE) } else { (2, PATIENCE_FOR_TWO) };
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    let before = without_flows(dump(&world));
    world.facebook.switch_on(call, Fault::Hang, Times::UntilCleared);
    let started = Instant::now();
    assert_error(&browser.get(&callback).await, 504, "provider_timeout");
    assert!(started.elapsed() < patience, "{call}: {:?}", started.elapsed());
    assert_eq!(without_flows(dump(&world)), before, "{call}");
    assert_eq!((world.facebook.requests_of("code_exchange").len(), world.facebook.requests_of(call).len()), (1, tries), "{call}");
    world.facebook.clear_faults();
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await), [page]);
}

/// One connection that is silent, and another one that is not.
async fn facebook_hangs_once(call: &'static str) {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    world.facebook.switch_on(call, Fault::Hang, Times::Once);
    let reply = browser.get(&callback).await;
    assert_eq!((reply.status(), ids(&reply)), (200, vec![page]), "{call}: {}", reply.text());
}

async fn single_pages_hang() {
    let world = World::start().await;
    let (person, listed) = person_with_page(&world.facebook);
    let owned: Vec<String> = (0..5).map(|number| world.facebook.add_page(&person, &format!("Of a portfolio {number}"))).collect();
    owned.iter().for_each(|page| world.facebook.edit_page(page, |page| page.business_owned = true));
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    world.facebook.switch_on("page", Fault::Hang, Times::UntilCleared);
    let started = Instant::now();
    let reply = browser.get(&callback).await;
    assert!(started.elapsed() < PATIENCE_FOR_TWO, "they wait at the same time: {:?}", started.elapsed());
    assert_eq!((reply.status(), ids(&reply)), (200, vec![listed.clone()]));
    assert_eq!(warnings(&reply), owned.iter().map(|page| warning("unreadable", page)).collect::<Vec<_>>());
    world.facebook.clear_faults();
    linked_shop(&world, &browser, "acme").await;
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await).len(), 6);
}

/// More Pages than are fetched at once, none of which answers: what the list gave must still be linked in time.
async fn many_single_pages_hang() {
    let world = World::start().await;
    let (person, listed) = person_with_page(&world.facebook);
    let owned: Vec<String> = (0..100).map(|number| world.facebook.add_page(&person, &format!("Of a portfolio {number}"))).collect();
    owned.iter().for_each(|page| world.facebook.edit_page(page, |page| page.business_owned = true));
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    world.facebook.switch_on("page", Fault::Hang, Times::UntilCleared);
    let reply = browser.get(&callback).await;
    assert_eq!(reply.status(), 200, "{}", reply.text());
    assert_eq!((ids(&reply), warnings(&reply).len()), (vec![listed], 100));
}

async fn the_token_endpoint_of_shopify_hangs() {
    let world = World::start().await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("token", Fault::Hang, Times::Once);
    let started = Instant::now();
    let reply = browser.get(&callback).await;
    assert_error(&reply, 504, "provider_timeout");
    assert!(started.elapsed() < PATIENCE && reply.set_cookies().is_empty());
    assert!(without_flows(dump(&world)).is_empty());
    assert_eq!(world.shopify.requests_of("token").len(), 1);
    let started = Instant::now();
    linked_shop(&world, &browser, "acme").await;
    assert!(started.elapsed() < Duration::from_secs(5), "the lease was given back");
}

async fn the_shop_data_hang() {
    let world = World::start().await;
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("graphql", Fault::Hang, Times::Once);
    let started = Instant::now();
    let reply = browser.get(&callback).await;
    assert!(started.elapsed() < PATIENCE);
    assert_eq!((reply.status(), &reply.json()["shopify_data"]), (200, &Value::Null), "{}", reply.text());
    assert_eq!(reply.json()["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(linked_shop(&world, &browser, "acme").await, reply.json()["user_uuid"].as_str().unwrap());
}

#[tokio::test]
async fn a_call_that_hangs_ends_in_time_and_links_nothing() {
    let calls = ["code_exchange", "long_lived_exchange", "debug_token", "accounts"];
    let facebook = join_all(calls.map(facebook_hangs));
    let once = join_all(["long_lived_exchange", "debug_token", "accounts"].map(facebook_hangs_once));
    tokio::join!(facebook, once, single_pages_hang(), the_token_endpoint_of_shopify_hangs(), the_shop_data_hang());
}

#[tokio::test]
async fn many_pages_that_hang_do_not_cost_the_others_their_link() {
    many_single_pages_hang().await;
}
