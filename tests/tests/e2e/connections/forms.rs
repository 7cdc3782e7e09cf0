//! Who may send the form: a page of this very session, and nothing else.

use e2e::browser::Page;
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::json;

use crate::connections::{ACME, DISCONNECT, LIST, Linked, assert_back, form, list};
use crate::support::{assert_error, case, dump, linked_shop, number, set_in_session};

const OWN: &str = e2e::world::HTTP;

/// The right form of this session.
async fn right(linked: &Linked) -> Request {
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    form(&[("csrf_token", &token), ("platform", "facebook"), ("account", &linked.pages[0])])
}

/// Demands that a form was refused and that nothing came of it.
async fn assert_refused(linked: &Linked, request: Request, status: u16, code: &str) -> Page {
    let before = dump(&linked.world);
    let page = linked.browser.send(request).await;
    assert_error(&page, status, code);
    assert_eq!(dump(&linked.world), before);
    assert!(linked.world.facebook.requests().is_empty() && linked.world.shopify.requests().is_empty());
    page
}

/// WSTG-SESS-05.
#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let linked = Linked::with_pages(1).await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", ""),
        ("origin", "http://localhost:9001"),
        ("origin", "https://localhost:9000"),
        ("origin", "http://localhost:9000.evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
        ("sec-fetch-site", ""),
    ] {
        case((name, value));
        let page = assert_refused(&linked, right(&linked).await.with_header(name, value), 403, "forbidden").await;
        assert_eq!(page.json()["next"], json!(LIST), "and the list is a way on");
    }
    // One word of the browser is not made good by the other.
    let mixed = right(&linked).await.with_header("origin", OWN).with_header("sec-fetch-site", "cross-site");
    assert_refused(&linked, mixed, 403, "forbidden").await;
    let twice = right(&linked).await.with_header("origin", OWN).with_header("origin", "https://evil.example");
    assert_refused(&linked, twice, 403, "forbidden").await;
    let own = right(&linked).await.with_header("origin", OWN).with_header("sec-fetch-site", "same-origin");
    assert_back(&linked.browser.send(own).await);
}

/// WSTG-SESS-05.
#[tokio::test]
async fn a_form_without_the_sessions_own_token_is_refused() {
    let linked = Linked::with_pages(1).await;
    let other = linked.world.browser();
    linked_shop(&linked.world, &other, "other").await;
    let foreign = list(&other).await["csrf_token"].as_str().unwrap().to_owned();
    let own = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    // Another session of the same browser, which is over.
    linked.signs_in().await;
    linked.world.shopify.clear_requests();
    let ended = own;
    let own = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    assert_ne!(own, ended);
    let cookie = linked.browser.cookie("session_id").unwrap();
    let state = e2e_state(&linked).await;
    let changed = format!("{}{}", &own[..42], if own.ends_with('A') { 'E' } else { 'A' });
    let padded = format!("{own}=");
    for token in [foreign.as_str(), &ended, "", "x", &own[..42], &changed, &padded, &own.to_uppercase(), &cookie, &state, &linked.uuid] {
        case(token);
        let fields = [("csrf_token", token), ("platform", "facebook"), ("account", linked.pages[0].as_str())];
        assert_refused(&linked, form(&fields), 403, "forbidden").await;
        assert_refused(&linked, form(&fields).with_header("origin", OWN), 403, "forbidden").await;
    }
    assert_refused(&linked, form(&[("platform", "facebook"), ("account", &linked.pages[0])]), 403, "forbidden").await;
    // It counts from the form alone.
    let mut elsewhere = form(&[("platform", "facebook"), ("account", &linked.pages[0])]).with_header("x-csrf-token", &own);
    elsewhere.target = format!("{DISCONNECT}?csrf_token={own}");
    assert_refused(&linked, elsewhere, 403, "forbidden").await;
    let cookie = format!("session_id={cookie}; csrf_token={own}");
    let elsewhere = form(&[("platform", "facebook"), ("account", &linked.pages[0])]).with_header("cookie", &cookie);
    assert_refused(&linked, elsewhere, 403, "forbidden").await;
}

/// A state of this service, signed with the same secret under another key.
async fn e2e_state(linked: &Linked) -> String {
    let login = linked.browser.get("/shopify/acme/login").await;
    crate::support::parameter(login.location(), "state").unwrap()
}

/// WSTG-SESS-05.
#[tokio::test]
async fn a_token_is_worth_nothing_beside_another_sessions_cookie() {
    let linked = Linked::with_pages(1).await;
    let attacker = linked.world.browser();
    linked_shop(&linked.world, &attacker, "other").await;
    let token = list(&attacker).await["csrf_token"].as_str().unwrap().to_owned();
    linked.world.shopify.clear_requests();
    // The attacker's own form, sent by the victim's browser: it names what is the victim's, or what is the attacker's.
    for (platform, account) in [("facebook", linked.pages[0].as_str()), ("shopify", ACME), ("shopify", "other.myshopify.com")] {
        let fields = [("csrf_token", token.as_str()), ("platform", platform), ("account", account)];
        assert_refused(&linked, form(&fields), 403, "forbidden").await;
    }
    // And with the attacker's own session nothing of the victim is reached.
    for (platform, account) in [("facebook", linked.pages[0].as_str()), ("shopify", ACME)] {
        let before = dump(&linked.world);
        assert_back(&attacker.send(form(&[("csrf_token", &token), ("platform", platform), ("account", account)])).await);
        assert_eq!(dump(&linked.world), before, "{platform}");
    }
}

