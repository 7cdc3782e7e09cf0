//! Our own mistakes are nobody's death: they change no record.

use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use super::{DAY, Linked, now, number, report};
use crate::support::{case, connections, linked_pages, linked_shop};

#[tokio::test]
async fn a_wrong_app_secret_changes_no_record_and_rings_the_alarm() {
    let linked = Linked::in_world(World::builder().env_of("token-keeper", "FACEBOOK_APP_SECRET", "wrong"), 2).await;
    linked.world.facebook.change_password(&linked.person);
    linked.make_due().await;
    let before = connections(&linked.world);
    assert_eq!(linked.run().await, report(0, 0, 0, 1));
    assert_eq!(connections(&linked.world), before);
    assert_eq!(linked.calls("debug_token"), 1, "what is refused once is not tried further");
    let logs = linked.world.function("token-keeper").logs();
    assert!(logs.contains("\"alarm\":\"credentials_refused\"") && logs.contains("\"platform\":\"facebook\""), "{logs}");
    assert!(!logs.contains("wrong"));
}

#[tokio::test]
async fn a_token_that_another_app_was_given_is_never_tried() {
    let linked = Linked::in_world(World::builder().env_of("token-keeper", "FACEBOOK_APP_ID", "999999999999998"), 1).await;
    linked.age().await;
    linked.make_due().await;
    let before = connections(&linked.world);
    assert_eq!(linked.run().await, report(0, 0, 0, 0));
    assert!(number(&linked.grant(), "due_at").abs_diff(now() + DAY) < 60);
    linked.make_due().await;
    assert_eq!(connections(&linked.world), before);
    assert_eq!(linked.world.facebook.requests().len(), 0);
}

#[tokio::test]
async fn a_page_of_another_app_is_never_tried() {
    let linked = Linked::with_pages(2).await;
    let (uuid, sk) = (format!("uuid#{}", linked.uuid), format!("page#{}", linked.pages[0]));
    let other = aws_sdk_dynamodb::types::AttributeValue::S("999999999999998".to_owned());
    crate::support::set(&linked.world, "connections", &uuid, Some(&sk), "app_id", other).await;
    let token = linked.page_token(&linked.pages[0]);
    let before = linked.page(&linked.pages[0]);
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    assert_eq!(linked.page(&linked.pages[0]), before);
    let asked = linked.world.facebook.requests_of("debug_token");
    assert!(asked.iter().all(|request| request.field("input_token").as_deref() != Some(&*token)));
}

#[tokio::test]
async fn what_holds_for_the_whole_app_ends_the_run_at_facebook() {
    const STORES: usize = 20;
    let world = World::start().await;
    for n in 0..STORES {
        let person = world.facebook.add_person("Jo Doe");
        world.facebook.add_page(&person, "Acme Store");
        let browser = world.browser();
        let uuid = linked_shop(&world, &browser, &format!("acme{n}")).await;
        linked_pages(&world, &browser, &Consent::of(&person)).await;
        world.make_due(&uuid, &format!("person#{person}")).await;
    }
    let before = connections(&world);
    for (code, alarm) in [(4, false), (190, true)] {
        world.facebook.clear_requests();
        let refused = Fault::json(400, &json!({"error": {"code": code, "message": "…"}}));
        world.facebook.switch_on("debug_token", refused, Times::UntilCleared);
        let reply = world.invoke("token-keeper", json!({})).await;
        assert_eq!((&reply["due"], &reply["failed"]), (&json!(STORES), &json!(STORES)), "{reply}");
        assert!(world.facebook.requests_of("debug_token").len() < STORES, "those that were not yet asked about are not asked about");
        assert_eq!(connections(&world), before);
        assert_eq!(world.function("token-keeper").logs().contains("credentials_refused"), alarm);
        world.facebook.clear_faults();
    }
    assert_eq!(world.invoke("token-keeper", json!({})).await["checked"], 2 * STORES);
}

#[tokio::test]
async fn a_page_that_facebook_gives_to_another_app_is_left_alone() {
    let linked = Linked::with_pages(1).await;
    let before = linked.page(&linked.pages[0]);
    let foreign = Fault::edit(|answer| {
        if answer["data"]["type"] == "PAGE" {
            answer["data"]["app_id"] = json!("999999999999998");
            answer["data"]["is_valid"] = json!(false);
        }
    });
    linked.world.facebook.switch_on("debug_token", foreign, Times::UntilCleared);
    assert_eq!(linked.visit().await, report(0, 1, 0, 0));
    assert_eq!(linked.page(&linked.pages[0]), before);
}

/// Answers of `debug_token` about us, or about nothing.
fn answers(app_id: &str) -> Vec<(u16, Value)> {
    let error =
        |code: i64, subcode: i64| json!({"error": {"code": code, "error_subcode": subcode, "message": "…", "type": "OAuthException"}});
    let invalid = |code: i64| json!({"data": {"app_id": app_id, "is_valid": false, "scopes": [], "error": {"code": code, "message": "…"}}});
    vec![
        (400, error(190, 0)),
        (400, error(190, 460)),
        (400, error(101, 0)),
        (400, error(1, 0)),
        (400, error(100, 0)),
        (403, error(200, 0)),
        (400, error(2635, 0)),
        (200, error(190, 463)),
        (200, invalid(1)),
        (200, invalid(100)),
        (200, invalid(101)),
        (200, invalid(4)),
        (200, json!({"data": {"app_id": "999999999999998", "is_valid": false, "error": {"code": 190, "subcode": 460}}})),
        (200, json!({"data": {"app_id": "999999999999998", "is_valid": true}})),
        (200, json!({"data": {"is_valid": true}})),
        (400, error(4, 0)),
        (400, error(17, 0)),
        (400, error(368, 0)),
        (500, error(2, 0)),
        (200, json!({"data": []})),
        (200, json!(null)),
    ]
}

#[tokio::test]
async fn an_answer_about_us_condemns_nothing() {
    let linked = Linked::with_pages(1).await;
    linked.make_due().await;
    let before = connections(&linked.world);
    for (status, answer) in answers(linked.world.setting("FACEBOOK_APP_ID")) {
        case((status, &answer));
        linked.world.facebook.switch_on("debug_token", Fault::json(status, &answer), Times::UntilCleared);
        let reply = linked.run().await;
        assert_eq!((&reply["checked"], &reply["reconnect_needed"]), (&json!(0), &json!(0)), "{reply}");
        if linked.world.end_pauses().await == 0 {
            // Of another app, or about us.
            linked.make_due().await;
        }
        assert_eq!(connections(&linked.world), before);
        linked.world.facebook.clear_faults();
    }
    assert_eq!(linked.run().await, report(0, 2, 0, 0), "and it is still due");
    linked.assert_lives();
}

#[tokio::test]
async fn a_refusal_of_our_credentials_at_the_exchange_changes_no_record() {
    for code in [1, 101] {
        let linked = Linked::with_pages(1).await;
        linked.age().await;
        linked.make_due().await;
        let before = connections(&linked.world);
        let refused = Fault::json(400, &json!({"error": {"code": code, "message": "…"}}));
        linked.world.facebook.switch_on("long_lived_exchange", refused, Times::Once);
        assert_eq!(linked.run().await["failed"], 1);
        assert_eq!(connections(&linked.world), before);
        assert!(linked.world.function("token-keeper").logs().contains("credentials_refused"));
    }
}
