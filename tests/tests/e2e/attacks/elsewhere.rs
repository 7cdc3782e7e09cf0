//! What another site begins in a merchant's browser, in a session that it swapped.

use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::gateway::Request;

use crate::attacks::{Scene, scene};
use crate::support::{assert_error, dump, holder, linked_pages, linked_shop, parameter};

/// What a browser says of a request that no page of ours began.
const ELSEWHERE: [&str; 6] = ["cross-site", "same-site", "none", "", "Same-Origin", "same-origin, cross-site"];

/// A request as a browser sends it that says where it was begun.
fn from(site: &str, url: &str) -> Request {
    Request::get(url).with_header("sec-fetch-site", site)
}

/// The victim, whose Pages are linked elsewhere, is staff of the attacker's store as well: the attacker's page had the victim's own browser take up a session of it.
async fn swapped() -> Scene {
    let Scene { world, attacker, victim } = scene().await;
    linked_pages(&world, &victim.browser, &Consent::of(&victim.person)).await;
    assert_eq!(linked_shop(&world, &victim.browser, "attacker").await, attacker.uuid);
    Scene { world, attacker, victim }
}

/// Forced linking by a swapped session, as in CVE-2015-9284: the other site's page opens the login, and Facebook sends the victim, who approved the app long ago, back at once.
#[tokio::test]
async fn another_site_starts_no_flow_in_a_session_that_it_swapped() {
    let Scene { world, attacker, victim } = swapped().await;
    let unlinked = world.facebook.add_page(&victim.person, "Not linked yet");
    let mover = world.move_login(&victim.browser, [&victim.page]).await;
    let token = parameter(&mover, "csrf_token").unwrap();
    let before = dump(&world);
    let requests = world.facebook.requests().len() + world.shopify.requests().len();
    let page = &victim.page;
    let logins = [
        "/facebook/login".to_owned(),
        "/facebook/login?shop=attacker.myshopify.com".to_owned(),
        "/facebook/login?move=1".to_owned(),
        format!("/facebook/login?move={page}"),
        // Not even with the token, wherever it leaked from.
        mover,
    ];
    for login in &logins {
        for site in ELSEWHERE {
            let refused = victim.browser.send(from(site, login)).await;
            assert_error(&refused, 403, "forbidden");
            let next = refused.json()["next"].as_str().unwrap().to_owned();
            assert!(next.starts_with("/facebook/login?shop=attacker.myshopify.com"), "{next}");
            let moving = login.contains("move=") && !login.ends_with("move=1");
            assert_eq!(parameter(&next, "move"), moving.then(|| page.clone()), "{next}");
            assert_eq!(parameter(&next, "csrf_token"), moving.then(|| token.clone()));
            let asked = victim.browser.send(from(site, login).with_header("accept", "text/html")).await;
            assert_eq!((asked.status(), asked.header("location")), (200, None), "{site}: {}", asked.text());
            assert!(asked.set_cookies().is_empty() && asked.text().contains("attacker.myshopify.com"), "{}", asked.text());
        }
    }
    assert_eq!(dump(&world), before);
    assert_eq!(world.facebook.requests().len() + world.shopify.requests().len(), requests);
    assert_eq!((holder(&world, &unlinked), holder(&world, &victim.page)), (None, Some(victim.uuid)));
    assert!(holder(&world, &attacker.page).is_none());
}

/// The page that asks is of the session's store, says what would begin, and has one link, made of what was understood alone.
#[tokio::test]
async fn whoever_comes_from_elsewhere_is_asked_in_the_name_of_the_sessions_store() {
    let Scene { world, victim, .. } = swapped().await;
    let hostile = "/facebook/login?shop=ATTACKER.myshopify.com&rerequest=1&redirect_uri=https://evil.example&state=x&csrf_token=guessed&next=//evil.example&scope=email";
    let asked = victim.browser.send(from("cross-site", hostile).with_header("accept", "text/html")).await;
    // Below it stands what is on every page.
    let main = asked.text().split("<main>").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
    let links: Vec<String> = main.split("href=\"").skip(1).map(|link| link.split('"').next().unwrap().replace("&#38;", "&")).collect();
    assert_eq!(links, ["/facebook/login?shop=attacker.myshopify.com&rerequest=1"]);
    assert!(!asked.text().contains("<form") && !asked.text().contains("evil") && !asked.text().contains("guessed"), "{}", asked.text());
    assert_eq!(victim.browser.send(from("same-origin", &links[0])).await.status(), 302);
    // The session comes first, as ever.
    let session = |cookie: &str| from("cross-site", "/facebook/login").with_header("cookie", cookie);
    assert_error(&world.browser().send(from("cross-site", "/facebook/login")).await, 400, "missing_session");
    assert_error(&victim.browser.send(session("__Host-session_id=x")).await, 400, "invalid_session");
    assert_error(&victim.browser.send(from("none", "/facebook/login?shop=victim.myshopify.com")).await, 400, "invalid_session");
}

