//! A merchant who opens the app of a store that is linked already sees what is linked.

use e2e::browser::{Accept, Browser};
use e2e::database::DatabaseFault;
use e2e::faults::{Fault, Times};
use e2e::gate::{Gate, until};
use e2e::world::World;
use serde_json::json;

use crate::connections::{ACME, LIST, Linked, assert_back, disconnects};
use crate::support::{set, with_parameter};

/// Opens the app from the store's admin, as far as the page that the merchant then sees.
async fn launched(world: &World, browser: &Browser) -> e2e::browser::Page {
    let launch = browser.get(&world.shopify.launch_url(ACME)).await;
    let callback = world.shopify.approve(launch.location());
    browser.get(&callback).await
}

fn shows_the_list(text: &str) -> bool {
    text.contains("Page 0 of Jo")
}

#[tokio::test]
async fn a_store_with_pages_ends_on_its_list_without_forms() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser().accepting(Accept::Html);
    let page = launched(&linked.world, &browser).await;
    let text = page.text();
    assert_eq!((page.status(), page.header("referrer-policy")), (200, Some("no-referrer")));
    assert!(shows_the_list(&text) && text.contains("Acme Store"), "{text}");
    assert!(!text.contains("<form") && !text.contains("csrf"), "{text}");
    assert!(text.contains("href=\"/connections\""), "and leads to where things can be done");
    // With the session that it has now.
    let list = browser.get(LIST).await;
    assert_eq!(list.status(), 200);
    assert!(list.text().contains("<form"));
}

#[tokio::test]
async fn for_programs_nothing_changes() {
    let linked = Linked::with_pages(1).await;
    let page = launched(&linked.world, &linked.world.browser()).await.json();
    let names: Vec<&String> = page.as_object().unwrap().keys().collect();
    assert_eq!(names, ["next", "scope", "shop", "shopify_data", "user_uuid", "warnings"]);
    assert_eq!((&page["next"], &page["user_uuid"]), (&json!("/facebook/login"), &json!(linked.uuid)));
}

#[tokio::test]
async fn a_store_without_pages_is_led_on_to_facebook() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser().accepting(Accept::Html);
    linked.disconnects_page(&linked.pages[0]).await;
    let text = launched(&linked.world, &browser).await.text();
    assert!(!shows_the_list(&text) && text.contains("/facebook/login?shop=acme.myshopify.com"), "{text}");
    // A note of a Page that moved away is no Page.
    linked.links_pages().await;
    let moved = aws_sdk_dynamodb::types::AttributeValue::S("moved".to_owned());
    set(&linked.world, "connections", &format!("uuid#{}", linked.uuid), Some(&format!("page#{}", linked.pages[0])), "status", moved).await;
    let text = launched(&linked.world, &browser).await.text();
    assert!(!shows_the_list(&text) && text.contains("/facebook/login?shop=acme.myshopify.com"), "{text}");
}

#[tokio::test]
async fn a_start_with_the_move_of_former_links_is_a_start_like_any_other() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser().accepting(Accept::Html);
    let login = browser.get("/shopify/acme/login?move=1").await;
    let text = browser.get(&linked.world.shopify.approve(login.location())).await.text();
    assert!(shows_the_list(&text) && !text.contains("move"), "{text}");
}

#[tokio::test]
async fn a_store_that_was_disconnected_shows_its_pages_as_working_again() {
    let linked = Linked::with_pages(1).await;
    assert_back(&disconnects(&linked.browser, "shopify", ACME, &[]).await);
    let browser = linked.world.browser().accepting(Accept::Html);
    let revived = launched(&linked.world, &browser).await.text();
    assert!(shows_the_list(&revived), "{revived}");
    let again = launched(&linked.world, &browser).await.text();
    assert_eq!(revived, again, "as any later launch shows them");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_confirmed_is_not_shown_as_working_and_the_keeper_comes_soon() {
    let linked = Linked::with_pages(1).await;
    assert_back(&disconnects(&linked.browser, "shopify", ACME, &[]).await);
    let browser = linked.world.browser().accepting(Accept::Html);
    let gate = Gate::closed();
    linked.world.shopify.switch_on("graphql", gate.fault(), Times::Once);
    let failing = async {
        gate.reached(1).await;
        until("the link is stored", || linked.store().text("status") == Some("active")).await;
        linked.world.database.fail_operation("UpdateItem", DatabaseFault::InternalError, 100);
        gate.open();
    };
    let (page, ()) = tokio::join!(launched(&linked.world, &browser), failing);
    linked.world.database.clear_faults();
    let shown = page.text();
    assert!(page.status() == 200 && shows_the_list(&shown), "{shown}");
    assert!(shown.contains("Paused") && !shown.contains("Receives messages"), "{shown}");
    let status = async || linked.tokens().await["pages"][0]["status"].clone();
    assert_eq!(status().await, "uninstalled");
    let due: u64 = linked.store().text("due_at").unwrap().parse().unwrap();
    let linked_at: u64 = linked.store().text("linked_at").unwrap().parse().unwrap();
    assert!(due <= linked_at + 600, "due {} s after the link", due - linked_at);
    linked.world.make_due(&linked.uuid, "store").await;
    linked.clear_requests();
    linked.world.invoke("token-keeper", json!({})).await;
    assert_eq!(status().await, "active");
    assert_eq!(linked.world.shopify.requests().len(), 1, "one question");
    let due: u64 = linked.store().text("due_at").unwrap().parse().unwrap();
    assert!(due > linked_at + 6 * 86_400, "due {} s after the link", due - linked_at);
}

#[tokio::test]
async fn a_list_that_can_not_be_read_does_not_keep_a_store_from_being_linked() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser().accepting(Accept::Html);
    linked.world.database.fail_operation("Query", DatabaseFault::InternalError, 100);
    let page = launched(&linked.world, &browser).await;
    linked.world.database.clear_faults();
    assert_eq!(page.status(), 200, "{}", page.text());
    assert!(!shows_the_list(&page.text()));
    assert_eq!(browser.get(LIST).await.status(), 200);
}

#[tokio::test]
async fn without_the_shops_data_the_list_is_shown_all_the_same() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser().accepting(Accept::Html);
    linked.world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
    let page = launched(&linked.world, &browser).await;
    assert!(page.status() == 200 && shows_the_list(&page.text()), "{}", page.text());
}

#[tokio::test]
async fn another_shop_under_the_domain_does_not_see_the_former_ones_pages() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser().accepting(Accept::Html);
    linked.world.shopify.edit_shop(ACME, |shop| shop.id += 1);
    let page = launched(&linked.world, &browser).await;
    assert_eq!(page.status(), 200, "{}", page.text());
    assert!(!shows_the_list(&page.text()), "{}", page.text());
}

#[tokio::test]
async fn a_list_is_shown_to_nobody_whose_callback_was_refused() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser().accepting(Accept::Html);
    let launch = browser.get(&linked.world.shopify.launch_url(ACME)).await;
    let callback = linked.world.shopify.approve(launch.location());
    for broken in [with_parameter(&callback, "hmac", Some("0")), with_parameter(&callback, "state", Some("x"))] {
        let page = browser.get(&broken).await;
        assert!(page.status() == 400 && !shows_the_list(&page.text()), "{}", page.text());
    }
    let thief = linked.world.browser().accepting(Accept::Html);
    assert!(!shows_the_list(&thief.get(&callback).await.text()));
}
