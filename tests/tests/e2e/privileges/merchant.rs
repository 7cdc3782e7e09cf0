//! What merchants bring about.

use e2e::browser::Browser;
use e2e::facebook::{Consent, WhatsAppConsent};
use e2e::faults::{Fault, Times};
use e2e::gateway::Request;

use crate::privileges::{ACME, Play};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_link_takes_is_allowed_and_no_more() {
    let play = Play::begin().await;
    let world = &play.world;
    let (browser, other) = (world.browser(), world.browser());
    let person = world.facebook.add_person("Jo Doe");
    // More than one transaction holds.
    let pages: Vec<String> = (0..35).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();
    world.facebook.link_instagram(&pages[0], "acme.mugs");
    // A new store, the same once more, and another.
    for (browser, shop) in [(&browser, "acme"), (&browser, "acme"), (&other, "other")] {
        let linked = world.link_shop(browser, shop).await;
        assert_eq!(linked.status(), 200, "{}", linked.text());
    }
    // Pages that are new, and Pages that move.
    for (browser, login) in [(&other, "/facebook/login".to_owned()), (&browser, world.move_login(&browser, &pages[..30]).await)] {
        let dialog = browser.get(&login).await;
        assert_eq!(browser.get(&world.facebook.decline(dialog.location())).await.status(), 403);
        let dialog = browser.get(&login).await;
        let callback = world.facebook.approve(dialog.location(), &Consent::of(&person).with_pages(&pages));
        let linked = browser.get(&callback).await;
        assert_eq!(linked.status(), 200, "{}", linked.text());
    }
    // Another Instagram account in the place of the first.
    world.facebook.link_instagram(&pages[0], "acme.cups");
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person).with_pages(&pages)).await.status(), 200);
    // A link that fails, then one of a domain that changed hands: the former owner's Pages and sessions are erased.
    let callback = world.approve_shop(&browser, "acme").await;
    world.shopify.switch_on("token", Fault::ServerError500, Times::Once);
    assert_eq!(browser.get(&callback).await.status(), 502);
    world.shopify.edit_shop(ACME, |shop| shop.id += 1);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    for function in ["shopify-login", "shopify-callback", "facebook-login", "facebook-callback"] {
        play.needed_all_that_is_allowed(function);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_link_of_numbers_takes_is_allowed_and_no_more() {
    let play = Play::with_whatsapp().await;
    let world = &play.world;
    let (browser, other) = (world.browser(), world.browser());
    let person = world.facebook.add_person("Jo Doe");
    let business = world.facebook.add_business(&person, "Acme Inc.");
    let account = world.facebook.add_account(&business, "Acme");
    // More than one transaction holds.
    let numbers: Vec<String> = (0..30).map(|number| world.facebook.add_number(&account, &format!("+1 631-555-{number:04}"))).collect();
    let consent = WhatsAppConsent::of(&business);
    for (browser, shop) in [(&browser, "acme"), (&other, "other")] {
        assert_eq!(world.link_shop(browser, shop).await.status(), 200);
    }
    let dialog = browser.get("/whatsapp/login").await;
    assert_eq!(browser.get(&world.facebook.decline(dialog.location())).await.status(), 403);
    let linked = world.link_numbers(&browser, &consent).await;
    assert_eq!(linked.status(), 200, "{}", linked.text());
    // Numbers that are held elsewhere, and then move.
    assert_eq!(world.link_numbers(&other, &consent).await.status(), 409);
    let asked = other.get(&format!("/whatsapp/login?move={}", numbers.join(","))).await;
    let dialog = other.get(asked.json()["next"].as_str().unwrap()).await;
    let moved = other.get(&world.facebook.approve_whatsapp(dialog.location(), &consent)).await;
    assert_eq!(moved.status(), 200, "{}", moved.text());
    // A number that belongs to another account by now.
    let outlet = world.facebook.add_account(&business, "Outlet");
    world.facebook.edit_number(&numbers[0], |number| number.account.clone_from(&outlet));
    // The last thing that was open: the session ends.
    let page = world.facebook.add_page(&person, "Acme Store");
    assert_eq!(world.link_pages(&other, &Consent::of(&person)).await.status(), 200);
    assert!(world.owner(&format!("page#{page}")).is_some());
    assert_eq!(world.link_shop(&other, "other").await.status(), 200);
    assert_eq!(world.link_numbers(&other, &consent).await.status(), 200);
    assert!(other.cookie("session_id").is_none());
    for function in ["whatsapp-login", "whatsapp-callback"] {
        play.needed_all_that_is_allowed(function);
    }
}

/// Sends the form of the list.
async fn disconnects(browser: &Browser, platform: &str, account: &str, uninstall: bool) {
    let list = browser.get("/connections").await.json();
    let token = list["csrf_token"].as_str().unwrap_or_else(|| panic!("no form: {list}"));
    let fields = [("csrf_token", token), ("platform", platform), ("account", account)];
    let fields = fields.into_iter().chain(uninstall.then_some(("uninstall", "1")));
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let form = Request::get("/connections/disconnect").with_method("POST").with_body("application/x-www-form-urlencoded", body);
    let answer = browser.send(form).await;
    assert_eq!(answer.status(), 303, "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_list_of_connections_takes_is_allowed_and_no_more() {
    let play = Play::begin().await;
    let world = &play.world;
    let linked = play.link("acme").await;
    // Two sessions of the store; one of them acts, the other ends with the store.
    let (browser, other) = (world.browser(), world.browser());
    for browser in [&browser, &other] {
        assert_eq!(world.link_shop(browser, "acme").await.status(), 200);
    }
    disconnects(&browser, "facebook", &linked.page, false).await;
    assert!(world.owner(&format!("page#{}", linked.page)).is_none());
    assert_eq!(world.facebook.requests_of("permissions").iter().filter(|request| request.method == "DELETE").count(), 1);
    // Its token has ended and is renewed for the sake of uninstalling.
    world.expire_access_token(ACME).await;
    disconnects(&browser, "shopify", ACME, true).await;
    assert_eq!(world.shopify.requests_of("refresh").len(), 1);
    assert_eq!(other.get("/connections").await.status(), 400);
    play.needed_all_that_is_allowed("connections");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_logins_writes_nothing() {
    let play = Play::begin().await;
    let world = &play.world;
    let browser = world.browser();
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let sessions = world.database.scan("sessions");
    let session = sessions.iter().find_map(|item| item.text("pk").filter(|pk| pk.starts_with("session#"))).expect("a session");
    world.set_number(session, "", "expires_at", 1).await;
    let before = world.database.scan("sessions");
    world.database.reset_usage();
    for number in 0..20 {
        assert_eq!(world.browser().get(&format!("/shopify/flood-{number}/login")).await.status(), 302);
        // Without a session, with one that nobody was given, and with one that is over.
        let unknown = Request::get("/facebook/login").with_header("cookie", &format!("session_id={number:0>42}A"));
        for refused in
            [world.browser().get("/facebook/login").await, world.browser().send(unknown).await, browser.get("/facebook/login").await]
        {
            assert_eq!(refused.status(), 400, "{}", refused.text());
        }
    }
    let usage = world.database.usage();
    assert!(usage.total().write == 0.0 && usage.total().calls == usage.calls("UpdateItem"), "{usage:?}");
    assert_eq!(usage.total().calls, 40, "one refused write for each session that was presented");
    assert_eq!(world.database.scan("sessions"), before);
}
