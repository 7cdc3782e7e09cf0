//! What the keeper's work costs in DynamoDB's units, by the kind of work.

use std::time::{SystemTime, UNIX_EPOCH};

use e2e::database::Usage;
use e2e::facebook::Consent;
use e2e::stored::domain;
use e2e::world::World;
use serde_json::{Value, json};

use super::crowd::Crowd;

const DAY: u64 = 24 * 3600;

/// Runs with nothing to do, with a store to look at, with a pair to renew, and with a person and one Page to ask about.
pub(crate) async fn measure() -> Vec<(&'static str, Usage)> {
    let world = World::start().await;
    let browser = world.browser();
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Page");
    assert_eq!(world.link_shop(&browser, "keeper").await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    let uuid = world.identities_of(&domain("keeper")).pop_first().expect("the store was linked");
    let root = format!("uuid#{uuid}");

    // The first one sets the connection up.
    run(&world).await;
    let mut figures = Vec::new();
    let (reply, usage) = run(&world).await;
    assert_eq!(reply["due"], 0);
    figures.push(("a run with nothing due", usage));

    world.make_due(&uuid, "store").await;
    figures.push(("a store looked at", run(&world).await.1));

    world.set_number(&root, "store", "issued_at", now() - 61 * DAY).await;
    world.set_number(&root, "store", "refresh_expires_at", now() + 29 * DAY).await;
    world.make_due(&uuid, "store").await;
    let (reply, usage) = run(&world).await;
    assert_eq!(reply["refreshed"], 1);
    figures.push(("a store renewed", usage));

    world.make_due(&uuid, &format!("person#{person}")).await;
    let (reply, usage) = run(&world).await;
    assert_eq!(reply["checked"], 2);
    figures.push(("a person and one Page asked about", usage));

    // More than are read in one request.
    let crowd = Crowd::begin(&world).await;
    crowd.come(&world, 300).await;
    run(&world).await;
    let (reply, usage) = run(&world).await;
    assert_eq!(reply["due"], 0);
    figures.push(("a run with nothing due of 300 records", usage));
    figures
}

async fn run(world: &World) -> (Value, Usage) {
    world.database.reset_usage();
    let reply = world.invoke("token-keeper", json!({})).await;
    (reply, world.database.usage())
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_secs()
}
