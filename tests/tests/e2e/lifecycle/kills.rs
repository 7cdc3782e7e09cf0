//! The process is killed between any two calls of the database; the delivery is repeated, or the keeper comes.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::database::StoredItem;

use crate::lifecycle::{DEAUTHORIZE, DELETION, Linked, keys};
use crate::support::{holder, item, linked::killed_at};

const FUNCTION: &str = "facebook-lifecycle";

/// Sends the request and kills the function at its call number `at`; whether it was done before that.
async fn is_done_before(linked: &Linked, route: &str, leave: &str, at: usize) -> bool {
    killed_at(&linked.world, FUNCTION, at, linked.send(route, leave)).await.is_some_and(|reply| reply.status == 200)
}

/// Clears away all that tells of a request, as time does.
async fn forget(linked: &Linked) {
    for found in linked.world.database.scan("connections") {
        let (pk, sk) = (found.text("pk").unwrap(), found.text("sk").unwrap());
        if ["deletion#", "audit#", "job#"].iter().any(|kind| pk.starts_with(kind)) || sk.starts_with("event#") {
            let key = |text: &str| AttributeValue::S(text.to_owned());
            let delete = linked.world.database.client().delete_item().table_name("connections").key("pk", key(pk)).key("sk", key(sk));
            delete.send().await.unwrap();
        }
    }
}

/// Whether the keeper came to a request that was done: it has looked once more, and comes back in ten minutes.
fn looked_twice(request: &StoredItem) -> bool {
    let number = |name: &str| request.text(name).and_then(|number| number.parse::<u64>().ok());
    number("done_at").is_some_and(|done_at| number("due_at").is_none_or(|due_at| due_at > done_at + 300))
}

async fn at_every_call(route: &str, by_the_keeper: bool) {
    // More than one transaction holds.
    let linked = Linked::with_pages(30).await;
    for at in 0.. {
        let leave = linked.world.facebook.signed_leave_at(&linked.person, linked.world.facebook.now());
        let finished = is_done_before(&linked, route, &leave, at).await;
        if by_the_keeper && !keys(&linked.world, "deletion#").is_empty() {
            linked.keeper_runs().await;
        } else {
            assert_eq!(linked.send(route, &leave).await.status, 200);
        }
        assert!(linked.pages.iter().all(|page| !linked.has_token(page)) && !linked.grant_is_there(), "killed at call {at}");
        for page in &linked.pages {
            assert_eq!(holder(&linked.world, page).is_none(), route == DELETION);
            assert_eq!(linked.status_of(page).as_deref(), (route == DEAUTHORIZE).then_some("reconnect_needed"));
        }
        // Each is told of once, and counted once. What was told of a deletion goes when it is settled, and then the note of where that was.
        let is_settled =
            keys(&linked.world, "deletion#").iter().any(|pk| item(&linked.world, pk, "status").is_some_and(|item| looked_twice(&item)));
        let told = if route == DELETION && is_settled { 0 } else { linked.pages.len() };
        assert_eq!(linked.disconnected().len(), told, "killed at call {at}");
        for pk in keys(&linked.world, "deletion#") {
            assert_eq!(item(&linked.world, &pk, "status").unwrap().text("records"), Some("31"), "killed at call {at}");
        }
        if finished {
            assert!(at > 4, "only {at} calls");
            return;
        }
        forget(&linked).await;
        linked.links().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_is_killed_anywhere_is_finished_by_its_repetition() {
    at_every_call(DEAUTHORIZE, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_is_killed_anywhere_is_finished_by_the_keeper() {
    at_every_call(DEAUTHORIZE, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_is_killed_anywhere_is_finished_by_its_repetition() {
    at_every_call(DELETION, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_is_killed_anywhere_is_finished_by_the_keeper() {
    at_every_call(DELETION, true).await;
}
