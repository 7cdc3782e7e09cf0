//! Every other answer that Facebook, or somebody in its name, may send a browser back with.

use e2e::browser::Accept;
use e2e::facebook::{Consent, Misbehaviour};
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{
    approved, assert_error, case, connections, ids, linked_pages, linked_shop, parameter, person_with_page, sessions, with_parameter,
};

const RETRY: &str = "/facebook/login?shop=acme.myshopify.com&rerequest=1";

#[tokio::test]
async fn who_declines_keeps_the_session_and_can_try_again() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let before = connections(&world);
    let login = browser.get("/facebook/login").await;
    let declined = world.facebook.decline(login.location());
    let reply = browser.get(&declined).await;
    assert_error(&reply, 403, "access_denied");
    assert_eq!(reply.json()["next"], RETRY);
    assert!(reply.set_cookies().is_empty());
    assert_eq!((connections(&world), sessions(&world).len()), (before, 1));
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 0);
    assert_error(&browser.get(&declined).await, 400, "used_state");
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn who_declines_sees_a_page_with_a_way_on() {
    let world = World::start().await;
    let browser = world.browser().accepting(Accept::Html);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let login = browser.get("/facebook/login").await;
    let reply = browser.get(&world.facebook.decline(login.location())).await;
    assert_eq!((reply.status(), reply.header("content-type")), (403, Some("text/html; charset=utf-8")));
    assert!(reply.text().contains("/facebook/login?shop=acme.myshopify.com&#38;rerequest=1"), "{}", reply.text());
}

#[tokio::test]
async fn a_missing_permission_is_named_and_asked_for_again() {
    let all = ["pages_messaging", "pages_show_list", "pages_manage_metadata"];
    for missing in all {
        let world = World::start().await;
        let (person, _) = person_with_page(&world.facebook);
        let browser = world.browser();
        linked_shop(&world, &browser, "acme").await;
        let before = connections(&world);
        let granted: Vec<&str> = all.into_iter().filter(|name| *name != missing).collect();
        let reply = world.link_pages(&browser, &Consent::of(&person).with_permissions(&granted)).await;
        assert_error(&reply, 403, "missing_permission");
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(missing) && granted.iter().all(|name| !detail.contains(name)), "{detail}");
        assert_eq!(reply.json()["next"], RETRY);
        assert_eq!((connections(&world), sessions(&world).len()), (before, 1));
        // Facebook does not ask again by itself; the link of the error does.
        assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 403, "missing_permission");
        let callback = approved(&world, &browser, RETRY, &Consent::of(&person)).await;
        assert_eq!(browser.get(&callback).await.status(), 200);
    }
}

