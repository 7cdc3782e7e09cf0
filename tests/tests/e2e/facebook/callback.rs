//! `GET /facebook/callback` when Facebook does as it should: what is linked, and how it is told.

use e2e::browser::Accept;
use e2e::facebook::{Consent, Pages};
use e2e::world::{HTTP, World};
use serde_json::json;

use crate::support::{
    approved, connections, give_tasks, holder, ids, item, linked_pages, linked_shop, opened, page_of, page_token, person_with_page,
    sessions, warning, warnings,
};

#[tokio::test]
async fn all_pages_are_linked_under_the_stores_identity() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages: Vec<String> = ["One", "Two", "Three"].iter().map(|name| world.facebook.add_page(&person, name)).collect();
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let body = reply.json();
    assert_eq!((body["user_uuid"].as_str(), body["shop"].as_str()), (Some(uuid.as_str()), Some("acme.myshopify.com")));
    assert_eq!(body["pages"]["paging"], json!({}));
    assert_eq!(body["warnings"], json!([]));
    assert_eq!(ids(&reply), pages);
    assert_eq!(body["pages"]["data"][0]["name"], "One");
    for page in &pages {
        assert_eq!(holder(&world, page).as_deref(), Some(uuid.as_str()));
        let token = page_token(&world, &uuid, page);
        assert!(world.facebook.accepts(&token), "the Page's token works");
        assert!(!reply.text().contains(&token));
        let stored = page_of(&world, &uuid, page).unwrap();
        assert_eq!(stored.text("app_id"), Some(world.setting("FACEBOOK_APP_ID")));
        assert_eq!(stored.text("ttl"), None, "a link does not expire");
    }
    let grant = item(&world, &format!("uuid#{uuid}"), &format!("person#{person}")).unwrap();
    let user = opened(&world, &uuid, &person, "user_token", &grant);
    assert!(world.facebook.accepts(&user));
    let expires_at: i64 = grant.text("expires_at").unwrap().parse().unwrap();
    assert!((expires_at - world.facebook.now() - 5_183_944).abs() < 60, "the long-lived token's own end");
}

#[tokio::test]
async fn the_page_for_people_names_the_pages_and_the_store() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages: Vec<String> = ["Café Ünïcode 咖啡 🛍", "Second"].iter().map(|name| world.facebook.add_page(&person, name)).collect();
    let browser = world.browser().accepting(Accept::Html);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let reply = world.link_pages(&browser, &Consent::of(&person)).await;
    assert_eq!((reply.status(), reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let text = reply.text();
    for expected in ["Café Ünïcode 咖啡 🛍", "Second", "acme.myshopify.com"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(pages.iter().all(|page| holder(&world, page).is_some()));
    assert!(world.secrets().iter().all(|secret| !text.contains(secret)));
}

#[tokio::test]
async fn names_from_outside_never_become_markup() {
    let hostile = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'; DROP TABLE x; --",
        "</li></ul><form action=https://evil.example>",
        "&lt;b&gt;{{7*7}}",
        "a\u{202e}b\u{0}c\u{7}",
    ];
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    for name in hostile {
        world.facebook.add_page(&person, name);
    }
    world.facebook.add_page(&person, &"long ".repeat(2000));
    let browser = world.browser().accepting(Accept::Html);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let text = world.link_pages(&browser, &Consent::of(&person)).await.text();
    for markup in ["<script", "<img", "<form", "onerror=alert(1)>", "&lt;b", "\u{202e}", "\u{0}", "\u{7}"] {
        assert!(!text.contains(markup), "{markup}: {text}");
    }
    assert!(text.len() < 20_000, "a long name is cut");
    // In JSON the name stands as it is.
    let reply = linked_pages(&world, &again(&world).await, &Consent::of(&person)).await;
    assert_eq!(reply.json()["pages"]["data"][0]["name"], hostile[0]);
}

async fn again(world: &World) -> e2e::browser::Browser {
    let browser = world.browser();
    linked_shop(world, &browser, "acme").await;
    browser
}

#[tokio::test]
async fn pages_of_a_business_are_linked_though_the_list_leaves_them_out() {
    let world = World::start().await;
    let (person, listed) = person_with_page(&world.facebook);
    let owned = world.facebook.add_page(&person, "Of a portfolio");
    world.facebook.edit_page(&owned, |page| page.business_owned = true);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(ids(&reply), [listed, owned.clone()]);
    assert!(world.facebook.accepts(&page_token(&world, &uuid, &owned)));
    assert_eq!(world.facebook.requests_of("page").len(), 1, "only what the list left out is fetched by itself");
}

#[tokio::test]
async fn a_granted_page_that_can_not_be_read_or_answered_for_stands_in_the_warnings() {
    let world = World::start().await;
    let (person, good) = person_with_page(&world.facebook);
    let watched = world.facebook.add_page(&person, "Analyst only");
    give_tasks(&world.facebook, &watched, &person, &["ANALYZE"]);
    let gone = "100000000099999";
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let consent = Consent::of(&person).with_pages([good.as_str(), watched.as_str(), gone]);
    let reply = linked_pages(&world, &browser, &consent).await;
    assert_eq!(ids(&reply), [good]);
    assert_eq!(warnings(&reply), [warning("insufficient_tasks", &watched), warning("unreadable", gone)]);
    for page in [watched.as_str(), gone] {
        assert!(page_of(&world, &uuid, page).is_none() && holder(&world, page).is_none());
    }
}

#[tokio::test]
async fn a_grant_for_all_and_future_pages_links_those_there_are() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let consent = Consent { pages: Some(Pages::AllAndFuture), ..Consent::of(&person) };
    assert_eq!(ids(&linked_pages(&world, &browser, &consent).await), [page]);
}

