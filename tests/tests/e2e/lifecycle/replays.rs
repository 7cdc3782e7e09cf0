//! The same request again, later, and at the other route.

use serde_json::json;

use crate::lifecycle::{DEAUTHORIZE, DELETION, Linked, json_of, keys};
use crate::support::{connections, dump, holder};

#[tokio::test]
async fn a_repetition_has_no_effect_and_the_same_answer() {
    for route in [DEAUTHORIZE, DELETION] {
        let linked = Linked::with_pages(2).await;
        let leave = linked.leave();
        let first = linked.send(route, &leave).await;
        let after = dump(&linked.world);
        let second = linked.send(route, &leave).await;
        assert_eq!((first.status, &first.body), (second.status, &second.body));
        assert_eq!(dump(&linked.world), after);
        // With padding it is the same request.
        let (signature, payload) = leave.split_once('.').unwrap();
        let third = linked.send(route, &format!("{signature}=.{payload}")).await;
        assert_eq!((first.status, first.body), (third.status, third.body));
        assert_eq!(dump(&linked.world), after);
    }
}

#[tokio::test]
async fn a_replay_never_touches_what_was_linked_after_it() {
    for route in [DEAUTHORIZE, DELETION] {
        let linked = Linked::with_pages(2).await;
        let leave = linked.leave();
        assert_eq!(linked.send(route, &leave).await.status, 200);
        // Most likely within the same second.
        linked.links().await;
        assert_eq!(linked.send(route, &leave).await.status, 200);
        linked.keeper_runs().await;
        linked.assert_linked();
        assert_eq!(linked.send(if route == DELETION { DEAUTHORIZE } else { DELETION }, &leave).await.status, 200);
        linked.keeper_runs().await;
        linked.assert_linked();
    }
}

#[tokio::test]
async fn a_request_that_arrives_late_spares_what_was_linked_meanwhile() {
    for route in [DEAUTHORIZE, DELETION] {
        let linked = Linked::with_pages(1).await;
        let leave = linked.world.facebook.signed_leave_at(&linked.person, linked.world.facebook.now() - 2);
        let before = connections(&linked.world);
        assert_eq!(linked.send(route, &leave).await.status, 200);
        linked.keeper_runs().await;
        let mut after = connections(&linked.world);
        after.retain(|(_, pk, _), _| !pk.starts_with("deletion#") && !pk.starts_with("audit#"));
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
        linked.assert_linked();
        // What was linked before it goes.
        linked.age(3600).await;
        let later = linked.world.facebook.signed_leave_at(&linked.person, linked.world.facebook.now() - 1);
        assert_eq!(linked.send(route, &later).await.status, 200);
        assert!(!linked.has_token(&linked.pages[0]));
    }
}

/// Both are signed in the same way: what came as a removal reaches no further by coming again as a deletion.
#[tokio::test]
async fn the_removal_of_the_app_can_not_be_played_as_a_deletion() {
    let linked = Linked::with_pages(2).await;
    let leave = linked.leave();
    assert_eq!(linked.send(DEAUTHORIZE, &leave).await.status, 200);
    let after = connections(&linked.world);
    let reply = linked.send(DELETION, &leave).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let logs = linked.world.function("facebook-lifecycle").logs();
    assert!(logs.contains("one signed request came at both routes"), "somebody's wish may be behind it");
    assert!(!logs.contains(&linked.person));
    assert_eq!(connections(&linked.world), after, "the Pages stay in their store's list");
    let url = json_of(&reply)["url"].as_str().unwrap().to_owned();
    let status = linked.browser.get(&url).await;
    assert_eq!((status.status(), &status.json()["status"]), (200, &json!("tokens_deleted")), "{}", status.text());
    linked.keeper_runs().await;
    assert!(linked.pages.iter().all(|page| holder(&linked.world, page).is_some()));
    // The person's own new wish is another request.
    let wish = linked.world.facebook.signed_leave_at(&linked.person, linked.world.facebook.now() + 1);
    linked.links().await;
    assert_eq!(linked.send(DELETION, &wish).await.status, 200);
    assert!(linked.pages.iter().all(|page| holder(&linked.world, page).is_none()));
}

#[tokio::test]
async fn a_deletion_is_no_other_request_as_a_removal() {
    let linked = Linked::with_pages(1).await;
    let leave = linked.leave();
    let first = linked.send(DELETION, &leave).await;
    let after = dump(&linked.world);
    assert_eq!(linked.send(DEAUTHORIZE, &leave).await.status, 200);
    assert_eq!(dump(&linked.world), after);
    assert_eq!(json_of(&linked.send(DELETION, &leave).await), json_of(&first));
    assert_eq!(keys(&linked.world, "deletion#").len(), 1);
}

#[tokio::test]
async fn a_page_can_not_ask_for_the_deletion_of_what_is_a_persons() {
    let linked = Linked::with_pages(1).await;
    let leave = linked.world.facebook.signed_leave_of_page(&linked.pages[0]);
    assert_eq!(linked.send(DELETION, &leave).await.status, 200);
    linked.assert_linked();
}
