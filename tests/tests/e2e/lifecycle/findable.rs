//! Whoever wants to be forgotten is found everywhere, also after they removed the app, and whatever an earlier version left.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::database::DatabaseFault;
use serde_json::{Value, json};

use crate::lifecycle::{DEAUTHORIZE, DELETION, Linked, keys};
use crate::support::{connections, holder, linked::killed_at, page_of};

/// The person removed the app some time ago, and the keeper has come since; then they want to be forgotten. What the page says in the end.
async fn removes_then_wishes(linked: &Linked) -> Value {
    let now = linked.world.facebook.now();
    linked.age(60).await;
    assert_eq!(linked.send(DEAUTHORIZE, &linked.world.facebook.signed_leave_at(&linked.person, now - 20)).await.status, 200);
    linked.keeper_runs().await;
    assert!(!linked.grant_is_there());
    let told = linked.send(DELETION, &linked.world.facebook.signed_leave_at(&linked.person, now - 10)).await;
    linked.keeper_runs().await;
    linked.status(&told).await
}

async fn lets_go_of_its_dead_token(linked: &Linked, page: &str) {
    let write = linked.world.database.client().update_item().table_name("connections");
    let write = write.key("pk", AttributeValue::S(linked.partition())).key("sk", AttributeValue::S(format!("page#{page}")));
    let write = write.update_expression("SET #status = :dead REMOVE access_token").expression_attribute_names("#status", "status");
    write.expression_attribute_values(":dead", AttributeValue::S("reconnect_needed".to_owned())).send().await.unwrap();
}

/// As a version that marked nothing left it, after the person had removed the app.
async fn person_goes_unmarked(linked: &Linked) {
    let delete = linked.world.database.client().delete_item().table_name("connections");
    let sk = format!("person#{}", linked.person);
    delete.key("pk", AttributeValue::S(linked.partition())).key("sk", AttributeValue::S(sk)).send().await.unwrap();
}

#[tokio::test]
async fn the_note_of_a_page_that_moved_away_goes_also_after_the_app_was_removed() {
    let linked = Linked::with_pages(1).await;
    linked.everything_is_marked().await;
    linked.moves_away(&linked.pages[0]).await;
    let status = removes_then_wishes(&linked).await;
    assert_eq!(linked.status_of(&linked.pages[0]), None);
    assert_eq!((&status["status"], &status["records"]), (&json!("complete"), &json!(1)), "{status}");
}

#[tokio::test]
async fn a_page_whose_dead_token_was_let_go_goes_also_after_the_app_was_removed() {
    let linked = Linked::with_pages(2).await;
    linked.everything_is_marked().await;
    for page in &linked.pages {
        lets_go_of_its_dead_token(&linked, page).await;
    }
    let status = removes_then_wishes(&linked).await;
    for page in &linked.pages {
        assert!(page_of(&linked.world, &linked.uuid, page).is_none() && holder(&linked.world, page).is_none());
    }
    assert_eq!((&status["status"], &status["records"]), (&json!("complete"), &json!(2)), "{status}");
}

#[tokio::test]
async fn a_removal_that_meets_a_living_page_keeps_the_others_findable() {
    let linked = Linked::with_pages(3).await;
    linked.everything_is_marked().await;
    linked.moves_away(&linked.pages[1]).await;
    lets_go_of_its_dead_token(&linked, &linked.pages[2]).await;
    let status = removes_then_wishes(&linked).await;
    assert!(linked.pages.iter().all(|page| linked.status_of(page).is_none()));
    assert_eq!(status["records"], 3, "{status}");
}

#[tokio::test]
async fn what_an_earlier_version_left_without_a_mark_is_looked_for_before_anything_is_said_of_it() {
    let linked = Linked::with_pages(3).await;
    linked.moves_away(&linked.pages[0]).await;
    for page in &linked.pages[1..] {
        lets_go_of_its_dead_token(&linked, page).await;
    }
    person_goes_unmarked(&linked).await;
    let told = linked.send(DELETION, &linked.leave()).await;
    for when in ["at once", "after the second look"] {
        let status = linked.status(&told).await;
        let said = (&status["status"], &status["deleted_at"], &status["records"]);
        assert_eq!(said, (&json!("in_progress"), &json!(null), &json!(null)), "{when}: {status}");
        linked.keeper_runs().await;
    }
    assert_eq!(linked.status_of(&linked.pages[0]).as_deref(), Some("moved"), "an hour has to pass first");

    // None of the earlier versions is at work any more.
    linked.world.set_number("keeper", "persons", "begin_at", 1).await;
    linked.keeper_runs().await;
    let marked = |page: &String| page_of(&linked.world, &linked.uuid, page).unwrap().text("person").map(str::to_owned);
    let mark = Some(format!("facebook#{}", linked.person));
    assert!(linked.pages.iter().all(|page| marked(page) == mark));
    assert!(linked.world.function("token-keeper").logs().contains("marked with the person who granted them"));
    linked.keeper_runs().await;
    assert!(linked.pages.iter().all(|page| linked.status_of(page).is_none()));
    assert_eq!(linked.status(&told).await["records"], 3);
    let request = &keys(&linked.world, "deletion#")[0];
    let names_somebody = || linked.world.item(request, "status").unwrap().attributes.contains_key("sealed");
    assert!(names_somebody(), "the index may lag behind by moments");
    linked.world.set_number("keeper", "persons", "done_at", 1).await;
    linked.keeper_runs().await;
    assert!(!names_somebody());
    assert_eq!(linked.status(&told).await["status"], "complete");
}

#[tokio::test]
async fn who_is_found_through_their_own_item_needs_no_mark() {
    let linked = Linked::with_pages(2).await;
    linked.keeper_runs().await;
    linked.world.set_number("keeper", "persons", "begin_at", 1).await;
    let before = connections(&linked.world);
    linked.keeper_runs().await;
    assert_eq!(connections(&linked.world), before);
    assert!(linked.world.item("keeper", "persons").unwrap().text("done_at").is_some());
    linked.world.database.reset_usage();
    linked.keeper_runs().await;
    assert_eq!(linked.world.database.usage().calls("Scan"), 1, "the index as a whole, and no walk");
}

#[tokio::test]
async fn a_walk_that_is_throttled_for_some_time_goes_on_where_it_is() {
    let linked = Linked::with_pages(1).await;
    linked.keeper_runs().await;
    linked.world.set_number("keeper", "persons", "begin_at", 1).await;
    linked.world.database.fail_operation("Scan", DatabaseFault::Throttled, 30);
    linked.keeper_runs().await;
    assert!(linked.world.item("keeper", "persons").unwrap().text("done_at").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_that_is_killed_anywhere_is_finished_by_the_next_run() {
    const FUNCTION: &str = "token-keeper";
    for at in (1..).step_by(4) {
        let linked = Linked::with_pages(2).await;
        linked.keeper_runs().await;
        for page in &linked.pages {
            lets_go_of_its_dead_token(&linked, page).await;
        }
        person_goes_unmarked(&linked).await;
        linked.world.set_number("keeper", "persons", "begin_at", 1).await;
        let run = linked.world.function(FUNCTION).invoke_directly(json!({}));
        let whole = killed_at(&linked.world, FUNCTION, at, run).await.is_some_and(|answer| answer.is_ok());
        linked.keeper_runs().await;
        for page in &linked.pages {
            assert!(page_of(&linked.world, &linked.uuid, page).unwrap().text("person").is_some(), "killed at call {at}");
        }
        if whole {
            return;
        }
    }
}
