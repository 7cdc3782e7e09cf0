//! Facebook fails.

use e2e::browser::Browser;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::json;

use crate::faults::{quick_faults, without_flows};
use crate::support::{assert_error, case, dump, holder, ids, linked_pages, linked_shop, page_token, warning, warnings};

/// A store with a session, and a person with a Page.
async fn merchant(world: &World, shop: &str) -> (Browser, String, String, String) {
    let person = world.facebook.add_person(shop);
    let page = world.facebook.add_page(&person, shop);
    let browser = world.browser();
    let uuid = linked_shop(world, &browser, shop).await;
    (browser, uuid, person, page)
}

async fn a_failing_call_links_nothing(call: &'static str) {
    let world = World::start().await;
    for (number, (name, fault)) in quick_faults().into_iter().enumerate() {
        let (browser, uuid, person, page) = merchant(&world, &format!("shop{number}")).await;
        let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
        let before = without_flows(dump(&world));
        world.facebook.clear_requests();
        world.facebook.switch_on(call, fault.clone(), Times::UntilCleared);
        let reply = browser.get(&callback).await;
        case((call, name));
        assert_error(&reply, 502, "provider_error");
        assert_eq!(reply.json()["next"], format!("/facebook/login?shop=shop{number}.myshopify.com"));
        assert!(reply.set_cookies().is_empty() && browser.cookie("session_id").is_some());
        assert_eq!(without_flows(dump(&world)), before, "only the state is used");
        assert!(world.facebook.requests_of("code_exchange").len() <= 1, "a code is sent once");
        assert!(world.facebook.requests_of(call).len() <= 3, "{:?}", world.facebook.requests_of(call).len());
        assert_eq!(world.facebook.requests_of("redirected").len(), 0, "no redirect is followed");
        world.facebook.clear_faults();
        let again = browser.get(&callback).await;
        assert_error(&again, 400, "used_state");
        assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await), std::slice::from_ref(&page));
        assert!(world.facebook.accepts(&page_token(&world, &uuid, &page)));
    }
}

#[tokio::test]
async fn a_failing_code_exchange_links_nothing() {
    a_failing_call_links_nothing("code_exchange").await;
}

#[tokio::test]
async fn a_failing_long_lived_exchange_links_nothing() {
    a_failing_call_links_nothing("long_lived_exchange").await;
}

#[tokio::test]
async fn a_failing_inspection_links_nothing() {
    a_failing_call_links_nothing("debug_token").await;
}

#[tokio::test]
async fn a_failing_list_links_nothing() {
    a_failing_call_links_nothing("accounts").await;
}

#[tokio::test]
async fn a_list_that_fails_on_its_second_answer_links_nothing() {
    let world = World::start().await;
    for (number, (name, fault)) in quick_faults().into_iter().enumerate() {
        if matches!(fault, Fault::ConnectionRefused) {
            // Can't be switched on for a second call; the first one has it.
            continue;
        }
        let (browser, _, person, _) = merchant(&world, &format!("shop{number}")).await;
        world.facebook.add_page(&person, "Second");
        world.facebook.set_largest_page(1);
        let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
        let before = without_flows(dump(&world));
        world.facebook.switch_on("accounts", Fault::edit(|_| {}), Times::Once);
        world.facebook.switch_on("accounts", fault, Times::UntilCleared);
        let reply = browser.get(&callback).await;
        case(name);
        assert_error(&reply, 502, "provider_error");
        assert_eq!(without_flows(dump(&world)), before);
        world.facebook.clear_faults();
        assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await).len(), 2);
    }
}