#[tokio::test]
async fn facebooks_own_failure_is_a_providers_error_even_without_an_error_name() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let login = browser.get("/facebook/login").await;
    let reply = browser.get(&world.facebook.fail(login.location())).await;
    assert_error(&reply, 502, "provider_error");
    assert_eq!(sessions(&world).len(), 1);
    let state = parameter(browser.get("/facebook/login").await.location(), "state").unwrap();
    let hostile = format!("/facebook/callback?state={state}&error=%3Cscript%3Ealert(1)%3C/script%3E&error_description=%3Cb%3E");
    let page = browser.get(&hostile).await;
    assert_error(&page, 502, "provider_error");
    assert!(!page.text().contains("script") && !page.text().contains("<b>"), "{}", page.text());
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn a_code_beside_an_error_is_never_exchanged() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let reply = world.link_pages(&browser, &Consent::of(&person).with(Misbehaviour::CodeAndError)).await;
    assert_error(&reply, 403, "access_denied");
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 0);
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn broken_callbacks_are_refused_before_the_table_is_touched() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let good = world.approve_pages(&browser, &Consent::of(&person)).await;
    let nothing = world.approve_pages(&browser, &Consent::of(&person).with(Misbehaviour::Nothing)).await;
    let repeated = world.approve_pages(&browser, &Consent::of(&person).with(Misbehaviour::RepeatedParameter)).await;
    let tampered = world.approve_pages(&browser, &Consent::of(&person).with(Misbehaviour::TamperedState)).await;
    let state = parameter(&good, "state").unwrap();
    let cases = [
        (nothing, "missing_parameter"),
        (with_parameter(&good, "state", None), "missing_parameter"),
        (with_parameter(&good, "state", Some("")), "missing_parameter"),
        (with_parameter(&good, "code", Some("")), "missing_parameter"),
        (repeated.clone(), "repeated_parameter"),
        (with_parameter(&repeated, "state", Some("x")), "repeated_parameter"),
        (format!("{good}&state={state}"), "repeated_parameter"),
        (with_parameter(&good, "code", Some("a b")), "malformed_parameter"),
        (with_parameter(&good, "code", Some(&"a".repeat(5000))), "malformed_parameter"),
        (format!("{good}&x=%"), "malformed_parameter"),
        (format!("{good}&x=%ff"), "malformed_parameter"),
        (with_parameter(&good, "state", Some("x")), "malformed_state"),
        (with_parameter(&good, "state", Some(&format!("{state}="))), "malformed_state"),
        (with_parameter(&good, "state", Some(&"A".repeat(2000))), "malformed_state"),
        (with_parameter(&good, "state", Some(&"A".repeat(200))), "malformed_state"),
    ];
    world.database.reset_usage();
    for (url, code) in cases {
        assert_error(&browser.get(&url).await, 400, code);
    }
    // The last character may also spell bits that no encoder writes.
    let reply = browser.get(&tampered).await;
    assert!(matches!(reply.code().as_deref(), Some("invalid_state" | "malformed_state")), "{}", reply.text());
    let stranger = world.browser();
    assert_error(&stranger.get(&good).await, 400, "invalid_state");
    assert_eq!(world.database.usage().total().calls, 0);
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 0);
    assert_eq!(browser.get(&good).await.status(), 200, "none of them used the state up");
}

