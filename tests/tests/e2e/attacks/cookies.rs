//! Cookies that somebody else planted: fixation, twins, and names that only look like ours.

use base64::Engine as _;
use e2e::browser::Browser;
use e2e::facebook::Consent;
use e2e::gateway::{Request, event, find_route};
use e2e::lambda::Reply;
use e2e::template::Template;
use e2e::world::{HTTPS, World};
use serde_json::json;

use crate::support::{assert_error, dump, holder, linked_pages, linked_shop, person_with_page, sessions};

const SESSION: &str = "__Host-session_id";
const BROWSER: &str = "__Host-browser_id";

async fn https() -> World {
    World::builder().https().start().await
}

fn random_id(byte: u8) -> String {
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode([byte; 32])
}

fn plant(browser: &Browser, set_cookie: &str) {
    browser.with_jar(|jar| jar.store(HTTPS, "/", set_cookie));
}

/// Sends exactly these cookies, byte by byte, past the scripted browser, which knows its manners.
async fn with_cookies(world: &World, function: &str, target: &str, cookies: &[String]) -> Reply {
    let routes = Template::load().routes();
    let path = target.split('?').next().unwrap();
    let found = find_route(&routes, "GET", path).unwrap();
    let mut event = event(HTTPS, &Request::get(target), &found);
    event["cookies"] = json!(cookies);
    world.function(function).invoke(event).await.result.unwrap()
}

fn code(reply: &Reply) -> String {
    reply.json()["code"].as_str().unwrap().to_owned()
}

/// Session fixation (OWASP Session Management): an id that was never issued is never adopted.
/// WSTG-SESS-03.
#[tokio::test]
async fn a_session_that_was_planted_before_the_link_is_not_adopted_by_it() {
    let world = https().await;
    let (person, page) = person_with_page(&world.facebook);
    let attacker = world.browser();
    linked_shop(&world, &attacker, "attacker").await;
    for planted in [random_id(1), attacker.cookie(SESSION).unwrap(), String::new(), "x".to_owned()] {
        let victim = world.browser();
        plant(&victim, &format!("{SESSION}={planted}; Path=/; Secure"));
        let uuid = linked_shop(&world, &victim, "victim").await;
        let fresh = victim.cookie(SESSION).unwrap();
        assert_ne!(fresh, planted);
        // What the attacker knows does not lead to the victim's identity.
        let reply = attacker
            .send(Request::get("/facebook/login?shop=victim.myshopify.com").with_header("cookie", &format!("{SESSION}={planted}")))
            .await;
        assert_error(&reply, 400, "invalid_session");
        linked_pages(&world, &victim, &Consent::of(&person)).await;
        assert_eq!(holder(&world, &page), Some(uuid));
    }
}

/// Session fixation once more: an id that was issued to somebody else does not survive a link in the browser it was planted in.
/// WSTG-SESS-03.
#[tokio::test]
async fn the_id_presented_with_a_link_is_not_reused() {
    let world = https().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let first = browser.cookie(SESSION).unwrap();
    linked_shop(&world, &browser, "acme").await;
    let second = browser.cookie(SESSION).unwrap();
    assert_ne!(first, second);
    for session in [&first, &second] {
        assert_eq!(base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(session).unwrap().len(), 32, "256 bits");
        assert!(
            dump(&world).values().all(|item| !serde_json::to_string(item).unwrap().contains(session.as_str())),
            "only its hash is stored"
        );
    }
}

/// A sibling host's cookie (BCP 6265bis, section 4.1.3): without the prefix it is none of ours on https.
/// WSTG-SESS-09.
#[tokio::test]
async fn a_twin_without_the_prefix_neither_helps_nor_harms() {
    let world = https().await;
    let (person, page) = person_with_page(&world.facebook);
    let attacker = world.browser();
    linked_shop(&world, &attacker, "attacker").await;
    let planted = attacker.cookie(SESSION).unwrap();
    let victim = world.browser();
    plant(&victim, &format!("session_id={planted}; Domain=example.com; Path=/"));
    plant(&victim, &format!("browser_id={}; Domain=example.com; Path=/", attacker.cookie(BROWSER).unwrap()));
    assert_error(&victim.get("/facebook/login").await, 400, "missing_session");
    let uuid = linked_shop(&world, &victim, "victim").await;
    linked_pages(&world, &victim, &Consent::of(&person)).await;
    assert_eq!(holder(&world, &page), Some(uuid));
}