/// Locking a merchant out of their own session.
#[tokio::test]
async fn what_another_site_opens_uses_up_no_try() {
    let Scene { world, victim, .. } = scene().await;
    for number in 0..25 {
        let login = if number % 2 == 0 { "/facebook/login".to_owned() } else { format!("/facebook/login?move={}", victim.page) };
        assert_error(&victim.browser.send(from("cross-site", &login)).await, 403, "forbidden");
        let asked = victim.browser.send(from("none", &login).with_header("accept", "text/html")).await;
        assert_eq!(asked.status(), 200);
    }
    for _ in 0..20 {
        assert_eq!(victim.browser.send(from("same-origin", "/facebook/login")).await.status(), 302);
    }
    assert_error(&victim.browser.send(from("same-origin", "/facebook/login")).await, 429, "too_many_attempts");
    assert_eq!(world.facebook.requests().len(), 0);
}

/// A move is a state change by link: the token of this very session, made for moving alone, has to come along.
#[tokio::test]
async fn nothing_moves_without_the_sessions_own_token_for_moving() {
    let Scene { world, attacker, victim } = scene().await;
    linked_pages(&world, &victim.browser, &Consent::of(&victim.person)).await;
    linked_shop(&world, &victim.browser, "attacker").await;
    let page = &victim.page;
    let foreign = parameter(&world.move_login(&attacker.browser, [page]).await, "csrf_token").unwrap();
    let of_list = victim.browser.get("/connections").await.json()["csrf_token"].as_str().unwrap().to_owned();
    let own = parameter(&world.move_login(&victim.browser, [page]).await, "csrf_token").unwrap();
    let before = dump(&world);
    for token in ["", "x", &foreign, &of_list, &own[1..], &format!("{own}="), &own.to_lowercase()] {
        for request in [
            Request::get(format!("/facebook/login?move={page}&csrf_token={token}")),
            from("same-origin", &format!("/facebook/login?move={page}&csrf_token={token}")),
        ] {
            let refused = victim.browser.send(request).await;
            assert_error(&refused, 403, "forbidden");
            assert_eq!(parameter(refused.json()["next"].as_str().unwrap(), "csrf_token").as_deref(), Some(own.as_str()));
        }
    }
    assert_eq!(dump(&world), before);
    // What a link may be seen with neither disconnects anything nor is it the list's.
    assert_ne!(own, of_list);
    let form = format!("csrf_token={own}&platform=shopify&account=attacker.myshopify.com");
    let post = Request::get("/connections/disconnect").with_method("POST").with_body("application/x-www-form-urlencoded", form);
    assert_error(&victim.browser.send(post).await, 403, "forbidden");
    // With a new session the old link moves nothing.
    linked_shop(&world, &victim.browser, "attacker").await;
    assert_error(&victim.browser.get(&format!("/facebook/login?move={page}&csrf_token={own}")).await, 403, "forbidden");
    assert_eq!(holder(&world, page), Some(victim.uuid));
}

