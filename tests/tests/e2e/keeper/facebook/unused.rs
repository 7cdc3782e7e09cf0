//! A person's token is kept only while a Page rests on it: it would open other merchants' Pages as well.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::database::StoredItem;
use e2e::facebook::{ALL_TASKS, Consent};

use super::{DAY, Linked, now, report};
use crate::support::{give_tasks, linked_pages, linked_shop, set};

async fn set_status(linked: &Linked, page: &str, status: &str, remove: &str) {
    let key = |text: String| AttributeValue::S(text);
    let write = linked.world.database.client().update_item().table_name("connections");
    let write = write.key("pk", key(format!("uuid#{}", linked.uuid))).key("sk", key(format!("page#{page}")));
    let write = write.update_expression(format!("SET #status = :status{remove}")).expression_attribute_names("#status", "status");
    write.expression_attribute_values(":status", key(status.to_owned())).send().await.unwrap();
}

fn has_token(item: &StoredItem) -> bool {
    item.attributes.contains_key("access_token")
}

/// The token is gone, nobody looks after it any more, and whoever it was can be found still.
fn assert_let_go(linked: &Linked) {
    let grant = linked.grant();
    assert!(!has_token(&grant) && grant.text("due_at").is_none(), "{grant:?}");
    assert_eq!(grant.text("person"), Some(format!("facebook#{}", linked.person).as_str()));
}

#[tokio::test]
async fn a_token_goes_once_the_last_page_has_moved_away() {
    let linked = Linked::with_pages(2).await;
    set_status(&linked, &linked.pages[0], "moved", " REMOVE access_token").await;
    assert_eq!(linked.visit().await, report(0, 2, 0, 0));
    assert!(has_token(&linked.grant()), "one Page is left");
    set_status(&linked, &linked.pages[1], "moved", " REMOVE access_token").await;
    linked.world.facebook.clear_requests();
    assert_eq!(linked.visit().await, report(0, 0, 0, 0));
    assert_let_go(&linked);
    assert!(linked.world.facebook.requests().is_empty(), "the grant lives elsewhere: nobody is asked, and nothing is revoked");
    assert_eq!(linked.run().await["due"], 0);
}

#[tokio::test]
async fn a_token_goes_once_its_pages_rest_on_anothers_grant() {
    let linked = Linked::with_pages(1).await;
    let kim = linked.world.facebook.add_person("Kim Roe");
    give_tasks(&linked.world.facebook, &linked.pages[0], &kim, ALL_TASKS);
    let browser = linked.world.browser();
    linked_shop(&linked.world, &browser, "acme").await;
    linked_pages(&linked.world, &browser, &Consent::of(&kim)).await;
    linked.visit().await;
    assert_let_go(&linked);
    assert!(has_token(&linked.page(&linked.pages[0])));
}

#[tokio::test]
async fn a_token_goes_with_the_last_page_that_is_let_go() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    set_status(&linked, page, "reconnect_needed", "").await;
    linked.set_of_page(page, "dead_since", now() - 29 * DAY).await;
    linked.visit().await;
    assert!(has_token(&linked.grant()) && has_token(&linked.page(page)), "it may have been a mistake");
    linked.set_of_page(page, "dead_since", now() - 31 * DAY).await;
    linked.visit().await;
    assert!(!has_token(&linked.page(page)));
    assert_let_go(&linked);
    assert_eq!(linked.page(page).text("person"), linked.grant().text("person"), "the Page is found by itself");
}

#[tokio::test]
async fn a_token_of_a_store_that_left_goes_as_well() {
    let linked = Linked::with_pages(1).await;
    set_status(&linked, &linked.pages[0], "moved", " REMOVE access_token").await;
    let uuid = format!("uuid#{}", linked.uuid);
    set(&linked.world, "connections", &uuid, Some("store"), "status", AttributeValue::S("uninstalled".to_owned())).await;
    linked.visit().await;
    assert_let_go(&linked);
}
