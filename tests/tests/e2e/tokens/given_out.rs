//! The log tells whose tokens were given out, by marks that whoever has the secrets can compute, and names nobody.

use std::collections::BTreeSet;

use e2e::facebook::Consent;
use e2e::settings::{self, Variables};
use e2e::world::World;
use serde_json::{Value, json};
use shared::config::Vars;
use shared::marks::Marker;

use crate::support::{linked_pages, linked_shop};
use crate::tokens::setup::{SHOP, ask, assert_later, set_text};

const FUNCTION: &str = "connection-tokens";

/// The lines that tell of it, each with its marks.
fn told(world: &World) -> Vec<(Value, BTreeSet<String>)> {
    let lines = world.function(FUNCTION).logs();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let lines = lines.filter(|line| line["message"] == "tokens given out");
    lines.map(|line| (line.clone(), line["accounts"].as_str().unwrap().split(',').map(str::to_owned).collect())).collect()
}

fn marker(world: &World) -> Marker {
    Marker::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", world.setting("TOKEN_ENCRYPTION_KEYS"))])).unwrap()
}

/// A world with one instance of the function, and two Pages of a store; returns identity and Pages.
async fn linked() -> (World, String, [String; 2]) {
    let world = World::builder().instances(FUNCTION, 1).start().await;
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let person = world.facebook.add_person("Jo Doe");
    let pages = ["Acme Store", "Acme Outlet"].map(|name| world.facebook.add_page(&person, name));
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    (world, uuid, pages)
}

#[tokio::test]
async fn each_account_whose_token_leaves_is_told_once_in_a_while_and_by_its_mark_alone() {
    let (world, uuid, pages) = linked().await;
    let marker = marker(&world);
    let [first, second] = pages.each_ref().map(|page| marker.mark("facebook", page));
    let shop = marker.mark("shopify", SHOP);
    ask(&world, json!({"page_id": pages[0]})).await;
    ask(&world, json!({"page_id": pages[0]})).await;
    ask(&world, json!({"user_uuid": uuid})).await;
    ask(&world, json!({"shop": SHOP})).await;
    let told = told(&world);
    assert_eq!(told.iter().map(|(_, marks)| marks.clone()).collect::<Vec<_>>(), [[shop, first].into(), [second].into()]);
    for (line, _) in &told {
        assert_eq!((&line["key"], &line["level"]), (&json!("k1"), &json!("INFO")));
        assert!(line["lambda_request_id"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
        let text = line.to_string();
        for name in [SHOP, "acme", "Acme", &pages[0], &pages[1], &uuid] {
            assert!(!text.contains(name), "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn what_is_not_given_out_is_not_told() {
    let (world, uuid, pages) = linked().await;
    world.expire_access_token(SHOP).await;
    world.shopify.switch_on("refresh", e2e::faults::Fault::ServerError500, e2e::faults::Times::UntilCleared);
    set_text(&world, &uuid, "status", "uninstalled").await;
    ask(&world, json!({"page_id": pages[0]})).await;
    ask(&world, json!({"page_id": "1"})).await;
    ask(&world, json!({"instagram_id": "1"})).await;
    ask(&world, json!({})).await;
    assert_eq!(told(&world), []);
    set_text(&world, &uuid, "status", "active").await;
    let reply = ask(&world, json!({"page_id": pages[0]})).await;
    assert_later(&reply["shops"][0], "provider_error");
    let marks: Vec<_> = told(&world).into_iter().map(|(_, marks)| marks).collect();
    assert_eq!(marks, [[marker(&world).mark("facebook", &pages[0])].into()], "the Page alone");
}

#[tokio::test]
async fn it_is_remembered_while_the_secrets_are_read_again_and_another_key_makes_other_marks() {
    let mut secrets = settings::fresh_credentials();
    secrets.retain(|name, _| settings::SECRETS.contains(&name.as_str()));
    let store = e2e::secret_store::SecretStore::start(e2e::secret_store::Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).instances(FUNCTION, 1).start().await;
    linked_shop(&world, &world.browser(), "acme").await;
    ask(&world, json!({"shop": SHOP})).await;
    let newer = format!("k2:{},{}", e2e::random::key(), secrets["TOKEN_ENCRYPTION_KEYS"]);
    let changed: Variables = secrets.clone().into_iter().chain([("TOKEN_ENCRYPTION_KEYS".to_owned(), newer.clone())]).collect();
    store.set(e2e::secret_store::Answer::secrets(&changed));
    // Refused credentials have the secrets read again within the life of the instance.
    world.expire_access_token(SHOP).await;
    world.shopify.switch_on("refresh", super::answers::error(401, "invalid_client"), e2e::faults::Times::Once);
    ask(&world, json!({"shop": SHOP})).await;
    for _ in 0..2 {
        ask(&world, json!({"shop": SHOP})).await;
    }
    let told = told(&world);
    let keys: Vec<&str> = told.iter().map(|(line, _)| line["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["k1", "k2"], "the instance has read them again");
    let pairs = [("TOKEN_ENCRYPTION_KEYS", newer.as_str())];
    let [second, first] = Marker::all(&Vars::from_pairs(pairs)).unwrap().try_into().unwrap();
    assert_eq!([&told[0].1, &told[1].1], [&[first.mark("shopify", SHOP)].into(), &[second.mark("shopify", SHOP)].into()]);
}
