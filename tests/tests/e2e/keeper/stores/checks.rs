//! Tokens that do not expire: asked about daily, replaced by a pair once their kind is refused.

use e2e::faults::{Fault, Times};
use e2e::stored::domain;
use e2e::world::World;
use serde_json::json;

use super::{assert_due_in, assert_run, endless, run};
use crate::support::case;
use crate::tokens::answers::{error, html, passing};
use crate::tokens::setup::{SHOP, assert_active, assert_dead, events, figure, linked, now, records, shop_entry, store};

fn migrations(world: &World) -> usize {
    world.shopify.requests_of("migrate").len()
}

#[tokio::test]
async fn a_token_that_does_not_end_is_asked_about_daily_and_otherwise_left_alone() {
    let world = World::start().await;
    world.shopify.refuse_non_expiring(false);
    let uuid = endless(&world, "acme").await;
    crate::tokens::setup::remove(&world, &uuid, "store", "checked_at").await;
    let before = store(&world, &uuid);
    world.shopify.clear_requests();
    assert_run(&run(&world).await, [1, 0, 1, 0, 0, 0]);
    assert_eq!((world.shopify.requests_of("graphql").len(), migrations(&world)), (1, 0));
    let due = figure(&world, &uuid, "due_at").unwrap();
    assert!((now() + 20 * 3600..=now() + 24 * 3600).contains(&due));
    crate::tokens::setup::set_figure(&world, &uuid, "due_at", 1).await;
    assert!(figure(&world, &uuid, "checked_at").unwrap().abs_diff(now()) < 60);
    crate::tokens::setup::remove(&world, &uuid, "store", "checked_at").await;
    assert_eq!(store(&world, &uuid), before, "but for the due time, and when it was checked");
}

#[tokio::test]
async fn a_token_whose_kind_is_refused_is_replaced_by_a_pair() {
    let world = World::start().await;
    let uuid = endless(&world, "acme").await;
    let old = world.opened(&uuid, "store", "access_token");
    assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
    assert_eq!(migrations(&world), 1);
    let new = world.opened(&uuid, "store", "access_token");
    assert!(old != new && world.shopify.accepts(&new) && !world.shopify.accepts(&old));
    assert!(figure(&world, &uuid, "access_expires_at").is_some() && figure(&world, &uuid, "refresh_expires_at").is_some());
    assert_due_in(&world, &uuid, 6..=7);
    assert_active(&world, &shop_entry(&world, SHOP).await);
    world.assert_newest_pair(SHOP).await;
    assert_run(&run(&world).await, [0; 6]);
}

#[tokio::test]
async fn a_replacement_that_fails_changes_nothing_and_its_lost_answer_is_had_again() {
    let world = World::start().await;
    let mut answers = passing();
    answers.retain(|(_, _, reason)| !reason.starts_with("shop_"));
    answers.push(("no refresh token", Fault::edit(|answer| drop(answer.as_object_mut().unwrap().remove("refresh_token"))), ""));
    let alone = |answer: &mut serde_json::Value| *answer = json!({"access_token": answer["access_token"], "scope": answer["scope"]});
    answers.push(("another that does not end", Fault::edit(alone), ""));
    for (number, (name, fault, _)) in answers.into_iter().enumerate() {
        case(name);
        let handle = format!("shop{number}");
        endless(&world, &handle).await;
        let before = records(&world);
        world.shopify.switch_on("migrate", fault, Times::Once);
        assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
        world.shopify.clear_faults();
        assert_eq!(world.end_pauses().await, 1);
        assert_eq!(records(&world), before);
        assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
        world.assert_newest_pair(&domain(&handle)).await;
    }
    assert!(events(&world, "reconnect_needed").is_empty());
}

#[tokio::test]
async fn a_replacement_without_an_end_is_short_lived_and_renewed() {
    let world = World::start().await;
    let uuid = endless(&world, "acme").await;
    let edit = |answer: &mut serde_json::Value| drop(answer.as_object_mut().unwrap().remove("expires_in"));
    world.shopify.switch_on("migrate", Fault::edit(edit), Times::Once);
    assert_run(&run(&world).await, [1, 1, 0, 0, 0, 0]);
    let end = figure(&world, &uuid, "access_expires_at").expect("never 'does not expire'");
    assert!(end <= now() + 600);
    world.expire_access_token(SHOP).await;
    assert_active(&world, &shop_entry(&world, SHOP).await);
}