/// A consent takes a merchant a minute, and its code works once.
#[tokio::test]
async fn a_single_hiccup_costs_the_merchant_no_consent() {
    let world = World::start().await;
    let transient = json!({"error": {"message": "x", "type": "OAuthException", "code": 2, "is_transient": true}});
    let hiccups = [
        ("transient 503", Fault::json(503, &transient)),
        ("transient 400", Fault::json(400, &transient)),
        ("reset", Fault::Reset),
        ("lost reply", Fault::LostReply),
        ("500", Fault::ServerError500),
        ("HTML body", Fault::HtmlBody),
        ("truncated JSON", Fault::TruncatedJson),
    ];
    let mut shops = 0;
    for call in ["long_lived_exchange", "debug_token", "accounts", "page", "subscribed_apps"] {
        for (name, fault) in &hiccups {
            shops += 1;
            let (browser, uuid, person, listed) = merchant(&world, &format!("shop{shops}")).await;
            let owned = world.facebook.add_page(&person, "Of a portfolio");
            world.facebook.edit_page(&owned, |page| page.business_owned = true);
            let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
            world.facebook.clear_requests();
            world.facebook.switch_on(call, fault.clone(), Times::Once);
            let reply = browser.get(&callback).await;
            case((call, name));
            assert_eq!(
                (reply.status(), ids(&reply), warnings(&reply)),
                (200, vec![listed.clone(), owned.clone()], vec![]),
                "{}",
                reply.text()
            );
            let asked = |call| world.facebook.requests_of(call).len();
            assert_eq!((asked("code_exchange"), asked(call)), (1, if call == "subscribed_apps" { 3 } else { 2 }));
            assert!(world.facebook.accepts(&page_token(&world, &uuid, &owned)));
        }
    }
}

/// What is throttled stays so for longer than anybody waits, and asking prolongs it.
#[tokio::test]
async fn a_throttle_is_not_asked_again_at_once() {
    let world = World::start().await;
    let mut shops = 0;
    for call in ["long_lived_exchange", "debug_token", "accounts"] {
        for code in [4, 17, 32, 613, 80_001] {
            shops += 1;
            let (browser, _, person, _) = merchant(&world, &format!("shop{shops}")).await;
            let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
            world.facebook.clear_requests();
            // Facebook calls some of them transient.
            let throttled = json!({"error": {"message": "x", "code": code, "is_transient": true}});
            world.facebook.switch_on(call, Fault::json(400, &throttled), Times::UntilCleared);
            let reply = browser.get(&callback).await;
            case((call, code));
            assert_error(&reply, 502, "provider_error");
            assert_eq!(world.facebook.requests_of(call).len(), 1);
            world.facebook.clear_faults();
        }
    }
}

#[tokio::test]
async fn a_single_page_that_fails_is_a_warning_and_the_next_try_links_it() {
    let world = World::start().await;
    for (number, (name, fault)) in quick_faults().into_iter().enumerate() {
        let shop = format!("shop{number}");
        let (browser, uuid, person, listed) = merchant(&world, &shop).await;
        let owned = world.facebook.add_page(&person, "Of a portfolio");
        world.facebook.edit_page(&owned, |page| page.business_owned = true);
        let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
        world.facebook.clear_requests();
        world.facebook.switch_on("page", fault.clone(), Times::UntilCleared);
        let reply = browser.get(&callback).await;
        case(("page", name));
        assert_eq!(reply.status(), 200, "{}", reply.text());
        let code = if matches!(fault, Fault::Throttled429) { "rate_limited" } else { "unreadable" };
        let others: Vec<_> = warnings(&reply).into_iter().filter(|(code, _)| code != "not_receiving_messages").collect();
        assert_eq!((ids(&reply), others), (vec![listed.clone()], vec![warning(code, &owned)]));
        assert_eq!((holder(&world, &listed), holder(&world, &owned)), (Some(uuid.clone()), None));
        assert_eq!(world.facebook.requests_of("redirected").len(), 0, "no redirect is followed");
        world.facebook.clear_faults();
        linked_shop(&world, &browser, &shop).await;
        let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
        assert_eq!((ids(&reply), warnings(&reply)), (vec![listed, owned.clone()], vec![]));
        assert!(world.facebook.accepts(&page_token(&world, &uuid, &owned)));
    }
}
