//! What is dead is marked once, with its reason, and costs no further calls.

use e2e::outbox::Event;

use super::{DAY, Linked, now, number, report};

const REASONS: [(Option<u32>, &str); 8] = [
    (Some(458), "app_removed"),
    (Some(459), "checkpoint"),
    (Some(460), "password_changed"),
    (Some(463), "expired"),
    (Some(464), "unconfirmed"),
    (Some(467), "token_invalid"),
    (Some(492), "page_role_lost"),
    (None, "token_invalid"),
];

#[tokio::test]
async fn a_valid_grant_is_checked_daily_and_left_as_it_is() {
    let linked = Linked::with_pages(2).await;
    let before = (linked.user_token(), linked.page(&linked.pages[0]), linked.page(&linked.pages[1]));
    // The first run of a process also reads to warm up, and the first run of all looks for what another key sealed.
    linked.run().await;
    linked.make_due().await;
    linked.world.database.reset_usage();
    assert_eq!(linked.run().await, report(0, 3, 0, 0));
    let usage = linked.world.database.usage();
    let calls = ["Scan", "Query", "UpdateItem", "TransactWriteItems"].map(|operation| usage.calls(operation));
    assert_eq!(
        (calls, usage.total().calls),
        ([1, 2, 1, 0], 6),
        "the index, how deliveries went, the person, and when to come again; whether all is sealed with the first key, and marked"
    );
    assert!(usage.total().write <= 3.0, "{:?}", usage.total());
    assert_eq!((linked.calls("debug_token"), linked.calls("long_lived_exchange")), (3, 0));
    assert_eq!((linked.user_token(), linked.page(&linked.pages[0]), linked.page(&linked.pages[1])), before);
    linked.assert_lives();
    let due = number(&linked.grant(), "due_at");
    assert!(due > now() + DAY / 2 && due <= now() + DAY, "{due}");
    assert!(number(&linked.grant(), "checked_at").abs_diff(now()) < 60);
    assert_eq!(linked.run().await["due"], 0);
    assert_eq!(linked.calls("debug_token"), 3);
}

#[tokio::test]
async fn each_subcode_marks_its_page_once_with_its_reason_and_an_event() {
    let linked = Linked::with_pages(REASONS.len() + 1).await;
    for ((subcode, _), page) in REASONS.iter().zip(&linked.pages) {
        linked.world.facebook.kill_token(&linked.page_token(page), *subcode);
    }
    let versions: Vec<u64> = linked.pages.iter().map(|page| number(&linked.page(page), "version")).collect();
    assert_eq!(linked.visit().await, report(0, 2, 8, 0));
    for ((_, reason), page) in REASONS.iter().zip(&linked.pages) {
        let found = linked.page(page);
        assert_eq!((found.text("status"), found.text("reason")), (Some("reconnect_needed"), Some(*reason)));
        assert!(number(&found, "dead_since").abs_diff(now()) < 60);
        assert!(!linked.page_token(page).is_empty(), "the dead token is not thrown away yet");
    }
    let survivor = linked.pages.last().unwrap();
    assert_eq!(linked.page(survivor).text("status"), Some("active"));
    assert_eq!(linked.pages.iter().map(|page| number(&linked.page(page), "version")).collect::<Vec<_>>(), versions);
    let mut expected: Vec<Event> = REASONS.iter().zip(&linked.pages).map(|((_, reason), page)| event(&linked, page, reason)).collect();
    let mut events = linked.deaths();
    expected.sort();
    events.sort();
    assert_eq!(events, expected);

    linked.world.facebook.clear_requests();
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    assert_eq!((linked.calls("debug_token"), linked.deaths().len()), (5, 8), "what lives, and what may live again");
}

fn event(linked: &Linked, page: &str, reason: &str) -> Event {
    Event {
        detail_type: "reconnect_needed".to_owned(),
        user_uuid: linked.uuid.clone(),
        platform: "facebook".to_owned(),
        account: page.to_owned(),
        reason: Some(reason.to_owned()),
    }
}

