//! `GET /facebook/login`: which session counts, and where it leads.

use base64::Engine as _;
use e2e::browser::Accept;
use e2e::database::DatabaseFault;
use e2e::gateway::Request;
use e2e::world::{HTTP, World};
use sha2::{Digest as _, Sha256};

use crate::support::{assert_error, linked_shop, number, parameter, sessions, set_in_session, with_parameter};

const LOGIN: &str = "/facebook/login";

#[tokio::test]
async fn without_a_session_cookie_the_session_is_missing_and_nothing_is_read() {
    let world = World::start().await;
    world.database.reset_usage();
    assert_error(&world.browser().get(LOGIN).await, 400, "missing_session");
    assert_eq!(world.database.usage().total().calls, 0);
}

/// WSTG-SESS-01.
#[tokio::test]
async fn a_session_that_was_never_issued_or_is_in_no_form_of_ours_is_invalid() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let own = browser.cookie("session_id").unwrap();
    let unknown = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode([7; 32]);
    let cookies = [
        format!("session_id={unknown}"),
        "session_id=".to_owned(),
        "session_id=x".to_owned(),
        format!("session_id=\"{own}\""),
        format!("session_id={own}="),
        format!("session_id={}", own.to_lowercase()),
        format!("session_id={own}; session_id={own}"),
        format!("session_id={unknown}; session_id={own}"),
        format!("session_id={}", "A".repeat(4096)),
    ];
    for cookie in cookies {
        let page = world.browser().send(Request::get(LOGIN).with_header("cookie", &cookie)).await;
        assert_error(&page, 400, "invalid_session");
        assert!(page.set_cookies().is_empty(), "{cookie}: {:?}", page.set_cookies());
    }
    assert_eq!(sessions(&world).len(), 1);
}

#[tokio::test]
async fn a_session_counts_only_from_its_cookie() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let own = browser.cookie("session_id").unwrap();
    let stranger = world.browser();
    let query = stranger.get(&format!("{LOGIN}?session_id={own}&user_uuid={own}")).await;
    assert_error(&query, 400, "missing_session");
    for header in ["session_id", "x-session-id", "authorization", "set-cookie", "x-cookie"] {
        let request = Request::get(LOGIN).with_header(header, &format!("session_id={own}"));
        assert_error(&stranger.send(request).await, 400, "missing_session");
    }
    let body = Request::get(LOGIN).with_body("application/x-www-form-urlencoded", format!("session_id={own}"));
    assert_error(&stranger.send(body).await, 400, "missing_session");
}

#[tokio::test]
async fn a_session_ends_after_its_time_though_the_table_still_holds_it() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    set_in_session(&world, "expires_at", number(now - 1)).await;
    assert_error(&browser.get(LOGIN).await, 400, "invalid_session");
    set_in_session(&world, "expires_at", number(now + 60)).await;
    assert_eq!(browser.get(LOGIN).await.status(), 302);
}

#[tokio::test]
async fn the_shop_that_our_pages_send_must_be_the_sessions() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    for shop in ["acme.myshopify.com", "ACME.myshopify.com"] {
        assert_eq!(browser.get(&format!("{LOGIN}?shop={shop}")).await.status(), 302, "{shop}");
    }
    for shop in ["other.myshopify.com", "acme", "acme.myshopify.com.evil.example", "%3Cscript%3E"] {
        let page = browser.get(&format!("{LOGIN}?shop={shop}")).await;
        assert_error(&page, 400, "invalid_session");
        assert!(!page.text().contains("<script>"));
    }
    assert_error(&browser.get(&format!("{LOGIN}?shop=acme.myshopify.com&shop=acme.myshopify.com")).await, 400, "repeated_parameter");
}

#[tokio::test]
async fn the_way_on_from_an_ended_session_is_the_store_that_the_page_spoke_of() {
    let world = World::start().await;
    let browser = world.browser();
    let ended = browser.get(&format!("{LOGIN}?shop=acme.myshopify.com")).await;
    assert_error(&ended, 400, "missing_session");
    assert_eq!(ended.json()["next"], "/shopify/acme.myshopify.com/login");
    let page = world.browser().accepting(Accept::Html).get(&format!("{LOGIN}?shop=acme.myshopify.com")).await;
    assert!(page.text().contains("href=\"/shopify/acme.myshopify.com/login\""), "{}", page.text());
    for nonsense in ["//evil.example", "evil.example", "acme.myshopify.com/../x", "\"><b>"] {
        let page = world.browser().accepting(Accept::Html).get(&with_parameter(LOGIN, "shop", Some(nonsense))).await;
        assert_eq!(page.status(), 400);
        assert!(!page.text().contains("evil.example") && !page.text().contains("<b>"), "{}", page.text());
    }
}

/// WSTG-ATHZ-05.
#[tokio::test]
async fn the_dialog_is_opened_exactly_as_the_contract_says() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let page = browser.get(LOGIN).await;
    assert_eq!(page.status(), 302);
    let location = page.location().to_owned();
    let (address, query) = location.split_once('?').unwrap();
    assert_eq!(address, format!("{}/v26.0/dialog/oauth", world.facebook.url()));
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["client_id", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "scope", "state"]);
    let value = |name| parameter(&location, name).unwrap();
    assert_eq!(value("client_id"), world.setting("FACEBOOK_APP_ID"));
    assert_eq!(value("redirect_uri"), format!("{HTTP}/facebook/callback"));
    assert_eq!(value("response_type"), "code");
    assert_eq!(value("scope"), "pages_messaging,pages_show_list,pages_manage_metadata");
    assert_eq!((value("code_challenge_method").as_str(), value("code_challenge").len()), ("S256", 43));
    assert!(value("state").bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{}", value("state"));
    let again = browser.get(LOGIN).await.location().to_owned();
    assert_ne!(parameter(&again, "code_challenge").unwrap(), value("code_challenge"), "one verifier per flow");
    assert_ne!(parameter(&again, "state").unwrap(), value("state"));
}

