//! What was dead and works again without a link is told once, and only where its death had been told.

use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::gate::Gate;
use serde_json::json;

use super::crashes::killed_when;
use super::{DAY, Linked, now, number, report};
use crate::support::{connections, linked_pages, linked_shop};

/// Deaths that pass once somebody puts something right at Facebook.
const PASSING: [(u32, &str); 3] = [(459, "checkpoint"), (464, "unconfirmed"), (492, "page_role_lost")];

fn told(linked: &Linked, detail_type: &str) -> Vec<String> {
    let events = linked.world.events().into_iter().filter(|event| event.detail_type == detail_type);
    events.map(|event| event.account).collect()
}

/// One Page whose token died in a way that passes, of two.
async fn with_a_dead_page(subcode: u32) -> Linked {
    let linked = Linked::with_pages(2).await;
    linked.world.facebook.kill_token(&linked.page_token(&linked.pages[0]), Some(subcode));
    assert_eq!(linked.visit().await, report(0, 2, 1, 0));
    linked
}

#[tokio::test]
async fn a_page_whose_token_works_again_is_active_again_and_that_is_told_once() {
    for (subcode, reason) in PASSING {
        let linked = with_a_dead_page(subcode).await;
        let page = &linked.pages[0];
        assert_eq!(linked.page(page).text("reason"), Some(reason));
        assert_eq!(linked.visit().await, report(0, 2, 0, 0), "{reason}: still dead");
        assert_eq!(told(&linked, "recovered"), Vec::<String>::new());

        let version = number(&linked.page(page), "version");
        linked.world.facebook.revive_token(&linked.page_token(page));
        assert_eq!(linked.visit().await, report(0, 3, 0, 0), "{reason}");
        let found = linked.page(page);
        assert_eq!((found.text("status"), found.text("reason"), found.text("dead_since")), (Some("active"), None, None));
        assert_eq!((number(&found, "version"), told(&linked, "recovered")), (version, vec![page.clone()]));
        linked.visit().await;
        assert_eq!(told(&linked, "recovered").len(), 1, "{reason}");
        let told = linked.world.invoke("connection-tokens", json!({ "page_id": page })).await;
        assert!(told["pages"][0]["access_token"].is_string(), "{told}");
    }
}

#[tokio::test]
async fn what_died_for_good_is_not_asked_about() {
    for subcode in [458, 460, 463, 467] {
        let linked = with_a_dead_page(subcode).await;
        linked.world.facebook.revive_token(&linked.page_token(&linked.pages[0]));
        assert_eq!(linked.visit().await, report(0, 2, 0, 0), "{subcode}");
        assert_eq!(linked.page(&linked.pages[0]).text("status"), Some("reconnect_needed"));
    }
}

#[tokio::test]
async fn a_permission_that_is_granted_again_revives_its_page() {
    let linked = Linked::with_pages(1).await;
    let without = Fault::edit(|answer| answer["data"]["scopes"] = json!(["pages_show_list", "pages_manage_metadata"]));
    linked.world.facebook.switch_on("debug_token", without, Times::UntilCleared);
    assert_eq!(linked.visit().await, report(0, 1, 1, 0));
    assert_eq!(linked.visit().await, report(0, 1, 0, 0));
    linked.world.facebook.clear_faults();
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    assert_eq!((linked.page(&linked.pages[0]).text("status"), told(&linked, "recovered")), (Some("active"), linked.pages.clone()));
}

#[tokio::test]
async fn a_person_who_passed_a_check_is_looked_after_as_before_and_their_pages_with_them() {
    let linked = Linked::with_pages(1).await;
    let tokens = [linked.user_token(), linked.page_token(&linked.pages[0])];
    tokens.iter().for_each(|token| linked.world.facebook.kill_token(token, Some(459)));
    assert_eq!(linked.visit().await, report(0, 0, 2, 0));
    let due = number(&linked.grant(), "due_at");
    assert!(due > now() && due <= now() + DAY, "daily, since it may pass: {due}");
    tokens.iter().for_each(|token| linked.world.facebook.revive_token(token));
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    let grant = linked.grant();
    assert_eq!((grant.text("status"), grant.text("reason"), grant.text("dead_since")), (Some("active"), None, None));
    assert_eq!(told(&linked, "recovered"), linked.pages, "the bot knows Pages, not persons");
    linked.age().await;
    assert_eq!(linked.visit().await, report(1, 1, 0, 0), "exchanged like any other");
}

#[tokio::test]
async fn a_link_is_told_as_a_link_alone_and_after_it_a_recovery_is_told_again() {
    let linked = with_a_dead_page(459).await;
    let page = &linked.pages[0];
    let browser = linked.world.browser();
    linked_shop(&linked.world, &browser, "acme").await;
    linked_pages(&linked.world, &browser, &Consent::of(&linked.person)).await;
    linked.visit().await;
    assert_eq!((linked.page(page).text("status"), told(&linked, "recovered")), (Some("active"), Vec::new()));
    for times in 1..=2 {
        let token = linked.page_token(page);
        linked.world.facebook.kill_token(&token, Some(464));
        linked.visit().await;
        linked.world.facebook.revive_token(&token);
        linked.visit().await;
        assert_eq!(told(&linked, "recovered"), vec![page.clone(); times]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_tell_it_once() {
    let linked = with_a_dead_page(459).await;
    linked.world.facebook.revive_token(&linked.page_token(&linked.pages[0]));
    linked.make_due().await;
    let gate = Gate::closed();
    linked.world.facebook.switch_on("debug_token", gate.fault(), Times::Exactly(2));
    let open = async {
        gate.reached(1).await;
        tokio::time::timeout(std::time::Duration::from_millis(500), gate.reached(2)).await.ok();
        gate.open();
    };
    tokio::join!(linked.run(), linked.run(), open);
    assert_eq!(told(&linked, "recovered"), [linked.pages[0].clone()]);
    linked.visit().await;
    assert_eq!(told(&linked, "recovered").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_over_it_the_next_run_tells_it() {
    let linked = with_a_dead_page(459).await;
    linked.world.facebook.revive_token(&linked.page_token(&linked.pages[0]));
    linked.make_due().await;
    let before = connections(&linked.world);
    linked.world.database.reset_usage();
    linked.world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    killed_when(&linked, "the write is on its way", || linked.world.database.usage().calls("TransactWriteItems") == 1).await;
    assert_eq!(connections(&linked.world), before);
    linked.end_lease().await;
    linked.run().await;
    assert_eq!(told(&linked, "recovered"), [linked.pages[0].clone()]);
}
