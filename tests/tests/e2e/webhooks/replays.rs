//! Bytes that were delivered before, under another id and another time: whoever kept them can send them. Their word alone brings nothing about.

use e2e::faults::{Fault, Times};
use e2e::shopify::Webhook;
use e2e::world::World;

use crate::webhooks::{DAY, Linked, REDACT, SHOP, UNINSTALLED, items, now};

impl Linked {
    /// A store that uninstalled the app, was forgotten and came back; with both deliveries as they were then.
    async fn come_back() -> (Self, Webhook, Webhook) {
        let mut linked = Self::with_pages(1).await;
        let (uninstall, redact) = (linked.webhook(UNINSTALLED), linked.webhook(REDACT));
        linked.deliver(&uninstall).await;
        linked.deliver(&redact).await;
        linked.assert_erased(1);
        linked.link_again().await;
        linked.linked_before(60).await;
        (linked, uninstall, redact)
    }
}

/// The same bytes with the same signature, and everything else as if it were new.
fn again(webhook: &Webhook) -> Webhook {
    Webhook { id: Some(e2e::random::uuid().to_string()), ..webhook.clone() }.triggered(now())
}

#[tokio::test]
async fn two_old_bodies_end_nothing_of_a_store_that_came_back() {
    let (linked, uninstall, redact) = Linked::come_back().await;
    for replay in [&uninstall, &redact, &uninstall, &redact] {
        linked.deliver(&again(replay)).await;
        linked.assert_linked();
    }
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 4, "Shopify was asked each time");
    linked.keeper_runs().await;
    linked.assert_linked();
}

#[tokio::test]
async fn the_same_bytes_work_again_once_shopify_refuses_the_token() {
    let (linked, uninstall, redact) = Linked::come_back().await;
    linked.world.shopify.uninstall(SHOP);
    linked.deliver(&again(&uninstall)).await;
    linked.assert_uninstalled();
    // That was Shopify's own word, so that nobody has to be asked for the rest.
    linked.deliver(&again(&redact)).await;
    assert_eq!(items(&linked.world, "uuid#").len() + items(&linked.world, "shop#").len() + items(&linked.world, "page#").len(), 0);
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 1);
}

#[tokio::test]
async fn a_redact_alone_works_again_once_shopify_refuses_the_token() {
    let (linked, _, redact) = Linked::come_back().await;
    linked.world.shopify.uninstall(SHOP);
    linked.deliver(&again(&redact)).await;
    assert_eq!(items(&linked.world, "uuid#").len(), 0);
}

#[tokio::test]
async fn bytes_that_came_too_late_to_end_anything_were_delivered_all_the_same() {
    let linked = Linked::with_pages(1).await;
    let (uninstall, redact) = (linked.webhook(UNINSTALLED), linked.webhook(REDACT));
    for late in [&uninstall, &redact] {
        linked.deliver(&again(late).triggered(now() - DAY)).await;
        linked.assert_linked();
    }
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 0, "an older time needs no question");
    for replay in [&uninstall, &redact] {
        linked.deliver(&again(replay)).await;
        linked.assert_linked();
    }
}

#[tokio::test]
async fn while_shopify_is_silent_a_replay_is_a_doubt_that_the_keeper_settles() {
    for installed in [true, false] {
        let (linked, uninstall, _) = Linked::come_back().await;
        linked.world.shopify.switch_on("graphql", Fault::Hang, Times::UntilCleared);
        linked.deliver(&again(&uninstall)).await;
        linked.assert_linked();
        linked.world.shopify.clear_faults();
        if !installed {
            linked.world.shopify.uninstall(SHOP);
        }
        linked.keeper_runs().await;
        if installed { linked.assert_linked() } else { linked.assert_uninstalled() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_deliveries_of_the_same_bytes_at_once_one_has_an_effect() {
    let world = World::builder().instances(super::FUNCTION, 2).start().await;
    let linked = Linked::in_world(world, 1).await;
    let (one, two) = (again(&linked.webhook(UNINSTALLED)), again(&linked.webhook(UNINSTALLED)));
    let mut held = linked.world.database.hold("TransactWriteItems");
    let second = async {
        held.arrived().await;
        linked.deliver(&two).await;
        linked.assert_uninstalled();
        drop(held);
    };
    tokio::join!(linked.deliver(&one), second);
    linked.assert_uninstalled();
    assert_eq!(linked.root().text("generation"), Some("2"));
    assert_eq!(linked.events(), ["linked", "uninstalled"]);
    assert_eq!((noted(&linked, "delivery#"), noted(&linked, "body#")), (2, 1));
}

#[tokio::test]
async fn what_is_remembered_of_bytes_tells_nothing_and_outlives_them() {
    let linked = Linked::with_pages(1).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    let redact = linked.webhook(REDACT);
    linked.deliver(&redact).await;
    linked.assert_erased(1);
    let notes: Vec<_> =
        linked.world.database.scan("sessions").into_iter().filter(|item| item.text("pk").unwrap().starts_with("body#")).collect();
    assert_eq!(notes.len(), 2);
    for note in notes {
        assert_eq!(note.attributes.len(), 2, "{note:?}");
        assert!(note.text("ttl").unwrap().parse::<u64>().unwrap() > now() + 9 * 365 * DAY);
        // A list of all shops does not help to guess it: the client secret is in it.
        let guessed = shared::signing::labelled_sha256("messenger-link/shopify-body/v1", &redact.body);
        assert!(!note.contains(&shared::signing::base64url(&guessed)));
    }
}

/// So many items of the sessions table.
fn noted(linked: &Linked, beginning: &str) -> usize {
    linked.world.database.scan("sessions").iter().filter(|item| item.text("pk").is_some_and(|pk| pk.starts_with(beginning))).count()
}
