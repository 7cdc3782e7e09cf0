//! Stores that left, Pages that were disconnected, and what is left to do about them.

use serde_json::json;

use super::super::play::now;
use super::super::reading::Reading;
use super::super::stage::{DAY, Merchant, deliver, jobs_are_due, people};
use crate::faults::{Fault, Times};
use crate::world::World;

pub(super) async fn reach(world: &World) -> Vec<Reading> {
    let long_ago = u64::try_from(now()).expect("after 1970") - 31 * DAY;
    let [jo, kim, lee, max] = people(world, ["Jo Doe", "Kim Roe", "Lee Poe", "Max Moe"]);
    let add = |person: &String, name: &str| world.facebook.add_page(person, name);

    // One that uninstalled the app, one that did long ago, one that is erased by a word of
    // Shopify's and one by the keeper.
    let acme = Merchant::with_pages(world, "acme", &jo, &[&add(&jo, "Acme Store")]).await;
    let bygone = Merchant::with_pages(world, "bygone", &kim, &[&add(&kim, "Bygone")]).await;
    let erased = Merchant::links(world, "erased").await;
    let forgotten = Merchant::links(world, "forgotten").await;
    let uninstalled = acme.timeless("app/uninstalled");
    let redacted = erased.timeless("shop/redact");
    for merchant in [&acme, &bygone, &erased, &forgotten] {
        world.shopify.uninstall(&merchant.shop());
    }
    deliver(world, &uninstalled.request()).await;
    deliver(world, &bygone.timeless("app/uninstalled").request()).await;
    deliver(world, &redacted.request()).await;
    deliver(world, &forgotten.timeless("app/uninstalled").request()).await;
    forgotten.set("store", "uninstalled_at", long_ago).await;
    forgotten.is_due("store").await;
    deliver(world, &acme.webhook("customers/redact").request()).await;

    // One that its merchant disconnected.
    let closed = Merchant::links(world, "closed").await;
    closed.disconnects("shopify", &closed.shop()).await;

    // One whose last Page was disconnected while Facebook failed; another Page had moved away.
    let [moved, last] = ["Moved", "Last"].map(|name| add(&lee, name));
    let left = Merchant::with_pages(world, "left", &lee, &[&moved, &last]).await;
    let taker = Merchant::links(world, "taker").await;
    taker.moves_page(&lee, &moved, &[&moved, &last]).await;
    taker.links_again().await;
    taker.disconnects("facebook", &moved).await;
    left.links_again().await;
    let only = add(&max, "Only");
    let alone = Merchant::with_pages(world, "alone", &max, &[&only]).await;
    alone.links_again().await;
    world.facebook.switch_on("permissions", Fault::ServerError500, Times::UntilCleared);
    alone.disconnects("facebook", &only).await;
    world.facebook.switch_on("unsubscribe", Fault::ServerError500, Times::UntilCleared);
    left.disconnects("facebook", &last).await;
    world.invoke("token-keeper", json!({})).await;
    world.facebook.clear_faults();
    // One of these waits for a job that is not due.
    jobs_are_due(world, "revoke").await;
    bygone.set("store", "uninstalled_at", long_ago).await;
    bygone.is_due("store").await;

    let again = Merchant::another(&uninstalled).request();
    vec![
        Reading::send("an uninstall is delivered again", &uninstalled.request()),
        Reading::send("its bytes are delivered as another", &again),
        Reading::send("a redact is delivered again", &redacted.request()),
        acme.read_tokens(),
        bygone.read_tokens(),
        erased.read_tokens(),
        closed.read_list(),
        Reading::open("a login of closed", "/facebook/login", &closed.cookies()),
        closed.read_tokens(),
        left.read_list(),
        left.read_tokens(),
        Reading::keeper(),
        left.read_list(),
        acme.relinks(),
        acme.read_tokens(),
        bygone.relinks(),
        closed.relinks(),
        closed.read_list(),
        Reading::keeper(),
    ]
}
