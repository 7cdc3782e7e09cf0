//! Whether messages of a linked Page arrive: its subscription, the app's, and what is told about both.

use std::time::{Duration, Instant};

use e2e::browser::{Accept, Browser};
use e2e::facebook::{ALL_TASKS, Consent, Quirk};
use e2e::faults::{Fault, Times};
use e2e::gate::{Gate, until};
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{
    approved, case, give_tasks, holder, ids, linked_pages, linked_shop, page_of, page_token, person_with_page, raise_generation, warning,
    warnings,
};

const DEFAULT: [&str; 5] = ["messages", "messaging_postbacks", "messaging_optins", "messaging_referrals", "message_echoes"];
const LOST: &str = "not_receiving_messages";

/// What is stored about a Page's messages: ready, and why not.
fn stored(world: &World, uuid: &str, page: &str) -> (Option<bool>, Option<String>) {
    let page = page_of(world, uuid, page).expect("the Page is there");
    (page.attributes.get("messaging_ready").and_then(|ready| ready["BOOL"].as_bool()), page.text("messaging_reason").map(str::to_owned))
}

fn because(reason: &str) -> (Option<bool>, Option<String>) {
    (Some(false), Some(reason.to_owned()))
}

const READY: (Option<bool>, Option<String>) = (Some(true), None);

/// What the reply tells about the messages of its Pages, in its order.
fn told(reply: &Value) -> Vec<(Option<bool>, Option<&str>)> {
    let pages = reply["pages"]["data"].as_array().expect("Pages");
    pages.iter().map(|page| (page["messaging_ready"].as_bool(), page["messaging_reason"].as_str())).collect()
}

/// A browser with a session of `acme`, its UUID, and a person with so many Pages.
async fn merchant(world: &World, count: usize) -> (Browser, String, String, Vec<String>) {
    let person = world.facebook.add_person("Jo Doe");
    let pages = (0..count).map(|number| world.facebook.add_page(&person, &format!("Page {number}"))).collect();
    let browser = world.browser();
    let uuid = linked_shop(world, &browser, "acme").await;
    (browser, uuid, person, pages)
}

#[tokio::test]
async fn linked_pages_are_subscribed_with_their_own_tokens_and_the_subscription_is_read_back() {
    let world = World::start().await;
    let (browser, uuid, person, pages) = merchant(&world, 3).await;
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!((told(&reply.json()), warnings(&reply)), (vec![(Some(true), None); 3], vec![]));
    for call in ["subscribe", "subscribed_apps"] {
        let requests = world.facebook.requests_of(call);
        assert_eq!(requests.len(), 3, "{call}");
        for page in &pages {
            let token = page_token(&world, &uuid, page);
            let of_page = requests.iter().filter(|request| request.path().contains(&format!("/{page}/"))).collect::<Vec<_>>();
            assert_eq!(of_page.len(), 1, "{call} {page}");
            assert_eq!(of_page[0].header("authorization"), Some(format!("Bearer {token}").as_str()));
            assert!(of_page[0].path_and_query.contains("appsecret_proof=") && of_page[0].path_and_query.contains("appsecret_time="));
            assert!(!of_page[0].path_and_query.contains(&token) && !of_page[0].path_and_query.contains("subscribed_fields"));
        }
    }
    assert_eq!(world.facebook.requests_of("app_subscriptions").len(), 1, "once for all Pages");
    for page in &pages {
        assert_eq!(world.facebook.subscribed_fields(page), DEFAULT);
        assert_eq!(stored(&world, &uuid, page), READY);
        assert_eq!(page_of(&world, &uuid, page).unwrap().text("version"), Some("1"), "a note is no new version");
    }
}

