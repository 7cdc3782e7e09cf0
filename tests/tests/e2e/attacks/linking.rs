//! One person's consent must never end up under another's identity, in either direction.

use e2e::browser::Browser;
use e2e::facebook::Consent;
use e2e::world::World;

use crate::attacks::{Scene, scene};
use crate::support::{
    Dump, approved, assert_error, connections, dump, give_tasks, holder, linked_pages, linked_shop, parameter, sessions, with_parameter,
};

/// Opening the URL is refused like this, and no table and no provider notices.
async fn is_refused(world: &World, browser: &Browser, url: &str, code: &str) {
    let before: Dump = dump(world);
    let session = browser.cookie("__Host-session_id");
    let requests = world.facebook.requests().len() + world.shopify.requests().len();
    let reply = browser.get(url).await;
    assert_error(&reply, 400, code);
    assert!(reply.set_cookies().is_empty(), "{:?}", reply.set_cookies());
    assert_eq!(dump(world), before);
    assert_eq!(browser.cookie("__Host-session_id"), session);
    assert_eq!(world.facebook.requests().len() + world.shopify.requests().len(), requests);
}

/// Login CSRF, RFC 9700 section 4.7: the attacker's own callback URL is opened in the victim's browser.
/// WSTG-SESS-05.
#[tokio::test]
async fn the_attackers_callback_opened_by_the_victim_attaches_nothing_to_the_victim() {
    let Scene { world, attacker, victim } = scene().await;
    let url = attacker.callback(&world).await;
    is_refused(&world, &victim.browser, &url, "invalid_state").await;
    is_refused(&world, &world.browser(), &url, "invalid_state").await;
    // In the middle of the victim's own flow as well, which goes on undisturbed.
    let own = victim.callback(&world).await;
    is_refused(&world, &victim.browser, &url, "invalid_state").await;
    assert_eq!(victim.browser.get(&own).await.status(), 200);
    assert_eq!((holder(&world, &attacker.page), holder(&world, &victim.page)), (None, Some(victim.uuid)));
}

/// The mirror image, RFC 9700 section 4.7.1: the victim consents at a dialog that the attacker began, so that the victim's Pages
/// would come under the attacker's identity.
#[tokio::test]
async fn the_victims_consent_at_the_attackers_dialog_puts_no_page_under_the_attacker() {
    let Scene { world, attacker, victim } = scene().await;
    for login in ["/facebook/login".to_owned(), world.move_login(&attacker.browser, [&victim.page]).await] {
        let dialog = attacker.browser.get(&login).await;
        let url = world.facebook.approve(dialog.location(), &Consent::of(&victim.person));
        // Facebook sends the victim's browser to the callback, with a session, without one, or with only a binding.
        is_refused(&world, &victim.browser, &url, "invalid_state").await;
        is_refused(&world, &world.browser(), &url, "invalid_state").await;
        let bound = world.browser();
        bound.get("/shopify/victim/login").await;
        is_refused(&world, &bound, &url, "invalid_state").await;
    }
    assert_eq!(holder(&world, &victim.page), None);
}

/// The same at Shopify, RFC 9700 section 4.7.1: the victim approves at an authorize URL that the attacker began.
#[tokio::test]
async fn the_victims_approval_at_the_attackers_authorize_url_links_no_store() {
    let Scene { world, attacker, victim } = scene().await;
    let url = world.approve_shop(&attacker.browser, "victims-second").await;
    is_refused(&world, &victim.browser, &url, "invalid_state").await;
    is_refused(&world, &world.browser(), &url, "invalid_state").await;
    assert!(!connections(&world).keys().any(|(_, pk, _)| pk.contains("victims-second")));
}

/// Login CSRF at Shopify, RFC 9700 section 4.7: the attacker's own store would become the victim's session.
#[tokio::test]
async fn the_attackers_store_does_not_become_the_victims_session() {
    let Scene { world, attacker, victim } = scene().await;
    let url = world.approve_shop(&attacker.browser, "attackers-second").await;
    is_refused(&world, &victim.browser, &url, "invalid_state").await;
    is_refused(&world, &world.browser(), &url, "invalid_state").await;
    linked_pages(&world, &victim.browser, &Consent::of(&victim.person)).await;
    assert_eq!(holder(&world, &victim.page), Some(victim.uuid));
    assert_eq!(sessions(&world).len(), 1, "the attacker's first one");
}

/// Code injection, RFC 9700 section 4.5: a stolen code is pasted into a callback of the attacker's own flow.
#[tokio::test]
async fn a_stolen_code_does_not_work_in_the_attackers_own_flow() {
    let Scene { world, attacker, victim } = scene().await;
    let stolen = parameter(&victim.callback(&world).await, "code").unwrap();
    let own = attacker.callback(&world).await;
    let reply = attacker.browser.get(&with_parameter(&own, "code", Some(&stolen))).await;
    assert_error(&reply, 400, "token_exchange_failed");
    assert_eq!((holder(&world, &victim.page), holder(&world, &attacker.page)), (None, None));
}

/// Code injection at Shopify, RFC 9700 section 4.5: there the signature covers code, state and store together.
#[tokio::test]
async fn a_stolen_code_does_not_fit_into_another_signed_callback() {
    let Scene { world, attacker, victim } = scene().await;
    let stolen = world.approve_shop(&victim.browser, "victim").await;
    let own = world.approve_shop(&attacker.browser, "victim").await;
    let code = parameter(&stolen, "code").unwrap();
    is_refused(&world, &attacker.browser, &with_parameter(&own, "code", Some(&code)), "invalid_hmac").await;
    let state = parameter(&own, "state").unwrap();
    is_refused(&world, &attacker.browser, &with_parameter(&stolen, "state", Some(&state)), "invalid_hmac").await;
}

