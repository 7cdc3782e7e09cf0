//! The process is killed between any two calls of the database; the delivery is repeated, or the keeper comes.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::database::DatabaseFault;
use e2e::lambda::Reply;

use crate::support::{holder, item};
use crate::{DEAUTHORIZE, DELETION, Linked, keys};

const FUNCTION: &str = "facebook-lifecycle";

/// Sends the request and kills the function at its call number `at`; none when it was done before that.
async fn killed_at(linked: &Linked, route: &str, leave: &str, at: usize) -> Option<()> {
    let calls = || linked.world.database.usage().0.values().map(|operation| operation.calls).sum::<usize>();
    linked.world.database.reset_usage();
    linked.world.database.fail_after(at, DatabaseFault::Hang);
    let killed = async {
        while calls() <= at {
            tokio::task::yield_now().await;
        }
        linked.world.function(FUNCTION).kill().await;
    };
    let outcome: Result<Reply, ()> = tokio::select! {
        reply = linked.send(route, leave) => Ok(reply),
        () = killed => Err(()),
    };
    linked.world.database.clear_faults();
    linked.world.function(FUNCTION).scale(1).await;
    match outcome {
        Ok(reply) if reply.status == 200 => None,
        _ => Some(()),
    }
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

async fn at_every_call(route: &str, by_the_keeper: bool) {
    // More than one transaction holds.
    let linked = Linked::with_pages(30).await;
    for at in 0.. {
        let leave = linked.world.facebook.signed_leave_at(&linked.person, linked.world.facebook.now());
        let finished = killed_at(&linked, route, &leave, at).await.is_none();
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
        // Each is told of once, and counted once.
        assert_eq!(linked.disconnected().len(), linked.pages.len(), "killed at call {at}");
        for pk in keys(&linked.world, "deletion#") {
            assert_eq!(item(&linked.world, &pk, "status").unwrap().text("records"), Some("31"), "killed at call {at}");
        }
        if finished {
            assert!(at > 4, "only {at} calls");
            return;
        }
        forget(&linked).await;
        linked.link_again().await;
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
