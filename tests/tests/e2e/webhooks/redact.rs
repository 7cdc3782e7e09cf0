//! A store that is to be forgotten: nothing of it is left in any table when the answer leaves.

use std::time::Duration;

use e2e::facebook::Consent;

use crate::support::{connections, dump};
use crate::webhooks::{Linked, REDACT, SHOP, UNINSTALLED, items, now};

#[tokio::test]
async fn nothing_is_left_but_jobs_and_a_record() {
    let linked = Linked::with_pages(2).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    let redact = linked.webhook(REDACT);
    linked.deliver(&redact).await;
    linked.assert_erased(2);
    let record = &items(&linked.world, "audit#")[0];
    assert_eq!(record.text("what"), Some(REDACT));
    // Store, Pages, each with what leads to it; the person.
    assert_eq!(record.text("records"), Some("7"));
    let number = |name: &str| record.text(name).unwrap().parse::<u64>().unwrap();
    assert!(number("at").abs_diff(now()) < 60);
    assert_eq!(number("ttl") - number("at"), 400 * 24 * 3600);
    assert!(record.text("request").is_some_and(|hash| hash.len() == 43));
    assert!(!record.contains(redact.id.as_deref().unwrap()));

    let after = dump(&linked.world);
    linked.deliver(&redact).await;
    assert_eq!(dump(&linked.world), after, "once");
    linked.keeper_runs().await;
    linked.assert_erased(0);
    for page in &linked.pages {
        assert_eq!(linked.world.facebook.subscribed_fields(page), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_was_used_or_begun_before_it_is_of_no_use_after_it() {
    let linked = Linked::with_pages(1).await;
    let used = linked.world.approve_shop(&linked.browser, "acme").await;
    assert_eq!(linked.browser.get(&used).await.status(), 200);
    let begun = linked.world.approve_pages(&linked.browser, &Consent::of(&linked.person)).await;
    linked.linked_before(60).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.deliver(&linked.webhook(REDACT)).await;
    linked.assert_erased(1);

    linked.clear_requests();
    for (callback, code) in [(&used, "used_state"), (&begun, "invalid_session")] {
        assert_eq!(linked.browser.get(callback).await.code().as_deref(), Some(code));
        linked.assert_erased(1);
    }
    assert_eq!(linked.world.shopify.requests().len() + linked.world.facebook.requests().len(), 0, "no code was sent");
}

#[tokio::test]
async fn more_pages_than_one_transaction_holds() {
    let linked = Linked::with_pages(75).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.deliver(&linked.webhook(REDACT)).await;
    linked.assert_erased(75);
    assert_eq!(items(&linked.world, "audit#")[0].text("records"), Some("153"));
}

#[tokio::test]
async fn an_active_store_is_erased_only_once_its_token_is_refused() {
    let linked = Linked::with_pages(1).await;
    linked.deliver(&linked.webhook(REDACT)).await;
    linked.assert_linked();
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 1, "Shopify was asked");
    linked.world.shopify.uninstall(SHOP);
    linked.deliver(&linked.webhook(REDACT)).await;
    assert_eq!(items(&linked.world, "uuid#").len() + items(&linked.world, "shop#").len() + items(&linked.world, "page#").len(), 0);
    let whats: Vec<_> = items(&linked.world, "audit#").iter().map(|record| record.text("records").unwrap().to_owned()).collect();
    assert!(whats.contains(&"0".to_owned()) && whats.contains(&"5".to_owned()), "{whats:?}");
}

#[tokio::test]
async fn what_was_linked_after_its_trigger_is_spared_even_with_a_dead_token() {
    let mut linked = Linked::with_pages(1).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    let redact = linked.webhook(REDACT).triggered(now() - 10);
    linked.link_again().await;
    linked.world.shopify.uninstall(SHOP);
    linked.deliver(&redact).await;
    linked.assert_linked();
    // Uninstalled once more: that redact is still not about this link.
    linked.linked_before(5).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    let mut again = redact;
    again.id = Some("again".to_owned());
    linked.deliver(&again).await;
    linked.assert_uninstalled();
    linked.deliver(&linked.webhook(REDACT)).await;
    assert_eq!(items(&linked.world, "uuid#").len(), 0);
}

#[tokio::test]
async fn a_shop_that_is_not_known_or_another_one_is_noted_and_nothing_else() {
    let linked = Linked::with_pages(1).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    let before = connections(&linked.world);
    linked.deliver(&linked.world.shopify.webhook(REDACT, "unknown.myshopify.com")).await;
    linked.world.shopify.edit_shop(SHOP, |shop| shop.id += 1);
    linked.deliver(&linked.webhook(REDACT)).await;
    let mut after = connections(&linked.world);
    after.retain(|(_, pk, _), _| !pk.starts_with("audit#"));
    assert_eq!(after, before);
    assert_eq!(items(&linked.world, "audit#").len(), 2);
}

#[tokio::test]
async fn the_domain_gets_a_new_uuid_afterwards() {
    let mut linked = Linked::with_pages(1).await;
    let old = linked.uuid.clone();
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.deliver(&linked.webhook(REDACT)).await;
    linked.link_again().await;
    assert_ne!(linked.uuid, old);
    linked.assert_linked();
    linked.keeper_runs().await;
    assert_eq!(linked.world.facebook.requests_of("unsubscribe").len(), 0, "the Page is held again");
    assert!(!linked.world.facebook.subscribed_fields(&linked.pages[0]).is_empty());
    linked.assert_linked();
}

#[tokio::test]
async fn requests_about_customers_are_noted_and_change_nothing() {
    let linked = Linked::with_pages(1).await;
    let before = dump(&linked.world);
    for topic in ["customers/data_request", "customers/redact"] {
        let webhook = linked.webhook(topic);
        linked.deliver(&webhook).await;
        linked.deliver(&webhook).await;
    }
    let mut after = dump(&linked.world);
    after.retain(|(_, pk, _), _| !pk.starts_with("audit#") && !pk.starts_with("delivery#"));
    assert_eq!(after, before);
    let mut noted: Vec<_> = items(&linked.world, "audit#").iter().map(|item| item.text("what").unwrap().to_owned()).collect();
    noted.sort();
    assert_eq!(noted, ["customers/data_request", "customers/redact"]);
    for item in linked.world.database.dump() {
        assert!(!item.contains("john@example.com") && !item.contains("191167"), "{item:?}");
    }
}

#[tokio::test]
async fn with_slow_tables_the_answer_leaves_in_time_and_the_keeper_finishes() {
    let linked = Linked::with_pages(75).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.world.database.delay(Duration::from_millis(120));
    linked.deliver(&linked.webhook(REDACT)).await;
    linked.world.database.clear_faults();
    assert!(linked.world.owner(&format!("shop#{SHOP}")).is_none(), "nothing leads to it any more");
    assert_eq!(linked.status().as_deref(), Some("erasing"));
    let root = linked.root();
    assert!(!root.attributes.contains_key("access_token") && !root.attributes.contains_key("name"));
    linked.keeper_runs().await;
    linked.keeper_runs().await;
    linked.assert_erased(0);
}
