//! More than one reading of the index brings, and more than one run's time allows.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use shared::config::Vars;
use shared::encryption::{KeyRing, Place};
use shared::secret::Secret;

use super::{FUNCTION, assert_run, run};
use crate::support::Dump;
use crate::tokens::setup::{DAY, now, records, refreshes};

/// Puts stores of part 5 into the table, due and with tokens that nobody issued; `issued` days ago.
pub(super) async fn crowd(world: &World, count: u64, issued: u64) {
    let keys = KeyRing::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", world.setting("TOKEN_ENCRYPTION_KEYS"))])).unwrap();
    let (text, number) = (|text: &str| AttributeValue::S(text.to_owned()), |number: u64| AttributeValue::N(number.to_string()));
    for index in 0..count {
        let uuid = format!("05000000-0000-4000-8000-{index:012}");
        let shop = format!("crowd{index}.myshopify.com");
        let sealed = |attribute| {
            let place = Place { user_uuid: uuid.parse().unwrap(), platform: "shopify", account: &shop, attribute };
            AttributeValue::B(Blob::new(keys.seal(place, &Secret::new("made-up")).unwrap()))
        };
        let put = world.database.client().put_item().table_name("connections");
        let put = [
            ("pk", text(&format!("uuid#{uuid}"))),
            ("sk", text("store")),
            ("shop", text(&shop)),
            ("shop_id", text("1")),
            ("status", text("active")),
            ("app_id", text(world.setting("SHOPIFY_API_KEY"))),
            ("generation", number(1)),
            ("version", number(1)),
            ("due_shard", text("05")),
            ("due_at", number(index + 1)),
            ("issued_at", number(now() - issued * DAY)),
            ("access_expires_at", number(now() + 3000)),
            ("refresh_expires_at", number(now() + (90 - issued) * DAY)),
            ("access_token", sealed("access_token")),
            ("refresh_token", sealed("refresh_token")),
        ]
        .into_iter()
        .fold(put, |put, (name, value)| put.item(name, value));
        put.send().await.unwrap();
    }
}

#[tokio::test]
async fn what_one_reading_of_the_index_does_not_bring_the_next_one_does() {
    let world = World::start().await;
    // More than one request for the whole index would bring are read part by part.
    for count in [32, 70, 300] {
        crowd(&world, count, 1).await;
        assert_run(&run(&world).await, [count, 0, 0, 0, 0, 0]);
        assert_run(&run(&world).await, [0; 6]);
    }
    assert_eq!(world.shopify.requests().len(), 0);
}

#[tokio::test]
async fn a_provider_that_hangs_costs_the_run_its_time_and_no_more() {
    let world = World::builder().timeout(FUNCTION, Duration::from_secs(9)).start().await;
    crowd(&world, 40, 61).await;
    let undated = |mut records: Dump| {
        records.values_mut().for_each(|item| drop(item.remove("due_at")));
        records
    };
    let before = undated(records(&world));
    world.shopify.switch_on("refresh", Fault::Hang, Times::UntilCleared);
    let started = Instant::now();
    let reply = run(&world).await;
    assert!(started.elapsed().as_millis() < 9000, "{:?}", started.elapsed());
    assert_run(&reply, [40, 0, 0, 0, 16, 24]);
    assert_eq!(world.end_pauses().await, 16);
    assert_eq!(undated(records(&world)), before);
    assert_eq!(refreshes(&world), 16, "nothing is begun that could outlast the run");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_get_through_a_crowd() {
    let world = World::builder().instances(FUNCTION, 2).start().await;
    crowd(&world, 70, 1).await;
    let (one, two) = tokio::join!(run(&world), run(&world));
    for reply in [one, two] {
        assert_eq!((&reply["failed"], &reply["remaining"]), (&0.into(), &0.into()), "{reply}");
    }
    assert_run(&run(&world).await, [0; 6]);
}
