//! A person's grant is taken back with the last Page that rests on it, whosever that is, and by the keeper where it could not be done at once.

use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use crate::connections::{Linked, assert_back, disconnects};
use crate::support::{case, holder, linked_pages, linked_shop, person_with_page};

fn told(unsubscribed: &str, permission: &str) -> Value {
    json!({ "disconnected": "page", "unsubscribed": unsubscribed, "permission": permission })
}

#[tokio::test]
async fn the_grant_goes_with_the_last_page_that_rests_on_it() {
    let linked = Linked::with_pages(3).await;
    let user_token = linked.world.opened(&linked.uuid, &format!("person#{}", linked.person), "access_token");
    for page in &linked.pages[..2] {
        linked.disconnects_page(page).await;
        assert_eq!(linked.notice().await, told("done", "kept"));
        assert!(linked.grant().is_some() && linked.grant_works());
    }
    linked.disconnects_page(&linked.pages[2]).await;
    assert_eq!(linked.notice().await, told("done", "revoked"));
    assert!(linked.grant().is_none() && !linked.grant_works());
    assert_eq!(linked.ended(), (3, 1));
    let [request] = &linked.world.facebook.requests_of("permissions")[..] else { panic!("one call") };
    assert_eq!(request.header("authorization"), Some(format!("Bearer {user_token}").as_str()));
    assert!(!request.path_and_query.contains(&user_token));
    // The Page's own token still worked when the Page was unsubscribed.
    assert_eq!(linked.world.facebook.subscribed_fields(&linked.pages[2]), Vec::<String>::new());
    assert!(linked.jobs().is_empty());
}

#[tokio::test]
async fn a_grant_on_which_another_stores_page_rests_is_kept() {
    let linked = Linked::with_pages(1).await;
    let (browser, other, page) = linked.other_store_of_the_person().await;
    linked.disconnects_page(&linked.pages[0]).await;
    assert_eq!(linked.notice().await, told("done", "kept"));
    assert!(linked.grant().is_none(), "the token that was kept here is gone");
    assert!(linked.grant_works() && linked.jobs().is_empty());
    assert_eq!(linked.ended().1, 0);
    // With the other store's Page it goes.
    linked_shop(&linked.world, &browser, "other").await;
    assert_eq!(holder(&linked.world, &page), Some(other));
    assert_back(&disconnects(&browser, "facebook", &page, &[]).await);
    assert!(!linked.grant_works());
    assert_eq!(linked.ended().1, 1);
}

#[tokio::test]
async fn a_grant_rests_on_pages_of_stores_that_are_away() {
    let linked = Linked::with_pages(1).await;
    let (browser, ..) = linked.other_store_of_the_person().await;
    linked_shop(&linked.world, &browser, "other").await;
    assert_back(&disconnects(&browser, "shopify", "other.myshopify.com", &[]).await);
    linked.disconnects_page(&linked.pages[0]).await;
    assert_eq!(linked.notice().await, told("done", "kept"), "linking that store again revives its Pages");
    assert!(linked.grant_works());
}

#[tokio::test]
async fn another_persons_grant_under_the_same_store_is_not_touched() {
    let linked = Linked::with_pages(1).await;
    let (kim, kims) = person_with_page(&linked.world.facebook);
    linked_pages(&linked.world, &linked.browser, &Consent::of(&kim)).await;
    linked.signs_in().await;
    linked.disconnects_page(&linked.pages[0]).await;
    assert_eq!(linked.notice().await, told("done", "revoked"));
    let kims_token = linked.world.opened(&linked.uuid, &format!("page#{kims}"), "access_token");
    assert!(linked.world.facebook.accepts(&kims_token));
    assert!(linked.grant().is_none() && linked.item(&format!("person#{kim}")).is_some());
}

#[tokio::test]
async fn the_grant_of_a_business_portfolio_is_not_a_persons_to_take_back() {
    let world = World::builder()
        .setting("FACEBOOK_CONFIG_ID", "123456")
        .facebook_app(|app| app.config_id = Some("123456".to_owned()))
        .start()
        .await;
    let linked = Linked::in_world(world, 1).await;
    linked.disconnects_page(&linked.pages[0]).await;
    assert_eq!(linked.notice().await, told("done", "kept"));
    assert_eq!(linked.ended(), (1, 0));
    let stored = linked.world.database.scan("connections");
    assert!(!stored.iter().any(|item| item.text("sk").is_some_and(|sk| sk.starts_with("person#"))), "its token is gone from here");
    assert!(linked.jobs().is_empty());
}

#[tokio::test]
async fn what_facebook_does_not_do_at_once_the_keeper_does() {
    for (name, fault) in Fault::matrix().into_iter().filter(|(name, _)| *name != "hang") {
        for call in ["unsubscribe", "permissions"] {
            case((call, name));
            let linked = Linked::with_pages(1).await;
            linked.world.facebook.switch_on(call, fault.clone(), Times::UntilCleared);
            linked.disconnects_page(&linked.pages[0]).await;
            linked.world.facebook.clear_faults();
            let (notice, jobs): (_, &[&str]) = match call {
                // The Page's token has to work for that, so the grant waits.
                "unsubscribe" => (told("later", "later"), &["revoke", "unsubscribe"]),
                _ => (told("done", "later"), &["revoke"]),
            };
            assert_eq!(
                (linked.notice().await, linked.jobs()),
                (notice, jobs.iter().map(|job| (*job).to_owned()).collect()),
                "{call} {name}"
            );
            assert!(linked.page_item(&linked.pages[0]).is_none() && linked.grant().is_none());
            let run = linked.keeper_runs().await;
            assert_eq!((&run["failed"], linked.grant_works()), (&json!(0), false), "{call} {name}: {run}");
            assert!(linked.jobs().is_empty(), "{call} {name}");
        }
    }
}

