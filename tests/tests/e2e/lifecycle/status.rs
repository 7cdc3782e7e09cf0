//! What a person is told, without a session.

use e2e::browser::Accept;
use e2e::database::DatabaseFault;
use e2e::search::Secrets;
use serde_json::json;

use crate::lifecycle::{DELETION, Linked, json_of};

#[tokio::test]
async fn the_page_says_what_was_deleted_and_when() {
    let linked = Linked::with_pages(2).await;
    let told = json_of(&linked.send(DELETION, &linked.leave()).await);
    let (url, code) = (told["url"].as_str().unwrap(), told["confirmation_code"].as_str().unwrap());
    let stranger = linked.world.browser();
    let status = stranger.get(url).await;
    let said = status.json();
    assert_eq!((status.status(), &said["status"], &said["records"]), (200, &json!("complete"), &json!(3)), "{said}");
    assert!(said["deleted_at"].as_str().is_some_and(|at| at.ends_with('Z')) && said["requested_at"].is_string());
    let page = linked.world.browser().accepting(Accept::Html).get(url).await;
    assert_eq!(page.status(), 200);
    for text in ["Your data was deleted", code, said["deleted_at"].as_str().unwrap(), "<dt>Records deleted</dt><dd>3</dd>"] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let mut personal = Secrets::default();
    personal.add("the person", &linked.person);
    personal.add("the identity", &linked.uuid);
    personal.add("the store", "acme.myshopify.com");
    personal.add_all("a Page", &linked.pages);
    personal.add_all("a name", ["Page 0 of Jo", "Page 1 of Jo"]);
    personal.assert_not_in("the status", status.text());
    personal.assert_not_in("the page", page.text());
    assert!(page.set_cookies().is_empty() && status.set_cookies().is_empty());
}

#[tokio::test]
async fn who_was_not_known_is_told_so_and_an_unknown_code_is_not_found() {
    let linked = Linked::with_pages(1).await;
    let told = json_of(&linked.send(DELETION, &linked.world.facebook.signed_leave("99999999999999")).await);
    let code = told["confirmation_code"].as_str().unwrap().to_owned();
    let status = || linked.browser.get(told["url"].as_str().unwrap());
    // The index lags behind by moments: nothing is promised before the second look.
    assert_eq!(status().await.json()["status"], "in_progress");
    linked.everything_is_marked().await;
    linked.keeper_runs().await;
    let said = status().await.json();
    assert_eq!((&said["status"], &said["records"]), (&json!("complete"), &json!(0)), "{said}");
    let dashed = format!("{}-{}-{}-{}-{}", &code[..8], &code[8..12], &code[12..16], &code[16..20], &code[20..]);
    for unknown in
        ["0".repeat(32), code.to_uppercase() + "A", code[1..].to_owned(), format!("{code}0"), dashed, "%00".to_owned(), "é".to_owned()]
    {
        let reply = linked.browser.get(&format!("{DELETION}/{unknown}")).await;
        assert_eq!((reply.status(), reply.code().as_deref()), (404, Some("not_found")), "{unknown}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_deletion_that_could_not_be_finished_says_so_until_the_keeper_has_done_it() {
    let linked = Linked::with_pages(1).await;
    linked.world.database.fail_operation("TransactWriteItems", DatabaseFault::InternalError, 1000);
    let reply = linked.send(DELETION, &linked.leave()).await;
    linked.world.database.clear_faults();
    assert_eq!(reply.status, 200, "it is taken down: {}", reply.text());
    linked.assert_linked();
    let told = json_of(&reply);
    let status = || linked.browser.get(told["url"].as_str().unwrap());
    assert_eq!(status().await.json()["status"], "in_progress");
    linked.keeper_runs().await;
    assert_eq!(status().await.json()["status"], "complete");
    assert!(!linked.has_token(&linked.pages[0]));
    // Without storage nothing is promised.
    linked.world.database.fail(DatabaseFault::Throttled, 1000);
    let refused = linked.send(DELETION, &linked.world.facebook.signed_leave("99999999999999")).await;
    linked.world.database.clear_faults();
    super::assert_refused(&refused, 503, "storage_unavailable");
}
