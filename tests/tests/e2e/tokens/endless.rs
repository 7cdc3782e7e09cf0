//! Tokens that do not expire: Shopify is asked whether it still takes one before it is given out, and a pair takes the place of one that it does not.

use e2e::faults::{Fault, Times};
use e2e::gate::until;
use e2e::world::World;
use futures_util::future::join_all;
use serde_json::Value;

use crate::support::case;
use crate::tokens::setup::{
    SHOP, ask_shop, assert_active, assert_dead, assert_free, assert_later, events, figure, linked, never_ends, records, shop_entry,
};

/// A store whose token does not expire; returns the identity.
async fn endless(world: &World) -> String {
    let uuid = linked(world, "acme").await;
    never_ends(world, &uuid, "acme").await;
    world.shopify.clear_requests();
    uuid
}

fn calls(world: &World) -> (usize, usize) {
    (world.shopify.requests_of("graphql").len(), world.shopify.requests_of("migrate").len())
}

#[tokio::test]
async fn after_an_exchange_whose_answer_was_lost_the_pair_is_had_again_and_no_dead_token_is_given_out() {
    let world = World::start().await;
    let uuid = endless(&world).await;
    let dead = world.opened(&uuid, "store", "access_token");
    // The keeper exchanges it, and never hears what for.
    world.shopify.switch_on("migrate", Fault::LostReply, Times::Once);
    world.make_due(&uuid, "store").await;
    world.invoke("token-keeper", serde_json::json!({})).await;
    world.shopify.clear_faults();
    assert!(!world.shopify.accepts(&dead) && world.opened(&uuid, "store", "access_token") == dead, "what is stored has ended");
    let entry = shop_entry(&world, SHOP).await;
    assert_ne!(assert_active(&world, &entry), dead);
    assert!(entry["expires_at"].is_string() && figure(&world, &uuid, "access_expires_at").is_some());
    world.assert_newest_pair(SHOP).await;
    assert!(events(&world, "reconnect_needed").is_empty());
    // From now on it is a pair like any other.
    world.shopify.clear_requests();
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_eq!(calls(&world), (0, 0));
}

#[tokio::test]
async fn a_token_whose_kind_is_refused_is_exchanged_for_the_bot() {
    let world = World::start().await;
    let uuid = endless(&world).await;
    let old = world.opened(&uuid, "store", "access_token");
    assert_ne!(assert_active(&world, &shop_entry(&world, SHOP).await), old);
    assert_eq!(calls(&world), (1, 1));
    assert_free(&world, SHOP);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test]
async fn a_token_that_shopify_takes_is_given_out_as_it_is() {
    let world = World::start().await;
    world.shopify.refuse_non_expiring(false);
    let uuid = endless(&world).await;
    let before = records(&world);
    let entry = shop_entry(&world, SHOP).await;
    assert_eq!((assert_active(&world, &entry), &entry["expires_at"]), (world.opened(&uuid, "store", "access_token"), &Value::Null));
    assert_eq!((calls(&world), records(&world)), ((1, 0), before));
}

#[tokio::test]
async fn a_question_that_says_nothing_about_the_token_leaves_it_as_good_as_it_was() {
    let world = World::start().await;
    world.shopify.refuse_non_expiring(false);
    endless(&world).await;
    let before = records(&world);
    let mut faults = Fault::matrix();
    faults.retain(|(_, fault)| !matches!(fault, Fault::ConnectionRefused | Fault::Hang));
    for (name, fault) in faults {
        case(name);
        world.shopify.switch_on("graphql", fault, Times::UntilCleared);
        let entry = shop_entry(&world, SHOP).await;
        world.shopify.clear_faults();
        assert_active(&world, &entry);
        assert_eq!(records(&world), before);
    }
}

#[tokio::test]
async fn while_the_exchange_fails_no_token_is_given_out_and_the_next_invocation_has_one() {
    let world = World::start().await;
    let mut answers = super::answers::passing();
    // Where nobody listens, nothing is heard of the token either.
    answers.retain(|(_, fault, _)| !matches!(fault, Fault::ConnectionRefused));
    for (number, (name, fault, reason)) in answers.into_iter().enumerate() {
        case(name);
        let handle = format!("shop{number}");
        let shop = e2e::stored::domain(&handle);
        let uuid = linked(&world, &handle).await;
        never_ends(&world, &uuid, &handle).await;
        world.shopify.switch_on("migrate", fault, Times::Once);
        let entry = shop_entry(&world, &shop).await;
        world.shopify.clear_faults();
        // Of this call, 400 says no more than that it was refused.
        let reason = if name == "400 invalid_request" { "exchange_refused" } else { reason };
        assert_later(&entry, reason);
        assert_free(&world, &shop);
        assert_active(&world, &shop_entry(&world, &shop).await);
        world.assert_newest_pair(&shop).await;
    }
    assert!(events(&world, "reconnect_needed").is_empty());
}

#[tokio::test]
async fn a_token_that_is_refused_for_good_is_marked_once_and_costs_no_further_calls() {
    let world = World::start().await;
    endless(&world).await;
    world.shopify.uninstall(SHOP);
    for _ in 0..3 {
        assert_dead(&shop_entry(&world, SHOP).await, "token_refused");
    }
    assert_eq!((calls(&world), events(&world, "reconnect_needed").len()), ((1, 1), 1));
    assert_free(&world, SHOP);
}

#[tokio::test]
async fn a_death_that_can_not_be_written_is_told_by_the_next_invocation() {
    let world = World::start().await;
    endless(&world).await;
    world.shopify.uninstall(SHOP);
    world.database.fail_operation("TransactWriteItems", e2e::database::DatabaseFault::InternalError, 1000);
    assert_later(&shop_entry(&world, SHOP).await, "storage_unavailable");
    world.database.clear_faults();
    assert!(events(&world, "reconnect_needed").is_empty());
    assert_dead(&shop_entry(&world, SHOP).await, "token_refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_ask_at_once_make_one_exchange() {
    let world = World::builder().instances("connection-tokens", 10).start().await;
    endless(&world).await;
    let replies = join_all((0..10).map(|_| ask_shop(&world, SHOP))).await;
    let tokens: Vec<String> = replies.iter().map(|reply| assert_active(&world, &reply["shops"][0])).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert_eq!(world.shopify.requests_of("migrate").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_made_while_shopify_is_asked_stays() {
    let world = World::start().await;
    let uuid = endless(&world).await;
    let gate = e2e::gate::Gate::closed();
    world.shopify.switch_on("migrate", gate.fault(), Times::Once);
    let link = async {
        gate.reached(1).await;
        world.end_lease(SHOP).await;
        assert_eq!(linked(&world, "acme").await, uuid);
        let stored = super::setup::store(&world, &uuid);
        gate.open();
        stored
    };
    let (entry, stored) = tokio::join!(shop_entry(&world, SHOP), link);
    until("the exchange has ended", || world.shopify.requests_of("migrate").len() == 1).await;
    assert_eq!(super::setup::store(&world, &uuid), stored, "the late one changed the link");
    assert_eq!(assert_active(&world, &entry), world.opened(&uuid, "store", "access_token"));
}
