//! The cookie that binds a flow to its browser, and the one of the session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::browser::{Browser, Page};
use e2e::gateway::Request;
use e2e::world::World;

use crate::shopify::{SHOP, assert_linked};

/// Name and value of the only cookie that a reply sets, after its attributes were checked.
fn only_cookie(page: &Page, is_https: bool) -> (String, String) {
    let [cookie] = page.set_cookies() else { panic!("not one cookie: {:?}", page.set_cookies()) };
    let (pair, attributes) = cookie.split_once(';').unwrap();
    let mut attributes: Vec<&str> = attributes.split(';').map(str::trim).collect();
    attributes.sort_unstable();
    let mut expected = vec!["HttpOnly", "Max-Age=3600", "Path=/", "SameSite=Lax"];
    expected.extend(is_https.then_some("Secure"));
    assert_eq!(attributes, expected, "{cookie}");
    let (name, value) = pair.split_once('=').unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(value).unwrap_or_else(|_| panic!("{value}"));
    assert_eq!(bytes.len(), 32, "256 bits");
    (name.to_owned(), value.to_owned())
}

async fn login(browser: &Browser) -> Page {
    browser.get("/shopify/acme/login").await
}

async fn login_with(world: &World, cookies: &str) -> Page {
    world.browser().send(Request::get("/shopify/acme/login").with_header("cookie", cookies)).await
}

/// WSTG-SESS-02.
#[tokio::test]
async fn on_http_both_cookies_are_plain_and_hidden_from_scripts() {
    let world = World::start().await;
    let browser = world.browser();
    let begun = login(&browser).await;
    let (name, binding) = only_cookie(&begun, false);
    assert_eq!(name, "browser_id");
    let linked = browser.get(&world.shopify.approve(begun.location())).await;
    let (name, session) = only_cookie(&linked, false);
    assert_eq!(name, "session_id");
    assert_ne!(session, binding);
    // Success does not clear the binding.
    assert_eq!(browser.cookie("browser_id"), Some(binding));
}

/// WSTG-SESS-02.
#[tokio::test]
async fn on_https_both_cookies_have_the_host_prefix_and_are_secure() {
    let world = World::builder().https().start().await;
    let browser = world.browser();
    let begun = login(&browser).await;
    assert_eq!(only_cookie(&begun, true).0, "__Host-browser_id");
    let linked = browser.get(&world.shopify.approve(begun.location())).await;
    assert_eq!(only_cookie(&linked, true).0, "__Host-session_id");
    // The browser took them, so they keep the prefix's rules.
    assert!(browser.cookie("__Host-browser_id").is_some() && browser.cookie("__Host-session_id").is_some());
}

#[tokio::test]
async fn later_logins_reuse_the_browsers_cookie() {
    let world = World::start().await;
    let browser = world.browser();
    let (_, first) = only_cookie(&login(&browser).await, false);
    let (_, again) = only_cookie(&login(&browser).await, false);
    let (_, launched) = only_cookie(&browser.get(&world.shopify.launch_url(SHOP)).await, false);
    let (_, other_shop) = only_cookie(&browser.get("/shopify/other/login").await, false);
    assert_eq!([&again, &launched, &other_shop], [&first; 3]);
    let (_, elsewhere) = only_cookie(&login(&world.browser()).await, false);
    assert_ne!(elsewhere, first);
}

#[tokio::test]
async fn a_malformed_or_doubled_cookie_is_replaced() {
    let world = World::start().await;
    let (_, own) = only_cookie(&login(&world.browser()).await, false);
    let (_, twin) = only_cookie(&login(&world.browser()).await, false);
    let longer = format!("{own}A");
    // The last character of 43 has bits to spare: another spelling of the same bytes.
    let respelled = format!("{}{}", &own[..42], char::from(own.as_bytes()[42] + 1));
    let broken = [
        String::new(),
        "x".to_owned(),
        own[..42].to_owned(),
        longer,
        respelled,
        format!("{own}="),
        format!("\"{own}\""),
        format!("{own}; browser_id={twin}"),
        format!("{own}; browser_id={own}"),
        format!("{own}; browser_id=x"),
        "é".repeat(20),
        "A".repeat(5000),
    ];
    for value in broken {
        let (_, set) = only_cookie(&login_with(&world, &format!("browser_id={value}")).await, false);
        assert!(set != own && set != twin, "{value}");
    }
    let (_, kept) = only_cookie(&login_with(&world, &format!("a=b; browser_id={own}; c")).await, false);
    assert_eq!(kept, own);
}

#[tokio::test]
async fn on_https_a_twin_without_the_prefix_is_ignored() {
    let world = World::builder().https().start().await;
    let value = e2e::random::token();
    let twins = [format!("browser_id={value}"), format!("__host-browser_id={value}"), format!("__Secure-browser_id={value}")];
    for twin in twins {
        assert_ne!(only_cookie(&login_with(&world, &twin).await, true).1, value, "{twin}");
        let both = format!("{twin}; __Host-browser_id={}", e2e::random::token());
        assert_ne!(only_cookie(&login_with(&world, &both).await, true).1, value, "{twin}");
    }
}

#[tokio::test]
async fn a_planted_session_id_is_never_adopted() {
    let world = World::start().await;
    let browser = world.browser();
    let planted = e2e::random::token();
    browser.with_jar(|jar| jar.store("http://localhost:9000", "/", &format!("session_id={planted}; Path=/")));
    assert_linked(&world.link_shop(&browser, "acme").await);
    let set = browser.cookie("session_id").unwrap();
    assert_ne!(set, planted);
    let thief = world.browser();
    thief.with_jar(|jar| jar.store("http://localhost:9000", "/", &format!("session_id={planted}; Path=/")));
    super::assert_code(&thief.get("/facebook/login").await, 400, "invalid_session");
}

/// WSTG-SESS-01.
#[tokio::test]
async fn every_link_sets_a_fresh_session_and_no_login_sets_one() {
    let world = World::start().await;
    let browser = world.browser();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        assert!(!login(&browser).await.set_cookies().iter().any(|cookie| cookie.contains("session_id")));
        assert_linked(&world.link_shop(&browser, "acme").await);
        assert!(seen.insert(browser.cookie("session_id").unwrap()));
    }
}

/// WSTG-SESS-07.
#[tokio::test]
async fn a_session_ends_after_3600_seconds_however_long_the_table_keeps_it() {
    let world = World::start().await;
    let browser = world.browser();
    assert_linked(&world.link_shop(&browser, "acme").await);
    let sessions = world.database.scan("sessions");
    let session = sessions.iter().find(|item| item.text("pk").unwrap().starts_with("session#")).unwrap();
    let ends = super::number(session, "expires_at").unwrap();
    assert!((3590..=3600).contains(&(ends - super::now())), "{ends}");
    assert_eq!(browser.get("/facebook/login").await.status(), 302);

    super::uninstall::edit(&world, "sessions", session, "SET expires_at = :end", &[(":end", &(super::now() - 1).to_string())]).await;
    super::assert_code(&browser.get("/facebook/login").await, 400, "invalid_session");
}

#[tokio::test]
async fn two_tabs_can_each_end_their_own_flow() {
    let world = World::start().await;
    let browser = world.browser();
    let first = world.approve_shop(&browser, "acme").await;
    let second = world.approve_shop(&browser, "acme").await;
    let uuid = browser.get(&first).await.json()["user_uuid"].clone();
    assert_eq!(browser.get(&second).await.json()["user_uuid"], uuid);
    assert_eq!(browser.get("/facebook/login").await.status(), 302);
}