/// What is no list of ids starts nothing, and links of a version that moved everything lead to a plain start.
#[tokio::test]
async fn a_move_names_thirty_ids_at_most_and_nothing_else() {
    let Scene { world, victim, .. } = scene().await;
    let many = vec!["7"; 31].join(",");
    for ids in ["x", "true", "7,", ",7", "7;8", "18446744073709551616", "000000000000000000007", "7%00", "%207", &many] {
        for site in ["same-origin", "cross-site"] {
            assert_error(&victim.browser.send(from(site, &format!("/facebook/login?move={ids}"))).await, 400, "malformed_parameter");
        }
    }
    let before = dump(&world);
    for request in [Request::get("/facebook/login?move=1"), from("same-origin", "/facebook/login?move=1&csrf_token=x")] {
        let refused = victim.browser.send(request.clone()).await;
        assert_error(&refused, 403, "forbidden");
        assert_eq!(refused.json()["next"], "/facebook/login?shop=victim.myshopify.com");
        let asked = victim.browser.send(request.with_header("accept", "text/html")).await;
        assert!(asked.status() == 200 && asked.text().contains("href=\"/facebook/login?shop=victim.myshopify.com\""), "{}", asked.text());
    }
    assert_eq!(dump(&world), before);
}

/// The page of a refused callback could start a flow in a swapped session without naming its store; it leads to the question instead.
#[tokio::test]
async fn a_broken_callback_leads_a_session_to_the_question_and_reads_nothing() {
    let Scene { world, victim, .. } = scene().await;
    world.database.reset_usage();
    let broken = victim.browser.get("/facebook/callback?code=x&state=x").await;
    assert_error(&broken, 400, "malformed_state");
    assert_eq!(world.database.usage().total().calls, 0);
    let next = broken.json()["next"].as_str().unwrap().to_owned();
    assert!(next.starts_with("/facebook/login?"), "{next}");
    let asked = victim.browser.send(from("same-origin", &next).with_header("accept", "text/html")).await;
    assert!(asked.status() == 200 && asked.text().contains("victim.myshopify.com"), "{}", asked.text());
    assert_eq!(world.browser().get("/facebook/callback?code=x&state=x").await.json()["next"], serde_json::Value::Null);
}

/// The tags of a page's ways that begin something at Facebook.
fn starts(html: &str) -> Vec<&str> {
    let tags = html.split("<a ").skip(1).filter_map(|link| link.split('>').next());
    tags.filter(|tag| tag.contains("href=\"/facebook/login")).collect()
}

/// Clickjacking by a double click: the first click opens one of our pages in place of the attacker's own, the second hits what stands there. WSTG-CLNT-09.
#[tokio::test]
async fn no_way_to_a_start_takes_a_pointer_at_first_wherever_another_site_leads() {
    let Scene { world, victim, .. } = swapped().await;
    let html = |site: &str, url: &str| from(site, url).with_header("accept", "text/html");
    let question = "/facebook/login?confirm=1";
    let mut pages = vec![
        victim.browser.send(html("cross-site", "/connections")).await.text(),
        victim.browser.send(html("cross-site", "/facebook/callback?code=x&state=x")).await.text(),
        victim.browser.send(html("cross-site", "/facebook/login")).await.text(),
        victim.browser.send(html("same-origin", question)).await.text(),
    ];
    let login = victim.browser.send(html("cross-site", "/shopify/attacker/login")).await;
    let callback = world.shopify.approve(login.location());
    let callback = &callback[callback.find("/shopify/callback").unwrap()..];
    pages.push(victim.browser.send(html("cross-site", callback)).await.text());
    for page in &pages {
        let starts = starts(page);
        assert!(!starts.is_empty() && starts.iter().all(|tag| tag.contains(" late\"")), "{starts:?} in {page}");
    }
}

/// "Try again" is begun on a page of ours, so it would start what another site opened.
#[tokio::test]
async fn a_login_that_failed_leads_to_the_question_and_not_to_itself() {
    let Scene { world, victim, .. } = scene().await;
    world.database.fail_operation("GetItem", DatabaseFault::InternalError, 100);
    let failed = victim.browser.send(from("cross-site", "/facebook/login").with_header("accept", "text/html")).await;
    world.database.clear_faults();
    assert_eq!(failed.status(), 503, "{}", failed.text());
    assert_eq!(starts(&failed.text()).len(), 1, "{}", failed.text());
    assert!(failed.text().contains("href=\"/facebook/login?confirm=1\"") && !failed.text().contains("href=\"\""), "{}", failed.text());
}
