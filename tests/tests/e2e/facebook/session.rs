//! The session and the state at the callback: whose they are, how long they last, and that they are used once.

use std::time::{SystemTime, UNIX_EPOCH};

use e2e::facebook::Consent;
use e2e::gateway::Request;
use e2e::world::World;
use shared::Secret;
use shared::signing::SecretPair;
use shared::signing::state::State;

use crate::support::{
    approved, assert_error, connections, holder, ids, linked_pages, linked_shop, number, parameter, person_with_page, raise_generation,
    sessions, set_in_session, with_parameter,
};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The callback URL with its state signed anew after a change, under this secret.
fn resigned(url: &str, read_with: &str, sign_with: &str, edit: impl FnOnce(&mut State)) -> String {
    let secrets = SecretPair { current: Secret::new(read_with), previous: None };
    let text = parameter(url, "state").unwrap();
    let mut state = State::verify(&text, "facebook", &secrets).unwrap().state;
    edit(&mut state);
    with_parameter(url, "state", Some(&state.sign("facebook", &Secret::new(sign_with))))
}

#[tokio::test]
async fn a_state_ends_after_five_minutes_and_does_not_come_from_the_future() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let secret = world.setting("STATE_TOKEN_SECRET");
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    let aged = |at: u64| resigned(&callback, secret, secret, |state| state.issued_at = at);
    world.database.reset_usage();
    assert_error(&browser.get(&aged(now() - 302)).await, 400, "expired_state");
    assert_error(&browser.get(&aged(0)).await, 400, "expired_state");
    assert_error(&browser.get(&aged(now() + 200)).await, 400, "invalid_state");
    assert_error(&browser.get(&aged(u64::MAX)).await, 400, "invalid_state");
    assert_eq!(world.database.usage().total().calls, 0);
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 0);
    assert_eq!(browser.get(&callback).await.status(), 200);
}

#[tokio::test]
async fn a_state_of_the_previous_secret_still_ends_its_flow() {
    let old = "an-older-secret-of-more-than-32-bytes-0123456789";
    let world =
        World::builder().setting("STATE_TOKEN_SECRET_PREVIOUS", old).env_of("facebook-login", "STATE_TOKEN_SECRET", old).start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await), [page], "its verifier fits as well");
}

#[tokio::test]
async fn a_state_with_anything_else_inside_is_invalid() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let secret = world.setting("STATE_TOKEN_SECRET");
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    for extra in [Vec::new(), b"acme.myshopify.com".to_vec(), vec![0; 24], vec![2; 25], vec![0; 26]] {
        let url = resigned(&callback, secret, secret, |state| state.extra = extra);
        assert_error(&browser.get(&url).await, 400, "invalid_state");
    }
    let foreign = resigned(&callback, secret, "another-secret-of-more-than-32-bytes-0123456789", |_| {});
    assert_error(&browser.get(&foreign).await, 400, "invalid_state");
}

#[tokio::test]
async fn without_a_live_session_the_code_is_not_exchanged() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let session = browser.cookie("session_id").unwrap();
    let binding = browser.cookie("browser_id").unwrap();
    let cases = [
        (format!("browser_id={binding}"), "missing_session"),
        (format!("browser_id={binding}; session_id=x"), "invalid_session"),
        (format!("browser_id={binding}; session_id={session}; session_id={session}"), "invalid_session"),
        (format!("browser_id={binding}; session_id={binding}"), "invalid_session"),
        (format!("session_id={session}"), "invalid_state"),
        (format!("browser_id={session}; session_id={session}"), "invalid_state"),
        (format!("browser_id={binding}; browser_id={binding}; session_id={session}"), "invalid_state"),
    ];
    for (cookies, code) in cases {
        let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
        let target = callback.trim_start_matches(world.gateway().origin());
        assert_error(&browser.send(Request::get(target).with_header("cookie", &cookies)).await, 400, code);
    }
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 0);
    assert_eq!(holder(&world, &page), None);
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn a_session_that_ends_while_the_dialog_is_open_ends_the_flow() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    set_in_session(&world, "expires_at", number(now() - 1)).await;
    assert_error(&browser.get(&callback).await, 400, "invalid_session");
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 0);
    assert_eq!(holder(&world, &page), None);
}

