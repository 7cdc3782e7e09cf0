//! Links that are not whole yet, and leases of holders that died.

use serde_json::json;

use super::super::play::now;
use super::super::reading::Reading;
use super::super::stage::{DAY, Merchant, deliver, dies_when, keeper, pages, people, remove};
use crate::facebook::Consent;
use crate::faults::{Fault, Times};
use crate::gate::until;
use crate::world::World;

pub(super) async fn reach(world: &World) -> Vec<Reading> {
    let [jo, kim, lee] = people(world, ["Jo Doe", "Kim Roe", "Lee Poe"]);
    let [lees] = pages(world, &lee, ["Lee's"]);
    let ([jos], [kims]) = (pages(world, &jo, ["Jo's"]), pages(world, &kim, ["Kim's"]));

    // Which shop it is could not be read: of a new store, of one that was linked all the time, of
    // one that had left.
    let uncompared = Merchant::links(world, "uncompared").await;
    let unconfirmed = Merchant::with_pages(world, "unconfirmed", &jo, &[&jos]).await;
    world.shopify.uninstall(&unconfirmed.shop());
    deliver(world, &unconfirmed.timeless("app/uninstalled").request()).await;
    world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    let unknown = Merchant::links(world, "unknown").await;
    uncompared.links_again().await;
    unconfirmed.links_again().await;
    world.shopify.clear_faults();

    // A token that does not end, a pair that fades, one whose renewal failed.
    let endless = Merchant::links(world, "endless").await;
    world.shopify.never_expires(&endless.shop());
    world.shopify.refuse_non_expiring(false);
    let ends = ["refresh_token", "access_expires_at", "refresh_expires_at"];
    remove(world, [&endless.partition(), "store"], &ends).await;
    let fading = Merchant::with_pages(world, "fading", &lee, &[&lees]).await;
    fading.fades().await;
    let long_ago = u64::try_from(now()).expect("after 1970") - 130 * DAY;
    let grant = format!("person#{lee}");
    fading.set(&grant, "issued_at", long_ago).await;
    let failed = Merchant::links(world, "failed").await;
    failed.token_ends().await;
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    world.invoke("connection-tokens", json!({ "shop": failed.shop() })).await;
    world.shopify.clear_faults();

    // Links that died while their codes were out, and a keeper that died over a person.
    let dying = Merchant::links(world, "dying").await;
    let callback = world.approve_shop(&dying.browser, "dying").await;
    world.shopify.clear_requests();
    world.shopify.switch_on("token", Fault::Hang, Times::Once);
    let has_called = until("the code is out", || !world.shopify.requests_of("token").is_empty());
    dies_when(world, "shopify-callback", has_called, dying.browser.get(&callback)).await;
    let login = world.approve_pages(&unknown.browser, &Consent::of(&jo).with_pages([&jos])).await;
    world.facebook.clear_requests();
    world.facebook.switch_on("code_exchange", Fault::Hang, Times::Once);
    let was_asked = |call: &str| !world.facebook.requests_of(call).is_empty();
    let has_called = until("the code is out", || was_asked("code_exchange"));
    dies_when(world, "facebook-callback", has_called, unknown.browser.get(&login)).await;
    let visited = Merchant::with_pages(world, "visited", &kim, &[&kims]).await;
    let person = format!("person#{kim}");
    // An exchange is made under a lease.
    visited.set(&person, "issued_at", long_ago).await;
    visited.is_due(&person).await;
    for merchant in [&unknown, &uncompared, &unconfirmed, &endless, &fading] {
        merchant.set("store", "due_at", 4_000_000_000).await;
    }
    world.facebook.clear_requests();
    world.facebook.switch_on("long_lived_exchange", Fault::Hang, Times::Once);
    let has_called = until("Facebook is asked", || was_asked("long_lived_exchange"));
    dies_when(world, "token-keeper", has_called, keeper(world)).await;
    world.facebook.clear_faults();
    for merchant in [&unknown, &uncompared, &unconfirmed, &endless, &fading] {
        merchant.is_due("store").await;
    }

    fading.is_due(&grant).await;

    let stores = [&unknown, &uncompared, &unconfirmed, &endless, &failed, &dying, &visited];
    let mut readings: Vec<Reading> = stores.iter().map(|merchant| merchant.read_tokens()).collect();
    readings.push(unknown.read_list());
    readings.push(Reading::keeper());
    readings.extend([&unconfirmed, &endless, &fading].map(Merchant::read_tokens));
    readings.push(dying.relinks());
    readings
}
