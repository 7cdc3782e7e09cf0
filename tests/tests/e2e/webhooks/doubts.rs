//! A time that says nothing never ends a link by itself: Shopify is asked, and where it does not answer in time, the keeper asks.

use std::time::{Duration, Instant};

use e2e::faults::{Fault, Times};
use e2e::gate::Gate;
use e2e::shopify::{Condition, Webhook};
use e2e::world::World;
use serde_json::json;

use crate::webhooks::{FUNCTION, Linked, REDACT, SCOPES, SHOP, UNINSTALLED, items, now, send};

/// Times that a link can't be compared with.
fn timeless(webhook: &Webhook) -> Vec<Webhook> {
    let times = [None, Some("yesterday".to_owned()), Some(String::new()), webhook.clone().triggered(now() + 3600).triggered_at];
    let timeless = times.into_iter().enumerate();
    timeless.map(|(n, triggered_at)| Webhook { triggered_at, id: Some(format!("{:?} {n}", webhook.id)), ..webhook.clone() }).collect()
}

#[tokio::test]
async fn a_link_whose_token_works_stays() {
    let linked = Linked::with_pages(1).await;
    for topic in [UNINSTALLED, REDACT] {
        for webhook in timeless(&linked.webhook(topic)) {
            linked.deliver(&webhook).await;
            linked.assert_linked();
        }
    }
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 8);
}

#[tokio::test]
async fn a_link_whose_token_is_refused_ends() {
    for n in 0..4 {
        let linked = Linked::with_pages(1).await;
        linked.world.shopify.uninstall(SHOP);
        linked.deliver(&timeless(&linked.webhook(UNINSTALLED))[n]).await;
        linked.assert_uninstalled();
        linked.deliver(&timeless(&linked.webhook(REDACT))[n]).await;
        linked.assert_erased(1);
    }
}

/// Delivers while Shopify does not tell; the answer leaves in time, and the link is as it was, but in doubt.
async fn doubted(topic: &str) -> Linked {
    let linked = Linked::with_pages(1).await;
    linked.world.shopify.switch_on("graphql", Fault::Hang, Times::UntilCleared);
    let webhook = timeless(&linked.webhook(topic)).remove(0);
    let started = Instant::now();
    linked.deliver(&webhook).await;
    assert!(started.elapsed() < Duration::from_millis(1000), "{:?}", started.elapsed());
    linked.assert_linked();
    assert!(linked.world.item(&linked.partition(), "doubt").is_some());
    linked.deliver(&webhook).await;
    linked.world.shopify.clear_faults();
    linked
}

fn is_in_doubt(linked: &Linked) -> bool {
    linked.world.item(&linked.partition(), "doubt").is_some()
}

#[tokio::test]
async fn the_keeper_clears_a_doubt_about_a_link_that_works() {
    for topic in [UNINSTALLED, REDACT] {
        let linked = doubted(topic).await;
        linked.keeper_runs().await;
        linked.assert_linked();
        assert!(!is_in_doubt(&linked));
    }
}

#[tokio::test]
async fn the_keeper_ends_a_link_that_is_refused() {
    let linked = doubted(UNINSTALLED).await;
    linked.world.shopify.uninstall(SHOP);
    linked.keeper_runs().await;
    linked.assert_uninstalled();
    assert!(!is_in_doubt(&linked));
    assert_eq!(linked.events(), ["linked", "uninstalled"]);

    let linked = doubted(REDACT).await;
    linked.world.shopify.uninstall(SHOP);
    linked.keeper_runs().await;
    linked.assert_erased(1);
}

#[tokio::test]
async fn what_is_no_answer_leaves_the_doubt() {
    let linked = doubted(REDACT).await;
    for fault in [Fault::ServerError500, Fault::Throttled429, Fault::HtmlBody, Fault::Reset] {
        linked.world.shopify.switch_on("graphql", fault, Times::Once);
        let told = linked.keeper_runs().await;
        assert_eq!(told["failed"], 1, "{told}");
        linked.assert_linked();
        assert!(is_in_doubt(&linked));
    }
    linked.world.shopify.edit_shop(SHOP, |shop| shop.condition = Condition::Frozen);
    linked.keeper_runs().await;
    assert_eq!(linked.keeper_runs().await["due"], 0, "asked again a day later");
    linked.world.shopify.edit_shop(SHOP, |shop| shop.condition = Condition::Open);
    linked.world.shopify.uninstall(SHOP);
    linked.world.make_due(&linked.uuid, "doubt").await;
    linked.keeper_runs().await;
    linked.assert_erased(1);
}

#[tokio::test]
async fn a_token_that_ended_by_itself_says_nothing_and_is_renewed_for_the_question() {
    for topic in [UNINSTALLED, REDACT] {
        for installed in [true, false] {
            let linked = Linked::with_pages(1).await;
            linked.world.expire_access_token(SHOP).await;
            if !installed {
                linked.world.shopify.uninstall(SHOP);
            }
            linked.deliver(&timeless(&linked.webhook(topic))[0]).await;
            linked.assert_linked();
            assert_eq!(linked.world.shopify.requests().len(), 0);
            linked.keeper_runs().await;
            match (topic, installed) {
                (_, true) => {
                    linked.assert_linked();
                    assert_eq!(linked.world.shopify.requests_of("refresh").len(), 1);
                    linked.world.assert_newest_pair(SHOP).await;
                }
                (UNINSTALLED, false) => linked.assert_uninstalled(),
                _ => linked.assert_erased(1),
            }
            assert!(!is_in_doubt(&linked));
        }
    }
}

