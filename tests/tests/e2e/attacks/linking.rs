//! One person's consent must never end up under another's identity, in either direction.

use e2e::browser::Browser;
use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::gateway::Request;
use e2e::world::World;

use crate::support::{
    Dump, approved, assert_error, connections, dump, holder, linked_pages, linked_shop, parameter, sessions, with_parameter,
};

/// An attacker and a victim with a store, a person and a Page each, on https.
struct Scene {
    world: World,
    attacker: Side,
    victim: Side,
}

struct Side {
    browser: Browser,
    uuid: String,
    person: String,
    page: String,
}

async fn side(world: &World, shop: &str) -> Side {
    let person = world.facebook.add_person(shop);
    let page = world.facebook.add_page(&person, shop);
    let browser = world.browser();
    let uuid = linked_shop(world, &browser, shop).await;
    Side { browser, uuid, person, page }
}

async fn scene() -> Scene {
    let world = World::builder().https().start().await;
    let (attacker, victim) = (side(&world, "attacker").await, side(&world, "victim").await);
    Scene { world, attacker, victim }
}

impl Side {
    async fn callback(&self, world: &World) -> String {
        world.approve_pages(&self.browser, &Consent::of(&self.person)).await
    }
}

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
    crate::support::give_tasks(&world.facebook, &victim.page, &attacker.person, &["MESSAGING", "MODERATE"]);
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
