//! Back to where the merchant came from: the main button of the last page of a flow that linked Pages, and of the one that says so again.

use e2e::browser::{Accept, Browser, Page};
use e2e::facebook::Consent;
use e2e::world::World;
use serde_json::Value;

use crate::support::person_with_page;

/// Where the main button of a page leads, and what it is called.
fn main_button(page: &str) -> (String, String) {
    let button = page.split("<a id=\"next\" class=\"button\" href=\"").nth(1).unwrap_or_else(|| panic!("no main button: {page}"));
    let (href, rest) = button.split_once('"').unwrap();
    let label = rest.split('>').nth(1).unwrap().split('<').next().unwrap();
    (href.replace("&#38;", "&"), label.replace("&#38;", "&"))
}

/// Links a store and a Page; the success, and the same callback once more.
async fn linked(world: &World, browser: &Browser) -> [Page; 2] {
    let (person, _) = person_with_page(&world.facebook);
    assert_eq!(world.link_shop(browser, "acme").await.status(), 200);
    let callback = world.approve_pages(browser, &Consent::of(&person)).await;
    let first = browser.get(&callback).await;
    assert_eq!(first.status(), 200, "{}", first.text());
    let second = browser.get(&callback).await;
    assert_eq!(second.status(), 400, "{}", second.text());
    [first, second]
}

#[tokio::test]
async fn both_pages_lead_back_to_the_configured_address() {
    for (return_url, leads_to) in [
        ("https://brand.example/app?a=1&b=%2F#/stores", "https://brand.example/app?a=1&b=%2F&status=linked#/stores"),
        ("https://brand.example", "https://brand.example?status=linked"),
    ] {
        let world = World::builder().setting("RETURN_URL", return_url).setting("BRAND_NAME", "Käufer & Co").start().await;
        for page in linked(&world, &world.browser().accepting(Accept::Html)).await {
            assert_eq!(main_button(&page.text()), (leads_to.to_owned(), "Back to Käufer & Co".to_owned()));
            assert_eq!(page.text().matches("class=\"button\"").count(), 1, "one button is filled: {}", page.text());
        }
    }
}

#[tokio::test]
async fn without_one_they_lead_to_the_admin_of_the_store() {
    let world = World::start().await;
    for page in linked(&world, &world.browser().accepting(Accept::Html)).await {
        let (href, label) = main_button(&page.text());
        assert_eq!((href.as_str(), label.as_str()), ("https://admin.shopify.com/store/acme", "Back to your Shopify admin"));
        assert!(page.text().contains("href=\"/shopify/acme.myshopify.com/login\""), "the list is one step away: {}", page.text());
    }
}

#[tokio::test]
async fn programs_are_told_what_they_were_told_before() {
    let world = World::builder().setting("RETURN_URL", "https://brand.example/").start().await;
    let [first, second] = linked(&world, &world.browser()).await;
    assert!(first.json()["next"].is_null() && !first.text().contains("brand.example"), "{}", first.text());
    assert_eq!(second.json()["next"], "/shopify/acme.myshopify.com/login");
    assert!(!second.text().contains("brand.example"), "{}", second.text());
}

#[tokio::test]
async fn where_nothing_was_linked_nothing_leads_back() {
    let world = World::builder().setting("RETURN_URL", "https://brand.example/").start().await;
    let browser = world.browser().accepting(Accept::Html);
    let (person, page) = person_with_page(&world.facebook);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    world.facebook.remove_page(&page);
    for status in [403, 400] {
        let refused = browser.get(&callback).await;
        assert_eq!(refused.status(), status);
        assert!(!refused.text().contains("brand.example"), "{}", refused.text());
    }
}

#[tokio::test]
async fn a_link_notes_when_store_and_grant_were_found_working() {
    let world = World::start().await;
    linked(&world, &world.browser()).await;
    let items = world.database.scan("connections");
    let noted: Vec<&Value> = items
        .iter()
        .filter(|item| item.text("sk").is_some_and(|sk| sk == "store" || sk.starts_with("person#")))
        .map(|item| &item.attributes["checked_at"]["N"])
        .collect();
    assert_eq!(noted.len(), 2);
    let linked_at = |item: &e2e::database::StoredItem| item.attributes.get("linked_at").map(|at| at["N"].clone());
    let at: Vec<Value> = items.iter().filter_map(linked_at).collect();
    assert!(noted.iter().all(|noted| at.contains(noted)), "{noted:?} {at:?}");
}