/// RFC 9700 section 4.8.
#[tokio::test]
async fn the_verifier_that_is_sent_fits_the_challenge() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let login = browser.get(LOGIN).await;
    let challenge = parameter(login.location(), "code_challenge").unwrap();
    let callback = world.facebook.approve(login.location(), &e2e::facebook::Consent::of(&person));
    assert_eq!(browser.get(&callback).await.status(), 200);
    let exchange = &world.facebook.requests_of("code_exchange")[0];
    let verifier = exchange.field("code_verifier").unwrap();
    assert!((43..=128).contains(&verifier.len()), "RFC 7636, section 4.1");
    assert_eq!(base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)), challenge);
    assert!(!exchange.path_and_query.contains(&verifier) && !world.logs().contains(&verifier));
}

#[tokio::test]
async fn asking_again_is_sent_only_when_it_is_asked_for() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let auth_type = async |query: &str| parameter(browser.get(&format!("{LOGIN}{query}")).await.location(), "auth_type");
    assert_eq!(auth_type("?rerequest=1").await.as_deref(), Some("rerequest"));
    for query in ["", "?rerequest=0", "?rerequest=", "?rerequest=true", "?move="] {
        assert_eq!(auth_type(query).await, None, "{query}");
    }
}

/// RFC 9700 section 4.11.
#[tokio::test]
async fn no_parameter_changes_where_the_login_leads() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let hostile = "?redirect_uri=https%3A%2F%2Fevil.example&return_to=//evil.example&next=%2F%2Fevil.example&client_id=1&scope=email\
                   &response_type=token&state=x&code_challenge=x&host=evil.example&user_uuid=x";
    let request = Request::get(format!("{LOGIN}{hostile}"))
        .with_header("host", "evil.example")
        .with_header("x-forwarded-host", "evil.example")
        .with_header("x-forwarded-proto", "https");
    let page = browser.send(request).await;
    assert!(page.location().starts_with(&format!("{}/v26.0/dialog/oauth?", world.facebook.url())));
    assert!(!page.location().contains("evil"), "{}", page.location());
    assert_eq!(parameter(page.location(), "response_type").as_deref(), Some("code"));
    assert!(page.set_cookies().iter().all(|cookie| cookie.starts_with("browser_id=") && !cookie.contains("Secure")));
}

#[tokio::test]
async fn a_business_configuration_takes_the_place_of_the_scopes() {
    let world = World::builder()
        .setting("FACEBOOK_CONFIG_ID", "1234567890")
        .facebook_app(|app| app.config_id = Some("1234567890".to_owned()))
        .start()
        .await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let location = browser.get(LOGIN).await.location().to_owned();
    assert_eq!(parameter(&location, "config_id").as_deref(), Some("1234567890"));
    assert_eq!(parameter(&location, "override_default_response_type").as_deref(), Some("true"));
    assert_eq!(parameter(&location, "response_type").as_deref(), Some("code"));
    assert_eq!(parameter(&location, "scope"), None);
    assert!(parameter(&location, "code_challenge").is_some());
}

#[tokio::test]
async fn twenty_flows_may_begin_and_the_next_is_refused_without_a_write() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    for attempt in 1..=20 {
        assert_eq!(browser.get(LOGIN).await.status(), 302, "attempt {attempt}");
    }
    let before = sessions(&world);
    world.database.reset_usage();
    let refused = browser.get(LOGIN).await;
    assert_error(&refused, 429, "too_many_attempts");
    assert_eq!(refused.json()["next"], "/shopify/acme.myshopify.com/login");
    let usage = world.database.usage();
    assert_eq!((usage.calls("UpdateItem"), usage.total().calls), (1, 1), "one question, on a condition");
    assert_eq!(sessions(&world), before);
    // A new session from the store begins to count anew.
    linked_shop(&world, &browser, "acme").await;
    assert_eq!(browser.get(LOGIN).await.status(), 302);
}

#[tokio::test]
async fn a_start_is_one_call_that_counts_once_though_its_answer_is_lost() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    world.database.reset_usage();
    assert_eq!(browser.get(LOGIN).await.status(), 302);
    assert_eq!(world.database.usage().total().calls, 1);
    let attempts = || sessions(&world).into_values().next().unwrap()["attempts"]["N"].as_str().unwrap().to_owned();
    assert_eq!(attempts(), "1");
    world.database.fail_operation("UpdateItem", DatabaseFault::AnswerLost, 1);
    assert_eq!(browser.get(LOGIN).await.status(), 302);
    assert_eq!(attempts(), "2");
}

#[tokio::test]
async fn the_binding_cookie_is_kept_and_a_broken_one_replaced() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let before = browser.cookie("browser_id").unwrap();
    browser.get(LOGIN).await;
    assert_eq!(browser.cookie("browser_id").unwrap(), before, "two tabs of one browser share it");
    let session = browser.cookie("session_id").unwrap();
    for broken in ["browser_id=x".to_owned(), format!("browser_id={before}; browser_id={before}"), String::new()] {
        let cookies = format!("session_id={session}; {broken}");
        let page = browser.send(Request::get(LOGIN).with_header("cookie", cookies.trim_end_matches("; "))).await;
        assert_eq!(page.set_cookies().len(), 1);
        let set = &page.set_cookies()[0];
        assert!(set.starts_with("browser_id=") && !set.contains(&before), "{broken}: {set}");
        assert!(set.ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"), "{set}");
    }
}