#[tokio::test]
async fn a_flow_does_not_outlive_its_identitys_generation() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    raise_generation(&world, &uuid).await;
    let before = connections(&world);
    assert_error(&browser.get(&callback).await, 400, "invalid_session");
    assert_eq!((connections(&world), holder(&world, &page)), (before, None));
    // Nor does one whose session began in another generation than its state.
    set_in_session(&world, "generation", number(2)).await;
    let secret = world.setting("STATE_TOKEN_SECRET");
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    let older = resigned(&callback, secret, secret, |state| state.extra[16..24].copy_from_slice(&1_u64.to_be_bytes()));
    assert_error(&browser.get(&older).await, 400, "invalid_session");
    linked_pages(&world, &browser, &Consent::of(&person)).await;
}

#[tokio::test]
async fn many_pages_stop_with_the_generation_as_well() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    for number in 0..40 {
        world.facebook.add_page(&person, &format!("Page {number}"));
    }
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    raise_generation(&world, &uuid).await;
    let before = connections(&world);
    assert_error(&browser.get(&callback).await, 400, "invalid_session");
    assert_eq!(connections(&world), before);
}

#[tokio::test]
async fn a_used_state_says_what_became_of_its_first_use() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    // After a failure, with the session alive: a new start.
    let login = browser.get("/facebook/login").await;
    let declined = world.facebook.decline(login.location());
    assert_error(&browser.get(&declined).await, 403, "access_denied");
    let again = browser.get(&declined).await;
    assert_error(&again, 400, "used_state");
    assert!(again.json()["detail"].as_str().unwrap().contains("did not succeed"), "{}", again.text());
    assert_eq!(again.json()["next"], "/facebook/login?shop=acme.myshopify.com");
    // After success: the link is made.
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    assert_eq!(browser.get(&callback).await.status(), 200);
    let items = || connections(&world).into_keys().filter(|(_, _, sk)| !sk.starts_with("event#")).collect::<Vec<_>>();
    let before = items();
    for _ in 0..2 {
        let reload = browser.get(&callback).await;
        assert_error(&reload, 400, "used_state");
        assert!(reload.json()["detail"].as_str().unwrap().contains("connected already"), "{}", reload.text());
        // The session is over, and a new one begins at the store.
        assert_eq!(reload.json()["next"], "/shopify/acme.myshopify.com/login");
        assert!(reload.set_cookies().is_empty());
    }
    // With a new session the answer is the same, and leads on by it.
    linked_shop(&world, &browser, "acme").await;
    let reload = browser.get(&callback).await;
    assert_error(&reload, 400, "used_state");
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 1);
    assert_eq!(before, items());
}

#[tokio::test]
async fn a_state_in_flight_says_so() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    let slow = e2e::faults::Fault::Delay(std::time::Duration::from_millis(1500));
    world.facebook.switch_on("code_exchange", slow, e2e::faults::Times::Once);
    let (first, second) = tokio::join!(browser.get(&callback), async {
        while world.facebook.requests_of("code_exchange").is_empty() {
            tokio::task::yield_now().await;
        }
        browser.get(&callback).await
    });
    assert_eq!(first.status(), 200, "{}", first.text());
    assert_error(&second, 400, "used_state");
    assert!(second.json()["detail"].as_str().unwrap().contains("at this moment"), "{}", second.text());
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 1);
}

/// WSTG-SESS-06.
#[tokio::test]
async fn two_tabs_begin_each_their_flow_and_the_first_to_succeed_ends_the_session() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let one = world.approve_pages(&browser, &Consent::of(&person)).await;
    let two = world.approve_pages(&browser, &Consent::of(&person)).await;
    assert_eq!(browser.get(&one).await.status(), 200, "the later start does not spoil the earlier one");
    assert_error(&browser.get(&two).await, 400, "missing_session");
    assert_eq!(world.facebook.requests_of("code_exchange").len(), 1);
}

/// WSTG-SESS-11.
#[tokio::test]
async fn any_live_session_of_the_same_identity_ends_the_flow() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let first = browser.cookie("session_id");
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    assert_eq!(linked_shop(&world, &browser, "acme").await, uuid);
    assert_ne!(browser.cookie("session_id"), first, "a link sets a fresh session");
    assert_eq!(browser.get(&callback).await.status(), 200);
    assert_eq!(holder(&world, &page), Some(uuid));
    assert_eq!(browser.cookie("session_id"), None, "the presented session is the one that ends");
}

#[tokio::test]
async fn the_session_of_another_store_does_not_end_the_flow() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let callback = approved(&world, &browser, "/facebook/login", &Consent::of(&person)).await;
    let other = linked_shop(&world, &browser, "other").await;
    assert_error(&browser.get(&callback).await, 400, "invalid_session");
    assert_eq!((holder(&world, &page), world.facebook.requests_of("code_exchange").len()), (None, 0));
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(holder(&world, &page), Some(other));
    assert_eq!(sessions(&world).len(), 1, "the first store's session is untouched");
}
