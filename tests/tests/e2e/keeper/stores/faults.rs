//! Shopify and DynamoDB fail during a run.

use std::time::Instant;

use e2e::database::DatabaseFault;
use e2e::faults::{Fault, Times};
use e2e::stored::domain;
use e2e::world::World;

use super::{assert_due_in, assert_run, fading, run};
use crate::support::case;
use crate::tokens::answers::passing;
use crate::tokens::setup::{assert_free, events, figure, records, refreshes, store};

#[tokio::test]
async fn what_passes_changes_nothing_and_the_next_run_renews() {
    let world = World::start().await;
    for (number, (name, fault, reason)) in passing().into_iter().enumerate() {
        case(name);
        let handle = format!("shop{number}");
        let uuid = fading(&world, &handle).await;
        let before = records(&world);
        world.shopify.clear_requests();
        world.shopify.switch_on("refresh", fault, Times::Once);
        assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
        world.shopify.clear_faults();
        assert!(refreshes(&world) <= 1 && world.shopify.requests_of("redirected").is_empty(), "asked once");
        assert_free(&world, &domain(&handle));
        if reason.starts_with("shop_") {
            // Such a shop is not asked about again today.
            assert_due_in(&world, &uuid, 1..=1);
            assert_eq!((store(&world, &uuid).text("status"), figure(&world, &uuid, "version")), (Some("active"), Some(1)));
            world.make_due(&uuid, "store").await;
        } else {
            assert_run(&run(&world).await, [0; 6]);
            assert_eq!(world.end_pauses().await, 1);
            assert_eq!(records(&world), before);
        }
        assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
        world.assert_newest_pair(&domain(&handle)).await;
    }
    assert!(events(&world, "reconnect_needed").is_empty());
}

#[tokio::test]
async fn no_answer_changes_nothing() {
    let world = World::start().await;
    fading(&world, "acme").await;
    let before = records(&world);
    world.shopify.switch_on("refresh", Fault::Hang, Times::Once);
    let started = Instant::now();
    assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
    assert!(started.elapsed().as_secs() < 9);
    assert_eq!(world.end_pauses().await, 1);
    assert_eq!(records(&world), before);
    assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_failing_database_is_outlived_or_told_and_nothing_is_lost() {
    use DatabaseFault::{AnswerLost, InternalError, RequestLost, Throttled, TransactionConflict};
    let world = World::start().await;
    let mut number = 0;
    for (operation, times) in
        ["Query", "GetItem", "UpdateItem", "TransactWriteItems"].into_iter().flat_map(|name| [(name, 1), (name, 1000)])
    {
        for fault in [Throttled, InternalError, RequestLost, AnswerLost, TransactionConflict] {
            if fault == TransactionConflict && operation != "TransactWriteItems" {
                continue;
            }
            number += 1;
            case((operation, fault, times));
            let (handle, shop) = (format!("shop{number}"), domain(&format!("shop{number}")));
            let uuid = fading(&world, &handle).await;
            let before = records(&world);
            world.shopify.clear_requests();
            world.database.fail_operation(operation, fault, times);
            let reply = run(&world).await;
            world.database.clear_faults();
            if times == 1 {
                assert_run(&reply, [1, 1, 0, 0, 0, 0]);
                assert_eq!(refreshes(&world), 1);
            } else {
                if operation == "Query" {
                    assert_eq!(reply["error"]["code"], "storage_unavailable", "{reply}");
                } else {
                    assert_run(&reply, [1, 0, 0, 0, 1, 0]);
                }
                world.free_lease(&shop).await;
                world.end_pauses().await;
                let written = (operation, fault) == ("TransactWriteItems", AnswerLost);
                if !written {
                    assert_eq!(records(&world), before);
                }
                assert_run(&run(&world).await, if written { [0; 6] } else { [1, 1, 0, 0, 0, 0] });
            }
            assert_eq!(figure(&world, &uuid, "version"), Some(2));
            world.assert_newest_pair(&shop).await;
        }
    }
}

#[tokio::test]
async fn a_death_that_can_not_be_written_is_found_again() {
    let world = World::start().await;
    for (number, fault) in [DatabaseFault::Throttled, DatabaseFault::RequestLost].into_iter().enumerate() {
        let handle = format!("shop{number}");
        fading(&world, &handle).await;
        world.shopify.uninstall(&domain(&handle));
        let before = records(&world);
        world.database.fail_operation("TransactWriteItems", fault, 1000);
        assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
        world.database.clear_faults();
        assert_eq!((records(&world), events(&world, "reconnect_needed").len()), (before, number));
        assert_run(&run(&world).await, [1, 0, 0, 1, 0, 0]);
        assert_eq!(events(&world, "reconnect_needed").len(), number + 1);
    }
}