#[tokio::test]
async fn a_system_users_token_is_kept_without_an_end_and_not_exchanged_again() {
    let world = World::builder()
        .setting("FACEBOOK_CONFIG_ID", "1234567890")
        .facebook_app(|app| app.config_id = Some("1234567890".to_owned()))
        .start()
        .await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&person)).await), std::slice::from_ref(&page));
    assert_eq!(world.facebook.requests_of("long_lived_exchange").len(), 0);
    let system_user = format!("9{person}");
    let grant = item(&world, &format!("uuid#{uuid}"), &format!("person#{system_user}")).unwrap();
    assert_eq!((grant.text("kind"), grant.text("expires_at"), grant.text("ttl")), (Some("SYSTEM_USER"), None, None));
    assert!(world.facebook.accepts(&opened(&world, &uuid, &system_user, "user_token", &grant)));
    assert!(world.facebook.accepts(&page_token(&world, &uuid, &page)));
}

/// WSTG-SESS-06.
#[tokio::test]
async fn success_ends_the_session_in_the_table_and_in_the_browser() {
    let world = World::start().await;
    let (person, _) = person_with_page(&world.facebook);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let stolen = browser.copied();
    let binding = browser.cookie("browser_id");
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(reply.set_cookies(), ["session_id=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]);
    assert_eq!((browser.cookie("session_id"), browser.cookie("browser_id")), (None, binding));
    assert!(sessions(&world).is_empty());
    let root = item(&world, &format!("uuid#{uuid}"), "store").unwrap();
    assert_eq!(root.attributes["sessions"], json!({ "M": {} }));
    crate::support::assert_error(&stolen.get("/facebook/login").await, 400, "invalid_session");
    crate::support::assert_error(&browser.get("/facebook/login").await, 400, "missing_session");
}

#[tokio::test]
async fn linking_again_is_idempotent_and_drops_no_page() {
    let world = World::start().await;
    let (person, first) = person_with_page(&world.facebook);
    let second = world.facebook.add_page(&person, "Second");
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    let kept = || connections(&world).into_keys().filter(|(_, _, sk)| !sk.starts_with("event#")).collect::<Vec<_>>();
    let before = kept();
    assert_eq!(linked_shop(&world, &browser, "acme").await, uuid);
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(before, kept(), "no item came or went");
    // Another person of the same store brings another Page; the first ones stay.
    let kim = world.facebook.add_person("Kim Roe");
    let third = world.facebook.add_page(&kim, "Third");
    linked_shop(&world, &browser, "acme").await;
    assert_eq!(ids(&linked_pages(&world, &browser, &Consent::of(&kim)).await), std::slice::from_ref(&third));
    for page in [first, second, third] {
        assert_eq!(holder(&world, &page).as_deref(), Some(uuid.as_str()));
        assert!(world.facebook.accepts(&page_token(&world, &uuid, &page)), "{page} still works");
    }
}

#[tokio::test]
async fn secrets_and_tokens_travel_in_bodies_and_headers() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Listed");
    let owned = world.facebook.add_page(&person, "Of a portfolio");
    world.facebook.edit_page(&owned, |page| page.business_owned = true);
    world.facebook.set_largest_page(1);
    world.facebook.add_page(&person, "On the list's second page");
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let callback = approved(&world, &browser, "/facebook/login", &Consent::of(&person)).await;
    assert_eq!(browser.get(&callback).await.status(), 200);
    let secrets: Vec<String> = world.secrets();
    let mut tokens_in_urls = 0;
    for request in world.facebook.requests().iter().chain(&world.shopify.requests()) {
        let url = &request.path_and_query;
        let found = secrets.iter().filter(|secret| url.contains(*secret)).count();
        assert!(found <= usize::from(request.call == "debug_token"), "{}: {url}", request.call);
        tokens_in_urls += found;
        let with_token = ["accounts", "page", "debug_token", "subscribe", "subscribed_apps", "app_subscriptions", "thread_routing"];
        if with_token.contains(&request.call) {
            assert!(request.header("authorization").is_some_and(|value| value.starts_with("Bearer ")), "{}", request.call);
            assert!(request.field("appsecret_proof").is_some() && request.field("access_token").is_none(), "{}", request.call);
        }
        if request.call.ends_with("_exchange") {
            assert_eq!((request.method.as_str(), url.contains('?')), ("POST", false), "{url}");
        }
    }
    assert_eq!(tokens_in_urls, 1, "debug_token takes its token in no other way");
    let exchange = &world.facebook.requests_of("code_exchange")[0];
    assert_eq!(exchange.field("redirect_uri").unwrap(), format!("{HTTP}/facebook/callback"));
}