#[tokio::test]
async fn a_grant_waits_until_its_page_is_unsubscribed() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.switch_on("unsubscribe", Fault::ServerError500, Times::UntilCleared);
    linked.disconnects_page(&linked.pages[0]).await;
    for _ in 0..4 {
        linked.keeper_runs_once().await;
        assert_eq!((linked.jobs().len(), linked.grant_works()), (2, true), "the Page's token dies with the grant");
    }
    linked.world.facebook.clear_faults();
    linked.keeper_runs().await;
    assert_eq!(linked.world.facebook.subscribed_fields(&linked.pages[0]), Vec::<String>::new());
    assert!(linked.jobs().is_empty() && !linked.grant_works());
}

#[tokio::test]
async fn the_keeper_takes_a_grant_back_only_when_its_time_has_come() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.switch_on("permissions", Fault::ServerError500, Times::Once);
    linked.disconnects_page(&linked.pages[0]).await;
    let run = linked.world.invoke("token-keeper", json!({})).await;
    assert_eq!((&run["due"], linked.jobs(), linked.grant_works()), (&json!(0), vec!["revoke".to_owned()], true));
}

#[tokio::test]
async fn a_grant_that_is_used_again_by_then_is_left_alone() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.switch_on("permissions", Fault::ServerError500, Times::Once);
    linked.disconnects_page(&linked.pages[0]).await;
    linked.links_pages().await;
    let revoked = linked.ended().1;
    linked.keeper_runs().await;
    assert!(linked.jobs().is_empty() && linked.grant_works());
    assert_eq!(linked.ended().1, revoked, "nobody asked Facebook");
    assert_eq!(linked.list().await["pages"][0]["status"], "active");
}

#[tokio::test]
async fn a_job_that_facebook_refuses_is_tried_daily_and_given_up_after_a_week() {
    let linked = Linked::with_pages(1).await;
    let refused = || Fault::json(400, &json!({ "error": { "code": 100, "message": "no" } }));
    linked.world.facebook.switch_on("permissions", refused(), Times::UntilCleared);
    linked.disconnects_page(&linked.pages[0]).await;
    assert_eq!(linked.notice().await, told("done", "later"));
    let run = linked.keeper_runs().await;
    assert_eq!((&run["failed"], linked.jobs()), (&json!(1), vec!["revoke".to_owned()]));
    let (pk, sk) = linked.job_keys().remove(0);
    let due: i64 = linked.world.item(&pk, &sk).unwrap().text("due_at").unwrap().parse().unwrap();
    assert!((due - linked.world.facebook.now() - 86_400).abs() < 60);
    linked.world.set_number(&pk, &sk, "ttl", 1).await;
    linked.keeper_runs().await;
    assert!(linked.jobs().is_empty());
}

#[tokio::test]
async fn where_facebook_throttles_the_keeper_leaves_it_alone() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.switch_on("permissions", Fault::Throttled429, Times::UntilCleared);
    linked.disconnects_page(&linked.pages[0]).await;
    let run = linked.keeper_runs().await;
    assert_eq!((&run["failed"], linked.jobs()), (&json!(1), vec!["revoke".to_owned()]));
}

#[tokio::test]
async fn facebook_that_hangs_is_waited_for_no_longer_than_it_may() {
    let linked = Linked::with_pages(1).await;
    for call in ["unsubscribe", "permissions"] {
        linked.world.facebook.switch_on(call, Fault::Hang, Times::UntilCleared);
    }
    let started = std::time::Instant::now();
    linked.disconnects_page(&linked.pages[0]).await;
    assert!(started.elapsed().as_secs() < 14, "{:?}", started.elapsed());
    linked.world.facebook.clear_faults();
    assert_eq!(linked.notice().await, told("later", "later"));
    linked.keeper_runs().await;
    assert!(!linked.grant_works());
}

#[tokio::test]
async fn whoever_takes_the_app_away_at_facebook_as_well_finds_nothing_left() {
    let linked = Linked::with_pages(1).await;
    linked.disconnects_page(&linked.pages[0]).await;
    // Facebook may tell that the app is gone, which we brought about.
    for route in ["/facebook/deauthorize", "/facebook/data-deletion"] {
        let leave = linked.world.facebook.signed_leave_at(&linked.person, linked.world.facebook.now() - i64::from(route.len() > 21));
        let reply = linked.world.gateway().send(&e2e::facebook::delivery(route, &leave)).await;
        assert_eq!(reply.status, 200);
    }
    assert_eq!(linked.list().await["pages"], json!([]));
    linked.links_pages().await;
    linked.world.invoke("token-keeper", json!({})).await;
    assert_eq!(linked.list().await["pages"][0]["status"], "active");
}