#[tokio::test]
async fn a_link_that_is_made_anew_outlives_the_doubt() {
    let mut linked = doubted(REDACT).await;
    linked.world.shopify.uninstall(SHOP);
    linked.link_again().await;
    linked.keeper_runs().await;
    linked.assert_linked();
    assert!(!is_in_doubt(&linked));
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 0, "not even asked");
}

#[tokio::test]
async fn the_stronger_doubt_stays_and_a_renewal_between_does_not_end_it() {
    let linked = doubted(REDACT).await;
    linked.world.shopify.switch_on("graphql", Fault::Hang, Times::UntilCleared);
    linked.deliver(&timeless(&linked.webhook(UNINSTALLED))[0]).await;
    linked.deliver(&linked.webhook(SCOPES)).await;
    linked.world.shopify.clear_faults();
    linked.world.expire_access_token(SHOP).await;
    linked.world.invoke("connection-tokens", json!({ "shop": SHOP })).await;
    linked.world.shopify.uninstall(SHOP);
    linked.keeper_runs().await;
    linked.assert_erased(1);
}

/// A store whose access token has ended by itself, so that nothing follows from a question with it.
async fn tongue_tied() -> Linked {
    let world = World::builder().instances(FUNCTION, 2).start().await;
    let linked = Linked::in_world(world, 1).await;
    linked.world.expire_access_token(SHOP).await;
    linked
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weaker_doubt_that_was_on_its_way_does_not_take_the_place_of_a_stronger_one() {
    for weaker in [SCOPES, UNINSTALLED] {
        let linked = tongue_tied().await;
        let (weaker, redact) = (timeless(&linked.webhook(weaker)).remove(0), linked.webhook(REDACT));
        let mut held = linked.world.database.hold("TransactWriteItems");
        let stronger = async {
            held.arrived().await;
            linked.deliver(&redact).await;
            drop(held);
        };
        // On a slow machine the first answer may come too late; what counts is what is there in the end.
        tokio::join!(send(&linked.world, &weaker), stronger);
        linked.deliver(&weaker).await;
        assert_eq!(linked.world.item(&linked.partition(), "doubt").unwrap().text("doubted"), Some("redact"));
        linked.world.shopify.uninstall(SHOP);
        linked.keeper_runs().await;
        linked.assert_erased(1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubt_that_was_raised_while_the_keeper_asked_outlives_the_answer() {
    for later in [REDACT, UNINSTALLED] {
        let linked = tongue_tied().await;
        linked.deliver(&linked.webhook(REDACT)).await;
        let gate = Gate::closed();
        linked.world.shopify.switch_on("refresh", gate.fault(), Times::Once);
        // Shopify has said that all is well when the app is uninstalled, and the answer is still on its way.
        let later = async {
            gate.reached(1).await;
            linked.world.shopify.uninstall(SHOP);
            linked.deliver(&timeless(&linked.webhook(later))[0]).await;
            gate.open();
        };
        tokio::join!(linked.keeper_runs(), later);
        linked.keeper_runs().await;
        linked.assert_erased(1);
    }
}

#[tokio::test]
async fn a_doubt_that_was_put_off_is_due_again_with_the_next_request() {
    let linked = doubted(REDACT).await;
    linked.world.shopify.edit_shop(SHOP, |shop| shop.condition = Condition::Frozen);
    linked.keeper_runs().await;
    linked.world.shopify.switch_on("graphql", Fault::Hang, Times::Once);
    linked.deliver(&linked.webhook(REDACT)).await;
    linked.world.shopify.edit_shop(SHOP, |shop| shop.condition = Condition::Open);
    linked.world.shopify.uninstall(SHOP);
    linked.keeper_runs().await;
    linked.assert_erased(1);
}

#[tokio::test]
async fn an_uninstall_does_not_take_along_what_a_redact_asks_for() {
    let linked = doubted(REDACT).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.assert_uninstalled();
    linked.keeper_runs().await;
    linked.assert_erased(1);
}

#[tokio::test]
async fn a_dead_store_in_doubt_is_erased_without_waiting() {
    let linked = doubted(REDACT).await;
    linked.world.shopify.uninstall(SHOP);
    linked.world.expire_access_token(SHOP).await;
    linked.world.invoke("connection-tokens", json!({ "shop": SHOP })).await;
    assert_eq!(linked.status().as_deref(), Some("reconnect_needed"));
    linked.keeper_runs().await;
    linked.assert_erased(1);
}

#[tokio::test]
async fn tables_that_hang_are_told_in_time_and_the_next_try_works() {
    let linked = Linked::with_pages(1).await;
    let uninstall = linked.webhook(UNINSTALLED);
    linked.world.database.fail(e2e::database::DatabaseFault::Hang, 1000);
    let started = Instant::now();
    let reply = send(&linked.world, &uninstall).await;
    let waited = started.elapsed();
    linked.world.database.clear_faults();
    assert_eq!(reply.status, 503);
    assert!(waited < Duration::from_millis(1400), "{waited:?}");
    linked.assert_linked();
    linked.deliver(&uninstall).await;
    linked.assert_uninstalled();
    assert_eq!(items(&linked.world, "audit#").len(), 0);
}
