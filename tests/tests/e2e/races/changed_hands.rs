//! Two links at once of a domain that changed hands: whichever learns first who the shop is now, the pair that Shopify
//! issued last is the one that stays.

use std::collections::BTreeSet;

use e2e::browser::Page;
use e2e::faults::Times;
use e2e::gate::{Gate, until};
use e2e::world::World;
use shared::providers::shopify;
use shared::store::flows::flow_key;

const SHOP: &str = "acme.myshopify.com";

/// Who learns first.
enum First {
    Earlier,
    Later,
}

/// The earlier link stores its pair, then the later one its own, both under the former shop's UUID; only then do they
/// learn who the shop is. Returns both replies and the former UUID.
async fn race(world: &World, first: First) -> (Page, Page, BTreeSet<String>) {
    world.link_shop(&world.browser(), "acme").await;
    let old = world.identities_of(SHOP);
    world.shopify.edit_shop(SHOP, |shop| shop.id += 1);
    let (one, two) = (world.browser(), world.browser());
    let (earlier, later) = (world.approve_shop(&one, "acme").await, world.approve_shop(&two, "acme").await);
    let (earlier_gate, later_gate) = (Gate::closed(), Gate::closed());
    world.shopify.switch_on("graphql", earlier_gate.fault(), Times::Once);
    world.shopify.switch_on("graphql", later_gate.fault(), Times::Once);
    let is_free = || world.item(&flow_key(&shopify::PLATFORM, SHOP), "").is_some_and(|flows| flows.text("lease_owner").is_none());
    let earlier = async {
        let reply = one.get(&earlier).await;
        later_gate.open();
        reply
    };
    let later = async {
        earlier_gate.reached(1).await;
        until("the earlier pair is stored", is_free).await;
        let opening = async {
            later_gate.reached(1).await;
            until("the later pair is stored", is_free).await;
            match first {
                First::Earlier => earlier_gate.open(),
                First::Later => later_gate.open(),
            }
        };
        let reply = tokio::join!(two.get(&later), opening).0;
        earlier_gate.open();
        reply
    };
    let (earlier, later) = tokio::join!(earlier, later);
    (earlier, later, old)
}

async fn check(world: &World, later: &Page, old: BTreeSet<String>) {
    assert_eq!(later.status(), 200, "{}", later.text());
    let uuid = world.assert_newest_pair(SHOP).await;
    assert!(!old.contains(&uuid), "another shop has another UUID");
    assert_eq!(later.json()["user_uuid"], uuid.as_str());
    for gone in old {
        assert!(!world.database.dump().iter().any(|item| item.contains(&gone)), "the old UUID is erased");
    }
    let next = world.link_shop(&world.browser(), "acme").await;
    assert_eq!(next.json()["user_uuid"], uuid.as_str(), "{}", next.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_later_link_learns_it_first() {
    let world = World::builder().instances("shopify-callback", 2).start().await;
    let (_, later, old) = race(&world, First::Later).await;
    check(&world, &later, old).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_earlier_link_learns_it_first() {
    let world = World::builder().instances("shopify-callback", 2).start().await;
    let (_, later, old) = race(&world, First::Earlier).await;
    check(&world, &later, old).await;
}
