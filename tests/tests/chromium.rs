//! The whole flow in a real browser, as a merchant goes through it: every click on what the pages show, no script of ours.
//! Pictures of the pages are left in `target/screenshots`.

use e2e::chromium::Chromium;
use e2e::front::Front;
use e2e::world::World;
use serde_json::Value;

/// A browser before the service, and two Pages at Facebook. None where there is no Chromium.
#[expect(clippy::print_stderr, reason = "a test that was left out must not look like one that passed")]
async fn browser_and_service() -> Option<(Chromium, Front)> {
    let Some(executable) = Chromium::executable() else {
        let line = "#".repeat(80);
        eprintln!("{line}\n# LEFT OUT: there is no Chromium. E2E_CHROMIUM=/path/to/chromium says where one is.\n{line}");
        return None;
    };
    let front = Front::start(World::builder()).await;
    let person = front.world.facebook.add_person("Jo Doe");
    front.world.facebook.add_page(&person, "Acme Store");
    front.world.facebook.add_page(&person, "Acme Outlet");
    Some((Chromium::start(&executable).await, front))
}

fn page_ids(front: &Front) -> Vec<String> {
    let items = front.world.database.scan("connections");
    let mut ids: Vec<String> = items.iter().filter_map(|item| item.text("pk")?.strip_prefix("page#").map(str::to_owned)).collect();
    ids.sort();
    ids
}

fn identities(front: &Front) -> Vec<String> {
    let items = front.world.database.scan("connections");
    let mut uuids: Vec<String> =
        items.iter().filter_map(|item| item.text("uuid").or_else(|| item.text("pk")?.strip_prefix("uuid#")).map(str::to_owned)).collect();
    uuids.sort();
    uuids.dedup();
    uuids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_links_a_store_and_its_pages_by_clicking() {
    let Some((browser, front)) = browser_and_service().await else { return };
    let origin = front.origin().to_owned();

    browser.open(&format!("{origin}/shopify/acme/login")).await;
    assert!(browser.url().await.starts_with(&front.world.shopify.url()), "{}", browser.url().await);
    browser.screenshot("1-shopify-asks").await;
    browser.follow("#approve").await;
    let text = browser.text().await;
    assert!(text.contains("Your store is connected") && text.contains("Acme Store") && text.contains("acme.myshopify.com"), "{text}");
    assert!(browser.url().await.starts_with(&format!("{origin}/shopify/callback?")));
    browser.screenshot("2-store-connected").await;

    let cookies = browser.cookies(&origin).await;
    let names: Vec<_> = cookies.iter().filter_map(|cookie| cookie["name"].as_str()).collect();
    assert!(names.contains(&"session_id") && names.contains(&"browser_id") && names.len() == 2, "{names:?}");
    assert!(cookies.iter().all(|cookie| cookie["httpOnly"] == true && cookie["sameSite"] == "Lax"), "{cookies:?}");
    assert_eq!(browser.evaluate("document.cookie").await, "", "a script sees a cookie");

    browser.follow("#next").await;
    assert!(browser.url().await.starts_with(&front.world.facebook.url()), "{}", browser.url().await);
    browser.screenshot("3-facebook-asks").await;
    browser.follow("#approve").await;
    let text = browser.text().await;
    assert!(text.contains("Your Pages are connected") && text.contains("Acme Store") && text.contains("Acme Outlet"), "{text}");
    browser.screenshot("4-pages-connected").await;

    assert_eq!(page_ids(&front).len(), 2);
    assert_eq!(identities(&front).len(), 1, "one UUID holds the store and its Pages");
    let names: Vec<Value> = browser.cookies(&origin).await.iter().map(|cookie| cookie["name"].clone()).collect();
    assert_eq!(names, ["browser_id"], "the session has ended");
    // The stand-ins have no icon, and say so with an error; our own pages have none either, and don't let the browser ask.
    let icons = [front.world.shopify.url(), front.world.facebook.url()].map(|provider| format!("{provider}/favicon.ico"));
    let errors: Vec<String> = browser.errors().into_iter().filter(|error| !icons.iter().any(|icon| error.contains(icon))).collect();
    assert!(errors.is_empty(), "{errors:?}");

    browser.reload().await;
    let text = browser.text().await;
    assert!(text.contains("This sign-in was used already") && text.contains("Your Pages are connected already"), "{text}");
    browser.screenshot("5-reloaded").await;
    assert_eq!(page_ids(&front).len(), 2);
    assert_eq!(front.world.facebook.requests_of("code_exchange").len(), 1);

    let ours = [origin, front.world.shopify.url(), front.world.facebook.url()];
    for url in browser.requested() {
        assert!(ours.iter().any(|known| url.starts_with(&format!("{known}/"))) || url == "about:blank", "a request to {url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_of_the_stores_callback_leads_on_to_facebook() {
    let Some((browser, front)) = browser_and_service().await else { return };
    browser.open(&format!("{}/shopify/acme/login", front.origin())).await;
    browser.follow("#approve").await;
    browser.reload().await;
    let text = browser.text().await;
    assert!(text.contains("Your store is connected already"), "{text}");
    browser.follow("#next").await;
    assert!(browser.url().await.starts_with(&front.world.facebook.url()), "{}", browser.url().await);
    browser.follow("#approve").await;
    assert!(browser.text().await.contains("Your Pages are connected"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_who_cancels_at_facebook_tries_again_and_chooses_one_page() {
    let Some((browser, front)) = browser_and_service().await else { return };
    browser.open(&format!("{}/shopify/acme/login", front.origin())).await;
    browser.follow("#approve").await;
    browser.follow("#next").await;
    browser.follow("#decline").await;
    let text = browser.text().await;
    assert!(text.contains("Nothing was connected"), "{text}");
    browser.screenshot("6-cancelled").await;
    assert!(page_ids(&front).is_empty());

    browser.follow("#next").await;
    assert!(browser.url().await.contains("auth_type=rerequest"));
    browser.click("input[name=pages]").await;
    browser.follow("#approve").await;
    assert!(browser.text().await.contains("Your Pages are connected"), "{}", browser.text().await);
    assert_eq!(page_ids(&front).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_without_a_permission_is_asked_again() {
    let Some((browser, front)) = browser_and_service().await else { return };
    browser.open(&format!("{}/shopify/acme/login", front.origin())).await;
    browser.follow("#approve").await;
    browser.follow("#next").await;
    browser.click("#permissions-pages_messaging").await;
    browser.follow("#approve").await;
    let text = browser.text().await;
    assert!(text.contains("A permission is missing") && text.contains("pages_messaging"), "{text}");
    browser.screenshot("7-permission-missing").await;
    browser.follow("#next").await;
    browser.follow("#approve").await;
    assert!(browser.text().await.contains("Your Pages are connected"), "{}", browser.text().await);
    assert_eq!(identities(&front).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_their_data_deleted_and_reads_what_became_of_it() {
    let Some((browser, front)) = browser_and_service().await else { return };
    browser.open(&format!("{}/shopify/acme/login", front.origin())).await;
    browser.follow("#approve").await;
    browser.follow("#next").await;
    browser.follow("#approve").await;
    assert!(!page_ids(&front).is_empty());
    browser.open(&format!("{}/settings", front.world.facebook.url())).await;
    browser.follow("#delete_data").await;
    while !browser.text().await.contains("What became of it") {
        browser.reload().await;
    }
    browser.follow("a.status").await;
    let text = browser.text().await;
    assert!(text.contains("Your data was deleted") && text.contains("Confirmation code"), "{text}");
    browser.screenshot("8-data-deleted").await;
    assert!(page_ids(&front).is_empty());
}
