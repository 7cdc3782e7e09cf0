//! The list: what is linked under the session's identity, as it is at this moment.

use e2e::browser::Accept;
use e2e::facebook::Consent;
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::{Value, json};

use crate::connections::{ACME, LIST, Linked, list};
use crate::support::{
    assert_error, give_tasks, linked_pages, linked_shop, number, person_with_page, raise_generation, set, set_in_session,
};

#[tokio::test]
async fn a_store_is_listed_with_its_pages() {
    let linked = Linked::with_pages(2).await;
    let listed = linked.list().await;
    assert_eq!(listed["user_uuid"], json!(linked.uuid));
    assert_eq!(listed["shops"], json!([{ "shop": ACME, "name": "Acme Store", "status": "active" }]));
    let page = |n: usize| json!({ "page_id": linked.pages[n], "name": format!("Page {n} of Jo"), "status": "active", "messaging_ready": true, "thread_routing": false });
    assert_eq!(listed["pages"], json!([page(0), page(1)]));
    assert_eq!(listed["csrf_token"].as_str().map(str::len), Some(43));
    let names: Vec<&String> = listed.as_object().unwrap().keys().collect();
    assert_eq!(names, ["csrf_token", "pages", "shops", "user_uuid"]);
}

#[tokio::test]
async fn a_store_without_pages_is_listed() {
    let linked = Linked::with_pages(0).await;
    assert_eq!(linked.list().await["pages"], json!([]));
    let page = linked.world.browser().accepting(Accept::Html);
    linked_shop_html(&linked.world, &page).await;
    let text = page.get(LIST).await.text();
    assert!(text.contains("/facebook/login?shop=acme.myshopify.com"), "{text}");
}

async fn linked_shop_html(world: &World, browser: &e2e::browser::Browser) {
    assert_eq!(world.link_shop(browser, "acme").await.status(), 200);
}

#[tokio::test]
async fn the_page_has_a_form_for_each_that_the_form_of_another_site_can_not_be() {
    let linked = Linked::with_pages(2).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let page = linked.browser.copied().accepting(Accept::Html).get(LIST).await;
    assert_eq!((page.status(), page.header("referrer-policy")), (200, Some("same-origin")), "with none the form's Origin would be null");
    let text = page.text();
    assert_eq!(text.matches("action=\"/connections/disconnect\"").count(), 3);
    assert_eq!(text.matches("action=\"/connections/sign-out\"").count(), 1);
    assert_eq!(text.matches(&format!("name=\"csrf_token\" value=\"{token}\"")).count(), 4, "the same token for page and JSON");
    for account in linked.pages.iter().map(String::as_str).chain([ACME]) {
        assert!(text.contains(&format!("name=\"account\" value=\"{account}\"")), "{account}");
    }
    assert_eq!(text.matches("name=\"uninstall\" value=\"1\"").count(), 1);
    assert_eq!(linked.browser.get(LIST).await.header("referrer-policy"), Some("no-referrer"), "JSON has no form");
}

#[tokio::test]
async fn a_list_is_of_its_sessions_identity_alone() {
    let linked = Linked::with_pages(1).await;
    let (kim, kims) = person_with_page(&linked.world.facebook);
    let other = linked.world.browser();
    let other_uuid = linked_shop(&linked.world, &other, "other").await;
    linked_pages(&linked.world, &other, &Consent::of(&kim)).await;
    linked_shop(&linked.world, &other, "other").await;
    let (mine, theirs) = (linked.list().await, list(&other).await);
    assert_eq!((&mine["user_uuid"], &theirs["user_uuid"]), (&json!(linked.uuid), &json!(other_uuid)));
    assert_eq!((&mine["pages"][0]["page_id"], &theirs["pages"][0]["page_id"]), (&json!(linked.pages[0]), &json!(kims)));
    assert_ne!(mine["csrf_token"], theirs["csrf_token"]);
    for (text, foreign) in [(mine.to_string(), [&other_uuid, &kims]), (theirs.to_string(), [&linked.uuid, &linked.pages[0]])] {
        assert!(foreign.iter().all(|foreign| !text.contains(foreign.as_str())), "{text}");
    }
    // Whatever is asked for by name.
    let asked = linked.browser.get(&format!("{LIST}?user_uuid={other_uuid}&shop=other.myshopify.com")).await;
    assert_eq!(asked.json()["user_uuid"], json!(linked.uuid));
}

