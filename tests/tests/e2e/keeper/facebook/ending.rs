//! What ends soon, and only its merchant can extend, is told once for each Page and link.

use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::gate::Gate;
use e2e::world::World;
use serde_json::json;

use super::crashes::killed_when;
use super::{DAY, Linked, now};
use crate::support::{connections, linked_pages, linked_shop};

const INSTAGRAM: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

/// The accounts of which that is told, with the reason.
fn told(linked: &Linked) -> Vec<(String, String)> {
    let events = linked.world.events().into_iter().filter(|event| event.detail_type == "expiring_soon");
    let mut told: Vec<_> = events.map(|event| (event.account, event.reason.unwrap_or_default())).collect();
    told.sort();
    told
}

fn all_for(linked: &Linked, reason: &str) -> Vec<(String, String)> {
    let mut told: Vec<_> = linked.pages.iter().map(|page| (page.clone(), reason.to_owned())).collect();
    told.sort();
    told
}

/// Facebook says that a person's token, and access to their data, end so many days from now.
fn ends_in(linked: &Linked, token: u64, access: u64) {
    let (token, access) = (now() + token * DAY, now() + access * DAY);
    let ends = Fault::edit(move |answer| {
        if answer["data"]["type"] == "USER" {
            answer["data"]["expires_at"] = token.into();
            answer["data"]["data_access_expires_at"] = access.into();
        }
    });
    linked.world.facebook.switch_on("debug_token", ends, Times::UntilCleared);
}

fn refuse_exchanges(linked: &Linked) {
    let refused = Fault::json(400, &json!({"error": {"code": 190, "message": "…"}}));
    linked.world.facebook.switch_on("long_lived_exchange", refused, Times::UntilCleared);
}

#[tokio::test]
async fn a_token_that_ends_within_two_weeks_and_is_not_exchanged_is_told_once_for_each_page() {
    let linked = Linked::with_pages(2).await;
    linked.set_of_person("issued_at", now() - 45 * DAY).await;
    refuse_exchanges(&linked);
    ends_in(&linked, 15, 80);
    linked.visit().await;
    assert_eq!(told(&linked), [], "there is time");
    linked.world.facebook.clear_faults();
    refuse_exchanges(&linked);
    ends_in(&linked, 13, 80);
    for _ in 0..3 {
        linked.visit().await;
        assert_eq!(told(&linked), all_for(&linked, "token_expires"));
    }
    linked.world.facebook.clear_faults();
    linked.assert_lives();

    // A new link gives a new token, of which it is told anew.
    let browser = linked.world.browser();
    linked_shop(&linked.world, &browser, "acme").await;
    linked_pages(&linked.world, &browser, &Consent::of(&linked.person)).await;
    linked.visit().await;
    assert_eq!(told(&linked).len(), 2);
    linked.set_of_person("issued_at", now() - 50 * DAY).await;
    refuse_exchanges(&linked);
    ends_in(&linked, 10, 80);
    linked.visit().await;
    assert_eq!(told(&linked).len(), 4);
}

#[tokio::test]
async fn what_is_exchanged_or_only_not_answered_is_not_told_nor_what_is_dead() {
    let linked = Linked::with_pages(2).await;
    linked.set_of_person("issued_at", now() - 50 * DAY).await;
    ends_in(&linked, 10, 80);
    for fault in [Fault::ServerError500, Fault::Throttled429, Fault::HtmlBody] {
        linked.world.facebook.switch_on("long_lived_exchange", fault, Times::Once);
        linked.visit().await;
        assert_eq!(told(&linked), []);
    }
    refuse_exchanges(&linked);
    linked.world.facebook.kill_token(&linked.page_token(&linked.pages[0]), Some(460));
    linked.visit().await;
    linked.visit().await;
    assert_eq!(told(&linked), [(linked.pages[1].clone(), "token_expires".to_owned())], "of the dead one another word was said");
}

#[tokio::test]
async fn access_to_data_ends_for_what_is_not_exempt_alone() {
    // Pages' own permissions are exempt.
    let linked = Linked::with_pages(1).await;
    linked.set_of_person("issued_at", now() - 30 * DAY).await;
    refuse_exchanges(&linked);
    ends_in(&linked, 30, 5);
    linked.visit().await;
    assert_eq!((told(&linked), linked.calls("long_lived_exchange")), (vec![], 0));

    let linked = Linked::in_world(World::builder().setting("FACEBOOK_SCOPES", INSTAGRAM), 1).await;
    linked.set_of_person("issued_at", now() - 30 * DAY).await;
    ends_in(&linked, 30, 5);
    linked.visit().await;
    assert_eq!((told(&linked), linked.calls("long_lived_exchange")), (vec![], 1), "exchanged, which may extend it");
    linked.visit().await;
    assert_eq!(linked.calls("long_lived_exchange"), 1, "and not in vain every day");
    linked.set_of_person("issued_at", now() - 30 * DAY).await;
    refuse_exchanges(&linked);
    linked.visit().await;
    assert_eq!(told(&linked), all_for(&linked, "data_access_expires"));
}

#[tokio::test]
async fn a_system_users_access_is_exempt() {
    let builder = World::builder()
        .setting("FACEBOOK_SCOPES", INSTAGRAM)
        .setting("FACEBOOK_CONFIG_ID", "1234567890")
        .facebook_app(|app| app.config_id = Some("1234567890".to_owned()));
    let mut linked = Linked::in_world(builder, 1).await;
    linked.person = format!("9{}", linked.person);
    let ends = now() + 5 * DAY;
    let ends = Fault::edit(move |answer| answer["data"]["data_access_expires_at"] = ends.into());
    linked.world.facebook.switch_on("debug_token", ends, Times::UntilCleared);
    refuse_exchanges(&linked);
    linked.set_of_person("issued_at", now() - 30 * DAY).await;
    linked.visit().await;
    assert_eq!((told(&linked), linked.calls("long_lived_exchange")), (vec![], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_and_one_that_is_killed_tell_it_once() {
    let linked = Linked::with_pages(1).await;
    linked.set_of_person("issued_at", now() - 50 * DAY).await;
    refuse_exchanges(&linked);
    ends_in(&linked, 10, 80);
    linked.make_due().await;
    let before = connections(&linked.world);
    linked.world.database.reset_usage();
    linked.world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    killed_when(&linked, "the write is on its way", || linked.world.database.usage().calls("TransactWriteItems") == 1).await;
    assert_eq!(connections(&linked.world), before);

    linked.end_lease().await;
    let gate = Gate::closed();
    linked.world.facebook.switch_on("app_subscriptions", gate.fault(), Times::Once);
    let open = async {
        tokio::time::timeout(std::time::Duration::from_secs(1), gate.reached(1)).await.ok();
        gate.open();
    };
    tokio::join!(linked.run(), linked.run(), open);
    linked.visit().await;
    assert_eq!(told(&linked), all_for(&linked, "token_expires"));
}
