//! Key rotation: what an old key sealed is sealed anew, and stays readable at every step.

use base64::Engine as _;
use e2e::database::StoredItem;
use e2e::world::World;
use shared::config::Vars;
use shared::encryption::{KeyRing, Place};

use super::{Linked, report};
use crate::support::connections;

fn ring(keys: &str) -> KeyRing {
    KeyRing::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", keys)])).unwrap()
}

/// What this ring opens of an item.
fn opened(keys: &KeyRing, uuid: &str, account: &str, attribute: &str, item: &StoredItem) -> Option<String> {
    let sealed = base64::prelude::BASE64_STANDARD.decode(item.attributes["access_token"]["B"].as_str()?).ok()?;
    let place = Place { user_uuid: uuid.parse().ok()?, platform: "facebook", account, attribute };
    keys.open(place, &sealed).ok().map(|token| token.expose().to_owned())
}

#[tokio::test]
async fn everything_of_a_person_is_sealed_with_the_first_key_also_what_is_dead() {
    let (old, new) = (format!("k1:{}", e2e::random::key()), format!("k2:{}", e2e::random::key()));
    let builder =
        World::builder().setting("TOKEN_ENCRYPTION_KEYS", &old).env_of("token-keeper", "TOKEN_ENCRYPTION_KEYS", &format!("{new},{old}"));
    let linked = Linked::in_world(builder, 2).await;
    let before = [linked.user_token(), linked.page_token(&linked.pages[0]), linked.page_token(&linked.pages[1])];
    linked.world.facebook.kill_token(&before[2], Some(460));
    assert_eq!(linked.visit().await, report(0, 2, 1, 0));
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));

    let keys = ring(&new);
    let page =
        |page: &str| opened(&keys, &linked.uuid, page, "page_token", &linked.page(page)).expect("the new key opens the Page's token");
    let user = opened(&keys, &linked.uuid, &linked.person, "user_token", &linked.grant()).expect("the new key opens the person's token");
    assert_eq!([user, page(&linked.pages[0]), page(&linked.pages[1])], before);

    let settled = |linked: &Linked| [linked.page(&linked.pages[0]), linked.page(&linked.pages[1])];
    let sealed = (settled(&linked), linked.grant().attributes["access_token"].clone());
    linked.visit().await;
    assert_eq!((settled(&linked), linked.grant().attributes["access_token"].clone()), sealed, "and not again");
}

#[tokio::test]
async fn a_new_token_is_sealed_with_the_first_key() {
    let (old, new) = (format!("k1:{}", e2e::random::key()), format!("k2:{}", e2e::random::key()));
    let builder =
        World::builder().setting("TOKEN_ENCRYPTION_KEYS", &old).env_of("token-keeper", "TOKEN_ENCRYPTION_KEYS", &format!("{new},{old}"));
    let linked = Linked::in_world(builder, 1).await;
    linked.age().await;
    assert_eq!(linked.visit().await, report(1, 1, 0, 0));
    let user = opened(&ring(&new), &linked.uuid, &linked.person, "user_token", &linked.grant()).expect("the new key opens it");
    assert!(linked.world.facebook.accepts(&user));
}

#[tokio::test]
async fn a_key_that_is_not_known_here_yet_changes_no_record() {
    let unknown = format!("k9:{}", e2e::random::key());
    let linked = Linked::in_world(World::builder().env_of("token-keeper", "TOKEN_ENCRYPTION_KEYS", &unknown), 1).await;
    linked.make_due().await;
    let before = connections(&linked.world);
    assert_eq!(linked.run().await, report(0, 0, 0, 1));
    assert_eq!(linked.world.end_pauses().await, 1);
    assert_eq!((connections(&linked.world), linked.world.facebook.requests().len()), (before, 0));
    assert!(linked.world.function("token-keeper").logs().contains("sealed with key k1"));
}

#[tokio::test]
async fn a_sealed_token_that_was_tampered_with_costs_only_itself() {
    let linked = Linked::with_pages(2).await;
    let [broken, whole] = &linked.pages[..] else { panic!("two Pages") };
    let from = base64::prelude::BASE64_STANDARD.decode(linked.page(whole).attributes["access_token"]["B"].as_str().unwrap()).unwrap();
    let from = aws_sdk_dynamodb::types::AttributeValue::B(aws_sdk_dynamodb::primitives::Blob::new(from));
    let (uuid, sk) = (format!("uuid#{}", linked.uuid), format!("page#{broken}"));
    crate::support::set(&linked.world, "connections", &uuid, Some(&sk), "access_token", from).await;
    let before = linked.page(broken);
    assert_eq!(linked.visit().await, report(0, 2, 0, 1));
    assert_eq!(linked.page(broken), before, "it is nobody's death");
    assert!(super::number(&linked.grant(), "due_at") > super::now());
    linked.age().await;
    assert_eq!(linked.visit().await, report(1, 2, 0, 0), "and it is healed with the next exchange");
    linked.assert_lives();
}
