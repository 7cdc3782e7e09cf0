//! What comes first: the urgent before the routine, and what has not failed before what has.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::json;
use shared::config::Vars;
use shared::encryption::{KeyRing, Place};
use shared::secret::Secret;

use crate::support::{linked_pages, linked_shop, person_with_page};
use crate::tokens::setup::now;

const KEEPER: &str = "token-keeper";

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

async fn put(world: &World, items: Vec<Vec<(&str, AttributeValue)>>) {
    for part in items.chunks(25) {
        let writes = part.iter().map(|item| {
            let item = item.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            WriteRequest::builder().put_request(PutRequest::builder().set_item(Some(item)).build().unwrap()).build()
        });
        let write = world.database.client().batch_write_item().request_items("connections", writes.collect());
        assert!(write.send().await.unwrap().unprocessed_items.unwrap_or_default().is_empty());
    }
}

/// Persons with a Page and tokens that Facebook takes, each under an identity of its own; all in part 5 and due.
async fn persons(world: &World, count: u64) {
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    let uuid = linked_shop(world, &browser, "acme").await;
    linked_pages(world, &browser, &Consent::of(&person)).await;
    let opened = |sk: String| Secret::new(world.opened(&uuid, &sk, "access_token"));
    let (token, page_token) = (opened(format!("person#{person}")), opened(format!("page#{page}")));
    let keys = KeyRing::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", world.setting("TOKEN_ENCRYPTION_KEYS"))])).unwrap();
    let mut items = Vec::new();
    for index in 0..count {
        let uuid = format!("05000000-0000-4000-8000-{index:012}");
        let sealed = |account: &str, attribute: &'static str, token: &Secret| {
            let place = Place { user_uuid: uuid.parse().unwrap(), platform: "facebook", account, attribute };
            AttributeValue::B(Blob::new(keys.seal(place, token).unwrap()))
        };
        let pk = text(&format!("uuid#{uuid}"));
        items.push(vec![
            ("pk", pk.clone()),
            ("sk", text("store")),
            ("shop", text(&format!("crowd{index}.myshopify.com"))),
            ("status", text("active")),
            ("generation", number(1)),
        ]);
        // A grant on which no Page rests would be let go of without a question.
        items.push(vec![
            ("pk", pk.clone()),
            ("sk", text(&format!("page#{page}"))),
            ("status", text("active")),
            ("granted_by", text(&person)),
            ("app_id", text(world.setting("FACEBOOK_APP_ID"))),
            ("access_token", sealed(&page, "page_token", &page_token)),
        ]);
        items.push(vec![
            ("pk", pk),
            ("sk", text(&format!("person#{person}"))),
            ("status", text("active")),
            ("app_id", text(world.setting("FACEBOOK_APP_ID"))),
            ("issued_at", number(now())),
            ("access_token", sealed(&person, "user_token", &token)),
            ("due_shard", text("05")),
            ("due_at", number(index + 1)),
        ]);
    }
    put(world, items).await;
}

/// Identities that are to be erased, marked a moment ago in the same part; their partitions.
async fn erasures(world: &World, count: u64) -> BTreeSet<String> {
    let pk = |index: u64| format!("uuid#45000000-0000-4000-8000-{index:012}");
    let items = (0..count).flat_map(|index| {
        let store = [("sk", text("store")), ("shop", text("gone.myshopify.com")), ("status", text("erasing")), ("generation", number(2))];
        let due = [("due_shard", text("u05")), ("due_at", number(now()))];
        let page = [("sk", text(&format!("page#{index}"))), ("status", text("active")), ("granted_by", text("1"))];
        let with_key = |item: Vec<(&'static str, AttributeValue)>| [vec![("pk", text(&pk(index)))], item].concat();
        [with_key([&store[..], &due[..]].concat()), with_key(page.to_vec())]
    });
    put(world, items.collect()).await;
    (0..count).map(pk).collect()
}

fn failures(world: &World) -> BTreeMap<String, u64> {
    let items = world.database.scan("connections").into_iter();
    items.filter_map(|item| Some((item.text("pk")?.to_owned(), item.text("failures")?.parse().ok()?))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_thousand_persons_due_and_calls_that_fail_every_erasure_is_done_first_and_what_failed_waits() {
    let world = World::builder().timeout(KEEPER, Duration::from_secs(12)).start().await;
    persons(&world, 1000).await;
    let erased = erasures(&world, 50).await;
    let calls = AtomicUsize::new(0);
    let every_third = Fault::edit(move |answer| {
        if calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) {
            answer["data"] = json!("?");
        }
    });
    world.facebook.switch_on("debug_token", every_third, Times::UntilCleared);
    world.invoke(KEEPER, json!({ "shards": [5, 5] })).await;
    let left = world.database.scan("connections").into_iter().filter(|item| erased.contains(item.text("pk").unwrap_or_default())).count();
    assert_eq!(left, 0, "erased");

    let first = failures(&world);
    assert!(!first.is_empty() && first.values().all(|failures| *failures == 1), "{first:?}");
    world.invoke(KEEPER, json!({ "shards": [5, 5] })).await;
    let second = failures(&world);
    assert!(first.keys().all(|pk| second.get(pk) == Some(&1)), "those that failed are not tried again");
}