#[tokio::test]
async fn the_fields_are_those_that_are_configured() {
    let world = World::builder().env("FACEBOOK_SUBSCRIBED_FIELDS", "messages,feed").start().await;
    let (browser, uuid, person, pages) = merchant(&world, 1).await;
    // Nobody answers to buttons here, and what the app hears beside messages is not needed for them.
    world.facebook.set_app_fields(Some(&["messages"]));
    assert_eq!(warnings(&linked_pages(&world, &browser, &Consent::of(&person)).await), []);
    assert_eq!(world.facebook.subscribed_fields(&pages[0]), ["messages", "feed"]);
    assert_eq!(stored(&world, &uuid, &pages[0]), READY);
    let logs = world.logs();
    assert!(logs.contains("app not subscribed") && logs.contains(r#""missing":"feed""#), "{logs}");
}

#[tokio::test]
async fn an_app_that_does_not_listen_is_told_and_the_link_stands() {
    let world = World::start().await;
    let (_, uuid, person, pages) = merchant(&world, 2).await;
    for fields in [None, Some([].as_slice()), Some(&["feed", "messaging_postbacks"]), Some(&["messages"])] {
        world.facebook.set_app_fields(fields);
        let browser = world.browser();
        linked_shop(&world, &browser, "acme").await;
        let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
        case(fields);
        assert_eq!((ids(&reply), told(&reply.json())), (pages.clone(), vec![(Some(false), Some("app_not_subscribed")); 2]));
        assert_eq!(warnings(&reply), [warning(LOST, &pages[0]), warning(LOST, &pages[1])]);
        assert!(reply.json()["warnings"][0]["detail"].as_str().unwrap().contains("the app itself does not listen"));
        assert_eq!(stored(&world, &uuid, &pages[0]), because("app_not_subscribed"));
        assert_eq!(world.facebook.subscribed_fields(&pages[0]), DEFAULT, "the Page's part is done");
    }
    world.facebook.set_app_fields(Some(&DEFAULT));
    let browser = world.browser().accepting(Accept::Html);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let page = world.link_pages(&browser, &Consent::of(&person)).await.text();
    assert!(page.contains("connected") && !page.contains("does not listen") && !page.contains("reach the assistant"), "{page}");
    assert_eq!(stored(&world, &uuid, &pages[0]), READY, "a later link sets it right");
}

#[tokio::test]
async fn one_pages_trouble_is_its_own_and_stands_beside_its_name() {
    let world = World::start().await;
    let (browser, uuid, person, pages) = merchant(&world, 3).await;
    world.facebook.set_quirks([Quirk::SubscriptionNotKept(pages[0].clone())]);
    give_tasks(&world.facebook, &pages[1], &person, &["MESSAGING", "ANALYZE"]);
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    let expected = [(Some(false), Some("page_not_subscribed")), (Some(false), Some("missing_task")), (Some(true), None)];
    assert_eq!((ids(&reply), told(&reply.json())), (pages.clone(), expected.to_vec()));
    assert_eq!(warnings(&reply), [warning(LOST, &pages[0]), warning(LOST, &pages[1])]);
    let found: Vec<_> = pages.iter().map(|page| stored(&world, &uuid, page)).collect();
    assert_eq!(found, [because("page_not_subscribed"), because("missing_task"), READY]);
    let browser = world.browser().accepting(Accept::Html);
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let page = world.link_pages(&browser, &Consent::of(&person)).await.text();
    for words in ["Facebook did not keep the subscription", "manage, moderate or post on it"] {
        assert_eq!(page.matches(words).count(), 1, "{words}: {page}");
    }
}

#[tokio::test]
async fn a_call_for_one_page_that_fails_leaves_the_link_and_the_other_pages_alone() {
    let world = World::start().await;
    let (_, uuid, person, pages) = merchant(&world, 2).await;
    let graph =
        |code: u32, status| Fault::json(status, &json!({"error": {"message": "x", "code": code, "fbtrace_id": "AtraceOfMessages"}}));
    let cases = [
        ("reset", Fault::Reset, "not_checked"),
        ("lost reply", Fault::LostReply, "not_checked"),
        ("500", Fault::ServerError500, "not_checked"),
        ("HTML", Fault::HtmlBody, "not_checked"),
        ("redirect", Fault::Redirect, "not_checked"),
        ("10 MB", Fault::HugeBody, "not_checked"),
        ("wrong types", Fault::WrongTypes, "not_checked"),
        ("one Page throttled", graph(32, 400), "rate_limited"),
        ("dead", graph(190, 400), "token_refused"),
        ("no permission", graph(200, 403), "missing_permission"),
        ("fields", graph(100, 400), "misconfigured"),
        ("an error with 200", graph(190, 200), "token_refused"),
    ];
    for call in ["subscribe", "subscribed_apps"] {
        for (name, fault, reason) in &cases {
            // What a POST answers beside an error is not looked at: what counts is read back.
            if call == "subscribe" && matches!(fault, Fault::HtmlBody | Fault::WrongTypes) {
                continue;
            }
            let browser = world.browser();
            linked_shop(&world, &browser, "acme").await;
            world.facebook.switch_on(call, fault.clone(), Times::Once);
            let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
            case((call, name));
            assert_eq!(ids(&reply), pages);
            // A read is asked for again; a subscription is left to the keeper.
            if call == "subscribed_apps" && *reason == "not_checked" && !matches!(fault, Fault::WrongTypes) {
                assert_eq!((warnings(&reply), stored(&world, &uuid, &pages[0])), (vec![], READY));
                continue;
            }
            let states: Vec<_> = pages.iter().map(|page| stored(&world, &uuid, page)).collect();
            assert_eq!(states.iter().filter(|state| **state == because(reason)).count(), 1, "{states:?}");
            assert_eq!(states.iter().filter(|state| **state == READY).count(), 1, "{states:?}");
            assert_eq!(warnings(&reply).iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), [LOST]);
            assert_eq!(world.facebook.requests_of("redirected").len(), 0);
        }
    }
    assert!(world.logs().contains("AtraceOfMessages"), "Facebook's trace is in the log");
}

#[tokio::test]
async fn a_subscription_that_can_not_be_read_back_is_asked_for_three_times_and_then_told() {
    let world = World::start().await;
    let (browser, uuid, person, pages) = merchant(&world, 1).await;
    world.facebook.switch_on("subscribed_apps", Fault::ServerError500, Times::UntilCleared);
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(warnings(&reply), [warning(LOST, &pages[0])]);
    assert_eq!(stored(&world, &uuid, &pages[0]), because("not_checked"));
    assert_eq!((world.facebook.requests_of("subscribe").len(), world.facebook.requests_of("subscribed_apps").len()), (1, 3));
}

#[tokio::test]
async fn when_facebook_does_not_tell_what_the_app_hears_nothing_is_promised() {
    let world = World::start().await;
    let (_, uuid, person, pages) = merchant(&world, 1).await;
    for fault in [Fault::ServerError500, Fault::HtmlBody, Fault::WrongTypes, Fault::TruncatedJson] {
        let browser = world.browser();
        linked_shop(&world, &browser, "acme").await;
        world.facebook.switch_on("app_subscriptions", fault, Times::UntilCleared);
        let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
        world.facebook.clear_faults();
        assert_eq!(warnings(&reply), [warning(LOST, &pages[0])]);
        assert_eq!(stored(&world, &uuid, &pages[0]), because("not_checked"));
    }
}

#[tokio::test]
async fn subscriptions_that_hang_end_in_time() {
    let world = World::start().await;
    let (browser, uuid, person, pages) = merchant(&world, 40).await;
    world.facebook.switch_on("subscribe", Fault::Hang, Times::UntilCleared);
    let started = Instant::now();
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    assert_eq!((ids(&reply).len(), warnings(&reply).len()), (40, 40));
    assert_eq!(stored(&world, &uuid, &pages[39]), because("not_checked"));
    assert_eq!(browser.cookie("session_id"), None, "the link stands");
}

#[tokio::test]
async fn a_page_that_keeps_its_grant_is_looked_at_and_not_written() {
    let world = World::start().await;
    let (browser, uuid, person, pages) = merchant(&world, 1).await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    let before = page_of(&world, &uuid, &pages[0]);
    let kim = world.facebook.add_person("Kim Roe");
    give_tasks(&world.facebook, &pages[0], &kim, &["MESSAGING"]);
    linked_shop(&world, &browser, "acme").await;
    world.facebook.clear_requests();
    let reply = linked_pages(&world, &browser, &Consent::of(&kim)).await;
    assert_eq!((told(&reply.json()), warnings(&reply)), (vec![(Some(true), None)], vec![warning("kept_existing", &pages[0])]));
    assert_eq!(world.facebook.requests_of("subscribe").len(), 0);
    assert_eq!(page_of(&world, &uuid, &pages[0]), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_anything_is_known_the_link_stands_and_promises_nothing() {
    let world = World::start().await;
    let (browser, uuid, person, pages) = merchant(&world, 1).await;
    let callback = approved(&world, &browser, "/facebook/login", &Consent::of(&person)).await;
    world.facebook.switch_on("subscribe", Fault::Hang, Times::Once);
    let kill = async {
        until("the subscription is on its way", || !world.facebook.requests_of("subscribe").is_empty()).await;
        world.function("facebook-callback").kill().await;
    };
    tokio::join!(browser.get(&callback), kill);
    world.function("facebook-callback").scale(1).await;
    assert_eq!((holder(&world, &pages[0]), stored(&world, &uuid, &pages[0])), (Some(uuid.clone()), because("not_checked")));
    let again = browser.get(&callback).await;
    assert_eq!(again.code().as_deref(), Some("used_state"));
    assert!(again.text().contains("connected already"), "{}", again.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_out_is_not_noted_of_a_page_that_moved_meanwhile() {
    let world = World::builder().instances("facebook-callback", 2).start().await;
    let (person, page) = person_with_page(&world.facebook);
    let other_page = world.facebook.add_page(&person, "Stays");
    let kim = world.facebook.add_person("Kim Roe");
    give_tasks(&world.facebook, &page, &kim, ALL_TASKS);
    let (one, two) = (world.browser(), world.browser());
    let (former, holder_now) = (linked_shop(&world, &one, "acme").await, linked_shop(&world, &two, "other").await);
    let first = approved(&world, &one, "/facebook/login", &Consent::of(&person)).await;
    let second = approved(&world, &two, &world.move_login(&two, [&page]).await, &Consent::of(&kim)).await;
    let gate = Gate::closed();
    world.facebook.switch_on("subscribed_apps", gate.fault(), Times::Once);
    let moving = async {
        gate.reached(1).await;
        let reply = two.get(&second).await;
        gate.open();
        reply
    };
    let (linked, moved) = tokio::join!(one.get(&first), moving);
    assert_eq!((linked.status(), moved.status()), (200, 200), "{} {}", linked.text(), moved.text());
    let left = page_of(&world, &former, &page).unwrap();
    assert_eq!(left.text("status"), Some("moved"));
    assert!(!left.contains("messaging"), "{left:?}");
    assert_eq!(stored(&world, &holder_now, &page), READY);
    assert_eq!(stored(&world, &former, &other_page), READY, "of the other Page it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_noted_once_the_identity_has_ended() {
    let world = World::start().await;
    let (browser, uuid, person, pages) = merchant(&world, 1).await;
    let callback = approved(&world, &browser, "/facebook/login", &Consent::of(&person)).await;
    let gate = Gate::closed();
    world.facebook.switch_on("subscribed_apps", gate.fault(), Times::Once);
    let ending = async {
        gate.reached(1).await;
        raise_generation(&world, &uuid).await;
        gate.open();
    };
    let (reply, ()) = tokio::join!(browser.get(&callback), ending);
    assert_eq!(reply.status(), 200, "{}", reply.text());
    assert_eq!(stored(&world, &uuid, &pages[0]), because("not_checked"));
    assert!(world.logs().contains("messaging not noted"));
}

#[tokio::test]
async fn two_hundred_and_fifty_pages_are_linked_and_heard_well_inside_the_apis_limit() {
    let world = World::start().await;
    let (browser, uuid, person, pages) = merchant(&world, 250).await;
    // Some of them have to be fetched one by one.
    for page in pages.iter().take(20) {
        world.facebook.edit_page(page, |page| page.business_owned = true);
    }
    let callback = approved(&world, &browser, "/facebook/login", &Consent::of(&person)).await;
    world.facebook.set_delay(Duration::from_millis(100));
    let started = Instant::now();
    let reply = browser.get(&callback).await;
    let elapsed = started.elapsed();
    assert_eq!((reply.status(), ids(&reply).len(), warnings(&reply)), (200, 250, vec![]), "{}", reply.text());
    assert!(elapsed < Duration::from_secs(15), "{elapsed:?}");
    for page in &pages {
        assert_eq!((holder(&world, page).as_ref(), stored(&world, &uuid, page)), (Some(&uuid), READY));
        assert_eq!(world.facebook.subscribed_fields(page), DEFAULT);
    }
}

#[tokio::test]
async fn a_system_users_pages_are_heard_as_a_persons_are() {
    let world = World::builder()
        .setting("FACEBOOK_CONFIG_ID", "1234567890")
        .facebook_app(|app| app.config_id = Some("1234567890".to_owned()))
        .start()
        .await;
    let (browser, uuid, person, pages) = merchant(&world, 2).await;
    assert_eq!(warnings(&linked_pages(&world, &browser, &Consent::of(&person)).await), []);
    for page in &pages {
        assert_eq!((stored(&world, &uuid, page), world.facebook.subscribed_fields(page).len()), (READY, DEFAULT.len()));
        let stored = page_of(&world, &uuid, page).unwrap();
        assert_eq!(stored.text("granted_by"), Some(format!("9{person}").as_str()));
    }
}
