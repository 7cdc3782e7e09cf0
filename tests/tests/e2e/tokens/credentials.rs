//! Our own mistakes are not a store's death: wrong credentials, keys that are not known yet, a configuration that lacks something.

use e2e::facebook::{Consent, appsecret_proof};
use e2e::secret_store::{Answer, SecretStore};
use e2e::settings::{self, SECRETS, Variables};
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{linked_pages, linked_shop, person_with_page};
use crate::tokens::setup::{SHOP, ask, assert_active, assert_free, assert_later, ended, linked, records, refreshes, shop_entry};

const FUNCTION: &str = "connection-tokens";

fn own_secrets() -> Variables {
    let mut secrets = settings::fresh_credentials();
    secrets.retain(|name, _| SECRETS.contains(&name.as_str()));
    secrets
}

fn changed(secrets: &Variables, name: &str, value: &str) -> Answer {
    let mut secrets = secrets.clone();
    secrets.insert(name.to_owned(), value.to_owned());
    Answer::secrets(&secrets)
}

fn lines(world: &World) -> Vec<Value> {
    world.function(FUNCTION).logs().lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect()
}

#[tokio::test]
async fn refused_credentials_change_nothing_raise_an_alarm_and_have_the_secrets_read_again() {
    let secrets = own_secrets();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).start().await;
    ended(&world, "acme").await;
    let before = records(&world);
    world.shopify.rotate_secret("shpss_the-next-one");
    world.shopify.revoke_old_secrets();
    assert_later(&shop_entry(&world, SHOP).await, "credentials_refused");
    assert_eq!(records(&world), before);
    assert!(world.events().iter().all(|event| event.detail_type == "linked"));
    assert_free(&world, SHOP);
    let alarms: Vec<Value> = lines(&world).into_iter().filter(|line| line["alarm"] == "credentials_refused").collect();
    assert_eq!(alarms.len(), 1);
    assert_eq!((&alarms[0]["level"], &alarms[0]["platform"]), (&json!("ERROR"), &json!("shopify")));

    let reads = store.reads();
    store.set(changed(&secrets, "SHOPIFY_API_SECRET", "shpss_the-next-one"));
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_eq!(store.reads(), reads + 1, "read again, and once");
    assert_eq!(refreshes(&world), 2);
}

#[tokio::test]
async fn a_new_app_secret_makes_the_next_proof_and_the_token_stays() {
    let secrets = own_secrets();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).start().await;
    let browser = world.browser();
    let (person, page) = person_with_page(&world.facebook);
    linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    let entry = async || ask(&world, json!({"page_id": page})).await["pages"][0].clone();
    let before = entry().await;
    let both = Variables::from([
        ("FACEBOOK_APP_SECRET".to_owned(), "0123456789abcdef0123456789abcdef".to_owned()),
        ("FACEBOOK_APP_SECRET_PREVIOUS".to_owned(), secrets["FACEBOOK_APP_SECRET"].clone()),
    ]);
    let changed: Variables = secrets.clone().into_iter().chain(both.clone()).collect();
    store.set(Answer::secrets(&changed));
    world.function(FUNCTION).restart().await;
    let after = entry().await;
    assert_eq!(after["access_token"], before["access_token"]);
    let proof = |secret: &str| json!(appsecret_proof(before["access_token"].as_str().unwrap(), secret, None));
    assert_eq!(before["appsecret_proof"], proof(&secrets["FACEBOOK_APP_SECRET"]));
    assert_eq!(after["appsecret_proof"], proof(&both["FACEBOOK_APP_SECRET"]), "the secret before only verifies");
}