#[tokio::test]
async fn each_subcode_marks_the_person_and_the_pages_live_on() {
    for (subcode, reason) in REASONS {
        let linked = Linked::with_pages(1).await;
        linked.world.facebook.kill_token(&linked.user_token(), subcode);
        assert_eq!(linked.visit().await, report(0, 1, 1, 0), "{reason}");
        let grant = linked.grant();
        assert_eq!((grant.text("status"), grant.text("reason")), (Some("reconnect_needed"), Some(reason)));
        assert!(number(&grant, "dead_since").abs_diff(now()) < 60);
        assert_eq!(linked.page(&linked.pages[0]).text("status"), Some("active"));
        assert_eq!(linked.deaths(), [], "the bot knows Pages, not persons");
        let due = number(&grant, "due_at");
        assert!(due > now() && due <= now() + DAY, "the Page is still looked after daily");

        linked.world.facebook.clear_requests();
        assert_eq!(linked.visit().await, report(0, 1, 0, 0), "{reason}");
        let may_pass = ["checkpoint", "unconfirmed", "page_role_lost"].contains(&reason);
        assert_eq!(linked.calls("debug_token"), 1 + usize::from(may_pass), "the Page, and whoever may be back");
    }
}

#[tokio::test]
async fn a_changed_password_ends_everything_and_nobody_asks_again() {
    let linked = Linked::with_pages(2).await;
    linked.world.facebook.change_password(&linked.person);
    assert_eq!(linked.visit().await, report(0, 0, 3, 0));
    assert_eq!(linked.deaths().len(), 2);
    let due = number(&linked.grant(), "due_at");
    assert!(due.abs_diff(now() + 30 * DAY) < 60, "{due}");

    linked.world.facebook.clear_requests();
    assert_eq!(linked.visit().await, report(0, 0, 0, 0));
    assert_eq!((linked.calls("debug_token"), linked.deaths().len()), (0, 2));
}

#[tokio::test]
async fn a_lost_role_and_a_removed_app_are_told_apart() {
    let linked = Linked::with_pages(2).await;
    linked.world.facebook.edit_page(&linked.pages[0], |page| page.tasks.clear());
    linked.visit().await;
    assert_eq!(linked.page(&linked.pages[0]).text("reason"), Some("page_role_lost"));
    assert_eq!(linked.page(&linked.pages[1]).text("status"), Some("active"));
    linked.world.facebook.remove_app(&linked.person);
    linked.visit().await;
    assert_eq!(linked.page(&linked.pages[1]).text("reason"), Some("app_removed"));
    assert_eq!(linked.grant().text("reason"), Some("app_removed"));
}

#[tokio::test]
async fn a_dead_token_goes_after_thirty_days_and_not_before() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    linked.world.facebook.change_password(&linked.person);
    linked.visit().await;

    let nearly = now() - 30 * DAY + 60;
    linked.set_of_person("dead_since", nearly).await;
    linked.set_of_page(page, "dead_since", nearly).await;
    linked.visit().await;
    assert!(!linked.user_token().is_empty() && !linked.page_token(page).is_empty());
    assert!(number(&linked.grant(), "due_at").abs_diff(now() + 60) < 60);

    linked.set_of_person("dead_since", now() - 30 * DAY).await;
    linked.visit().await;
    assert!(!linked.grant().attributes.contains_key("access_token"));
    assert!(!linked.page_token(page).is_empty(), "the Page's own time is not over");
    assert!(number(&linked.grant(), "due_at").abs_diff(now() + 60) < 60);

    linked.set_of_page(page, "dead_since", now() - 30 * DAY).await;
    linked.visit().await;
    let (grant, page) = (linked.grant(), linked.page(page));
    assert!(!page.attributes.contains_key("access_token"));
    assert_eq!(
        (grant.text("status"), page.text("status"), grant.text("due_at")),
        (Some("reconnect_needed"), Some("reconnect_needed"), None)
    );
}

#[tokio::test]
async fn a_dead_persons_token_goes_while_its_pages_are_still_looked_after() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.kill_token(&linked.user_token(), Some(463));
    linked.visit().await;
    linked.set_of_person("dead_since", now() - 30 * DAY).await;
    assert_eq!(linked.visit().await, report(0, 1, 0, 0));
    assert!(!linked.grant().attributes.contains_key("access_token"));
    assert!(number(&linked.grant(), "due_at") <= now() + DAY);
    assert_eq!(linked.visit().await, report(0, 1, 0, 0), "and again, without a token of its own");
}

#[tokio::test]
async fn one_person_with_many_pages_is_one_death_and_no_reason_to_stop() {
    let linked = Linked::with_pages(15).await;
    linked.world.facebook.change_password(&linked.person);
    assert_eq!(linked.visit().await, report(0, 0, 16, 0));
    assert_eq!(linked.deaths().len(), 15);
}
