//! A pair that ends is renewed before its token is given out: once, however many ask.

use e2e::faults::{Fault, Times};
use e2e::gate::{Gate, until};
use e2e::world::World;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::case;
use crate::tokens::setup::{
    DAY, SHOP, ask_shop, assert_active, assert_free, assert_later, ended, figure, linked, now, records, refreshes, set_figure, shop_entry,
};

/// Invocations at the same time.
const MANY: usize = 50;

#[tokio::test]
async fn an_ended_token_is_renewed_first_and_both_tokens_are_stored_in_one_write() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    let old = ["access_token", "refresh_token"].map(|name| world.opened(&uuid, "store", name));
    let (version, before) = (figure(&world, &uuid, "version").unwrap(), figure(&world, &uuid, "due_at"));
    world.database.reset_usage();
    let entry = shop_entry(&world, SHOP).await;
    let token = assert_active(&world, &entry);
    assert_eq!(token, world.opened(&uuid, "store", "access_token"));
    assert_ne!(token, old[0]);
    assert_ne!(world.opened(&uuid, "store", "refresh_token"), old[1]);
    assert_eq!(world.database.usage().calls("TransactWriteItems"), 1);
    assert_eq!((refreshes(&world), figure(&world, &uuid, "version")), (1, Some(version + 1)));
    assert_eq!(world.shopify.requests_of("refresh")[0].field("refresh_token").as_deref(), Some(old[1].as_str()));
    assert_eq!(figure(&world, &uuid, "due_at"), before, "a due time that is far away stays");
    let end = figure(&world, &uuid, "access_expires_at").unwrap();
    assert!((now() + 3500..=now() + 3600).contains(&end));
    let refresh_end = figure(&world, &uuid, "refresh_expires_at").unwrap();
    assert!((now() + 90 * DAY - 100..=now() + 90 * DAY).contains(&refresh_end));
    assert!(figure(&world, &uuid, "issued_at").is_some_and(|at| at + 60 > now()));
    assert_eq!(entry["scope"].as_array().map(Vec::len), Some(5));
    assert_free(&world, SHOP);

    // The next one reads it, and the next renewal uses the next token.
    assert_eq!(assert_active(&world, &shop_entry(&world, SHOP).await), token);
    assert_eq!(refreshes(&world), 1);
    world.expire_access_token(SHOP).await;
    assert_active(&world, &shop_entry(&world, SHOP).await);
    let used: Vec<_> = world.shopify.requests_of("refresh").iter().map(|request| request.field("refresh_token")).collect();
    assert_eq!(used.len(), 2);
    assert_ne!(used[0], used[1], "the old refresh token is not used again");
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test]
async fn a_token_that_is_given_out_lives_for_five_minutes_at_least() {
    let world = World::start().await;
    let uuid = linked(&world, "acme").await;
    set_figure(&world, &uuid, "access_expires_at", now() + 600).await;
    let token = assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_eq!(refreshes(&world), 0);
    for left in [305, 60, 0] {
        set_figure(&world, &uuid, "access_expires_at", now() + left).await;
        assert_ne!(assert_active(&world, &shop_entry(&world, SHOP).await), token, "{left}");
        assert!(figure(&world, &uuid, "access_expires_at").unwrap() > now() + 300);
    }
    assert_eq!(refreshes(&world), 3);
}

