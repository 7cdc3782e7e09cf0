//! Stores of which a webhook said what its word alone does not prove, and stores that are being
//! erased.

use std::future::Future;

use super::super::reading::Reading;
use super::super::stage::{Merchant, deliver, dies_when, keeper};
use crate::database::Held;
use crate::faults::{Fault, Times};
use crate::world::World;

pub(super) async fn reach(world: &World) -> Vec<Reading> {
    // A token that has ended says nothing, so that each delivery leaves a doubt.
    let narrowed = Merchant::links(world, "narrowed").await;
    let redacted = Merchant::links(world, "redacted").await;
    narrowed.token_ends().await;
    deliver(world, &narrowed.webhook("app/scopes_update").request()).await;
    redacted.token_ends().await;
    let redact = redacted.timeless("shop/redact");
    deliver(world, &redact.request()).await;
    deliver(world, &redacted.timeless("app/uninstalled").request()).await;

    // Bytes that came before, about a store that came back.
    let returned = Merchant::links(world, "returned").await;
    let uninstalled = returned.timeless("app/uninstalled");
    world.shopify.uninstall(&returned.shop());
    deliver(world, &uninstalled.request()).await;
    returned.links_again().await;
    returned.token_ends().await;
    deliver(world, &Merchant::another(&uninstalled).request()).await;

    // One that could not be asked about.
    let failing = Merchant::links(world, "failing").await;
    failing.token_ends().await;
    deliver(world, &failing.timeless("app/uninstalled").request()).await;
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    keeper(world).await;
    world.shopify.clear_faults();
    for merchant in [&narrowed, &redacted, &returned, &failing] {
        merchant.is_due("doubt").await;
    }
    for merchant in [&redacted, &failing] {
        world.shopify.uninstall(&merchant.shop());
    }

    // Bytes of a redact that came before, about one that was disconnected since: nobody can be
    // asked.
    let closed = Merchant::links(world, "closed").await;
    let before = closed.timeless("shop/redact");
    for redact in [&before, &Merchant::another(&before)] {
        closed.links_again().await;
        closed.token_ends().await;
        deliver(world, &redact.request()).await;
    }
    closed.disconnects("shopify", &closed.shop()).await;

    // Two that are being erased: marked and no more, and all but the mark gone.
    let jo = world.facebook.add_person("Jo Doe");
    let [first, second] = ["One", "Two"].map(|name| world.facebook.add_page(&jo, name));
    let marked = Merchant::with_pages(world, "marked", &jo, &[&first]).await;
    let nearly = Merchant::with_pages(world, "nearly", &jo, &[&first, &second]).await;
    let mut redacts = Vec::new();
    for (merchant, passing) in [(&marked, 0), (&nearly, 1)] {
        world.shopify.uninstall(&merchant.shop());
        deliver(world, &merchant.timeless("app/uninstalled").request()).await;
        let redact = merchant.timeless("shop/redact").request();
        dies_at_query(world, passing, deliver(world, &redact)).await;
        redacts.push(redact);
    }

    vec![
        narrowed.read_tokens(),
        redacted.read_list(),
        marked.read_tokens(),
        Reading::send("a redact is delivered again", &redact.request()),
        Reading::send("a redact that was not finished is delivered again", &redacts[0]),
        Reading::keeper(),
        narrowed.read_tokens(),
        redacted.read_tokens(),
        returned.read_tokens(),
        failing.read_tokens(),
        closed.read_tokens(),
        marked.relinks(),
        nearly.read_tokens(),
        Reading::keeper(),
    ]
}

/// The function is killed over a reading of the whole identity, after so many that it is let do:
/// one comes after the mark, the next one after everything but the mark.
async fn dies_at_query<T>(world: &World, passing: usize, sent: impl Future<Output = T>) {
    let mut held: Vec<Held> = (0..=passing).map(|_| world.database.hold("Query")).collect();
    let last = async {
        for mut query in held.drain(..passing) {
            query.arrived().await;
        }
        held[0].arrived().await;
    };
    dies_when(world, "shopify-webhooks", last, sent).await;
}
