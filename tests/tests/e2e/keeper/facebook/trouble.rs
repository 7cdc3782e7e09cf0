//! Facebook's own trouble condemns nothing, and the next run goes on.

use e2e::faults::{Fault, Times};

use super::{Linked, report};
use crate::support::{case, connections};

/// Everything that can go wrong with a call, but what ends it only after the limit of a call.
fn faults() -> Vec<(&'static str, Fault)> {
    let mut faults = Fault::matrix();
    faults.retain(|(_, fault)| !matches!(fault, Fault::Hang | Fault::ConnectionRefused));
    faults.push(("lost reply", Fault::LostReply));
    faults
}

#[tokio::test]
async fn no_fault_at_a_check_condemns_anything() {
    let linked = Linked::with_pages(1).await;
    linked.make_due().await;
    let before = connections(&linked.world);
    for (name, fault) in faults() {
        case(name);
        linked.world.facebook.switch_on("debug_token", fault, Times::UntilCleared);
        assert_eq!(linked.run().await, report(0, 0, 0, 1), "{name}");
        linked.world.end_pauses().await;
        assert_eq!(connections(&linked.world), before, "{name}");
        linked.world.facebook.clear_faults();
    }
    linked.world.facebook.stop();
    assert_eq!(linked.run().await, report(0, 0, 0, 1));
    assert_eq!(linked.world.end_pauses().await, 1);
    assert_eq!(connections(&linked.world), before);
    linked.world.facebook.resume();
    assert_eq!(linked.run().await, report(0, 2, 0, 0));
    linked.assert_lives();
}

#[tokio::test]
async fn a_check_that_is_never_answered_condemns_nothing() {
    let linked = Linked::with_pages(1).await;
    linked.make_due().await;
    let before = connections(&linked.world);
    linked.world.facebook.switch_on("debug_token", Fault::Hang, Times::Once);
    assert_eq!(linked.run().await, report(0, 0, 0, 1));
    assert_eq!(linked.world.end_pauses().await, 1);
    assert_eq!(connections(&linked.world), before);
    assert_eq!(linked.run().await, report(0, 2, 0, 0));
}

#[tokio::test]
async fn no_fault_at_the_exchange_or_the_list_costs_a_link() {
    let linked = Linked::with_pages(1).await;
    linked.age().await;
    linked.make_due().await;
    let before = connections(&linked.world);
    for call in ["long_lived_exchange", "accounts"] {
        for (name, fault) in faults() {
            case((call, name));
            linked.world.facebook.switch_on(call, fault, Times::UntilCleared);
            assert_eq!(linked.run().await["refreshed"], 0, "{call} {name}");
            linked.world.end_pauses().await;
            assert_eq!(connections(&linked.world), before, "{call} {name}");
            linked.world.facebook.clear_faults();
        }
    }
    assert_eq!(linked.run().await, report(1, 1, 0, 0));
    linked.assert_lives();
}

#[tokio::test]
async fn one_page_in_trouble_has_the_person_looked_after_again_soon_and_the_dead_one_is_marked() {
    let linked = Linked::with_pages(2).await;
    let [dead, troubled] = &linked.pages[..] else { panic!("two Pages") };
    linked.world.facebook.kill_token(&linked.page_token(dead), Some(460));
    let unreadable = Fault::edit(|answer| {
        if answer["data"]["type"] == "PAGE" && answer["data"]["is_valid"] == true {
            answer["data"] = serde_json::json!("?");
        }
    });
    linked.world.facebook.switch_on("debug_token", unreadable, Times::UntilCleared);
    assert_eq!(linked.visit().await, report(0, 1, 1, 1));
    assert_eq!(linked.page(dead).text("status"), Some("reconnect_needed"));
    assert_eq!(linked.page(troubled).text("status"), Some("active"));
    assert_eq!(linked.world.end_pauses().await, 1);
    linked.world.facebook.clear_faults();
    assert_eq!(linked.run().await, report(0, 2, 0, 0));
    assert_eq!(linked.deaths().len(), 1);
}

#[tokio::test]
async fn a_database_that_fails_leaves_the_rest_for_the_next_run() {
    use e2e::database::DatabaseFault;
    let linked = Linked::with_pages(1).await;
    linked.make_due().await;
    let before = connections(&linked.world);
    linked.world.database.fail_operation("UpdateItem", DatabaseFault::Throttled, 50);
    assert_eq!(linked.run().await["failed"], 1);
    linked.world.end_pauses().await;
    assert_eq!(connections(&linked.world), before);
    linked.world.database.clear_faults();
    assert_eq!(linked.run().await, report(0, 2, 0, 0));
}