/// RFC 9700 section 4.14.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_invocations_at_once_make_one_refresh_and_fifty_good_answers() {
    let world = World::builder().instances("connection-tokens", MANY).start().await;
    let uuid = ended(&world, "acme").await;
    let replies = join_all((0..MANY).map(|_| ask_shop(&world, SHOP))).await;
    let token = world.opened(&uuid, "store", "access_token");
    for reply in &replies {
        assert_eq!(reply["shops"][0]["access_token"], token, "{reply}");
        assert_active(&world, &reply["shops"][0]);
    }
    assert_eq!((replies.len(), refreshes(&world), figure(&world, &uuid, "version")), (MANY, 1, Some(2)));
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_invocations_share_one_failure_and_the_next_one_renews() {
    let world = World::builder().instances("connection-tokens", MANY).start().await;
    ended(&world, "acme").await;
    let before = records(&world);
    let gate = Gate::closed();
    world.shopify.switch_on("refresh", gate.spoilt(), Times::Once);
    world.database.reset_usage();
    let opening = async {
        gate.reached(1).await;
        // All have read the record, and most of them have met the lease several times.
        until("all are waiting", || {
            world.database.usage().calls("Query") >= MANY && world.database.usage().calls("UpdateItem") >= 2 * MANY
        })
        .await;
        gate.open();
    };
    let (replies, ()) = tokio::join!(join_all((0..MANY).map(|_| ask_shop(&world, SHOP))), opening);
    for reply in &replies {
        assert_later(&reply["shops"][0], "provider_error");
    }
    assert_eq!((replies.len(), refreshes(&world)), (MANY, 1));
    assert_eq!(records(&world), before);
    assert_active(&world, &shop_entry(&world, SHOP).await);
    assert_eq!(refreshes(&world), 2);
    world.assert_newest_pair(SHOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_store_does_not_wait_for_the_lease() {
    let world = World::builder().instances("connection-tokens", 2).start().await;
    ended(&world, "acme").await;
    ended(&world, "other").await;
    let gate = Gate::closed();
    world.shopify.switch_on("refresh", gate.fault(), Times::Once);
    let other = async {
        gate.reached(1).await;
        let entry = shop_entry(&world, "other.myshopify.com").await;
        assert_active(&world, &entry);
        gate.open();
    };
    let (entry, ()) = tokio::join!(shop_entry(&world, SHOP), other);
    assert_active(&world, &entry);
}

#[tokio::test]
async fn an_answer_that_says_less_is_taken_for_what_it_can_be() {
    let world = World::start().await;
    for (number, (name, gone)) in [
        ("no end", &["expires_in"][..]),
        ("no refresh token", &["refresh_token", "refresh_token_expires_in"]),
        ("no end of the refresh token", &["refresh_token_expires_in"]),
        ("no scope", &["scope"]),
        ("the token alone", &["expires_in", "refresh_token", "refresh_token_expires_in", "scope"]),
    ]
    .into_iter()
    .enumerate()
    {
        case(name);
        let (handle, shop) = (format!("shop{number}"), format!("shop{number}.myshopify.com"));
        let uuid = ended(&world, &handle).await;
        let old = world.opened(&uuid, "store", "refresh_token");
        let old_end = figure(&world, &uuid, "refresh_expires_at");
        world.shopify.switch_on(
            "refresh",
            Fault::edit(move |answer| {
                for name in gone {
                    answer.as_object_mut().unwrap().remove(*name);
                }
            }),
            Times::Once,
        );
        let entry = shop_entry(&world, &shop).await;
        assert_active(&world, &entry);
        assert_eq!(entry["scope"].as_array().map(Vec::len), Some(5), "scopes that are not repeated did not change");
        let end = figure(&world, &uuid, "access_expires_at").expect("never 'does not expire'");
        let life = if gone.contains(&"expires_in") { 600 } else { 3600 };
        assert!((now() + life - 100..=now() + life).contains(&end), "{name}: {end}");
        let refresh_token = world.opened(&uuid, "store", "refresh_token");
        if gone.contains(&"refresh_token") {
            assert_eq!((refresh_token, figure(&world, &uuid, "refresh_expires_at")), (old, old_end), "the old one is kept");
        } else {
            assert_ne!(refresh_token, old);
            assert_eq!(figure(&world, &uuid, "refresh_expires_at").is_some(), !gone.contains(&"refresh_token_expires_in"));
        }
        // And it lives on.
        world.expire_access_token(&shop).await;
        assert_active(&world, &shop_entry(&world, &shop).await);
    }
}

#[tokio::test]
async fn a_pair_that_may_do_less_is_stored_and_the_merchant_is_needed_once() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    world.shopify.switch_on("refresh", Fault::edit(|answer| answer["scope"] = json!("read_products,read_locations")), Times::UntilCleared);
    for _ in 0..2 {
        let entry = shop_entry(&world, SHOP).await;
        super::setup::assert_dead(&entry, "missing_scope");
        assert_eq!(entry["scope"], json!(["read_products", "read_locations"]));
    }
    assert_eq!((refreshes(&world), super::setup::events(&world, "reconnect_needed").len()), (1, 1));
    assert_eq!(figure(&world, &uuid, "version"), Some(2));
    assert!(figure(&world, &uuid, "dead_since").is_some_and(|at| at + 60 > now()));
    world.shopify.clear_faults();
    world.assert_newest_pair(SHOP).await;
    assert_eq!(linked(&world, "acme").await, uuid);
    assert_active(&world, &shop_entry(&world, SHOP).await);
}

#[tokio::test]
async fn a_token_that_shopify_makes_too_short_is_not_given_out() {
    let world = World::start().await;
    ended(&world, "acme").await;
    world.shopify.switch_on("refresh", Fault::edit(|answer| answer["expires_in"] = json!(60)), Times::Once);
    assert_later(&shop_entry(&world, SHOP).await, "token_too_short");
    assert_active(&world, &shop_entry(&world, SHOP).await);
}

#[tokio::test]
async fn a_wider_scope_is_told_and_counts_from_then_on() {
    let world = World::start().await;
    ended(&world, "acme").await;
    let wider = "read_product_listings,read_inventory,read_discounts,read_locations,read_products,write_products";
    world.shopify.switch_on("refresh", Fault::edit(move |answer| answer["scope"] = json!(wider)), Times::Once);
    let entry = shop_entry(&world, SHOP).await;
    assert_active(&world, &entry);
    assert!(entry["scope"].as_array().unwrap().contains(&Value::from("write_products")));
}
