//! What each answer at a renewal means: whether the link is dead, when to try again, and whose fault it is.

use std::time::Instant;

use e2e::faults::{Fault, Times};
use e2e::outbox::Event;
use e2e::stored::domain;
use e2e::world::World;
use futures_util::future::join_all;

use crate::support::case;
use crate::tokens::answers::{error, html, passing};
use crate::tokens::setup::{
    SHOP, ask_shop, assert_active, assert_dead, assert_free, assert_later, ended, events, figure, linked, now, records, refreshes,
    shop_entry, store,
};

#[tokio::test]
async fn what_passes_changes_nothing_and_the_next_invocation_renews() {
    let world = World::start().await;
    for (number, (name, fault, reason)) in passing().into_iter().enumerate() {
        case(name);
        let handle = format!("shop{number}");
        ended(&world, &handle).await;
        let before = (records(&world), world.events());
        world.shopify.clear_requests();
        world.shopify.switch_on("refresh", fault, Times::Once);
        let entry = shop_entry(&world, &domain(&handle)).await;
        world.shopify.clear_faults();
        assert_later(&entry, reason);
        assert_eq!((records(&world), world.events()), before);
        assert!(refreshes(&world) <= 1 && world.shopify.requests_of("redirected").is_empty(), "asked once");
        assert_free(&world, &domain(&handle));
        assert_active(&world, &shop_entry(&world, &domain(&handle)).await);
        world.assert_newest_pair(&domain(&handle)).await;
    }
}

#[tokio::test]
async fn no_answer_is_told_in_time_and_changes_nothing() {
    let world = World::start().await;
    ended(&world, "acme").await;
    let before = records(&world);
    world.shopify.switch_on("refresh", Fault::Hang, Times::Once);
    let started = Instant::now();
    assert_later(&shop_entry(&world, SHOP).await, "provider_timeout");
    assert!(started.elapsed().as_secs() < 9, "{:?}", started.elapsed());
    assert_eq!(records(&world), before);
    assert_active(&world, &shop_entry(&world, SHOP).await);
}

#[tokio::test]
async fn a_dead_pair_is_marked_once_with_one_event_and_costs_no_further_calls() {
    let world = World::start().await;
    let words = "This request requires an active refresh_token";
    let cases = [
        ("as Shopify says it", None),
        ("as a page", Some(html(401, &format!("unauthorized - Oauth error invalid_request: {words}")))),
        ("as other libraries know it", Some(error(400, "invalid_grant"))),
        ("the same with 401", Some(error(401, "invalid_grant"))),
    ];
    for (number, (name, fault)) in cases.into_iter().enumerate() {
        case(name);
        let (handle, shop) = (format!("shop{number}"), domain(&format!("shop{number}")));
        let uuid = ended(&world, &handle).await;
        let before = store(&world, &uuid);
        match fault {
            None => world.shopify.uninstall(&shop),
            Some(fault) => world.shopify.switch_on("refresh", fault, Times::Once),
        }
        world.shopify.clear_requests();
        for _ in 0..3 {
            assert_dead(&shop_entry(&world, &shop).await, "token_refused");
        }
        assert_eq!(world.shopify.requests().len(), 1, "a dead pair is not asked about again");
        let told: Vec<Event> = events(&world, "reconnect_needed").into_iter().filter(|event| event.account == shop).collect();
        let expected = Event {
            detail_type: "reconnect_needed".into(),
            user_uuid: uuid.clone(),
            platform: "shopify".into(),
            account: shop.clone(),
            reason: Some("token_refused".into()),
        };
        assert_eq!(told, [expected]);
        assert!(figure(&world, &uuid, "dead_since").is_some_and(|at| at + 60 > now()));
        let after = store(&world, &uuid);
        for kept in ["access_token", "refresh_token", "version", "generation", "shop_id", "sessions"] {
            assert_eq!(after.attributes[kept], before.attributes[kept], "{kept} is kept for a mistaken verdict");
        }
        assert_free(&world, &shop);

        // Linked again it is as good as new, and its Pages are not held back.
        assert_eq!(linked(&world, &handle).await, uuid);
        let store = store(&world, &uuid);
        for gone in ["unconfirmed", "reason", "dead_since"] {
            assert!(!store.attributes.contains_key(gone), "{gone}: {store:?}");
        }
        let token = assert_active(&world, &shop_entry(&world, &shop).await);
        assert_eq!(token, world.opened(&uuid, "store", "access_token"));
        world.assert_newest_pair(&shop).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_meet_a_dead_pair_at_once_ask_once_and_tell_it_once() {
    let world = World::builder().instances("connection-tokens", 20).start().await;
    ended(&world, "acme").await;
    world.shopify.revoke_refresh_tokens(SHOP);
    let replies = join_all((0..20).map(|_| ask_shop(&world, SHOP))).await;
    for reply in replies {
        assert_dead(&reply["shops"][0], "token_refused");
    }
    assert_eq!((refreshes(&world), events(&world, "reconnect_needed").len()), (1, 1));
}

#[tokio::test]
async fn a_pair_without_a_refresh_token_ends_without_a_call() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    super::setup::remove(&world, &uuid, "store", "refresh_token, refresh_expires_at").await;
    assert_dead(&shop_entry(&world, SHOP).await, "no_refresh_token");
    assert_eq!(refreshes(&world), 0);
}

#[tokio::test]
async fn a_link_tells_of_itself_each_time_and_a_link_that_fails_does_not() {
    let world = World::start().await;
    let uuid = linked(&world, "acme").await;
    linked(&world, "acme").await;
    let told = Event { detail_type: "linked".into(), user_uuid: uuid, platform: "shopify".into(), account: SHOP.into(), reason: None };
    assert_eq!(events(&world, "linked"), [told.clone(), told]);
    let browser = world.browser();
    let callback = world.approve_shop(&browser, "acme").await;
    world.database.fail_operation("TransactWriteItems", e2e::database::DatabaseFault::InternalError, 1000);
    assert_eq!(browser.get(&callback).await.status(), 503);
    world.database.clear_faults();
    assert_eq!(world.events().len(), 2);
    // Nor does a death that could not be written.
    world.expire_access_token(SHOP).await;
    world.shopify.uninstall(SHOP);
    world.database.fail_operation("TransactWriteItems", e2e::database::DatabaseFault::InternalError, 1000);
    assert_later(&shop_entry(&world, SHOP).await, "storage_unavailable");
    world.database.clear_faults();
    assert_eq!(world.events().len(), 2);
    assert_dead(&shop_entry(&world, SHOP).await, "token_refused");
    assert_eq!(world.delivered().iter().filter(|event| event.detail_type == "reconnect_needed").count(), 1);
}
