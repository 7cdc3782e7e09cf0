//! Attacks on the link between a store and its Pages, each named with its source. RFC 9700 is "Best Current Practice for OAuth 2.0
//! Security"; BCP 6265bis the cookie specification.

mod cookies;
mod elsewhere;
mod linking;
mod lists;
mod named;

use e2e::browser::Browser;
use e2e::facebook::Consent;
use e2e::world::World;

use crate::support::linked_shop;

/// An attacker and a victim with a store, a person and a Page each, on https.
struct Scene {
    world: World,
    attacker: Side,
    victim: Side,
}

struct Side {
    browser: Browser,
    uuid: String,
    person: String,
    page: String,
}

async fn side(world: &World, shop: &str) -> Side {
    let person = world.facebook.add_person(shop);
    let page = world.facebook.add_page(&person, shop);
    let browser = world.browser();
    let uuid = linked_shop(world, &browser, shop).await;
    Side { browser, uuid, person, page }
}

async fn scene() -> Scene {
    let world = World::builder().https().start().await;
    let (attacker, victim) = (side(&world, "attacker").await, side(&world, "victim").await);
    Scene { world, attacker, victim }
}

impl Side {
    async fn callback(&self, world: &World) -> String {
        world.approve_pages(&self.browser, &Consent::of(&self.person)).await
    }
}
