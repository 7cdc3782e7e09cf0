//! Signing out ends the session, in the table and in the browser, and nothing else; what stands at the service's own address asks for nothing.

use e2e::browser::{Accept, Page};
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::json;

use crate::connections::{LIST, Linked, assert_back};
use crate::support::{assert_error, case, dump, number, set_in_session};

const SIGN_OUT: &str = "/connections/sign-out";

fn form(token: &str) -> Request {
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("csrf_token", token).finish();
    Request::get(SIGN_OUT).with_method("POST").with_body("application/x-www-form-urlencoded", body)
}

async fn token(linked: &Linked) -> String {
    linked.list().await["csrf_token"].as_str().unwrap().to_owned()
}

#[track_caller]
fn assert_signed_out(page: &Page) {
    assert_eq!((page.status(), page.header("location")), (303, Some("/")), "{}", page.text());
    assert_eq!(page.set_cookies(), ["session_id=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]);
}

/// WSTG-SESS-06.
#[tokio::test]
async fn it_ends_the_session_in_the_table_and_in_the_browser_and_nothing_else() {
    let linked = Linked::with_pages(1).await;
    let other = linked.browser.copied();
    let token = token(&linked).await;
    let (store, page) = (linked.store(), linked.page_item(&linked.pages[0]));
    let records = |world: &World| dump(world).into_iter().filter(|((table, ..), _)| table == "sessions").count();
    let before = records(&linked.world);
    assert_signed_out(&linked.browser.send(form(&token)).await);
    assert_eq!(records(&linked.world), before - 1);
    assert_eq!((linked.store(), linked.page_item(&linked.pages[0])), (store, page), "the link is as it was");
    assert!(linked.browser.cookie("session_id").is_none() && linked.browser.cookie("browser_id").is_some());
    assert_error(&linked.browser.get(LIST).await, 400, "missing_session");
    // Who kept the cookie has nothing.
    for path in [LIST, "/facebook/login"] {
        assert_error(&other.get(path).await, 400, "invalid_session");
    }
    assert!(linked.world.facebook.requests().is_empty() && linked.world.shopify.requests().is_empty());
    // A second click, from a page that is still open.
    assert_signed_out(&other.send(form(&token)).await);
    // The merchant comes again as ever.
    linked.signs_in().await;
    assert_eq!(linked.list().await["user_uuid"], json!(linked.uuid));
}

#[tokio::test]
async fn a_session_that_is_over_can_be_signed_out_of_too() {
    let linked = Linked::with_pages(0).await;
    let token = token(&linked).await;
    set_in_session(&linked.world, "expires_at", number(1)).await;
    assert_signed_out(&linked.browser.send(form(&token)).await);
}

/// WSTG-SESS-05.
#[tokio::test]
async fn it_takes_the_sessions_own_form_as_a_disconnect_does() {
    let linked = Linked::with_pages(1).await;
    let right = token(&linked).await;
    let before = dump(&linked.world);
    linked.world.database.reset_usage();
    for (name, value) in
        [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "none")]
    {
        case((name, value));
        assert_error(&linked.browser.send(form(&right).with_header(name, value)).await, 403, "forbidden");
    }
    for wrong in ["", "x", &right[..42], linked.uuid.as_str()] {
        case(wrong);
        assert_error(&linked.browser.send(form(wrong)).await, 403, "forbidden");
    }
    let json = Request::get(SIGN_OUT).with_method("POST").with_body("application/json", json!({ "csrf_token": right }).to_string());
    assert_error(&linked.browser.send(json).await, 400, "malformed_parameter");
    let large = form(&right).with_body("application/x-www-form-urlencoded", "x=".to_owned() + &"y".repeat(5000));
    assert_error(&linked.browser.send(large).await, 413, "payload_too_large");
    assert_error(&linked.world.browser().send(form(&right)).await, 400, "missing_session");
    assert_eq!(linked.world.database.usage().total().calls, 0, "none of it needs the database");
    assert_eq!(dump(&linked.world), before);
    // The list's token is one for all its forms.
    let disconnect = super::form(&[("csrf_token", &right), ("platform", "facebook"), ("account", &linked.pages[0])]);
    assert_back(&linked.browser.send(disconnect).await);
}

#[tokio::test]
async fn without_storage_it_says_so_and_the_session_stays() {
    let linked = Linked::with_pages(0).await;
    let token = token(&linked).await;
    linked.world.database.fail_operation("DeleteItem", e2e::database::DatabaseFault::InternalError, 1000);
    let page = linked.browser.send(form(&token)).await;
    assert_error(&page, 503, "storage_unavailable");
    assert!(page.set_cookies().is_empty());
    linked.world.database.clear_faults();
    assert_signed_out(&linked.browser.send(form(&token)).await);
}

#[tokio::test]
async fn the_services_own_address_says_what_it_is_to_anybody_and_reads_nothing() {
    let world = World::start().await;
    let browser = world.browser();
    world.database.reset_usage();
    let told = browser.get("/").await;
    assert_eq!((told.status(), &told.json()["service"]), (200, &json!("messenger-link")));
    assert!(told.json()["detail"].as_str().is_some_and(|detail| detail.contains("ask whoever sent you here")));
    for (language, words) in [("en", "ask whoever sent you here"), ("de", "die Sie hierher geschickt hat")] {
        let page = browser.copied().accepting(Accept::Html).send(Request::get("/").with_header("accept-language", language)).await;
        let text = page.text().split("</main>").next().unwrap().to_owned();
        assert!(page.status() == 200 && text.contains(words) && !text.contains("<form") && !text.contains("<a "), "{text}");
    }
    // With cookies and a query it says the same.
    let session = Request::get("/?shop=acme.myshopify.com").with_header("cookie", "session_id=x; session_id=y");
    assert_eq!(browser.send(session).await.json(), told.json());
    assert!(told.set_cookies().is_empty());
    assert_eq!(world.database.usage().total().calls, 0);
}
