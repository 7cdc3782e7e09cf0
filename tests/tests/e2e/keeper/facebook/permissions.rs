//! A permission that was taken back is another state than a dead token.

use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::json;

use super::{DAY, Linked, now, number, report};

#[tokio::test]
async fn a_permission_that_was_taken_back_marks_the_pages_and_not_the_person() {
    let linked = Linked::with_pages(2).await;
    let without = Fault::edit(|answer| answer["data"]["scopes"] = json!(["pages_show_list", "pages_manage_metadata", "public_profile"]));
    linked.world.facebook.switch_on("debug_token", without, Times::UntilCleared);
    assert_eq!(linked.visit().await, report(0, 1, 2, 0));
    for page in &linked.pages {
        let page = linked.page(page);
        assert_eq!((page.text("status"), page.text("reason")), (Some("reconnect_needed"), Some("missing_permission")));
    }
    assert_eq!(linked.grant().text("status"), Some("active"));
    assert!(linked.deaths().iter().all(|event| event.reason.as_deref() == Some("missing_permission")));
    assert_eq!((linked.deaths().len(), linked.calls("debug_token")), (2, 1), "one question is enough");
    assert_eq!(linked.visit().await, report(0, 1, 0, 0));
    assert_eq!(linked.deaths().len(), 2);
}

#[tokio::test]
async fn a_permission_that_holds_for_other_pages_only_marks_the_page_it_left() {
    let linked = Linked::with_pages(2).await;
    let [left, kept] = &linked.pages[..] else { panic!("two Pages") };
    let target = kept.clone();
    let narrowed = Fault::edit(move |answer| {
        answer["data"]["granular_scopes"] = json!([{"scope": "pages_messaging", "target_ids": [target]}, {"scope": "pages_show_list"}]);
    });
    linked.world.facebook.switch_on("debug_token", narrowed, Times::UntilCleared);
    assert_eq!(linked.visit().await, report(0, 2, 1, 0));
    assert_eq!(linked.page(left).text("reason"), Some("missing_permission"));
    assert_eq!(linked.page(kept).text("status"), Some("active"));
}

#[tokio::test]
async fn a_permission_that_was_configured_later_is_not_held_against_the_merchant() {
    let scopes = "pages_messaging,pages_show_list,pages_manage_metadata,pages_read_engagement";
    let linked = Linked::in_world(World::builder().env_of("token-keeper", "FACEBOOK_SCOPES", scopes), 1).await;
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    linked.assert_lives();
}

#[tokio::test]
async fn an_answer_without_permissions_says_nothing_about_them() {
    let linked = Linked::with_pages(1).await;
    let silent = Fault::edit(|answer| {
        let data = answer["data"].as_object_mut().unwrap();
        data.remove("scopes");
        data.remove("granular_scopes");
    });
    linked.world.facebook.switch_on("debug_token", silent, Times::UntilCleared);
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    linked.assert_lives();
}

#[tokio::test]
async fn a_permission_that_is_granted_for_no_page_counts_once_it_is_said_again_a_day_later() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    let for_none = || Fault::edit(|answer| answer["data"]["granular_scopes"] = json!([{"scope": "pages_messaging", "target_ids": []}]));
    linked.world.facebook.switch_on("debug_token", for_none(), Times::UntilCleared);
    for _ in 0..2 {
        assert_eq!(linked.visit().await, report(0, 2, 0, 0));
        assert_eq!(linked.page(page).text("status"), Some("active"));
        assert!(number(&linked.page(page), "withheld_since").abs_diff(now()) < 60);
    }
    linked.world.facebook.clear_faults();
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    assert!(linked.page(page).text("withheld_since").is_none(), "it is said no more");

    linked.world.facebook.switch_on("debug_token", for_none(), Times::UntilCleared);
    linked.visit().await;
    linked.set_of_page(page, "withheld_since", now() - DAY).await;
    assert_eq!(linked.visit().await, report(0, 1, 1, 0));
    assert_eq!(linked.page(page).text("reason"), Some("missing_permission"));
    assert_eq!(linked.deaths().len(), 1);
}