/// Theft of a callback URL, RFC 9700 section 4.2: log, history or referrer gave it to the attacker before the victim's browser
/// came to it.
/// RFC 9700 section 4.3.
#[tokio::test]
async fn a_stolen_callback_url_is_worth_nothing_in_another_browser() {
    let Scene { world, attacker, victim } = scene().await;
    let url = victim.callback(&world).await;
    is_refused(&world, &attacker.browser, &url, "invalid_state").await;
    let shop = world.approve_shop(&victim.browser, "victim").await;
    is_refused(&world, &attacker.browser, &shop, "invalid_state").await;
    assert_eq!(victim.browser.get(&url).await.status(), 200, "and the victim's flow still ends");
    assert_eq!(holder(&world, &victim.page), Some(victim.uuid));
}

/// Mix-up, RFC 9700 section 4.4: a state of one provider at the callback of the other (as in GHSA-x445-f3h2-j279).
#[tokio::test]
async fn a_state_of_one_provider_is_refused_by_the_other() {
    let Scene { world, victim, .. } = scene().await;
    let shopify = parameter(victim.browser.get("/shopify/victim/login").await.location(), "state").unwrap();
    let facebook = parameter(victim.browser.get("/facebook/login").await.location(), "state").unwrap();
    is_refused(&world, &victim.browser, &format!("/facebook/callback?code=x&state={shopify}"), "invalid_state").await;
    let timestamp = world.shopify.now().to_string();
    let query =
        world.shopify.sign_query(&[("code", "x"), ("shop", "victim.myshopify.com"), ("state", &facebook), ("timestamp", &timestamp)]);
    is_refused(&world, &victim.browser, &format!("/shopify/callback?{query}"), "invalid_state").await;
}

/// Token injection, RFC 9700 section 4.6: no token is accepted in a URL, only a code.
#[tokio::test]
async fn a_token_in_the_callback_is_no_code() {
    let Scene { world, attacker, victim } = scene().await;
    linked_pages(&world, &attacker.browser, &Consent::of(&attacker.person)).await;
    let token = world.facebook.issued_secrets().pop().unwrap();
    let own = victim.callback(&world).await;
    let url = with_parameter(&with_parameter(&own, "code", None), "access_token", Some(&token));
    is_refused(&world, &victim.browser, &url, "missing_parameter").await;
    is_refused(&world, &victim.browser, &format!("{url}&expires_in=3600&token_type=bearer"), "missing_parameter").await;
}

/// RFC 9700 section 4.7.1 once more, across the attacker's own stores: a state names the identity it was made for.
#[tokio::test]
async fn a_flow_begun_for_one_store_does_not_end_under_another_of_the_same_browser() {
    let Scene { world, attacker, .. } = scene().await;
    let callback = attacker.callback(&world).await;
    let other = linked_shop(&world, &attacker.browser, "another").await;
    assert_error(&attacker.browser.get(&callback).await, 400, "invalid_session");
    assert_eq!(holder(&world, &attacker.page), None);
    let callback = approved(&world, &attacker.browser, "/facebook/login", &Consent::of(&attacker.person)).await;
    assert_eq!(attacker.browser.get(&callback).await.status(), 200);
    assert_eq!(holder(&world, &attacker.page), Some(other));
}

/// A Page is not taken by naming it: the attacker may do everything on it but manage it, and asks for it to be moved.
#[tokio::test]
async fn a_page_does_not_move_to_somebody_who_may_not_manage_it() {
    let Scene { world, attacker, victim } = scene().await;
    linked_pages(&world, &victim.browser, &Consent::of(&victim.person)).await;
    give_tasks(&world.facebook, &victim.page, &attacker.person, &["MESSAGING", "MODERATE"]);
    let consent = Consent::of(&attacker.person).with_pages([&victim.page]);
    let callback = approved(&world, &attacker.browser, &world.move_login(&attacker.browser, [&victim.page]).await, &consent).await;
    let before = connections(&world);
    let reply = attacker.browser.get(&callback).await;
    assert_error(&reply, 409, "held_elsewhere");
    assert!(!reply.text().contains(&victim.uuid) && !reply.text().contains("victim"), "{}", reply.text());
    assert_eq!(connections(&world), before);
}

/// An identity is no credential (OWASP, insecure direct object reference): knowing a store's name or UUID gives nothing.
/// WSTG-ATHZ-04.
#[tokio::test]
async fn a_known_identity_or_store_gives_nothing() {
    let Scene { world, attacker, victim } = scene().await;
    let query = format!("user_uuid={0}&uuid={0}&session_id={0}", victim.uuid);
    is_refused(&world, &world.browser(), &format!("/facebook/login?{query}"), "missing_session").await;
    is_refused(&world, &world.browser(), "/facebook/login?shop=victim.myshopify.com", "missing_session").await;
    is_refused(&world, &attacker.browser, "/facebook/login?shop=victim.myshopify.com", "invalid_session").await;
    let callback = approved(&world, &attacker.browser, &format!("/facebook/login?{query}"), &Consent::of(&attacker.person)).await;
    let reply = attacker.browser.get(&format!("{callback}&{query}")).await;
    assert_eq!((reply.status(), reply.json()["user_uuid"].as_str()), (200, Some(attacker.uuid.as_str())));
    assert_eq!(holder(&world, &attacker.page), Some(attacker.uuid));
}
