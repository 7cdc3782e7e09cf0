//! DynamoDB fails at each step of a renewal.

use std::time::Instant;

use e2e::database::DatabaseFault;
use e2e::stored::domain;
use e2e::world::World;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::case;
use crate::tokens::setup::{SHOP, ask, assert_active, assert_free, assert_later, ended, figure, records, refreshes};

/// The steps of an invocation with a UUID, in order: the identity, the lease, the record again, the write.
const STEPS: [&str; 4] = ["Query", "UpdateItem", "GetItem", "TransactWriteItems"];

fn faults(operation: &str) -> Vec<DatabaseFault> {
    use DatabaseFault::{AnswerLost, InternalError, RequestLost, Throttled, TransactionConflict};
    let mut faults = vec![Throttled, InternalError, RequestLost, AnswerLost];
    if operation == "TransactWriteItems" {
        faults.push(TransactionConflict);
    }
    faults
}

async fn entry(world: &World, uuid: &str) -> Value {
    let reply = ask(world, json!({"user_uuid": uuid})).await;
    assert!(reply.get("error").is_none(), "{reply}");
    reply["shops"][0].clone()
}

#[tokio::test]
async fn a_fault_that_passes_is_not_noticed_and_costs_no_second_refresh() {
    let world = World::start().await;
    let mut number = 0;
    for operation in STEPS {
        for fault in faults(operation) {
            number += 1;
            case((operation, fault));
            let (handle, shop) = (format!("shop{number}"), domain(&format!("shop{number}")));
            let uuid = ended(&world, &handle).await;
            world.shopify.clear_requests();
            world.database.fail_operation(operation, fault, 1);
            let entry = entry(&world, &uuid).await;
            world.database.clear_faults();
            assert_active(&world, &entry);
            assert_eq!((refreshes(&world), figure(&world, &uuid, "version")), (1, Some(2)));
            assert_free(&world, &shop);
            world.assert_newest_pair(&shop).await;
        }
    }
}

#[tokio::test]
async fn a_fault_that_lasts_is_told_and_nothing_is_lost() {
    let world = World::start().await;
    let mut number = 0;
    for operation in STEPS {
        for fault in faults(operation) {
            number += 1;
            case((operation, fault));
            let (handle, shop) = (format!("shop{number}"), domain(&format!("shop{number}")));
            let uuid = ended(&world, &handle).await;
            let before = records(&world);
            world.database.fail_operation(operation, fault, 1000);
            let reply = ask(&world, json!({"user_uuid": uuid})).await;
            world.database.clear_faults();
            if operation == "Query" {
                assert_eq!(reply["error"]["code"], "storage_unavailable", "{reply}");
            } else {
                assert_later(&reply["shops"][0], "storage_unavailable");
            }
            if (operation, fault) != ("TransactWriteItems", DatabaseFault::AnswerLost) {
                assert_eq!(records(&world), before);
            }
            // A lease that was not given back runs out by itself.
            world.free_lease(&shop).await;
            assert_active(&world, &entry(&world, &uuid).await);
            world.assert_newest_pair(&shop).await;
        }
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_and_works_again_when_it_is_back() {
    let world = World::start().await;
    let uuid = ended(&world, "acme").await;
    ask(&world, json!({"shop": "other.myshopify.com"})).await;
    world.database.stop().await;
    for payload in [json!({"shop": SHOP}), json!({"user_uuid": uuid}), json!({"page_id": "1"})] {
        assert_eq!(ask(&world, payload).await["error"]["code"], "storage_unavailable");
    }
    assert_eq!(ask(&world, json!({})).await["error"]["code"], "invalid_request", "what needs no table is told all the same");
    world.database.resume().await;
    assert_active(&world, &entry(&world, &uuid).await);
    assert_eq!(refreshes(&world), 1);
}

#[tokio::test]
async fn a_database_that_hangs_is_told_in_time() {
    let steps = STEPS.map(|operation| async move {
        let world = World::start().await;
        let uuid = ended(&world, "acme").await;
        let before = records(&world);
        world.database.fail_operation(operation, DatabaseFault::Hang, 1000);
        let started = Instant::now();
        let reply = ask(&world, json!({"user_uuid": uuid})).await;
        let waited = started.elapsed();
        world.database.clear_faults();
        assert!(waited.as_secs() < 12, "{operation}: {waited:?}");
        if operation == "Query" {
            assert_eq!(reply["error"]["code"], "storage_unavailable", "{reply}");
        } else {
            assert_later(&reply["shops"][0], "storage_unavailable");
        }
        assert_eq!(records(&world), before, "{operation}");
        world.free_lease(SHOP).await;
        assert_active(&world, &entry(&world, &uuid).await);
        world.assert_newest_pair(SHOP).await;
    });
    join_all(steps).await;
}

#[tokio::test]
async fn the_rest_of_the_identity_is_answered_while_the_store_can_not_be_renewed() {
    let world = World::start().await;
    let browser = world.browser();
    let (person, page) = crate::support::person_with_page(&world.facebook);
    let uuid = crate::support::linked_shop(&world, &browser, "acme").await;
    crate::support::linked_pages(&world, &browser, &e2e::facebook::Consent::of(&person)).await;
    world.expire_access_token(SHOP).await;
    world.database.fail_operation("UpdateItem", DatabaseFault::Throttled, 1000);
    let reply = ask(&world, json!({"page_id": page})).await;
    world.database.clear_faults();
    assert_later(&reply["shops"][0], "storage_unavailable");
    assert_eq!(reply["pages"][0]["access_token"], crate::support::page_token(&world, &uuid, &page));
}