/// RFC 9700 section 4.6.
#[tokio::test]
async fn another_apps_tokens_are_refused() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let before = connections(&world);
    let reply = world.link_pages(&browser, &Consent::of(&person).with(Misbehaviour::ForeignToken)).await;
    assert_error(&reply, 400, "token_exchange_failed");
    assert_eq!((connections(&world), sessions(&world).len()), (before, 1));
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn what_debug_token_says_counts_even_when_it_is_a_success() {
    let other_app = Fault::edit(|answer| answer["data"]["app_id"] = json!("999999999999999"));
    let invalid = Fault::edit(|answer| answer["data"]["is_valid"] = json!(false));
    let nobody = Fault::edit(|answer| answer["data"]["user_id"] = json!("0"));
    let error = Fault::json(200, &json!({"data": {"error": {"code": 190, "message": "x"}, "is_valid": false, "scopes": []}}));
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let before = connections(&world);
    for fault in [other_app, invalid, nobody, error] {
        world.facebook.switch_on("debug_token", fault, Times::Once);
        assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 400, "token_exchange_failed");
        assert_eq!((connections(&world), sessions(&world).len()), (before.clone(), 1));
    }
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn a_refused_code_is_told_as_such_and_sent_once() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    for subcode in [36_007, 36_008, 36_009] {
        world.facebook.clear_requests();
        let refusal = json!({"error": {"message": "x", "type": "OAuthException", "code": 100, "error_subcode": subcode}});
        world.facebook.switch_on("code_exchange", Fault::json(400, &refusal), Times::Once);
        assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 400, "token_exchange_failed");
        assert_eq!(world.facebook.requests_of("code_exchange").len(), 1);
    }
    // Facebook also reports errors with a 200.
    world.facebook.switch_on("code_exchange", Fault::json(200, &json!({"error": {"code": 100, "message": "x"}})), Times::Once);
    assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, 400, "token_exchange_failed");
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn a_failed_long_lived_exchange_stores_nothing() {
    let dead = json!({"error": {"message": "x", "type": "OAuthException", "code": 190, "error_subcode": 460}});
    let cases = [
        (Fault::json(400, &dead), 400, "token_exchange_failed"),
        (Fault::json(200, &json!({})), 502, "provider_error"),
        (Fault::json(200, &json!({"access_token": ""})), 502, "provider_error"),
        (Fault::json(200, &json!({"access_token": "a\nb"})), 502, "provider_error"),
        (Fault::ServerError500, 502, "provider_error"),
    ];
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let before = connections(&world);
    for (fault, status, code) in cases {
        world.facebook.switch_on("long_lived_exchange", fault, Times::UntilCleared);
        assert_error(&world.link_pages(&browser, &Consent::of(&person)).await, status, code);
        world.facebook.clear_faults();
        assert_eq!((connections(&world), sessions(&world).len()), (before.clone(), 1));
    }
    assert_eq!(world.facebook.requests_of("accounts").len(), 0, "nothing is asked with the short-lived token");
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

/// What a callback has to end with, by what the vectors expect of it.
#[tokio::test]
async fn the_vectors_of_the_dialogs_answers_hold_and_leave_the_session_alive() {
    let vectors: Value = serde_json::from_str(include_str!("../../../../shared/vectors/facebook.json")).unwrap();
    let vectors = vectors["dialog_callbacks"].as_array().unwrap();
    assert_eq!(vectors.len(), 5);
    for vector in vectors {
        let world = World::start().await;
        let (person, page) = person_with_page(&world.facebook);
        let browser = world.browser();
        linked_shop(&world, &browser, "acme").await;
        let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
        let (state, code) = (parameter(&callback, "state").unwrap(), parameter(&callback, "code").unwrap());
        let query =
            vector["query"].as_str().unwrap().replace("state=S", &format!("state={state}")).replace("code=CODE", &format!("code={code}"));
        let reply = browser.get(&format!("/facebook/callback?{query}")).await;
        case(vector);
        let expect = vector["expect"].as_str().unwrap();
        match expect.split([';', ' ']).next().unwrap() {
            "user_denied" | "treat" => assert_error(&reply, 403, "access_denied"),
            "provider_error" => assert_error(&reply, 502, "provider_error"),
            "reject" => assert_error(&reply, 400, "repeated_parameter"),
            "exchange" => assert_eq!((reply.status(), ids(&reply)), (200, vec![page])),
            other => panic!("nothing is known of {other}"),
        }
        let is_exchanged = expect.starts_with("exchange");
        assert_eq!(world.facebook.requests_of("code_exchange").len(), usize::from(is_exchanged));
        assert_eq!(sessions(&world).len(), usize::from(!is_exchanged));
        if !is_exchanged {
            linked_pages(&world, &browser, &Consent::of(&person)).await;
        }
    }
}

#[tokio::test]
async fn each_way_back_says_what_happened_and_leads_on() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser().accepting(Accept::Html);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let login = browser.get("/facebook/login").await;
    let failed = browser.get(&world.facebook.fail(login.location())).await;
    assert_eq!(failed.status(), 502);
    for words in ["(its error 1349048)", "Nothing was changed", "/facebook/login?shop=acme.myshopify.com"] {
        assert!(failed.text().contains(words), "{words}: {}", failed.text());
    }
    // An app in development mode answers as if the person had cancelled: nobody is told for certain that they did.
    let login = browser.get("/facebook/login").await;
    let declined = browser.get(&world.facebook.decline(login.location())).await;
    assert_eq!(declined.status(), 403);
    for words in ["Nothing was changed", "If you did not cancel it yourself", "/facebook/login?shop=acme.myshopify.com&#38;rerequest=1"] {
        assert!(declined.text().contains(words), "{words}: {}", declined.text());
    }
    let code = with_parameter(&world.facebook.fail(browser.get("/facebook/login").await.location()), "error_code", Some("1<b>"));
    let hostile = browser.get(&code).await;
    assert!(hostile.status() == 502 && !hostile.text().contains("its error"), "{}", hostile.text());
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
}
