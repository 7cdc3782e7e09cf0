//! For whom a message is.

use e2e::database::StoredItem;
use e2e::facebook::{Consent, Update};
use e2e::shopify::Webhook;
use serde_json::{Value, json};

use crate::messages::{Linked, measured, text};
use crate::support::{linked_shop, number, set};

impl Linked {
    async fn hears(&self) -> Option<Value> {
        self.told(&self.pages[0], &text("Hi")).await
    }

    async fn set_status(&self, sk: &str, status: &str) {
        let value = aws_sdk_dynamodb::types::AttributeValue::S(status.to_owned());
        set(&self.world, "connections", &self.partition(), Some(sk), "status", value).await;
    }
}

#[tokio::test]
async fn a_message_for_nobody_is_counted_and_dropped() {
    let linked = Linked::with_pages(1).await;
    let facebook = &linked.world.facebook;
    let now = facebook.now_millis();
    for (object, account) in [("page", "1"), ("page", "999999999999999999999999"), ("instagram", "17841400000000000"), ("instagram", "0")] {
        let update = Update::of(object, account, "7", &text("Hi"), now);
        assert_eq!(linked.deliver(&facebook.webhook([update])).await, Vec::<Value>::new());
        assert_eq!((measured(&linked.world, "MessagesDropped"), measured(&linked.world, "MessagesPut")), (Some(1), None));
    }
}

#[tokio::test]
async fn who_is_away_or_does_not_work_is_told_nothing() {
    let linked = Linked::with_pages(1).await;
    linked.assert_hears(linked.hears().await.as_ref(), &linked.pages[0]);
    linked.set_status("store", "reconnect_needed").await;
    let told = linked.hears().await.expect("the store's token is not needed for it");
    assert_eq!(told["store_status"], "reconnect_needed");
    for status in ["uninstalled", "erasing"] {
        linked.set_status("store", status).await;
        assert_eq!(linked.hears().await, None, "{status}");
        assert_eq!(measured(&linked.world, "MessagesDropped"), Some(1));
    }
    linked.set_status("store", "active").await;
    let page = format!("page#{}", linked.pages[0]);
    for status in ["reconnect_needed", "moved"] {
        linked.set_status(&page, status).await;
        assert_eq!(linked.hears().await, None, "{status}");
    }
    linked.set_status(&page, "active").await;
    assert!(linked.hears().await.is_some());
    set(
        &linked.world,
        "connections",
        &linked.partition(),
        Some("store"),
        "unconfirmed",
        aws_sdk_dynamodb::types::AttributeValue::Bool(true),
    )
    .await;
    assert_eq!(linked.hears().await, None, "not known to be the same shop as before");
}

#[tokio::test]
async fn a_store_that_uninstalls_hears_nothing_more_until_it_is_linked_again() {
    let mut linked = Linked::with_pages(1).await;
    set(&linked.world, "connections", &linked.partition(), Some("store"), "linked_at", number(1_700_000_000)).await;
    let webhook: Webhook = linked.world.shopify.webhook("app/uninstalled", "acme.myshopify.com");
    assert_eq!(linked.world.gateway().send(&webhook.request()).await.status, 200);
    assert_eq!(linked.hears().await, None);
    linked.uuid = linked.links().await;
    linked.assert_hears(linked.hears().await.as_ref(), &linked.pages[0]);
}

#[tokio::test]
async fn an_account_that_moved_is_told_to_its_new_holder() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser();
    let other = linked_shop(&linked.world, &browser, "other").await;
    let moved = linked.world.move_pages(&browser, [&linked.pages[0]], &Consent::of(&linked.person)).await;
    assert_eq!(moved.status(), 200, "{}", moved.text());
    let told = linked.hears().await.unwrap();
    assert_eq!((&told["user_uuid"], &told["shop"]), (&json!(other), &json!("other.myshopify.com")));
}

#[tokio::test]
async fn instagram_hears_through_its_page_and_ends_with_it() {
    let (linked, instagram) = Linked::with_instagram().await;
    linked.assert_hears(linked.told(&instagram, &text("Hi")).await.as_ref(), &instagram);
    // What is left of a Page that it hung on before leads nowhere; the Page has the last word.
    let place = json!({ "pk": { "S": format!("instagram#{instagram}") }, "sk": { "S": "page#1" } });
    let stale = json!({ "uuid": { "S": linked.uuid }, "linked_ms": { "N": "9999999999999" } });
    let attributes = [place, stale].into_iter().flat_map(|part| part.as_object().cloned().unwrap()).collect();
    linked.world.database.put(&StoredItem { table: "connections".to_owned(), attributes });
    linked.assert_hears(linked.told(&instagram, &text("Hi")).await.as_ref(), &instagram);
    linked.set_status(&format!("page#{}", linked.pages[0]), "reconnect_needed").await;
    assert_eq!(linked.told(&instagram, &text("Hi")).await, None);
}

#[tokio::test]
async fn a_delivery_for_many_reads_each_once() {
    let linked = Linked::with_pages(3).await;
    let facebook = &linked.world.facebook;
    let strangers = (0..150).map(|n| Update::of("page", &format!("55{n:04}"), "7", &text("Hi"), facebook.now_millis()));
    let ours = (0..30).map(|n| facebook.update(&linked.pages[n % 3], "7", &text("Hi")));
    linked.world.database.reset_usage();
    let told = linked.deliver(&facebook.webhook(ours.chain(strangers))).await;
    assert_eq!((told.len(), measured(&linked.world, "MessagesDropped")), (30, Some(150)));
    let usage = linked.world.database.usage();
    assert_eq!(usage.calls("BatchGetItem"), 3, "two for 153 owners, one for the rest: {usage:?}");
}