/// Cookie tossing (BCP 6265bis, section 8.6): of two cookies of one name neither counts.
/// WSTG-SESS-09.
#[tokio::test]
async fn of_two_cookies_of_one_name_neither_counts() {
    let world = https().await;
    let (person, page) = person_with_page(&world.facebook);
    let (attacker, victim) = (world.browser(), world.browser());
    linked_shop(&world, &attacker, "attacker").await;
    linked_shop(&world, &victim, "victim").await;
    let id = |browser: &Browser, name: &str| format!("{name}={}", browser.cookie(name).unwrap());
    let callback = world.approve_pages(&victim, &Consent::of(&person)).await;
    let callback = callback.trim_start_matches(HTTPS);
    let (session, binding) = (id(&victim, SESSION), id(&victim, BROWSER));
    let before = sessions(&world);
    for twin in [id(&attacker, SESSION), session.clone(), format!("{SESSION}=")] {
        for cookies in [[twin.clone(), session.clone()], [session.clone(), twin.clone()]] {
            let reply = with_cookies(&world, "facebook-login", "/facebook/login", &cookies).await;
            assert_eq!(code(&reply), "invalid_session", "{cookies:?}");
        }
    }
    for twin in [id(&attacker, BROWSER), binding.clone(), format!("{BROWSER}=")] {
        for cookies in [[twin.clone(), binding.clone(), session.clone()], [binding.clone(), twin.clone(), session.clone()]] {
            let reply = with_cookies(&world, "facebook-callback", callback, &cookies).await;
            assert_eq!(code(&reply), "invalid_state", "{cookies:?}");
        }
    }
    assert_eq!((sessions(&world), holder(&world, &page)), (before, None));
    assert_eq!(victim.get(&format!("{HTTPS}{callback}")).await.status(), 200);
}

/// Names that a browser sends but does not protect by the prefix, and that a lenient server would read as ours: blanks of Unicode
/// around the name (PortSwigger, "Cookie Chaos", 2025), another case, a name inside a nameless cookie's value.
/// WSTG-SESS-08.
#[tokio::test]
async fn a_name_that_only_resembles_ours_is_another_name() {
    let world = https().await;
    let attacker = world.browser();
    linked_shop(&world, &attacker, "attacker").await;
    let planted = attacker.cookie(SESSION).unwrap();
    let mut names: Vec<String> = ["\u{a0}", "\u{85}", "\u{1680}", "\u{2000}", "\u{2028}", "\u{3000}", "\u{feff}", "\u{b}", "\u{c}"]
        .iter()
        .flat_map(|blank| [format!("{blank}{SESSION}"), format!("{SESSION}{blank}")])
        .collect();
    names.extend(
        ["__host-session_id", "__HOST-session_id", "%5F%5FHost-session_id", "$__Host-session_id", "=__Host-session_id"].map(str::to_owned),
    );
    for name in names {
        let reply = with_cookies(&world, "facebook-login", "/facebook/login", &[format!("{name}={planted}")]).await;
        assert_eq!(code(&reply), "missing_session", "{name:?}");
    }
    let reply = with_cookies(&world, "facebook-login", "/facebook/login", &[format!("{SESSION}={planted}")]).await;
    assert_eq!(reply.status, 302, "the right name does count");
}

/// The same trick on the binding: with it an attacker's flow would end in the victim's browser.
#[tokio::test]
async fn a_planted_binding_does_not_carry_a_flow_into_another_browser() {
    let world = https().await;
    let (person, page) = person_with_page(&world.facebook);
    let (attacker, victim) = (world.browser(), world.browser());
    linked_shop(&world, &attacker, "attacker").await;
    linked_shop(&world, &victim, "victim").await;
    let callback = world.approve_pages(&attacker, &Consent::of(&person)).await;
    let callback = callback.trim_start_matches(HTTPS);
    let session = format!("{SESSION}={}", attacker.cookie(SESSION).unwrap());
    let binding = attacker.cookie(BROWSER).unwrap();
    for name in ["browser_id", "\u{2000}__Host-browser_id", "\u{a0}__Host-browser_id", "__host-browser_id"] {
        let cookies = [format!("{name}={binding}"), session.clone()];
        assert_eq!(code(&with_cookies(&world, "facebook-callback", callback, &cookies).await), "invalid_state", "{name:?}");
    }
    assert_eq!(holder(&world, &page), None);
    // What a sibling host may set under the true name, the browser itself drops.
    let before = victim.cookie(BROWSER);
    plant(&victim, &format!("{BROWSER}={binding}; Domain=example.com; Path=/; Secure"));
    assert_eq!(victim.cookie(BROWSER), before);
}

/// No error and no stray request mints, replaces or clears a session cookie.
#[tokio::test]
async fn errors_leave_the_cookies_alone() {
    let world = https().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let session = browser.cookie(SESSION);
    let flood = (0..200).map(|n| format!("c{n}={}", "x".repeat(40))).collect::<Vec<_>>().join("; ");
    for target in
        ["/facebook/callback", "/facebook/callback?code=x&state=x", "/shopify/callback", "/facebook/login?shop=x", "/shopify/login"]
    {
        for cookie in [None, Some(flood.as_str()), Some("=; ;;; = =a;\u{1}=2;__Host-session_id")] {
            let mut request = Request::get(target);
            if let Some(cookie) = cookie {
                request = request.with_header("cookie", cookie);
            }
            let reply = browser.send(request).await;
            assert!((400..500).contains(&reply.status()), "{target}: {}", reply.text());
            assert!(reply.set_cookies().is_empty(), "{target}: {:?}", reply.set_cookies());
        }
    }
    assert_eq!(browser.cookie(SESSION), session);
    assert_eq!(browser.get("/facebook/login").await.status(), 302);
}
