//! Every order of linking and leaving, through the binaries, against a small model of what must be left. Each beginning of an order is looked at once, and then once more
//! after all earlier deliveries came again.
//!
//! Orders that begin with a link have five steps. Those that begin with something else have four: it meets nothing, so that the rest is an order like the others. With
//! `E2E_ALL_ORDERS=1` they have five as well (some minutes).

mod merchant;
mod model;

use e2e::world::World;
use futures_util::{StreamExt as _, stream};

use merchant::Merchant;
use model::{ALL, Step};

/// Orders that are gone through at the same time, each with a store and a person of its own.
const AT_ONCE: usize = 6;

/// Every order that begins so.
fn orders(beginning: &[Step]) -> Vec<Vec<Step>> {
    let length = if beginning[0] == Step::Link || std::env::var_os("E2E_ALL_ORDERS").is_some() { 5 } else { 4 };
    let mut orders = vec![beginning.to_vec()];
    while orders.first().is_some_and(|order| order.len() < length) {
        orders = orders.iter().flat_map(|order| ALL.map(|step| [order.as_slice(), &[step]].concat())).collect();
    }
    orders
}

async fn go_through(orders: Vec<Vec<Step>>) {
    let functions = ["shopify-login", "shopify-callback", "facebook-login", "facebook-callback", "shopify-webhooks", "facebook-lifecycle"];
    let builder = functions.iter().fold(World::builder(), |builder, function| builder.instances(function, 2));
    let world = builder.start().await;
    let merchants: Vec<Merchant<'_>> = stream::iter(orders.into_iter().enumerate())
        .map(|(number, order)| {
            let world = &world;
            async move {
                let mut merchant = Merchant::new(world, number);
                for (place, step) in order.iter().enumerate() {
                    merchant.takes(*step).await;
                    // Of all orders with this beginning, one looks at it.
                    if order[place + 1..].iter().all(|rest| *rest == Step::Delete) {
                        merchant.is_as_the_model_says().await;
                    }
                }
                merchant
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    // What is erased is nowhere any more, in no table.
    let stored = world.database.dump();
    for merchant in &merchants {
        merchant.assert_forgotten(&stored);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_twice() {
    go_through(orders(&[Step::Link, Step::Link])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_uninstalled() {
    go_through(orders(&[Step::Link, Step::Uninstall])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_redacted() {
    go_through(orders(&[Step::Link, Step::Redact])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_deauthorized() {
    go_through(orders(&[Step::Link, Step::Deauthorize])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_deleted() {
    go_through(orders(&[Step::Link, Step::Delete])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uninstalled_before_it_was_linked() {
    go_through(orders(&[Step::Uninstall])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redacted_before_it_was_linked() {
    go_through(orders(&[Step::Redact])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deauthorized_before_it_was_linked() {
    go_through(orders(&[Step::Deauthorize])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_before_it_was_linked() {
    go_through(orders(&[Step::Delete])).await;
}