#[tokio::test]
async fn the_list_says_how_each_is_at_this_moment() {
    let linked = Linked::with_pages(3).await;
    let partition = format!("uuid#{}", linked.uuid);
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    let page = |n: usize| format!("page#{}", linked.pages[n]);
    for (sk, name, value) in [
        (page(0), "messaging_ready", aws_sdk_dynamodb::types::AttributeValue::Bool(false)),
        (page(0), "messaging_reason", text("app_not_subscribed")),
        (page(1), "status", text("reconnect_needed")),
        (page(1), "reason", text("password_changed")),
        (page(2), "status", text("moved")),
        ("store".to_owned(), "status", text("reconnect_needed")),
        ("store".to_owned(), "reason", text("token_refused")),
    ] {
        set(&linked.world, "connections", &partition, Some(&sk), name, value).await;
    }
    let listed = linked.list().await;
    let told: Vec<(&Value, &Value, &Value, &Value)> = listed["pages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|page| (&page["status"], &page["reason"], &page["messaging_ready"], &page["messaging_reason"]))
        .collect();
    let null = Value::Null;
    assert_eq!(
        told,
        [
            (&json!("active"), &null, &json!(false), &json!("app_not_subscribed")),
            (&json!("reconnect_needed"), &json!("password_changed"), &json!(false), &null),
            (&json!("moved"), &null, &json!(false), &null),
        ]
    );
    let shop = &listed["shops"][0];
    assert_eq!((&shop["status"], &shop["reason"]), (&json!("reconnect_needed"), &json!("token_refused")));
    assert_eq!(shop["login_url"], json!(format!("{}/shopify/{ACME}/login", linked.world.gateway().origin())));
}

#[tokio::test]
async fn a_page_that_moved_away_is_told_without_its_new_holder() {
    let linked = Linked::with_pages(1).await;
    let kim = linked.world.facebook.add_person("Kim Roe");
    give_tasks(&linked.world.facebook, &linked.pages[0], &kim, &["MANAGE", "MODERATE", "MESSAGING"]);
    let browser = linked.world.browser();
    let other = linked_shop(&linked.world, &browser, "other").await;
    assert_eq!(linked.world.move_pages(&browser, &linked.pages, &Consent::of(&kim)).await.status(), 200);
    let listed = linked.list().await;
    assert_eq!(listed["pages"][0]["status"], "moved");
    assert!(!listed.to_string().contains(&other) && !listed.to_string().contains("other.myshopify"));
}

#[tokio::test]
async fn without_a_live_session_nothing_is_listed() {
    let linked = Linked::with_pages(1).await;
    assert_error(&linked.world.browser().get(LIST).await, 400, "missing_session");
    let planted = Request::get(LIST).with_header("cookie", &format!("session_id={}", "A".repeat(43)));
    assert_error(&linked.browser.send(planted).await, 400, "invalid_session");
    let own = linked.browser.cookie("session_id").unwrap();
    for cookie in [format!("session_id={own}; session_id={own}"), "session_id=x".to_owned()] {
        assert_error(&linked.browser.send(Request::get(LIST).with_header("cookie", &cookie)).await, 400, "invalid_session");
    }
    // From a query or a form it is none.
    assert_error(&linked.world.browser().get(&format!("{LIST}?session_id={own}")).await, 400, "missing_session");
    // One whose time is over though the table still holds it, and one whose identity went on without it.
    raise_generation(&linked.world, &linked.uuid).await;
    assert_error(&linked.browser.get(LIST).await, 400, "invalid_session");
    set(&linked.world, "connections", &format!("uuid#{}", linked.uuid), Some("store"), "generation", number(1)).await;
    assert_eq!(linked.browser.get(LIST).await.status(), 200);
    set_in_session(&linked.world, "expires_at", number(1)).await;
    assert_error(&linked.browser.get(LIST).await, 400, "invalid_session");
}

#[tokio::test]
async fn who_has_no_session_is_led_on() {
    let world = World::start().await;
    let page = world.browser().accepting(Accept::Html).get(LIST).await;
    assert_eq!(page.status(), 400);
    assert!(page.text().contains("https://admin.shopify.com/"), "{}", page.text());
}

#[tokio::test]
async fn what_is_being_erased_is_not_listed() {
    let linked = Linked::with_pages(1).await;
    let erasing = aws_sdk_dynamodb::types::AttributeValue::S("erasing".to_owned());
    set(&linked.world, "connections", &format!("uuid#{}", linked.uuid), Some("store"), "status", erasing).await;
    assert_error(&linked.browser.get(LIST).await, 400, "invalid_session");
}

#[tokio::test]
async fn listing_writes_nothing_and_asks_no_provider() {
    let linked = Linked::with_pages(1).await;
    let before = crate::support::dump(&linked.world);
    for _ in 0..3 {
        linked.list().await;
    }
    assert_eq!(crate::support::dump(&linked.world), before);
    assert!(linked.world.shopify.requests().is_empty() && linked.world.facebook.requests().is_empty());
}

#[tokio::test]
async fn each_route_takes_its_own_method() {
    let linked = Linked::with_pages(0).await;
    for (path, method) in [(LIST, "POST"), (LIST, "PUT"), (LIST, "DELETE"), (super::DISCONNECT, "GET"), (super::DISCONNECT, "PUT")] {
        let page = linked.browser.send(Request::get(path).with_method(method)).await;
        assert!(matches!(page.status(), 404 | 405), "{method} {path}: {}", page.status());
    }
    assert_eq!(linked.list().await["shops"][0]["status"], "active");
}

#[tokio::test]
async fn on_https_the_sessions_cookie_has_its_prefix() {
    let linked = Linked::in_world(World::builder().https().start().await, 1).await;
    assert!(linked.browser.cookie("__Host-session_id").is_some());
    linked.disconnects_page(&linked.pages[0]).await;
    let own = linked.browser.cookie("__Host-session_id").unwrap();
    let twin = Request::get(LIST).with_header("cookie", &format!("session_id={own}"));
    assert_error(&linked.browser.send(twin).await, 400, "missing_session");
}