#[tokio::test]
async fn without_a_live_session_a_form_is_refused() {
    let linked = Linked::with_pages(1).await;
    let sent = right(&linked).await;
    let before = dump(&linked.world);
    assert_error(&linked.world.browser().send(sent.clone()).await, 400, "missing_session");
    let own = linked.browser.cookie("session_id").unwrap();
    let twins = sent.clone().with_header("cookie", &format!("session_id={own}; session_id={own}"));
    assert_error(&linked.browser.send(twins).await, 400, "invalid_session");
    assert_eq!(dump(&linked.world), before);
    set_in_session(&linked.world, "expires_at", number(1)).await;
    // Its own token is right, and it is over.
    assert_refused(&linked, sent.clone(), 400, "invalid_session").await;
    crate::support::raise_generation(&linked.world, &linked.uuid).await;
    set_in_session(&linked.world, "expires_at", number(u64::from(u32::MAX))).await;
    assert_refused(&linked, sent, 400, "invalid_session").await;
}

#[tokio::test]
async fn other_bodies_are_refused_before_anything_else() {
    let linked = Linked::with_pages(1).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let fields = [("csrf_token", token.as_str()), ("platform", "facebook"), ("account", linked.pages[0].as_str())];
    let post = |kind: &str, body: String| Request::get(DISCONNECT).with_method("POST").with_body(kind, body).with_header("origin", "null");
    let json = json!({ "csrf_token": token, "platform": "facebook", "account": linked.pages[0] }).to_string();
    let body = String::from_utf8(form(&fields).body).unwrap();
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        assert_refused(&linked, post(kind, json.clone()), 400, "malformed_parameter").await;
        assert_refused(&linked, post(kind, body.clone()), 400, "malformed_parameter").await;
    }
    let padded = format!("{body}&padding={}", "x".repeat(5000));
    assert_refused(&linked, post("application/x-www-form-urlencoded", padded), 413, "payload_too_large").await;
    let more =
        |more: &str| Request::get(DISCONNECT).with_method("POST").with_body("application/x-www-form-urlencoded", format!("{body}{more}"));
    for repeated in [
        format!("&csrf_token={token}"),
        "&platform=facebook".to_owned(),
        format!("&account={}", linked.pages[0]),
        "&acc%6funt=1".to_owned(),
    ] {
        assert_refused(&linked, more(&repeated), 400, "repeated_parameter").await;
    }
    assert_refused(&linked, more("&x=%zz"), 400, "malformed_parameter").await;
    assert_refused(&linked, more("&x=%ff"), 400, "malformed_parameter").await;
}

#[tokio::test]
async fn a_form_that_names_nothing_is_refused() {
    let linked = Linked::with_pages(1).await;
    let token = linked.list().await["csrf_token"].as_str().unwrap().to_owned();
    let page = linked.pages[0].as_str();
    for (fields, code) in [
        (vec![], "missing_parameter"),
        (vec![("platform", "facebook")], "missing_parameter"),
        (vec![("account", page)], "missing_parameter"),
        (vec![("platform", ""), ("account", page)], "missing_parameter"),
        (vec![("platform", "Facebook"), ("account", page)], "malformed_parameter"),
        (vec![("platform", "shopify"), ("account", page)], "malformed_parameter"),
        (vec![("platform", "facebook"), ("account", ACME)], "malformed_parameter"),
        (vec![("platform", "facebook"), ("account", "1/../2")], "malformed_parameter"),
    ] {
        let all: Vec<_> = [("csrf_token", token.as_str())].into_iter().chain(fields).collect();
        assert_refused(&linked, form(&all), 400, code).await;
    }
}

#[tokio::test]
async fn a_refused_form_needs_no_database() {
    let linked = Linked::with_pages(1).await;
    let wrong = form(&[("csrf_token", "x"), ("platform", "facebook"), ("account", &linked.pages[0])]);
    let foreign = right(&linked).await.with_header("origin", "null");
    linked.world.database.reset_usage();
    for request in [wrong, foreign] {
        assert_error(&linked.browser.send(request).await, 403, "forbidden");
    }
    assert!(linked.world.database.usage().0.is_empty(), "{:?}", linked.world.database.usage());
}

#[tokio::test]
async fn a_token_outlives_a_change_of_the_secret_that_it_was_made_with() {
    const OLD: &str = "the-state-secret-before-0123456789abcdef";
    let linked = Linked::in_world(World::builder().setting("STATE_TOKEN_SECRET", OLD).start().await, 2).await;
    let sent = right(&linked).await;
    // The same world, for which another secret is now the current one.
    let new = World::builder()
        .setting("STATE_TOKEN_SECRET", "the-state-secret-after-0123456789abcdefg")
        .setting("STATE_TOKEN_SECRET_PREVIOUS", OLD)
        .env("AWS_ENDPOINT_URL_DYNAMODB", linked.world.setting("AWS_ENDPOINT_URL_DYNAMODB"))
        .start()
        .await;
    let cookie = format!("session_id={}", linked.browser.cookie("session_id").unwrap());
    let page = new.browser().send(sent.with_header("cookie", &cookie)).await;
    assert_back(&page);
    assert!(linked.page_item(&linked.pages[0]).is_none());
}
