//! The process is killed between any two calls of the database; the delivery is repeated, or the keeper comes.

use e2e::shopify::Webhook;

use crate::support::{dump, linked::killed_at, linked_shop, sessions};
use crate::webhooks::{FUNCTION, Linked, REDACT, SHOP, UNINSTALLED, items};

/// Delivers and kills the function at its call number `at`; false when it was done before that.
async fn is_killed_at(linked: &Linked, webhook: &Webhook, at: usize) -> bool {
    let request = webhook.request();
    killed_at(&linked.world, FUNCTION, at, linked.world.gateway().send(&request)).await.is_none_or(|reply| reply.status != 200)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uninstall_that_is_killed_anywhere_is_whole_or_not_at_all() {
    for at in 0.. {
        let linked = Linked::with_pages(1).await;
        let webhook = linked.webhook(UNINSTALLED);
        let before = dump(&linked.world);
        let killed = is_killed_at(&linked, &webhook, at).await;
        if killed && linked.status().as_deref() == Some("active") {
            assert_eq!(dump(&linked.world), before, "killed at call {at}");
        } else {
            linked.assert_uninstalled();
        }
        linked.deliver(&webhook).await;
        linked.assert_uninstalled();
        assert_eq!(linked.events(), ["linked", "uninstalled"], "killed at call {at}");
        if !killed {
            assert!(at > 3, "only {at} calls");
            return;
        }
    }
}

async fn redact_is_killed(by_the_keeper: bool, active: bool) {
    for at in 0.. {
        // More than one transaction holds.
        let linked = Linked::with_pages(35).await;
        if active {
            linked.world.shopify.uninstall(SHOP);
        } else {
            linked.deliver(&linked.webhook(UNINSTALLED)).await;
        }
        let webhook = linked.webhook(REDACT);
        let before = dump(&linked.world);
        let killed = is_killed_at(&linked, &webhook, at).await;
        let begun = linked.status().as_deref() != Some(if active { "active" } else { "uninstalled" });
        if !begun {
            assert_eq!(dump(&linked.world), before, "killed at call {at}");
        }
        if begun && by_the_keeper {
            let told = linked.keeper_runs().await;
            assert_eq!(told["remaining"], 0, "{told}");
            linked.keeper_runs().await;
            linked.assert_erased(0);
        }
        linked.deliver(&webhook).await;
        linked.assert_erased(if begun && by_the_keeper { 0 } else { 35 });
        assert_eq!(items(&linked.world, "audit#")[0].text("records"), Some("73"), "killed at call {at}");
        if !killed {
            assert!(at > 6, "only {at} calls");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redact_that_is_killed_anywhere_is_finished_by_its_repetition() {
    redact_is_killed(false, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redact_of_an_active_store_that_is_killed_anywhere_is_finished_by_its_repetition() {
    redact_is_killed(false, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redact_that_is_killed_anywhere_is_finished_by_the_keeper() {
    redact_is_killed(true, false).await;
}

/// The mark alone leads to sessions, so they must not be what is left when the work stops.
#[tokio::test(flavor = "multi_thread")]
async fn no_session_outlives_a_redact_that_is_killed_anywhere() {
    for at in 0.. {
        let linked = Linked::with_pages(31).await;
        linked_shop(&linked.world, &linked.browser, "acme").await;
        linked.linked_before(60).await;
        linked.world.shopify.uninstall(SHOP);
        let items = items(&linked.world, &linked.partition()).len();
        assert_eq!(items % 33, 0, "without the store, and with the event of its end, these fill whole transactions");
        assert_eq!(sessions(&linked.world).len(), 1);
        let killed = is_killed_at(&linked, &linked.webhook(REDACT), at).await;
        linked.keeper_runs().await;
        if linked.status().is_none() {
            assert_eq!(sessions(&linked.world).len(), 0, "killed at call {at}");
        }
        if !killed {
            return;
        }
    }
}
