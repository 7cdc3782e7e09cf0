//! A person with more Pages than one visit has time for.

use std::collections::BTreeSet;
use std::time::Duration;

use e2e::faults::{Fault, Times};
use e2e::world::World;

use super::{DAY, Linked, now, number, report};

/// An eighth of what a visit has in a whole run.
const RUN: Duration = Duration::from_millis(7100);
/// An eighth of a second or so.
const CALL: Duration = Duration::from_millis(130);

fn asked_about(linked: &Linked) -> BTreeSet<String> {
    linked.world.facebook.requests_of("debug_token").iter().filter_map(|request| request.field("input_token")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_pages_are_asked_about_over_some_visits_each_of_which_begins_where_the_last_one_ended() {
    const PAGES: usize = 320;
    let linked = Linked::in_world(World::builder().timeout("token-keeper", RUN), PAGES).await;
    let [first, .., last] = &linked.pages[..] else { panic!("many Pages") };
    for dead in [first, last] {
        linked.world.facebook.kill_token(&linked.page_token(dead), Some(460));
    }
    linked.world.facebook.switch_on("debug_token", Fault::Delay(CALL), Times::UntilCleared);
    linked.visit().await;
    assert_eq!(linked.page(first).text("reason"), Some("password_changed"), "what was found is marked");
    assert_eq!(linked.page(last).text("status"), Some("active"));
    let grant = linked.grant();
    assert!(grant.text("progress").is_some_and(|progress| progress.starts_with("tokens#")), "{grant:?}");
    assert!((1..300).contains(&(number(&grant, "due_at") - now())), "the next run goes on");

    let mut visits = 1;
    while linked.grant().text("progress").is_some() {
        assert!(visits < 8, "it gets nowhere: {:?}", linked.grant());
        linked.visit().await;
        visits += 1;
    }
    assert_eq!(linked.page(last).text("reason"), Some("password_changed"));
    assert_eq!(asked_about(&linked).len(), PAGES + 1, "every Page, and the person");
    let again = linked.calls("debug_token") - PAGES - visits;
    assert!(again <= 8 * visits, "{again} were asked about twice in {visits} visits");
    assert_eq!(linked.calls("subscribed_apps"), PAGES - 2, "then the messages of those that live");
    let due = number(&linked.grant(), "due_at");
    assert!(due > now() + DAY / 2 && due <= now() + DAY, "{due}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_comes_no_further_than_the_one_before_is_a_failure() {
    let linked = Linked::in_world(World::builder().timeout("token-keeper", Duration::from_secs(5)), 1).await;
    linked.world.facebook.switch_on("debug_token", Fault::Delay(Duration::ZERO), Times::Once);
    linked.world.facebook.switch_on("debug_token", Fault::Hang, Times::Once);
    assert_eq!(linked.visit().await, report(0, 1, 0, 1));
    assert!(linked.grant().text("progress").is_none());
    assert_eq!(linked.world.end_pauses().await, 1);
    assert_eq!(linked.run().await, report(0, 2, 0, 0));
}

#[tokio::test]
async fn the_apps_limit_ends_the_questions_for_this_run() {
    let linked = Linked::with_pages(3).await;
    linked.world.facebook.set_usage(96);
    linked.make_due().await;
    let before = linked.grant();
    assert_eq!(linked.run().await, report(0, 1, 0, 1));
    assert_eq!((linked.calls("debug_token"), linked.grant()), (1, before), "it stays due");
    linked.world.facebook.set_usage(90);
    assert_eq!(linked.run().await, report(0, 4, 0, 0));
    linked.assert_lives();
}

#[tokio::test]
async fn throttled_in_the_middle_a_visit_keeps_what_it_has_heard() {
    let linked = Linked::with_pages(20).await;
    linked.world.facebook.switch_on("debug_token", Fault::Delay(Duration::ZERO), Times::Exactly(11));
    linked.world.facebook.switch_on("debug_token", Fault::Throttled429, Times::UntilCleared);
    let reply = linked.visit().await;
    assert!(linked.grant().text("progress").is_some_and(|progress| progress.starts_with("tokens#")), "{reply}");
    linked.world.facebook.clear_faults();
    linked.world.facebook.clear_requests();
    linked.visit().await;
    assert!(linked.calls("debug_token") < 18, "{}", linked.calls("debug_token"));
    assert!(linked.grant().text("progress").is_none());
    linked.assert_lives();
}
