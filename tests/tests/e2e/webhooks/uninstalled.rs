//! A store that uninstalls the app: its tokens go at once, a link that is newer stays, and thirty days later everything goes.

use e2e::facebook::Consent;
use e2e::shopify::Webhook;
use serde_json::{Value, json};

use crate::support::{dump, linked_pages};
use crate::webhooks::{DAY, Linked, SHOP, UNINSTALLED, now};

#[tokio::test]
async fn tokens_and_sessions_go_at_once_and_the_pages_yield_nothing() {
    let linked = Linked::with_pages(2).await;
    let before = linked.root();
    linked.world.shopify.uninstall(SHOP);
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.assert_uninstalled();
    let root = linked.root();
    assert_eq!(root.text("generation"), Some("2"));
    assert_eq!(root.text("version"), before.text("version"));
    let due: u64 = root.text("due_at").unwrap().parse().unwrap();
    assert!(due.abs_diff(now() + 30 * DAY) < 60, "{due}");
    assert_eq!(linked.events(), ["linked", "uninstalled"]);
    assert_eq!(linked.browser.get("/facebook/login").await.status(), 400, "the session is over");
    let told = linked.world.invoke("connection-tokens", json!({ "page_id": linked.pages[0] })).await;
    assert_eq!((&told["shops"][0]["status"], &told["shops"][0]["access_token"]), (&json!("uninstalled"), &Value::Null));
    assert_eq!(told["pages"][0]["access_token"], Value::Null);
    assert_eq!(linked.world.shopify.requests().len(), 0, "Shopify was not asked");
}

#[tokio::test]
async fn linking_again_revives_the_pages_under_the_same_uuid() {
    let mut linked = Linked::with_pages(2).await;
    let uuid = linked.uuid.clone();
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.uuid = crate::support::linked_shop(&linked.world, &linked.browser, "acme").await;
    assert_eq!(linked.uuid, uuid);
    linked.assert_linked();
    for page in &linked.pages {
        assert!(linked.world.facebook.accepts(&crate::support::page_token(&linked.world, &uuid, page)));
    }
    linked_pages(&linked.world, &linked.browser, &Consent::of(&linked.person)).await;
}

#[tokio::test]
async fn a_delivery_has_its_effect_once_and_a_late_one_none() {
    let mut linked = Linked::with_pages(1).await;
    let uninstall = linked.webhook(UNINSTALLED).triggered(now() - 5);
    linked.deliver(&uninstall).await;
    let after = dump(&linked.world);
    for _ in 0..2 {
        linked.deliver(&uninstall).await;
        assert_eq!(dump(&linked.world), after);
    }
    // Another delivery of the same, then a link: neither the first nor a late one ends it.
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.link_again().await;
    let mut again = uninstall.clone();
    again.id = Some("another id".to_owned());
    for late in [&uninstall, &again, &linked.webhook(UNINSTALLED).triggered(1)] {
        linked.deliver(late).await;
        linked.assert_linked();
    }
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 0, "nobody had to be asked");
    let mut events = linked.events();
    events.sort();
    assert_eq!(events, ["linked", "linked", "uninstalled"]);
}

#[tokio::test]
async fn of_the_same_second_the_link_wins_while_its_token_works() {
    let linked = Linked::with_pages(1).await;
    let linked_at = linked.root().text("linked_at").unwrap().parse().unwrap();
    linked.deliver(&linked.webhook(UNINSTALLED).triggered(linked_at)).await;
    linked.assert_linked();
    linked.world.shopify.uninstall(SHOP);
    linked.deliver(&linked.webhook(UNINSTALLED).triggered(linked_at)).await;
    linked.assert_uninstalled();

    let linked = Linked::with_pages(1).await;
    let linked_at: u64 = linked.root().text("linked_at").unwrap().parse().unwrap();
    linked.deliver(&linked.webhook(UNINSTALLED).triggered(linked_at + 1)).await;
    linked.assert_uninstalled();
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 0, "Shopify was not asked");
}

#[tokio::test]
async fn parts_of_a_second_tell_an_uninstall_from_the_link_before_it() {
    for (fraction, ends) in [(".499Z", false), (".501+00:00", true)] {
        let linked = Linked::with_pages(1).await;
        let at = now() - 5;
        linked.set("linked_at", at).await;
        linked.set("linked_ms", at * 1000 + 500).await;
        let triggered_at = Some(shared::clock::rfc3339(at).replace('Z', fraction));
        linked.deliver(&Webhook { triggered_at, ..linked.webhook(UNINSTALLED) }).await;
        if ends {
            linked.assert_uninstalled()
        } else {
            linked.assert_linked()
        }
        assert_eq!(linked.world.shopify.requests_of("graphql").len(), 0, "Shopify was not asked");
    }
}

#[tokio::test]
async fn another_shop_under_the_domain_ends_nothing() {
    let linked = Linked::with_pages(1).await;
    linked.world.shopify.edit_shop(SHOP, |shop| shop.id += 1);
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.assert_linked();
    linked.deliver(&linked.world.shopify.webhook(UNINSTALLED, "unknown.myshopify.com")).await;
    linked.assert_linked();
}

#[tokio::test]
async fn what_is_dead_already_is_uninstalled_all_the_same() {
    let linked = Linked::with_pages(1).await;
    linked.world.shopify.uninstall(SHOP);
    linked.world.expire_access_token(SHOP).await;
    linked.world.invoke("connection-tokens", json!({ "shop": SHOP })).await;
    assert_eq!(linked.status().as_deref(), Some("reconnect_needed"));
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.assert_uninstalled();
}

#[tokio::test]
async fn thirty_days_later_the_keeper_erases_it_and_not_before() {
    let linked = Linked::with_pages(2).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    linked.set("uninstalled_at", now() - 30 * DAY + 60).await;
    linked.world.make_due(&linked.uuid, "store").await;
    linked.keeper_runs().await;
    linked.assert_uninstalled();
    let due: u64 = linked.root().text("due_at").unwrap().parse().unwrap();
    assert!(due > now() && due <= now() + 61, "{due}");

    linked.set("uninstalled_at", now() - 30 * DAY).await;
    linked.world.make_due(&linked.uuid, "store").await;
    linked.keeper_runs().await;
    linked.assert_erased(2);
    linked.keeper_runs().await;
    linked.assert_erased(0);
}

#[tokio::test]
async fn thirty_days_later_it_counts_as_erased_before_the_keeper_comes() {
    let linked = Linked::with_pages(2).await;
    linked.deliver(&linked.webhook(UNINSTALLED)).await;
    let tell = async || linked.world.invoke("connection-tokens", json!({ "shop": SHOP })).await;
    linked.set("uninstalled_at", now() - 30 * DAY + 60).await;
    assert_eq!(tell().await["shops"][0]["status"], "uninstalled");
    linked.set("uninstalled_at", now() - 30 * DAY).await;
    assert_eq!(tell().await["error"]["code"], "not_found");

    let new = crate::support::linked_shop(&linked.world, &linked.browser, "acme").await;
    assert_ne!(new, linked.uuid);
    let told = tell().await;
    assert_eq!((&told["user_uuid"], &told["shops"][0]["status"], &told["pages"]), (&json!(new), &json!("active"), &json!([])));
    let left: Vec<_> = dump(&linked.world).into_keys().filter(|(_, pk, _)| pk.contains(&linked.uuid)).collect();
    assert!(left.is_empty(), "{left:?}");
    linked_pages(&linked.world, &linked.browser, &Consent::of(&linked.person)).await;
    assert!(linked.pages.iter().all(|page| crate::support::holder(&linked.world, page).as_ref() == Some(&new)));
}