#[tokio::test]
async fn every_form_of_refused_credentials_is_known() {
    let world = World::start().await;
    ended(&world, "acme").await;
    let before = records(&world);
    for (status, error) in [
        (400, "invalid_client"),
        (401, "invalid_client"),
        (403, "invalid_client"),
        (400, "application_cannot_be_found"),
        (403, "unauthorized_client"),
    ] {
        let body = json!({"error": error, "error_description": "x"});
        world.shopify.switch_on("refresh", e2e::faults::Fault::json(status, &body), e2e::faults::Times::Once);
        assert_later(&shop_entry(&world, SHOP).await, "credentials_refused");
        assert_eq!(records(&world), before, "{status} {error}");
    }
    assert_active(&world, &shop_entry(&world, SHOP).await);
}

#[tokio::test]
async fn a_key_that_is_not_known_yet_is_unavailable_and_read_at_once() {
    let secrets = own_secrets();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).instances(FUNCTION, 1).start().await;
    // The callback seals with a key that the other function has not read yet.
    let newer = format!("k2:{},{}", e2e::random::key(), secrets["TOKEN_ENCRYPTION_KEYS"]);
    store.set(changed(&secrets, "TOKEN_ENCRYPTION_KEYS", &newer));
    world.function("shopify-callback").restart().await;
    linked(&world, "acme").await;
    let before = records(&world);
    let reads = store.reads();
    let refused = ask(&world, json!({"shop": SHOP})).await;
    assert_eq!(refused["error"]["code"], "storage_unavailable", "{refused}");
    assert_eq!(records(&world), before);
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_eq!(store.reads(), reads + 1);
    // A key that nobody has is asked for at most once a minute.
    store.set(Answer::secrets(&secrets));
    world.function(FUNCTION).restart().await;
    let reads = store.reads();
    for _ in 0..5 {
        assert_eq!(ask(&world, json!({"shop": SHOP})).await["error"]["code"], "storage_unavailable");
    }
    assert_eq!(store.reads(), reads + 1);
}

#[tokio::test]
async fn without_its_configuration_it_says_so_whatever_is_asked() {
    for name in [
        "SHOPIFY_API_KEY",
        "SHOPIFY_API_SECRET",
        "SHOPIFY_REDIRECT_URI",
        "FACEBOOK_APP_ID",
        "FACEBOOK_APP_SECRET",
        "SESSIONS_TABLE",
        "CONNECTIONS_TABLE",
        "TOKEN_ENCRYPTION_KEYS",
    ] {
        let world = World::builder().env_of(FUNCTION, name, "").start().await;
        world.database.reset_usage();
        for payload in [json!({"shop": SHOP}), json!({}), json!(null)] {
            let reply = ask(&world, payload).await;
            assert_eq!(reply["error"]["code"], "misconfigured", "{name}: {reply}");
            assert!(!reply.to_string().contains(name), "the reply names no variable: {reply}");
        }
        assert!(world.function(FUNCTION).logs().contains(name), "the log does");
        assert_eq!(world.database.usage().calls("GetItem"), 0);
    }
}

#[tokio::test]
async fn of_two_keys_the_first_seals_and_both_open() {
    let secrets = own_secrets();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).start().await;
    let uuid = ended(&world, "acme").await;
    let both = format!("k2:{},{}", e2e::random::key(), secrets["TOKEN_ENCRYPTION_KEYS"]);
    store.set(changed(&secrets, "TOKEN_ENCRYPTION_KEYS", &both));
    world.function(FUNCTION).restart().await;
    assert_active(&world, &shop_entry(&world, SHOP).await);
    for name in ["access_token", "refresh_token"] {
        assert_eq!(super::setup::key_id(&world, &uuid, "store", name), "k2", "{name}");
    }
}

#[tokio::test]
async fn while_the_secrets_can_not_be_read_it_is_unavailable_and_then_works() {
    let secrets = own_secrets();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).start().await;
    ended(&world, "acme").await;
    store.set(Answer::Error(500, "InternalServiceError"));
    assert_eq!(ask(&world, json!({"shop": SHOP})).await["error"]["code"], "storage_unavailable");
    store.set(Answer::secrets(&secrets));
    assert_active(&world, &shop_entry(&world, SHOP).await);
}