#[tokio::test]
async fn a_check_that_fails_changes_nothing() {
    let world = World::start().await;
    world.shopify.refuse_non_expiring(false);
    let errors = |message: &str| json!({ "errors": message });
    let mut answers: Vec<(&str, Fault)> = Fault::matrix().into_iter().filter(|(_, fault)| !matches!(fault, Fault::Hang)).collect();
    answers.extend([
        ("lost reply", Fault::LostReply),
        ("throttled under 200", e2e::shopify::graphql_throttled()),
        ("a scope is missing", Fault::json(403, &errors("[API] This action requires merchant approval for read_products scope."))),
        ("403", html(403, "Forbidden")),
        ("404", Fault::json(404, &errors("Not Found"))),
        ("400", error(400, "invalid_grant")),
        ("another shop's data", Fault::edit(|answer| answer["data"]["shop"]["myshopifyDomain"] = json!("other.myshopify.com"))),
        ("no data", Fault::json(200, &json!({"data": null}))),
        ("503", html(503, "Invalid API key or access token")),
    ]);
    for (number, (name, fault)) in answers.into_iter().enumerate() {
        case(name);
        let handle = format!("shop{number}");
        endless(&world, &handle).await;
        let before = records(&world);
        if matches!(fault, Fault::ConnectionRefused) {
            world.shopify.stop();
        } else {
            world.shopify.switch_on("graphql", fault, Times::Once);
        }
        assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
        world.shopify.clear_faults();
        assert_eq!(world.end_pauses().await, 1);
        assert_eq!(records(&world), before);
        assert_run(&run(&world).await, [1, 0, 1, 0, 0, 0]);
    }
    assert_eq!((migrations(&world), events(&world, "reconnect_needed").len()), (0, 0));
}

#[tokio::test]
async fn a_frozen_or_locked_shop_is_asked_about_again_tomorrow() {
    use e2e::shopify::Condition::{Frozen, Locked, Open};
    for (number, condition) in [Frozen, Locked].into_iter().enumerate() {
        let world = World::start().await;
        world.shopify.refuse_non_expiring(false);
        let handle = format!("shop{number}");
        let uuid = endless(&world, &handle).await;
        world.shopify.edit_shop(&domain(&handle), |shop| shop.condition = condition);
        assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
        assert_eq!(store(&world, &uuid).text("status"), Some("active"));
        assert_due_in(&world, &uuid, 1..=1);
        assert_run(&run(&world).await, [0; 6]);
        world.shopify.edit_shop(&domain(&handle), |shop| shop.condition = Open);
        world.make_due(&uuid, "store").await;
        assert_run(&run(&world).await, [1, 0, 1, 0, 0, 0]);
    }
}

#[tokio::test]
async fn a_frozen_shop_whose_pair_ends_within_two_weeks_is_told_of_once() {
    let world = World::start().await;
    let uuid = super::fading(&world, "acme").await;
    world.shopify.switch_on("refresh", Fault::json(402, &json!({"errors": "Payment Required"})), Times::UntilCleared);
    for (days, told) in [(15, 0), (13, 1), (12, 1)] {
        crate::tokens::setup::set_figure(&world, &uuid, "refresh_expires_at", now() + days * crate::tokens::setup::DAY).await;
        world.make_due(&uuid, "store").await;
        assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
        assert_eq!(events(&world, "expiring_soon").len(), told, "{days}");
    }
    assert_eq!(linked(&world, "acme").await, uuid);
    assert_eq!(figure(&world, &uuid, "expiring_told"), None, "a new link is told of anew");
}

#[tokio::test]
async fn a_token_that_is_refused_is_marked_once() {
    let world = World::start().await;
    let uuid = endless(&world, "acme").await;
    world.shopify.uninstall(SHOP);
    world.shopify.clear_requests();
    assert_run(&run(&world).await, [1, 0, 0, 1, 0, 0]);
    world.make_due(&uuid, "store").await;
    assert_run(&run(&world).await, [1, 0, 0, 0, 0, 0]);
    assert_dead(&shop_entry(&world, SHOP).await, "token_refused");
    assert_eq!(
        (world.shopify.requests().len(), events(&world, "reconnect_needed").len()),
        (2, 1),
        "asked about, tried to exchange, and no more"
    );
}

#[tokio::test]
async fn a_token_that_is_refused_is_not_dead_while_its_exchange_is_not_answered() {
    let world = World::start().await;
    endless(&world, "acme").await;
    world.shopify.uninstall(SHOP);
    let before = records(&world);
    for fault in [Fault::ServerError500, Fault::Throttled429, Fault::HtmlBody, error(400, "application_cannot_be_found")] {
        world.shopify.switch_on("migrate", fault, Times::Once);
        assert_run(&run(&world).await, [1, 0, 0, 0, 1, 0]);
        world.end_pauses().await;
        assert_eq!(records(&world), before);
    }
    world.shopify.switch_on("migrate", error(401, "invalid_subject_token"), Times::Once);
    assert_run(&run(&world).await, [1, 0, 0, 1, 0, 0]);
}
