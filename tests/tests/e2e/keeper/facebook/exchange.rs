//! A person's token is exchanged again before it ends, and the Pages' tokens derived anew from it.

use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;

use super::{DAY, Linked, now, number, report};
use crate::support::{linked_pages, linked_shop};

#[tokio::test]
async fn a_fading_token_is_exchanged_for_one_that_lasts() {
    let linked = Linked::with_pages(2).await;
    let (before, version) = (linked.user_token(), number(&linked.page(&linked.pages[0]), "version"));
    linked.age().await;
    assert_eq!(linked.visit().await, report(1, 2, 0, 0));
    assert_eq!(linked.calls("long_lived_exchange"), 1);
    assert_ne!(linked.user_token(), before);
    linked.assert_lives();
    let grant = linked.grant();
    assert!(number(&grant, "issued_at").abs_diff(now()) < 60 && number(&grant, "expires_at").abs_diff(now() + 5_183_944) < 60);
    assert!(number(&grant, "due_at") > now() && number(&grant, "due_at") <= now() + DAY);
    assert_eq!(number(&linked.page(&linked.pages[0]), "version"), version, "a Page's token that is the same is not written");
    assert_eq!(linked.visit().await, report(0, 3, 0, 0));
    assert_eq!(linked.calls("long_lived_exchange"), 1, "and not again until it fades");
}

#[tokio::test]
async fn a_token_in_its_first_two_thirds_is_not_exchanged() {
    let linked = Linked::with_pages(1).await;
    // Of 60 days 39 are over, then 41.
    for (age, exchanges) in [(39 * DAY, 0), (41 * DAY, 1)] {
        linked.set_of_person("issued_at", now() - age).await;
        let end = now() + 60 * DAY - age;
        let ends_then = Fault::edit(move |answer| {
            if answer["data"]["type"] == "USER" {
                answer["data"]["expires_at"] = end.into();
            }
        });
        linked.world.facebook.switch_on("debug_token", ends_then, Times::UntilCleared);
        linked.visit().await;
        assert_eq!(linked.calls("long_lived_exchange"), exchanges);
        linked.world.facebook.clear_faults();
    }
    linked.assert_lives();
}

#[tokio::test]
async fn an_end_that_only_the_check_tells_is_kept_and_met_in_time() {
    let linked = Linked::with_pages(1).await;
    let (uuid, sk) = (format!("uuid#{}", linked.uuid), linked.person_key());
    let key = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    let remove = linked.world.database.client().update_item().table_name("connections").key("pk", key(uuid)).key("sk", key(sk));
    remove.update_expression("REMOVE expires_at").send().await.unwrap();
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    assert!(number(&linked.grant(), "expires_at").abs_diff(now() + 5_183_944) < 60);
    linked.age().await;
    assert_eq!(linked.visit().await, report(1, 1, 0, 0));
}

#[tokio::test]
async fn the_pages_tokens_are_derived_anew_also_for_pages_that_the_list_leaves_out() {
    let linked = Linked::with_pages(2).await;
    linked.world.facebook.edit_page(&linked.pages[1], |page| page.business_owned = true);
    let before: Vec<String> = linked.pages.iter().map(|page| linked.page_token(page)).collect();
    for token in &before {
        linked.world.facebook.kill_token(token, Some(467));
    }
    linked.age().await;
    assert_eq!(linked.visit().await, report(1, 2, 0, 0));
    for (page, before) in linked.pages.iter().zip(&before) {
        assert_ne!(linked.page_token(page), *before);
        assert_eq!(number(&linked.page(page), "version"), 2);
    }
    assert_eq!(linked.calls("page"), 1, "only what the list left out is fetched by itself");
    linked.assert_lives();
}

#[tokio::test]
async fn a_page_that_can_not_be_listed_keeps_its_token_and_its_own_check_decides() {
    let linked = Linked::with_pages(2).await;
    let [gone, kept] = &linked.pages[..] else { panic!("two Pages") };
    linked.world.facebook.edit_page(gone, |page| page.tasks.clear());
    linked.age().await;
    assert_eq!(linked.visit().await, report(1, 1, 1, 0));
    assert_eq!((linked.page(gone).text("reason"), linked.page(kept).text("status")), (Some("page_role_lost"), Some("active")));
    assert!(!linked.page_token(gone).is_empty());
}

#[tokio::test]
async fn a_page_that_was_never_linked_is_not_added() {
    let linked = Linked::with_pages(1).await;
    let new = linked.world.facebook.add_page(&linked.person, "New");
    linked.age().await;
    linked.visit().await;
    assert_eq!(crate::support::page_of(&linked.world, &linked.uuid, &new).map(|_| ()), None);
    assert_eq!(crate::support::holder(&linked.world, &new), None);
}

#[tokio::test]
async fn a_system_users_token_is_checked_and_never_exchanged() {
    let builder =
        World::builder().setting("FACEBOOK_CONFIG_ID", "1234567890").facebook_app(|app| app.config_id = Some("1234567890".to_owned()));
    let mut linked = Linked::in_world(builder, 1).await;
    linked.person = format!("9{}", linked.person);
    linked.age().await;
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    assert_eq!((linked.calls("long_lived_exchange"), linked.calls("debug_token")), (0, 2));
    assert_eq!((linked.grant().text("kind"), linked.grant().text("expires_at")), (Some("SYSTEM_USER"), None));
    linked.assert_lives();
    linked.world.facebook.kill_token(&linked.user_token(), Some(460));
    assert_eq!(linked.visit().await["reconnect_needed"], 1);
}

#[tokio::test]
async fn a_link_sets_everything_fresh_again() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.change_password(&linked.person);
    linked.visit().await;
    let browser = linked.world.browser();
    assert_eq!(linked_shop(&linked.world, &browser, "acme").await, linked.uuid);
    linked_pages(&linked.world, &browser, &Consent::of(&linked.person)).await;
    let (grant, page) = (linked.grant(), linked.page(&linked.pages[0]));
    for item in [&grant, &page] {
        assert_eq!((item.text("status"), item.text("reason"), item.text("dead_since")), (Some("active"), None, None));
    }
    assert!(number(&grant, "issued_at").abs_diff(now()) < 60);
    assert!(number(&grant, "due_at") > now() && number(&grant, "due_at") <= now() + DAY);
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
}

#[tokio::test]
async fn where_the_exchange_is_refused_the_pages_are_looked_after_all_the_same() {
    for code in [100, 190, 200] {
        let linked = Linked::with_pages(2).await;
        let before = linked.user_token();
        linked.world.facebook.kill_token(&linked.page_token(&linked.pages[0]), Some(492));
        linked.age().await;
        let refused = Fault::json(400, &serde_json::json!({"error": {"code": code, "message": "…"}}));
        linked.world.facebook.switch_on("long_lived_exchange", refused, Times::UntilCleared);
        assert_eq!(linked.visit().await, report(0, 2, 1, 1), "{code}");
        assert_eq!((linked.user_token(), linked.grant().text("status")), (before, Some("active")), "an exchange judges no token");
        assert!(number(&linked.grant(), "due_at") > now());
        linked.world.facebook.clear_faults();
        assert_eq!(linked.visit().await, report(1, 1, 0, 0), "{code}");
    }
}
